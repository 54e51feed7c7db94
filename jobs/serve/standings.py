"""What the assistant may do in each group, as whichever process heard it last wrote it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.people import NOBODY
from core.ports import RecordAt, Store
from workflows.presence import STANDINGS, Standing, Standings


def standings(store: Store, groups: Sequence[str]) -> Mapping[tuple[str, str], Standing]:
    """The standings that are known in those groups, by group and platform. Raises StoreBusy, StoreUnavailable."""
    wanted = [(RecordAt(group, NOBODY, STANDINGS.name), STANDINGS) for group in groups]
    with store.unit() as unit:
        found = unit.records(wanted)
    return {
        (at.group, platform): standing
        for at, kept in found.items()
        if isinstance(kept, Standings)
        for platform, standing in kept.on.items()
        if standing.abilities or not standing.present
    }

"""What the assistant may do in each group, as whichever process heard it last wrote it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.people import NOBODY
from core.ports import RecordAt, Store
from jobs.serve.roster import TELEGRAM
from workflows.presence import STANDINGS, Standing, Standings


def standings(store: Store, groups: Sequence[str]) -> Mapping[str, Standing]:
    """The standing of the Telegram bot in those groups where it is known. Raises StoreBusy, StoreUnavailable."""
    wanted = [(RecordAt(group, NOBODY, STANDINGS.name), STANDINGS) for group in groups]
    with store.unit() as unit:
        found = unit.records(wanted)
    known = {at.group: kept.on.get(TELEGRAM) for at, kept in found.items() if isinstance(kept, Standings)}
    return {
        group: standing
        for group, standing in known.items()
        if standing and (standing.abilities or not standing.present)
    }

"""What admins were told that rules did and that was not done: put right once a while, with how many. No I/O."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from core.people import Account

EVERY: Final = timedelta(hours=1)
"""How often at most the admins of a group are told that what rules do is not carried out, for one reason."""


Why = Literal["lacking", "plain", "refused", "late"]
"""Why a sanction was not carried out: a right is missing, basic groups know none, it was refused, its time is over."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What the admins were told that a rule did, and that was not done: who it is about, what, and why not."""

    member: Account
    what: str
    why: Why
    right: str = ""


@dataclass(slots=True)
class _Since:
    """What was not done since the admins were told `at`, as `by` was settled."""

    at: datetime
    by: str
    count: int
    missed: set[str] = field(default_factory=set)


class Corrections:
    """Counts, by group and reason, what was not carried out. A count lives as long as the courier that keeps it."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, Hashable], _Since] = {}

    def due(self, parcel: str, group: str, why: Hashable, now: datetime) -> int | None:
        """How many parcels, this one included, the admins are to be told of now; None if they were told lately.

        Asked again of the same parcel, it answers the same.
        """
        since = self._since.get((group, why))
        if since is not None and since.by == parcel:
            return since.count
        if since is not None and now - since.at < EVERY:
            since.missed.add(parcel)
            return None
        count = 1 if since is None else len(since.missed | {parcel})
        self._since[group, why] = _Since(now, parcel, count)
        return count

"""What facts and records add up to, over a period and for those who joined: sums, and nobody's name.

Of groups beside the one that is asked about only `facts` and `checked_in` tell. As in `core.turnout`, a cohort is who
joined for the first time on a day, without staff, bots and channels.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol, TypeVar

from core.state import Slot
from core.turnout import Asked, Days

T = TypeVar("T")

SOON: Final = 7
FULL: Final = 30
"""Days since somebody joined, the day of it included, in which they begin to check in, and in which what they have come
to is looked at."""
OFTEN: Final = 7
"""So many different days with a check-in are a habit."""


class Facts(NamedTuple):
    """So many facts of a kind with the same rule and amount, in a period: the one asked for or the one before it."""

    kind: str
    rule: str
    amount: int
    before: bool
    times: int


class Since(NamedTuple):
    """A day of joining, and the instant up to which facts count for who joined on it."""

    day: Days
    until: datetime


class Began(NamedTuple):
    """Of a cohort: who checked in within `SOON` days, and on `OFTEN` different days within `FULL`."""

    soon: int = 0
    often: int = 0


class Gained(NamedTuple):
    """Of a cohort, of one kind of facts: how many people have some left, after those taken back, and what all of them
    have together. What was taken back after the instant is gone, too: nobody has more than they had when the period
    ended."""

    people: int = 0
    total: int = 0


class Reckoning(Protocol):
    """Reading the sums. The number of queries grows neither with members nor with facts."""

    def facts(self, asked: Asked, kinds: Collection[str]) -> Sequence[Facts]:
        """Facts of some kinds by when they were written, of all but bots and channels: staff, and who was forgotten."""
        ...

    def checked_in(self, asked: Asked, kinds: Collection[str]) -> tuple[int, int]:
        """How many people checked in, summed over the days of the period, and of the one before. Without staff.

        `kinds` are those of days checked in to. A day that was struck out does not count.
        """
        ...

    def began(self, asked: Asked, days: Sequence[Days], kinds: Collection[str]) -> Sequence[Began]:
        """How those who joined on each of these days began to check in."""
        ...

    def gained(self, asked: Asked, days: Sequence[Since], kinds: Collection[str]) -> Sequence[Mapping[str, Gained]]:
        """What those who joined on each of these days have come to up to an instant, by kind; kinds of which there is
        nothing are left out."""
        ...

    def records(self, asked: Asked, days: Sequence[Days], slot: Slot[T]) -> Sequence[Sequence[T]]:
        """The records of a slot that those have who joined on each of these days, as they are now."""
        ...

    def record(self, group: str, slot: Slot[T]) -> T | None:
        """The group's own record of a slot, as it is now."""
        ...

"""How a group is doing, as stores tell it: sums over its people by what they did, and nobody's name.

People are persons who can be told from bots and channels. Staff are told apart, by any of their accounts. All days are
the group's own; instants say where they begin and end, as a store knows no zones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, Protocol

from core.people import Account

WEEK: Final = 7
MONTH: Final = 30
STARTS: Final = range(7)
RETURNS: Final = range(7, 14)
REMAINS: Final = range(30, 37)
"""Days since somebody joined, which is day 0: of a first contribution, of having come back, of being there still."""


class Days(NamedTuple):
    """Whole local days from `first` to `last`, from the instant `begins` up to `ends`."""

    first: date
    last: date
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A group and its staff, a period and the one that ends where it begins. With groups `beside` it all of them are
    asked about as one: who is in several is one person, who joined when they first joined any and is there while they
    are in any."""

    group: str
    staff: frozenset[Account]
    now: Days
    before: Days
    beside: tuple[str, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """All that are asked about."""
        return self.group, *self.beside


class Heads(NamedTuple):
    """How many people were in a group when a period ended, as far as anybody saw them, and how many of them are staff.

    Who left by then and came back later is counted as there all the time: stores keep the latest coming and going.
    """

    people: int = 0
    staff: int = 0


class Habit(NamedTuple):
    """So many `people` did the same: on how many days of both periods they were active, whether in the last seven of
    each, and on how many of the last thirty. `joined` is in which period they joined for the first time; `here` says
    that they were there when it ended."""

    people: int
    staff: bool
    days: int
    days_before: int
    week: bool
    month: int
    week_before: bool
    month_before: int
    joined: Literal["now", "before", "other"]
    here: bool
    here_before: bool


class Wrote(NamedTuple):
    """So many `people` wrote so many `messages` each in a period, the one asked for or the one before it."""

    people: int
    staff: bool
    before: bool
    messages: int


class Daily(NamedTuple):
    """A day of the period on which somebody was active: how many people, without staff, and the messages of all."""

    day: date
    people: int
    messages: int


class Cohort(NamedTuple):
    """Who joined for the first time on a day, without staff: how many did something on the days since then
    that `STARTS`, `RETURNS` and `REMAINS` name, and how many have left. `again` is joins that were not the first."""

    joined: int = 0
    started: int = 0
    returned: int = 0
    remained: int = 0
    left: int = 0
    again: int = 0


class Turnout(Protocol):
    """Reading the sums. The number of queries grows neither with members nor with messages."""

    def since(self, *groups: str) -> date | None:
        """The first day on which anybody is known to have been active in any of them; None if there is none."""
        ...

    def heads(self, asked: Asked) -> tuple[Heads, Heads]:
        """At the end of the period, and of the one before it."""
        ...

    def habits(self, asked: Asked) -> Sequence[Habit]:
        """Everybody who was active in either period, or in the thirty days up to the end of either."""
        ...

    def wrote(self, asked: Asked) -> Sequence[Wrote]:
        """Everybody who wrote in either period."""
        ...

    def daily(self, asked: Asked) -> Sequence[Daily]:
        """Every day of the period on which somebody was active, in order."""
        ...

    def cohorts(self, asked: Asked, days: Sequence[Days]) -> Sequence[Cohort]:
        """Those who joined on each of these days, which are single ones, as of the end of the period."""
        ...

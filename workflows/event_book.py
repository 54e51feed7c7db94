"""What is remembered of events: when each is next, and who said that they come.

An answer is a member's own record. Names are not kept; who left the group, or was forgotten, comes to nothing; and an
answer is erased once its event has begun.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, NamedTuple

from core.people import Account, Member, PersonId
from core.state import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next time of an event. `open`: it was announced and members can answer; `timers` are those that are set,
    none if an operator cancelled the one that posts it."""

    day: date
    at: datetime
    open: bool = False
    cancelled: bool = False
    timers: tuple[str, ...] = ()

    def answerable(self, at: datetime) -> bool:
        """Whether members can say at an instant that they come."""
        return self.open and not self.cancelled and at < self.at


@dataclass(frozen=True, slots=True)
class Calendar:
    """The next time of each of the group's events, by id."""

    next: dict[str, Next] = field(default_factory=dict)

    def noting(self, id_: str, next_: Next | None) -> Calendar:
        """With the next time of one event; None if it has none any more."""
        rest = {known: kept for known, kept in self.next.items() if known != id_}
        return Calendar(rest if next_ is None else {**rest, id_: next_})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The day of the event, and since when the member says that they come: who was first has a seat."""

    day: date
    since: datetime


@dataclass(frozen=True, slots=True)
class Answers:
    """What a member comes to, by event."""

    to: dict[str, Coming] = field(default_factory=dict)

    def less(self, *ids: str) -> Answers | None:
        """Without some events; None, so that the record goes, if nothing is left."""
        rest = {known: coming for known, coming in self.to.items() if known not in ids}
        return replace(self, to=rest) if rest else None


CALENDAR: Final = Slot("events.calendar", Calendar)
ANSWERS: Final = Slot("events.answers", Answers)

Everybody = Iterable[tuple[Member, Answers]]


class Table(NamedTuple):
    """Who comes, and who waits for a seat; each in the order of their answers."""

    coming: tuple[Member, ...] = ()
    waiting: tuple[Member, ...] = ()

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Of those who come."""
        return tuple(member.account for member in self.coming)

    def place(self, person: PersonId) -> int:
        """A person's place among those who wait, from 1; 0 for everybody else."""
        return next((n for n, member in enumerate(self.waiting, 1) if member.person == person), 0)


def seated(id_: str, day: date, everybody: Everybody, limit: int | None) -> Table:
    """The table of an event on a day."""
    answered = sorted(
        (
            (answers.to[id_].since, member.person, member)
            for member, answers in everybody
            if id_ in answers.to and answers.to[id_].day == day
        ),
        key=lambda row: row[:2],
    )
    members = tuple(member for _, _, member in answered)
    return Table(members, ()) if limit is None else Table(members[:limit], members[limit:])

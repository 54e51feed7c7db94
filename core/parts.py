"""What each account of a bound person is in a group: the seat of a person with several accounts is made of theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from core.people import Account, PersonId
from core.ports import Seat, Tie
from core.state import Slot

if TYPE_CHECKING:
    from core.working import Working


ENTRY: Final = timedelta(days=3)
"""Who was seen in the group longer than this before they joined was there before: the door takes that long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """When somebody was seen, came and went, who invited them, and what they are tagged with, sorted. As in `Seat`."""

    seen: datetime | None = None
    joined: datetime | None = None
    left: datetime | None = None
    inviter: PersonId | None = None
    tags: tuple[str, ...] = ()
    first_joined: datetime | None = None

    @classmethod
    def of(cls, seat: Seat) -> Presence:
        """What a seat says."""
        tags = tuple(sorted(seat.tags))
        return cls(
            seen=seat.seen,
            joined=seat.joined,
            left=seat.left,
            inviter=seat.inviter,
            tags=tags,
            first_joined=seat.first_joined,
        )

    def onto(self, seat: Seat) -> None:
        """Have a seat say it."""
        seat.seen, seat.joined, seat.left = self.seen, self.joined, self.left
        seat.inviter, seat.tags, seat.first_joined = self.inviter, frozenset(self.tags), self.first_joined

    @property
    def first(self) -> datetime | None:
        """When they joined for the first time, as far as is known: parts that were written earlier do not say it."""
        if self.first_joined is not None or self.joined is None or self.seen is None:
            return self.first_joined
        return self.joined if self.joined - self.seen <= ENTRY else None

    def joining(self, at: datetime) -> Presence:
        """After a join. It is the first one if there was none before, and nothing else was seen long before it."""
        now = replace(self, joined=at, left=None)
        return replace(now, first_joined=now.first if self.joined is None else self.first)


@dataclass(frozen=True, slots=True)
class Parts:
    """One person's presences in a group, by what each account is by itself (a number, as JSON has it)."""

    of: dict[str, Presence] = field(default_factory=dict)

    def own(self, own: PersonId) -> Presence:
        """One account's, that of a stranger if it was not seen here."""
        return self.of.get(str(own), STRANGER)

    def among(self, owns: Collection[PersonId]) -> Parts:
        """Those of some accounts."""
        return Parts({str(own): self.of[str(own)] for own in sorted(owns) if str(own) in self.of})


STRANGER: Final = Presence()
PARTS: Final = Slot("core.parts", Parts)


def united(parts: Iterable[Presence]) -> Presence:
    """One presence made of several: here since the first, gone once all are gone, invited by whoever came first."""
    seen = sorted((part for part in parts if part.seen is not None), key=_came)
    begun = min((part.seen for part in seen if part.seen is not None), default=None)
    first = min((part.first for part in seen if part.first is not None), default=None)
    gone = [part.left for part in seen if part.left is not None]
    return Presence(
        seen=begun,
        joined=min((part.joined for part in seen if part.joined is not None), default=None),
        left=max(gone) if seen and len(gone) == len(seen) else None,
        inviter=next((part.inviter for part in seen if part.inviter is not None), None),
        tags=tuple(sorted({each for part in seen for each in part.tags})),
        first_joined=first if first is not None and begun is not None and first - begun <= ENTRY else None,
    )


def _came(part: Presence) -> datetime:
    at = part.joined or part.seen
    assert at is not None
    return at


def presence(working: Working, group: str, seat: Seat) -> Presence:
    """What the account of a seat is in a group."""
    return Presence.of(seat) if seat.own is None else _parts(working, group, seat).own(seat.own)


def presences(working: Working, group: str, seat: Seat) -> Mapping[Account, Presence]:
    """What each account of a seat's person is in a group, of those that were seen there."""
    if seat.own is None:
        return {seat.account: Presence.of(seat)} if seat.seen is not None else {}
    parts = _parts(working, group, seat)
    found = {account: parts.own(own) for own, account in accounts(seat, working.ties(seat)).items()}
    return {account: part for account, part in found.items() if part.seen is not None}


def sides(tie: Tie) -> tuple[tuple[PersonId, Account], tuple[PersonId, Account]]:
    """The two accounts that a tie binds, each with what it is by itself."""
    return (tie.one, tie.bond.one), (tie.other, tie.bond.other)


def accounts(seat: Seat, ties: Iterable[Tie]) -> Mapping[PersonId, Account]:
    """The accounts of a seat's person, by what each is by itself."""
    bound = {own: at for tie in ties for own, at in sides(tie)}
    return bound or {seat.own or seat.person: seat.account}


def sit(working: Working, group: str, seat: Seat, now: Presence) -> None:
    """Write down what the account of a seat is in a group from now on."""
    if seat.own is None:
        now.onto(seat)
    else:
        parts = Parts({**_parts(working, group, seat).of, str(seat.own): now})
        working.put(group, PARTS.of(seat.account), parts)
        united(parts.of.values()).onto(seat)
    working.write_seat(group, seat)


def appear(working: Working, group: str, seat: Seat, at: datetime) -> None:
    """The account of a seat is seen in a group, perhaps for the first time."""
    if seat.own is None:
        if seat.seen is None:
            seat.seen = at
            working.write_seat(group, seat)
    elif presence(working, group, seat).seen is None:
        sit(working, group, seat, replace(presence(working, group, seat), seen=at))


def tag(working: Working, group: str, seat: Seat, add: frozenset[str], remove: frozenset[str]) -> None:
    """Give a member tags, and take some; of several accounts the tags are taken from all."""
    if seat.own is None:
        seat.tags = (seat.tags | add) - remove
        working.write_seat(group, seat)
        return
    parts = _parts(working, group, seat)
    for own, part in parts.of.items():
        parts.of[own] = replace(part, tags=tuple(each for each in part.tags if each not in remove))
    now = parts.own(seat.own)
    sit(working, group, seat, replace(now, tags=tuple(sorted({*now.tags, *add} - remove))))


def _parts(working: Working, group: str, seat: Seat) -> Parts:
    return Parts(dict((working.read(group, PARTS.of(seat.account)) or Parts()).of))

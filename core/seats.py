"""Who is who in one batch: the seats that were loaded, and what was changed about them and is still to be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.membership import member_at
from core.parts import Presence
from core.people import Account, Actor, Member, PersonId, borne
from core.ports import Seat, Tie, UnitOfWork, Writes, newcomer
from core.state import Bond
from core.workflow import Group


class Seats:
    """The part of a `Working` that knows people."""

    def __init__(self, unit: UnitOfWork, groups: Mapping[str, Group]) -> None:
        self.unit = unit
        self.groups = groups
        self.writes = Writes()
        self.spoiled = False
        """Writing failed half-way: nothing more can be decided on this unit of work."""
        self.returned: Actor | None = None
        """Who came back unseen by the event that was written down last; taken by whoever tells of it."""
        self._seats: dict[tuple[str, Account], Seat] = {}
        self._persons: dict[tuple[str, PersonId], list[Seat]] = {}
        self._absent: set[tuple[str, Account]] = set()
        self._members: dict[tuple[str, Account, bool], Member] = {}
        """Seats as they were asked for last, also with what the platform grants its admins. Empty once one changes."""
        self._ties: dict[PersonId, tuple[Tie, ...]] = {}

    def rename(self, group: str, seat: Seat, actor: Actor) -> None:
        """What an account is called now, in all groups. A username that it has is nobody else's any more."""
        username = seat.username if actor.username is None else actor.username or None
        if seat.renamed and username != seat.username:
            self.flush()  # the store takes a username from whoever bore it, once it hears of it
        seat.name, seat.username, seat.renamed = actor.name or seat.name, username, True
        self.write_seat(group, seat)
        for (_, account), other in self._seats.items():
            if account == seat.account:
                other.name, other.username = seat.name, seat.username
        self._bear({borne(seat.account, username): seat.account})
        self._members.clear()

    def _bear(self, bearers: dict[tuple[str, str] | None, Account]) -> None:
        """Accounts have usernames from now on: of the seats that were loaded, no other's bears one of them any more."""
        bearers.pop(None, None)
        if bearers:
            for (_, account), seat in self._seats.items():
                if seat.username and bearers.get(borne(account, seat.username), account) != account:
                    seat.username = None

    def rebind(self, was: Account, now: Actor) -> None:
        """An account is another from now on: whoever had it has that one, too, unless somebody has it already."""
        if self.unit.rebind(was, newcomer(now)):
            self._bear({borne(now.account, now.username): now.account})

    def speak(self, seat: Seat, language: str) -> None:
        """An account has one language, whatever group it was chosen in."""
        seat.language, seat.renamed = language, True
        for (_, account), other in self._seats.items():
            if account == seat.account:
                other.language = language
        self._members.clear()

    def known(self, group: str, account: Account) -> Seat | None:
        """The seat of an account that some person has; None if nobody has it."""
        place = (group, account)
        seat = self._seats.get(place)
        if seat is None and place not in self._absent:
            self._find(group, [account])
            seat = self._seats.get(place)
        return seat

    def write_seat(self, group: str, seat: Seat) -> None:
        """To be called after each change of a seat."""
        self._members.clear()
        if not seat.dirty:
            seat.dirty = True
            self.writes.seats.append((group, seat))
        persons = self._persons[group, seat.person]
        if len(persons) > 1:
            for other in persons:
                Presence.of(seat).onto(other)

    def _take(self, group: str, seat: Seat) -> Seat:
        """Keep a seat that was loaded. A person's accounts have a seat each, and one membership between them."""
        self._seats[group, seat.account] = seat
        persons = self._persons.setdefault((group, seat.person), [])
        if persons:
            Presence.of(persons[0]).onto(seat)
        persons.append(seat)
        return seat

    def member(self, group: str, seat: Seat, actor: Actor | None = None) -> Member:
        place = (group, seat.account, actor is not None and actor.admin)
        found = self._members.get(place)
        if found is None:
            bonds = self.bonds(seat) if seat.own is not None else ()
            found = self._members[place] = member_at(self.groups[group], seat, actor, bonds)
        return found

    def bonds(self, seat: Seat) -> tuple[Bond, ...]:
        """What binds the accounts of a seat's person; nothing, and nothing is asked, for nearly everybody."""
        return tuple([tie.bond for tie in self.ties(seat)]) if seat.own is not None else ()

    def ties(self, seat: Seat) -> tuple[Tie, ...]:
        """The bonds of a seat's person, as the store has them."""
        if seat.own is not None and seat.person not in self._ties:
            self._ties[seat.person] = tuple(self.unit.ties((seat.person,)).get(seat.person, ()))
        return self._ties.get(seat.person, ())

    def forget(self) -> None:
        """Nothing that was loaded counts any more: who is who has changed. Nothing may be pending."""
        held: tuple[dict[Any, Any] | set[Any], ...] = (self._seats, self._persons, self._absent, self._members)
        for one in (*held, self._ties):
            one.clear()

    def flush(self) -> None:
        """Hand the pending writes to the unit of work (uncommitted), so that its answers include them."""
        if self.writes:
            self.spoiled = True
            self.unit.save(self.writes)
            self.spoiled = False
            for _, seat in self.writes.seats:
                seat.dirty = seat.renamed = False
            self.writes = Writes()

    def _find(self, group: str, accounts: list[Account]) -> None:
        self.flush()
        found = self.unit.find(group, accounts)
        for account in accounts:
            if account in found:
                self._take(group, found[account])
            else:
                self._absent.add((group, account))

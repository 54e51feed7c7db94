"""Binding accounts to one person and parting them again, in every group at once.

A person is a set of accounts. Every fact, and every day's counts, keep which account they are of; so both ways are one
thing: accounts are given to persons, and what is theirs goes with them. What cannot be told apart by account, the
workflows' records, is kept aside as each side had it. Nothing here is done unless every group is held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.decision import Bind
from core.errors import StoreError
from core.follow_ups import Linked, Parted
from core.happening import Happening
from core.parts import PARTS, Parts, Presence, united
from core.parts import accounts as made_of
from core.people import Account, Actor, PersonId, platform_of
from core.ports import RecordAt, Seat, Tie, sides_of
from core.state import Bond
from core.working import Working

Records = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """What is bound or parted: accounts by what each is by itself, and the person that they were or become."""

    seat: Seat
    accounts: Mapping[PersonId, Account]
    person: PersonId

    @property
    def owns(self) -> Collection[PersonId]:
        return self.accounts.keys()

    def platforms(self, gone: Collection[PersonId]) -> set[str]:
        """Where there is an account of theirs that still is."""
        return {platform_of(account) for own, account in self.accounts.items() if own not in gone}

    def among(self, parts: Parts) -> Actor | None:
        """One of the accounts that were seen in a group, the one that is bound if it was; None if none were."""
        here = sorted((own for own in self.owns if str(own) in parts.of), key=lambda own: (own != _own(self.seat), own))
        if not here:
            return None
        return Actor(account=self.accounts[here[0]], name=self.seat.name, kind=self.seat.kind)


class Binding:
    """Works on one batch's state, with every group held. The events that it makes still need their ids."""

    def __init__(self, working: Working) -> None:
        self._working = working

    def bind(self, event: Happening, change: Bind) -> Sequence[Linked]:
        """Unite the persons of two accounts, unless they are one already or would be twice on a platform."""
        working, unit = self._working, self._working.unit
        working.flush()
        seats = unit.find(event.group, (change.one, change.other))
        if len(seats) < 2:
            raise LookupError(f"{change.one} and {change.other} cannot be bound: one of them was never seen")
        one, other = (seats[account] for account in (change.one, change.other))
        if one.person == other.person:
            return ()
        ties = unit.ties((one.person, other.person))
        gone = _gone(tie for held in ties.values() for tie in held)
        if change.gone:
            gone |= {_own(one)}
        first, second = (
            _Side(seat=seat, accounts=made_of(seat, ties.get(seat.person, ())), person=seat.person)
            for seat in (one, other)
        )
        if not change.gone and first.platforms(gone) & second.platforms(gone):
            return ()
        owns = (*first.owns, *second.owns)
        head = _head(owns, gone)
        # Where both have a record, the old account's counts more than what it became; else whom we know longer leads.
        if not change.gone and head in second.owns:
            first, second = second, first
        bond = unit.tie(_own(first.seat), _own(second.seat), event.at, _own(one) if change.gone else None)
        groups = unit.whereabouts((first.person, second.person))
        presences = {group: _parts(working, group, first).of | _parts(working, group, second).of for group in groups}
        records = {group: self._united(group, first, second, bond) for group in groups}
        unit.regroup(dict.fromkeys(owns, head))
        for group in groups:
            self._seated(group, change.other, Parts(presences[group]), head)
            self._put(group, head, records[group])
        working.flush()
        working.forget()
        told = []
        for group in groups:
            for side, partner in ((first, second), (second, first)):
                actor, theirs, sides = side.among(Parts(presences[group])), partner.seat.account, sides_of(bond)
                if actor is not None:
                    told.append(Linked(id=event.id, at=event.at, group=group, actor=actor, other=theirs, sides=sides))
                    break
        return told

    def part(self, event: Happening, bond: Bond) -> Sequence[Parted]:
        """Part what a bond held together; nothing happens if it is gone already."""
        working, unit = self._working, self._working.unit
        working.flush()
        seats = unit.find(event.group, (bond.one, bond.other))
        person = seats[bond.one].person if bond.one in seats else PersonId(0)
        ties = unit.ties((person,)).get(person, ())
        tie = next((tie for tie in ties if tie.id == bond.id), None)
        if tie is None:
            return ()
        left = [other for other in ties if other.id != tie.id]
        gone = _gone(left)
        sides = []
        for own, account in ((tie.one, tie.bond.one), (tie.other, tie.bond.other)):
            every = made_of(seats[account], ties)
            owns = _reached(own, left)
            accounts = {one: every[one] for one in owns}
            sides.append(_Side(seat=seats[account], accounts=accounts, person=_head(owns, gone)))
        groups = unit.whereabouts((person,))
        unit.untie(tie.id)
        presences = {group: working.read(group, PARTS.of(bond.one)) or Parts() for group in groups}
        records = {group: self._divided(group, person, tie.id) for group in groups}
        unit.regroup({own: side.person for side in sides for own in side.owns})
        told = []
        for group in groups:
            for side, partner, theirs in zip(sides, reversed(sides), records[group], strict=True):
                actor = side.among(presences[group])
                if actor is None:
                    continue
                self._seated(group, side.seat.account, presences[group].among(side.owns), side.person)
                self._put(group, side.person, theirs)
                told.append(Parted(id=event.id, at=event.at, group=group, actor=actor, other=partner.seat.account))
        working.flush()
        working.forget()
        return told

    def _united(self, group: str, first: _Side, second: _Side, bond: int) -> Records:
        """The records of both, the first side's where both have one; what each had is kept aside."""
        unit = self._working.unit
        had = [dict(unit.every_slot(group, side.person)) for side in (first, second)]
        for side, records in zip(sides_of(bond), had, strict=True):
            records.pop(PARTS.name, None)
            self._put(group, side, records)
        return {**had[1], **had[0]}

    def _divided(self, group: str, person: PersonId, bond: int) -> tuple[Records, Records]:
        """Each side's own again where nothing was changed since; what was changed, both keep."""
        unit = self._working.unit
        shared = {slot: value for slot, value in unit.every_slot(group, person).items() if slot != PARTS.name}
        had = [unit.every_slot(group, side) for side in sides_of(bond)]
        for side, records in zip(sides_of(bond), had, strict=True):
            self._put(group, side, dict.fromkeys(records))
        made = {**had[1], **had[0]}
        changed = {slot for slot in shared.keys() | made.keys() if shared.get(slot) != made.get(slot)}
        one, other = (
            {
                **{slot: value for slot, value in records.items() if slot not in changed},
                **{slot: shared[slot] for slot in changed if slot in shared},
            }
            for records in had
        )
        return one, other

    def _seated(self, group: str, account: Account, parts: Parts, person: PersonId) -> None:
        """The seat of a person who was just made of some accounts."""
        seat = self._working.unit.find(group, (account,))[account]
        if seat.person != person:
            raise StoreError(f"{account} did not become {person}")
        united(parts.of.values()).onto(seat)
        self._working.writes.seats.append((group, seat))
        self._put(group, person, {PARTS.name: parts if len(parts.of) > 1 or seat.own is not None else None})

    def _put(self, group: str, person: PersonId, records: Mapping[str, object | None]) -> None:
        self._working.writes.records.update((RecordAt(group, person, slot), value) for slot, value in records.items())


def _own(seat: Seat) -> PersonId:
    return seat.own or seat.person


def _gone(ties: Iterable[Tie]) -> frozenset[PersonId]:
    return frozenset(tie.gone for tie in ties if tie.gone is not None)


def _head(owns: Collection[PersonId], gone: Collection[PersonId]) -> PersonId:
    """Whose name and number a person has: the one known longest of those that there still are."""
    return min((own for own in owns if own not in gone), default=min(owns))


def _reached(own: PersonId, ties: Collection[Tie]) -> frozenset[PersonId]:
    """All that is bound to one, over however many bonds."""
    found, grown = frozenset[PersonId](), frozenset((own,))
    while grown != found:
        found = grown
        grown = found.union(*((tie.one, tie.other) for tie in ties if tie.one in found or tie.other in found))
    return found


def _parts(working: Working, group: str, side: _Side) -> Parts:
    """What each account of a side is in a group."""
    seat = working.unit.find(group, (side.seat.account,))[side.seat.account]
    if seat.own is not None:
        return working.read(group, PARTS.of(seat.account)) or Parts()
    return Parts({str(seat.person): Presence.of(seat)} if seat.seen is not None else {})

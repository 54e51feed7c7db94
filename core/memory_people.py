"""Accounts given to persons and taken again, in memory: the executable meaning of that part of the port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from core.memory_undo import Undoing
from core.people import NOBODY, Account, PersonId, borne
from core.ports import BalanceAt, DayAt, Newcomer, Tie, sides_of
from core.state import Bond, Entry

if TYPE_CHECKING:
    from core.memory import MemoryStore, MemoryUnit


class MemoryPeople(Undoing):
    """The part of a `MemoryUnit` that says who is who."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__()
        self._store = store

    def lock_all(self, groups: Sequence[str]) -> None:
        """The store's turn is the lock."""

    def rebind(self, was: Account, now: Newcomer) -> bool:
        """See `UnitOfWork.rebind`."""
        accounts, owns = self._store._accounts, self._store._owns
        if now.account in accounts or was not in accounts:
            return False
        self._know(accounts[was][0], now)
        self._set(owns, now.account, owns.get(was))
        return True

    def ties(self, persons: Sequence[PersonId]) -> dict[PersonId, list[Tie]]:
        """See `UnitOfWork.ties`."""
        found: dict[PersonId, list[Tie]] = {}
        for tie in self._store._ties.values():
            person = self._store._accounts[tie.bond.one][0]
            if person in persons:
                found.setdefault(person, []).append(tie)
        return found

    def tie(self, one: PersonId, other: PersonId, at: datetime, gone: PersonId | None) -> int:
        """See `UnitOfWork.tie`."""
        id_ = max(self._store._ties, default=0) + 1
        first, second = self._account(one), self._account(other)
        bond = Bond(id_, first, second, at, self._account(gone) if gone is not None else None)
        self._set(self._store._ties, id_, Tie(id_, one, other, gone, bond))
        return id_

    def untie(self, bond: int) -> None:
        """See `UnitOfWork.untie`."""
        self._set(self._store._ties, bond, None)

    def whereabouts(self, persons: Sequence[PersonId]) -> list[str]:
        """See `UnitOfWork.whereabouts`."""
        return sorted({group for group, person in self._store._members if person in persons})

    def every_slot(self, group: str, person: PersonId) -> dict[str, object]:
        """See `UnitOfWork.every_slot`."""
        held = self._store._records.items()
        return {place.slot: value for place, value in held if (place.group, place.person) == (group, person)}

    def regroup(self, persons: Mapping[PersonId, PersonId]) -> None:
        """See `UnitOfWork.regroup`."""
        store, sizes = self._store, Counter(persons.values())
        were = {store._accounts[self._account(own)][0] for own in persons}
        marks = {own: own if sizes[person] > 1 else None for own, person in persons.items()}
        self._move_days(persons, marks, were)
        self._move_facts(persons, marks, were)
        for account, (person, who) in list(store._accounts.items()):
            own = store._owns.get(account, person)
            if own in persons:
                self._set(store._accounts, account, (persons[own], who))
                self._set(store._owns, account, marks[own])
        for seat in [seat for seat in store._members if seat[1] in were]:
            self._set(store._members, seat, None)
        for record in [record for record in store._records if record.person in were]:
            self._set(store._records, record, None)

    def _move_facts(
        self, persons: Mapping[PersonId, PersonId], marks: Mapping[PersonId, PersonId | None], were: set[PersonId]
    ) -> None:
        moved: list[tuple[bool, PersonId, str, Entry]] = []
        for place, held in list(self._store._ledger.items()):
            for fact in list(held.values()):
                entry = fact
                if entry.by is not None and entry.by in were:
                    giver = entry.by_own or entry.by
                    entry = entry._replace(by=persons[giver], by_own=marks[giver])
                    self._set(held, entry.key, entry)
                if place.person in were:
                    self._set(held, entry.key, None)
                    if entry.own != NOBODY:
                        own = entry.own or place.person
                        moved.append((persons[own] != place.person, own, place.group, entry))
        for _, own, group, entry in sorted(moved, key=lambda one: one[:2]):
            held = self._store._ledger.setdefault(BalanceAt(group, persons[own], entry.kind), {})
            key = entry.key if marks[own] is not None else entry.key.removesuffix(f"={own}")
            key = f"{key}={own}" if key in held else key
            self._set(held, key, entry._replace(key=key, person=persons[own], own=marks[own]))

    def _move_days(
        self, persons: Mapping[PersonId, PersonId], marks: Mapping[PersonId, PersonId | None], were: set[PersonId]
    ) -> None:
        days, shares = self._store._days, self._store._shares
        bound = set(self._store._owns.values())
        for place, counters in list(days.items()):
            if place.person in were:
                self._set(days, place, None)
                if place.person not in bound:
                    self._set(shares, place, counters)
        for place, counters in list(shares.items()):
            if place.person in persons:
                at = DayAt(place.group, persons[place.person], place.day)
                sums = days.get(at, (0,) * len(counters))
                self._set(days, at, tuple(a + b for a, b in zip(sums, counters, strict=True)))
                self._store._dates[at.group, at.person].add(at.day)
                if marks[place.person] is None:
                    self._set(shares, place, None)

    def _know(self, person: PersonId, who: Newcomer) -> None:
        """Write down whose an account is and what it is called. Its username is nobody else's any more."""
        accounts, bearers = self._store._accounts, self._store._bearers
        self._set(accounts, who.account, (person, who))
        held = borne(who.account, who.username)
        if held is None:
            return
        other = bearers.get(held)
        if other == who.account:
            return
        if other is not None and other in accounts:
            theirs, known = accounts[other]
            if borne(other, known.username) == held:
                self._set(accounts, other, (theirs, known._replace(username=None)))
        self._set(bearers, held, who.account)

    def _account(self, own: PersonId) -> Account:
        """The account that somebody is by themselves; the first, where they have changed their name."""
        owns = self._store._owns
        return next(
            account for account, (person, _) in self._store._accounts.items() if owns.get(account, person) == own
        )


def untie_all(unit: MemoryUnit, person: PersonId) -> set[PersonId]:
    """Take away what binds a person's accounts, what each did, and what each had before. The person is to go.

    Answers what their accounts are by themselves.
    """
    store = unit._store
    for tie in unit.ties((person,)).get(person, ()):
        unit.untie(tie.id)
        for at in [at for at in store._records if at.person in sides_of(tie.id)]:
            unit._set(store._records, at, None)
    owns = {store._owns.get(account, person) for account, (who, _) in store._accounts.items() if who == person}
    for share in [share for share in store._shares if share.person in owns]:
        unit._set(store._shares, share, None)
    for account in [account for account, own in store._owns.items() if own in owns]:
        unit._set(store._owns, account, None)
    return owns

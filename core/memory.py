"""A store in memory: the executable meaning of the ports, used by tests and by throw-away runs.

One unit of work at a time. Leaving a unit without `commit` plays its journal back.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from core.directory import is_note, left_first, moved_on, moved_to, numbered_on
from core.dossier import Known
from core.errors import StoreError
from core.events import TimerDue
from core.forgetting import Erased, Erasure, Recognise
from core.memory_books import Membership, MemoryBooks
from core.memory_dispatch import MemoryDispatch, utc_now
from core.memory_forgetting import adopt, forget
from core.memory_people import MemoryPeople
from core.memory_rows import oldest_first, timer_order
from core.people import Account, Actor, PersonId, only_called
from core.ports import (
    BalanceAt,
    DayAt,
    DeadLetter,
    Newcomer,
    RecordAt,
    Seat,
    TimerRow,
    Writes,
    newcomer,
)
from core.quick import filled
from core.state import Day, Entry, Slot, Standing


class MemoryStore(MemoryBooks):
    """Implements `Store` and `Books`."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = threading.RLock()
        self._dispatch: MemoryDispatch | None = None
        self._recognise: Recognise | None = None

    def dispatch(self, clock: Callable[[], datetime] = utc_now) -> MemoryDispatch:
        """The outbox as couriers use it. There is one; its leases run by the clock that was given first."""
        with self._turn:
            if self._dispatch is None:
                self._dispatch = MemoryDispatch(self, self._turn, self._outbox, clock)
            return self._dispatch

    @contextmanager
    def unit(self, *, lasting: bool = True) -> Iterator[MemoryUnit]:
        """One transaction; others wait."""
        with self._turn:
            unit = MemoryUnit(self)
            try:
                yield unit
            finally:
                unit.undo()

    def flush(self) -> None:
        """See `Store.flush`. Nothing here outlives the process in any case."""

    def recognise_by(self, recognise: Recognise) -> None:
        """See `core.forgetting.ForgettingStore.recognise_by`."""
        self._recognise = recognise

    def bury(self, letters: Sequence[DeadLetter], timers: Sequence[TimerDue] = ()) -> None:
        """See `Store.bury`."""
        with self._turn:
            for letter in letters:
                self._letters.setdefault(letter.id, letter)
                self._inbox.setdefault(letter.id, letter.at)
            for timer in timers:
                place = (timer.group, timer.workflow, timer.key)
                if place in self._timers and self._timers[place].at == timer.due:
                    del self._timers[place]

    def known(self, account: Account) -> Known | None:
        """See `Dossiers.known`."""
        if account not in self._accounts:
            return None
        person = self._accounts[account][0]
        accounts = tuple(who for held, who in self._accounts.values() if held == person)
        return Known(person, accounts, tuple(sorted(group for group, held in self._members if held == person)))

    def set_address(self, group: str, platform: str, address: str) -> None:
        """Say where a group lives on a platform. Of those that are left the first is kept (`numbered_on`)."""
        with self._turn:
            if not is_note(platform):
                self._keep_first(group, platform, address)
            for place in [p for p, g in self._addresses.items() if p[0] == platform and g == group]:
                del self._addresses[place]
            self._addresses[platform, address] = group

    def _keep_first(self, group: str, platform: str, address: str) -> None:
        note = numbered_on(platform)
        known = {key for (on, _), key in self._addresses.items() if on == note}
        for (on, left), key in list(self._addresses.items()):
            if on == platform and (key == group) != (left == address) and key not in known:
                self._addresses[note, left_first(left, key)] = key

    def close(self) -> None:
        """Nothing to close."""


class MemoryUnit(MemoryPeople):
    """Implements `UnitOfWork`."""

    def lock(self, groups: Sequence[str]) -> None:
        """The store's turn is the lock."""

    def unseen(self, ids: Sequence[str], at: datetime) -> set[str]:
        """See `UnitOfWork.unseen`."""
        inbox = self._store._inbox
        new = dict.fromkeys([id_ for id_ in ids if id_ not in inbox], at)
        inbox.update(new)
        self._journal.append(lambda: [inbox.pop(id_) for id_ in new])
        return set(new)

    def seats(
        self, wanted: Sequence[tuple[str, Newcomer | Actor]], slots: Sequence[Slot[Any]] = ()
    ) -> dict[tuple[str, Account], Seat]:
        """See `UnitOfWork.seats`."""
        store, names = self._store, [slot.name for slot in slots]
        accounts, records = store._accounts, store._records
        found = {}
        for _, who in wanted:  # all of them first: who is new may take the username of somebody else
            if who.account not in accounts:
                known = who if isinstance(who, Newcomer) else newcomer(who)
                self._know(PersonId(next(store._next_person)), known)
                adopt(self, who.account)
        for group, who in wanted:
            account = who.account
            person = accounts[account][0]
            seat = found[group, account] = store._seat(group, person, account)
            if names:
                seat.records = {name: records.get(filled(RecordAt, (group, person, name))) for name in names}
        return found

    def find(self, group: str, accounts: Sequence[Account]) -> dict[Account, Seat]:
        """See `UnitOfWork.find`."""
        known = self._store._accounts
        return {a: self._store._seat(group, known[a][0], a) for a in accounts if a in known}

    def find_named(self, group: str, names: Sequence[str], *, shown: bool = True) -> dict[str, Seat]:
        """See `UnitOfWork.find_named`."""
        found = {}
        for name in names:
            bearers: dict[PersonId, Account] = {}
            for account, (person, who) in self._store._accounts.items():
                username = (who.username or "").casefold()
                bears_nothing = not shown and only_called(account, username)
                if not name or bears_nothing or (group, person) not in self._store._members:
                    continue
                if name == username or (shown and name == who.name.casefold() and person not in bearers):
                    bearers[person] = account
            if len(bearers) == 1:
                person, account = next(iter(bearers.items()))
                found[name] = self._store._seat(group, person, account)
        return found

    def records(self, wanted: Sequence[tuple[RecordAt, Slot[Any]]]) -> dict[RecordAt, object]:
        """See `UnitOfWork.records`."""
        held = self._store._records
        return {place: held[place] for place, _ in wanted if place in held}

    def everyone(self, group: str, slot: Slot[Any]) -> list[tuple[Seat, Any]]:
        """See `UnitOfWork.everyone`."""
        rows = []
        for place, value in sorted(self._store._records.items(), key=lambda item: item[0]):
            if place.group == group and place.slot == slot.name and place.person > 0:
                seat = self._store._seat(group, place.person)
                if seat.left is None and seat.seen is not None:
                    rows.append((seat, value))
        return rows

    def present(self, group: str) -> list[Seat]:
        """See `UnitOfWork.present`."""
        there = sorted(person for key, person in self._store._members if key == group and person > 0)
        seats = [self._store._seat(group, person) for person in there]
        return [seat for seat in seats if seat.left is None and seat.seen is not None]

    def balances(self, wanted: Sequence[BalanceAt]) -> dict[BalanceAt, int]:
        """See `UnitOfWork.balances`."""
        return {place: sum(e.amount for e in self._store._ledger.get(place, {}).values()) for place in wanted}

    def entries(
        self, wanted: Sequence[tuple[BalanceAt, datetime | None]]
    ) -> dict[tuple[BalanceAt, datetime | None], list[Entry]]:
        """See `UnitOfWork.entries`."""
        return {
            (place, since): oldest_first(
                e for e in self._store._ledger.get(place, {}).values() if since is None or e.at >= since
            )
            for place, since in wanted
        }

    def given(self, wanted: Sequence[tuple[BalanceAt, datetime]]) -> dict[tuple[BalanceAt, datetime], list[Entry]]:
        """See `UnitOfWork.given`."""
        return {
            (giver, since): oldest_first(
                e
                for place, held in self._store._ledger.items()
                if place.group == giver.group and place.kind == giver.kind
                for e in held.values()
                if e.by == giver.person and e.at >= since
            )
            for giver, since in wanted
        }

    def days(self, wanted: Sequence[tuple[str, PersonId, date]]) -> dict[tuple[str, PersonId, date], list[Day]]:
        """See `UnitOfWork.days`."""
        held, found = self._store._days, dict[tuple[str, PersonId, date], list[Day]]()
        for group, person, since in wanted:
            dates = sorted(day for day in self._store._dates.get((group, person), ()) if day >= since)
            rows = ((day, held.get(DayAt(group, person, day))) for day in dates)
            found[group, person, since] = [Day(day, *counters) for day, counters in rows if counters is not None]
        return found

    def standings(self, group: str, kind: str, top: int, since: datetime | None) -> list[Standing]:
        """See `UnitOfWork.standings`."""
        rows = []
        for place, held in self._store._ledger.items():
            counted = [e for e in held.values() if since is None or e.at >= since]
            if place.group != group or place.kind != kind or place.person <= 0 or not counted:
                continue
            seat = self._store._seat(group, place.person)
            if seat.left is None:
                total = sum(e.amount for e in counted)
                reached = max(e.at for e in counted)
                rows.append(Standing(seat.person, seat.account, seat.name, seat.kind, total, len(counted), reached))
        return sorted(rows, key=lambda s: (-s.amount, s.reached, s.person))[:top]

    def regulars(self, group: str, top: int, since: date) -> list[Account]:
        """See `UnitOfWork.regulars`."""
        days = Counter(
            place.person
            for place, counters in self._store._days.items()
            if place.group == group and place.person > 0 and place.day >= since and Day(place.day, *counters).active
        )
        seats = [(-days[person], person, self._store._seat(group, person)) for person in days]
        return [seat.account for *_, seat in sorted(seats, key=lambda row: row[:2]) if seat.left is None][:top]

    def timers_until(self, groups: Sequence[str], until: datetime) -> list[TimerRow]:
        """See `UnitOfWork.timers_until`."""
        rows = (row for row in self._store._timers.values() if row.group in groups and row.at <= until)
        return sorted(rows, key=timer_order)

    def timers(self, group: str, workflow: str) -> set[str]:
        """See `UnitOfWork.timers`."""
        return {row.key for row in self._store._timers.values() if (row.group, row.workflow) == (group, workflow)}

    def timer_stands(self, wanted: Sequence[TimerDue]) -> set[str]:
        """See `UnitOfWork.timer_stands`."""
        timers = self._store._timers
        standing = set()
        for event in wanted:
            row = timers.get((event.group, event.workflow, event.key))
            if row is not None and row.at == event.due:
                standing.add(event.id)
        return standing

    def save(self, writes: Writes) -> None:
        """See `UnitOfWork.save`."""
        store = self._store
        for group, seat in writes.seats:
            row: Membership = (seat.seen, seat.joined, seat.left, seat.inviter, seat.tags, seat.first_joined)
            self._set(store._members, (group, seat.person), row)
            if seat.renamed:
                self._know(seat.person, Newcomer(seat.account, seat.name, seat.kind, seat.username, seat.language))
        for counted, held_days in ((writes.days, store._days), (writes.shares, store._shares)):
            for place, counters in counted.items():
                old = held_days.get(place, (0,) * len(counters))
                self._set(held_days, place, tuple(a + b for a, b in zip(old, counters, strict=True)))
                store._dates[place.group, place.person].add(place.day)
        for at, value in writes.records.items():
            self._set(store._records, at, value)
        for group, entry in writes.facts:
            held = store._ledger.setdefault(BalanceAt(group, entry.person, entry.kind), {})
            if entry.key in held:
                raise StoreError(f"the ledger of {group} already has {entry.kind} {entry.key}")
            self._set(held, entry.key, entry)
        for timer, new in writes.timers.items():
            self._set(store._timers, timer, new)
        for task in writes.tasks:
            if (task.group, task.kind, task.key) not in store._tasks:
                self._set(store._tasks, (task.group, task.kind, task.key), task)
        for audit in writes.audit:
            store._audit.append(audit)
            self._journal.append(store._audit.pop)
        for out in writes.outbox:
            if out.id in store._outbox:
                raise StoreError(f"the outbox already has {out.id}")
            self._set(store._outbox, out.id, out)
        for move in writes.moves:
            if store._addresses.get((move.platform, move.old)) != move.group:
                continue
            stale = [p for p, g in store._addresses.items() if p[0] == move.platform and g == move.group]
            for place_ in stale:
                self._set(store._addresses, place_, None)
            self._set(store._addresses, (move.platform, move.new), move.group)
            self._set(store._addresses, (moved_on(move.platform), moved_to(move.old, move.new)), move.group)

    def known(self, account: Account) -> Known | None:
        """See `core.forgetting.Forgetting.known`."""
        return self._store.known(account)

    def forget(self, erasure: Erasure) -> Erased:
        """See `core.forgetting.Forgetting.forget`."""
        return forget(self, erasure)

    def reached(self, name: str, number: int = 0) -> int:
        """See `core.forgetting.Forgetting.reached`."""
        reached = max(number, self._store._reached.get(name, 0))
        self._set(self._store._reached, name, reached)
        return reached

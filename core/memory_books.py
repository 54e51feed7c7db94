"""What a store in memory holds, and reading it back: the executable meaning of that part of the port."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import count
from typing import Any

from core.memory_rows import member_of, timer_order
from core.people import Account, Member, PersonId
from core.ports import (
    AuditRow,
    BalanceAt,
    DayAt,
    DeadLetter,
    Newcomer,
    OutboxRow,
    RecordAt,
    Seat,
    TaskRow,
    Tie,
    TimerRow,
)
from core.state import Day, Entry, Slot

Membership = tuple[datetime | None, datetime | None, datetime | None, PersonId | None, frozenset[str], datetime | None]
_STRANGER: Membership = (None, None, None, None, frozenset(), None)


class MemoryBooks:
    """Implements `Books`, beside `set_address`. One dictionary for each table."""

    def __init__(self) -> None:
        self._next_person = count(1)
        self._inbox: dict[str, datetime] = {}
        self._accounts: dict[Account, tuple[PersonId, Newcomer]] = {}
        self._bearers: dict[tuple[str, str], Account] = {}
        self._owns: dict[Account, PersonId] = {}
        self._ties: dict[int, Tie] = {}
        self._members: dict[tuple[str, PersonId], Membership] = {}
        self._records: dict[RecordAt, object] = {}
        self._ledger: dict[BalanceAt, dict[str, Entry]] = {}
        self._days: dict[DayAt, tuple[int, ...]] = {}
        self._shares: dict[DayAt, tuple[int, ...]] = {}
        self._dates: defaultdict[tuple[str, PersonId], set[date]] = defaultdict(set)
        """Where to look for somebody's days; of a date that is there nothing may be left."""
        self._timers: dict[tuple[str, str, str], TimerRow] = {}
        self._tasks: dict[tuple[str, str, str], TaskRow] = {}
        self._audit: list[AuditRow] = []
        self._outbox: dict[str, OutboxRow] = {}
        self._letters: dict[str, DeadLetter] = {}
        self._addresses: dict[tuple[str, str], str] = {}
        self._talks: dict[Account, tuple[datetime, str]] = {}
        self._strangers: set[tuple[str, str]] = set()
        self._held: dict[tuple[str, str], PersonId] = {}
        self._reached: dict[str, int] = {}

    def people(self, group: str) -> Iterator[Member]:
        """Everyone seen in the group, by person."""
        for (g, person), _ in sorted(self._members.items(), key=lambda item: item[0]):
            if g == group:
                yield member_of(self._seat(group, person))

    def facts(self, group: str) -> Iterator[Entry]:
        """The ledger, oldest first."""
        found = [e for place, held in self._ledger.items() if place.group == group for e in held.values()]
        yield from sorted(found, key=lambda e: (e.at, e.event, e.person, e.kind, e.key))

    def activity(self, group: str) -> Iterator[tuple[PersonId, Day]]:
        """Every day of everyone, by day, then person."""
        rows = [(place, counters) for place, counters in self._days.items() if place.group == group]
        for place, counters in sorted(rows, key=lambda row: (row[0].day, row[0].person)):
            yield place.person, Day(place.day, *counters)

    def audit(self, group: str) -> Iterator[AuditRow]:
        """Every decision, in the order in which it was made."""
        return (row for row in list(self._audit) if row.group == group)

    def outbox(self, group: str) -> Iterator[OutboxRow]:
        """Every effect, in the order in which it was decided."""
        return (row for row in list(self._outbox.values()) if row.group == group)

    def timers(self, group: str) -> Iterator[TimerRow]:
        """Timers that are set, by time, then workflow, then key."""
        yield from sorted((row for row in self._timers.values() if row.group == group), key=timer_order)

    def tasks(self, group: str) -> Iterator[TaskRow]:
        """Every task that was asked for, by kind and key."""
        return (row for place, row in sorted(self._tasks.items()) if place[0] == group)

    def dead_letters(self, group: str) -> Iterator[DeadLetter]:
        """Events that were set aside."""
        return (row for row in list(self._letters.values()) if row.group == group)

    def every_record(self, group: str, slot: Slot[Any]) -> Iterator[tuple[Member, Any]]:
        """Every member's record of a slot, leavers included, by person."""
        for place in sorted(self._records):
            if place.group == group and place.slot == slot.name and place.person > 0:
                yield member_of(self._seat(group, place.person)), self._records[place]

    def addresses(self) -> Mapping[tuple[str, str], str]:
        """(platform, address) to group key."""
        return dict(self._addresses)

    def _seat(self, group: str, person: PersonId, account: Account | None = None) -> Seat:
        if account is None:
            account = next(a for a, (p, _) in self._accounts.items() if p == self._owns.get(a, p) == person)
        who = self._accounts[account][1]
        seen, joined, left, inviter, tags, first = self._members.get((group, person), _STRANGER)
        _, name, kind, username, language = who
        own = self._owns.get(account)
        return Seat(person, account, name, kind, username, language, seen, joined, left, inviter, tags, own, first)

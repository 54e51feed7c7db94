"""One transaction on SQL, as the engine sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.sql import queries, rows
from adapters.sql.dialect import Session
from adapters.sql.erasing import forget
from adapters.sql.people import SqlPeople
from adapters.sql.persons import known
from adapters.sql.recognising import adopt
from adapters.sql.saving import save
from core.dossier import Known
from core.events import NO_DATA, TimerDue
from core.forgetting import Erased, Erasure, Recognise
from core.people import Account, Actor, PersonId, only_called
from core.ports import BalanceAt, Newcomer, RecordAt, Seat, TimerRow, Writes
from core.state import Day, Entry, Slot, Standing

_EVER = -(2**62)
_SEATED = 2 + rows.SEAT_OF.count(",")
"""Where a row of `queries.seats` comes to the records."""


class SqlUnit(SqlPeople):
    """Implements `core.ports.UnitOfWork`."""

    __slots__ = ("_recognise",)

    def __init__(self, session: Session, group_ids: dict[str, int], recognise: Recognise | None = None) -> None:
        super().__init__(session, group_ids)
        self._recognise = recognise

    def lock(self, groups: Sequence[str]) -> None:
        """See `UnitOfWork.lock`."""
        known = self._ids
        self.locked = known if all(group in known for group in groups) else self.make_groups(groups)
        self.session.lock_groups(sorted({rows.named(group) for group in groups}))

    def lock_all(self, groups: Sequence[str]) -> None:
        """See `UnitOfWork.lock_all`. Nobody can make a new group meanwhile."""
        self.session.lock_all_groups()
        self.locked = self.make_groups(groups)

    def unseen(self, ids: Sequence[str], at: datetime) -> set[str]:
        """See `UnitOfWork.unseen`."""
        now = rows.micros(at)
        by_name = {rows.named(id_): id_ for id_ in ids}
        return {by_name[name] for name in self.session.write_new(queries.SEEN, [(name, now) for name in by_name])}

    def seats(
        self, wanted: Sequence[tuple[str, Newcomer | Actor]], slots: Sequence[Slot[Any]] = ()
    ) -> Mapping[tuple[str, Account], Seat]:
        """See `UnitOfWork.seats`."""
        id_of = self._id_of
        names = tuple([rows.named(slot.name) for slot in slots])
        keys = [(id_of(group), *names, rows.kept(who.account)) for group, who in wanted]
        found = self._seats(wanted, keys, slots)
        if len(found) < len(wanted):
            missing = [who for group, who in wanted if (group, who.account) not in found]
            if missing:
                self._welcome(missing)
                found |= self._seats(wanted, keys, slots)
        return found

    def find(self, group: str, accounts: Sequence[Account]) -> Mapping[Account, Seat]:
        """See `UnitOfWork.find`."""
        gid = self._id_of(group)
        found = self.session.look_up(queries.seats(), [(gid, rows.kept(account)) for account in accounts])
        return {accounts[row[0]]: rows.seat_of(accounts[row[0]], row[1:]) for row in found}

    def find_named(self, group: str, names: Sequence[str], *, shown: bool = True) -> Mapping[str, Seat]:
        """See `UnitOfWork.find_named`."""
        gid = self._id_of(group)
        stored = {rows.shown(name): name for name in names}
        wanted = [(gid, at) for name in stored for at in rows.hashes(name)]
        bearers: dict[str, dict[PersonId, Seat]] = {name: {} for name in names}
        for row in self.session.look_up(queries.BEARERS, wanted):
            seat = rows.seat(row)
            username = (seat.username or "").casefold()
            if not shown and only_called(seat.account, username):
                continue
            for called in {seat.name.casefold() if shown else username, username} & stored.keys():
                found = bearers[stored[called]]
                if called == username or seat.person not in found:
                    found[seat.person] = seat
        return {name: next(iter(seats.values())) for name, seats in bearers.items() if len(seats) == 1}

    def records(self, wanted: Sequence[tuple[RecordAt, Slot[Any]]]) -> Mapping[RecordAt, object]:
        """See `UnitOfWork.records`."""
        id_of = self._id_of
        found = self.session.look_up(queries.RECORDS, [(id_of(at[0]), at[2], at[1]) for at, _ in wanted])
        result: dict[RecordAt, object] = {}
        for n, value in found:
            at, slot = wanted[n]
            result[at] = rows.unpacked(value, slot.type)
        return result

    def everyone(self, group: str, slot: Slot[Any]) -> Sequence[tuple[Seat, Any]]:
        """See `UnitOfWork.everyone`."""
        gid = self._id_of(group)
        seats = [(rows.seat(row[1:]), row[0]) for row in self.session.ask(queries.EVERYONE, (gid, slot.name))]
        return [
            (seat, rows.unpacked(value, slot.type))
            for seat, value in seats
            if seat.left is None and seat.seen is not None
        ]

    def present(self, group: str) -> Sequence[Seat]:
        """See `UnitOfWork.present`."""
        seats = [rows.seat(row) for row in self.session.ask(queries.PRESENT, (self._id_of(group),))]
        return [seat for seat in seats if seat.left is None and seat.seen is not None]

    def balances(self, wanted: Sequence[BalanceAt]) -> Mapping[BalanceAt, int]:
        """See `UnitOfWork.balances`."""
        result = dict.fromkeys(wanted, 0)
        keys = [(self._id_of(at.group), at.person, rows.recurring(at.kind)) for at in wanted]
        for n, amount in self.session.look_up(queries.BALANCES, keys):
            result[wanted[n]] = amount
        return result

    def entries(
        self, wanted: Sequence[tuple[BalanceAt, datetime | None]]
    ) -> Mapping[tuple[BalanceAt, datetime | None], list[Entry]]:
        """See `UnitOfWork.entries`."""
        result: dict[tuple[BalanceAt, datetime | None], list[Entry]] = {asked: [] for asked in wanted}
        for row in self.session.look_up(queries.ENTRIES, self._windows(wanted)):
            result[wanted[row[0]]].append(rows.entry(row[1:]))
        return result

    def given(self, wanted: Sequence[tuple[BalanceAt, datetime]]) -> Mapping[tuple[BalanceAt, datetime], list[Entry]]:
        """See `UnitOfWork.given`."""
        result: dict[tuple[BalanceAt, datetime], list[Entry]] = {asked: [] for asked in wanted}
        for row in self.session.look_up(queries.GIVEN, self._windows(wanted)):
            result[wanted[row[0]]].append(rows.entry(row[1:]))
        return result

    def days(self, wanted: Sequence[tuple[str, PersonId, date]]) -> Mapping[tuple[str, PersonId, date], list[Day]]:
        """See `UnitOfWork.days`."""
        result: dict[tuple[str, PersonId, date], list[Day]] = {asked: [] for asked in wanted}
        keys = [(self._id_of(group), person, since.toordinal()) for group, person, since in wanted]
        for n, day, *counters in self.session.look_up(queries.DAYS, keys):
            result[wanted[n]].append(Day(date.fromordinal(day), *counters))
        return result

    def standings(self, group: str, kind: str, top: int, since: datetime | None) -> Sequence[Standing]:
        """See `UnitOfWork.standings`."""
        gid, name = self._id_of(group), rows.named(kind)
        if since is None:
            found = self.session.ask(queries.LEADERS, (gid, name, top))
        else:
            found = self.session.ask(queries.LEADERS_SINCE, (gid, name, rows.micros(since), gid, top))
        return [
            Standing(person, rows.account_of(account), shown, rows.KINDS[code], amount, facts, rows.instant(reached))
            for person, account, shown, code, amount, facts, reached in found
        ]

    def regulars(self, group: str, top: int, since: date) -> Sequence[Account]:
        """See `UnitOfWork.regulars`."""
        gid, day = self._id_of(group), since.toordinal()
        found = self.session.ask(queries.REGULARS, (day, gid, day, gid, top))
        return [rows.account_of(account) for (account,) in found]

    def timers_until(self, groups: Sequence[str], until: datetime) -> Sequence[TimerRow]:
        """See `UnitOfWork.timers_until`."""
        asked = set(groups)
        found = self.session.ask(queries.TIMERS_DUE, (rows.micros(until),))
        return [timer(row) for row in found if row[0] in asked]

    def timers(self, group: str, workflow: str) -> set[str]:
        """See `UnitOfWork.timers`."""
        found = self.session.ask(queries.TIMERS_OF, (self._id_of(group), rows.named(workflow)))
        return {key for (key,) in found}

    def timer_stands(self, wanted: Sequence[TimerDue]) -> set[str]:
        """See `UnitOfWork.timer_stands`."""
        ids = self.group_ids(event.group for event in wanted)
        keys = [(ids.get(e.group, 0), rows.named(e.workflow), rows.named(e.key), rows.micros(e.due)) for e in wanted]
        return {wanted[n].id for (n,) in self.session.look_up(queries.TIMERS_AT, keys)}

    def save(self, writes: Writes) -> None:
        """See `UnitOfWork.save`."""
        save(self, writes)

    def known(self, account: Account) -> Known | None:
        """See `core.forgetting.Forgetting.known`."""
        return known(self.session, account)

    def forget(self, erasure: Erasure) -> Erased:
        """See `core.forgetting.Forgetting.forget`."""
        return forget(self, erasure)

    def reached(self, name: str, number: int = 0) -> int:
        """See `core.forgetting.Forgetting.reached`."""
        ((reached,),) = self.session.ask(queries.REACH, (rows.named(name), number))
        return int(reached)

    def commit(self) -> None:
        """See `UnitOfWork.commit`."""
        self.session.commit()
        self._ids |= self._new_ids

    def _seats(
        self,
        wanted: Sequence[tuple[str, Newcomer | Actor]],
        keys: Sequence[tuple[Any, ...]],
        slots: Sequence[Slot[Any]],
    ) -> dict[tuple[str, Account], Seat]:
        result = {}
        for row in self.session.look_up(queries.seats(len(slots)), keys):
            group, who = wanted[row[0]]
            account = who.account
            seat = result[group, account] = rows.seat_of(account, row[1:_SEATED])
            values = row[_SEATED:]
            if any(values):
                seat.records = rows.readable(slots, values)
        return result

    def _welcome(self, newcomers: Iterable[Newcomer | Actor]) -> None:
        """Make a person for each account, in order, unless another process is faster."""
        first: dict[Account, Newcomer | Actor] = {}
        for who in newcomers:
            first.setdefault(who.account, who)
        self._add([(who, None, None) for who in first.values()])
        if self._recognise is not None:
            adopt(self.session, list(first), self._recognise)

    def _windows(self, wanted: Sequence[tuple[BalanceAt, datetime | None]]) -> list[tuple[int, int, str, int]]:
        return [
            (self._id_of(at.group), at.person, rows.named(at.kind), _EVER if since is None else rows.micros(since))
            for at, since in wanted
        ]


def timer(row: tuple[Any, ...]) -> TimerRow:
    """A row of `TIMERS_DUE`."""
    group, workflow, key, at, member, data, ring = row
    known = NO_DATA if data is None else rows.unpacked(data, dict[str, Any])
    return TimerRow(group, workflow, key, rows.instant(at), member, known, ring)

"""Reading it all back, for reports and exports: streams, each in the order of happening and the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from adapters.sql import queries, rows
from adapters.sql.dialect import Row
from adapters.sql.pool import Pool
from adapters.sql.saving import set_address
from adapters.sql.unit import SqlUnit, timer
from core.people import Member, PersonId
from core.ports import AuditRow, DeadLetter, OutboxRow, TimerRow
from core.state import Day, Entry, Slot


class SqlBooks:
    """Implements `core.books.Books`. Each stream sees the moment in which it was begun."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def people(self, group: str) -> Iterator[Member]:
        """Everyone seen in the group, by person."""
        return (rows.member(row) for row in self._stream(queries.PEOPLE, group))

    def facts(self, group: str) -> Iterator[Entry]:
        """The ledger, oldest first."""
        return (rows.entry(row) for row in self._stream(queries.FACTS, group))

    def activity(self, group: str) -> Iterator[tuple[PersonId, Day]]:
        """Every day of everyone, by day, then person."""
        found = self._stream(queries.EVERY_DAY, group)
        return ((person, Day(date.fromordinal(day), *counters)) for person, day, *counters in found)

    def audit(self, group: str) -> Iterator[AuditRow]:
        """Every decision, in the order in which it was made."""
        words = tuple[str, ...]
        for at, key, event, workflow, rule, person, mode, done, because in self._stream(queries.NOTES, group):
            then, why = rows.unpacked(done, words), rows.unpacked(because, words)
            yield AuditRow(rows.instant(at), key, event, workflow, rule, person, mode, then, why)

    def outbox(self, group: str) -> Iterator[OutboxRow]:
        """Every effect, in the order in which it was decided."""
        for id_, at, key, event, workflow, kind, effect, expires, platform, asker in self._stream(queries.SENT, group):
            what = rows.effect(kind, effect)
            until = rows.instant_or_none(expires)
            yield OutboxRow(id_, rows.instant(at), key, event, workflow, kind, what, until, platform, asker=asker)

    def timers(self, group: str) -> Iterator[TimerRow]:
        """Timers that are set, by time, then workflow, then key."""
        return (timer(row) for row in self._stream(queries.TIMERS, group))

    def dead_letters(self, group: str) -> Iterator[DeadLetter]:
        """Events that were set aside."""
        for id_, at, key, event, why in self._stream(queries.LETTERS, group):
            yield DeadLetter(id_, rows.instant(at), key, event, why)

    def every_record(self, group: str, slot: Slot[Any]) -> Iterator[tuple[Member, Any]]:
        """Every member's record of a slot, leavers included, by person."""
        found = self._stream(queries.EVERY_RECORD, group, slot.name)
        return ((rows.member(row[1:]), rows.unpacked(row[0], slot.type)) for row in found)

    def groups(self) -> list[str]:
        """The keys of all groups that anything was ever kept of, whether a file still names them or not."""
        return [key for (key,) in self._stream(queries.GROUPS)]

    def addresses(self) -> Mapping[tuple[str, str], str]:
        """(platform, address) to group key."""
        return {(platform, address): group for platform, address, group in self._stream(queries.ADDRESSES)}

    def set_address(self, group: str, platform: str, address: str) -> None:
        """Say where a group lives on a platform; its other address there is forgotten."""
        with self._pool.writing() as session:
            set_address(SqlUnit(session, {}), group, platform, address)
            session.commit()

    def _stream(self, text: str, *parameters: str) -> Iterator[Row]:
        with self._pool.lent() as session:
            yield from session.stream(text, tuple(rows.named(value) for value in parameters))

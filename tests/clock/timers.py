"""Timers and clocks for these tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from adapters.sql import SqlStore
from adapters.sql.clock import SqlClock
from core.ports import TimerRow, Writes

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def timer(group: str = "poets", key: str = "remind", at: datetime = NOON, ring: str = "r1") -> TimerRow:
    return TimerRow(group, "check_in", key, at, None, {}, ring)


def set_timers(store: SqlStore, timers: Iterable[TimerRow], dropped: Iterable[TimerRow] = ()) -> None:
    """Write timers as the engine does."""
    rows: dict[tuple[str, str, str], TimerRow | None] = {(t.group, t.workflow, t.key): t for t in timers}
    rows |= {(t.group, t.workflow, t.key): None for t in dropped}
    with store.unit() as unit:
        unit.lock(sorted({group for group, _, _ in rows}))
        unit.save(Writes(timers=rows))
        unit.commit()


class TestClock(SqlClock):
    """The timers of a store at an instant that the test says."""

    __test__ = False

    def __init__(self, store: SqlStore, at: datetime = NOON) -> None:
        super().__init__(store)
        self.at = at

    def now(self) -> datetime:
        return self.at

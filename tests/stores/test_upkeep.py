"""What a running process asks of a database besides batches."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.sql import SqlStore, open_store
from adapters.sql.tasks import SqlTasks
from adapters.sql.upkeep import SqlUpkeep
from core.ports import TaskRow, TimerRow, Writes

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def sql(url: str) -> Iterator[SqlStore]:
    """An empty store on each database."""
    store = open_store(url, durable=False)
    yield store
    store.close()


def set_timers(store: SqlStore, group: str, *seconds: int) -> None:
    rows = {
        (group, "alarm", str(at)): TimerRow(group, "alarm", str(at), START + timedelta(seconds=at), None, {}, "r")
        for at in seconds
    }
    with store.unit() as unit:
        unit.save(Writes(timers=dict(rows)))
        unit.commit()


def test_timers_come_oldest_first_and_no_more_than_asked_for(sql: SqlStore):
    set_timers(sql, "a", 30, 10, 20)
    set_timers(sql, "b", 15, 99)
    upkeep = SqlUpkeep(sql.pool)
    due = upkeep.due(("a", "b"), START + timedelta(seconds=30), 3)
    assert [(row.group, row.key) for row in due] == [("a", "10"), ("b", "15"), ("a", "20")]
    assert upkeep.due(("a", "b"), START, 3) == []
    assert upkeep.next_due(("a", "b")) == START + timedelta(seconds=10)


def test_timers_of_other_groups_stand_in_nobody_s_way(sql: SqlStore):
    set_timers(sql, "gone", *range(50))
    set_timers(sql, "a", 60)
    upkeep = SqlUpkeep(sql.pool)
    assert [row.key for row in upkeep.due(("a",), START + timedelta(hours=1), 5)] == ["60"]
    assert upkeep.next_due(("a",)) == START + timedelta(seconds=60)
    assert upkeep.next_due(()) is None


def test_what_was_seen_long_ago_is_forgotten_in_pieces(sql: SqlStore):
    for day in range(10):
        with sql.unit() as unit:
            unit.unseen([f"{day}:{n}" for n in range(3)], START + timedelta(days=day))
            unit.commit()
    upkeep = SqlUpkeep(sql.pool)
    before = START + timedelta(days=4)
    assert [upkeep.forget_seen(before, 5) for _ in range(4)] == [5, 5, 2, 0]
    with sql.unit() as unit:
        assert unit.unseen(["3:0", "4:0"], START + timedelta(days=20)) == {"3:0"}


def test_leases_of_a_process_that_is_gone_are_freed(sql: SqlStore):
    dispatch = sql.dispatch()
    assert dispatch.take_lease("courier", "dead", timedelta(minutes=1))
    assert not dispatch.take_lease("courier", "new", timedelta(minutes=1))
    SqlUpkeep(sql.pool).end_leases()
    assert dispatch.take_lease("courier", "new", timedelta(minutes=1))


def test_work_that_was_over_long_ago_is_forgotten_and_what_is_open_stays(sql: SqlStore):
    tasks = SqlTasks(sql)
    for day in range(4):
        row = TaskRow("a", "digest", f"daily:{day}", START + timedelta(days=day), None, {})
        with sql.unit() as unit:
            unit.lock(["a"])
            unit.save(Writes(tasks=[row]))
            unit.commit()
        if day != 1:
            (claimed,) = tasks.claim("digest", row.at + timedelta(days=9), timedelta(minutes=1), 2)[-1:]
            assert tasks.finish(claimed, "told", Writes())
    assert tasks.counts() == {"done": 3, "running": 1}
    before = START + timedelta(days=3)
    assert [sql.retention().drop_tasks(before) for _ in range(2)] == [2, 0]
    assert [one.key for one in tasks.told("done", 9)] == ["daily:3"]
    assert tasks.counts()["running"] == 1

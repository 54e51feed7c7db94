"""A machine whose clock is ten minutes ahead of the database's: what it serves keeps to the database's."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.sql import SqlStore, open_store
from adapters.sql.clock import SqlClock
from adapters.sql.upkeep import SqlUpkeep
from core.engine import Engine
from core.errors import StoreUnavailable
from core.events import Event, TimerDue
from core.ports import TimerRow, Writes
from core.workflow import Group
from jobs.serve.bell import Bell
from jobs.serve.clock import DatabaseClock, SystemClock
from tests.serve.scene import scene
from tests.support.patience import eventually

AHEAD = timedelta(minutes=10)
SECOND = timedelta(seconds=1)
LITTLE = AHEAD / 2
"""Longer than asking takes, also on a machine that is busy with other things."""


class Host(SystemClock):
    """A machine's clock that is so much ahead; how long things take it knows as well as any."""

    def __init__(self, ahead: timedelta = AHEAD) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.fixture
def store(new_url: Callable[[str], str]) -> Iterator[SqlStore]:
    """One that machines share."""
    with closing(open_store(new_url("postgres"), durable=False)) as opened:
        yield opened


def clock_of(store: SqlStore, host: Host) -> DatabaseClock:
    clock = DatabaseClock(host, SqlClock(store).now)
    clock.look()
    return clock


def test_it_shows_what_the_database_shows_and_never_more(store: SqlStore) -> None:
    clock = clock_of(store, Host())
    for _ in range(20):
        shown = clock.now()
        assert timedelta() <= SqlClock(store).now() - shown < LITTLE


def test_a_leap_of_the_machine_moves_nothing(store: SqlStore) -> None:
    host = Host(timedelta())
    clock = clock_of(store, host)
    host.ahead = AHEAD
    assert abs(SqlClock(store).now() - clock.now()) < LITTLE


def test_the_slowest_answers_are_not_believed() -> None:
    class Still(Host):
        def monotonic(self) -> float:
            return seconds[0]

    seconds, answers = [0.0], iter((0.4, 3.0, 0.1))
    start = datetime(2026, 3, 2, tzinfo=UTC)

    def asked() -> datetime:
        at = start + timedelta(seconds=seconds[0])
        seconds[0] += next(answers)
        return at

    clock = DatabaseClock(Still(), asked)
    clock.look()
    assert start + timedelta(seconds=seconds[0]) - clock.now() == timedelta(seconds=0.1)


def test_the_operator_is_told_once_that_the_machine_is_far_off(
    store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    host = Host()
    with caplog.at_level(logging.INFO, "yaji.clock"):
        clock = clock_of(store, host)
        clock.look()
        host.ahead = timedelta()
        clock.look()
    assert caplog.messages == [
        "this machine's clock is off by 600 seconds; the database's counts",
        "this machine's clock agrees with the database's again",
    ]


async def test_time_goes_on_while_there_is_no_database() -> None:
    class Patient(Host):
        async def sleep(self, seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 3:
                raise asyncio.CancelledError
            await asyncio.sleep(0)

    def away() -> datetime:
        raise StoreUnavailable("away")

    slept: list[float] = []
    with pytest.raises(asyncio.CancelledError):
        await DatabaseClock(Patient(), away).run()
    assert len(slept) == 3


async def test_no_timer_rings_early_on_a_machine_that_is_ahead(store: SqlStore) -> None:
    rung: list[str] = []
    now = SqlClock(store).now()
    rows = [
        TimerRow("g", "alarm", key, now + after, None, {})
        for key, after in (("soon", AHEAD / 2), ("later", AHEAD - SECOND), ("now", -SECOND))
    ]
    with store.unit() as unit:
        unit.lock(["g"])
        unit.save(Writes(timers={(row.group, row.workflow, row.key): row for row in rows}))
        unit.commit()

    class Inlet:
        async def take(self, events: Sequence[Event]) -> None:
            rung.extend(event.key for event in events if isinstance(event, TimerDue))
            Engine(store, {"g": Group(key="g")}).process(events)

    bell = Bell(SqlUpkeep(store.pool), Inlet(), lambda: ["g"], clock_of(store, Host()))
    running = asyncio.create_task(bell.run())
    await eventually(lambda: bool(rung))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert rung == ["now"]


async def test_a_process_goes_by_the_clock_of_the_database_it_shares(
    tmp_path: Path, new_url: Callable[[str], str]
) -> None:
    with scene(tmp_path) as here:
        async with here.served() as at_work:
            assert isinstance(at_work.clock, SystemClock)
        here.environment["YAJI_DATABASE_URL"] = new_url("postgres")
        async with here.served() as at_work:
            assert isinstance(at_work.clock, DatabaseClock)
            assert abs(SqlClock(at_work.store).now() - at_work.clock.now()) < LITTLE

"""Timers of the store ring when they are due: never early, each once, in bounded pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.sql import SqlStore, open_store
from adapters.sql.upkeep import SqlUpkeep
from core.decision import NOTHING, Decision, SetTimer
from core.engine import Engine
from core.errors import StoreUnavailable
from core.events import Event, MessagePosted, TimerDue
from core.people import Account, Actor
from core.workflow import Bound, Group, View, Workflow
from jobs.earshot import NEVER
from jobs.serve.bell import HELD, MOST, Bell
from tests.support.databases import new_sqlite
from tests.support.patience import PATIENCE, eventually
from workflows.options import Options

START = datetime(2026, 3, 2, tzinfo=UTC)


class Nothing(Options):
    """No options."""


def _set(event: Event, options: Nothing, view: View) -> Decision:
    """A message is the number of seconds after which its timer rings."""
    if not isinstance(event, MessagePosted):
        return NOTHING
    at = START + timedelta(seconds=float(event.text))
    return Decision(timers=(SetTimer(key=event.message, at=at),), because=("asked",))


ALARM = Workflow("alarm", Nothing, frozenset((MessagePosted, TimerDue)), lambda event, options: (), _set)


class Hours:
    """A clock whose time passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.at = START
        self.rested = asyncio.Event()

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.rested.set()
        await asyncio.sleep(0.001)
        self.at += timedelta(seconds=seconds)


class House:
    """A store, an engine and a bell over them."""

    def __init__(self, folder: Path) -> None:
        self.store: SqlStore = open_store(new_sqlite(folder / "bell.sqlite3"), durable=False)
        self.groups = {key: Group(key=key, runs=(Bound(ALARM, Nothing()),)) for key in ("a", "b")}
        self.engine = Engine(self.store, self.groups)
        self.hours = Hours()
        self.rang: list[tuple[str, float]] = []
        self.pieces: list[int] = []
        self.rang_last = START
        self.rung: Callable[[], object] = lambda: None
        self.fails = 0
        self.bell = Bell(SqlUpkeep(self.store.pool), self, lambda: self.groups, self.hours)

    def set_timers(self, *seconds: float, group: str = "a") -> None:
        self.engine.process(
            [
                MessagePosted(
                    id=f"{group}:{n}:{at}",
                    at=START,
                    group=group,
                    actor=Actor(account=Account("t:1")),
                    message=f"{n}-{at}",
                    text=str(at),
                )
                for n, at in enumerate(seconds)
            ]
        )

    async def take(self, events: Sequence[Event]) -> None:
        if self.fails:
            self.fails -= 1
            raise StoreUnavailable("away")
        self.pieces.append(len(events))
        self.rang_last = self.hours.at
        self.rung()
        for event in events:
            assert isinstance(event, TimerDue)
            assert event.due <= self.hours.at
            self.rang.append((event.group, (event.due - START).total_seconds()))
        self.engine.process(events)

    async def rings(self, count: int) -> None:
        """Until so many timers rang."""
        running = asyncio.create_task(self.bell.run())
        await eventually(lambda: len(self.rang) >= count or running.done())
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        self.store.close()


async def test_timers_ring_in_order_of_time_and_never_early(tmp_path):
    house = House(tmp_path)
    house.set_timers(90.0, 10.0, 45.5)
    await house.rings(3)
    assert [at for _, at in house.rang] == [10.0, 45.5, 90.0]


async def test_a_timer_set_while_the_bell_rests_rings_at_its_time(tmp_path):
    house = House(tmp_path)
    house.set_timers(25.0)
    running = asyncio.create_task(house.rings(2))
    await asyncio.wait_for(house.hours.rested.wait(), PATIENCE)
    house.set_timers(5.0, group="b")
    house.bell.wake()
    await running
    assert house.rang == [("b", 5.0), ("a", 25.0)]


async def test_what_is_overdue_rings_at_once_in_bounded_pieces(tmp_path):
    house = House(tmp_path)
    house.set_timers(*(n / 10 for n in range(250)))
    house.hours.at = START + timedelta(days=1)
    await house.rings(250)
    assert house.pieces == [MOST, MOST, 50]
    assert house.rang_last == START + timedelta(days=1)


async def test_timers_of_groups_that_nobody_serves_stay(tmp_path):
    house = House(tmp_path)
    house.set_timers(*(n / 1000 for n in range(150)))
    house.set_timers(5.0, group="b")
    del house.groups["a"]
    await house.rings(1)
    assert house.rang == [("b", 5.0)]


async def test_an_absent_database_only_delays(tmp_path):
    house = House(tmp_path)
    house.set_timers(1.0)
    house.fails = 3
    await house.rings(1)
    assert house.rang == [("a", 1.0)]


async def test_a_group_that_waits_is_passed_over_until_it_waits_no_more(tmp_path: Path):
    house = House(tmp_path)
    house.set_timers(*(n / 1000 for n in range(150)))
    house.set_timers(5.0, group="b")

    def waiting(now: datetime) -> dict[str, datetime]:
        return {"a": NEVER} if now < START + timedelta(seconds=20) else {}

    house.bell = Bell(SqlUpkeep(house.store.pool), house, lambda: house.groups, house.hours, waiting)
    await house.rings(151)
    assert house.rang[0] == ("b", 5.0)
    assert {group for group, _ in house.rang[1:]} == {"a"}
    assert START + timedelta(seconds=20) <= house.rang_last <= START + timedelta(seconds=20) + HELD


async def test_of_a_group_that_waits_what_has_waited_long_enough_rings_all_the_same(tmp_path: Path):
    house = House(tmp_path)
    house.set_timers(1.0, 2.0, 30.0)
    house.set_timers(50.0, group="b")
    late = timedelta(seconds=10)
    house.bell = Bell(
        SqlUpkeep(house.store.pool), house, lambda: house.groups, house.hours, lambda now: {"a": now - late}
    )
    at: list[float] = []
    house.rung = lambda: at.append((house.hours.at - START).total_seconds())
    await house.rings(4)
    assert house.rang == [("a", 1.0), ("a", 2.0), ("a", 30.0), ("b", 50.0)]
    assert [round(one) for one in at] == [11, 12, 40, 50]


async def test_while_a_group_waits_it_looks_twice_a_second_however_often_others_commit(tmp_path: Path):
    house, looks = House(tmp_path), 0

    def waiting(now: datetime) -> dict[str, datetime]:
        nonlocal looks
        looks += 1
        house.bell.wake()
        return {"b": NEVER}

    house.set_timers(5.25)
    house.bell = Bell(SqlUpkeep(house.store.pool), house, lambda: house.groups, house.hours, waiting)
    await house.rings(1)
    assert timedelta(seconds=5.25) <= house.rang_last - START <= timedelta(seconds=5.3)
    assert looks <= 2 * 5 + 6

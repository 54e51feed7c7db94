"""The scheduler on a clock of the test's own: what it rings for, what it does itself, and how long it sleeps."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from adapters.queue.rings import BellSilent, NobodyListens
from adapters.sql.clock import Due
from core.errors import StoreSpoiled, StoreUnavailable
from jobs.clock.scheduler import AGAIN_AFTER, CHUNK, GLANCE, Scheduler, chunks
from jobs.clock.tasks import FIRE, ringing
from tests.clock.timers import NOON, SECOND, TestClock, set_timers, timer


class MemoryBell:
    """Keeps what it was rung for; deaf when told to be."""

    def __init__(self) -> None:
        self.rung: list[list[str]] = []
        self.silent = ""
        self.listened = True

    def ring(self, queue, work, *arguments):
        if self.silent:
            raise BellSilent(self.silent)
        assert (queue, work) == ("timers", FIRE)
        self.rung.append([row[2] for row in arguments[0]])
        return "ring"

    def tend(self, queue):
        if self.silent:
            raise BellSilent(self.silent)
        if not self.listened:
            raise NobodyListens("no worker listens")


class Desk:
    """A scheduler, what it hears and what it says."""

    def __init__(self, store, bell=None):
        self.clock = TestClock(store)
        self.fired: list[str] = []
        self.told: list[str] = []
        self.ticks = 0.0
        self.scheduler = Scheduler(self.clock, bell, self._fire, told=self.told.append, ticks=lambda: self.ticks)

    def _fire(self, timers):
        self.fired += [due.key for due in timers]

    def step(self, after=timedelta()):
        self.clock.at += after
        self.ticks += after.total_seconds()
        return self.scheduler.step()


def test_it_sleeps_exactly_until_the_next_timer_and_a_glance_at_most(sqlite):
    desk = Desk(sqlite, MemoryBell())
    assert desk.step() == GLANCE
    set_timers(sqlite, [timer(at=NOON + timedelta(milliseconds=70))])
    assert desk.step() == timedelta(milliseconds=70)
    set_timers(sqlite, [timer(at=NOON + 60 * SECOND)])
    assert desk.step() == GLANCE


def test_it_rings_for_what_is_due_and_not_a_moment_early(sqlite):
    bell = MemoryBell()
    desk = Desk(sqlite, bell)
    set_timers(sqlite, [timer(key="now"), timer(key="later", at=NOON + timedelta(microseconds=1))])
    desk.step()
    assert bell.rung == [["now"]]
    desk.step(timedelta(microseconds=1))
    assert bell.rung == [["now"], ["later"]]
    assert desk.fired == []


def test_a_ring_that_was_lost_is_rung_again_and_one_that_stays_unanswered_is_done_here(sqlite):
    bell = MemoryBell()
    desk = Desk(sqlite, bell)
    set_timers(sqlite, [timer()])
    desk.step()
    desk.step(AGAIN_AFTER - SECOND)
    assert bell.rung == [["remind"]]
    desk.step(SECOND)
    assert bell.rung == [["remind"]] * 2
    desk.step(AGAIN_AFTER)
    assert bell.rung == [["remind"]] * 2
    assert desk.fired == ["remind"]
    assert [line for line in desk.told if "unanswered" in line] == desk.told
    assert len(desk.told) == 1


def test_without_redis_the_timers_fire_here_and_that_is_said_once(sqlite):
    bell = MemoryBell()
    bell.silent = "Redis cannot be used now: refused"
    desk = Desk(sqlite, bell)
    set_timers(sqlite, [timer(key=f"k{n}", at=NOON + n * SECOND / 2) for n in range(5)])
    for _ in range(5):
        desk.step(SECOND / 2)
    assert desk.fired == [f"k{n}" for n in range(5)]
    assert len(desk.told) == 1
    bell.silent = ""
    set_timers(sqlite, [timer(key="rung", at=NOON + 3 * SECOND)])
    desk.step(SECOND)
    assert bell.rung == [["rung"]]
    assert desk.told[1:] == ["workers are rung for again"]


def test_as_long_as_no_worker_listens_the_timers_fire_here_and_nothing_is_rung(sqlite):
    bell = MemoryBell()
    bell.listened = False
    desk = Desk(sqlite, bell)
    set_timers(sqlite, [timer(key=f"k{n}", at=NOON + n * SECOND / 2) for n in range(6)])
    for _ in range(7):
        desk.step(SECOND / 2)
    assert (desk.fired, bell.rung) == ([f"k{n}" for n in range(6)], [])
    assert desk.told == ["no worker listens; timers fire in this process meanwhile"]


def test_workers_gone_and_redis_gone_after_them_are_each_told_once(sqlite):
    bell = MemoryBell()
    desk = Desk(sqlite, bell)
    bell.listened = False
    desk.step(2 * SECOND)
    for silent in ("Redis cannot be used now: refused", "Redis did not answer a moment ago"):
        bell.silent = silent
        desk.step(2 * SECOND)
    bell.silent = ""
    desk.step(2 * SECOND)
    bell.listened = True
    desk.step(2 * SECOND)
    assert desk.told == [
        "no worker listens; timers fire in this process meanwhile",
        "Redis cannot be used now: refused; timers fire in this process meanwhile",
        "no worker listens; timers fire in this process meanwhile",
        "workers are rung for again",
    ]


def test_what_comes_due_in_a_busy_moment_is_rung_for_together(sqlite):
    bell = MemoryBell()
    desk = Desk(sqlite, bell)
    set_timers(sqlite, [timer(key=f"k{n:02}", at=NOON + n * SECOND / 50) for n in range(50)])
    pauses = []
    while len([key for rung in bell.rung for key in rung]) < 50:
        pauses.append(desk.step())
        desk.clock.at += pauses[-1]
    assert len(bell.rung) <= 6


def test_a_redis_that_falls_silent_in_the_middle_loses_nothing(sqlite):
    class Faltering(MemoryBell):
        def ring(self, *arguments):
            if len(self.rung) == 1:
                self.silent = "gone"
            return super().ring(*arguments)

    bell = Faltering()
    desk = Desk(sqlite, bell)
    names = [f"k{n:03}" for n in range(CHUNK * 3)]
    set_timers(sqlite, [timer(group=f"g{name}", key=name) for name in names])
    desk.step()
    assert sorted([key for rung in bell.rung for key in rung] + desk.fired) == names


def test_where_there_is_no_redis_at_all_everything_fires_here_in_parts(sqlite):
    desk = Desk(sqlite)
    set_timers(sqlite, [timer(group=f"g{n}", key=f"k{n:04}") for n in range(450)])
    desk.step()
    assert sorted(desk.fired) == [f"k{n:04}" for n in range(450)]
    assert desk.told == []


def test_two_schedulers_ring_for_each_timer_once(sqlite):
    bell = MemoryBell()
    one, other = Desk(sqlite, bell), Desk(sqlite, bell)
    set_timers(sqlite, [timer(key=f"k{n}", at=NOON + n * SECOND / 6) for n in range(20)])
    for _ in range(20):
        one.step(SECOND / 6)
        other.step(SECOND / 6)
    assert sorted(key for rung in bell.rung for key in rung) == sorted(f"k{n}" for n in range(20))


def test_a_store_that_cannot_be_reached_is_waited_for_and_said_once(sqlite):
    stop = threading.Event()
    told: list[str] = []

    class Unreachable(TestClock):
        asked = 0

        def now(self):
            self.asked += 1
            if self.asked < 4:
                raise StoreUnavailable("gone")
            stop.set()
            return self.at

    clock = Unreachable(sqlite)
    Scheduler(clock, None, lambda _: None, told=told.append).run(stop)
    assert told == ["the timers cannot be read, trying again: gone", "the store is back"]


def test_a_store_that_must_be_opened_anew_ends_it(sqlite):
    class Spoilt(TestClock):
        def now(self):
            raise StoreSpoiled("another file")

    with pytest.raises(StoreSpoiled, match="another file"):
        Scheduler(Spoilt(sqlite), None, lambda _: None).run(threading.Event())


def due(group, key="k"):
    return Due(group, "check_in", key, NOON, "r", 1)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [({"a": 1}, [1]), ({"a": 2, "b": 2}, [2, 2]), ({"a": 1, "b": 1, "c": 1}, [3]), ({"a": 7}, [3, 3, 1]),
     ({"a": 1, "b": 4}, [1, 3, 1]), ({}, [])],
    ids=["one", "groups stay whole", "several groups", "a big group", "a big group after another", "nothing"],
)  # fmt: skip
def test_timers_are_rung_for_in_chunks(sizes, expected):
    timers = [due(group, f"k{n}") for group, count in sizes.items() for n in range(count)]
    parts = list(chunks(timers, 3))
    assert [len(part) for part in parts] == expected
    assert sorted(timer for part in parts for timer in part) == sorted(timers)


def test_a_ring_names_timers_and_holds_nothing_of_theirs():
    assert ringing([due("poets")]) == [["poets", "check_in", "k", 1777896000000000, "r", 1]]

"""Redis emptied, away for minutes, begun again empty: each reminder comes, no later than it takes to look again."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from adapters.queue.rings import BellSilent
from adapters.sql import open_store
from jobs.clock.scheduler import AGAIN_AFTER, GLANCE, UNANSWERED, Scheduler
from tests.clock.conftest import needs_redis
from tests.clock.timers import NOON, TestClock, set_timers, timer
from tests.soak.oracle import judged
from tests.soak.own_redis import OwnRedis
from tests.soak.town import town
from tests.soak.world import GROUPS
from tests.support.patience import until

SECOND = timedelta(seconds=1)


class Away:
    """A bell whose rings are heard, lost, or refused, by the second of the clock; and what came of each timer when."""

    def __init__(self, store, how):
        self.clock, self._how = TestClock(store), how
        self.store = store
        self.done: dict[str, timedelta] = {}
        self.scheduler = Scheduler(
            self.clock, self, lambda due: self._do(row.key for row in due), told=lambda _: None, ticks=self._seconds
        )

    def _seconds(self):
        return (self.clock.at - NOON).total_seconds()

    def ring(self, queue, work, *arguments):
        how = self._how(self._seconds())
        if how == "away":
            raise BellSilent("away")
        if how == "heard":
            self._do(row[2] for row in arguments[0])
        return "ring"

    def tend(self, queue):
        if self._how(self._seconds()) == "away":
            raise BellSilent("away")

    def _do(self, keys):
        rows = {row.key: row for row in self.store.timers("poets")}
        found = [rows[key] for key in keys if key in rows]
        set_timers(self.store, (), found)
        self.done |= {row.key: self.clock.at - row.at for row in found}

    def lives(self, seconds):
        while self._seconds() < seconds:
            self.clock.at += max(self.scheduler.step(), timedelta(milliseconds=10))


@pytest.mark.parametrize(
    ("how", "seconds", "latest"),
    [
        (lambda at: "lost" if at < 30 else "heard", 60, UNANSWERED * AGAIN_AFTER),
        (lambda at: "lost" if int(at) % 7 == 3 else "heard", 60, AGAIN_AFTER),
        (lambda at: "away" if 20 < at < 620 else "heard", 640, timedelta(seconds=1)),
        (lambda at: "away" if 20 < at < 320 else "lost" if at < 360 else "heard", 400, UNANSWERED * AGAIN_AFTER),
    ],
    ids=["all rings are lost", "emptied now and then", "away for ten minutes", "away, then back and empty"],
)
def test_no_reminder_is_later_than_it_takes_to_look_again(sqlite, how, seconds, latest):
    set_timers(sqlite, [timer(key=f"k{n}", at=NOON + n * SECOND) for n in range(seconds)])
    away = Away(sqlite, how)
    away.lives(seconds + 30)
    assert len(away.done) == seconds
    assert min(away.done.values()) >= timedelta()
    assert max(away.done.values()) <= latest + 2 * GLANCE


@pytest.fixture
def sqlite(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", durable=False)) as opened:
        yield opened


_AWAY = "Redis cannot be used now"


@needs_redis
def test_with_real_processes_nothing_is_lost_and_nothing_said_twice():
    with tempfile.TemporaryDirectory(prefix="yaji-") as name:
        folder = Path(name)
        own = OwnRedis(folder)
        own.start()
        try:
            with town(folder, f"sqlite:///{folder}/store.sqlite3", 4, 3, redis_url=own.url) as made:
                made.happens(0)
                until(lambda: made.settled(), meanwhile=lambda: _flush(own))
                own.kill()
                made.happens(1)
                made.settle()
                until(lambda: _AWAY in made.log, lambda: made.log)
                made.happens(2)
                own.start()
                made.settle()
                made.happens(3)
                own.kill()
                own.start()
                made.settle()
                verdict = judged(made)
                log = made.log
        finally:
            own.kill()
    assert verdict.well, verdict
    assert verdict.copies == Counter({1: verdict.reminders + verdict.replies})
    assert verdict.reminders == 4 * GROUPS
    assert log.count(_AWAY) <= 4, "each of two schedulers, at most twice"


def _flush(own):
    with suppress(redis.RedisError):
        own.flush()

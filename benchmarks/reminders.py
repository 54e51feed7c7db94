"""Reminders that come due, and the processes that see to them: ours, and RQ's own scheduler.

`python -m benchmarks.reminders '{"role": "worker", ...}'` is one process; it prints {"ready": true}, works until
SIGTERM, and writes a line for each reminder into `log`: how late it was, in seconds.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import redis

from adapters.queue.rings import Bell, Link
from adapters.queue.worker import attend
from adapters.sql import SqlStore, open_store
from adapters.sql.clock import SqlClock
from core.decision import Decision
from core.effects import Say
from core.engine import Engine
from core.events import Event, TimerDue
from core.ports import TimerRow, Writes
from core.workflow import Bound, Group, View, Workflow
from jobs.clock.premises import Premises
from jobs.clock.scheduler import Scheduler
from jobs.clock.tasks import FIRE, Timers
from workflows.texts import Catalog

# isort: split
from rq import Queue, SimpleWorker

GROUPS = 1_000
_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Nothing:
    """The reminder has no options."""


def _decide(event: Event, options: Nothing, view: View) -> Decision:
    assert isinstance(event, TimerDue)
    return Decision(effects=(Say(words=(f"due {event.key}",)),), because=("reminded",))


REMINDER = Workflow("reminder", Nothing, frozenset((TimerDue,)), lambda event, options: (), _decide)


class Place:
    """What `Timers` needs of a home."""

    def __init__(self, store: SqlStore) -> None:
        self.clock = SqlClock(store)
        texts = Catalog.shipped()
        self.groups: Mapping[str, Group] = {
            key: Group(key=key, runs=(Bound(REMINDER, Nothing()),), platforms=("telegram",), texts=texts)
            for key in names()
        }
        self.engine = Engine(store, self.groups)

    def timers(self) -> Timers:
        """The work of a ring."""
        return Timers(cast(Premises, self))


def names() -> list[str]:
    """The groups."""
    return [f"g{n:04}" for n in range(GROUPS)]


def promise(store: SqlStore, instants: Sequence[datetime], ring: str) -> None:
    """Set one reminder for each instant, over all groups in turn."""
    keys = names()
    rows = [TimerRow(keys[n % GROUPS], "reminder", f"{ring}-{n}", at, None, {}, ring) for n, at in enumerate(instants)]
    for start in range(0, len(rows), 5_000):
        part = rows[start : start + 5_000]
        with store.unit() as unit:
            unit.lock(sorted({row.group for row in part}))
            unit.save(Writes(timers={(row.group, row.workflow, row.key): row for row in part}))
            unit.commit()


def spread(count: int, begin: datetime, seconds: float) -> list[datetime]:
    """So many instants, evenly spread."""
    return [begin + timedelta(seconds=seconds * n / count) for n in range(count)]


@contextmanager
def process(role: str, **asked: Any) -> Iterator[subprocess.Popen[str]]:
    """A process at work."""
    told = json.dumps({"role": role, **asked})
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.reminders", told], stdout=subprocess.PIPE, text=True
    ) as started:
        try:
            assert started.stdout is not None
            if not started.stdout.readline():
                raise RuntimeError(f"{role} did not start")
            yield started
        finally:
            if started.poll() is None:
                started.terminate()
                try:
                    started.wait(20)
                except subprocess.TimeoutExpired:
                    started.kill()


def lateness(log: Path) -> list[float]:
    """What was written, in order of size."""
    return sorted(float(line) for line in log.read_text().split()) if log.exists() else []


# the processes


def _noted(log: Path) -> Callable[[Sequence[float]], None]:
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(found: Sequence[float]) -> None:
        os.write(out, "".join(f"{late:.6f}\n" for late in found).encode())

    return note


def _worker(asked: Mapping[str, Any]) -> None:
    timers, note = Place(open_store(asked["url"])).timers(), _noted(Path(asked["log"]))

    def answer(written: Sequence[Sequence[Any]]) -> None:
        timers.answer(written)  # returns when everything is committed: the last one's time counts for all
        now = time.time()
        note([now - row[3] / 1_000_000 for row in written])

    _ready()
    attend(Link(None, Path(asked["redis"])), "timers", {FIRE: answer})


def _scheduler(asked: Mapping[str, Any]) -> None:
    store, stop, link = open_store(asked["url"]), threading.Event(), Link(None, Path(asked["redis"]))
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    place, note = Place(store), _noted(Path(asked["log"]))

    def fire(due: Sequence[Any]) -> None:
        place.timers().fire(due)
        now = time.time()
        note([now - row.at.timestamp() for row in due])

    _ready()
    Scheduler(place.clock, Bell(link), fire).run(stop)
    link.close()


def _rq(asked: Mapping[str, Any]) -> None:
    """A worker of RQ's with its own scheduler, no fork for each job: the fastest that it has."""
    connection = redis.Redis.from_url(asked["redis_url"])
    os.environ["BENCH_LOG"] = asked["log"]
    worker = SimpleWorker([Queue("bench", connection=connection)], connection=connection)
    _ready()
    worker.work(with_scheduler=True, logging_level="ERROR")


def rq_remind(due: float) -> None:
    """What RQ runs: nothing but saying how late it is."""
    with Path(os.environ["BENCH_LOG"]).open("a") as log:
        log.write(f"{time.time() - due:.6f}\n")


def _ready() -> None:
    print(json.dumps({"ready": True}), flush=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    given = json.loads(sys.argv[1])
    {"worker": _worker, "scheduler": _scheduler, "rq": _rq}[given["role"]](given)

"""Forks of RQ's workers that are killed amid a job: ours, whose task has a lease, and RQ's own with its retries.

`python -m benchmarks.recovery_forks` prints the table. A job takes a second, which is in the numbers. Nothing tells
anybody that a process died: supervisors begin a worker again at once, and that is all.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import redis

from adapters.queue.rings import Bell, Link
from adapters.queue.worker import MAINTENANCE, MONITORING, WORKER_LIVES, attend
from core.ports import TaskRow, Writes
from jobs.clock.premises import Premises
from jobs.digest.task import BUILD, Tasks
from jobs.serve.clock import Clock
from jobs.serve.errands import LOOK, Errands
from jobs.serve.roster import Roster
from tests.support.postgres import private_postgres

# isort: split
from rq import Queue, Retry, Worker

TIMES = 3
PATIENCE = 150.0
TAKES = 1.0
KILLED = ("the fork", "the worker", "the worker and its fork")
TUNED = {"worker_ttl": WORKER_LIVES, "maintenance_interval": MAINTENANCE, "job_monitoring_interval": MONITORING}


def table() -> None:
    """Measure and print."""
    print(f"\nSeconds from a kill amid a job of {TAKES:g} s to its end, the longest of {TIMES}; begun again at once\n")
    print("| killed | a digest, SQLite | a digest, PostgreSQL | RQ with `Retry`, our settings | RQ's defaults |")
    print("|---|---|---|---|---|")
    with private_postgres(durable=True) as server:
        for killed in KILLED:
            ours = [
                max(_digest(url(), killed) for _ in range(TIMES))
                for url in (lambda: None, lambda: server.new_database())
            ]
            told = [f"{seconds:.1f}" for seconds in ours] + [_rq(killed, TUNED), _rq(killed, {})]
            print(f"| {killed} | {' | '.join(told)} |", flush=True)


def _digest(url: str | None, killed: str) -> float:
    """A digest as `yaji serve` sees to it, whose worker is killed amid the drawing."""
    with tempfile.TemporaryDirectory(prefix="yb-", dir="/tmp") as name, ExitStack() as stack:
        home, environment = Path(name), {"YAJI_DATABASE_URL": url or f"sqlite:///{name}/books.sqlite3"}
        _write(home)
        premises = stack.enter_context(closing(Premises(home, environment)))
        link = stack.enter_context(closing(Link(None, home / "data" / "redis")))
        link.open()
        errands = Errands(cast(Roster, premises), premises.store, cast(Clock, None), str, link)
        worker = _Begun({"role": "ours", "home": name, "environment": environment, "mark": f"{name}/mark"}, stack)
        bell = stack.enter_context(closing(Bell(link)))
        _await(lambda: bool(bell.listeners("digests")))
        now = datetime.now(UTC)
        row = TaskRow("tea", "digest", f"daily:{now.date()}", now, None, {"digest": "daily", "day": str(now.date())})
        with premises.store.unit() as unit:
            unit.lock([row.group])
            unit.save(Writes(tasks=[row]))
            unit.commit()
        looked = 0.0

        def look() -> None:
            nonlocal looked
            if time.monotonic() - looked >= LOOK:
                looked = time.monotonic()
                errands.look()

        _await(lambda: (home / "mark").exists(), look)
        begun = worker.strike(killed, home / "mark")
        _await(lambda: any(True for _ in premises.store.outbox("tea")), look)
        return time.monotonic() - begun


def _rq(killed: str, settings: Mapping[str, int]) -> str:
    """The same job as RQ's own, tried again by RQ's own means."""
    with tempfile.TemporaryDirectory(prefix="yb-", dir="/tmp") as name, ExitStack() as stack:
        folder = Path(name)
        link = stack.enter_context(closing(Link(None, folder / "redis")))
        url = f"unix://{folder / 'redis' / 'redis.sock'}"
        queue = Queue("bench", connection=link.open())
        worker = _Begun({"role": "rq", "url": url, "settings": dict(settings), "mark": f"{name}/mark"}, stack)
        queue.enqueue("benchmarks.recovery_forks.rq_job", f"{name}/mark", retry=Retry(max=3))
        _await(lambda: (folder / "mark").exists())
        begun = worker.strike(killed, folder / "mark")
        try:
            _await(lambda: (folder / "mark.done").exists())
        except TimeoutError:
            return f"not in {PATIENCE:.0f}"
        return f"{time.monotonic() - begun:.1f}"


class _Begun:
    """A worker process, and what becomes of it."""

    def __init__(self, told: Mapping[str, Any], stack: ExitStack) -> None:
        self._told, self._stack = told, stack
        self._process = stack.enter_context(_process(told))

    def strike(self, killed: str, mark: Path) -> float:
        """kill -9 what is named, and begin a worker again where there is none. The instant of the kill."""
        fork = int(mark.read_text())
        at = time.monotonic()
        if killed != "the fork":
            self._process.kill()
        if killed != "the worker":
            os.kill(fork, signal.SIGKILL)
        if killed != "the fork":
            self._process = self._stack.enter_context(_process(self._told))
        return at


@contextmanager
def _process(told: Mapping[str, Any]) -> Iterator[subprocess.Popen[bytes]]:
    command = (sys.executable, "-m", "benchmarks.recovery_forks", json.dumps(told))
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as begun:
        try:
            yield begun
        finally:
            begun.terminate()
            try:
                begun.wait(10)
            except subprocess.TimeoutExpired:
                begun.kill()


def _write(home: Path) -> None:
    (home / "communities").mkdir(parents=True)
    (home / "communities" / "tea.yaml").write_text(
        "community: {name: Tea, timezone: UTC, languages: [en], groups: {tea: null}}\n"
        'digests: {daily: {at: "20:00", sections: [activity], chart: messages_by_day}}\n',
        encoding="utf-8",
    )


def _await(done: Callable[[], bool], meanwhile: Callable[[], object] = bool) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > until:
            raise TimeoutError
        meanwhile()
        time.sleep(0.01)


# The processes


def _take(mark: str) -> None:
    """Say who is at work, and work."""
    written = Path(f"{mark}.{os.getpid()}")
    written.write_text(str(os.getpid()))
    written.replace(mark)
    time.sleep(TAKES)


def rq_job(mark: str) -> None:
    """What RQ runs."""
    _take(mark)
    Path(f"{mark}.done").touch()


def _ours(told: Mapping[str, Any]) -> None:
    home, mark = Path(told["home"]), told["mark"]

    def draw(chart: object, language: str) -> bytes:
        _take(mark)
        return b"PNG"

    def build(*arguments: object) -> None:
        with closing(Premises(home, told["environment"])) as premises:
            Tasks(premises, draw).answer()

    attend(Link(None, home / "data" / "redis"), "digests", {BUILD: build})


def _theirs(told: Mapping[str, Any]) -> None:
    connection = redis.Redis.from_url(told["url"])
    Worker([Queue("bench", connection=connection)], connection=connection, **told["settings"]).work(
        logging_level="ERROR", with_scheduler=True
    )


if __name__ == "__main__":
    if len(sys.argv) == 1:
        table()
    else:
        asked = json.loads(sys.argv[1])
        {"ours": _ours, "rq": _theirs}[asked["role"]](asked)

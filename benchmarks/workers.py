"""What a second worker brings, and what takes the processor meanwhile: reminders, which are the database's work, and
digests with charts, which are the worker's own.

PostgreSQL runs beside the workers on the same machine: where it takes a core, two cores hold no two workers.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adapters.queue.rings import Bell, Link
from adapters.sql import SqlStore, open_store
from adapters.sql.tasks import SqlTasks
from benchmarks.reminders import lateness, process, promise
from core.people import Account, ActorKind
from core.ports import DayAt, Newcomer, TaskRow, Writes
from jobs.digest.task import BUILD
from tests.support.postgres import PrivatePostgres, private_postgres

ROUNDS = 3
GROUPS, MEMBERS, DAYS = 60, 40, 14
PATIENCE = 180.0
_TICKS = os.sysconf("SC_CLK_TCK")

Run = tuple[float, Mapping[str, float]]
"""Pieces of work a second, and milliseconds of the processor for each piece by kind of process."""


def table(reminders: int) -> None:
    """Measure and print both."""
    with private_postgres(durable=True) as server:
        print(f"\n{reminders:,} reminders due at once on PostgreSQL (fsync on), one scheduler\n")
        _print([(_reminders(server, 1, reminders), _reminders(server, 2, reminders)) for _ in range(ROUNDS)])
        print(f"\n{GROUPS} digests of a week with a chart each, on PostgreSQL\n")
        _print([(_digests(server, 1), _digests(server, 2)) for _ in range(ROUNDS)])


def _print(rounds: list[tuple[Run, Run]]) -> None:
    kinds = list(rounds[0][0][1])
    print(f"| workers | each second | of one | {' | '.join(f'{kind}, ms' for kind in kinds)} |")
    print(f"|---|---|---|{'---|' * len(kinds)}")
    ratios = [two[0] / one[0] for one, two in rounds]
    shares = ("1", f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    for n, share in enumerate(shares):
        runs = [both[n] for both in rounds]
        spent = " | ".join(f"{statistics.median(run[1][kind] for run in runs):.2f}" for kind in kinds)
        print(f"| {n + 1} | {statistics.median(run[0] for run in runs):,.0f} | {share} | {spent} |")
    alone = [one[1] for one, _ in rounds]
    serial = statistics.median(spent["workers"] + spent["PostgreSQL"] for spent in alone)
    every = statistics.median(sum(spent.values()) for spent in alone)
    print(
        f"\nTwo cores hold {2 * serial / every:.2f} times one worker with the database that waits for it, and no more."
    )


# Reminders


def _reminders(server: PrivatePostgres, workers: int, count: int) -> Run:
    with tempfile.TemporaryDirectory(prefix="yb-", dir="/tmp") as name, ExitStack() as stack:
        folder, url = Path(name), server.new_database()
        asked = {"url": url, "log": str(folder / "log"), "redis": str(folder / "redis")}
        store = stack.enter_context(closing(open_store(url)))
        bell, kinds = _heard(stack, folder / "redis")
        kinds |= {
            "workers": [stack.enter_context(process("worker", **asked)).pid for _ in range(workers)],
            "PostgreSQL": [server.process.pid],
        }
        _await(lambda: bell.listeners("timers") == workers)
        promise(store, [datetime.now(UTC) - timedelta(seconds=1)] * count, "r")
        begun = {kind: _spent(pids) for kind, pids in kinds.items()}
        kinds["scheduler"] = [stack.enter_context(process("scheduler", **asked)).pid]
        begun["scheduler"] = _spent(kinds["scheduler"])
        _await(lambda: len(lateness(folder / "log")) >= count)
        spent = {kind: (_spent(pids) - begun[kind]) / count * 1000 for kind, pids in kinds.items()}
        found = lateness(folder / "log")  # all were due at one instant, so this is when each was done
        return (len(found) - found.count(found[0])) / (found[-1] - found[0]), spent


# Digests


def _digests(server: PrivatePostgres, workers: int) -> Run:
    with tempfile.TemporaryDirectory(prefix="yb-", dir="/tmp") as name, ExitStack() as stack:
        home, url = Path(name), server.new_database()
        _write(home)
        store = stack.enter_context(closing(open_store(url)))
        day = datetime.now(UTC).date()
        _live(store, day)
        bell, kinds = _heard(stack, home / "data" / "redis")
        kinds |= {
            "workers": [stack.enter_context(_worker(home, url)) for _ in range(workers)],
            "PostgreSQL": [server.process.pid],
        }
        tasks = SqlTasks(store)
        _await(lambda: bell.listeners("digests") == workers)
        now = datetime.now(UTC)
        data = {"digest": "weekly", "day": day.isoformat()}
        asked = [TaskRow(f"g{n}", "digest", f"weekly:{day}", now, now + timedelta(days=1), data) for n in range(GROUPS)]
        with store.unit() as unit:
            unit.lock([row.group for row in asked])
            unit.save(Writes(tasks=asked))
            unit.commit()
        begun = {kind: _spent(pids) for kind, pids in kinds.items()}
        clock = time.monotonic()
        bell.wake("digests", BUILD, GROUPS)
        _await(lambda: len(tasks.told("done", GROUPS)) == GROUPS)
        took = time.monotonic() - clock
        return GROUPS / took, {kind: (_spent(pids) - begun[kind]) / GROUPS * 1000 for kind, pids in kinds.items()}


def _write(home: Path) -> None:
    lines = ["community:", "  name: 晨读营", "  timezone: UTC", "  languages: [zh]", "  groups:"]
    lines += [f"    g{n}: null" for n in range(GROUPS)]
    lines += ["digests:", '  weekly: {at: "sun 20:00", sections: [activity, new_members], chart: messages_by_day}']
    (home / "communities").mkdir(parents=True)
    (home / "communities" / "a.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _live(store: SqlStore, last: date) -> None:
    """Two weeks in which everybody says something."""
    people = [
        Newcomer(Account(f"telegram:{n}"), f"成员{n}", ActorKind.PERSON, None, None) for n in range(1, MEMBERS + 1)
    ]
    groups = [f"g{n}" for n in range(GROUPS)]
    with store.unit() as unit:
        unit.lock(groups)
        writes = Writes()
        for (group, _), seat in unit.seats([(group, who) for group in groups for who in people]).items():
            seat.seen = datetime.now(UTC)
            writes.seats.append((group, seat))
            for n in range(DAYS):
                writes.days[DayAt(group, seat.person, last - timedelta(days=n))] = [n + 1, 0, 0, 0, 0, 0]
        unit.save(writes)
        unit.commit()


@contextmanager
def _worker(home: Path, url: str) -> Iterator[int]:
    """A worker of digests as `yaji serve` begins them."""
    command = (sys.executable, "-m", "jobs.clock.child", str(home), "digests")
    told = {**os.environ, "YAJI_DATABASE_URL": url}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=told) as begun:
        try:
            yield begun.pid
        finally:
            begun.terminate()


# What the processor did


def _heard(stack: ExitStack, folder: Path) -> tuple[Bell, dict[str, list[int]]]:
    """A bell on a Redis of our own, and the process of that."""
    link = stack.enter_context(closing(Link(None, folder)))
    bell = stack.enter_context(closing(Bell(link)))
    bell.lengths()
    assert link.embedded is not None
    assert link.embedded.pid is not None
    return bell, {"Redis": [link.embedded.pid]}


def _spent(pids: list[int]) -> float:
    """Seconds of the processor of processes, and of those that they began."""
    families = {int(file.parent.name): _stat(file) for file in Path("/proc").glob("[0-9]*/stat")}
    return (
        sum(
            sum(map(int, stat[11:13])) + (sum(map(int, stat[13:15])) if pid in pids else 0)
            for pid, stat in families.items()
            if stat and (pid in pids or int(stat[1]) in pids)
        )
        / _TICKS
    )


def _stat(file: Path) -> list[str]:
    """What the kernel tells of a process, from its state on; nothing of one that is gone."""
    try:
        return file.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _await(done: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("the work did not end in time")
        time.sleep(0.02)

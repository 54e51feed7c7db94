"""The table of the clockwork: reminders against RQ's own scheduler, pacing against what no plan can beat.

    python -m benchmarks.clockwork                      all of it (about six minutes)
    python -m benchmarks.clockwork --only lateness      one of: lateness, pacing, recovery, growth, workers

Peers are measured in the same run on the same machine. Lateness of ours counts until the commit of the whole part that
a reminder was decided in; RQ's counts until its job begins.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis

from adapters.queue.rings import Link
from adapters.sql import open_store
from adapters.sql.clock import SqlClock
from benchmarks import recovery, workers
from benchmarks.reminders import Place, lateness, process, promise, rq_remind, spread
from core.pacing import Limits, Pacer
from jobs.clock.scheduler import AGAIN_AFTER

# isort: split
from rq import Queue

SHORT_PATH = "/tmp"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clockwork", description=__doc__)
    parser.add_argument("--only", choices=tuple(PARTS), action="append")
    parser.add_argument("--reminders", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60.0, help="in how many seconds they come due")
    asked = parser.parse_args()
    for name in asked.only or PARTS:
        PARTS[name](asked)


# 10,000 in a minute


def lateness_table(asked: argparse.Namespace) -> None:
    """How late reminders are that come due within a minute, and whether any is early."""
    ours, rq = _ours(asked.reminders, asked.seconds), _rq(asked.reminders, asked.seconds)
    print(
        f"\n{asked.reminders:,} reminders due in {asked.seconds:.0f} s, spread evenly; SQLite, 1 scheduler, 1 worker\n"
    )
    print("| | came | p50 late | p99 late | latest | earliest |\n|---|---|---|---|---|---|")
    for name, found in (("ours, to the commit", ours), ("RQ enqueue_at, --with-scheduler, to the job's begin", rq)):
        told = [f"{_share(found, q) * 1000:,.0f} ms" for q in (0.5, 0.99, 1.0)] if found else ["-"] * 3
        early = f"{found[0] * 1000:+,.0f} ms" if found else "-"
        print(f"| {name} | {len(found):,} | {' | '.join(told)} | {early} |")
    if ours and rq:
        print(f"\np99 of ours is {_share(ours, 0.99) / _share(rq, 0.99):.2f} of RQ's.")


def _ours(count: int, seconds: float) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="yb-", dir=SHORT_PATH) as name:
        folder = Path(name)
        url, log = f"sqlite:///{folder / 'store.sqlite3'}", folder / "log"
        asked = {"url": url, "log": str(log), "redis": str(folder / "redis")}
        with closing(open_store(url)) as store:
            promise(store, spread(count, datetime.now(UTC) + timedelta(seconds=12), seconds), "r")
        with process("scheduler", **asked), process("worker", **asked):
            _await(log, count, seconds + 60)
        return lateness(log)


def _rq(count: int, seconds: float) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="yb-", dir=SHORT_PATH) as name:
        folder = Path(name)
        link = Link(None, folder / "redis")
        try:
            url = f"unix://{folder / 'redis' / 'redis.sock'}"
            link.open()
            queue = Queue("bench", connection=redis.Redis.from_url(url))
            for due in spread(count, datetime.now(UTC) + timedelta(seconds=count / 1_000 + 10), seconds):
                queue.enqueue_at(due, rq_remind, due.timestamp(), result_ttl=0)
            with process("rq", redis_url=url, log=str(folder / "log")):
                _await(folder / "log", count, seconds + 150)
            return lateness(folder / "log")
        finally:
            link.close()


def _await(log: Path, count: int, patience: float) -> None:
    until = time.monotonic() + patience
    while len(lateness(log)) < count and time.monotonic() < until:
        time.sleep(0.5)


def _share(found: Sequence[float], share: float) -> float:
    return found[min(len(found) - 1, int(share * len(found)))]


# Telegram's limits, on a clock that is read and never waited for


def pacing_table(asked: argparse.Namespace) -> None:
    """How near to the bound that no plan can beat the plan comes, and whether any window holds too much."""
    work = {
        "1 group of 300 and 5,000 of 1": [("big", 300), *((f"c{n}", 1) for n in range(5_000))],
        "10 groups of 200": [(f"g{n}", 200) for n in range(10)],
        "10,000 groups of 1": [(f"c{n}", 1) for n in range(10_000)],
    }
    print("\nPacing under 30 in any second, 1 s between two in a chat, 20 in any minute in a group (virtual clock)\n")
    print("| messages | bound | plan | of the bound | as shipped* | violations |\n|---|---|---|---|---|---|")
    for name, held in work.items():
        strict, shipped = _planned(held, Limits(slack=0.0)), _planned(held, Limits())
        bound = _bound(held)
        broken = _violations(strict) + _violations(shipped)
        shares = f"{bound / strict[-1][0]:.1%} | {bound / shipped[-1][0]:.1%}"
        print(f"| {name} | {bound:,.0f} s | {strict[-1][0]:,.1f} s | {shares} | {broken} |")
    print("\n\\* with 15 ms added to each second, because requests do not arrive in the order of their going.")


def _planned(work: list[tuple[str, int]], limits: Limits) -> list[tuple[float, str]]:
    pacer, now = Pacer(limits), 0.0
    log: list[tuple[float, str]] = []
    for chat, count in work:
        for n in range(count):
            pacer.offer(f"{chat}/{n}", chat, 1)
    while len(log) < sum(count for _, count in work):
        key = pacer.next(now)
        if isinstance(key, str):
            log.append((now, key.split("/")[0]))
            pacer.sent(key, now)
        else:
            now += key
    return log


def _bound(work: list[tuple[str, int]]) -> float:
    total, longest = sum(count for _, count in work), max(count for _, count in work)
    return max((total - 1) // 30, (longest - 1) // 20 * 60 + (longest - 1) % 20)


def _violations(log: list[tuple[float, str]]) -> int:
    chats: dict[str, list[float]] = defaultdict(list)
    for at, chat in log:
        chats[chat].append(at)

    def broken(times: list[float], count: int, span: float) -> int:
        return sum(late - early < span - 1e-6 for early, late in zip(times, times[count:], strict=False))

    of_chats = sum(broken(times, 1, 1.0) + broken(times, 20, 60.0) for times in chats.values())
    return broken([at for at, _ in log], 30, 1.0) + of_chats


# Growth


def growth_table(asked: argparse.Namespace) -> None:
    """What a due timer costs while more and more others wait."""
    print("\nCost of a due timer while others wait (SQLite, one process: claim, read, decide, commit; 5 x 1,000 due)\n")
    print("| waiting | ms each | of the first |\n|---|---|---|")
    first = 0.0
    for waiting in (1_000, 10_000, 100_000, 1_000_000):
        cost = statistics.median(_cost(waiting))
        first = first or cost
        print(f"| {waiting:,} | {cost * 1000:.3f} | {cost / first:.2f} |")


def _cost(waiting: int) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="yb-", dir=SHORT_PATH) as name:
        file = Path(name) / "store.sqlite3"
        with closing(open_store(f"sqlite:///{file}")) as store:
            promise(store, [datetime.now(UTC) + timedelta(days=1)], "seed")
            _fill(file, waiting)
            place, clock = Place(store), SqlClock(store)
            timers, found = place.timers(), []
            for n in range(6):
                promise(store, [datetime.now(UTC) - timedelta(seconds=1)] * 1_000, f"r{n}")
                begun = time.perf_counter()
                due = clock.claim_due(clock.now(), 1_000, AGAIN_AFTER)
                timers.fire(due)
                found.append((time.perf_counter() - begun) / len(due))
            return found[1:]


def _fill(file: Path, waiting: int) -> None:
    """Copies of the one timer that is set, each for another moment of the days to come."""
    with closing(sqlite3.connect(file)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(timers)")]
        moved = {"key": "'w' || n", "at": "at + n * 1000", "ring_at": "at + n * 1000"}
        chosen = ", ".join(moved.get(column, column) for column in columns)
        connection.execute(
            f"WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {waiting}) "
            f"INSERT INTO timers ({', '.join(columns)}) SELECT {chosen} FROM n, (SELECT * FROM timers LIMIT 1)"
        )
        connection.commit()


# Kills and workers


def workers_table(asked: argparse.Namespace) -> None:
    """How fast due work is done by one worker and by two, and what takes the processor meanwhile."""
    workers.table(asked.reminders)


def recovery_table(asked: argparse.Namespace) -> None:
    """How soon work goes on after something was killed and begun again by a supervisor."""
    recovery.table()


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "lateness": lateness_table,
    "pacing": pacing_table,
    "recovery": recovery_table,
    "growth": growth_table,
    "workers": workers_table,
}

if __name__ == "__main__":
    main()

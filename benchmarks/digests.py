"""What it costs to know what 2,000 weekly digests tell, of groups with a million members together: figures, no charts.

`python -m benchmarks.digests` builds the books (a minute), reads the figures of all groups at once, and prints a table.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.sql import SqlStore, open_store
from adapters.sql.rollups import SqlRollups, Window
from core.workflow import Bound, Group
from jobs.digest.build import Builder
from workflows import check_in, digests
from workflows.catalog import Catalog
from workflows.check_in_options import CheckIns
from workflows.digest_options import Digests
from workflows.digest_periods import Period, told_on

GROUPS = 2_000
MEMBERS = 500
ACTIVE_A_DAY = 29
CHECK_INS_A_DAY = 9
DAYS = 28
LAST = date(2026, 3, 29)
ZONE = ZoneInfo("Asia/Shanghai")
ROUNDS = 3
SINGLY = 200
SECTIONS = ("activity", "check_in_board", "helpful", "new_members", "tier_changes", "rule_report")


def main() -> None:
    """Build, read, print."""
    with tempfile.TemporaryDirectory(prefix="yaji-digests-") as folder:
        path = Path(folder) / "books.sqlite3"
        began = time.perf_counter()
        store = built(path, GROUPS, MEMBERS)
        print(f"{GROUPS:,} groups, {GROUPS * MEMBERS:,} members, {DAYS} days: {time.perf_counter() - began:.0f} s")
        try:
            table(store, [f"g{n:04}" for n in range(GROUPS)])
        finally:
            store.close()


def table(store: SqlStore, groups: list[str]) -> None:
    """The time of each question, for all groups in one call: the median of some rounds after a first one."""
    rollups = SqlRollups(store)
    week = Period(span="week", first=LAST - timedelta(days=6), last=LAST)
    begins, ends = week.instants(ZONE)
    this = [Window(group, week.first, week.last, begins, ends) for group in groups]
    before, start = week.before, week.before.instants(ZONE)[0]
    both = [Window(group, before.first, week.last, start, ends) for group in groups]
    questions: dict[str, Callable[[], object]] = {
        "days of this week and the last": lambda: rollups.days(both),
        "who checked in how often": lambda: rollups.check_ins(this, "check_in:morning"),
        "who helped, who thanked": lambda: (rollups.helpers(this, "thanks"), rollups.givers(this, "thanks")),
        "who moved between tiers": lambda: rollups.moves(this, "tier"),
        "who came, who went": lambda: (rollups.joined(this), rollups.left(both)),
        "how many members": lambda: rollups.members(groups),
        "what the rules did": lambda: rollups.rules(this),
    }
    total = 0.0
    for name, ask in questions.items():
        ask()
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            ask()
            taken.append((time.perf_counter() - began) * 1000)
        total += statistics.median(taken)
        print(f"{name:34} {statistics.median(taken):8.1f} ms")
    print(f"{'all of it':34} {total:8.1f} ms")
    print(f"{'one digest after another, in words':34} {singly(store, groups[:SINGLY]) * 1000:8.1f} ms each")


def singly(store: SqlStore, groups: list[str]) -> float:
    """Seconds for a whole digest in words, of one group at a time, as a worker builds them."""
    options = Digests.model_validate({"weekly": {"at": "sun 20:00", "sections": SECTIONS}})
    challenges = CheckIns.model_validate({"morning": {"keywords": ["打卡"]}})
    runs = (Bound(check_in.workflow, challenges), Bound(digests.workflow, options))
    rollups, digest = SqlRollups(store), options["weekly"]
    due = datetime(LAST.year, LAST.month, LAST.day, 12, tzinfo=UTC)
    began = time.perf_counter()
    for key in groups:
        group = Group(key=key, community=key, zone=ZONE, texts=Catalog.shipped(), runs=runs)
        Builder({key: group}, rollups, store).told(group, digest, told_on(digest.at, LAST), due, "zh", [])
    return (time.perf_counter() - began) / len(groups)


def built(path: Path, groups: int, members: int) -> SqlStore:
    """A store with the books of so many groups; rows are written as the store would write them."""
    open_store(f"sqlite:///{path}", durable=False).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    draw = random.Random(353)
    _people(connection, draw, groups, members)
    _days(connection, draw, groups, members)
    _facts(connection, draw, groups, members)
    connection.commit()
    connection.execute("PRAGMA optimize")
    connection.close()
    return open_store(f"sqlite:///{path}", durable=False)


def _micros(day: int, second: int) -> int:
    at = datetime.fromordinal(day).replace(tzinfo=UTC) + timedelta(seconds=second)
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _span() -> range:
    return range(LAST.toordinal() - DAYS + 1, LAST.toordinal() + 1)


def _people(connection: sqlite3.Connection, draw: random.Random, groups: int, members: int) -> None:
    connection.executemany("INSERT INTO groups (id, key) VALUES (?, ?)", ((n + 1, f"g{n:04}") for n in range(groups)))

    def accounts() -> Iterator[tuple[object, ...]]:
        for n in range(1, groups * members + 1):
            yield n, f"@{n}", n, f"成员{n}", None, 0, "zh"

    def memberships() -> Iterator[tuple[object, ...]]:
        for n in range(groups * members):
            seen = _micros(_span()[0] - 100, n % 86_400)
            recent = draw.random() < 0.06
            joined = _micros(draw.choice(_span()), n % 86_400) if recent else None
            left = joined + 3_600_000_000 if joined is not None and draw.random() < 0.1 else None
            yield n // members + 1, n + 1, joined or seen, joined, left, None, None

    connection.executemany("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?)", accounts())
    connection.executemany("INSERT INTO memberships VALUES (?, ?, ?, ?, ?, ?, ?)", memberships())


def _days(connection: sqlite3.Connection, draw: random.Random, groups: int, members: int) -> None:
    def rows() -> Iterator[tuple[int, ...]]:
        for day in _span():
            for group in range(groups):
                for person in sorted(draw.sample(range(members), ACTIVE_A_DAY)):
                    yield (
                        day,
                        group + 1,
                        group * members + person + 1,
                        draw.randrange(1, 9),
                        1,
                        1,
                        0,
                        0,
                        person % 3 == 0,
                    )

    connection.executemany("INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows())


def _facts(connection: sqlite3.Connection, draw: random.Random, groups: int, members: int) -> None:
    def ledger() -> Iterator[tuple[object, ...]]:
        for group in range(groups):
            for day in _span():
                regulars = draw.sample(range(60), CHECK_INS_A_DAY)
                for person in regulars:
                    who = group * members + person + 1
                    at = _micros(day, draw.randrange(80_000))
                    yield group + 1, who, "check_in:morning", f"morning:{day}", at, 1, None, "e", "r", "x", None, day
                giver, helped = (group * members + n + 1 for n in regulars[:2])
                yield group + 1, helped, "thanks", f"t{day}", _micros(day, 5), 1, giver, "e", "thanks", "x", None, None
            for person in draw.sample(range(members), DAYS // 7 * 2):
                at = _micros(draw.choice(_span()), 60)
                yield (
                    group + 1,
                    group * members + person + 1,
                    "tier",
                    f"e{person}",
                    at,
                    1,
                    None,
                    "e",
                    "tree",
                    "",
                    None,
                    None,
                )

    def audit() -> Iterator[tuple[object, ...]]:
        for day in _span():
            for group in range(groups):
                for n in range(12):
                    workflow, rule = ("rules", f"rule{n}") if n < 2 else ("check_in", "morning")
                    yield _micros(day, n), group + 1, "e", workflow, rule, group * members + n + 1, "on", "[]", "[]"

    connection.executemany("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ledger())
    connection.executemany(
        "INSERT INTO audit (at, group_id, event, workflow, rule, person, mode, done, because) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        audit(),
    )


if __name__ == "__main__":
    main()

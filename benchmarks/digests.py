"""What it costs to know what 2,000 digests tell, of groups with a million members together: figures, no charts.

`python -m benchmarks.digests` builds the books (two minutes), reads the figures of all groups at once, and prints a
table. It tells processor time, of which SQLite's is a part: others may use the machine meanwhile. `--books FILE` keeps
the books for the next time.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from adapters.sql import SqlStore, open_store
from adapters.sql.rollups import SqlRollups, Window
from core.workflow import Bound, Group
from jobs.digest.build import Builder
from workflows import check_in, digests
from workflows.catalog import Catalog
from workflows.check_in_options import CheckIns
from workflows.digest_options import Digests
from workflows.digest_periods import Period, Span, told_on

GROUPS = 2_000
MEMBERS = 500
ACTIVE_A_DAY = 29
CHECK_INS_A_DAY = 9
DAYS = 28
LAST = date(2026, 3, 29)
ZONE = ZoneInfo("Asia/Shanghai")
ROUNDS = 5
COUNTERS_AND_BOARD = 3
"""The first questions, which are what the aim for roll-ups is about."""
SPANS: Final[dict[Span, int]] = {"day": 1, "week": 7}
TOP = 10
SINGLY = 200
SECTIONS = ("activity", "check_in_board", "helpful", "new_members", "tier_changes", "rule_report")


def main() -> None:
    """Build, read, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.digests", description=__doc__)
    parser.add_argument("--books", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yaji-digests-") as folder:
        path = asked.books or Path(folder) / "books.sqlite3"
        if path.exists():
            store = open_store(f"sqlite:///{path}", durable=False)
        else:
            began = time.perf_counter()
            store = built(path, GROUPS, MEMBERS)
            took = time.perf_counter() - began
            print(f"{GROUPS:,} groups, {GROUPS * MEMBERS:,} members, {DAYS} days: {took:.0f} s")
        with closing(store):
            table(store, [f"g{n:04}" for n in range(GROUPS)])


def table(store: SqlStore, groups: list[str]) -> None:
    """The time of each question for all groups in one call, for the digests of a day and of a week."""
    day, week = (questions(SqlRollups(store), groups, span) for span in SPANS)
    print(f"| the figures of {len(groups):,} digests, ms | day | week |\n|---|---|---|")
    totals = [0.0, 0.0]
    for n, name in enumerate(day):
        taken = [_taken(asked[name]) for asked in (day, week)]
        totals = [total + one for total, one in zip(totals, taken, strict=True)]
        print(f"| {name} | {taken[0]:,.0f} | {taken[1]:,.0f} |")
        if n + 1 == COUNTERS_AND_BOARD:
            print(f"| **counters and a board of ten, together** | **{totals[0]:,.0f}** | **{totals[1]:,.0f}** |")
    print(f"| all of it | {totals[0]:,.0f} | {totals[1]:,.0f} |")
    print(f"\none digest after another, in words: {singly(store, groups[:SINGLY]) * 1000:.1f} ms each")


def questions(rollups: SqlRollups, groups: list[str], span: Span) -> dict[str, Callable[[], object]]:
    """Everything that digests ask for, of all groups."""
    period = Period(span=span, first=LAST - timedelta(days=SPANS[span] - 1), last=LAST)
    begins, ends = period.instants(ZONE)
    this = [Window(group, period.first, period.last, begins, ends) for group in groups]
    before, start = period.before, period.before.instants(ZONE)[0]
    both = [Window(group, before.first, period.last, start, ends) for group in groups]
    return {
        "messages, active people, check-ins by day, of this period and the one before": lambda: rollups.days(both),
        "how many members": lambda: rollups.members(groups),
        "the ten who checked in most, with their names": lambda: rollups.check_ins(this, "check_in:morning", TOP),
        "check-ins by day": lambda: rollups.checked_days(both, "check_in:morning"),
        "who helped, who thanked": lambda: (rollups.helpers(this, "thanks", TOP), rollups.givers(this, "thanks")),
        "who moved between tiers": lambda: rollups.moves(this, "tier"),
        "who came, who went": lambda: (rollups.joined(this), rollups.left(this)),
        "what the rules did": lambda: rollups.rules(this),
    }


def _taken(ask: Callable[[], object]) -> float:
    """Milliseconds of the processor: the median of some rounds after a first one."""
    ask()
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        ask()
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)


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
            yield n // members + 1, n + 1, joined or seen, joined, left, joined

    connection.executemany(
        "INSERT INTO accounts (id, account, person, name, username, kind, language) VALUES (?, ?, ?, ?, ?, ?, ?)",
        accounts(),
    )
    connection.executemany(
        "INSERT INTO memberships (group_id, person, seen, joined, left_at, first_joined) VALUES (?, ?, ?, ?, ?, ?)",
        memberships(),
    )


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

    connection.executemany(
        "INSERT INTO ledger (group_id, person, kind, key, at, amount, by_person, event, rule, reason, expires, about) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ledger(),
    )
    connection.executemany(
        "INSERT INTO audit (at, group_id, event, workflow, rule, person, mode, done, because) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        audit(),
    )


if __name__ == "__main__":
    main()

"""The table: our durable pipeline against python-telegram-bot on the same updates in the same run.

    python -m benchmarks.pipeline                 the ratios (about five minutes)
    python -m benchmarks.pipeline --scaling       also what is kept as members, groups, patterns and stored events grow
    python -m benchmarks.pipeline --rounds 3      fewer or more interleaved rounds (5)

Rounds are interleaved, each measurement is a process of its own, and a ratio is the median of the rounds' own ratios:
what the machine does at the time weighs on both sides alike.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.sql import open_store
from benchmarks import durable
from benchmarks.traffic import NOON
from tests.support.postgres import PostgresMissing, private_postgres

MEMBERS, GROUPS, RULES = 100_000, 200, 1_000
Row = tuple[str, dict[str, Any]]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="durable pipeline against python-telegram-bot")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--scaling", action="store_true")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yaji-bench-")))
        store = settled(folder / "100k.sqlite3", MEMBERS, GROUPS)
        rows: list[Row] = [
            ("PTB bare", {"what": "bare"}),
            ("naive PTB + ORM", {"what": "naive", "events": max(asked.events // 10, 500)}),
            ("SQLite FULL, batch 100", {"what": "durable", "batch": 100, "store": str(store)}),
            ("SQLite FULL, batch 1", {"what": "durable", "batch": 1, "store": str(store), "events": asked.events // 5}),
        ]
        try:
            server = stack.enter_context(private_postgres(durable=True))
            url = server.new_database()
            with closing(open_store(url)) as opened:
                durable.settle(opened, MEMBERS, GROUPS)
            rows.append(("PostgreSQL, batch 100", {"what": "durable", "batch": 100, "url": url}))
        except PostgresMissing as missing:
            print(f"no PostgreSQL here: {missing}", file=sys.stderr)
        measured = run(rows, asked.rounds, asked.events)
        table(measured)
        if asked.scaling:
            scaling(folder, store, asked.rounds, asked.events)


def settled(file: Path, members: int, groups: int, *, standing: bool = True) -> Path:
    """An SQLite file with known members, ready to be copied."""
    with closing(open_store(f"sqlite:///{file}", durable=False)) as store:
        durable.settle(store, members, groups, standing=standing)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def run(rows: list[Row], rounds: int, events: int) -> dict[str, list[dict[str, float]]]:
    """Every row once a round, all rows of a round on the same updates."""
    measured: dict[str, list[dict[str, float]]] = defaultdict(list)
    for n in range(rounds):
        for name, asked in rows:
            told = {"events": events, "seed": n, "first": 1 + n * 10_000_000, **asked}
            answer = subprocess.run(
                [sys.executable, "-m", "benchmarks.measure", json.dumps(told)],
                check=True,
                capture_output=True,
                text=True,
            )
            measured[name].append(json.loads(answer.stdout))
            print(f"round {n + 1}: {name}: {measured[name][-1]['rate']:,.0f}/s", file=sys.stderr)
    return measured


def table(measured: dict[str, list[dict[str, float]]]) -> None:
    """Medians, and ratios to both peers taken within each round."""
    bare = [result["rate"] for result in measured["PTB bare"]]
    naive = [result["rate"] for result in measured["naive PTB + ORM"]]
    print(f"\n| {'what':24} | events/s | x PTB bare | x naive bot | effects/event |\n|---|---|---|---|---|")
    for name, results in measured.items():
        rates = [result["rate"] for result in results]
        print(
            f"| {name:24} | {statistics.median(rates):,.0f} | {_ratio(rates, bare)} | {_ratio(rates, naive)} "
            f"| {results[0].get('effects', 0):.2f} |"
        )


def _ratio(rates: list[float], peer: list[float]) -> str:
    ratios = [mine / theirs for mine, theirs in zip(rates, peer, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


def scaling(folder: Path, store: Path, rounds: int, events: int) -> None:
    """How throughput keeps when one thing grows, as a share of the small case in the same round."""
    small = settled(folder / "10k.sqlite3", 10_000, GROUPS)
    large = settled(folder / "1m.sqlite3", 1_000_000, GROUPS)
    few = settled(folder / "few.sqlite3", MEMBERS, 10)
    many = settled(folder / "many.sqlite3", MEMBERS, 20_000)
    full = with_history(store, folder / "5m.sqlite3", 5_000_000)
    base: dict[str, Any] = {"what": "durable", "batch": 100}
    pairs: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        ("members 10k -> 1M", {"store": str(small), "members": 10_000}, {"store": str(large), "members": 1_000_000}),
        ("groups 10 -> 20,000", {"store": str(few), "groups": 10}, {"store": str(many), "groups": 20_000}),
        ("patterns 10 -> 10,000", {"store": str(store), "rules": 10}, {"store": str(store), "rules": 10_000}),
        ("stored events 0 -> 5M", {"store": str(store)}, {"store": str(full)}),
    ]
    rows: list[Row] = []
    for name, before, after in pairs:
        rows += [(f"{name}: from", base | before), (f"{name}: to", base | after)]
    measured = run(rows, rounds, events)
    print("\n| what grows | events/s | kept |\n|---|---|---|")
    for name, _, _ in pairs:
        before_rates = [result["rate"] for result in measured[f"{name}: from"]]
        after_rates = [result["rate"] for result in measured[f"{name}: to"]]
        kept = statistics.median(b / a for a, b in zip(before_rates, after_rates, strict=True))
        print(f"| {name} | {statistics.median(after_rates):,.0f} | {kept:.0%} |")
    grown = max(result["grown"] for result in measured["members 10k -> 1M: to"])
    size, all_of_it = (
        file.stat().st_size / 1e6
        for file in (settled(folder / "bare.sqlite3", 1_000_000, GROUPS, standing=False), large)
    )
    print(
        f"\n1M members: SQLite file {size:.0f} MB, with a tier's standing for each {all_of_it:.0f} MB; "
        f"resident memory grown by {grown:.0f} MB in a run"
    )


def with_history(store: Path, file: Path, events: int) -> Path:
    """A copy of a store in which `events` events happened before: seen ids, days up to yesterday, audit, outbox."""
    with closing(sqlite3.connect(store)) as old, closing(sqlite3.connect(file)) as new:
        old.backup(new)
        new.execute("PRAGMA synchronous=OFF")
        count = f"WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {events})"
        noon = 1_772_000_000_000_000
        first_day = datetime.fromtimestamp(NOON, UTC).toordinal() - 1 - events // MEMBERS
        new.execute(f"{count} INSERT INTO inbox SELECT 'export:before:' || n, {noon} + n FROM n")
        new.execute("CREATE TEMP TABLE seat (person INTEGER PRIMARY KEY, group_id INTEGER)")
        new.execute("INSERT INTO seat SELECT person, group_id FROM memberships")
        new.execute(
            f"{count} INSERT INTO activity SELECT {first_day} + n / {MEMBERS}, s.group_id, s.person, 1, 0, 0, 0, 0, 0 "
            f"FROM n JOIN seat s ON s.person = 1 + n * 7919 % {MEMBERS} WHERE true ON CONFLICT DO NOTHING"
        )
        rest = f"{noon} + n, 1 + n % 200, 'export:before:' || n"
        tenth = f"WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {events // 10})"
        new.execute(
            f"{tenth} INSERT INTO audit (at, group_id, event, workflow, rule, person, mode, done, because) "
            f"SELECT {rest}, 'rules', 'ads', 1 + n % 100000, 'on', '[\"delete\"]', '[\"says it\"]' FROM n"
        )
        new.execute(
            f"{tenth} INSERT INTO outbox (id, at, group_id, event, workflow, kind, effect, state) "
            f"SELECT 'before/' || n, {rest}, 'rules', 'Delete', '{{\"messages\":[\"1\"]}}', 'done' FROM n"
        )
        new.commit()
    return file


if __name__ == "__main__":
    main()

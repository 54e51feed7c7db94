"""`python -m tests.soak --kills 200`: so many kills on SQLite and on PostgreSQL, and a table of what became of it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.soak.oracle import Verdict
from tests.soak.soaking import soak
from tests.soak.town import Town
from tests.support.postgres import private_postgres


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak, print, and answer 1 if anything is wrong."""
    options = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=11)
    options.add_argument("--only", choices=("sqlite", "postgres"))
    options.add_argument("--keep", type=Path, help="where to leave the processes' log")
    given = options.parse_args(arguments)
    runs = []
    if given.only != "postgres":
        runs.append(("SQLite", *_on_a_file(given.kills, given.seed, given.keep)))
    if given.only != "sqlite":
        runs.append(("PostgreSQL", *_on_a_server(given.kills, given.seed, given.keep)))
    _table(runs)
    return 0 if all(verdict.well for _, verdict, _, _ in runs) else 1


def _on_a_file(kills: int, seed: int, keep: Path | None) -> tuple[Verdict, Town, float]:
    with tempfile.TemporaryDirectory(prefix="yaji-") as folder:
        begun = time.monotonic()
        verdict, town = soak(Path(folder), f"sqlite:///{folder}/store.sqlite3", kills, seed)
        took = time.monotonic() - begun
        _keep(keep, "sqlite", folder)
    return verdict, town, took


def _on_a_server(kills: int, seed: int, keep: Path | None) -> tuple[Verdict, Town, float]:
    with private_postgres(durable=True) as server, tempfile.TemporaryDirectory(prefix="yaji-") as folder:
        begun = time.monotonic()
        verdict, town = soak(Path(folder), server.new_database(), kills, seed, server)
        took = time.monotonic() - begun
        _keep(keep, "postgres", folder)
    return verdict, town, took


def _keep(keep: Path | None, name: str, folder: str) -> None:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{name}.log").write_bytes((Path(folder) / "processes.log").read_bytes())


def _table(runs: Sequence[tuple[str, Verdict, Town, float]]) -> None:
    table = Table(title="Killed again and again")
    table.add_column("")
    for name, *_ in runs:
        table.add_column(name, justify="right")

    def row(told: str, *cells: object) -> None:
        table.add_row(told, *map(str, cells))

    row("kills", *(town.kills.total() for _, _, town, _ in runs))
    for victim in sorted({victim for _, _, town, _ in runs for victim in town.kills}):
        row(f"  of them {victim}", *(town.kills[victim] for _, _, town, _ in runs))
    row("seconds", *(f"{took:.0f}" for *_, took in runs))
    row("reminders due", *(verdict.reminders for _, verdict, _, _ in runs))
    row("replies due", *(verdict.replies for _, verdict, _, _ in runs))
    for fault in sorted({fault for _, verdict, _, _ in runs for fault in verdict.faults}):
        row(f"sends that met {fault}", *(verdict.faults[fault] for _, verdict, _, _ in runs))
    row("lost", *(len(verdict.lost) for _, verdict, _, _ in runs))
    row("unsure twice, on record, not sent again", *(len(verdict.given_up) for _, verdict, _, _ in runs))
    row("members with wrong points", *(len(verdict.doubled_points) for _, verdict, _, _ in runs))
    row("sent twice", *(verdict.copies[2] for _, verdict, _, _ in runs))
    row("sent more often", *(len(verdict.too_many) for _, verdict, _, _ in runs))
    row("sent twice without a reason", *(len(verdict.unexplained) for _, verdict, _, _ in runs))
    row("events set aside", *(len(verdict.buried) for _, verdict, _, _ in runs))
    row("processes that found no database at start", *(len(town.ended) for _, _, town, _ in runs))
    row("processes that broke off", *(len(verdict.broken) for _, verdict, _, _ in runs))
    Console(width=100).print(table)
    for name, verdict, *_ in runs:
        wrong = (verdict.lost, verdict.too_many, verdict.unexplained, verdict.doubled_points, verdict.buried)
        for problem in (*(problem for problems in wrong for problem in problems), *verdict.broken):
            print(f"{name}: {problem}")


if __name__ == "__main__":
    sys.exit(main())

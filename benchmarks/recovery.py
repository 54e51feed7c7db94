"""How soon work goes on after a kill: all processes of a kind are killed amid work, and begun again at once.

`benchmarks.clockwork --only recovery` prints the table; `benchmarks.recovery_forks` has the forks of RQ's workers.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import recovery_forks
from jobs.clock.scheduler import AGAIN_AFTER
from tests.soak.processes import STRANGERS
from tests.soak.town import Town, heard, reminders, replies, town
from tests.support.patience import until
from tests.support.postgres import private_postgres

KINDS = {
    "worker": "both workers",
    "scheduler": "both schedulers",
    "serve": "the serving processes (couriers)",
    "redis": "Redis",
}
TIMES = 3


def table() -> None:
    """Measure and print. Timers are rung for again after as long as in life."""
    os.environ["YAJI_SOAK_AGAIN_AFTER"] = str(AGAIN_AFTER.total_seconds())
    os.environ.pop(STRANGERS, None)
    print(
        f"\nSeconds from a kill until what came due around it was said, the longest of {TIMES}; begun again at once\n"
    )
    print("| killed | SQLite: due after the kill | in hand at it | PostgreSQL: due after the kill | in hand at it |")
    print("|---|---|---|---|---|")
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for database in ("sqlite", "postgresql"):
        with _town(database) as made:
            rounds = iter(range(made.rounds))
            for kind, longest in found.items():
                longest += _longest(made, kind, rounds)
    for kind, told in KINDS.items():
        print(f"| {told} | {' | '.join(f'{seconds:.1f}' for seconds in found[kind])} |", flush=True)
    os.environ[STRANGERS] = "1"
    with _town("postgresql") as made:
        seconds = _longest(made, "serve", iter(range(made.rounds)))
    told = " | ".join(f"{each:.1f}" for each in seconds)
    print(f"| the serving processes, as if each had a machine of its own | | | {told} |", flush=True)
    recovery_forks.table()


@contextmanager
def _town(database: str) -> Iterator[Town]:
    rounds = len(KINDS) * TIMES * 2
    with tempfile.TemporaryDirectory(prefix="yb-", dir="/tmp") as name:
        if database == "sqlite":
            with town(Path(name), f"sqlite:///{name}/store.sqlite3", rounds, 1) as made:
                yield made
        else:
            with (
                private_postgres(durable=True) as server,
                town(Path(name), server.new_database(), rounds, 1, server) as made,
            ):
                yield made


def _longest(made: Town, kind: str, rounds: Iterator[int]) -> list[float]:
    return [max(_after(made, kind, next(rounds), before=before) for _ in range(TIMES)) for before in (False, True)]


def _after(made: Town, kind: str, n: int, *, before: bool) -> float:
    """Kill, and wait for everything that the round makes due: set before the kill, or just after it."""
    due = _of(made, n)
    if before:
        made.happens(n)
        time.sleep(made.dice.random() * 0.25)
    begun = time.monotonic()
    for _ in made.running.get(kind, [None]):
        made.strike(kind)
    if not before:
        made.happens(n)
    until(
        lambda: due <= {(call["chat"], call["params"]["text"]) for call in heard(made.calls())},
        lambda: made.log[-3000:],
    )
    took = time.monotonic() - begun
    made.settle()
    return took


def _of(made: Town, n: int) -> set[tuple[int, str]]:
    """What one round has to lead to."""
    mark = f"r{n:03}"
    return {(chat, text) for chat, text in reminders(made) | replies(made) if mark in text}

"""How soon work goes on after a kill: all processes of a kind are killed amid work, and begun again at once."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from jobs.clock.scheduler import AGAIN_AFTER
from tests.soak.town import Town, heard, reminders, replies, town, until

KINDS = {
    "worker": "both workers",
    "scheduler": "both schedulers",
    "serve": "the serving process (courier)",
    "redis": "Redis",
}
TIMES = 4


def table() -> None:
    """Measure and print. Timers are rung for again after as long as in life."""
    os.environ["YAJI_SOAK_AGAIN_AFTER"] = str(AGAIN_AFTER.total_seconds())
    print("\nSeconds from a kill until what came due around it was said (SQLite; begun again at once)\n")
    print("| killed | due after the kill: longest | in hand at the kill: longest |\n|---|---|---|")
    rounds = len(KINDS) * TIMES * 2
    with (
        tempfile.TemporaryDirectory(prefix="yb-", dir="/tmp") as name,
        town(Path(name), f"sqlite:///{name}/store.sqlite3", rounds, 1) as made,
    ):
        numbers = iter(range(rounds))
        for kind, told in KINDS.items():
            fresh = max(_after(made, kind, next(numbers), before=False) for _ in range(TIMES))
            held = max(_after(made, kind, next(numbers), before=True) for _ in range(TIMES))
            print(f"| {told} | {fresh:.1f} | {held:.1f} |", flush=True)


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

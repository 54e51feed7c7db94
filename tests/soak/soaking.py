"""A soak: rounds of reminders and check-ins, one kill in each, and the verdict at the end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from tests.soak.oracle import Verdict, judged
from tests.soak.town import Town, town
from tests.support.postgres import PrivatePostgres

ON_A_FILE = ("scheduler", "worker", "serve", "redis")
ON_A_SERVER = (*ON_A_FILE, "database", "backend")
LONGEST_ROUND = 1.0


def soak(
    folder: Path, url: str, kills: int, seed: int, postgres: PrivatePostgres | None = None
) -> tuple[Verdict, Town]:
    """`kills` rounds. The town is closed; its counts can still be looked at."""
    with town(folder, url, kills, seed, postgres) as made:
        made.faulty(seed)
        for n, victim in enumerate(victims(made, kills, ON_A_FILE if postgres is None else ON_A_SERVER)):
            before = made.sent()
            made.happens(n)
            # Somewhere in the middle of what the round leads to, by sends and some milliseconds more.
            sends, moment = made.dice.randrange(8), made.dice.random() * 0.06
            patience = time.monotonic() + LONGEST_ROUND
            while made.sent() - before < sends and time.monotonic() < patience:
                time.sleep(0.005)
            time.sleep(moment)
            made.strike(victim)
            made.tend()
        made.settle()
        return judged(made), made


def victims(made: Town, kills: int, kinds: Sequence[str]) -> list[str]:
    """Each kind about equally often, in an order that nobody foresees."""
    chosen = [kinds[n % len(kinds)] for n in range(kills)]
    made.dice.shuffle(chosen)
    return chosen

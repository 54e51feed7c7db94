"""Kills the serving process at seeded moments of the day, and starts it again at once, as a supervisor does."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from datetime import datetime
from types import TracebackType

from tests.day import books
from tests.day.script import Day
from tests.day.serving import Served
from tests.support.patience import PATIENCE

STARTING = 14
"""About how many calls it takes to begin: what comes after them is work."""
LENGTH = 1000
"""About how many calls an undisturbed day takes, a little less."""


class Killer:
    """`kills` times while it is entered. Moments are counted in calls, and some milliseconds more, so that no part of
    the process's work is spared.

    `began` are the words of messages that were begun and not settled at a kill, and the numbers of the messages that
    they hold as evidence: those may be there twice. `moments` is
    what the day's clock showed when the process was killed.
    """

    def __init__(self, served: Served, day: Day, url: str, *, kills: int, seed: int = 1) -> None:
        self._served = served
        self._day = day
        self._server = day.server
        self._url = url
        dice = random.Random(seed)
        longest = 2 * LENGTH // kills
        self._lives = [(STARTING + dice.randrange(longest), dice.random() * 0.03) for _ in range(kills)]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="killer", daemon=True)
        self.began: Counter[str | int] = Counter()
        self.moments: list[datetime] = []
        self.error: BaseException | None = None

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._over.set()
        self._thread.join(PATIENCE)

    def _watch(self) -> None:
        try:
            for calls, moment in self._lives:
                born = len(self._server.calls)
                while len(self._server.calls) < born + calls:
                    if self._over.wait(0.002):
                        return
                time.sleep(moment)
                with self._served.turn:
                    self._served.kill()
                    self._day.was_killed()
                    self.moments.append(self._day.clock.now())
                    self.began.update(books.under_way(self._url))
                    self._served.start()
        except BaseException as error:
            self.error = error

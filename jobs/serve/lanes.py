"""The threads behind the inlet: lanes that decide, and one that has the disk store what they committed.

They hand their work on by themselves and wake the event loop once, when there is something to tell: threads of Python
take turns, and each turn costs about as much as deciding an event.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Final

from core.engine import Engine, Outcome
from core.events import Event

GATHER: Final = 0.02
"""Seconds that what was committed waits for more to flush, while there is more to decide."""

_Part = Sequence[Event]


class Deal:
    """Events that were dealt out together, in one part for each lane, which may be empty.

    `lasting` says that the commits wait for the disk. `committed` are the parts that were, with what became of them and
    the seconds that it took, `errors` are those of the others, and of the flush.
    """

    def __init__(self, engine: Engine, parts: Sequence[_Part], *, lasting: bool) -> None:
        self.parts = parts
        self.lasting = lasting
        self.committed: list[tuple[_Part, Outcome, float]] = []
        self.errors: list[Exception] = []
        self._engine = engine
        self._left = sum(1 for part in parts if part)
        self._turn = threading.Lock()

    def decide(self, part: _Part) -> bool:
        """Decide one part. Whether it was the last."""
        begun, outcome, error = time.monotonic(), None, None
        try:
            outcome = self._engine.process(part, lasting=self.lasting)
        except Exception as failed:  # whatever it is, those who handed the events in keep them
            error = failed
        with self._turn:
            if outcome is not None:
                self.committed.append((part, outcome, time.monotonic() - begun))
            if error is not None:
                self.errors.append(error)
            self._left -= 1
            return not self._left


class Lanes:
    """`count` threads that decide, each its parts in order, and one that flushes behind them.

    `flush` makes everything last that was committed. `done` hears of each deal when all of it was decided and lasts, or
    cannot be said to; it is called in any of the threads.
    """

    def __init__(self, count: int, flush: Callable[[], None], done: Callable[[Deal], object]) -> None:
        self._flush = flush
        self._done = done
        self._parts: list[SimpleQueue[tuple[Deal, _Part] | None]] = [SimpleQueue() for _ in range(count)]
        self._decided: SimpleQueue[Deal | None] = SimpleQueue()
        self._idle = threading.Event()
        for n, parts in enumerate(self._parts):
            threading.Thread(target=self._decide, args=(parts,), name=f"engine-{n}", daemon=True).start()
        threading.Thread(target=self._settle, name="flush", daemon=True).start()

    def take(self, deal: Deal) -> None:
        """Decide a deal, each part after those of its lane that were taken before."""
        self._idle.clear()
        for lane, part in zip(self._parts, deal.parts, strict=False):
            if part:
                lane.put((deal, part))

    def close(self) -> None:
        """End when all that was taken is done. Does not wait for it."""
        for lane in self._parts:
            lane.put(None)

    def _decide(self, parts: SimpleQueue[tuple[Deal, _Part] | None]) -> None:
        while (taken := parts.get()) is not None:
            deal, part = taken
            if deal.decide(part):
                if deal.lasting or deal.errors:
                    self._done(deal)
                else:
                    self._decided.put(deal)
            if parts.empty():
                self._idle.set()
        self._decided.put(None)
        self._idle.set()

    def _settle(self) -> None:
        """Flush once for all that was committed in a moment: at once if nobody decides anything meanwhile."""
        closed = 0
        while closed < len(self._parts):
            found = [self._decided.get()]
            self._idle.wait(GATHER)
            while not self._decided.empty():
                found.append(self._decided.get())
            deals = [deal for deal in found if deal is not None]
            closed += len(found) - len(deals)
            if deals:
                self._flushed(deals)

    def _flushed(self, deals: Sequence[Deal]) -> None:
        try:
            self._flush()
        except Exception as error:  # as above: the store may know their events already when they come again
            for deal in deals:
                deal.errors.append(error)
        for deal in deals:
            self._done(deal)

"""The threads behind the inlet: lanes that decide, and one that has the disk store what they committed.

They hand their work on by themselves and wake the event loop once, when there is something to tell: threads of Python
take turns, and each turn costs about as much as deciding an event.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Final, Generic, TypeVar

from core.engine import Engine, Outcome
from core.events import Event

GATHER: Final = 0.02
"""Seconds that what was committed waits for more to flush, while there is more to decide."""

T = TypeVar("T")
_Part = Sequence[Event]


class Deal:
    """Events that were dealt out together, in one part for each lane, which may be empty.

    `lasting` says that the commits wait for the disk. `committed` are the parts that were, with what became of them and
    the seconds that it took, `errors` are those of the others, and of the flush. `doubts` are those of other deals, by
    which what was committed of this one may be lost, too.
    """

    def __init__(self, engine: Engine, parts: Sequence[_Part], *, lasting: bool) -> None:
        self.parts = parts
        self.lasting = lasting
        self.committed: list[tuple[_Part, Outcome, float]] = []
        self.errors: list[Exception] = []
        self.doubts: list[Exception] = []
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


class Flusher(Generic[T]):
    """A thread that makes what was committed last: once for all that was committed in a moment.

    `flush` makes everything last that was committed. `done` hears of each thing that was handed over, with what went
    wrong, in this thread.
    """

    def __init__(self, flush: Callable[[], None], done: Callable[[T, Exception | None], object]) -> None:
        self._flush = flush
        self._done = done
        self._committed: SimpleQueue[T | None] = SimpleQueue()
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._run, name="flush", daemon=True)
        self._thread.start()

    def take(self, thing: T) -> None:
        """Something was committed, and `done` is to hear when it lasts. To be called after the commit."""
        self._committed.put(thing)

    def wait_for_more(self) -> None:
        """Something is being decided, so that it pays to wait a moment for it."""
        self._hurry.clear()

    def hurry(self) -> None:
        """Nothing is being decided: whoever waits does so for nothing."""
        self._hurry.set()

    def close(self) -> None:
        """End when all that was taken lasts. Does not wait for it."""
        self._committed.put(None)
        self._hurry.set()

    def join(self) -> None:
        """Wait for the end."""
        self._thread.join()

    def _run(self) -> None:
        closed = False
        while not closed:
            found = [self._committed.get()]
            self._hurry.wait(GATHER)
            while not self._committed.empty():
                found.append(self._committed.get())
            closed = None in found
            self._settle([thing for thing in found if thing is not None])

    def _settle(self, things: Sequence[T]) -> None:
        problem = None
        try:
            if things:
                self._flush()
        except Exception as error:  # whatever it is, nobody may believe that they last
            problem = error
        for thing in things:
            self._done(thing, problem)


class Lanes:
    """`count` threads that decide, each its parts in order, and one that flushes behind them.

    `flush` makes everything last that was committed. `done` hears of each deal when all of it was decided and lasts, or
    cannot be said to; it is called in any of the threads.
    """

    def __init__(self, count: int, flush: Callable[[], None], done: Callable[[Deal], object]) -> None:
        self._done = done
        self._parts: list[SimpleQueue[tuple[Deal, _Part] | None]] = [SimpleQueue() for _ in range(count)]
        self._flusher: Flusher[Deal] = Flusher(flush, self._flushed)
        self._open = count
        self._turn = threading.Lock()
        for n, parts in enumerate(self._parts):
            threading.Thread(target=self._decide, args=(parts,), name=f"engine-{n}", daemon=True).start()

    def take(self, deal: Deal) -> None:
        """Decide a deal, each part after those of its lane that were taken before."""
        self._flusher.wait_for_more()
        for lane, part in zip(self._parts, deal.parts, strict=False):
            if part:
                lane.put((deal, part))

    def close(self) -> None:
        """End when all that was taken is done. Does not wait for it."""
        for lane in self._parts:
            lane.put(None)

    def _decide(self, parts: SimpleQueue[tuple[Deal, _Part] | None]) -> None:
        while (taken := parts.get()) is not None:
            self._decide_part(*taken)
            del taken  # whoever handed it in takes it apart, not this thread when the next one comes
            if parts.empty():
                self._flusher.hurry()
        with self._turn:
            self._open -= 1
            if not self._open:
                self._flusher.close()

    def _decide_part(self, deal: Deal, part: _Part) -> None:
        if deal.decide(part):
            if deal.lasting or deal.errors:
                self._done(deal)
            else:
                self._flusher.take(deal)

    def _flushed(self, deal: Deal, problem: Exception | None) -> None:
        if problem is not None:  # the store may know its events already when they come again
            deal.errors.append(problem)
        self._done(deal)

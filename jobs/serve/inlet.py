"""Where the events of all connections go in: gathered into batches, and handed to the engine in a thread of its own.

A batch is what arrived while the one before it was being committed, up to a bound. So a lone event waits for nobody, a
flood is committed in large pieces, and connections take turns. In a flood batches follow each other without waiting for
the disk, which stores what was committed meanwhile, or, where a server holds the store, for each other: its groups are
dealt out to lanes. Whoever handed events in hears of it when they are on the disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from zlib import crc32

from core.engine import Engine, Outcome
from core.errors import StoreBusy, StoreSpoiled, StoreUnavailable
from core.events import Event
from jobs.mishaps import tell
from jobs.serve.lanes import Deal, Lanes

log = logging.getLogger("yaji.engine")

MOST = 100
"""Events from which on a batch is full. What was handed in together stays together."""
WAITING = 64
"""Requests that may wait; whoever comes then waits for a place."""
LANES = 2
"""Threads that decide, where a server holds the store. More find the first two at work all the time."""
AHEAD = 1_600
"""Events that may be on their way at once."""

Committed = Callable[[Sequence[Event], Outcome], None]
_Request = tuple[Sequence[Event], asyncio.Future[None]]


class EngineInlet:
    """Implements `core.delivery.Inlet`.

    `flush` makes everything last that was committed, `most` is from how many events on a batch is full, `lanes` is how
    many threads decide, each about groups of its own, `ahead` how many events may be on their way.

    `committed` and `took` (seconds) are called in the loop after each commit, `failed` after each batch of which nobody
    knows whether all of it was committed, `spoiled` when the process must end, for what
    `spoilt` says.
    """

    def __init__(
        self,
        engine: Engine,
        flush: Callable[[], None],
        committed: Committed = lambda events, outcome: None,
        took: Callable[[float], object] = lambda seconds: None,
        failed: Callable[[], object] = lambda: None,
        spoiled: Callable[[], object] = lambda: None,
        *,
        most: int = MOST,
        lanes: int = 1,
        ahead: int = AHEAD,
    ) -> None:
        self._engine = engine
        self._flush = flush
        self._committed = committed
        self._took = took
        self._failed = failed
        self._spoiled = spoiled
        self._most = most * lanes
        self._lanes = lanes
        self._ahead = ahead
        self._requests: asyncio.Queue[_Request] = asyncio.Queue(WAITING)
        self._waiting = self._on_their_way = 0
        self._open: dict[Deal, Sequence[_Request]] = {}
        self._changed = asyncio.Event()
        self._closed = False
        self.spoilt: StoreSpoiled | None = None

    def use(self, engine: Engine) -> None:
        """From the next batch on, decide with this engine."""
        self._engine = engine

    async def take(self, events: Sequence[Event]) -> None:
        """See `core.delivery.Inlet.take`. Nobody's cancelling undoes what is being committed."""
        if not events:
            return
        if self._closed:
            raise StoreUnavailable("the process is stopping; nothing more is taken in")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._requests.put((events, done))
        self._waiting += len(events)
        self._changed.set()
        await done

    async def run(self) -> None:
        """Process batches until `stop`."""
        loop = asyncio.get_running_loop()

        def done(deal: Deal) -> None:  # in a thread of the lanes
            with contextlib.suppress(RuntimeError):  # the loop has ended before the disk: nobody waits any more
                loop.call_soon_threadsafe(self._done, deal)

        lanes = Lanes(self._lanes, self._flush, done)
        try:
            while not (self._closed and self._requests.empty() and not self._open):
                if self._next_may_go():
                    self._deal_out(lanes)
                else:
                    self._changed.clear()
                    await self._changed.wait()
        finally:
            lanes.close()

    def stop(self) -> None:
        """Take nothing more; what waits is still processed, then `run` ends."""
        self._closed = True
        self._changed.set()

    def _next_may_go(self) -> bool:
        """Full batches follow each other; any other waits until nothing is on its way, and grows meanwhile."""
        if not self._open:
            return not self._requests.empty()
        last = next(reversed(self._open))
        room = self._on_their_way + self._most <= self._ahead
        return self._waiting >= self._most and room and not last.lasting

    def _deal_out(self, lanes: Lanes) -> None:
        requests: list[_Request] = []
        events: list[Event] = []
        while len(events) < self._most and not self._requests.empty():
            requests.append(self._requests.get_nowait())
            events += requests[-1][0]
        self._waiting -= len(events)
        self._on_their_way += len(events)
        # What is alone waits for the disk in the engine's own thread, which is quicker than being handed to another.
        alone = self._requests.empty() and not self._open
        deal = Deal(self._engine, [events] if alone else self._parts(events), lasting=alone)
        self._open[deal] = requests
        lanes.take(deal)

    def _parts(self, events: Sequence[Event]) -> Sequence[Sequence[Event]]:
        """The events of each lane, in order. A group is always in the same one."""
        if self._lanes == 1:
            return [events]
        parts: list[list[Event]] = [[] for _ in range(self._lanes)]
        for event in events:
            parts[crc32(event.group.encode()) % self._lanes].append(event)
        return parts

    def _done(self, deal: Deal) -> None:
        requests = self._open.pop(deal)
        self._on_their_way -= sum(map(len, deal.parts))
        self._changed.set()
        errors = deal.errors or deal.doubts
        try:
            for events, outcome, seconds in deal.committed:
                self._took(seconds)
                self._committed(events, outcome)  # before those who wait: an answer is worth more than the next batch
                tell(outcome, log)
            if errors:
                self._tell_of(errors)
                self._doubt(deal)
        finally:  # whatever went wrong in that, those who wait hear how it is
            for _, done in requests:
                if done.done():
                    continue
                if errors:  # also those whose part was committed: the store knows it when it comes again
                    done.set_exception(StoreUnavailable(str(errors[0]) or type(errors[0]).__name__))
                else:
                    done.set_result(None)
            asyncio.get_running_loop().call_soon(_let_go, deal, requests)

    def _doubt(self, deal: Deal) -> None:
        """What a store that went has lost, others may have committed before it went, too. Whoever is only doubted has
        nobody else doubted: those who came after the store was back would be, and so on. Beside a deal that lasts by
        itself none is open."""
        gone = [error for error in deal.errors if isinstance(error, StoreUnavailable)]
        for other in self._open:
            other.doubts += gone[:1]

    def _tell_of(self, errors: Sequence[Exception]) -> None:
        self._failed()
        for error in errors:
            if isinstance(error, StoreSpoiled):
                self.spoilt = error
                self._spoiled()
            if not isinstance(error, StoreUnavailable | StoreBusy):
                # A bug of ours. Nothing was committed, so nothing is lost: the callers keep their events and try again.
                log.error("a batch could not be processed", exc_info=error)


def _let_go(_deal: Deal, _requests: Sequence[_Request]) -> None:
    """Held until this is called, and by nobody else. Taking events apart costs as much as making them did: first those
    who wait go on, and fetch more."""

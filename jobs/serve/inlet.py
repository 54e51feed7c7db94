"""Where the events of all connections go in: gathered into batches, and handed to the engine in one thread.

A batch is what arrived while the one before it was being committed, up to a bound. So a lone event waits for nobody, a
flood is committed in large pieces, and connections take turns. In a flood the engine does not wait for the disk either:
it decides the next batch while another thread flushes, once for all that was committed meanwhile. Whoever handed events
in hears of it when they are on the disk.

Where a server holds the store, a flood has lanes, each with a thread and groups of its own: one decides while another
waits for the server.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from zlib import crc32

from core.engine import Engine, Outcome
from core.errors import StoreBusy, StoreSpoiled, StoreUnavailable
from core.events import Event

log = logging.getLogger("yaji.engine")

MOST = 100
"""Events from which on a batch is full. What was handed in together stays together."""
WAITING = 64
"""Requests that may wait; whoever comes then waits for a place."""
LANES = 2
"""Threads that decide in a flood, where a server holds the store. More find the first two at work all the time."""
AHEAD = 16
"""Batches that may be decided while the disk is not done with those before them."""

Committed = Callable[[Sequence[Event], Outcome], None]
_Request = tuple[Sequence[Event], asyncio.Future[None]]


class EngineInlet:
    """Implements `core.delivery.Inlet`.

    `flush` makes everything last that was committed, `most` is from how many events on a batch is full, `lanes` is how
    many batches of different groups are decided at once.

    `committed` and `took` (seconds) are called in the loop after each commit, `failed` after each batch of which nobody
    knows whether all of it was committed, `spoiled` when the process must end because of what the disk did.
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
    ) -> None:
        self._engine = engine
        self._flush = flush
        self._committed = committed
        self._took = took
        self._failed = failed
        self._spoiled = spoiled
        self._most = most
        self._requests: asyncio.Queue[_Request | None] = asyncio.Queue(WAITING)
        self._lanes = [ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"engine-{n}") for n in range(lanes)]
        self._flusher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="flush")
        self._ahead: deque[Sequence[_Request]] = deque()
        self._flushing: asyncio.Task[None] | None = None
        self._closed = False

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
        await done

    async def run(self) -> None:
        """Process batches until `stop`."""
        while not (self._closed and self._requests.empty()):
            first = await self._requests.get()
            requests = [] if first is None else [first]
            count = sum(len(events) for events, _ in requests)
            while count < self._most * len(self._lanes) and not self._requests.empty():
                following = self._requests.get_nowait()
                if following is not None:
                    requests.append(following)
                    count += len(following[0])
            if requests:
                await self._process(requests)
        if self._flushing is not None:
            await self._flushing
        for lane in self._lanes:
            lane.shutdown(wait=False)
        self._flusher.shutdown(wait=False)

    def stop(self) -> None:
        """Take nothing more; what waits is still processed, then `run` ends."""
        self._closed = True
        if self._requests.empty():
            self._requests.put_nowait(None)

    async def _process(self, requests: Sequence[_Request]) -> None:
        events = [event for each, _ in requests for event in each]
        # What is alone waits for the disk in the engine's own thread, which is quicker than being handed to another.
        alone = self._requests.empty() and not self._ahead
        parts = [events] if alone or len(events) < self._most else self._parted(events)
        decisions = (self._decide(lane, part, lasting=alone) for lane, part in zip(self._lanes, parts, strict=False))
        refusals = [refusal for refusal in await asyncio.gather(*decisions) if refusal is not None]
        if refusals:  # also to those whose part was committed: the store knows it when it comes again
            self._failed()
            _refuse(requests, refusals[0])
        elif alone:
            _confirm(requests)
        else:
            self._ahead.append(requests)
            if self._flushing is None or self._flushing.done():
                self._flushing = asyncio.create_task(self._flush_all())
            elif len(self._ahead) >= AHEAD:
                await self._flushing

    def _parted(self, events: Sequence[Event]) -> list[list[Event]]:
        """The events of each lane, in order. A group is always in the same one."""
        parts: list[list[Event]] = [[] for _ in self._lanes]
        for event in events:
            parts[crc32(event.group.encode()) % len(parts)].append(event)
        return [part for part in parts if part]

    async def _decide(
        self, lane: ThreadPoolExecutor, events: Sequence[Event], *, lasting: bool
    ) -> StoreUnavailable | None:
        """Process one batch; why it could not be."""
        engine, begun = self._engine, time.monotonic()

        def decide() -> Outcome:
            return engine.process(events, lasting=lasting)

        try:
            outcome = await asyncio.get_running_loop().run_in_executor(lane, decide)
        except (StoreUnavailable, StoreBusy) as error:
            return StoreUnavailable(str(error))
        except Exception as error:
            # A bug of ours. Nothing was committed, so nothing is lost: the callers keep their events and try again.
            log.exception("a batch of %d could not be processed", len(events))
            return StoreUnavailable(f"{type(error).__name__}: {error}")
        self._took(time.monotonic() - begun)
        self._committed(events, outcome)  # before those who wait: an answer is worth more than the next batch
        tell(outcome)
        return None

    async def _flush_all(self) -> None:
        """Until nothing is left whose callers wait for the disk."""
        while self._ahead:
            count = len(self._ahead)
            try:
                await asyncio.get_running_loop().run_in_executor(self._flusher, self._flush)
            except Exception as error:  # as above: the callers keep their events, which the store may know already
                log.error("nobody can tell whether %d batches that were committed last: %s", count, error)
                for _ in range(count):
                    _refuse(self._ahead.popleft(), StoreUnavailable(str(error)))
                if isinstance(error, StoreSpoiled):
                    self._spoiled()
            else:
                for _ in range(count):
                    _confirm(self._ahead.popleft())


def _confirm(requests: Sequence[_Request]) -> None:
    for _, done in requests:
        if not done.done():
            done.set_result(None)


def tell(outcome: Outcome) -> None:
    """Log what went wrong inside a batch that was committed."""
    for fault in outcome.faults:
        log.error("workflow %s crashed on %s: %s (%s)", fault.workflow, fault.event, fault.error, fault.where)
    for letter in outcome.buried:
        log.error("%s of %s was set aside: %s", letter.id, letter.group, letter.why)


def _refuse(requests: Sequence[_Request], error: StoreUnavailable) -> None:
    for _, done in requests:
        if not done.done():
            done.set_exception(error)

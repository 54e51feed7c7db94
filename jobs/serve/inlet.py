"""Where the events of all connections go in: gathered into batches, and handed to the engine in one thread.

A batch is what arrived while the one before it was being committed, up to a bound. So a lone event waits for nobody, a
flood is committed in large pieces, and connections take turns.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from core.engine import Engine, Outcome
from core.errors import StoreBusy, StoreUnavailable
from core.events import Event

log = logging.getLogger("yaji.engine")

MOST = 100
"""Events from which on a batch is full. What was handed in together stays together."""
WAITING = 64
"""Requests that may wait; whoever comes then waits for a place."""

Committed = Callable[[Sequence[Event], Outcome], None]
_Request = tuple[Sequence[Event], asyncio.Future[None]]


class EngineInlet:
    """Implements `core.delivery.Inlet`. `committed` and `took` (seconds) are called in the loop after each commit,
    `failed` after each batch of which nobody knows whether all of it was committed."""

    def __init__(
        self,
        engine: Engine,
        committed: Committed = lambda events, outcome: None,
        took: Callable[[float], object] = lambda seconds: None,
        failed: Callable[[], object] = lambda: None,
    ) -> None:
        self._engine = engine
        self._committed = committed
        self._took = took
        self._failed = failed
        self._requests: asyncio.Queue[_Request | None] = asyncio.Queue(WAITING)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
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
            while count < MOST and not self._requests.empty():
                following = self._requests.get_nowait()
                if following is not None:
                    requests.append(following)
                    count += len(following[0])
            if requests:
                await self._process(requests)
        self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Take nothing more; what waits is still processed, then `run` ends."""
        self._closed = True
        if self._requests.empty():
            self._requests.put_nowait(None)

    async def _process(self, requests: Sequence[_Request]) -> None:
        events = [event for each, _ in requests for event in each]
        engine, begun = self._engine, time.monotonic()
        try:
            outcome = await asyncio.get_running_loop().run_in_executor(self._thread, engine.process, events)
        except (StoreUnavailable, StoreBusy) as error:
            self._failed()
            _refuse(requests, StoreUnavailable(str(error)))
            return
        except Exception as error:
            # A bug of ours. Nothing was committed, so nothing is lost: the callers keep their events and try again.
            log.exception("a batch of %d could not be processed", len(events))
            self._failed()
            _refuse(requests, StoreUnavailable(f"{type(error).__name__}: {error}"))
            return
        self._took(time.monotonic() - begun)
        self._committed(events, outcome)  # before those who wait: an answer is worth more than the next batch
        for _, done in requests:
            if not done.done():
                done.set_result(None)
        tell(outcome)


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

"""A loop whose time leaps on when everything waits, with the server, its client and its worker threads all in it.

Both ends of each connection live in one loop. So when no socket has anything to read and no thread works, nothing can
happen before the next timer, and an hour costs no more than what is done in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from tests.support.patience import PATIENCE

T = TypeVar("T")
MORNING: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
_CROSSING: Final = 0.002
"""Real seconds that bytes on loopback get to arrive before time leaps."""
_STEP: Final = 1e-6
"""What a turn of the loop takes. Without it a wait that is shorter than floats can tell apart would last for ever."""
_WORKING: Final = PATIENCE
"""Real seconds that a thread gets."""
_ENDING: Final = PATIENCE
"""Real seconds that threads get to end with the loop."""


class _Selector(selectors.SelectSelector):
    """Waits for bytes and threads; instead of waiting for time it moves the loop's time on."""

    loop: LeapingLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.loop.passed += _STEP
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.threads:
            ready = super().select(_WORKING)  # a thread that ends writes into a socket of the loop
            assert ready, "a thread does not end"
            return ready
        ready = super().select(_CROSSING if timeout is not None else _ENDING)
        if not ready:
            assert timeout is not None, "everything waits, and nothing is going to happen any more"
            self.loop.passed += timeout
        return ready


class LeapingLoop(asyncio.SelectorEventLoop):
    """See the module."""

    def __init__(self) -> None:
        selector = _Selector()
        selector.loop = self
        self.passed = 0.0
        self.threads = 0
        super().__init__(selector)

    def time(self) -> float:
        return self.passed

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = super().run_in_executor(executor, func, *args)
        self.threads += 1
        future.add_done_callback(self._ended)
        return future

    def _ended(self, _: asyncio.Future[Any]) -> None:
        self.threads -= 1


class LeapingClock:
    """The time of the running loop, for everybody in it, and for threads that work for it."""

    _loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> datetime:
        return MORNING + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        with contextlib.suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()
        assert self._loop is not None
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def play(scene: Coroutine[Any, Any, T]) -> T:
    """Run a scene to its end, on a loop of its own."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(scene)

"""An event loop whose time passes only when nothing else is left to do, and then at once."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
T = TypeVar("T")


class _Leap(selectors.SelectSelector):
    """Instead of waiting it moves the loop's time on."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everything waits, and nothing is going to happen any more"
            self.loop.passed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs hours in milliseconds."""

    def __init__(self) -> None:
        leap = _Leap()
        leap.loop = self
        self.passed = 0.0
        super().__init__(leap)

    def time(self) -> float:
        return self.passed


class VirtualClock:
    """The courier's clock, on the running loop's time."""

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def play(scene: Coroutine[Any, Any, T]) -> T:
    """Run a scene to its end, on a loop of its own."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(scene)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left))
        loop.close()

"""What an account does beside what is decided: it accepts friend requests and invitations, and confirms that a room is
bound. At its own pace, not after a complaint, and again where it failed and may be done again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from adapters.wechat.failures import CallFailed, Refused
from adapters.wechat.refusals import COMPLAINT, pause_after
from core.budget import Budget
from core.pacing import Apart
from jobs.serve.clock import Clock

log = logging.getLogger("yaji.wechat")

TRIES: Final = 5
AGAIN: Final = 60.0
"""Seconds until it is tried for the second time; then twice as long each time."""

Do = Callable[[], Awaitable[object]]


class Requests:
    """Those of one account, kept in memory: `apart` and `budget` are what its messages keep to as well."""

    def __init__(self, name: str, apart: Apart | None, budget: Budget, clock: Clock) -> None:
        self._name = name
        self._apart = apart
        self._budget = budget
        self._clock = clock
        self._turn = asyncio.Lock()
        self._open: set[asyncio.Task[None]] = set()

    def take(self, do: Do, done: Callable[[], object] = lambda: None, *, tries: int = TRIES) -> None:
        """Do something when its turn has come; `done` is called after it. Returns at once."""
        task = asyncio.create_task(self._until_done(do, done, tries))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def end(self) -> None:
        """Do nothing more. Whatever was to be accepted stays as it is on the phone."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _until_done(self, do: Do, done: Callable[[], object], tries: int) -> None:
        for failed in range(tries):
            if failed:
                await self._clock.sleep(AGAIN * 2 ** (failed - 1))
            async with self._turn:
                await self._wait()
                try:
                    await do()
                except CallFailed as error:
                    self._failed(error)
                    continue
            done()
            return

    def _failed(self, error: CallFailed) -> None:
        log.warning("%s: %s", self._name, error)
        pause = pause_after(error.why) if isinstance(error, Refused) else timedelta()
        if pause > COMPLAINT:  # said of the account, not of this request
            self._budget.hold(self._clock.now() + pause)

    async def _wait(self) -> None:
        """Until nothing was done for a while, and no complaint is fresh."""
        while wait := max(self._budget.pause(self._clock.now()), self._left()):
            await self._clock.sleep(wait)
        if self._apart is not None:
            self._apart.rest(self._clock.monotonic())

    def _left(self) -> float:
        return 0.0 if self._apart is None else max(0.0, self._apart.until - self._clock.monotonic())

"""The clock inside the process: what is due in the store becomes events, exactly when it is due.

The rows are the truth. A ring that is missed or given twice is harmless: a timer is spent by the event it becomes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta

from core.delivery import Inlet
from core.errors import StoreBusy, StoreUnavailable
from core.upkeep import Upkeep
from jobs.privacy.veil import unnamed
from jobs.serve.clock import Clock

log = logging.getLogger("yaji.bell")

MOST = 100
"""Timers in one ring, so that messages have their turn between rings."""
GLANCE = timedelta(milliseconds=50)
"""The least time between two looks, however often somebody commits."""
LONGEST = timedelta(seconds=30)
"""Looks again after this in any case: another process may have set a timer, or the clock been put right."""


class Bell:
    """Rings for the timers of `groups`. `wake` says that a timer may have been set."""

    def __init__(self, upkeep: Upkeep, inlet: Inlet, groups: Callable[[], Collection[str]], clock: Clock) -> None:
        self._upkeep = upkeep
        self._inlet = inlet
        self._groups = groups
        self._clock = clock
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something was committed: look again when the next timer is due."""
        self._woken.set()

    async def run(self, first: Callable[[], Awaitable[object]] | None = None) -> None:
        """Ring until cancelled. `first` is waited for before anything rings: what was written before a timer came due
        is heard before it."""
        if first is not None:
            await first()
        while True:
            try:
                pause = await self._ring()
            except (StoreUnavailable, StoreBusy) as error:
                log.warning("the timers cannot be read: %s", error)
                pause = timedelta(seconds=1)
            await self._rest(pause)

    async def _ring(self) -> timedelta:
        """Ring for all that is due; how long there is nothing to do then."""
        rang: set[str] = set()
        while True:
            self._woken.clear()  # before looking: what is committed from here on is looked for again
            now = self._clock.now()
            rows = await asyncio.to_thread(self._upkeep.due, self._groups(), now, MOST)
            if not rows:
                break
            events = [row.due(now) for row in rows]
            if rang.issuperset(event.id for event in events):
                # Spent timers are gone. Whatever keeps these must not make this a busy loop.
                log.error("timers stay due after ringing: %s", ", ".join(unnamed(event.id) for event in events[:3]))
                return LONGEST
            rang.update(event.id for event in events)
            await self._inlet.take(events)
        at: datetime | None = await asyncio.to_thread(self._upkeep.next_due, self._groups())
        return min(LONGEST, at - self._clock.now()) if at is not None else LONGEST

    async def _rest(self, pause: timedelta) -> None:
        """Until the pause is over or somebody commits, and a moment more."""
        if pause > GLANCE:
            waiting = asyncio.ensure_future(self._woken.wait())
            sleeping = asyncio.ensure_future(self._clock.sleep((pause - GLANCE).total_seconds()))
            try:
                await asyncio.wait((waiting, sleeping), return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
                sleeping.cancel()
        await self._clock.sleep(max(0.0, min(pause, GLANCE).total_seconds()))

"""The clock inside the process: what is due in the store becomes events, exactly when it is due.

The rows are the truth. A ring that is missed or given twice is harmless: a timer is spent by the event it becomes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from core.delivery import Inlet
from core.errors import StoreBusy, StoreUnavailable
from core.ports import TimerRow
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
HELD = timedelta(seconds=0.5)
"""The same while a group waits for what was written to be heard; and then the least time, too, as all its timers that
are due stand before those of others."""


class Bell:
    """Rings for the timers of `groups`. `wake` says that a timer may have been set. `waiting` tells the groups whose
    timers wait, each with the instant up to which they ring all the same: see `jobs.earshot`."""

    def __init__(
        self,
        upkeep: Upkeep,
        inlet: Inlet,
        groups: Callable[[], Collection[str]],
        clock: Clock,
        waiting: Callable[[datetime], Mapping[str, datetime]] = lambda now: {},
    ) -> None:
        self._upkeep = upkeep
        self._inlet = inlet
        self._groups = groups
        self._clock = clock
        self._waiting = waiting
        self._woken = asyncio.Event()
        self._glance = GLANCE

    def wake(self) -> None:
        """Something was committed: look again when the next timer is due."""
        self._woken.set()

    async def run(self) -> None:
        """Ring until cancelled."""
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
            waiting, groups = self._waiting(now), self._groups()
            if waiting:
                groups = frozenset(groups).difference(waiting)
            rows = await asyncio.to_thread(self._due, groups, waiting, now)
            if not rows:
                break
            events = [row.due(now) for row in rows]
            if rang.issuperset(event.id for event in events):
                # Spent timers are gone. Whatever keeps these must not make this a busy loop.
                log.error("timers stay due after ringing: %s", ", ".join(unnamed(event.id) for event in events[:3]))
                return LONGEST
            rang.update(event.id for event in events)
            await self._inlet.take(events)
        longest, self._glance = (HELD, HELD) if waiting else (LONGEST, GLANCE)
        at: datetime | None = await asyncio.to_thread(self._upkeep.next_due, groups)
        return min(longest, at - self._clock.now()) if at is not None else longest

    def _due(self, groups: Collection[str], waiting: Mapping[str, datetime], now: datetime) -> Sequence[TimerRow]:
        """What rings now; of the groups that wait, what has waited long enough."""
        rows = self._upkeep.due(groups, now, MOST)
        for until in sorted(set(waiting.values())):
            if not rows:
                rows = self._upkeep.due({one for one in waiting if waiting[one] == until}, until, MOST)
        return rows

    async def _rest(self, pause: timedelta) -> None:
        """Until the pause is over or somebody commits, and a moment more."""
        if pause > self._glance:
            waiting = asyncio.ensure_future(self._woken.wait())
            sleeping = asyncio.ensure_future(self._clock.sleep((pause - self._glance).total_seconds()))
            try:
                await asyncio.wait((waiting, sleeping), return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
                sleeping.cancel()
        await self._clock.sleep(max(0.0, min(pause, self._glance).total_seconds()))

"""What is done now and then beside the serving: ids of old events are forgotten, and what was kept long enough goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from config.keeping import Keep
from core.errors import StoreBusy, StoreUnavailable
from core.events import Event
from core.upkeep import Upkeep
from jobs.serve.clock import Clock
from jobs.tidying import Tidying

log = logging.getLogger("yaji.upkeep")

EVERY = timedelta(hours=1)
SEEN_KEPT = timedelta(days=8)
"""Telegram keeps an update for a day, and a webhook tries for about as long; a week more costs little."""
MOST = 2000
"""Ids forgotten at once, so that no message waits for it."""
PAUSE = 0.2


def always() -> bool:
    """A clock that is beyond doubt."""
    return True


def unheard(events: Sequence[Event]) -> None:
    """Nobody asks how platforms date what they tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """How a process stands to its time: `heard` learns how what was committed is dated, `sure` says whether the time is
    certain enough to delete by it."""

    heard: Callable[[Sequence[Event]], None] = unheard
    sure: Callable[[], bool] = always


async def forget_old(upkeep: Upkeep, clock: Clock, sure: Callable[[], bool] = always) -> None:
    """Every hour forget which events were seen long ago, in small pieces, until cancelled. `sure` says whether the time
    is certain enough to delete by it."""
    while True:
        await clock.sleep(EVERY.total_seconds())
        if not sure():
            continue
        try:
            before, gone = clock.now() - SEEN_KEPT, 0
            while forgotten := await asyncio.to_thread(upkeep.forget_seen, before, MOST):
                gone += forgotten
                await clock.sleep(PAUSE)
            if gone:
                log.info("forgot %d ids of events seen before %s", gone, before.date())
        except (StoreBusy, StoreUnavailable) as error:
            log.warning("old ids are forgotten later: %s", error)


async def tidy(tidying: Tidying, keep: Callable[[], Keep], clock: Clock, sure: Callable[[], bool] = always) -> None:
    """Every hour clear away what was kept long enough, in small pieces, until cancelled. `sure`: see `forget_old`."""
    while True:
        await clock.sleep(EVERY.total_seconds())
        if not sure():
            continue
        try:
            pieces = tidying.round(keep(), clock.now())
            while await asyncio.to_thread(next, pieces, None) is not None:
                await clock.sleep(PAUSE)
        except (StoreBusy, StoreUnavailable) as error:
            log.warning("what was kept long enough goes later: %s", error)

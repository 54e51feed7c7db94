"""What is done now and then beside the serving: ids of old events are forgotten, and work that was over long ago."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from core.errors import StoreBusy, StoreUnavailable
from core.ports import Upkeep
from jobs.serve.clock import Clock

log = logging.getLogger("yaji.upkeep")


class Retention(Protocol):
    """The clearing away, as in adapters.sql.retention."""

    def drop_tasks(self, before: datetime) -> int: ...


EVERY = timedelta(hours=1)
SEEN_KEPT = timedelta(days=8)
"""Telegram keeps an update for a day, and a webhook tries for about as long; a week more costs little."""
TASKS_KEPT = timedelta(days=60)
"""A monthly digest may be late by two weeks, and nothing asks for it after that."""
MOST = 2000
"""Ids forgotten at once, so that no message waits for it."""
PAUSE = 0.2


async def forget_old(upkeep: Upkeep, retention: Retention, clock: Clock) -> None:
    """Every hour forget which events were seen long ago and which tasks were over, in small pieces, until cancelled."""
    while True:
        await clock.sleep(EVERY.total_seconds())
        seen, over = clock.now() - SEEN_KEPT, clock.now() - TASKS_KEPT
        try:
            if gone := await _all(partial(upkeep.forget_seen, seen, MOST), clock):
                log.info("forgot %d ids of events seen before %s", gone, seen.date())
            if gone := await _all(partial(retention.drop_tasks, over), clock):
                log.info("forgot %d digests and posts asked for before %s", gone, over.date())
        except (StoreBusy, StoreUnavailable) as error:
            log.warning("what is old is forgotten later: %s", error)


async def _all(piece: Callable[[], int], clock: Clock) -> int:
    """Piece by piece until there is nothing more; how much it was."""
    gone = 0
    while forgotten := await asyncio.to_thread(piece):
        gone += forgotten
        await clock.sleep(PAUSE)
    return gone

"""The scheduler: claims timers as they come due and rings for them. Any number may run; each timer is claimed by one.

A timer that was rung for and still stands is claimed again after a while: the ring was lost, its worker was killed, or
Redis was emptied. Looking for what is due and looking for what was lost are the same query. Where nobody answers the
rings, the scheduler does the work itself; a home without Redis needs nothing but this.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from adapters.queue.rings import BellSilent, QueueName
from adapters.sql.clock import Due
from config.problems import Language, Said
from core.errors import StoreBusy, StoreSpoiled, StoreUnavailable
from jobs.clock import lines
from jobs.clock.tasks import FIRE, ringing

log = logging.getLogger("yaji.scheduler")

AGAIN_AFTER = timedelta(seconds=4)
"""A timer that was rung for is rung for again if it stands so long after."""
UNANSWERED = 2
"""After so many rings the scheduler does the work itself."""
CHUNK = 200
"""Timers in one ring."""
CLAIM = 1000
"""Timers claimed at once."""
GLANCE = timedelta(milliseconds=250)
"""The longest time without a look: somebody may have set an earlier timer meanwhile."""
SPACING = timedelta(milliseconds=200)
"""Between two rings: what comes due meanwhile goes with the next, so that a busy minute is a few rings a second."""
HELP_LASTS = 60.0
"""Seconds without an unanswered ring after which the next one is told again."""
TENDING = 1.0
"""Seconds between two looks whether Redis is there."""
LONGEST_PAUSE = 5.0


class Clock(Protocol):
    """The timers of the store, as in adapters.sql.clock."""

    def now(self) -> datetime: ...

    def next_ring(self) -> datetime | None: ...

    def claim_due(self, now: datetime, limit: int, again_after: timedelta) -> list[Due]: ...


class Ringer(Protocol):
    """A bell, as in adapters.queue.rings. Both raise BellSilent, or its kind NobodyListens."""

    def ring(self, queue: QueueName, work: str, *arguments: object) -> str: ...

    def tend(self, queue: QueueName) -> None: ...


class Scheduler:
    """Rings for timers. `bell` is None where there is no Redis; `fire` does the work of a ring in this process."""

    def __init__(
        self,
        clock: Clock,
        bell: Ringer | None,
        fire: Callable[[Sequence[Due]], object],
        *,
        again_after: timedelta = AGAIN_AFTER,
        told: Callable[[str], None] = log.warning,
        language: Language = "en",
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._bell = bell
        self._fire = fire
        self._again_after = again_after
        self._hear = told
        self._language = language
        self._ticks = ticks
        self._tended = float("-inf")
        self._silent: type[BellSilent] | None = None
        self._helped = float("-inf")

    def _told(self, said: Said) -> None:
        self._hear(said.in_(self._language))

    def run(self, stop: threading.Event) -> None:
        """Go on until stopped, whatever becomes of the store and of Redis meanwhile. Raises StoreSpoiled: then nothing
        can be done here any more."""
        pause, unable = 0.0, ""
        while not stop.wait(pause):
            try:
                pause = self.step().total_seconds()
                if unable:
                    self._told(lines.STORE_BACK)
                    unable = ""
            except StoreSpoiled:
                raise
            except (StoreUnavailable, StoreBusy) as error:
                if not unable and isinstance(error, StoreUnavailable):
                    self._told(Said(f"{lines.UNREAD.en}: {error}", f"{lines.UNREAD.zh}：{error.zh}"))
                    unable = str(error)
                pause = min(LONGEST_PAUSE, max(0.1, pause * 2))

    def step(self) -> timedelta:
        """Ring for all that is due; how long to wait then, never longer than a glance."""
        self._tend()
        while True:
            now = self._clock.now()
            then = self._clock.next_ring()
            if then is None:
                return GLANCE
            if then > now:
                return min(GLANCE, then - now)
            # What is done here is claimed in small parts, so that other schedulers can take theirs.
            limit = CHUNK if self._deaf else CLAIM
            due = self._clock.claim_due(now, limit, self._again_after)
            if not due:
                return SPACING / 10  # another scheduler is just claiming it
            self._see_to(due)
            if len(due) < limit:
                return SPACING

    @property
    def _deaf(self) -> bool:
        return self._bell is None or self._silent is not None

    def _see_to(self, due: Sequence[Due]) -> None:
        left = [timer for timer in due if timer.rings > UNANSWERED]
        if left and not self._deaf:
            if self._ticks() - self._helped > HELP_LASTS:
                self._told(lines.UNANSWERED)
            self._helped = self._ticks()
        for chunk in chunks([timer for timer in due if timer.rings <= UNANSWERED]):
            if not self._rings(chunk):
                left += chunk
        for chunk in chunks(left):
            try:
                self._fire(chunk)
            except StoreBusy:
                log.info("%d timers have to wait: the store is busy", len(chunk))

    def _rings(self, chunk: Sequence[Due]) -> bool:
        if self._bell is None or self._deaf:
            return False
        try:
            self._bell.ring("timers", FIRE, ringing(chunk))
        except BellSilent as error:
            self._hears_nothing(error)
            return False
        return True

    def _tend(self) -> None:
        if self._bell is None or self._ticks() - self._tended < TENDING:
            return
        self._tended = self._ticks()
        try:
            self._bell.tend("timers")
        except BellSilent as error:
            self._hears_nothing(error)
        else:
            if self._silent is not None:
                self._told(lines.HEARD_AGAIN)
            self._silent = None

    def _hears_nothing(self, error: BellSilent) -> None:
        # A Redis that is gone and workers that are gone are two things to mend; each is told when it comes.
        if type(error) is not self._silent:
            self._told(Said(f"{error}; {lines.HERE.en}", f"{error.zh}；{lines.HERE.zh}"))
            self._silent = type(error)


def chunks(timers: Sequence[Due], most: int = CHUNK) -> Iterator[list[Due]]:
    """Parts of at most `most` timers; those of a group are in one where they fit, as a part locks its groups."""
    by_group: dict[str, list[Due]] = {}
    for timer in timers:
        by_group.setdefault(timer.group, []).append(timer)
    part: list[Due] = []
    for group in sorted(by_group):
        held = by_group[group]
        if part and len(part) + len(held) > most:
            yield part
            part = []
        while len(held) > most:
            yield held[:most]
            held = held[most:]
        part += held
    if part:
        yield part

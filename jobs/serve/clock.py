"""The only place of a running process where time is read."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from core.errors import StoreBusy, StoreUnavailable

log = logging.getLogger("yaji.clock")

ASKED_AGAIN: Final = 15.0
"""Seconds between two looks at the database's clock."""
ASKED_AT_ONCE: Final = 3
"""Questions in one look: the quickest answer is believed."""
FAR_OFF: Final = timedelta(seconds=5)
"""By so much the machine's clock differs before its operator is told."""


_COUNTED: Final = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""The ticks that go on while the machine sleeps, where the system has them."""


class Clock(Protocol):
    """Time as a running process knows it."""

    def now(self) -> datetime:
        """The instant, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards. May be asked in any thread."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


def in_utc(at: datetime) -> str:
    """An instant, as operators are told it in logs."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """See `Clock.now`."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic() if _COUNTED is None else time.clock_gettime(_COUNTED)

    async def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        await asyncio.sleep(seconds)


class DatabaseClock:
    """The clock of a database that processes of several machines share, whose own clocks may differ.

    What it shows goes on by this machine's monotonic clock, from the last look; `look` comes first. It is never ahead
    of the database, and behind by no more than an answer of it takes.
    """

    def __init__(self, host: Clock, asked: Callable[[], datetime]) -> None:
        self._host = host
        self._asked = asked
        self._zero = datetime.min.replace(tzinfo=UTC)
        self._told = False

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self._zero + timedelta(seconds=self._host.monotonic())

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return self._host.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        await self._host.sleep(seconds)

    def look(self) -> None:
        """Ask the database what time it is. May raise StoreBusy or StoreUnavailable."""
        self._zero = max(self._answered() for _ in range(ASKED_AT_ONCE))
        off = abs(self._host.now() - self.now())
        if off > FAR_OFF and not self._told:
            log.warning("this machine's clock is off by %.0f seconds; the database's counts", off.total_seconds())
        elif off <= FAR_OFF and self._told:
            log.info("this machine's clock agrees with the database's again")
        self._told = off > FAR_OFF

    async def run(self) -> None:
        """Look again and again, until cancelled. Between two looks, and while there is no database, time goes on."""
        while True:
            await self._host.sleep(ASKED_AGAIN)
            try:
                await asyncio.to_thread(self.look)
            except (StoreBusy, StoreUnavailable) as error:
                log.debug("the database's clock cannot be read: %s", error)

    def _answered(self) -> datetime:
        # The answer was on its way since: the database's clock shows no less by now.
        at = self._asked()
        return at - timedelta(seconds=self._host.monotonic())

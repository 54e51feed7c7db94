"""Who performs for a bot account: the courier that holds its lease, for as long as the lease lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from core.delivery import Dispatch
from core.errors import StoreBusy, StoreUnavailable

SPAN: Final = timedelta(seconds=8)
"""How long a lease lasts: after the death of a courier nobody performs for that long at the most."""
RENEWALS: Final = 6
"""How often a lease is prolonged in its span."""
DEADLINE: Final = 20.0
"""Seconds that one request may take, an upload too, while the lease is prolonged. What is still on its way when the
lease ends, ends with it."""
ROOM: Final = 3.0
"""Seconds of the lease that are left when a request begins: an ordinary one ends in them, if no renewal follows."""

Call = Callable[..., Awaitable[Any]]
"""Runs a blocking function with its arguments somewhere else: `asyncio.to_thread`."""


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


class Lease:
    """One courier's hold on a name.

    Each term has a holder of its own, in this process and in one that is started with the same number later: what was
    begun in one term is foreign in the next.
    """

    def __init__(self, dispatch: Dispatch, name: str, holder: str, clock: Clock, call: Call, span: timedelta) -> None:
        self._dispatch = dispatch
        self._name = name
        self._asked_by = holder
        self._clock = clock
        self._call = call
        self._span = span
        self._terms = 0
        self.until = float("-inf")
        """On the monotonic clock: until when nobody else can have it."""
        self.holder = holder

    async def take(self) -> bool:
        """Begin a term. False while another has the lease. Raises StoreBusy, StoreUnavailable."""
        self._terms += 1
        self.holder = f"{self._asked_by}/{self._clock.now().isoformat()}/{self._terms}"
        return await self._renew()

    async def keep(self, lost: Callable[[], None]) -> None:
        """Prolong it for ever. Calls `lost` and returns when it is over."""
        while True:
            await self._clock.sleep(self._span.total_seconds() / RENEWALS)
            try:
                async with asyncio.timeout(self.until - self._clock.monotonic()):
                    held = await self._renew()
            except TimeoutError:  # the store may answer some day; the lease runs out before
                held = False
            except (StoreBusy, StoreUnavailable):
                held = self.held
            if not held:
                self.until = float("-inf")
                lost()
                return

    async def give_back(self) -> None:
        """Let another courier have it at once."""
        if self.held:
            self.until = float("-inf")
            await self._call(self._dispatch.drop_lease, self._name, self.holder)

    @property
    def held(self) -> bool:
        """Whether nobody else can have it at this moment."""
        return self._clock.monotonic() < self.until

    @property
    def safe(self) -> bool:
        """Whether a request may begin: it can be over before anybody else has the lease."""
        return self._clock.monotonic() + ROOM <= self.until

    async def _renew(self) -> bool:
        asked = self._clock.monotonic()
        held: bool = await self._call(self._dispatch.take_lease, self._name, self.holder, self._span)
        if held:
            self.until = asked + self._span.total_seconds()
        return held

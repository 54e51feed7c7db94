"""Whether Telegram posts the updates of a bot where it was asked to: nobody else would say that it does not."""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import msgspec

from adapters.telegram.calling import Caller, refused
from adapters.telegram.calls import ApiError, CallFailed, result_of
from adapters.telegram.polling import WebhookInfo

LOOK: Final = 60.0
"""Seconds between two looks."""
SOON: Final = 2.0
"""The same while updates of before are on their way. Each look in vain doubles it."""
LOOKS_SOON: Final = 300
"""So many looks at most are taken so soon."""


class Delivery(enum.StrEnum):
    """How delivery goes. Each change is told once."""

    RUNNING = "delivered"
    ELSEWHERE = "elsewhere"
    """Telegram posts to another address, or to none: another process took the webhook away."""
    FAILING = "undelivered"
    """Telegram posts, and does not get through."""


class DeliveryWatch:
    """Looks whether updates are posted to `url`. `told` hears of every change, with the reason.

    `since` is in Unix seconds by Telegram's clock; errors of before count for nothing. `how` is how it stood when it
    was looked at last. `taken` tells how many updates were taken in until now: Telegram posts the oldest first, so that
    in a busy group, in which there is always one that waits, those of before are known to be through. `pause` waits.
    """

    def __init__(
        self,
        calls: Caller,
        url: str,
        *,
        since: int,
        how: Delivery = Delivery.RUNNING,
        told: Callable[[Delivery, str], None] = lambda _how, _why: None,
        taken: Callable[[], int] = lambda: 0,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.how = how
        self._calls = calls
        self._url = url
        self._error = since
        self._waiting = 0
        self._behind = True
        self._told = told
        self._taken = taken
        self._through_at: int | None = None
        """How many updates were taken in when all of before have been."""
        self._pause = pause

    @property
    def behind(self) -> bool:
        """Whether something may wait at Telegram that was written before the watch began, or while nothing got
        through."""
        return self._behind

    async def run(self) -> None:
        """Look until cancelled. Raises CredentialsRefused."""
        soon = vain = 0
        while True:
            asked = await self.look()
            hurried = self._behind and self.how is Delivery.RUNNING
            soon, vain = soon + 1 if hurried else 0, 0 if asked is None else vain + 1
            pause = SOON * 2 ** min(vain, 10) if 0 < soon <= LOOKS_SOON else LOOK
            await self._pause(max(min(pause, LOOK), asked or 0.0))

    async def look(self) -> float | None:
        """Once. While Telegram does not answer, nothing new is known: then how many seconds it asked to be left alone,
        else None. Raises CredentialsRefused."""
        try:
            info = result_of(await self._calls.call("getWebhookInfo"), WebhookInfo)
        except ApiError as error:
            if (credentials := refused(self._calls.name, error)) is not None:
                raise credentials from None
            return error.retry_after or 0.0
        except (CallFailed, msgspec.DecodeError):
            return 0.0
        self._goes(*self._seen(info))
        return None

    def _seen(self, info: WebhookInfo) -> tuple[Delivery, str]:
        fails, self._error = info.last_error_date > self._error, max(self._error, info.last_error_date)
        before, self._waiting = self._waiting, info.pending_update_count
        if info.url != self._url:
            return Delivery.ELSEWHERE, host_of(info.url)
        still = self.how is Delivery.FAILING and self._waiting >= before  # the next try may be minutes away
        if self._waiting and (fails or still):
            return Delivery.FAILING, info.last_error_message
        return Delivery.RUNNING, ""

    def _waits(self) -> bool:
        """Whether something of before may wait still, now that updates get through."""
        if self._through_at is None or self.how is not Delivery.RUNNING:
            self._through_at = self._taken() + self._waiting
        return self._waiting > 0 and self._taken() < self._through_at

    def _goes(self, how: Delivery, why: str) -> None:
        self._behind = how is not Delivery.RUNNING or (self._behind and self._waits())
        if how is not self.how:
            self.how = how
            self._told(how, why)


def host_of(url: str) -> str:
    """Whose address it is; what stands behind the host may be a secret. "-" where there is none."""
    return urlsplit(url).hostname or "-"

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
"""The same while updates of before are on their way."""


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
    was looked at last. `pause` waits.
    """

    def __init__(
        self,
        calls: Caller,
        url: str,
        *,
        since: int,
        how: Delivery = Delivery.RUNNING,
        told: Callable[[Delivery, str], None] = lambda _how, _why: None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.how = how
        self._calls = calls
        self._url = url
        self._error = since
        self._waiting = 0
        self._behind = True
        self._told = told
        self._pause = pause

    @property
    def behind(self) -> bool:
        """Whether something may wait at Telegram that was written before the watch began, or while nothing got
        through."""
        return self._behind

    async def run(self) -> None:
        """Look until cancelled. Raises CredentialsRefused."""
        while True:
            await self.look()
            await self._pause(SOON if self._behind and self.how is Delivery.RUNNING else LOOK)

    async def look(self) -> None:
        """Once. While Telegram does not answer, nothing new is known. Raises CredentialsRefused."""
        try:
            info = result_of(await self._calls.call("getWebhookInfo"), WebhookInfo)
        except ApiError as error:
            if (credentials := refused(self._calls.name, error)) is not None:
                raise credentials from None
        except (CallFailed, msgspec.DecodeError):
            pass
        else:
            self._goes(*self._seen(info))

    def _seen(self, info: WebhookInfo) -> tuple[Delivery, str]:
        fails, self._error = info.last_error_date > self._error, max(self._error, info.last_error_date)
        before, self._waiting = self._waiting, info.pending_update_count
        if info.url != self._url:
            return Delivery.ELSEWHERE, host_of(info.url)
        still = self.how is Delivery.FAILING and self._waiting >= before  # the next try may be minutes away
        if self._waiting and (fails or still):
            return Delivery.FAILING, info.last_error_message
        return Delivery.RUNNING, ""

    def _goes(self, how: Delivery, why: str) -> None:
        self._behind = how is not Delivery.RUNNING or (self._behind and self._waiting > 0)
        if how is not self.how:
            self.how = how
            self._told(how, why)


def host_of(url: str) -> str:
    """Whose address it is; what stands behind the host may be a secret. "-" where there is none."""
    return urlsplit(url).hostname or "-"

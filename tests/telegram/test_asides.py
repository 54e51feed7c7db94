"""What is said beside the outbox: a chat that must wait holds up no other one."""

from __future__ import annotations

import asyncio

import pytest

from adapters.telegram.asides import Asides
from adapters.telegram.calls import ApiError, NotSent
from tests.support.patience import PATIENCE
from tests.telegram.gateway import Telegram


class Pauses:
    """Pauses of `seconds` last until they are ended; all others are over at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        await (self.over.wait() if seconds == self.seconds else asyncio.sleep(0))


def flood(seconds: float) -> ApiError:
    return ApiError("sendMessage", 429, "Too Many Requests", retry_after=seconds)


def test_a_chat_that_was_told_to_wait_holds_up_no_other_and_hears_it_later():
    async def scene() -> None:
        telegram, pauses = Telegram(), Pauses(20.0)
        telegram.fails["sendMessage"] = [flood(20.0)]
        asides = Asides(telegram, pause=pauses)
        for chat in (-1, -2, -1, -3):
            asides.say(chat, f"to {chat}")
        while len(telegram.said) < 3:
            await asyncio.sleep(0)
        assert telegram.said == [(-1, "to -1"), (-2, "to -2"), (-3, "to -3")]
        pauses.over.set()
        await asides.settled()
        assert telegram.said[3:] == [(-1, "to -1")]
        assert asides.dropped == 1
        await asides.close()

    asyncio.run(asyncio.wait_for(scene(), PATIENCE))


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        pytest.param(flood(31.0), 1, id="too long a wait"),
        pytest.param(ApiError("sendMessage", 403, "Forbidden: bot was kicked"), 1, id="a no"),
        pytest.param(NotSent("sendMessage", "no route"), 2, id="no connection"),
    ],
)
def test_what_cannot_be_said_is_given_up(error, calls):
    async def scene() -> None:
        telegram = Telegram()
        telegram.fails["sendMessage"] = [error, error]
        asides = Asides(telegram, pause=Pauses(-1.0))
        asides.say(-1, "hello")
        await asides.settled()
        await asides.close()
        assert len(telegram.said) == calls

    asyncio.run(asyncio.wait_for(scene(), PATIENCE))

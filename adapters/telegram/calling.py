"""What the gateway asks of the calls of a bot account, and when a token counts as refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from adapters.telegram.calls import ApiError
from core.errors import YajiError


class CredentialsRefused(YajiError):
    """Telegram does not accept the bot's token. The message is for the operator."""


class Caller(Protocol):
    """Calls of one bot account; `adapters.telegram.calls.BotCalls` makes them over the net."""

    name: str
    """What operators call the bot."""

    async def call(
        self, method: str, params: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> bytes:
        """The body of a successful answer. Raises ApiError, NotSent, AnswerLost."""
        ...


def refused(name: str, error: ApiError) -> CredentialsRefused | None:
    """What an error says about the token of the bot `name`: refused, or None for nothing of the kind.

    Telegram answers 401 to a token that was revoked and 404 to one that never was. A page with such a status is a
    proxy's, and says nothing about tokens.
    """
    if error.foreign:
        return None
    if error.code == 401 or (error.code == 404 and error.description == "Not Found"):
        return CredentialsRefused(
            f'Telegram does not accept the token of the bot "{name}" ({error.code} {error.description}): '
            "give it the one that BotFather shows"
        )
    return None

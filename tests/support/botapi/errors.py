"""How the server says no: in the words of telegram-bot-api and tdlib, version 10.0."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A call that fails: `code`, `description` and the `parameters` of the answer."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters


class NotAllowed(Exception):
    """A person tried what Telegram would not let them do: the test's script is wrong, or they were muted."""


class Conflict(Refused):
    """409."""

    def __init__(self, description: str) -> None:
        super().__init__(409, f"Conflict: {description}")


def bad(message: str, **parameters: Any) -> Refused:
    """400. As telegram-bot-api does, the first letter becomes small unless the message is a server's CODE."""
    if len(message) > 1 and not (message[1] == "_" or message[1].isupper()):
        message = message[0].lower() + message[1:]
    return Refused(400, f"Bad Request: {message}", **parameters)


def forbidden(message: str) -> Refused:
    """403."""
    return Refused(403, f"Forbidden: {message}")


def too_many(seconds: int) -> Refused:
    """429."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)

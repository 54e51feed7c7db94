"""Where Telegram posts updates: an ASGI app that answers 200 only after the update is committed.

The secret is compared before anything of the body is read, so that nobody else can make the process hold their bytes.
It keeps no state: any number of processes may stand behind one address.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from adapters.telegram.calling import Caller, refused
from adapters.telegram.calls import ApiError, CallFailed, NotSent
from adapters.telegram.polling import ALLOWED, Handle, numbered
from adapters.telegram.updates import Unreadable, Update, update_in
from core.errors import StoreBusy, StoreUnavailable

log = logging.getLogger("yaji.telegram")

PREFIX: Final = "/telegram/"
MOST_BYTES: Final = 1 << 20
"""An update has a few kilobytes; those with the longest texts and keyboards stay far below this."""
PATIENCE: Final = 10.0
"""Seconds that a body may take to arrive."""
CONNECTIONS: Final = 40
"""Updates that Telegram may post at once."""

_HEADER: Final = b"x-telegram-bot-api-secret-token"
_TRIES: Final = 6
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def secret_for(deployment: bytes, bot: int) -> str:
    """The secret that Telegram sends along for a bot: the same in every process of the deployment."""
    return hmac.new(deployment, f"yaji webhook {bot}".encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the updates of one bot go in; `handle` returns after the commit."""

    secret: str
    handle: Handle


class Webhook:
    """`POST /telegram/<name of the bot>`. `doors` may change while it serves."""

    def __init__(self, doors: Mapping[str, Door], *, most: int = MOST_BYTES, patience: float = PATIENCE) -> None:
        self._doors = doors
        self._most = most
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification, version 3. Takes http only; `lifespan` is answered and means nothing."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            raise ValueError(f"the webhook takes http, not {scope['type']}")
        await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        door = self._doors.get(unquote(path.removeprefix(PREFIX))) if path.startswith(PREFIX) else None
        if door is None:
            await _answer(send, 404)
        elif scope["method"] != "POST":
            await _answer(send, 405, (b"allow", b"POST"))
        elif not _knows(door.secret, scope["headers"]):
            await _answer(send, 401)
        else:
            await self._deliver(door, scope, receive, send)

    async def _deliver(self, door: Door, scope: Scope, receive: Receive, send: Send) -> None:
        announced = _header(scope["headers"], b"content-length")
        if announced.isdigit() and int(announced) > self._most:
            await _answer(send, 413, (b"connection", b"close"))
            return
        try:
            async with asyncio.timeout(self._patience):
                body = await _body(receive, self._most)
        except TimeoutError:
            await _answer(send, 408, (b"connection", b"close"))
            return
        except _Gone:
            return
        if body is None:
            await _answer(send, 413, (b"connection", b"close"))
            return
        await _answer(send, *await self._handled(door, body))

    async def _handled(self, door: Door, body: bytes) -> tuple[int, *tuple[tuple[bytes, bytes], ...]]:
        """The status: everything but 2xx makes Telegram post the same update again."""
        good: list[Update] = []
        bad: list[Unreadable] = []
        try:
            good.append(update_in(body))
        except msgspec.DecodeError as error:
            # It cannot be read later either: it is kept for the operator, and taken.
            bad.append(numbered(Unreadable(None, str(error), body)))
        try:
            await door.handle(good, bad)
        except (StoreUnavailable, StoreBusy):
            return 503, (b"retry-after", b"1")
        except Exception:
            log.exception("an update could not be handled")
            return (500,)
        return (200,)


class _Gone(Exception):
    """The other side hung up before it had said everything."""


def _knows(secret: str, headers: Sequence[tuple[bytes, bytes]]) -> bool:
    return bool(secret) and hmac.compare_digest(_header(headers, _HEADER), secret.encode())


def _header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> bytes:
    return next((bytes(value) for key, value in headers if bytes(key).lower() == name), b"")


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body; None if it is longer than `most`, of which no more than that is ever held."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def _answer(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *headers]})
    await send({"type": "http.response.body", "body": b""})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        step = (await receive())["type"].removeprefix("lifespan.")
        await send({"type": f"lifespan.{step}.complete"})
        if step == "shutdown":
            return


async def webhook_begun(
    calls: Caller,
    url: str,
    secret: str,
    *,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Have the updates posted to `url`, `https://…/telegram/<name of the bot>`. Those that wait are kept.

    Every process says so when it starts, and all say the same. Tries again while Telegram is out of reach or asks for
    patience. Raises CallFailed if it says no, or after the last try; CredentialsRefused for the token.
    """
    params: dict[str, object] = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": tuple(ALLOWED),
        "max_connections": CONNECTIONS,
        "drop_pending_updates": False,
    }
    failed: CallFailed | None = None
    for attempt in range(_TRIES):
        wait = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)
        try:
            await calls.call("setWebhook", params)
        except ApiError as error:
            if error.final:
                raise refused(calls.name, error) or error from None
            failed, wait = error, error.retry_after or wait
        except CallFailed as error:
            failed = error
        else:
            return
        await pause(wait)
    raise failed or NotSent("setWebhook", "setWebhook was not tried")

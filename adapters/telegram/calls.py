"""Calls of the Bot API: what goes out, the raw bytes that come back, and what is known when a call fails.

python-telegram-bot's `HTTPXRequest` is the transport, on connections of our own (wire.py). Its errors only say that
something went wrong; here they are told apart by whether the request can have reached Telegram, because a message that
may have been posted must not be posted again without thought. The token is part of every address, so no address ever
gets into an error, a log or a repr.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
import msgspec
from msgspec import Raw, Struct
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from adapters.telegram.request import Request
from adapters.telegram.wire import Wire
from core.errors import YajiError

TELEGRAM: Final = "https://api.telegram.org"
"""Where the Bot API is unless a server of one's own is named."""

_CONNECT: Final = 5.0
_READ: Final = 10.0
_POOL: Final = 5.0
_UPLOAD: Final = 20.0
_SLACK: Final = 10.0
_KEEP: Final = 30.0
_TOKEN: Final = re.compile(r"\d+:[A-Za-z0-9_-]+")
_OK: Final = b'{"ok":true,'
_NEVER_LEFT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class CallFailed(YajiError):
    """A call of the Bot API had no good answer; `method` is which."""

    def __init__(self, method: str, message: str) -> None:
        super().__init__(message)
        self.method = method


class ApiError(CallFailed):
    """Telegram said no: `code` and `description` are its own. `retry_after` is in seconds, `migrate_to` a chat id.

    `foreign` says that somebody on the way (a proxy) or at a wrong address said no, with an HTTP status.
    """

    def __init__(
        self,
        method: str,
        code: int,
        description: str,
        *,
        retry_after: float | None = None,
        migrate_to: int | None = None,
        foreign: bool = False,
    ) -> None:
        super().__init__(method, f"{method}: {code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to = migrate_to
        self.foreign = foreign

    @property
    def final(self) -> bool:
        """Whether the same call would be refused again: it is no fault of Telegram's or of the way, and no flood."""
        return self.retry_after is None and self.code < 500 and not self.foreign


class NotSent(CallFailed):
    """It is certain that the call never reached Telegram: no connection could be had."""


class AnswerLost(CallFailed):
    """The call may have reached Telegram, and nobody knows what became of it.

    No answer came in time, the connection was cut, or what came is not an answer of the Bot API. The last is so for a
    page of a proxy (502, 504) in front of Telegram, too: it may have passed the call on.
    """


@dataclass(frozen=True, slots=True)
class File:
    """Bytes to be uploaded, with the name and media type they go under."""

    name: str
    content: bytes
    kind: str = "image/png"


class Me(Struct, gc=False):
    """The bot account itself, as getMe tells. `can_read_all_group_messages` is false in privacy mode."""

    id: int
    username: str = ""
    first_name: str = ""
    can_join_groups: bool = True
    can_read_all_group_messages: bool = False


class _Parameters(Struct, gc=False):
    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class _Envelope(Struct, gc=False):
    ok: bool
    error_code: int = 0
    description: str = ""
    parameters: _Parameters | None = None
    result: Raw = Raw()


_ENVELOPE: Final = msgspec.json.Decoder(_Envelope)
_T = TypeVar("_T")


def _envelope(body: bytes) -> _Envelope | None:
    """What the answer is wrapped in; None if it is no answer of the Bot API."""
    try:
        return _ENVELOPE.decode(body)
    except msgspec.ValidationError:
        return None
    except msgspec.DecodeError:  # msgspec takes half a surrogate pair for broken JSON, json does not
        try:
            return msgspec.convert({**json.loads(body), "result": Raw()}, _Envelope)
        except (ValueError, TypeError):
            return None


def result_of(body: bytes, shape: type[_T]) -> _T:
    """What a successful call returned, as `shape`. Raises msgspec.DecodeError if it is not shaped so."""
    return msgspec.json.decode(_ENVELOPE.decode(body).result, type=shape)


class _Form:
    """The fields and files of a call, in the two properties of PTB's `RequestData` that its transport reads.

    As a form, or as JSON (`whole`) if there are no files: adapters.telegram.request takes both.
    """

    __slots__ = ("json_parameters", "multipart_data")

    def __init__(self, fields: Mapping[str, object], files: Mapping[str, File], *, whole: bool) -> None:
        given = {name: value for name, value in fields.items() if value is not None}
        self.json_parameters: bytes | dict[str, str] = (
            _json(given) if whole and not files else {name: _written(value) for name, value in given.items()}
        )
        self.multipart_data = {name: (file.name, file.content, file.kind) for name, file in files.items()}


def _written(value: object) -> str:
    """A value as the Bot API takes it in a form: text as it is, the rest as JSON. Halves of surrogates become `?`."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    return _json(value).decode()


def _json(value: object) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class BotCalls:
    """The calls of one bot account. `name` is what operators call the bot; it may be logged, the token never is.

    `api_url` is the root of another Bot API server, without `/bot`. `pool` is how many calls may be under way at once;
    getUpdates has a connection of its own, so that a long poll never holds up a message. Times are in seconds.
    HTTPS_PROXY and ALL_PROXY are honoured, except for a server on this machine.
    """

    def __init__(
        self,
        token: str,
        *,
        api_url: str | None = None,
        name: str = "main",
        pool: int = 16,
        connect_timeout: float = _CONNECT,
        read_timeout: float = _READ,
        pool_timeout: float = _POOL,
        proxy: str | None = None,
    ) -> None:
        if not _TOKEN.fullmatch(token):
            raise ValueError("a bot token looks like 123456:ABC-DEF; BotFather gives it")
        root = (api_url or TELEGRAM).rstrip("/")
        address = urlsplit(root)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError("the Bot API's address must begin with http:// or https:// and name a host")
        self.name = name
        self.id = int(token.partition(":")[0])
        """The number of the account: its token begins with it."""
        self.host: str = address.hostname
        """Where calls go, for people to read."""
        self._token = token
        self._root = f"{httpx.URL(root)}/bot{token}/".replace("//bot", "/bot")
        self._connect = connect_timeout
        self._read = read_timeout
        self._pool = pool_timeout
        self._closed = False
        own_machine = self.host in ("localhost", "127.0.0.1", "::1") and proxy is None
        plain = own_machine and address.scheme == "http"
        direct = own_machine or (proxy is None and not getproxies().keys() & {address.scheme, "all"})
        self._whole = direct and address.username is None
        # One set of trusted certificates for both, as reading them takes a while; none at all where no TLS is spoken.
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else httpx.create_ssl_context()
        settings: dict[str, Any] = {"trust_env": not own_machine, "verify": trust}
        self._calls = self._transport(pool, proxy, settings)
        self._polls = self._transport(2, proxy, settings)
        for chatty in ("httpx", "httpcore"):  # both log addresses below WARNING, and the token is in them
            logger = logging.getLogger(chatty)
            logger.setLevel(max(logger.level, logging.WARNING))

    def _transport(self, connections: int, proxy: str | None, http: dict[str, Any]) -> HTTPXRequest:
        """PTB's request object: on connections of ours, or of httpx's where there is a proxy or a password."""
        limits = httpx.Limits(max_connections=connections, keepalive_expiry=_KEEP)
        settings: dict[str, Any] = {
            "connection_pool_size": connections,
            "read_timeout": self._read,
            "write_timeout": self._read,
            "connect_timeout": self._connect,
            "pool_timeout": self._pool,
            "media_write_timeout": _UPLOAD,
            "proxy": proxy,
            "httpx_kwargs": {**http, "limits": limits},
        }
        if self._whole:
            return Request(Wire(http["verify"], most=connections, keep=_KEEP), _SLACK, **settings)
        return HTTPXRequest(**settings)

    def __repr__(self) -> str:
        return f"BotCalls(name={self.name!r}, host={self.host!r})"

    async def open(self) -> None:
        """Make the connections usable again after `close`. Nothing is sent."""
        await self._calls.initialize()
        await self._polls.initialize()
        self._closed = False

    async def close(self) -> None:
        """Give the connections back; a call that comes later is NotSent."""
        self._closed = True
        await self._calls.shutdown()
        await self._polls.shutdown()

    async def call(
        self,
        method: str,
        params: Mapping[str, object] | None = None,
        *,
        files: Mapping[str, File] | None = None,
        timeout: float | None = None,
    ) -> bytes:
        """The body of a successful answer (`{"ok":true,"result":…}`). Raises ApiError, NotSent, AnswerLost.

        Parameters that are None are left out. `timeout` is how long the answer may take; getUpdates has that much more
        than its own `timeout`.
        """
        if self._closed:
            raise NotSent(method, f"{method}: the connections are closed")
        params = params or {}
        polling = method == "getUpdates"
        if timeout is None:
            held = params.get("timeout", 0) if polling else 0
            timeout = self._read + (held if isinstance(held, int | float) else 0)
        transport = self._polls if polling else self._calls
        status, body = await self._exchanged(transport, method, _Form(params, files or {}, whole=self._whole), timeout)
        return self._judged(method, status, body)

    async def _exchanged(self, transport: HTTPXRequest, method: str, form: _Form, timeout: float) -> tuple[int, bytes]:
        slack = _UPLOAD + _SLACK if form.multipart_data else _SLACK
        data: Any = form  # RequestData is final, and how it is made is not public
        asked = transport.do_request(self._root + method, "POST", data, read_timeout=timeout)
        try:
            if isinstance(form.json_parameters, bytes):  # such calls see to their end themselves
                return await asked
            async with asyncio.timeout(timeout + slack):
                return await asked
        except NetworkError as error:
            cause = error.__cause__
            failure = self._failure(method, cause or error)
        except (TimeoutError, httpx.HTTPError, OSError) as error:
            failure = self._failure(method, error)
        raise failure  # outside of `except`: the chain of causes would carry the address

    def _failure(self, method: str, error: BaseException) -> CallFailed:
        why = f"{method}: {type(error).__name__}: {error}".replace(self._token, "…").rstrip(": ")
        return NotSent(method, why) if isinstance(error, _NEVER_LEFT) else AnswerLost(method, why)

    def _judged(self, method: str, status: int, body: bytes) -> bytes:
        if status == 200 and body.startswith(_OK):
            return body
        answer = _envelope(body)
        if answer is None:
            if 300 <= status < 500:  # a proxy's own no: too large, not here, elsewhere
                raise ApiError(method, status, f"the answer ({status}) is not the Bot API's", foreign=True)
            raise AnswerLost(method, f"{method}: the answer ({status}) is not the Bot API's")
        if answer.ok:
            return body
        more = answer.parameters or _Parameters()
        raise ApiError(
            method,
            answer.error_code or status,
            answer.description.replace(self._token, "…"),
            retry_after=more.retry_after,
            migrate_to=more.migrate_to_chat_id,
        )

    async def get_me(self) -> Me:
        """The bot account itself. Raises as `call` does; ApiError 401 or 404 if the token is not accepted."""
        return result_of(await self.call("getMe"), Me)

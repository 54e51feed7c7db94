"""The part of a serving process that listens: Telegram's posts where webhooks are used, `/healthz`, `/metrics`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import uvicorn

from adapters.telegram.webhook import Receive, Scope, Send, Webhook
from jobs.serve.metrics import CONTENT_TYPE
from jobs.serve.visitors import AT_ONCE, MOST, PATIENCE, bounded

log = logging.getLogger("yaji.web")

Health = Callable[[], Awaitable[Mapping[str, object]]]
"""How the process is: `ok`, and what else somebody who looks may want to know."""


class Site:
    """An ASGI app: `/healthz`, `/metrics` if there are some to be shown, `/wechat/NAME` while there is a code to scan
    (`codes`, by name); everything else is the webhook's."""

    def __init__(
        self,
        webhook: Webhook,
        health: Health,
        metrics: Callable[[], Awaitable[str]] | None = None,
        codes: Mapping[str, Callable[[], str | None]] = MappingProxyType({}),
    ) -> None:
        self._webhook = webhook
        self._health = health
        self._metrics = metrics
        self._codes = codes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification, version 3."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path == "/metrics" and self._metrics is not None:
            status, kind, body = 200, CONTENT_TYPE, (await self._metrics()).encode()
        elif path == "/healthz":
            told = await self._health()
            status, kind = 200 if told["ok"] else 503, b"application/json"
            body = json.dumps(told, ensure_ascii=False).encode() + b"\n"
        elif (code := self._codes.get(path.removeprefix("/wechat/"))) and path.startswith("/wechat/"):
            shown = code()
            status, kind = (200, b"text/html; charset=utf-8") if shown else (404, b"text/plain; charset=utf-8")
            body = (shown or "nobody has to scan anything now").encode()
        else:
            await self._webhook(scope, receive, send)
            return
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body if scope["method"] != "HEAD" else b""})


class Listener(uvicorn.Server):
    """uvicorn inside a process that has other things to do: signals are not its business. At most so many (`most`) are
    connected at once, and each says within `patience` seconds what is wanted."""

    def __init__(self, site: Site, *, most: int = MOST, patience: float = PATIENCE) -> None:
        super().__init__(
            uvicorn.Config(
                _as_app(site),
                loop="none",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                backlog=AT_ONCE,
                timeout_graceful_shutdown=2,
            )
        )
        self._bounds = most, patience

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the process's."""
        yield

    async def run_on(self, listener: socket.socket) -> None:
        """Serve until cancelled; what is being answered then is answered."""
        self.config.load()
        self.config.http_protocol_class = bounded(self.config.http_protocol_class, *self._bounds)
        serving = asyncio.create_task(self.serve(sockets=[listener]))
        try:
            await asyncio.shield(serving)
        finally:
            self.should_exit = True
            await serving


def _as_app(site: Site) -> Any:
    """uvicorn's types of scopes are narrower than the specification's."""
    return site

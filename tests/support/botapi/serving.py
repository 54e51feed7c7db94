"""Serves the app with uvicorn: in a thread with a loop of its own, or as the process itself."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.support.botapi.lean import LeanProtocol
from tests.support.botapi.server import BotApiServer
from tests.support.botapi.world import World
from tests.support.patience import PATIENCE

_OPEN: dict[tuple[Any, Any], asyncio.BaseTransport] = {}


def _ends(transport: asyncio.BaseTransport) -> tuple[Any, Any]:
    return transport.get_extra_info("peername"), transport.get_extra_info("sockname")


class _Cuttable(asyncio.Protocol):
    """Connections that the app can cut, which ASGI knows no way to."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._key = _ends(transport)
        _OPEN[self._key] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _OPEN.pop(self._key, None)
        super().connection_lost(exc)


class _Strict(_Cuttable, H11Protocol):
    """Read by h11, which takes nothing that is not HTTP to the letter."""


class _Fast(_Cuttable, LeanProtocol):
    """Costs a client that is measured the least of waiting."""


def _cut(scope: MutableMapping[str, Any]) -> None:
    transport = _OPEN.get((tuple(scope["client"]), tuple(scope["server"])))
    if isinstance(transport, asyncio.Transport):
        transport.abort()


class _Uvicorn(uvicorn.Server):
    def __init__(self, app: BotApiServer, *, fast: bool = False) -> None:
        config = uvicorn.Config(
            app,
            http=_Fast if fast else _Strict,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=120,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        self.app = app
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.app.close()
        await super().shutdown(sockets)


def listening(port: int = 0) -> socket.socket:
    """A socket on loopback that listens; port 0 is a free one."""
    # The protocol is named because asyncio sets TCP_NODELAY only then; without it every answer waits some 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    return listener


@contextmanager
def serving(world: World, server: BotApiServer | None = None, *, port: int = 0) -> Iterator[BotApiServer]:
    """Serves a world on loopback for the length of the block."""
    server = server or BotApiServer(world)
    listener = listening(port)
    server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.cut = _cut
    runner = _Uvicorn(server)
    thread = threading.Thread(target=runner.run, kwargs={"sockets": [listener]}, name="botapi", daemon=True)
    thread.start()
    try:
        if not runner.up.wait(PATIENCE):
            raise RuntimeError("the Bot API server did not start")
        yield server
    finally:
        runner.should_exit = True
        thread.join(PATIENCE)
        listener.close()


def serve_forever(server: BotApiServer, listener: socket.socket, *, fast: bool = False) -> None:
    """Serves until the process is told to stop."""
    server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.cut = _cut
    _Uvicorn(server, fast=fast).run(sockets=[listener])


@asynccontextmanager
async def within(server: BotApiServer, listener: socket.socket) -> AsyncIterator[None]:
    """Serves in the running loop for the length of the block: connections are taken, and cut at its end.

    On a loop of virtual time the server's time is virtual with it. Afterwards the server may be served again.
    """
    server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.cut = _cut
    runner = _Uvicorn(server)
    runner.config.load()
    runner.lifespan = runner.config.lifespan_class(runner.config)
    await runner.startup([listener])
    try:
        yield
    finally:
        here = listener.getsockname()
        for transport in [transport for (_, end), transport in _OPEN.items() if end == here]:
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
        await uvicorn.Server.shutdown(runner, [listener])  # the app goes on: it may be served again

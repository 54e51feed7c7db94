"""HTTP for benchmarks: uvicorn's place between socket and app, without what only other servers and clients need.

A client that is measured waits for the server, and a Bot API server of one's own is a program in C++: whatever HTTP
costs here counts as the client's. So this reads with httptools, answers in one piece, and knows neither chunks that it
sends, nor requests that come before the last one was answered, nor any limits.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any, Final

import httptools
from uvicorn.config import Config
from uvicorn.server import ServerState

_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}


class LeanProtocol(asyncio.Protocol):
    """One connection, as uvicorn makes them."""

    def __init__(self, config: Config, server_state: ServerState, app_state: object, _loop: object = None) -> None:
        self._app = config.loaded_app
        self._state = server_state
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._parts: list[bytes] = []

    # what asyncio and uvicorn tell

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._gone = asyncio.Event()
        self._ends = {"client": transport.get_extra_info("peername"), "server": transport.get_extra_info("sockname")}
        self._state.connections.add(self)  # type: ignore[arg-type]  # uvicorn names its own classes

    def connection_lost(self, exc: Exception | None) -> None:
        self._state.connections.discard(self)
        self._gone.set()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.abort()

    def shutdown(self) -> None:
        """The server ends."""
        self._transport.close()

    # what httptools tells

    def on_message_begin(self) -> None:
        self._url, self._headers, self._parts = b"", [], []

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        path, _, query = self._url.partition(b"?")
        scope = {
            "type": "http",
            "method": self._parser.get_method().decode(),
            "path": path.decode(),
            "query_string": query,
            "headers": self._headers,
            **self._ends,
        }
        task = asyncio.get_running_loop().create_task(self._answered(scope, b"".join(self._parts)))
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    async def _answered(self, scope: MutableMapping[str, Any], body: bytes) -> None:
        waiting = [{"type": "http.request", "body": body}]
        head: list[bytes] = []

        async def receive() -> MutableMapping[str, Any]:
            if waiting:
                return waiting.pop()
            await self._gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                head.append(_LINES[message["status"]])
                head.extend(b"%b: %b\r\n" % header for header in message["headers"])
            else:
                self._transport.write(b"".join((*head, b"\r\n", message["body"])))

        await self._app(scope, receive, send)

"""Whoever connects and does not say what is wanted is closed, and nobody else waits for that."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Literal

import pytest

from adapters.telegram.webhook import Door, Webhook
from jobs.serve.listening import listening
from jobs.serve.web import Listener, Site
from tests.support.patience import PATIENCE

ASKED = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
SOON = 0.3
"""Seconds after which whoever asked nothing is closed here."""
Protocol = Literal["h11", "httptools"]
Visit = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def well() -> dict[str, object]:
    return {"ok": True}


async def handled(*_: Any) -> None:
    """Whatever is posted is taken."""


@asynccontextmanager
async def served(
    protocol: Protocol, most: int = 3, patience: float = SOON
) -> AsyncIterator[Callable[[], Awaitable[Visit]]]:
    """A way to connect to what listens."""
    site = Site(Webhook({"main": Door(secret="s" * 32, handle=handled)}), well)
    listener = Listener(site, most=most, patience=patience)
    listener.config.http = protocol
    held: socket.socket = listening("127.0.0.1:0")
    visits: list[asyncio.StreamWriter] = []
    running = asyncio.create_task(listener.run_on(held))

    async def visit() -> Visit:
        reader, writer = await asyncio.open_connection("127.0.0.1", held.getsockname()[1])
        visits.append(writer)
        return reader, writer

    try:
        yield visit
    finally:
        for one in visits:
            one.close()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def closed(reader: asyncio.StreamReader) -> bytes:
    """What came until the other side closed."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


@pytest.fixture(params=["h11", "httptools"])
def protocol(request: pytest.FixtureRequest) -> Protocol:
    found: Protocol = request.param
    return found


async def test_who_says_nothing_is_closed_and_so_is_who_never_comes_to_the_end(protocol: Protocol):
    async with served(protocol) as visit:
        silent, _ = await visit()
        slow, writer = await visit()

        async def dribbled() -> None:
            with suppress(ConnectionError):
                writer.write(b"GET /healthz HTTP/1.1\r\nX: ")
                while True:
                    writer.write(b"y")
                    await writer.drain()
                    await asyncio.sleep(SOON / 10)

        dribbling = asyncio.create_task(dribbled())
        assert await closed(silent) == b""
        await closed(slow)
        dribbling.cancel()


async def test_who_was_answered_and_asks_no_more_is_closed_and_who_asks_again_is_answered(protocol: Protocol):
    async with served(protocol) as visit:
        reader, writer = await visit()
        for _ in range(2):
            writer.write(ASKED)
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
            assert await reader.readline() == b'{"ok": true}\n'
        assert await closed(reader) == b""


async def test_of_too_many_the_last_is_closed_and_those_before_are_answered(protocol: Protocol):
    async with served(protocol, most=2, patience=PATIENCE) as visit:
        (one, first), (other, second) = await visit(), await visit()
        for reader, writer in ((one, first), (other, second)):
            writer.write(ASKED)
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
        third, _ = await visit()
        assert await closed(third) == b""
        await one.readline()
        first.write(ASKED)
        assert b"200 OK" in await one.readuntil(b"\r\n\r\n")


async def test_a_body_that_takes_its_time_is_waited_for_by_whoever_reads_it(protocol: Protocol):
    async with served(protocol) as visit:
        reader, writer = await visit()
        head = "POST /telegram/main HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n"
        head += "X-Telegram-Bot-Api-Secret-Token: {}\r\n\r\n"
        writer.write(head.format("s" * 32).encode())
        silent, _ = await visit()
        assert await closed(silent) == b""  # so much time has passed
        writer.write(b"{}")
        assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")

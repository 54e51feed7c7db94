"""Connections of our own: what a server may answer, how it may break off, and which connections are used again."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from adapters.telegram.wire import Answer, Patience, Wire, origin_of
from tests.support.patience import PATIENCE, eventually
from tests.support.ports import HeldPort

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
STALE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nSTALE"


class Origin:
    """A server that lets a test say what happens on each of its connections."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self.closed = asyncio.Event()
        self.url = ""

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            self.closed.set()
            writer.transport.abort()


@asynccontextmanager
async def origin(talk: Talk, trust: ssl.SSLContext | None = None) -> AsyncIterator[Origin]:
    here = Origin(talk)
    server = await asyncio.start_server(here.meet, "127.0.0.1", 0, ssl=trust)
    async with server:
        scheme = "https" if trust is not None else "http"
        here.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
        yield here


@asynccontextmanager
async def client(most: int = 4, keep: float = 30.0, trust: ssl.SSLContext | None = None, **patience: float):
    timeout = httpx.Timeout(**{**dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE), **patience})
    wire = Wire(trust or ssl.create_default_context(), most=most, keep=keep)
    async with httpx.AsyncClient(transport=wire, timeout=timeout) as made:
        yield made


async def heard(reader: asyncio.StreamReader) -> bytes:
    """A request's body."""
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return await reader.readexactly(lengths[0] if lengths else 0)


def answering(*answers: bytes, pieces: int | None = None) -> Talk:
    """Each request on a connection gets the next answer; after the last one the connection is closed."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in answers:
            await heard(reader)
            for at in range(0, len(answer), pieces or len(answer) or 1):
                writer.write(answer[at : at + (pieces or len(answer))])
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()

    return talk


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        body = await heard(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()


def test_one_connection_serves_request_after_request() -> None:
    async def run() -> None:
        async with origin(echo) as here, client() as wire:
            for n in range(5):
                answer = await wire.post(here.url, content=b"%d" % n)
                assert (answer.status_code, answer.content) == (200, b"%d" % n)
            assert here.connections == 1

    asyncio.run(run())


def test_many_requests_at_once_share_as_many_connections_as_are_allowed() -> None:
    async def run() -> None:
        async with origin(echo) as here, client(most=3) as wire:
            answers = await asyncio.gather(*(wire.post(here.url, content=b"%d" % n) for n in range(40)))
            assert [answer.content for answer in answers] == [b"%d" % n for n in range(40)]
            assert here.most_open == 3
            assert here.connections == 3

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        pytest.param(WHOLE, b"hi", id="with its length"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3\r\n!!!\r\n0\r\n\r\n",
            b"hi!!!",
            id="in chunks",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi", b"hi", id="until the connection ends"),
        pytest.param(b"HTTP/1.0 200 OK\r\n\r\nhi", b"hi", id="of an old server"),
        pytest.param(b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + WHOLE, b"hi", id="after a word in between"),
        pytest.param(b"HTTP/1.1 204 No\r\n\r\n", b"", id="empty"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nconnection: Keep-Alive\r\ncontent-length:2\r\n\r\nhi",
            b"hi",
            id="kept in so many words",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
            % (len(gzip.compress(b"hi")), gzip.compress(b"hi")),
            b"hi",
            id="packed",
        ),
    ],
)
@pytest.mark.parametrize("pieces", [pytest.param(None, id="at once"), pytest.param(1, id="byte by byte")])
def test_an_answer(answer: bytes, body: bytes, pieces: int | None) -> None:
    async def run() -> None:
        async with origin(answering(answer, pieces=pieces)) as here, client() as wire:
            assert (await wire.post(here.url, content=b"x")).content == body

    asyncio.run(run())


def test_a_long_answer() -> None:
    async def run() -> None:
        async with origin(echo) as here, client() as wire:
            body = bytes(range(256)) * 20_000
            assert (await wire.post(here.url, content=body)).content == body

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(b"", httpx.RemoteProtocolError, id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", httpx.RemoteProtocolError, id="half a head"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", httpx.RemoteProtocolError, id="half a body"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", httpx.RemoteProtocolError, id="no chunk"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi!",
            httpx.RemoteProtocolError,
            id="two lengths",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", httpx.RemoteProtocolError, id="less than nothing"
        ),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", httpx.RemoteProtocolError, id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, httpx.RemoteProtocolError, id="an endless head"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi",
            httpx.DecodingError,
            id="not packed as it says",
        ),
    ],
)
def test_an_answer_that_is_none(answer: bytes, error: type[Exception]) -> None:
    async def run() -> None:
        async with origin(answering(answer)) as here, client() as wire:
            with pytest.raises(error):
                await wire.post(here.url, content=b"x")

    asyncio.run(run())


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(WHOLE, id="closed after the answer"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi", id="as it said"),
        pytest.param(WHOLE + b"more", id="after more than was asked for"),
    ],
)
def test_a_connection_that_ended_is_not_used_again(last: bytes) -> None:
    async def run() -> None:
        async with origin(answering(last)) as here, client() as wire:
            for n in range(1, 4):
                assert (await wire.post(here.url, content=b"x")).content == b"hi"
                await asyncio.wait_for(here.closed.wait(), PATIENCE)
                here.closed.clear()
                # the end of the connection is on its way to us
                await eventually(lambda: not any(line.fit for line in wire._transport._idle))
                assert here.connections == n

    asyncio.run(run())


@pytest.mark.parametrize("begun", [1, 25, len(STALE)], ids=["a byte", "half a head", "a whole answer"])
def test_an_answer_that_nobody_asked_for_answers_no_later_request(begun: int) -> None:
    async def run() -> None:
        async with origin(answering(WHOLE + STALE[:begun], STALE[begun:] + WHOLE)) as here, client() as wire:
            for n in range(1, 4):
                assert (await wire.post(here.url, content=b"x")).content == b"hi"
                assert here.connections == n

    asyncio.run(run())


def test_a_connection_that_rested_too_long_is_not_used_again() -> None:
    async def run() -> None:
        async with origin(echo) as here, client(keep=-1.0) as wire:
            for _ in range(3):
                await wire.post(here.url, content=b"x")
            assert here.connections == 3

    asyncio.run(run())


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await heard(reader)
    await reader.read()


def test_an_answer_that_does_not_come_is_waited_for_so_long_and_the_connection_is_closed() -> None:
    async def run() -> None:
        async with origin(silent) as here, client(read=0.1) as wire:
            with pytest.raises(httpx.ReadTimeout):
                await wire.post(here.url, content=b"x")
            await asyncio.wait_for(here.closed.wait(), PATIENCE)

    asyncio.run(run())


async def asked(wire: Wire, here: Origin, body: bytes = b"x", **patience: float) -> Answer:
    """A request as calls make them."""
    told = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    return await wire.exchange(origin_of(httpx.URL(here.url)), told, Patience(**patience))


def test_each_answer_on_a_connection_has_the_time_that_its_own_request_gives_it() -> None:
    async def run() -> None:
        loop, first = asyncio.get_running_loop(), 2.0

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while (body := await heard(reader)) != b"silence":
                late = asyncio.Event()
                loop.call_later(1.1 * first if body == b"late" else 0.0, late.set)
                await late.wait()
                writer.write(WHOLE)
            await reader.read()

        async with origin(talk) as here:
            wire = Wire(ssl.create_default_context(), most=1, keep=PATIENCE)
            for body, read in ((b"at once", first), (b"late", PATIENCE), (b"at once", PATIENCE)):
                assert (await asked(wire, here, body, read=read)).content == b"hi"
            with pytest.raises(httpx.ReadTimeout):
                await asyncio.wait_for(asked(wire, here, b"silence", read=0.1), PATIENCE)
            assert here.connections == 1

    asyncio.run(run())


def test_an_answer_that_trickles_ends_in_time() -> None:
    async def run() -> None:
        async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await heard(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.01)

        async with origin(trickle) as here:
            wire = Wire(ssl.create_default_context(), most=1, keep=PATIENCE)
            with pytest.raises(httpx.ReadTimeout):
                await asyncio.wait_for(asked(wire, here, read=2 * PATIENCE, whole=0.2), PATIENCE)
            await asyncio.wait_for(here.closed.wait(), PATIENCE)

    asyncio.run(run())


def test_a_request_that_is_given_up_closes_its_connection_and_frees_its_place() -> None:
    async def run() -> None:
        asked = asyncio.Event()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            body = await heard(reader)
            asked.set()
            if body == b"slow":
                await reader.read()
            writer.write(WHOLE)
            await writer.drain()
            await reader.read()

        async with origin(talk) as here, client(most=1) as wire:
            slow = asyncio.create_task(wire.post(here.url, content=b"slow"))
            await asyncio.wait_for(asked.wait(), PATIENCE)
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
            assert (await wire.post(here.url, content=b"x")).content == b"hi"
            assert here.connections == 2

    asyncio.run(run())


def test_no_free_connection_is_told_and_nothing_is_sent() -> None:
    async def run() -> None:
        async with origin(silent) as here, client(most=1, pool=0.05) as wire:
            first = asyncio.create_task(wire.post(here.url, content=b"x"))
            await eventually(lambda: here.connections)
            with pytest.raises(httpx.PoolTimeout):
                await wire.post(here.url, content=b"x")
            assert here.connections == 1
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)

    asyncio.run(run())


def test_a_server_that_takes_nothing_in_is_waited_for_so_long() -> None:
    async def run() -> None:
        stop = asyncio.Event()

        async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await stop.wait()

        async with origin(deaf) as here, client(write=0.1) as wire:
            with pytest.raises(httpx.WriteTimeout):
                await wire.post(here.url, content=bytes(50_000_000))
            stop.set()

    asyncio.run(run())


def test_an_answer_before_all_was_sent_counts_and_leaves_no_connection_behind() -> None:
    async def run() -> None:
        too_large = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"
        stop = asyncio.Event()

        async def hasty(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(too_large)
            await writer.drain()
            await stop.wait()

        async with origin(hasty) as here, client() as wire:
            for n in (1, 2):
                assert (await wire.post(here.url, content=bytes(50_000_000))).status_code == 413
                assert here.connections == n
            stop.set()

    asyncio.run(run())


def test_nobody_listens() -> None:
    async def run() -> None:
        nobody = HeldPort()
        async with client() as wire:
            with pytest.raises(httpx.ConnectError):
                await wire.post(f"http://{nobody.address}/x", content=b"x")
            with pytest.raises(httpx.UnsupportedProtocol):
                await wire.get("ftp://127.0.0.1/x")

    asyncio.run(run())


def test_closing_breaks_off_what_is_under_way_and_does_not_end_it_for_good() -> None:
    async def run() -> None:
        async with origin(silent) as quiet, origin(echo) as here:
            wire = Wire(ssl.create_default_context(), most=1, keep=30.0)
            under_way = asyncio.create_task(wire.handle_async_request(httpx.Request("POST", quiet.url, content=b"x")))
            await eventually(lambda: wire._busy)
            await wire.aclose()
            with pytest.raises(httpx.RemoteProtocolError):
                await under_way
            answer = await wire.handle_async_request(httpx.Request("POST", here.url, content=b"again"))
            assert answer.content == b"again"
            await wire.aclose()

    asyncio.run(run())


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """One of this moment, for 127.0.0.1."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command")
    file = tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "1", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(file), "-out", str(tmp_path / "only.pem")),
        ],
        check=True,
        capture_output=True,
    )
    file.write_text(file.read_text() + (tmp_path / "only.pem").read_text())
    return file


def test_tls_to_a_server_that_is_trusted(certificate: Path) -> None:
    async def run() -> None:
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.load_cert_chain(certificate)
        trust = ssl.create_default_context(cafile=str(certificate))
        async with origin(echo, own) as here, client(trust=trust) as wire:
            for n in range(3):
                assert (await wire.post(here.url, content=b"%d" % n)).content == b"%d" % n
            assert here.connections == 1

    asyncio.run(run())


def test_a_server_that_is_not_trusted_gets_nothing(certificate: Path) -> None:
    async def run() -> None:
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.load_cert_chain(certificate)
        async with origin(echo, own) as here, client() as wire:
            with pytest.raises(httpx.ConnectError, match="certificate"):
                await wire.post(here.url, content=b"x")

    asyncio.run(run())

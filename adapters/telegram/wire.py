"""HTTP/1.1 over connections of our own, underneath python-telegram-bot's request object.

httpx's own pool walks through all of its connections and all waiting calls for each call, and asks four times which
event loop it runs on: that costs several times what everything else does that we spend on a message. This is what one
origin needs: connections that stay open, a bound on them, timeouts, TLS. What the bytes mean is the business of
httptools, the parser of Node in C; h11 writes the requests that httpx makes.
"""

from __future__ import annotations

import asyncio
import math
import ssl
from collections.abc import Sequence
from typing import Final, NamedTuple, cast

import h11
import httptools
import httpx

_LARGEST_HEAD: Final = 64 * 1024
_SHUT: Final = "the server closed the connection without a whole answer"
_TELLING: Final = frozenset((b"content-encoding",))
"""Headers that say how to read the content; the parser has undone the others."""

Origin = tuple[str, str, int]
"""Scheme, host, port."""


class Answer(NamedTuple):
    """What a server answered. `headers` are left out where they say nothing of how to read the content."""

    status_code: int
    content: bytes
    headers: Sequence[tuple[bytes, bytes]] = ()


class Patience(NamedTuple):
    """How many seconds a request may wait: for a free connection, for a new one, for being taken in (`write`), for the
    next piece of the answer (`read`), and for all of that together. None is without end."""

    pool: float | None = None
    connect: float | None = None
    write: float | None = None
    read: float | None = None
    whole: float | None = None


class Wire(httpx.AsyncBaseTransport):
    """Up to `most` connections to the origin of the requests, one request on each at a time.

    A connection that rested longer than `keep` seconds is not used again. `trust` is for TLS. Raises the errors of
    httpx: ConnectError, ConnectTimeout and PoolTimeout mean that nothing was sent. Closing it and using it again is
    fine. Lives in one event loop at a time.
    """

    def __init__(self, trust: ssl.SSLContext, *, most: int, keep: float) -> None:
        trust.set_alpn_protocols(["http/1.1"])
        self._trust = trust
        self._most = most
        self._keep = keep
        self._idle: list[_Line] = []
        self._busy: set[_Line] = set()
        self._places = asyncio.Semaphore(most)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See `httpx.AsyncBaseTransport`. The answer is read whole."""
        http, body = h11.Connection(h11.CLIENT), await request.aread()
        head = h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw)
        told = b"".join(http.send(part) or b"" for part in (head, h11.Data(data=body), h11.EndOfMessage()))
        patience = Patience(**request.extensions.get("timeout", {}))
        answer = await self.exchange(origin_of(request.url), told, patience)
        return httpx.Response(answer.status_code, headers=list(answer.headers), content=answer.content)

    async def exchange(self, origin: Origin, told: bytes, patience: Patience) -> Answer:
        """Send a whole request as it stands; its answer, read whole and not unpacked."""
        places, ends = self._places, math.inf
        if patience.whole is not None:
            ends = asyncio.get_running_loop().time() + patience.whole
        await self._place(patience.pool)
        try:
            line = self._rested(origin) or await self._connected(origin, patience.connect)
            self._busy.add(line)
            try:
                return await line.exchange(told, patience, ends)
            finally:
                self._busy.discard(line)
                if line.fit:
                    self._idle.append(line)
                else:
                    line.abort()
        finally:
            places.release()

    async def aclose(self) -> None:
        """Close all connections; what is under way breaks off."""
        lines = [*self._idle, *self._busy]
        self._idle.clear()
        for line in lines:
            line.abort()
        self._places = asyncio.Semaphore(self._most)
        await asyncio.sleep(0)  # the sockets are closed in the loop's next turn

    async def _place(self, patience: float | None) -> None:
        if not self._places.locked():
            await self._places.acquire()  # at once
            return
        try:
            async with asyncio.timeout(patience):
                await self._places.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout(f"all {self._most} connections were busy") from None

    def _rested(self, origin: Origin) -> _Line | None:
        """The connection that was used last; whatever is older may as well be closed by the other side."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            line = self._idle.pop()
            if line.fit and line.origin == origin and now - line.rests_since <= self._keep:
                return line
            line.abort()
        return None

    async def _connected(self, origin: Origin, patience: float | None) -> _Line:
        scheme, host, port = origin
        if scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(f"no way to speak {scheme}")
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(patience):
                _, line = await loop.create_connection(
                    lambda: _Line(origin),
                    host,
                    port,
                    ssl=self._trust if scheme == "https" else None,
                    server_hostname=host if scheme == "https" else None,
                    happy_eyeballs_delay=0.25,
                )
        except TimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None
        except OSError as error:
            raise httpx.ConnectError(str(error)) from error
        return line


class _Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.rests_since = 0.0
        self._loop = asyncio.get_running_loop()
        self._reading = _Reading()
        self._spent = False
        self._answer: asyncio.Future[Answer] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._heard_at = self._patience = self._ends = math.inf
        self._clock: asyncio.TimerHandle | None = None

    @property
    def fit(self) -> bool:
        """Whether it can take a request. One that was answered before it was sent whole leaves none behind it."""
        if self._spent or self._drained is not None:
            return False
        return self._transport is not None and not self._transport.is_closing()

    def abort(self) -> None:
        """Close it now."""
        if self._transport is not None:
            self._transport.abort()

    async def exchange(self, told: bytes, patience: Patience, ends: float) -> Answer:
        """Send a request and read its answer, before the loop's time is `ends`. Afterwards the connection is `fit`, or
        of no use any more."""
        transport = self._transport
        assert transport is not None
        self._spent = True
        self._reading.begin()
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._answer = answer
        self._heard_at, self._ends = math.inf, ends
        self._patience = math.inf if patience.read is None else patience.read
        try:
            transport.write(told)
            if self._drained is not None:
                await self._written(patience.write)
            if not answer.done():
                self._heard_at = self._loop.time()
                self._watch()
            return await answer
        finally:
            self._answer = None
            if answer.done() and not answer.cancelled():
                answer.exception()  # seen, also where writing had failed before

    async def _written(self, patience: float | None) -> None:
        assert self._drained is not None
        left = self._ends - self._loop.time()
        try:
            async with asyncio.timeout(left if patience is None else min(left, patience)):
                await self._drained
        except TimeoutError:
            raise httpx.WriteTimeout("the server does not take the request in") from None

    @property
    def _due(self) -> float:
        """When waiting for the answer ends."""
        return min(self._heard_at + self._patience, self._ends)

    def _watch(self) -> None:
        """Look at that time. A clock that was set for an earlier answer, and rings before, serves as well: nearly all
        answers come long before, and setting it anew for each would cost as much as reading one."""
        due = self._due
        if self._clock is not None:
            if self._clock.when() <= due:
                return
            self._clock.cancel()
        self._clock = self._loop.call_at(due, self._look) if due < math.inf else None

    def _look(self) -> None:
        """Time is up, unless nobody waits, or something was heard meanwhile."""
        self._clock = None
        if self._answer is None or self._answer.done():
            return
        if self._due > self._loop.time():
            self._watch()
        else:
            self._fail(httpx.ReadTimeout("no answer in time"))

    def _fail(self, error: httpx.RequestError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._written_enough()
        self.abort()

    def _written_enough(self) -> None:
        """Nobody needs to wait for what is not sent yet."""
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    # what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._heard_at = self._loop.time()
        if self._answer is None:
            self.abort()  # nobody asked for anything
            return
        self._take(data)

    def eof_received(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._take(b"")
        self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._clock is not None:
            self._clock.cancel()
        if exc is not None:
            self._fail(httpx.ReadError(f"{type(exc).__name__}: {exc}"))
        else:
            self._fail(httpx.RemoteProtocolError(_SHUT))

    def pause_writing(self) -> None:
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        self._written_enough()
        self._drained = None

    def _take(self, data: bytes) -> None:
        """More of the answer; nothing means that no more comes."""
        reading = self._reading
        try:
            reading.take(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if reading.answer is None:
                self._fail(httpx.RemoteProtocolError(str(error) or "not HTTP"))
                return
            reading.reusable = False  # more came than was asked for
        whole = reading.answer
        if whole is None:
            return
        self._spent = not reading.reusable
        self.rests_since = self._loop.time()
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(whole)
        self._written_enough()


class _Reading:
    """Reads one answer after the other. `answer` is there once it is whole; `reusable` says whether the connection can
    take another request then: not if it is to be closed, or more came than was asked for."""

    __slots__ = ("_head", "_headers", "_length_told", "_parser", "_parts", "_told", "answer", "reusable")

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.begin()

    def begin(self) -> None:
        """The next answer is to come, on a connection that could take another request."""
        self.answer: Answer | None = None
        self.reusable = False
        self._head = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._length_told = False
        self._parts: list[bytes] = []
        self._told = False

    def take(self, data: bytes) -> None:
        """More bytes; none at all when the server has closed. Raises what httptools raises."""
        if data:
            if not self._told:
                self._head += len(data)
            self._parser.feed_data(data)
            if not self._told and self._head > _LARGEST_HEAD:
                raise httptools.HttpParserError("the head is too long")
        elif self._told and not self._length_told and self.answer is None:
            self._finish(reusable=False)  # an answer without a length ends with the connection

    # what httptools tells

    def on_message_begin(self) -> None:
        if self.answer is not None:
            self.reusable = False  # what nobody asked for would be read as the answer to the next request

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name in (b"content-length", b"transfer-encoding"):
            self._length_told = True
        elif name in _TELLING:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._told = True

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < 200:  # a word in between (100 Continue): the answer is still to come
            self._told = self._length_told = False
            self._headers.clear()
        elif self.answer is None:
            self._finish(reusable=self._parser.should_keep_alive())

    def _finish(self, *, reusable: bool) -> None:
        self.reusable = reusable
        self.answer = Answer(self._parser.get_status_code(), b"".join(self._parts), tuple(self._headers))


def origin_of(url: httpx.URL) -> Origin:
    """Where requests to an address go."""
    return url.scheme, url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)

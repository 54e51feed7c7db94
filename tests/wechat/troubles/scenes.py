"""What happens to a gateway, and what the assistant makes of it: each scene tells what it saw, and how long it took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from adapters.wechat.connection import Timings
from adapters.wechat.endpoint import Endpoint, Tls
from adapters.wechat.failures import CredentialsRefused
from adapters.wechat.gateway import Gateway
from adapters.wechat.states import Connected, Disconnected, LoggedIn, LoggedOut, StillAway, TakenOver
from core.delivery import Destination
from core.effects import Say
from tests.support.wechat.assistant import Assistant, assisted
from tests.support.wechat.certificates import Certificate, certificate
from tests.support.wechat.wire import Wire

ROOM = "1@chatroom"
READING = Destination("reading", ROOM)
Make = Callable[..., AbstractAsyncContextManager[Any]]
"""Makes a gateway of tests; `certificate` may be given."""


@dataclass(frozen=True, kw_only=True)
class How:
    """How a scene is played: in earnest, or some hundred times faster and a few times only."""

    make: Make
    timings: Timings
    times: int


@dataclass(kw_only=True)
class Seen:
    """`told` are the states that were told after the first connection; the spans are seconds, of each time."""

    told: list[str] = field(default_factory=list)
    noticed: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    posted: int = 0
    heard: int = 0
    answers: list[str] = field(default_factory=list)


Scene = Callable[[How], Coroutine[Any, Any, Seen]]


@dataclass
class Stage:
    """A gateway that runs behind a wire, and an assistant that is logged in."""

    gateway: Any
    wire: Wire
    assistant: Assistant
    how: How
    seen: Seen
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def posts(self) -> None:
        """A member says something that is heard."""
        self.seen.posted += 1
        await self.gateway.do("posts", talker="wxid_li", text=f"{self.seen.posted}", room=ROOM)
        await self.until(lambda: f"{self.seen.posted}" in self.assistant.texts())

    async def until(self, holds: Callable[[], object]) -> None:
        await self.assistant.until(holds)

    def since_now(self) -> None:
        """What is seen from here on counts from here."""
        self.since = datetime.now(UTC)

    async def noticed(self, kind: type[Disconnected | LoggedOut] = Disconnected) -> None:
        """Wait until the loss is told."""

        def told() -> list[Any]:
            return [state for state in self.assistant.told(kind) if state.at >= self.since]

        await self.until(lambda: bool(told()))
        self.seen.noticed.append((told()[0].at - self.since).total_seconds())

    async def again(self, kind: type[Connected | LoggedIn] = Connected) -> None:
        """Wait until the gateway, with its account, is heard again."""
        await self.until(lambda: self.assistant.gateway.connected and self.assistant.gateway.me is not None)
        self.seen.again.append(max(0.0, (self.assistant.told(kind)[-1].at - self.since).total_seconds()))

    async def says(self) -> None:
        self.seen.answers.append(type(await self.assistant.platform.perform(Say(words=("hi",)), READING)).__name__)

    def ended(self) -> Seen:
        """What was seen, after the last word."""
        ours = [
            state
            for state in self.assistant.states[1:]
            if isinstance(state, Connected | Disconnected | StillAway | TakenOver | LoggedOut)
        ]
        self.seen.told = [_named(state) for state in ours]
        texts = [text for text in self.assistant.texts() if text.isdecimal()]
        self.seen.heard = len(texts)
        return self.seen


def _named(state: Any) -> str:
    name = type(state).__name__
    return f"{name} ({state.trouble.value})" if isinstance(state, Disconnected | StillAway) else name


@asynccontextmanager
async def staged(
    how: How, shown: Certificate | None = None, *, direct: bool = False, pause: float = 0.0
) -> AsyncIterator[Stage]:
    """`direct`: not by the wire, so that nobody listens while the gateway is gone. `pause`: the least between tries."""
    async with how.make(certificate=shown) as gateway:
        await gateway.do("contact", id="wxid_li", name="李雷", friend=True)
        await gateway.do("room", id=ROOM, topic="读书会", members={"wxid_li": ""})
        wire = Wire(lambda: gateway.port)
        await wire.start()
        there = gateway.endpoint
        port = there.port if direct else wire.port
        through = Endpoint(host=there.host, port=port, token=there.token, tls=there.tls)
        try:
            timings = replace(how.timings, pause=max(pause, how.timings.pause))
            async with assisted(through, timings=timings) as assistant:
                await assistant.ready()
                yield Stage(gateway, wire, assistant, how, Seen())
        finally:
            await wire.stop()


Step = Callable[[Stage], Awaitable[None]]


async def killed(how: How) -> Seen:
    async with staged(how, direct=True) as stage:
        for _ in range(how.times):
            await stage.posts()
            stage.since_now()
            await stage.gateway.stop()
            await stage.noticed()
            await _started(stage)
        await stage.posts()
        return stage.ended()


async def away(how: How) -> Seen:
    """Long enough for pauses to have grown."""
    async with staged(how, direct=True) as stage:
        stage.since_now()
        await stage.gateway.stop()
        await stage.noticed()
        await stage.says()
        await asyncio.sleep(how.timings.absent_pause * 5)
        await _started(stage)
        await stage.posts()
        return stage.ended()


async def _started(stage: Stage) -> None:
    await stage.gateway.start()
    stage.since_now()
    await stage.again()
    await stage.gateway.do("contact", id="wxid_li", name="李雷", friend=True)
    await stage.gateway.do("room", id=ROOM, topic="读书会", members={"wxid_li": ""})


async def _silent(how: How, falls: Step, mends: Step, *, says: bool = False) -> Seen:
    """The gateway falls silent in some way, is missed, and is mended."""
    async with staged(how) as stage:
        await stage.posts()
        stage.since_now()
        await falls(stage)
        if says:
            await stage.says()
        await stage.noticed()
        stage.since_now()
        await mends(stage)
        await stage.again()
        await stage.posts()
        return stage.ended()


async def deaf(how: How) -> Seen:
    return await _silent(
        how,
        lambda stage: stage.gateway.do("deafen", deaf=True),
        lambda stage: stage.gateway.do("deafen", deaf=False),
    )


async def swallowed(how: How) -> Seen:
    return await _silent(how, _done(lambda at: at.wire.swallow()), _done(lambda at: at.wire.mend()), says=True)


async def rerouted(how: How) -> Seen:
    return await _silent(how, _done(lambda at: at.wire.swallow()), _done(lambda at: at.wire.reroute()))


async def frozen(how: How) -> Seen:
    """The gateway's process stands still: a gateway of its own process only."""
    return await _silent(
        how, _done(lambda at: at.gateway.freeze()), _done(lambda at: at.gateway.freeze(False)), says=True
    )


def _done(act: Callable[[Stage], None]) -> Step:
    async def step(stage: Stage) -> None:
        act(stage)

    return step


async def second(how: How) -> Seen:
    async with staged(how, pause=0.5) as stage:
        stage.since_now()
        # Driven out, it comes back later than whoever drove it out: neither may take over twice.
        patient = {name: max(1.0, getattr(how.timings, name)) for name in ("pause", "longest_pause", "absent_pause")}
        async with assisted(stage.gateway.endpoint, timings=replace(how.timings, **patient)) as other:
            await stage.noticed()
            stage.since_now()
            await stage.until(lambda: stage.assistant.told(TakenOver))
            await stage.again()
            assert len(other.told(TakenOver)) == 1
            await stage.posts()
        return stage.ended()


async def wrong_token(how: How) -> Seen:
    seen = Seen()
    async with staged(how) as stage:
        there = stage.gateway.endpoint
        wrong = Endpoint(host=there.host, port=there.port, token="guessed", tls=there.tls)
        begun = time.monotonic()
        try:
            await Gateway(wrong, timings=how.timings).run(stage.assistant.hears)
        except CredentialsRefused:
            seen.told.append("CredentialsRefused")
        seen.noticed.append(time.monotonic() - begun)
    return seen


async def secured(how: How) -> Seen:
    async with staged(how, certificate()) as stage:
        await stage.posts()
        return stage.ended()


async def forged(how: How) -> Seen:
    """The gateway shows a certificate of another authority than the one that is trusted."""
    async with how.make(certificate=certificate()) as gateway:
        other = Tls(authorities=certificate(authority="another").authority, name=certificate().name)
        there = Endpoint(host="127.0.0.1", port=gateway.port, token=gateway.token, tls=other)
        async with assisted(there, timings=how.timings) as assistant:
            begun = time.monotonic()
            await assistant.until(lambda: bool(assistant.told(Disconnected)))
            return Seen(told=[_named(state) for state in assistant.states], noticed=[time.monotonic() - begun])


async def logged_out(how: How) -> Seen:
    async with staged(how) as stage:
        stage.since_now()
        await stage.gateway.do("logs_out", why="kicked")
        await stage.noticed(LoggedOut)
        await stage.says()
        stage.since_now()
        await stage.gateway.do("logs_in")
        await stage.again(LoggedIn)
        await stage.says()
        return stage.ended()

"""The assistant's side of a gateway: connected, and all that it hears kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from adapters.wechat.connection import Timings
from adapters.wechat.endpoint import Endpoint
from adapters.wechat.gateway import Gateway
from adapters.wechat.payloads import Happening, Posted
from adapters.wechat.perform import WeChatPlatform
from adapters.wechat.states import Connected, LoggedIn, State
from core.delivery import Ability
from tests.support.patience import PATIENCE, eventually

QUICK = Timings(
    deadline=60, silence=0.3, patience=60, pause=0.02, longest_pause=0.1, absent_pause=0.1, takeover_pause=600
)
"""As in earnest, some hundred times faster, but for the patience with whoever does answer: on a busy machine, too."""
WARY = replace(QUICK, deadline=5, patience=1.5)
"""For tests in which nobody answers."""
_T = TypeVar("_T")


class Startable(Protocol):
    """A gateway of tests."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


_Gateway = TypeVar("_Gateway", bound=Startable)


class Assistant:
    """What was heard, in order."""

    def __init__(self, endpoint: Endpoint, *, timings: Timings = QUICK, **more: Any) -> None:
        self.states: list[State] = []
        self.happened: list[Happening] = []
        self.held: asyncio.Event | None = None
        """What is heard waits for it."""
        self.gateway = Gateway(endpoint, told=self.states.append, timings=timings, **more)
        self.abilities: dict[str, frozenset[Ability]] = {}
        self.platform = WeChatPlatform(self.gateway, self.abilities)

    async def hears(self, happening: Happening) -> None:
        if self.held is not None:
            await self.held.wait()
        self.happened.append(happening)

    def begins(self) -> None:
        self.runs = asyncio.create_task(self.gateway.run(self.hears))

    async def ends(self) -> None:
        self.runs.cancel()
        await asyncio.wait({self.runs})

    def texts(self) -> list[str]:
        return [one.message.text for one in self.happened if isinstance(one, Posted)]

    def told(self, kind: type[_T]) -> list[_T]:
        return [state for state in self.states if isinstance(state, kind)]

    async def until(self, holds: Callable[[], object]) -> None:
        await eventually(holds)

    async def ready(self, times: int = 1) -> None:
        """Connected so many times, and logged in."""
        await self.until(lambda: len(self.told(Connected)) >= times and len(self.told(LoggedIn)) >= times)


@asynccontextmanager
async def assisted(endpoint: Endpoint, **more: Any) -> AsyncIterator[Assistant]:
    """An assistant that runs; what ends its gateway is raised at the end."""
    assistant = Assistant(endpoint, **more)
    assistant.begins()
    try:
        yield assistant
        if assistant.runs.done():
            assistant.runs.result()
    finally:
        await assistant.ends()


@asynccontextmanager
async def running(gateway: _Gateway) -> AsyncIterator[_Gateway]:
    """A gateway that is started, and stopped at the end."""
    await gateway.start()
    try:
        yield gateway
    finally:
        await gateway.stop()


async def _closed() -> None:
    """Wait until connections that were given up are closed: TLS takes its time to part."""
    selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while len(selector.get_map()) > 1:  # the loop's own pipe
                await asyncio.sleep(0.005)


def play(scene: Coroutine[Any, Any, _T], within: float = 3 * PATIENCE) -> _T:
    """Run a scene; it may not take for ever."""

    async def bounded() -> _T:
        try:
            async with asyncio.timeout(within):
                return await scene
        finally:
            await _closed()

    return asyncio.run(bounded())

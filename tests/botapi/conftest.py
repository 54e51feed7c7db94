"""A small world that is served: an owner, a member, a bot with every right in a supergroup."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
import telegram

from tests.support.botapi import ALL_RIGHTS, BotApiServer, Person, World, serving
from tests.support.botapi.model import Bot, Chat
from tests.support.patience import PATIENCE

NOON = 1_772_424_000.0


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> float:
        return self.at

    def passes(self, seconds: float) -> None:
        self.at += seconds


class Stage:
    """The world, its server and ways to call it: `ask` is bare HTTP, `with_bot` is python-telegram-bot."""

    def __init__(self, world: World, clock: Clock, server: BotApiServer, client: httpx.Client) -> None:
        self.world = world
        self.clock = clock
        self.server = server
        self.client = client
        self.owner: Person = world.person("Wang", username="wang", language="zh-hans")
        self.li: Person = world.person("Li")
        self.bot: Bot = world.bot("yaji_bot")
        self.group: Chat = world.supergroup("晨读打卡营", owner=self.owner)
        world.joined(self.group, self.li)
        world.joined(self.group, self.bot, status="administrator", rights=ALL_RIGHTS)

    def ask(self, method: str, /, **params: Any) -> dict[str, Any]:
        """The whole answer to a call."""
        answer = self.client.post(f"{self.server.base_url}{self.bot.token}/{method}", json=params)
        whole: dict[str, Any] = answer.json()
        assert whole.get("error_code", 200) == answer.status_code
        return whole

    def result(self, method: str, /, **params: Any) -> Any:
        """The result of a call that succeeds."""
        whole = self.ask(method, **params)
        assert whole["ok"], whole
        return whole["result"]

    def refusal(self, method: str, /, **params: Any) -> str:
        """The description of a refusal."""
        whole = self.ask(method, **params)
        assert not whole["ok"], whole
        text: str = whole["description"]
        return text

    def updates(self, **params: Any) -> list[dict[str, Any]]:
        """What getUpdates gives now, confirmed at once."""
        found: list[dict[str, Any]] = self.result("getUpdates", **params)
        if found:
            self.result("getUpdates", offset=found[-1]["update_id"] + 1, limit=1)
        return found

    def with_bot(self, use: Callable[[telegram.Bot], Awaitable[Any]]) -> Any:
        """What `use` gives with python-telegram-bot's Bot."""

        async def run() -> Any:
            async with telegram.Bot(self.bot.token, base_url=self.server.base_url) as bot:
                return await use(bot)

        return asyncio.run(run())


@pytest.fixture(scope="session")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, verify=False, timeout=PATIENCE) as made:
        yield made


@pytest.fixture
def stage(client: httpx.Client) -> Iterator[Stage]:
    clock = Clock()
    world = World(now=clock)
    with serving(world) as server:
        server.polling.conflict_pause = 0.0
        made = Stage(world, clock, server, client)
        yield made
    assert server.off_spec == []

"""A group on the test Bot API server, and the platform under test that performs in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace

from adapters.telegram.actors import BotIdentity
from adapters.telegram.calls import BotCalls
from adapters.telegram.perform import TelegramPlatform
from adapters.telegram.seal import Seal
from core.delivery import Ability, Answer, Destination
from core.effects import Effect, Say
from core.people import Account
from tests.support.botapi import BotApiServer
from tests.support.patience import PATIENCE
from tests.support.performing import in_full

RIGHTS = ("can_delete_messages", "can_restrict_members", "can_invite_users", "can_pin_messages")
NOON = 1_790_000_000


class Scene:
    """`group` is a supergroup of Wang's with Li in it; `bot` is an admin there. Time stands still at `at`."""

    def __init__(self, runner: asyncio.Runner, server: BotApiServer) -> None:
        self.server, self.world, self.runner = server, server.world, runner
        self.at = float(NOON)
        self.world.now = server.limits.now = lambda: self.at
        server.limits.watch = False
        self.wang, self.li = self.world.person("Wang"), self.world.person("Li")
        self.bot = self.world.bot("yaji_bot")
        self.group = self.world.supergroup("Readers", owner=self.wang)
        self.wang.adds(self.bot, self.group)
        self.wang.promotes(self.bot, self.group, *RIGHTS)
        self.li.joins(self.group)
        self.seal = Seal(b"thirty-two bytes that stay secret")
        self.abilities: dict[str, frozenset[Ability]] = {}
        self.chats = {"readers": str(self.group.id)}
        self.numbered: dict[str, int] = {}
        self.named: set[int] = set()
        self.home = ""
        self.has_patience(PATIENCE)

    def has_patience(self, seconds: float) -> None:
        """So long answers are waited for from now on. Before anything is performed."""
        self.calls = BotCalls(self.bot.token, api_url=self.server.url, read_timeout=seconds)
        self.platform = self.new_platform()

    def new_platform(self) -> TelegramPlatform:
        return TelegramPlatform(
            self.calls,
            BotIdentity(id=self.bot.id, username="yaji_bot", named=self.named),
            self.abilities,
            seal=self.seal,
            address=self.chats.get,
            numbered=self.numbered.get,
            home=lambda to: self.home,
            now=lambda: datetime.fromtimestamp(self.at, UTC),
            clock=lambda: self.at,
        )

    def perform(self, effect: Effect, chat: int | str | None = None) -> Answer:
        """Performs it in the group, in the private chat that it is for, or in `chat`."""
        if chat is None and isinstance(effect, Say) and effect.to is not None:
            chat = effect.to.partition(":")[2]
        to = Destination("readers", str(self.group.id if chat is None else chat))
        return self.runner.run(in_full(self.platform, effect, to))

    def said(self, chat=None) -> list[str]:
        """What the bot has posted."""
        return [m.text or m.caption or "" for m in (chat or self.group).said_by(self.bot)]

    def calls_made(self) -> list[str]:
        return [call.method for call in self.server.calls_of()]


@contextmanager
def scene(server: BotApiServer) -> Iterator[Scene]:
    """A new group on a server that has others; at the end every call must have been by the Bot API's specification."""
    server.calls.clear()
    server.faults.clear()
    with asyncio.Runner() as runner:
        made = Scene(runner, server)
        try:
            yield made
        finally:
            server.thaw()
            runner.run(made.calls.close())
    assert server.off_spec == []


def of(user) -> Account:
    return Account(f"telegram:{user.id}")


def restricted(standing) -> SimpleNamespace:
    return SimpleNamespace(
        status=standing.status, until=standing.until, may=[n for n, y in standing.permissions.items() if y]
    )

"""An account on a platform that lives in memory: what is said there can be read, and what its people do is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.sql import open_store
from adapters.sql.connections import Who
from config.home import load
from config.problems import Language
from core.budget import Budget
from core.delivery import Ability, Answer, Destination, Done
from core.effects import Effect, Say, TellAdmins, plain
from core.events import BotStanding, GroupMoved, MessagePosted
from core.pacing import UNLIMITED, Limits
from core.people import Account, Actor
from core.workflow import Group
from jobs.serve.at_work import Serving
from jobs.serve.clock import SystemClock
from jobs.serve.roster import Seat
from tests.support.databases import new_sqlite

PLAIN: frozenset[Ability] = frozenset(("say", "private", "picture", "hear"))
"""What an account can do that owns no room."""


@dataclass(kw_only=True, repr=False)
class MemoryAccount:
    """Implements `jobs.serve.connection.Connection`, and is its own `platform`. `said` is by chat."""

    seat: Seat
    can: frozenset[Ability] = PLAIN
    named: Mapping[str, str] = field(default_factory=dict)
    """The addresses of names."""
    said: dict[str, list[str]] = field(default_factory=dict)
    done: list[Effect] = field(default_factory=list)
    known: dict[str, frozenset[Ability]] = field(default_factory=dict)
    limits: Limits = UNLIMITED
    grantable: bool = False
    one_way: bool = True
    let_in: bool = True
    how: str = "running"
    well: bool = True
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    who: Who | None = None
    heard_before: datetime | None = None
    keeps: timedelta = timedelta()
    budget: Budget | None = None
    behind: bool = False

    @property
    def name(self) -> str:
        return self.seat.name

    @property
    def account(self) -> str:
        return f"{self.seat.platform}:assistant"

    @property
    def platform(self) -> OnPlatform:
        return OnPlatform(self)

    @property
    def abilities(self) -> dict[str, frozenset[Ability]]:
        return self.known

    async def standing(self, group: str, address: str, id_: str, at: datetime) -> BotStanding | None:
        return BotStanding(
            id=id_, at=at, group=group, platform=self.seat.platform, present=True, abilities=frozenset(self.can)
        )

    def follow(self, moved: GroupMoved) -> None:
        """Nothing is known of addresses here."""

    @property
    def heard_since(self) -> datetime | None:
        return self.since if self.well else None

    async def resolved(self, group: str, written: str) -> str | None:
        return self.named.get(written)

    def told(self, groups: Iterable[str], language: Language) -> str:
        return f"{self.name}: {', '.join(groups)}"

    async def show_menus(self, groups: Mapping[str, Group]) -> bool:
        return True

    async def receive(self, language: Language, turn: asyncio.Event) -> None:
        """What happens is handed in by the test."""

    async def farewell(self) -> None:
        """Nothing is left to say."""


@dataclass(frozen=True)
class OnPlatform:
    """Implements `core.delivery.Platform`."""

    at: MemoryAccount

    @property
    def name(self) -> str:
        return self.at.seat.platform

    def abilities(self, group: str) -> frozenset[Ability] | None:
        return self.at.known.get(group)

    def parts(self, effect: Effect, to: Destination) -> int:
        return 1

    def forget(self, effect: Effect, to: Destination) -> None:
        """Everything is one message."""

    async def perform(self, effect: Effect, to: Destination) -> Answer:
        self.at.done.append(effect)
        if isinstance(effect, Say | TellAdmins):
            self.at.said.setdefault(to.chat, []).append(plain(effect.words))
        return Done(message=str(len(self.at.done)))


class Town:
    """A home served over accounts in memory."""

    def __init__(self, home: Path, community: str, accounts: Sequence[MemoryAccount], settings: str = "") -> None:
        (home / "communities").mkdir(parents=True)
        (home / "communities" / "a.yaml").write_text(community, encoding="utf-8")
        if settings:
            (home / "yaji.yaml").write_text(settings, encoding="utf-8")
        self.accounts = accounts
        self.store = open_store(new_sqlite(home / "yaji.sqlite3"))
        seats = [each.seat for each in accounts]
        self.serving = Serving(load(home), self.store, seats, SystemClock(), "en")
        self._numbers = 0

    async def __aenter__(self) -> Town:
        await self.serving.begin(self.accounts)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.serving.end()
        self.store.close()

    async def writes(self, who: str, text: str, group: str, **more: object) -> None:
        """Somebody ("wechat:li") writes in a group."""
        self._numbers += 1
        platform, _, name = who.partition(":")
        id_ = f"{platform}:{self._numbers}"
        actor = Actor(account=Account(who), name=name)
        at = self.serving.clock.now()
        posted = MessagePosted(id=id_, at=at, group=group, actor=actor, message=id_, text=text, **more)  # type: ignore[arg-type]
        await self.serving.inlet.take((posted,))

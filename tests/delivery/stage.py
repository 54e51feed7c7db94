"""A platform that does what it is told to, and couriers that perform on it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from core.budget import Budget
from core.courier import Courier, Notice
from core.courier_lease import RENEWALS, SPAN
from core.delivery import Ability, Answer, Destination, Done, State, Unsure
from core.effects import Effect, Say, TellAdmins, plain
from core.events import Event, GroupMoved
from core.memory import MemoryStore
from core.pacing import UNLIMITED, Limits
from core.people import Account
from core.ports import OutboxRow, Writes
from core.workflow import Group
from tests.delivery.virtual_time import START, VirtualClock
from workflows.texts import Catalog

Script = Callable[[Any, Destination, int], Answer | str | None]
"""What happens to the n-th request (from 0). None is done; "lost" is done without an answer, "cut" lost on the way,
"hangs" never ends."""


class World:
    """The platform's side: what was asked of it and when, what it posted, and what it knows of groups."""

    name = "telegram"

    def __init__(self, script: Script | None = None, *, latency: float = 0.05) -> None:
        self.script = script or (lambda effect, to, n: None)
        self.latency = latency
        self.asked: list[tuple[float, Any, Destination]] = []
        self.posted: list[tuple[float, str, str]] = []
        self.lengths: dict[str, int] = {}
        """How many messages a text takes, where that is more than one: each is asked for by itself."""
        self.forgotten: list[str] = []
        self.can: dict[str, frozenset[Ability]] = {}

    def abilities(self, group: str) -> frozenset[Ability] | None:
        return self.can.get(group)

    def parts(self, effect: Effect, to: Destination) -> int:
        return self.lengths.get(plain(effect.words), 1) if isinstance(effect, Say | TellAdmins) else 0

    def forget(self, effect: Effect, to: Destination) -> None:
        self.forgotten.append(to.chat)

    async def perform(self, effect: Effect, to: Destination) -> Answer:
        loop = asyncio.get_running_loop()
        said = self.script(effect, to, len(self.asked))
        self.asked.append((loop.time(), effect, to))
        if said == "hangs":
            await asyncio.sleep(3600)
        await asyncio.sleep(self.latency)
        if said == "cut":
            return Unsure(why="the connection was cut")
        if said is None or said == "lost":
            done = Done()
            if isinstance(effect, Say | TellAdmins):
                words = plain(effect.words)
                self.posted.append((loop.time(), to.chat, words))
                copies = sum(post[1:] == (to.chat, words) for post in self.posted)
                done = Done(message=str(len(self.posted)), left=-copies % self.parts(effect, to))
            return Unsure(why="the answer was lost") if said == "lost" else done
        assert not isinstance(said, str)
        return said

    @property
    def copies(self) -> Counter[str]:
        return Counter(words for _, _, words in self.posted)

    def times(self, chat: str) -> list[float]:
        """When things were asked for in a chat."""
        return [at for at, _, to in self.asked if to.chat == chat]


class Stage:
    """A store with an outbox, a platform, and as many couriers as a scene wants."""

    def __init__(
        self,
        script: Script | None = None,
        *,
        groups: Iterable[str] = ("g",),
        store: Any = None,
        limits: Limits = UNLIMITED,
        latency: float = 0.05,
        grantable: bool = True,
        idle: float = 0.5,
        desk: str = "",
        language: str = "en",
    ) -> None:
        self.clock = VirtualClock()
        self.world = World(script, latency=latency)
        self.store = MemoryStore() if store is None else store
        self.dispatch = self.store.dispatch(self.clock.now)
        self.limits = limits
        self.budget: Budget | None = None
        self.grantable = grantable
        self.idle = idle
        self.span = SPAN
        self.call = at_once
        texts = Catalog.shipped()
        self.groups = {
            key: Group(key=key, platforms=("telegram",), texts=texts, languages=(language,), desk=desk)
            for key in groups
        }
        self.chats: dict[str, str] = {key: f"-{key}" for key in self.groups}
        self.admins: list[Destination] = [Destination(key, "77") for key in list(self.groups)[:1]]
        self.events: list[Event] = []
        self.notices: list[Notice] = []
        self.deaf: list[Exception] = []
        self._made = 0

    def put(
        self, *effects: Effect, group: str = "g", platform: str = "telegram", asker: Account | None = None
    ) -> list[str]:
        """Commit effects to the outbox; answers their ids."""
        rows = [self.row(effect, group, platform)._replace(asker=asker) for effect in effects]
        self.commit(rows)
        return [row.id for row in rows]

    def row(self, effect: Effect, group: str = "g", platform: str = "telegram") -> OutboxRow:
        """An effect as it is about to be committed."""
        self._made += 1
        id_, expires = f"e:{self._made}", getattr(effect, "expires", None)
        return OutboxRow(id_, self._now(), group, id_, "w", type(effect).__name__, effect, expires, platform)

    @staticmethod
    def _now() -> datetime:
        """The instant of what is decided: that of the story, or its beginning."""
        try:
            return START + timedelta(seconds=asyncio.get_running_loop().time())
        except RuntimeError:
            return START

    def commit(self, rows: Sequence[OutboxRow]) -> None:
        with self.store.unit() as unit:
            unit.lock(sorted({row.group for row in rows}))
            unit.save(Writes(outbox=list(rows)))
            unit.commit()

    def courier(self, holder: str = "one", *, dispatch: Any = None, world: Any = None) -> Courier:
        """A courier of this stage's account."""
        return Courier(
            name="main",
            platform=world or self.world,
            dispatch=dispatch or self.dispatch,
            address=self.chats.get,
            groups=lambda: self.groups,
            to_admins=lambda group: self.admins,
            holder=holder,
            clock=self.clock,
            on_event=self.heard,
            tell=self.notices.append,
            limits=self.limits,
            grantable=self.grantable,
            idle=self.idle,
            span=self.span,
            call=self.call,
            budget=self.budget,
        )

    def unhurried(self) -> None:
        """From now on a courier looks, and keeps its lease, once a minute: a day is over in no time."""
        self.idle, self.span = 60.0, timedelta(minutes=RENEWALS)

    async def heard(self, event: Event) -> None:
        """What the courier hands in is as good as committed, unless the store is `deaf`."""
        if self.deaf:
            raise self.deaf.pop()
        self.events.append(event)
        if isinstance(event, GroupMoved):
            self.chats[event.group] = event.new

    async def perform(self, seconds: float = 30.0) -> None:
        """Let one courier work so long, and stop it."""
        courier = self.courier()
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(seconds)
        await courier.stop()
        await running

    def state(self, id_: str) -> State:
        return self.dispatch.way(id_).state

    def outcome(self, id_: str) -> str:
        return self.dispatch.way(id_).outcome or ""

    def kinds(self) -> list[str]:
        return [notice.kind for notice in self.notices if notice.kind != "serving"]


async def at_once(function: Callable[..., Any], *arguments: Any) -> Any:
    """The store's calls on the loop itself, so that time stands still while they run."""
    await asyncio.sleep(0)
    return function(*arguments)


def said(n: int, **more: Any) -> Say:
    return Say(words=(f"m{n}",), **more)


HOUR = timedelta(hours=1)

"""A small chat for tests of rules: members say things at times, and what came of it can be read back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.effects import plain
from core.engine import Engine, Outcome
from core.events import Event, MemberJoined, MessageEdited, MessagePosted, ReactionChanged
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.workflow import Bound, Group
from workflows.rules import Rules, workflow
from workflows.texts import Catalog

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""


def actor(name: str, **told: Any) -> Actor:
    return Actor(account=Account(f"t:{name}"), name=name, **told)


ANA, BEN, CLEO, DAN = actor("ana"), actor("ben"), actor("cleo"), actor("dan")
BOSS = actor("boss")
CHANNEL = actor("news", kind=ActorKind.CHANNEL)
ROBOT = actor("robot", kind=ActorKind.BOT)
GHOST = actor("ghost", kind=ActorKind.ANONYMOUS_ADMIN)


def rules(**sections: Any) -> Rules:
    return Rules.model_validate(sections)


def rule(**written: Any) -> dict[str, Any]:
    return {"id": "r", "when": "message", "then": ["delete"], **written}


class Chat:
    """`chat.says(ANA, "hello", 5)` five seconds after the start; then `chat.done()` tells what rules did."""

    def __init__(
        self,
        options: Rules,
        *,
        language: str = "en",
        zone: str = "Asia/Shanghai",
        unbarred: tuple[str, ...] = (),
        beside: tuple[Bound[Any], ...] = (),
    ) -> None:
        self.store = MemoryStore()
        self.group = Group(
            key="g",
            zone=ZoneInfo(zone),
            languages=(language, "zh" if language == "en" else "en"),
            staff=frozenset((BOSS.account,)),
            runs=(Bound(workflow, options), *beside),
            unbarred=unbarred,
            texts=Catalog.shipped(),
        )
        self.engine = Engine(self.store, {"g": self.group})
        self.events: list[Event] = []
        self.made = 0

    def _id(self) -> str:
        self.made += 1
        return str(self.made)

    def add(self, *events: Event) -> Chat:
        self.events += events
        return self

    def says(self, who: Actor, text: str = "", at: float = 0, **told: Any) -> str:
        """Post a message; returns its id."""
        name = self._id()
        message: str = told.pop("message", name)
        when = START + timedelta(seconds=at)
        self.add(MessagePosted(id=f"m{name}", at=when, group="g", actor=who, message=message, text=text, **told))
        return message

    def edits(self, who: Actor, message: str, text: str, at: float = 0, **told: Any) -> None:
        when = START + timedelta(seconds=at)
        self.add(MessageEdited(id=f"e{self._id()}", at=when, group="g", actor=who, message=message, text=text, **told))

    def joins(self, who: Actor, at: float = 0, **told: Any) -> None:
        self.add(MemberJoined(id=f"j{self._id()}", at=START + timedelta(seconds=at), group="g", actor=who, **told))

    def reacts(self, who: Actor, message: str, author: Actor, at: float = 0, *emoji: str) -> None:
        when = START + timedelta(seconds=at)
        self.add(
            ReactionChanged(
                id=f"x{self._id()}", at=when, group="g", actor=who, message=message, author=author, emoji=emoji
            )
        )

    def run(self) -> Outcome:
        events, self.events = self.events, []
        outcome = self.engine.process(events)
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried
        return outcome

    def done(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """(event, rule, then) of every decision."""
        if self.events:
            self.run()
        return [(row.event, row.rule, row.then) for row in self.store.audit("g")]

    def why(self) -> list[tuple[str, ...]]:
        """The reasons of every decision."""
        if self.events:
            self.run()
        return [row.because for row in self.store.audit("g")]

    def ledger(self, kind: str = "points") -> list[tuple[str, int, str | None]]:
        """(receiver, amount, giver) of every fact of a kind."""
        if self.events:
            self.run()
        names: Mapping[Any, str] = {member.person: member.name for member in self.store.people("g")}
        return [
            (names[fact.person], fact.amount, names[fact.by] if fact.by is not None else None)
            for fact in self.store.facts("g")
            if fact.kind == kind
        ]

    def effects(self, kind: str = "") -> list[Any]:
        if self.events:
            self.run()
        return [row.effect for row in self.store.outbox("g") if kind in ("", row.kind)]

    def said(self, kind: str = "Say") -> list[str]:
        """The words of everything that was said (or told to the admins)."""
        return [plain(effect.words) for effect in self.effects(kind)]

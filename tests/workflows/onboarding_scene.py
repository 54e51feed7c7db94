"""A group with an onboarding, on a stage: people join, talk and press; time passes; what was sent can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.effects import Edit, Mute, Say, TellAdmins, plain
from core.engine import Engine
from core.events import (
    ButtonPressed,
    Event,
    Instructed,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MemberUnmuted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.follow_ups import CheckedIn
from core.memory import MemoryStore
from core.people import NOBODY, Account, Actor, ActorKind
from core.ports import RecordAt
from core.state import Slot
from core.workflow import Bound, Group
from workflows.catalog import Catalog
from workflows.onboarding import Options, workflow
from workflows.options import span_text

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
TEXTS = Catalog.shipped()


def person(name: str, **more: Any) -> Actor:
    return Actor(account=Account(f"telegram:{name}"), name=name, **more)


ADMIN = person("老李", admin=True, rights=frozenset(("invite", "restrict")), vouched=True)
WANG = person("小王", language="zh-hans")
ANN = person("Ann", language="en")


class Scene:
    """Each happening is at the scene's clock; `pass_` moves it and lets timers fire."""

    def __init__(
        self,
        options: Mapping[str, Any],
        languages: tuple[str, ...] = ("zh", "en"),
        *,
        beside: tuple[Bound[Any], ...] = (),
        store: Any = None,
    ) -> None:
        """`beside` are workflows that run after it; `store` is one in memory where none is given."""
        self.store = store if store is not None else MemoryStore()
        self.beside = beside
        self.at = START
        self._n = 0
        self.languages = languages
        self.operator_writes(options)

    def operator_writes(self, options: Mapping[str, Any]) -> None:
        """Another configuration over the same store, as after an edit or a restart."""
        group = Group(
            key="reading",
            community="晨读打卡营",
            zone=ZoneInfo("Asia/Shanghai"),
            languages=self.languages,
            staff=frozenset((ADMIN.account,)),
            runs=(Bound(workflow, Options.model_validate(options)), *self.beside),
            texts=TEXTS,
        )
        self.engine = Engine(self.store, {"reading": group})

    def happens(self, event: type, **fields: Any) -> list[str]:
        """Let something happen; what was sent because of it (and by timers since) is returned."""
        self._n += 1
        made = event(id=f"e{self._n}", at=self.at, group="reading", **fields)
        return self._run([made])

    def pass_(self, **span: float) -> list[str]:
        """Let time pass; what timers sent is returned."""
        self.at += timedelta(**span)
        return self._run([], until=self.at)

    def _run(self, events: list[Event], until: datetime | None = None) -> list[str]:
        before = len(self.outbox())
        outcome = self.engine.replay(events, until=until)
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried
        return [told(row.effect) for row in self.outbox()[before:]]

    def joins(self, who: Actor, **more: Any) -> list[str]:
        return self.happens(MemberJoined, actor=who, **more)

    def leaves(self, who: Actor) -> list[str]:
        return self.happens(MemberLeft, actor=who)

    def says(self, who: Actor, text: str, **more: Any) -> list[str]:
        return self.happens(MessagePosted, actor=who, text=text, message=f"m{self._n + 1}", **more)

    def whispers(self, who: Actor, text: str) -> list[str]:
        return self.says(who, text, private=True)

    def posts_album(self, who: Actor, caption: str) -> list[str]:
        """Two pictures, the caption under the first."""
        first = self.says(who, caption, kind="photo", album=f"a{self._n}")
        return first + self.says(who, "", kind="photo", album=f"a{self._n - 1}")

    def edits(self, who: Actor, text: str) -> list[str]:
        return self.happens(MessageEdited, actor=who, text=text, message=f"m{self._n + 1}")

    def answers(self, who: Actor, other: Actor, text: str) -> list[str]:
        return self.says(who, text, reply_to=Reply(message="m0", author=other))

    def presses(self, who: Actor, data: str, message: str = "", **more: Any) -> list[str]:
        return self.happens(ButtonPressed, actor=who, data=data, message=message, **more)

    def reacts(
        self, who: Actor, message: str, author: Actor | None = None, emoji: tuple[str, ...] = ("👍",)
    ) -> list[str]:
        return self.happens(ReactionChanged, actor=who, message=message, author=author, emoji=emoji)

    def checks_in(self, who: Actor, challenge: str = "morning") -> list[str]:
        day = self.at.astimezone(ZoneInfo("Asia/Shanghai")).date()
        return self.happens(CheckedIn, actor=who, challenge=challenge, day=day, streak=1)

    def unmutes(self, who: Actor, by: Actor = ADMIN) -> list[str]:
        """By hand, in the platform's own menus."""
        return self.happens(MemberUnmuted, actor=who, by=by)

    def knocks(self, who: Actor, words: str = "") -> list[str]:
        return self.happens(JoinRequested, actor=who, words=words)

    def orders(
        self, verb: str, who: Actor | None, reason: str = "", *, of: str = "onboarding", **more: Any
    ) -> list[str]:
        return self.happens(Instructed, actor=ADMIN, workflow=of, verb=verb, target=who, reason=reason, arguments=more)

    def outbox(self) -> list[Any]:
        return list(self.store.outbox("reading"))

    def last(self) -> Any:
        return self.outbox()[-1].effect

    def points(self, who: Actor) -> list[tuple[str, int]]:
        me = self.member(who).person
        return [(e.key, e.amount) for e in self.store.facts("reading") if e.person == me and e.kind == "points"]

    def member(self, who: Actor) -> Any:
        return next(m for m in self.store.people("reading") if m.account == who.account)

    def tags(self, who: Actor) -> set[str]:
        return set(self.member(who).tags)

    def timers(self) -> list[tuple[str, str]]:
        zone = ZoneInfo("Asia/Shanghai")
        return [(row.key, f"{row.at.astimezone(zone):%d %H:%M}") for row in self.store.timers("reading")]

    def record(self, slot: Slot[Any]) -> Any:
        """The group's own record."""
        with self.store.unit() as unit:
            found = unit.records([(RecordAt("reading", NOBODY, slot.name), slot)])
        return next(iter(found.values()))

    def because(self) -> tuple[str, ...]:
        """The reasons of the last decision."""
        because: tuple[str, ...] = list(self.store.audit("reading"))[-1].because
        return because

    def reasons(self) -> list[str]:
        return [reason for row in self.store.audit("reading") for reason in row.because]


def told(effect: Any) -> str:
    """An effect in one line: who is spoken to, the words, the buttons."""
    if isinstance(effect, Say | TellAdmins):
        head = "admins: " if isinstance(effect, TellAdmins) else f"to {effect.to}: " if effect.to else ""
        buttons = "".join(f" [{choice.label}]" for choice in effect.choices)
        return f"{head}{plain(effect.words)}{buttons}"
    if isinstance(effect, Edit):
        buttons = "".join(f" [{choice.label}]" for choice in effect.choices)
        return f"edit {effect.message}: {plain(effect.words)}{buttons}"
    if isinstance(effect, Mute):
        return f"Mute {effect.member} {span_text(effect.span) if effect.span is not None else 'for good'}"
    named = {name: getattr(effect, name) for name in effect.__dataclass_fields__ if name != "heard"}
    return " ".join([type(effect).__name__, *(str(value) for value in named.values() if value is not False)])


def bot(name: str = "助手") -> Actor:
    return replace(person(name), kind=ActorKind.BOT)


def crowd(count: int) -> Iterable[Actor]:
    return (person(f"新人{n}") for n in range(1, count + 1))

"""A group that is asked, whose days pass: members press, write, come and go, are bound and parted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.sql import SqlStore
from core.decision import Bind, Decision, Part
from core.effects import Edit, Say, TellAdmins, plain
from core.engine import Engine
from core.events import ButtonPressed, Event, Instructed, MemberJoined, MemberLeft, MessagePosted
from core.memory import MemoryStore
from core.pausing import PAUSED, Paused
from core.people import NOBODY, Account, Actor
from core.ports import RecordAt, Writes
from core.state import Key, Slot, bonds
from core.workflow import Bound, Group, View, Workflow
from jobs.digest.arming import arming
from tests.commands.group import ALL_RIGHTS, admin
from tests.digests.group import SHANGHAI
from workflows import quiet, surveys
from workflows.catalog import Catalog
from workflows.quiet import Reminded
from workflows.survey_book import ANSWERS
from workflows.survey_options import Surveys

NOON = datetime(2026, 3, 30, 4, tzinfo=UTC)
"""12:00 in Shanghai, two days before the first of a month."""
NPS = {"at": "day 1 10:00", "who": "true"}
BOSS = admin(10001, "馆主", *ALL_RIGHTS)


def person(number: int, platform: str = "telegram") -> Actor:
    return Actor(account=Account(f"{platform}:{number}"), name=f"成员{number}")


def _reads(event: Event, options: dict[str, object]) -> tuple[Key[Any], ...] | None:
    assert isinstance(event, Instructed)
    return (bonds(Account(str(event.arguments["one"]))),) if event.workflow == "ties" else None


def _ties(event: Event, options: dict[str, object], view: View) -> Decision:
    """Binds and parts as it is told."""
    assert isinstance(event, Instructed)
    one, other = Account(str(event.arguments["one"])), Account(str(event.arguments["other"]))
    if event.verb == "bind":
        return Decision(changes=(Bind(one=one, other=other),), because=("bound",))
    held = next((bond for bond in view.get(bonds(one)) if bond.partner(one) == other), None)
    return Decision(changes=(Part(bond=held),) if held is not None else (), because=("parted",))


TIES: Workflow[dict[str, object]] = Workflow("ties", dict, frozenset((Instructed,)), _reads, _ties)


class Hall:
    """Everything that is said is told; every timer rings at its time."""

    def __init__(
        self,
        *more: Bound[Any],
        store: MemoryStore | SqlStore | None = None,
        languages: tuple[str, ...] = ("zh",),
        fields: dict[str, Any] | None = None,
        **written: object,
    ) -> None:
        self.store: MemoryStore | SqlStore = store if store is not None else MemoryStore()
        self.now, self.number, self.read, self.more = NOON, 0, 0, more
        self.fields: dict[str, Any] = {"languages": languages, **(fields or {})}
        self.set(**(written or {"nps": NPS}))

    def set(self, **written: object) -> None:
        """The operator's file says this from now on."""
        runs: tuple[Bound[Any], ...] = (
            Bound(surveys.workflow, Surveys.model_validate(written)),
            Bound(quiet.workflow, Reminded()),
            Bound(TIES, {}),
            *self.more,
        )
        made = Group(key="g", community="读书会", zone=SHANGHAI, texts=Catalog.shipped(), runs=runs)
        self.group = replace(made, **self.fields)
        self.starts()

    def starts(self) -> None:
        """As a process does that begins to serve."""
        self.now += timedelta(seconds=1)
        self.engine = Engine(self.store, {"g": self.group})
        outcome = self.engine.process(arming([self.group], self.now))
        assert not outcome.faults, outcome.faults

    def passes(self, **span: float) -> list[str]:
        self.now += timedelta(**span)
        outcome = self.engine.replay([], until=self.now)
        assert not outcome.faults, outcome.faults
        return self.told()

    def wakes(self, **span: float) -> list[str]:
        """As a process does that was down for so long: what was due meanwhile rings now."""
        self.now += timedelta(**span)
        due = [row.due(self.now) for row in self.store.timers("g") if row.at <= self.now]
        outcome = self.engine.process(due)
        assert not outcome.faults, outcome.faults
        return self.told()

    def happens(self, kind: type, *, actor: Actor, **fields: object) -> list[str]:
        self.now += timedelta(seconds=1)
        self.number += 1
        id_ = f"{actor.account.partition(':')[0]}:{self.number}"
        outcome = self.engine.replay([kind(id=id_, at=self.now, group="g", actor=actor, **fields)])
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried
        return self.told()

    def says(self, who: Actor, text: str, **more: object) -> list[str]:
        return self.happens(MessagePosted, actor=who, message=str(self.number), text=text, **more)

    def presses(self, who: Actor, label: object, press: str = "q") -> list[str]:
        """The button with this label, under the last post that has it."""
        data = next(
            choice.data
            for effect in reversed(self.effects)
            if isinstance(effect, Say)
            for choice in effect.choices
            if choice.label == str(label)
        )
        return self.presses_data(who, data, press)

    def presses_data(self, who: Actor, data: str, press: str = "q") -> list[str]:
        return self.happens(ButtonPressed, actor=who, data=data, message="9", press=press)

    def pause(self, **span: float) -> None:
        with self.store.unit() as unit:
            paused = Paused(self.now, self.now + timedelta(**span))
            unit.save(Writes(records={RecordAt("g", NOBODY, PAUSED.name): paused}))
            unit.commit()

    def kept(self, slot: Slot[Any]) -> Any:
        """A record of the group."""
        place = RecordAt("g", NOBODY, slot.name)
        with self.store.unit() as unit:
            return unit.records([(place, slot)]).get(place)

    def answers_of(self, who: Actor) -> Any:
        """What is kept of somebody's answers."""
        return next((v for m, v in self.store.every_record("g", ANSWERS) if m.account == who.account), None)

    def joins(self, who: Actor) -> None:
        self.happens(MemberJoined, actor=who)

    def leaves(self, who: Actor) -> None:
        self.happens(MemberLeft, actor=who)

    def binds(self, one: Actor, other: Actor, verb: str = "bind") -> None:
        arguments = {"one": one.account, "other": other.account}
        self.happens(Instructed, actor=one, workflow="ties", verb=verb, arguments=arguments)

    def parts(self, one: Actor, other: Actor) -> None:
        self.binds(one, other, "part")

    @property
    def effects(self) -> list[object]:
        return [row.effect for row in self.store.outbox("g")]

    def new(self) -> list[object]:
        """The effects since the last look."""
        new, self.read = self.effects[self.read :], len(self.effects)
        return new

    def told(self) -> list[str]:
        """What was said since the last look."""
        return [plain(one.words) for one in self.new() if isinstance(one, Say | Edit | TellAdmins)]

    @property
    def because(self) -> list[str]:
        return [why for row in self.store.audit("g") for why in row.because]

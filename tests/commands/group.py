"""A group that is steered: people write commands, and what came of them can be read back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from core.decision import NOTHING, Bind, Decision
from core.engine import Engine
from core.events import ButtonPressed, Event, MemberJoined, MemberLeft, MessagePosted, Reply
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.workflow import Bound, Group, View, Workflow
from tests.support.ears import Ears
from workflows import check_in, members, rules, steering, tiers
from workflows.check_in_options import CheckIns
from workflows.members import Members
from workflows.rule_options import Rules
from workflows.steering_options import Steering
from workflows.texts import Catalog
from workflows.tier_options import Tiers

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""
ALL_RIGHTS = frozenset(("restrict", "delete", "promote", "change_info", "invite", "pin"))


def actor(number: int, name: str, **told: Any) -> Actor:
    return Actor(account=Account(f"telegram:{number}"), name=name, username=name.lower(), **told)


def admin(number: int, name: str, *rights: str, vouched: bool = True) -> Actor:
    return actor(number, name, admin=True, rights=frozenset(rights), vouched=vouched)


ANA, BEN, CLEO, WANG = actor(20001, "Ana"), actor(20002, "Ben"), actor(20003, "Cleo"), actor(20004, "小王")
BOSS = admin(10001, "Boss", *ALL_RIGHTS, "owner")
ADA = admin(10002, "Ada", *ALL_RIGHTS)
MIA = actor(10003, "Mia")
"""A moderator by the operator's word."""
GHOST = Actor(account=Account("telegram:-100500"), name="群", kind=ActorKind.ANONYMOUS_ADMIN, admin=True)
ROBOT = actor(30001, "Robot", kind=ActorKind.BOT)
ADMINS = frozenset((BOSS.account, ADA.account))
OTHER_MIA = Actor(account=Account("wechat:mia"), name="Mia")
"""Mia, too, once she wrote "that is me" with it in a group that runs `BINDING`."""


def _bound(event: Event, options: dict[str, Any], view: View) -> Decision:
    if not isinstance(event, MessagePosted) or event.text != "that is me":
        return NOTHING
    return Decision(changes=(Bind(one=MIA.account, other=event.actor.account),), because=("bound",))


BINDING = Bound(Workflow("binding", dict, frozenset({MessagePosted}), lambda event, options: (), _bound), {})


class Steered(Ears):
    """`group.says(ADA, "/mute @ana 30m")`, then `group.told()` are the words of what was said since the last asking."""

    def __init__(
        self,
        language: Literal["zh", "en"] = "en",
        *,
        anonymous: Literal["yes", "confirm", "no"] = "confirm",
        quiet: bool = False,
        report: Literal["all", "sanctions", "none"] = "sanctions",
        rules_written: dict[str, Any] | None = None,
        challenges: dict[str, Any] | None = None,
        with_tiers: bool = True,
        tiers_written: dict[str, Any] | None = None,
        staff: frozenset[Account] = frozenset(),
        moderators: frozenset[Account] = frozenset((MIA.account,)),
        unbarred: tuple[str, ...] = (),
        desk: str = "",
        also: tuple[Bound[Any], ...] = (),
        store: MemoryStore | None = None,
    ) -> None:
        self.store = MemoryStore() if store is None else store
        judged = Rules.model_validate(rules_written or {})
        climbed = Tiers.model_validate({"tiers": tiers_written or {"new": {"from": 0}, "old": {"from": 100}}})
        days = CheckIns.model_validate(challenges or {"morning": {"points": 2}})
        runs: list[Bound[Any]] = [
            Bound(check_in.workflow, days),
            Bound(rules.workflow, judged),
            *([Bound(tiers.workflow, climbed)] if with_tiers else []),
            Bound(members.workflow, Members(tiers=climbed if with_tiers else None, check_ins=days, rules=judged)),
            Bound(steering.workflow, Steering(anonymous=anonymous, quiet=quiet)),
            *also,
        ]
        self.group = Group(
            key="g",
            zone=ZoneInfo("Asia/Shanghai"),
            languages=(language, "zh" if language == "en" else "en"),
            moderators=moderators,
            staff=staff,
            unbarred=unbarred,
            desk=desk,
            report=report,
            runs=tuple(runs),
            texts=Catalog.shipped(),
        )
        self.engine = Engine(self.store, {"g": self.group})
        self.at = START
        self.made = 0
        for one in (ANA, BEN, CLEO, WANG, MIA):
            self.run(MemberJoined(id=self.id(), at=self.at, group="g", actor=one))
        self.told()

    def id(self) -> str:
        self.made += 1
        return f"telegram:1:{self.made}"

    def run(self, *events: Event) -> None:
        outcome = self.engine.process(events)
        assert not outcome.faults, outcome.faults
        assert not outcome.buried, outcome.buried

    def says(self, who: Actor, text: str, *, to: Actor | None = None, seconds: float = 61, **told: Any) -> str:
        """Write a message, perhaps as an answer to somebody; returns its id."""
        self.at += timedelta(seconds=seconds)
        id_ = self.id()
        reply = Reply(message="900", author=to) if to is not None else None
        event = MessagePosted(
            **{
                "id": id_,
                "at": self.at,
                "group": "g",
                "actor": who,
                "message": str(self.made),
                "text": text,
                "reply_to": reply,
                "admins": ADMINS,
                **told,
            }
        )
        self.run(event)
        return id_

    def leaves(self, who: Actor) -> None:
        self.run(MemberLeft(id=self.id(), at=self.at, group="g", actor=who))

    def presses(self, who: Actor, data: str, *, seconds: float = 5) -> None:
        self.at += timedelta(seconds=seconds)
        self.run(ButtonPressed(id=self.id(), at=self.at, group="g", actor=who, data=data, message="77"))

    def kinds(self) -> list[str]:
        return [type(effect).__name__ for effect in self.effects()]

    def ledger(self, kind: str) -> int:
        return sum(fact.amount for fact in self.store.facts("g") if fact.kind == kind)


def button(effects: list[Any], beginning: str = "undo:") -> str:
    """The data of the first button that begins so."""
    for effect in effects:
        for choice in getattr(effect, "choices", ()):
            if choice.data.startswith(beginning):
                return str(choice.data)
    raise AssertionError(f"no button {beginning} under {effects}")

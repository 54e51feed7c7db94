"""A made-up history of a group, and what a count by hand tells of it: from its events alone, person by person."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core import state
from core.decision import NOTHING, Bind, Decision, Post, Put
from core.engine import Engine
from core.events import ButtonPressed, Event, MemberJoined, MemberLeft, MessagePosted, ReactionChanged
from core.follow_ups import CheckedIn
from core.forgetting import ForgettingStore, recogniser
from core.people import Account, Actor, ActorKind
from core.state import POINTS, WARNING
from core.workflow import Bound, Group, Workflow
from jobs.privacy.forgetting import Forgetter
from workflows.check_in_options import CheckIns
from workflows.conversion_options import Conversions
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS, Progress, Stage
from workflows.referral_book import COUNTED, INVITED, MADE
from workflows.referral_options import Referrals
from workflows.tier_options import Tiers

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 2, 2, tzinfo=BERLIN)
"""A Monday. The clocks change on 29 March: the history is of both times."""
DAYS = 120
NEXT = timedelta(minutes=9)
BOT = Actor(account=Account("telegram:900"), name="bot", kind=ActorKind.BOT)
PEOPLE = tuple(Actor(account=Account(f"telegram:{n}"), name=f"P{n}") for n in range(1, 26))
BOUND = (("telegram:2", "wechat:anna"), ("telegram:3", "wechat:ben"))
"""Anna is listed as staff by her second account only."""
STAFF = frozenset(map(Account, ("telegram:1", "wechat:anna", "telegram:absent")))
FORGOTTEN = (Account("telegram:4"), Account("telegram:5"))
TIERS = ("seed", "oak", "pine")
FACTS = {
    "warn": (WARNING, "ads", 1),
    "forgive": (WARNING, "admin", -1),
    "link": (MADE, "referrals", 1),
    "brought": (INVITED, "referrals", 1),
    "counts": (COUNTED, "referrals", 1),
    "taken": (COUNTED, "referrals", -1),
    "order": ("conversion:order", "shop", 1),
    "unorder": ("conversion:order", "admin", -1),
    "points": (POINTS, "thanks", 5),
    "fine": (POINTS, "admin", -2),
    "oak": ("tier", "oak", 1),
    "pine": ("tier", "pine", 2),
    "seed": ("tier", "seed", -1),
    "none": ("tier", "", -2),
}
"""Of a kind, by a rule, so many: by the word for it."""
STAGES: dict[str, Stage] = {"begin": "steps", "done": "done", "excused": "skipped", "gone": "gave_up"}
HAS = (
    CheckIns.model_validate({"daily": {"keywords": ["in"]}}),
    Onboarding.model_validate({"welcome": "hello"}),
    Referrals(),
    Conversions.model_validate({"trial": {}, "order": {"once": False}}),
    Tiers.model_validate({"tiers": {id_: {"from": 10 * n} for n, id_ in enumerate(TIERS)}}),
)
UNTOLD = {*FORGOTTEN, *(Account(each) for pair in BOUND for each in pair)}
"""Of whom it would be another story: what is held against the forgotten, whose record the bound have."""
SECONDS = tuple(Actor(account=Account(second), name="second") for _, second in BOUND)


def reads(event: Event, options: None) -> tuple[Any, ...] | None:
    return (state.bonds(event.actor.account),) if isinstance(event, MessagePosted) else ()


def decide(event: Event, options: None, view: Any) -> Decision:
    """`in` checks in for today, `late` for yesterday, `bind` binds those who are to be bound."""
    if not isinstance(event, MessagePosted):
        return NOTHING
    me, today = event.actor.account, view.group.day(event.at)
    if event.text == "bind":
        return Decision(changes=tuple(Bind(one=Account(a), other=Account(b)) for a, b in BOUND), because=("bound",))
    if event.text in FACTS:
        kind, rule, amount = FACTS[event.text]
        return Decision(changes=(Post(kind=kind, member=me, amount=amount, rule=rule, reason="", key=event.id),))
    if event.text in STAGES:
        progress = Progress(account=me, began=event.at, stage=STAGES[event.text])
        return Decision(changes=(Put(PROGRESS.of(me), progress),))
    if event.text == "struck":
        struck = Post(kind="check_in:daily", member=me, amount=-1, rule="daily", reason="", key=event.id, about=today)
        return Decision(changes=(struck,))
    if event.text in ("in", "late"):
        day = today - timedelta(days=event.text == "late")
        checked = CheckedIn(id="", at=event.at, group="g", actor=event.actor, challenge="daily", day=day, streak=1)
        fact = Post(kind="check_in:daily", member=me, amount=1, rule="daily", reason="in", key=event.id, about=day)
        return Decision(changes=(fact,), follows=(checked,), because=("in",))
    return NOTHING


def group() -> Group:
    """Its workflow books what is said; what else it has is there to be asked about."""
    running = Workflow("booking", type(None), frozenset((MessagePosted,)), reads, decide)
    runs = (Bound(running, None), *(Bound(_silent(options), options) for options in HAS))
    return Group(key="g", community="Walkers", zone=BERLIN, staff=STAFF, runs=runs)


def _silent(options: object) -> Workflow[Any]:
    return Workflow(type(options).__name__, type(options), frozenset(), reads, decide)


@dataclass(slots=True)
class Life:
    """What the events tell of one account, or of all accounts of a person."""

    seen: datetime
    joined: datetime | None = None
    first: datetime | None = None
    left: datetime | None = None
    active: set[date] = field(default_factory=set)
    wrote: Counter[date] = field(default_factory=Counter)
    checked: Counter[date] = field(default_factory=Counter)
    facts: list[tuple[datetime, str, str, int]] = field(default_factory=list)
    stage: str | None = None
    staff: bool = False


def made(seed: int) -> list[Event]:
    """What happened, in order. The last of it binds, so that all that was counted before moves."""
    dice, events = random.Random(seed), list[Event]()
    for who in (*PEOPLE, *SECONDS, BOT):
        begins = dice.choice((0, 0, dice.randrange(DAYS - 10)))
        keen = dice.choice((0.03, 0.1, 0.3, 0.8))
        at = FIRST + timedelta(days=begins, minutes=dice.randrange(1440))
        if begins or dice.random() < 0.3:
            events += _joins(who, at, dice)
        gone = False
        for day in range(begins, DAYS):
            at = FIRST + timedelta(days=day + 0.04, minutes=dice.randrange(60, 1380))
            if not gone and dice.random() < keen:
                events += [
                    _deed(who, at + timedelta(minutes=n), dice, f"{who.account}:{day}:{n}")
                    for n in range(dice.randrange(1, 5))
                ]
            if dice.random() < 0.015:
                gone = not gone
                events += [_leaves(who, at + NEXT)] if gone else _joins(who, at + NEXT, dice)
    for n, (one, other) in enumerate(BOUND):
        events += [
            _said(Actor(account=Account(who), name="x"), FIRST + timedelta(hours=n), "", f"b{n}{who}")
            for who in (one, other)
        ]
    binds = FIRST + timedelta(days=dice.choice((1, DAYS // 2, DAYS)), hours=1)
    events.append(_said(PEOPLE[0], binds, "bind", "bind"))
    return sorted(
        (replace(event, at=event.at.astimezone(UTC)) for event in events), key=lambda event: (event.at, event.id)
    )


def _leaves(who: Actor, at: datetime) -> MemberLeft:
    return MemberLeft(id=f"go:{who.account}:{at}", at=at, group="g", actor=who)


def _joins(who: Actor, at: datetime, dice: random.Random) -> list[Event]:
    """A join, told twice now and then, and by somebody who pressed a button at the door a while before."""
    base: dict[str, Any] = {"group": "g", "actor": who}
    told: list[Event] = [MemberJoined(id=f"join:{who.account}:{at}", at=at, **base)]
    if dice.random() < 0.3:
        told.append(MemberJoined(id=f"again:{who.account}:{at}", at=at + timedelta(seconds=20), **base))
    if dice.random() < 0.4:
        before = at - timedelta(hours=dice.choice((1, 70, 74)))
        told.append(ButtonPressed(id=f"door:{who.account}:{at}", at=before, data="door", message="1", **base))
    return told


def _deed(who: Actor, at: datetime, dice: random.Random, id_: str) -> Event:
    word = dice.choice(
        ("", "", "in", "in", "late", "struck", "react", "unreact", "press", dice.choice([*FACTS, *STAGES]))
    )
    if who.account in UNTOLD and word in ("warn", "forgive", *STAGES):
        word = ""
    base: dict[str, Any] = {"id": f"deed:{id_}", "at": at, "group": "g", "actor": who}
    if word in ("react", "unreact"):
        return ReactionChanged(**base, message="1", emoji=("👍",) if word == "react" else ())
    if word == "press":
        return ButtonPressed(**base, data="x", message="1")
    return _said(who, at, word, id_)


def _said(who: Actor, at: datetime, text: str, id_: str) -> MessagePosted:
    return MessagePosted(id=f"said:{id_}", at=at, group="g", actor=who, message=id_, text=text)


def happens(store: Any, events: list[Event]) -> None:
    """Have it happen, and forget who wants to be forgotten."""
    recognise = recogniser(b"a secret of the deployment, 32 b.")
    kept: ForgettingStore = store
    kept.recognise_by(recognise)
    outcome = Engine(store, {"g": group()}).replay(events)
    assert not outcome.faults, outcome.faults
    assert not outcome.buried, outcome.buried
    for account in FORGOTTEN:
        with kept.unit() as unit:
            Forgetter(recognise).forget(unit, account, events[-1].at)
            unit.commit()


def lived(events: list[Event]) -> list[Life]:
    """Everybody's life, by a count from the events: persons only, of all their accounts, without the forgotten."""
    lives: dict[Account, Life] = {}
    for event in events:
        actor = getattr(event, "actor")  # noqa: B009 (every event here has one)
        if actor.kind is not ActorKind.PERSON:
            continue
        life = lives.setdefault(actor.account, Life(event.at))
        today = event.at.astimezone(BERLIN).date()
        match event:
            case MemberJoined():
                here = life.joined is not None and (life.left is None or life.left < life.joined)
                if not (here and life.joined and event.at - life.joined < timedelta(minutes=1)):
                    if life.joined is None and event.at - life.seen <= timedelta(days=3):
                        life.first = event.at
                    life.joined, life.left = event.at, None
            case MemberLeft():
                life.left = life.left or event.at
            case MessagePosted():
                life.left = None
                life.active.add(today)
                life.wrote[today] += 1
                if event.text in ("in", "late"):
                    day = today - timedelta(days=event.text == "late")
                    life.active.add(day)
                    life.checked[day] += 1
                elif event.text == "struck":
                    life.checked[today] -= 1
                elif event.text in FACTS:
                    life.facts.append((event.at, *FACTS[event.text]))
                elif event.text in STAGES:
                    life.stage = STAGES[event.text]
            case ReactionChanged(emoji=emoji) if emoji:
                life.active.add(today)
    for account, life in lives.items():
        life.staff = account in STAFF
    for one, other in BOUND:
        lives[Account(one)] = _united(lives[Account(one)], lives.pop(Account(other)))
    return [life for account, life in lives.items() if account not in FORGOTTEN]


def _united(one: Life, other: Life) -> Life:
    joins = [life.joined for life in (one, other) if life.joined is not None]
    firsts = [life.first for life in (one, other) if life.first is not None]
    seen, first = min(one.seen, other.seen), min(firsts, default=None)
    return Life(
        seen=seen,
        first=first if first is not None and first - seen <= timedelta(days=3) else None,
        joined=min(joins, default=None),
        left=max(one.left, other.left) if one.left is not None and other.left is not None else None,
        active=one.active | other.active,
        wrote=one.wrote + other.wrote,
        checked=Counter({day: one.checked[day] + other.checked[day] for day in {*one.checked, *other.checked}}),
        facts=one.facts + other.facts,
        staff=one.staff or other.staff,
    )

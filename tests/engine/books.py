"""Two groups, some people, and all that a store knows afterwards, to be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from core.decision import NOTHING, Decision, Post
from core.effects import plain
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.state import Slot
from core.workflow import Bound, Group, Workflow

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WANG = Actor(account=Account("telegram:1"), name="小王")
LI = Actor(account=Account("wechat:2"), name="Li", username="li_li")
ZHAO = Actor(account=Account("telegram:3"), name="Zhao")
CHANNEL = Actor(account=Account("telegram:-4"), name="频道", kind=ActorKind.CHANNEL)
BOT = Actor(account=Account("telegram:5"), name="bot", kind=ActorKind.BOT)
NOBODYS = Actor(account=Account("telegram:-100"), name="the group", kind=ActorKind.ANONYMOUS_ADMIN)
_ids = count(1)


def said(text="hello", *, actor=WANG, at=START, id=None, group="g", **more):
    n = next(_ids)
    return MessagePosted(id=id or f"e{n}", at=at, group=group, actor=actor, message=str(n), text=text, **more)


def flow(decide, name="w", hears=(MessagePosted,), reads=lambda event, options: (), awards=False):
    return Workflow(name, dict, frozenset(hears), reads, decide, awards=awards)


def engine_with(*workflows, store=None, **more):
    store = store or MemoryStore()
    runs = tuple(Bound(w, {}) for w in workflows)
    return Engine(store, {key: Group(key=key, runs=runs, **more) for key in ("g", "h")}), store


def spoken(store, group="g"):
    return [plain(row.effect.words) for row in store.outbox(group)]


@dataclass(frozen=True, slots=True)
class Note:
    text: str = ""
    times: int = 0


NOTE = Slot("tests.note", Note)
WALL = Slot("tests.wall", Note)


def books(store):
    """All there is, with accounts for persons: a batch that was undone may have used up numbers."""
    told = {"addresses": dict(store.addresses())}
    for group in ("g", "h"):
        members = list(store.people(group))
        who = {m.person: m.account for m in members} | {0: None, None: None}
        told[group] = {
            "people": [
                (m.account, m.name, m.kind, m.language, m.seen, m.joined, m.left, who[m.inviter], sorted(m.tags))
                for m in members
            ],
            "facts": sorted((e.key, e.at, who[e.person], e.kind, e.amount, str(who[e.by])) for e in store.facts(group)),
            "activity": sorted((str(who[person]), day) for person, day in store.activity(group)),
            "audit": [(row.event, row.mode, row.then, row.because, who.get(row.person)) for row in store.audit(group)],
            "outbox": [(row.id, row.at, row.effect) for row in store.outbox(group)],
            "timers": list(store.timers(group)),
            "notes": [(m.account, note) for m, note in store.every_record(group, NOTE)],
            "letters": [letter.id for letter in store.dead_letters(group)],
        }
    return told


def poisons(event, options, view):
    post = Post(kind="x", member=event.actor.account, amount=1, rule="r", reason="r", key="k")
    return Decision(changes=(post, post)) if event.id == "poison" else NOTHING

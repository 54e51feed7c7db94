"""People in two groups, a workflow that books what they say without looking at anything, and bonds between them.

What the workflow decides does not depend on who is bound to whom. So whatever was bound and parted, in the end the
books must be those of people who never were.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from core import state
from core.decision import NOTHING, Bind, Decision, Part, Post, Put, Tag
from core.engine import Engine
from core.events import Event, MemberJoined, MemberLeft, MessagePosted, ReactionChanged, Reply
from core.follow_ups import CheckedIn, Linked, Parted
from core.people import Account, Actor
from core.ports import BalanceAt
from core.state import POINTS, WARNING, Slot
from core.workflow import Bound, Group, Workflow

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GROUPS = ("g", "h")
ANA = Actor(account=Account("telegram:1"), name="Ana")
ANNA = Actor(account=Account("wechat:anna"), name="安娜")
BEN = Actor(account=Account("telegram:2"), name="Ben")
WAS = Actor(account=Account("wechat:was"), name="安娜")
"""Who Anna was before her id changed."""
PEOPLE = (ANA, ANNA, BEN, WAS)
KINDS = (POINTS, WARNING, "thanks", "check_in:daily")
MOOD = Slot("tests.mood", dict[str, Any])


def reads(event: Event, options: None) -> tuple[Any, ...] | None:
    if isinstance(event, MessagePosted):
        keys: tuple[Any, ...] = (state.bonds(event.actor.account),)
        return (*keys, MOOD.of(event.actor.account)) if event.text == "mood" else keys
    return ()


def decide(event: Event, options: None, view: Any) -> Decision:
    if isinstance(event, Linked):
        return Decision(
            changes=(
                Post(kind=POINTS, member=event.actor.account, amount=-3, rule="bond", reason="twice", joint=True),
            ),
            because=("bound",),
        )
    if not isinstance(event, MessagePosted):
        return NOTHING
    me, word = event.actor.account, event.text
    post: dict[str, Any] = {"rule": word, "reason": word}
    match word:
        case "bind":
            return Decision(changes=(Bind(one=ANA.account, other=ANNA.account),), because=("asked",))
        case "moved":
            return Decision(changes=(Bind(one=WAS.account, other=ANNA.account, gone=True),), because=("asked",))
        case "part":
            return Decision(changes=tuple(Part(bond=bond) for bond in view.get(state.bonds(me))), because=("asked",))
        case "in":
            key, day = f"daily:{event.at:%m-%d}:{event.at:%H%M}", event.at.date()
            checked = CheckedIn(
                id="", at=event.at, group=event.group, actor=event.actor, challenge="daily", day=day, streak=1
            )
            facts = (
                Post(kind="check_in:daily", member=me, amount=1, key=key, about=day, **post),
                Post(kind=POINTS, member=me, amount=5, about=day, **post),
            )
            return Decision(changes=facts, follows=(checked,), because=("in",))
        case "warn":
            expires = event.at + timedelta(days=30)
            return Decision(changes=(Post(kind=WARNING, member=me, amount=1, expires=expires, **post),))
        case "tag":
            return Decision(changes=(Tag(member=me, add=frozenset((f"t{event.at:%H}",))),))
        case "thanks" if event.reply_to is not None and event.reply_to.author is not None:
            to = event.reply_to.author.account
            return Decision(changes=(Post(kind="thanks", member=to, amount=1, by=me, **post),))
        case "mood":
            return Decision(changes=(Put(MOOD.of(me), {"at": event.id}),))
    return NOTHING


BOOKING = Workflow("booking", type(None), frozenset((MessagePosted, Linked, Parted)), reads, decide)
RUNNING = {key: Group(key=key, runs=(Bound(BOOKING, None),)) for key in GROUPS}


def said(n: int, who: Actor, text: str, at: datetime, group: str = "g", to: Actor | None = None) -> MessagePosted:
    reply = Reply(message="m", author=to) if to is not None else None
    return MessagePosted(id=f"e{n}", at=at, group=group, actor=who, message=str(n), text=text, reply_to=reply)


@st.composite
def lives(draw: Any, most: int = 30) -> list[Event]:
    """Random events with bonds made and parted in between; the last one parts what is bound."""
    at, made = START, list[Event]()
    for n in range(draw(st.integers(4, most))):
        at += timedelta(minutes=draw(st.sampled_from([1, 7, 400, 1500])))
        who, other, group = (draw(st.sampled_from(some)) for some in (PEOPLE, PEOPLE, GROUPS))
        kind = draw(st.sampled_from(["said"] * 8 + ["joined", "left", "reacted", "bind", "bind", "part"]))
        base: dict[str, Any] = {"id": f"e{n}", "at": at, "group": group, "actor": who}
        if kind == "said":
            word = draw(st.sampled_from(["", "in", "in", "warn", "tag", "thanks", "thanks"]))
            made.append(said(n, who, word, at, group, to=other))
        elif kind == "joined":
            made.append(MemberJoined(**base, by=draw(st.sampled_from([None, other]))))
        elif kind == "left":
            made.append(MemberLeft(**base))
        elif kind == "reacted":
            made.append(ReactionChanged(**base, author=other, message="m", emoji=("👍",)))
        else:
            word = "part" if kind == "part" else draw(st.sampled_from(["bind", "moved"]))
            made.append(said(n, ANA, word, at, group))
    came = draw(st.permutations([ANA, ANNA, WAS]))
    first = [said(900 + n, who, "", START) for n, who in enumerate(came)]
    last = [said(910 + n, who, "part", at + timedelta(minutes=1)) for n, who in enumerate((ANA, ANNA))]
    return [*first, *made, *last]


def never_bound(events: Sequence[Event]) -> list[Event]:
    """The same without a word about bonds, which are messages all the same."""
    words = ("bind", "moved", "part")
    return [
        said(int(event.id[1:]), event.actor, "", event.at, event.group)
        if isinstance(event, MessagePosted) and event.text in words
        else event
        for event in events
    ]


def books(store: Any) -> dict[str, Any]:
    """All that is known of people, with accounts for persons: their numbers depend on who came first."""
    told: dict[str, Any] = {}
    for group in GROUPS:
        members = list(store.people(group))
        who = {member.person: member.account for member in members} | {None: None}
        told[group] = {
            "people": sorted(
                (m.account, m.seen, str(m.joined), str(m.left), str(who.get(m.inviter)), sorted(m.tags))
                for m in members
            ),
            "facts": sorted(
                (e.at, e.event, who[e.person], e.kind, e.key, e.amount, str(who[e.by]), e.own, e.by_own)
                for e in store.facts(group)
            ),
            "days": sorted((who[person], day) for person, day in store.activity(group)),
            "letters": list(store.dead_letters(group)),
        }
    return told


def sums_hold(store: Any) -> bool:
    """Whether every balance is the sum of the facts, and every person of a fact is a member."""
    with store.unit() as unit:
        for group in GROUPS:
            facts = list(store.facts(group))
            people = {member.person for member in store.people(group)}
            places = [BalanceAt(group, person, kind) for person in people for kind in KINDS]
            balances = unit.balances(places)
            for place in places:
                mine = sum(fact.amount for fact in facts if (fact.person, fact.kind) == (place.person, place.kind))
                if balances[place] != mine:
                    return False
            if not {fact.person for fact in facts} <= people:
                return False
            if not {person for person, _ in store.activity(group)} <= people:
                return False
    return True


def engine(store: Any) -> Engine:
    return Engine(store, RUNNING)

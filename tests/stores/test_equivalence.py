"""The engine over every store: the same events make the same books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sql import open_store
from core.decision import NOTHING, Change, Decision, DropTimer, Post, Put, SetTimer, Tag
from core.effects import Mention, Mute, Say
from core.engine import Engine
from core.events import (
    Event,
    GroupMoved,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessagePosted,
    ReactionChanged,
    Reply,
    TimerDue,
)
from core.follow_ups import PointsChanged
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.state import POINTS, Key, Slot, balance, days, entries, named, standings
from core.state import given as given_by
from core.workflow import Bound, Group, Workflow
from tests.stores.people import START
from tests.support.databases import new_sqlite
from tests.support.postgres import emptied

GROUPS = ("阅读", "g", "h")
PEOPLE = [
    Actor(account=Account(f"{'telegram' if n % 2 else 'wechat'}:{n}"), name=name, kind=kind, username=username)
    for n, (name, kind, username) in enumerate(
        [
            ("小王", ActorKind.PERSON, None),
            ("Li", ActorKind.PERSON, "li_li"),
            ("li", ActorKind.PERSON, None),
            ("Bot", ActorKind.BOT, "bot"),
            ("", ActorKind.PERSON, None),
            ("频道", ActorKind.CHANNEL, None),
        ]
    )
]


@dataclass(frozen=True, slots=True)
class Diary:
    said: int = 0
    words: tuple[str, ...] = ()


DIARY = Slot("tests.diary", Diary)
WALL = Slot("tests.wall", Diary)


def reads(event, options):
    if isinstance(event, TimerDue):
        return (DIARY.of_all(), standings(POINTS, 3, event.due - timedelta(hours=2)))
    me = event.actor.account
    keys: list[Key[Any]] = [
        DIARY.of(me),
        WALL.of_group(),
        balance(POINTS, me),
        entries(POINTS, me, START + timedelta(hours=1)),
    ]
    keys += [days(me, START.date()), given_by(POINTS, me, START), standings(POINTS, 2), named("li")]
    return tuple(keys)


def decide(event, options, view):
    if isinstance(event, TimerDue):
        told = [f"{m.account}:{d.said}" for m, d in view.get(DIARY.of_all())]
        told += [f"{s.account}={s.amount}" for s in view.get(reads(event, options)[1])]
        return Decision(effects=(Say(words=(" ".join(told) or "nobody",)),), because=("time",), rule="wake")
    me = event.actor.account
    if isinstance(event, PointsChanged):
        sum_ = view.get(balance(POINTS, me))
        return Decision(changes=(Tag(member=me, add=frozenset({f"over {sum_ // 5 * 5}"})),), because=(f"has {sum_}",))
    diary, wall = view.get(DIARY.of(me)) or Diary(), view.get(WALL.of_group()) or Diary()
    text = event.text
    changes: list[Change] = [
        Put(DIARY.of(me), Diary(diary.said + 1, (*diary.words, text)[-3:])),
        Put(WALL.of_group(), Diary(wall.said + 1)),
    ]
    seen = [len(view.get(key)) for key in reads(event, options)[3:7]]
    because = (f"{view.get(balance(POINTS, me))} {seen}", str(view.get(named("li")) and view.get(named("li")).account))
    if text == "clear":
        changes[0] = Put(DIARY.of(me), None)
    if text == "thanks" and event.reply_to is not None and event.reply_to.author is not None:
        to = event.reply_to.author
        changes.append(
            Post(kind=POINTS, member=to.account, amount=3, rule="thanks", reason="谢谢", by=me, about=START.date())
        )
        return Decision(
            changes=tuple(changes),
            effects=(Say(words=(Mention(account=to.account, name=to.name), " +3"), expires=event.at + timedelta(1)),),
            timers=(SetTimer(key="wake", at=event.at + timedelta(minutes=90), member=me, data={"n": diary.said}),),
            because=because,
            rule="thanks",
        )
    if text == "spam":
        return Decision(
            changes=(*changes, Post(kind="warning", member=me, amount=1, rule="spam", reason="spam", expires=event.at)),
            effects=(Mute(member=me, span=timedelta(minutes=5)),),
            timers=(DropTimer("wake"),),
            because=because,
        )
    if text == "crash":
        raise ValueError("as asked")
    return Decision(changes=tuple(changes), because=because) if text else NOTHING


NOISY = Workflow("noisy", type(None), frozenset({MessagePosted, TimerDue, PointsChanged}), reads, decide, awards=True)
RUNNING = {key: Group(key=key, runs=(Bound(NOISY, None),)) for key in GROUPS}


@st.composite
def happenings(draw):
    """Random events. Who changed their account is not seen under the old one again: within one batch, two accounts of
    one person have two seats.
    """
    at, gone = START, set()
    made: list[Event] = []
    for n in range(draw(st.integers(1, 14))):
        at += timedelta(minutes=draw(st.sampled_from([0, 1, 50, 100, 1500])), microseconds=draw(st.integers(0, 1)))
        here = [person for person in PEOPLE if person.account not in gone]
        who, other = draw(st.sampled_from(here)), draw(st.sampled_from(here))
        base = {"id": f"e{n}", "at": at, "group": draw(st.sampled_from(GROUPS))}
        kind = draw(st.sampled_from(["said"] * 6 + ["joined", "left", "renamed", "reacted", "moved", "called"]))
        if kind == "said":
            text = draw(st.sampled_from(["", "hi", "thanks", "thanks", "spam", "clear", "crash", "\ud83d 半\0"]))
            reply = draw(st.sampled_from([None, Reply(message="m", author=other), Reply(message="m")]))
            made.append(MessagePosted(**base, actor=who, message=f"m{n}", text=text, reply_to=reply))
        elif kind == "joined":
            made.append(MemberJoined(**base, actor=who, by=other))
        elif kind == "left":
            made.append(MemberLeft(**base, actor=who))
        elif kind == "renamed" and len(here) > 1:
            gone.add(who.account)
            made.append(MemberRenamed(**base, actor=replace(who, account=Account(f"irc:{n}")), was=who.account))
        elif kind == "reacted":
            made.append(ReactionChanged(**base, actor=who, author=other, message="m", emoji=("👍",)))
        elif kind == "called":
            made.append(MessagePosted(**base, actor=replace(who, name="LI"), message=f"m{n}", text="hi"))
        else:
            made.append(GroupMoved(**base, platform="telegram", old="-1", new=f"-{n}"))
    return made


def books(store):
    """All there is, with accounts for persons: stores may number people differently."""
    told: dict[str, Any] = {"addresses": dict(store.addresses())}
    for group in GROUPS:
        members = list(store.people(group))
        who = {member.person: member.account for member in members} | {0: None, None: None}
        told[group] = {
            "people": sorted(
                (m.account, m.name, m.kind, m.seen, m.joined, str(m.left), who.get(m.inviter), sorted(m.tags))
                for m in members
            ),
            "facts": sorted(
                (
                    e.at,
                    e.event,
                    who[e.person],
                    e.kind,
                    e.key,
                    e.amount,
                    str(who[e.by]),
                    e.rule,
                    e.reason,
                    str(e.expires),
                )
                for e in store.facts(group)
            ),
            "activity": sorted((who[person], day) for person, day in store.activity(group)),
            "audit": [row._replace(person=who.get(row.person)) for row in store.audit(group)],
            "outbox": list(store.outbox(group)),
            "timers": list(store.timers(group)),
            "diaries": sorted((m.account, d.said) for m, d in store.every_record(group, DIARY)),
            "letters": list(store.dead_letters(group)),
        }
    return told


def run(store, events, sizes=None):
    engine, rest = Engine(store, RUNNING), list(events)
    while rest:
        size = next(sizes) if sizes is not None else len(rest)
        batch, rest = rest[:size], rest[size:]
        engine.process(batch)
    return books(store)


@pytest.fixture(scope="module")
def postgres_url(postgres):
    url = postgres.new_database()
    open_store(url).close()
    return url


OFTEN = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@OFTEN
@given(events=happenings())
def test_the_same_events_make_the_same_books_on_memory_and_sqlite(events):
    expected = run(MemoryStore(), events)
    with TemporaryDirectory() as folder:
        store = open_store(new_sqlite(Path(folder) / "x.db"), durable=False)
        assert run(store, events) == expected
        store.close()


@OFTEN
@given(events=happenings())
def test_the_same_events_make_the_same_books_on_memory_and_postgres(postgres_url, events):
    store = open_store(emptied(postgres_url))
    assert run(store, events) == run(MemoryStore(), events)
    store.close()


@OFTEN
@given(events=happenings(), sizes=st.lists(st.integers(1, 5), min_size=20, max_size=20))
def test_a_batch_equals_its_events_one_by_one_in_parts_and_twice(events, sizes):
    expected = run(MemoryStore(), events, iter([1] * len(events)))
    with TemporaryDirectory() as folder:
        store = open_store(new_sqlite(Path(folder) / "x.db"), durable=False)
        assert run(store, events, iter(sizes)) == expected
        assert run(store, events) == expected
        store.close()


@OFTEN
@given(events=happenings())
def test_a_replay_with_its_timers_is_the_same_everywhere(events):
    told = []
    with TemporaryDirectory() as folder:
        for store in (MemoryStore(), open_store(new_sqlite(Path(folder) / "x.db"), durable=False)):
            outcome = Engine(store, RUNNING).replay(events, until=events[-1].at + timedelta(days=1))
            told.append((outcome.timers, books(store)))
            store.close()
    assert told[0] == told[1]

"""The engine where it easily goes wrong: late reads, poison, a store that fails at any call, identities, clocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sql import open_store
from core.decision import NOTHING, Change, Decision, DropTimer, Post, Put, SetTimer, SpeakTo, Tag
from core.effects import Say, plain
from core.engine import Engine
from core.errors import StoreBusy, StoreUnavailable
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
from core.state import POINTS, Slot, balance, days, entries, member, named, standings
from core.state import given as given_by
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


# A workflow that looks at everything and does anything, as each event's script says.


def _keys(who, at):
    since = (at - timedelta(hours=2)).replace(minute=0)
    return {
        "member": member(who),
        "note": NOTE.of(who),
        "wall": WALL.of_group(),
        "balance": balance(POINTS, who),
        "entries": entries(POINTS, who),
        "recent": entries(POINTS, who, since),
        "given": given_by(POINTS, who, since),
        "days": days(who, since.date()),
        "board": standings(POINTS, 4),
        "week": standings(POINTS, 4, since),
        "everyone": NOTE.of_all(),
    }


_SIGHTS = (*_keys(WANG.account, START), "named")


def _sight(name, value):
    """What was seen, in words that do not depend on how a store numbers people."""
    if name == "member":
        return value and (value.account, value.name, value.joined, value.left, value.language, sorted(value.tags))
    if name == "named":
        return value and value.account
    if name in ("entries", "recent", "given"):
        return [(e.key, e.amount, e.at) for e in value]
    if name in ("board", "week"):
        return [(s.account, s.amount, s.facts, s.reached) for s in value]
    if name == "everyone":
        return [(m.account, m.name, sorted(m.tags), note) for m, note in value]
    return value


@dataclass(frozen=True)
class Step:
    """What the workflow looks at and does for one event."""

    sights: tuple[str, ...]
    about: Actor
    does: tuple[str, ...]


def _probe(script):
    def looks(event):
        step = script.get(event.id.split(">")[0])
        if step is None:
            return None, {}
        keys = _keys(step.about.account, event.at) | {"named": named(step.about.name)}
        return step, {name: keys[name] for name in step.sights}

    def reads(event, options):
        if isinstance(event, TimerDue):
            return tuple(_keys(event.member, event.at).values())
        _, keys = looks(event)
        return tuple(keys.values())

    def decide(event, options, view):
        if isinstance(event, TimerDue):
            assert event.member is not None
            sights = [_sight(name, view.get(key)) for name, key in _keys(event.member, event.at).items()]
            post = Post(kind=POINTS, member=event.member, amount=5, rule="due", reason="due")
            return Decision(changes=(post,), effects=(Say(words=(str(sights),)),), because=("due",))
        step, keys = looks(event)
        if step is None:
            return NOTHING
        seen = tuple(f"{name}={_sight(name, view.get(key))}" for name, key in keys.items())
        if isinstance(event, PointsChanged):
            return Decision(because=seen or ("nothing looked at",))
        who: Account = step.about.account
        changes: list[Change] = []
        timers: list[SetTimer] = []
        for n, deed in enumerate(step.does):
            if deed == "post":
                by = event.actor.account
                changes.append(Post(kind=POINTS, member=who, amount=n + 1, rule=f"r{n}", reason="r", by=by))
            elif deed == "put":
                changes.append(Put(NOTE.of(who), Note(event.id, n)))
            elif deed == "erase":
                changes.append(Put(NOTE.of(who), None))
            elif deed == "wall":
                changes.append(Put(WALL.of_group(), Note(event.id)))
            elif deed == "tag":
                changes.append(Tag(member=who, add=frozenset((event.id,))))
            elif deed == "speak":
                changes.append(SpeakTo(member=who, language=f"x{n}"))
            elif deed == "time":
                timers.append(SetTimer(key=f"{who}", at=event.at + timedelta(minutes=40 * n), member=who))
            elif deed == "crash":
                raise ValueError("as asked")
        drop = (DropTimer(str(event.actor.account)),) if "drop" in step.does else ()
        return Decision(changes=tuple(changes), timers=(*timers, *drop), because=seen)

    heard = (MessagePosted, MemberJoined, MemberLeft, ReactionChanged, MemberRenamed, PointsChanged, TimerDue)
    return flow(decide, "probe", heard, reads, awards=True)


CAST = (WANG, LI, ZHAO, CHANNEL, BOT)
DEEDS = ("post", "post", "put", "put", "erase", "wall", "tag", "time", "drop", "crash")


@st.composite
def histories(draw, groups=("g", "h"), more=()):
    """Events in order of time, and a script for each. All accounts were seen in all groups before."""
    at, script = START, {}
    events: list[Event] = []
    cast = list(CAST)
    for n in range(draw(st.integers(1, 10))):
        at += timedelta(minutes=draw(st.sampled_from([0, 0, 1, 45, 100, 1500])))
        who, other = draw(st.sampled_from(cast)), draw(st.sampled_from(cast))
        base = {"id": f"x{n}", "at": at, "group": draw(st.sampled_from(groups))}
        kind = draw(st.sampled_from(["said"] * 5 + ["called", "joined", "left", "reacted", "account", "private"]))
        if kind == "called":
            who = replace(who, name=draw(st.sampled_from(["Li", "li", "半\u200b", "n" * 10_000])))
        if kind in ("said", "called", "private"):
            reply = draw(st.sampled_from([None, Reply(message="m", author=other)]))
            events.append(MessagePosted(**base, actor=who, message=f"m{n}", reply_to=reply, private=kind == "private"))
        elif kind == "joined":
            events.append(MemberJoined(**base, actor=who, by=other))
        elif kind == "left":
            events.append(MemberLeft(**base, actor=who))
        elif kind == "reacted":
            events.append(ReactionChanged(**base, actor=who, message="m", emoji=("👍",), author=other))
        else:
            new = replace(who, account=Account(f"irc:{n}"), username=None)
            cast.append(new)
            events.append(MemberRenamed(**base, actor=new, was=who.account))
        sights = draw(st.lists(st.sampled_from(_SIGHTS), max_size=5, unique=True))
        about = draw(st.sampled_from([who, other]))
        deeds = draw(st.lists(st.sampled_from((*DEEDS, *more)), max_size=3))
        script[f"x{n}"] = Step(tuple(sights), about, tuple(deeds))
    return events, script


def _lived(store, history, sizes, replaying=False):
    events, script = history
    engine, _ = engine_with(_probe(script), store=store, zone=ZoneInfo("Asia/Shanghai"))
    engine.process([said(id=f"seen {g} {a.account}", actor=a, group=g) for g in ("g", "h") for a in CAST])
    rest = list(events)
    while rest:
        size = next(sizes)
        batch, rest = rest[:size], rest[size:]
        if replaying:
            engine.replay(batch)
        else:
            engine.process(batch)
    if replaying:
        engine.replay([], until=events[-1].at + timedelta(days=1))
    return books(store)


def _ones() -> Iterator[int]:
    while True:
        yield 1


SOMETIMES = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@SOMETIMES
@given(history=histories(), sizes=st.lists(st.integers(1, 5), min_size=10, max_size=10))
def test_every_kind_of_state_is_the_same_in_a_batch_in_parts_and_one_by_one(history, sizes):
    one_by_one = _lived(MemoryStore(), history, _ones())
    assert _lived(MemoryStore(), history, iter([99])) == one_by_one
    assert _lived(MemoryStore(), history, iter(sizes)) == one_by_one


@SOMETIMES
@given(history=histories(groups=("g",)), sizes=st.lists(st.integers(1, 5), min_size=10, max_size=10))
def test_a_replay_is_the_same_in_a_batch_in_parts_and_one_by_one(history, sizes):
    one_by_one = _lived(MemoryStore(), history, _ones(), replaying=True)
    assert _lived(MemoryStore(), history, iter([99]), replaying=True) == one_by_one
    assert _lived(MemoryStore(), history, iter(sizes), replaying=True) == one_by_one


@settings(SOMETIMES, max_examples=15)
@given(history=histories(), sizes=st.lists(st.integers(1, 5), min_size=10, max_size=10))
def test_every_kind_of_state_is_the_same_on_sqlite(history, sizes):
    expected = _lived(MemoryStore(), history, _ones())
    for parts in ([99], sizes):
        with TemporaryDirectory() as folder:
            store = open_store(f"sqlite:///{folder}/x.db", durable=False)
            assert _lived(store, history, iter(parts)) == expected
            store.close()


# The store fails at its n-th call.


class Flaky:
    """A store whose n-th call fails once: before it is done, or (an answer that is lost) after."""

    def __init__(self, store, n: int, error: Callable[[], Exception], *, after: bool = False) -> None:
        self.store, self.left, self.error, self.after = store, n, error, after
        self.calls: list[str] = []

    def call(self, name, done, *arguments):
        self.calls.append(name)
        self.left -= 1
        if self.left == 0 and not self.after:
            raise self.error()
        result = done(*arguments)
        if self.left == 0 and self.after:
            raise self.error()
        return result

    def flush(self):
        self.call("flush", self.store.flush)

    @contextmanager
    def unit(self, *, lasting=True):
        self.call("unit", lambda: None)
        with self.store.unit(lasting=lasting) as unit:
            yield FlakyUnit(self, unit)

    def bury(self, *arguments):
        self.call("bury", self.store.bury, *arguments)

    def close(self):
        self.store.close()


class FlakyUnit:
    def __init__(self, flaky: Flaky, unit) -> None:
        self._flaky, self._unit = flaky, unit

    def __getattr__(self, name):
        done = getattr(self._unit, name)
        return lambda *arguments: self._flaky.call(name, done, *arguments)


def _a_day(*, poison: bool):
    """A batch in two groups that touches every call of a unit of work."""
    every = tuple(_SIGHTS)
    bright = replace(WANG, name="王")
    moved = replace(ZHAO, account=Account("irc:zhao"))
    stranger = Actor(account=Account("telegram:77"), name="Qian")
    twice = Reply(message="m", author=stranger)
    events = [
        MessagePosted(id="x0", at=START, group="g", actor=WANG, message="1"),
        MessagePosted(id="x1", at=START + MINUTE, group="h", actor=LI, message="2", reply_to=twice),
        MemberJoined(id="x2", at=START + 2 * MINUTE, group="g", actor=stranger, by=LI),
        MessagePosted(id="x3", at=START + 3 * MINUTE, group="g", actor=bright, message="3", album="a"),
        MessagePosted(id="poison", at=START + 4 * MINUTE, group="g", actor=WANG, message="4"),
        MemberRenamed(id="x4", at=START + 5 * MINUTE, group="g", actor=moved, was=ZHAO.account),
        MessagePosted(id="x5", at=START + 90 * MINUTE, group="g", actor=moved, message="5"),
        GroupMoved(id="x6", at=START + 91 * MINUTE, group="g", platform="telegram", old="-1", new="-2"),
        MemberLeft(id="x7", at=START + 92 * MINUTE, group="g", actor=moved),
    ]
    does = {"x0": ("post", "time"), "x1": ("put", "post"), "x3": ("tag", "wall", "put"), "x5": ("post", "post", "time")}
    script = {e.id: Step(every, LI, does.get(e.id, ())) for e in events if e.id != "poison"}
    if not poison:
        events = [event for event in events if event.id != "poison"]
    return events, script


def _poison(event, options, view):
    post = Post(kind="x", member=event.actor.account, amount=1, rule="r", reason="r", key="k")
    return Decision(changes=(post, post)) if event.id == "poison" else NOTHING


def _lived_through(store, flaky, *, poison, replaying):
    """The day, begun again as a caller would, for as long as it is not over."""
    events, script = _a_day(poison=poison)
    first, _ = engine_with(store=store)
    first.process([said(id=f"seen {g} {a.account}", actor=a, group=g) for g in ("g", "h") for a in CAST])
    engine, _ = engine_with(_probe(script), flow(_poison, "poison"), store=flaky)
    faults = []
    for _ in range(3):
        try:
            if replaying:
                outcome = engine.replay(events, until=START + timedelta(days=1))
            else:
                outcome = engine.process(events)
            faults += outcome.faults
            break
        except (StoreUnavailable, StoreBusy, RuntimeError):
            continue
    return faults


def _undisturbed(*, poison, replaying):
    store = MemoryStore()
    flaky = Flaky(store, 0, AssertionError)
    assert not _lived_through(store, flaky, poison=poison, replaying=replaying)
    return books(store), flaky.calls


@pytest.mark.parametrize("replaying", [False, True], ids=["process", "replay"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("error", [StoreUnavailable, StoreBusy])
def test_whatever_call_of_the_store_fails_the_books_are_the_same_after_a_retry(error, after, replaying):
    expected, calls = _undisturbed(poison=True, replaying=replaying)
    assert {"unit", "lock", "unseen", "rebind", "seats", "find", "find_named", "records", "everyone", "balances"} <= {
        *calls
    }
    assert {"entries", "given", "days", "standings", "save", "commit", "bury"} <= {*calls}
    for n in range(1, len(calls) + 1):
        store = MemoryStore()
        flaky = Flaky(store, n, lambda: error("as asked"), after=after)
        _lived_through(store, flaky, poison=True, replaying=replaying)
        assert books(store) == expected, f"call {n}, {calls[n - 1]}"


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_error_of_no_known_kind_at_any_call_is_survived(after):
    """Inside a workflow's late read it counts as that workflow's crash; anywhere else the batch is done again."""
    expected, calls = _undisturbed(poison=False, replaying=False)
    unharmed = 0
    for n in range(1, len(calls) + 1):
        store = MemoryStore()
        flaky = Flaky(store, n, lambda: RuntimeError("as asked"), after=after)
        if not _lived_through(store, flaky, poison=False, replaying=False):
            assert books(store) == expected, f"call {n}, {calls[n - 1]}"
            unharmed += 1
    assert unharmed > len(calls) / 4


def test_whatever_call_fails_on_sqlite_the_books_are_the_same_after_a_retry(tmp_path: Path):
    expected, _ = _undisturbed(poison=True, replaying=True)
    made = open_store(f"sqlite:///{tmp_path}/empty.db", durable=False)
    made.close()
    n, reached = 0, True
    while reached:
        n += 1
        file = tmp_path / f"{n}.db"
        file.write_bytes((tmp_path / "empty.db").read_bytes())
        store = open_store(f"sqlite:///{file}", durable=False)
        flaky = Flaky(store, n, lambda: StoreUnavailable("as asked"))
        _lived_through(store, flaky, poison=True, replaying=True)
        assert books(store) == expected, f"call {n}"
        store.close()
        reached = flaky.left <= 0
    assert n > 20


# Poison and timers.


def _nag(event, options, view):
    if isinstance(event, TimerDue):
        bad = event.key == "bad"
        post = Post(kind="x", member=WANG.account, amount=1, rule="r", reason="r", key="k")
        return Decision(changes=(post, post) if bad else (), effects=(Say(words=(f"{event.key} {event.at:%H:%M}",)),))
    if event.text.startswith("in "):
        _, minutes, key = event.text.split()
        return Decision(timers=(SetTimer(key=key, at=event.at + int(minutes) * MINUTE, member=event.actor.account),))
    return Decision(effects=(Say(words=(event.text,)),))


NAG = flow(_nag, "nag", (MessagePosted, TimerDue))
POISON = flow(_poison, "poison")


def test_a_poison_event_in_a_replay_with_an_end_is_set_aside_alone_and_timers_keep_their_order():
    engine, store = engine_with(NAG, POISON)
    batch = [said("in 10 tea"), said("a", at=START + MINUTE), said(id="poison", at=START + 20 * MINUTE)]
    batch += [said("in 10 milk", at=START + 30 * MINUTE), said("b", at=START + 35 * MINUTE)]
    outcome = engine.replay(batch, until=START + timedelta(days=1))
    assert spoken(store) == ["a", "tea 10:10", "b", "milk 10:40"]
    assert [letter.id for letter in store.dead_letters("g")] == ["poison"]
    assert (outcome.new, outcome.timers, len(outcome.buried)) == (4, 2, 1)


def test_a_poison_timer_is_set_aside_once_and_the_others_fire():
    engine, store = engine_with(NAG)
    batch = [said("in 5 bad"), said("in 6 tea", at=START + MINUTE), said("a", at=START + 9 * MINUTE)]
    outcome = engine.replay([*batch, said("in 1 milk", at=START + 10 * MINUTE)], until=START + timedelta(days=1))
    assert spoken(store) == ["tea 10:07", "a", "milk 10:11"]
    (letter,) = store.dead_letters("g")
    assert letter.id.startswith("timer:g:nag:bad:")
    assert (outcome.new, outcome.timers, list(store.timers("g"))) == (4, 2, [])


def test_a_poison_timer_rung_again_and_again_is_one_dead_letter():
    engine, store = engine_with(NAG)
    engine.process([said("in 5 bad"), said("in 5 tea")])
    due = [row.due(row.at) for row in store.timers("g")]
    for _ in range(2):
        engine.process(due)
    assert (len(list(store.dead_letters("g"))), spoken(store)) == (1, ["tea 10:05"])


def test_time_passes_in_groups_where_nothing_happens():
    engine, store = engine_with(NAG)
    engine.replay([said("in 5 tea", group="h")])
    engine.replay([said("a")], until=START + timedelta(days=1))
    assert (spoken(store), spoken(store, "h")) == (["a"], ["tea 10:05"])


def test_a_timer_for_the_instant_at_which_it_is_set_fires_before_the_next_event_of_that_instant():
    told = []
    for size in (1, 3):
        engine, store = engine_with(NAG)
        batch = [said("in 0 tea"), said("a"), said("b")]
        for start in range(0, 3, size):
            engine.replay(batch[start : start + size])
        told.append(spoken(store))
    assert told == [["tea 10:00", "a", "b"]] * 2


def test_a_timer_that_sets_itself_again_for_the_same_instant_is_a_fault_and_not_a_loop():
    def again(event, options, view):
        at = event.due if isinstance(event, TimerDue) else event.at
        return Decision(timers=(SetTimer(key="t", at=at),))

    engine, store = engine_with(flow(again, "again", (MessagePosted, TimerDue)))
    outcome = engine.replay([said(), said(at=START + MINUTE)])
    assert {f.error.split(":")[0] for f in outcome.faults} == {"ValueError"}
    engine.replay([], until=START + timedelta(days=1))
    assert list(store.timers("g")) == []


def test_two_timers_within_one_second_are_two_rings():
    def milli(event, options, view):
        if isinstance(event, TimerDue):
            return Decision(effects=(Say(words=(f"{event.due:%f}",)),))
        return Decision(timers=(SetTimer(key="t", at=event.at + timedelta(milliseconds=int(event.text))),))

    engine, store = engine_with(flow(milli, "milli", (MessagePosted, TimerDue)))
    for text in ("100", "300"):
        engine.process([said(text)])
        engine.process([row.due(row.at) for row in store.timers("g")])
    assert spoken(store) == ["100000", "300000"]


def test_a_stale_ring_does_not_stop_a_timer_that_is_put_back():
    engine, store = engine_with(NAG)
    engine.process([said("in 10 tea")])
    (row,) = store.timers("g")
    stale = row.due(row.at)
    engine.process([said("in 20 tea")])
    assert engine.process([stale]).new == 0
    engine.process([said("in 10 tea")])
    assert engine.process([stale]).new == 1
    assert spoken(store) == ["tea 10:10"]


# A workflow that breaks is left out, whatever way it breaks in.


def _keys_that_crash(event, options):
    yield WALL.of_group()
    raise ZeroDivisionError


BROKEN = {
    "the keys crash": flow(lambda e, o, v: NOTHING, "broken", reads=_keys_that_crash),
    "the keys are no collection": flow(lambda e, o, v: NOTHING, "broken", reads=lambda e, o: 7),
    "no decision": flow(lambda e, o, v: None, "broken"),
    "something else than a decision": flow(lambda e, o, v: (7,), "broken"),
    "the decisions crash": flow(lambda e, o, v: (NOTHING if n == 0 else 1 / 0 for n in range(2)), "broken"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_workflow_is_left_out_and_the_others_go_on(broken):
    engine, store = engine_with(flow(_nag, "before"), broken, flow(_nag, "after"))
    outcome = engine.process([said("a"), said("b")])
    assert spoken(store) == ["a", "a", "b", "b"]
    assert ([f.workflow for f in outcome.faults], outcome.buried) == (["broken", "broken"], [])


def test_a_crash_in_what_is_read_ahead_for_points_is_isolated():
    crash = flow(lambda e, o, v: NOTHING, "crash", (PointsChanged,), lambda e, o: 1 / 0)

    def award(event, options, view):
        return Decision(changes=(Post(kind=POINTS, member=event.actor.account, amount=1, rule="r", reason="r"),))

    ahead = flow(award, "award", reads=lambda e, o: (balance(POINTS, e.actor.account),), awards=True)
    engine, store = engine_with(ahead, crash)
    outcome = engine.process([said()])
    assert ([f.workflow for f in outcome.faults], len(list(store.facts("g")))) == (["crash"], 1)


@pytest.mark.parametrize(
    ("event", "asker"),
    [
        pytest.param(said(), WANG.account, id="a member"),
        pytest.param(said(private=True), WANG.account, id="in private"),
        pytest.param(said(actor=LI), None, id="listed as an admin"),
        pytest.param(said(actor=ZHAO), None, id="listed as a moderator"),
        pytest.param(said(actor=replace(WANG, admin=True)), None, id="an admin by the platform"),
        pytest.param(said(desk=True), None, id="at the admins' desk"),
        pytest.param(MemberJoined(id="j", at=START, group="g", actor=WANG), None, id="who comes has asked nothing"),
    ],
)
def test_an_answer_knows_the_member_whose_own_message_it_answers(event, asker):
    def thanks(event, options, view):
        return Decision(follows=(PointsChanged(id="x", at=event.at, group="g", actor=CHANNEL, amount=1),))

    def answer(event, options, view):
        return Decision(effects=(Say(words=("x",)),))

    begins = flow(thanks, "begins", (MessagePosted, MemberJoined))
    answers = flow(answer, "answers", (MessagePosted, MemberJoined, PointsChanged))
    staff = {"staff": frozenset((LI.account,)), "moderators": frozenset((ZHAO.account,))}
    engine, store = engine_with(begins, answers, **staff)
    engine.process([event])
    assert [row.asker for row in store.outbox("g")] == [asker, asker], "what follows from it, too"


def test_follow_ups_come_oldest_first_and_each_has_an_id_of_its_own():
    heard = []

    def breadth(event, options, view):
        if isinstance(event, PointsChanged):
            heard.append((event.id, event.amount))
            follows: tuple[PointsChanged, ...] = (
                (replace(event, amount=event.amount * 10),) if event.amount < 10 else ()
            )
        else:
            follows = tuple(PointsChanged(id="x", at=event.at, group="g", actor=event.actor, amount=n) for n in (1, 2))
        return Decision(follows=follows, effects=(Say(words=("x",)),))

    engine, store = engine_with(flow(breadth, hears=(MessagePosted, PointsChanged)))
    engine.process([said(id="e")])
    assert heard == [("e>1", 1), ("e>2", 2), ("e>3", 10), ("e>4", 20)]
    assert [row.id for row in store.outbox("g")] == ["e/1", "e>1/1", "e>2/1", "e>3/1", "e>4/1"]


# People.


def test_two_accounts_of_one_person_in_one_batch_do_not_undo_each_other():
    def tagging(event, options, view):
        return Decision(changes=(Tag(member=event.actor.account, add=frozenset((event.text,))),))

    nick = Actor(account=Account("irc:wang_"), name="wang_")
    batch = [said("a"), MemberRenamed(id="r", at=START, group="g", actor=nick, was=WANG.account)]
    batch += [said("b", actor=nick), said("c"), said("d", actor=nick)]
    for size in (1, 5):
        engine, store = engine_with(flow(tagging))
        for start in range(0, 5, size):
            engine.process(batch[start : start + size])
        assert [sorted(m.tags) for m in store.people("g")] == [["a", "b", "c", "d"]]


def test_who_leaves_under_one_nick_and_speaks_under_another_is_back():
    nick = Actor(account=Account("irc:wang_"), name="wang_")
    batch = [said(), MemberRenamed(id="r", at=START, group="g", actor=nick, was=WANG.account)]
    batch += [MemberLeft(id="l", at=START + MINUTE, group="g", actor=nick), said(at=START + 2 * MINUTE)]
    engine, store = engine_with()
    engine.process(batch)
    assert [m.left for m in store.people("g")] == [None]


def test_only_persons_have_activity_and_an_anonymous_admin_has_no_seat():
    engine, store = engine_with(NAG)
    engine.process([said(actor=a, reply_to=Reply(message="1", author=NOBODYS)) for a in (WANG, CHANNEL, BOT, NOBODYS)])
    assert [(m.name, m.kind) for m in store.people("g")] == [
        ("小王", ActorKind.PERSON),
        ("频道", ActorKind.CHANNEL),
        ("bot", ActorKind.BOT),
    ]
    assert [day.messages for _, day in store.activity("g")] == [1]
    assert [row.because for row in store.audit("g") if row.mode == "fault"] == []


@pytest.mark.parametrize("moves", [("-2",), ("-2", "-2"), ("-2", "-3", "-2")], ids=lambda m: " then ".join(m))
def test_a_group_that_moves_has_the_address_it_was_told_last(moves):
    engine, store = engine_with()
    store.set_address("g", "telegram", "-1")
    store.set_address("h", "telegram", "-2")
    told = [
        GroupMoved(id=f"m{n}", at=START, group="g", platform="telegram", old="-1", new=new)
        for n, new in enumerate(moves)
    ]
    engine.process(told)
    assert dict(store.addresses()) == {("telegram", moves[-1]): "g"}


@pytest.mark.parametrize(
    "name", ["\0", "\ud800", "n" * 10_000, "王\u202e", ""], ids=["NUL", "surrogate", "long", "RTL", "none"]
)
def test_any_name_is_kept_and_blocks_nothing(name, tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/x.db", durable=False)
    engine, _ = engine_with(NAG, store=store)
    outcome = engine.process([said(name, actor=replace(WANG, name=name, username=name)), said("b", actor=LI)])
    assert (outcome.new, outcome.faults, outcome.buried) == (2, [], [])
    assert len(list(store.people("g"))) == 2
    store.close()


# The clock.


def test_a_wall_clock_time_that_spring_skips_or_autumn_repeats_is_one_instant():
    berlin = Group(key="g", zone=ZoneInfo("Europe/Berlin"))
    half_past_two = time(2, 30)
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert berlin.local(berlin.instant(spring, half_past_two)).strftime("%H:%M %z") == "03:30 +0200"
    assert berlin.local(berlin.instant(autumn, half_past_two)).strftime("%H:%M %z") == "02:30 +0200"


def test_a_late_evening_belongs_to_the_day_that_the_group_is_in():
    shanghai = Group(key="g", zone=ZoneInfo("Asia/Shanghai"))
    night = datetime(2026, 3, 2, 19, 59, tzinfo=UTC)
    four = time(4)
    assert shanghai.day(night).isoformat() == "2026-03-03"
    assert shanghai.day(night, four).isoformat() == "2026-03-02"
    assert shanghai.day(night + MINUTE, four).isoformat() == "2026-03-03"

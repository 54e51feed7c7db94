"""However events are cut into batches, and whichever call of the store fails, the books come out the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sql import open_store
from core.decision import NOTHING, Change, Decision, DropTimer, Post, Put, SetTimer, SpeakTo, Tag
from core.effects import Say
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
from core.people import Account, Actor
from core.state import POINTS, balance, days, entries, member, named, regulars, standings
from core.state import given as given_by
from tests.engine.books import (
    BOT,
    CHANNEL,
    LI,
    MINUTE,
    NOTE,
    START,
    WALL,
    WANG,
    ZHAO,
    Note,
    books,
    engine_with,
    flow,
    poisons,
    said,
)
from tests.support.databases import new_sqlite

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
        "regulars": regulars(since.date(), 4),
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
            store = open_store(new_sqlite(Path(folder) / "x.db"), durable=False)
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


def _lived_through(store, flaky, *, poison, replaying):
    """The day, begun again as a caller would, for as long as it is not over."""
    events, script = _a_day(poison=poison)
    first, _ = engine_with(store=store)
    first.process([said(id=f"seen {g} {a.account}", actor=a, group=g) for g in ("g", "h") for a in CAST])
    engine, _ = engine_with(_probe(script), flow(poisons, "poison"), store=flaky)
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


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_unknown_error_inside_a_late_read_never_counts_anything_twice(after):
    expected, calls = _undisturbed(poison=False, replaying=False)
    wrong = []
    for n in range(1, len(calls) + 1):
        store = MemoryStore()
        _lived_through(store, Flaky(store, n, lambda: RuntimeError("x"), after=after), poison=False, replaying=False)
        told = books(store)
        if any(told[g][part] != expected[g][part] for part in ("activity", "letters") for g in "gh"):
            wrong.append((n, calls[n - 1]))
    assert wrong == []

"""What went wrong once, or could: each mishap with the promise that holds all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.sql import open_store
from core.decision import NOTHING, Decision, Post, Put, SetTimer, SpeakTo, Tag
from core.effects import Say
from core.engine import Engine
from core.errors import StoreUnavailable
from core.events import MemberJoined, MemberLeft, MemberRenamed, MessagePosted, TimerDue
from core.follow_ups import PointsChanged, Returned
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.state import POINTS, Slot, balance, entries, named, standings
from core.workflow import Bound, Group, Workflow
from tests.support.databases import new_sqlite

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
MIN = timedelta(minutes=1)
WANG = Actor(account=Account("telegram:1"), name="小王")
LI = Actor(account=Account("telegram:2"), name="Li")
ZHAO = Actor(account=Account("telegram:3"), name="Zhao")
ANON = Actor(account=Account("telegram:-100"), name="G", kind=ActorKind.ANONYMOUS_ADMIN)
_n = count(1)


def said(text="hi", actor=WANG, at=START, group="g", id=None, **more):
    n = next(_n)
    return MessagePosted(id=id or f"e{n}", at=at, group=group, actor=actor, message=str(n), text=text, **more)


def flow(decide, name="w", hears=(MessagePosted, TimerDue), reads=lambda e, o: (), awards=False):
    return Workflow(name, dict, frozenset(hears), reads, decide, awards=awards)


def engine(*flows, store=None, groups=("g", "h"), **more):
    store = store or MemoryStore()
    runs = tuple(Bound(w, {}) for w in flows)
    return Engine(store, {g: Group(key=g, runs=runs, **more) for g in groups}), store


def outbox(store, group="g"):
    return ["".join(map(str, r.effect.words)) for r in store.outbox(group)]


TALLY_SLOT = Slot("tests.tally", dict)
echo = flow(
    lambda e, o, v: Decision(effects=(Say(words=(getattr(e, "text", "due"),)),)), "echo", hears=(MessagePosted,)
)


def _poison(e, o, v):
    if e.text != "poison":
        return NOTHING
    post = Post(kind="x", member=e.actor.account, amount=1, rule="r", reason="r", key="k")
    return Decision(changes=(post, post))


poison = flow(_poison, "poison", hears=(MessagePosted,))


# 1 --- a poison event in a replay with `until` loses the whole batch
def test_poison_in_a_replay_with_until_loses_nothing():
    eng, store = engine(echo, poison)
    batch = [said("a"), said("poison", at=START + MIN), said("b", at=START + 2 * MIN)]
    out = eng.replay(batch, until=START + timedelta(days=1))
    assert outbox(store) == ["a", "b"]
    assert (out.new, len(out.buried)) == (2, 1)


def _nagging(e, o, v):
    if isinstance(e, TimerDue):
        return Decision(effects=(Say(words=(f"due {e.at:%H:%M}",)),))
    return Decision(effects=(Say(words=(e.text,)),), timers=(SetTimer(key="n", at=e.at + timedelta(hours=1)),))


def test_poison_as_only_event_of_a_replay_with_until_keeps_the_order_of_time():
    eng, store = engine(flow(_nagging), poison)
    eng.replay([said("a")])
    eng.replay([said("poison", at=START + 2 * MIN)], until=START + timedelta(days=1))
    assert outbox(store) == ["a", "due 11:02"] or outbox(store) == ["a", "due 11:00"]


# 2 --- timers of a group without events in the batch, `until`
def test_until_lets_time_pass_in_every_group():
    eng, store = engine(flow(_nagging))
    eng.replay([said("a", group="g")])
    eng.replay([said("b", group="h")], until=START + timedelta(days=1))
    assert outbox(store, "g") == ["a", "due 11:00"]


# 3 --- a timer set again for the instant at which it fired
def _again(times):
    def decide(e, o, v):
        if isinstance(e, TimerDue):
            rung = v.get(RUNG.of_group()) or Rung()
            more = (SetTimer(key="t", at=e.due),) if rung.n + 1 < times else ()
            return Decision(
                changes=(Put(RUNG.of_group(), Rung(rung.n + 1)),),
                effects=(Say(words=(f"ring {rung.n}",)),),
                timers=more,
            )
        return Decision(timers=(SetTimer(key="t", at=e.at + MIN),))

    return flow(decide, "again", reads=lambda e, o: (RUNG.of_group(),))


@dataclass(frozen=True)
class Rung:
    n: int = 0


RUNG = Slot("tests.rung", Rung)


class Endless(BaseException):
    """Not an Exception: nothing catches it on the way."""


class Patience(MemoryStore):
    """Gives up after many units, so that an endless loop is an error."""

    units = 0

    def unit(self, *, lasting=True):
        self.units += 1
        if self.units > 200:
            raise Endless
        return super().unit(lasting=lasting)


def _fixed(e, o, v):
    """Every message asks for the same instant, as a daily reminder does."""
    if isinstance(e, TimerDue):
        return Decision(effects=(Say(words=("ring",)),))
    return Decision(timers=(SetTimer(key="t", at=START + MIN),))


@pytest.mark.parametrize("replaying", [False, True], ids=["process", "replay"])
def test_a_timer_set_again_for_an_instant_at_which_it_rang_is_no_dead_letter(replaying):
    """A late message (the bot was down, the scheduler was not) asks again for the instant that is over."""
    eng, store = engine(flow(_fixed), store=Patience())
    for at in (START, START + 5 * MIN):
        if replaying:
            eng.replay([said(at=at)])
            eng.replay([], until=at + 2 * MIN)
        else:
            eng.process([said(at=at)])
            for row in list(store.timers("g")):
                eng.process([row.due(row.at)])
    assert (outbox(store), list(store.dead_letters("g")), list(store.timers("g"))) == (["ring", "ring"], [], [])


def test_a_chain_of_timers_through_follow_ups_at_one_instant_ends():
    def decide(e, o, v):
        if isinstance(e, TimerDue):
            post = Post(kind=POINTS, member=WANG.account, amount=1, rule="r", reason="r")
            return Decision(changes=(post,))
        return Decision(timers=(SetTimer(key="t", at=e.at),))

    rung = count()

    class Tired(MemoryStore):
        def unit(self, *, lasting=True):
            if next(rung) > 50:
                raise Endless
            return super().unit(lasting=lasting)

    def bell(e, o, v):
        if next(rung) > 5000:
            raise Endless
        return decide(e, o, v)

    eng, store = engine(flow(bell, hears=(MessagePosted, PointsChanged, TimerDue)), store=Tired())
    eng.replay([said(), said(at=START + MIN)])
    eng.replay([], until=START + timedelta(days=1))
    assert list(store.timers("g")) == []


def test_a_timer_within_the_same_second_is_another_ring():
    def decide(e, o, v):
        if isinstance(e, TimerDue):
            return Decision(effects=(Say(words=(f"{e.due:%f}",)),))
        return Decision(timers=(SetTimer(key="t", at=e.at + timedelta(milliseconds=int(e.text))),))

    eng, store = engine(flow(decide))
    for ms in ("100", "300"):
        eng.process([said(ms)])
        for row in list(store.timers("g")):
            eng.process([row.due(row.at)])
    assert (outbox(store), list(store.timers("g"))) == (["100000", "300000"], [])


def test_a_stale_ring_does_not_kill_a_timer_that_is_put_back():
    def decide(e, o, v):
        if isinstance(e, TimerDue):
            return Decision(effects=(Say(words=("ring",)),))
        return Decision(timers=(SetTimer(key="t", at=START + int(e.text) * MIN),))

    eng, store = engine(flow(decide))
    eng.process([said("10")])
    (row,) = store.timers("g")
    eng.process([said("20")])
    assert eng.process([row.due(row.at)]).new == 0  # stale: it was moved
    eng.process([said("10")])
    (row,) = store.timers("g")
    eng.process([row.due(row.at)])
    assert (outbox(store), list(store.timers("g"))) == (["ring"], [])


def test_a_timer_set_for_the_past_does_not_turn_the_clock_back():
    def decide(e, o, v):
        if isinstance(e, TimerDue):
            return Decision(effects=(Say(words=("ring",)),))
        return Decision(timers=(SetTimer(key="t", at=e.at - timedelta(hours=5)),))

    eng, store = engine(flow(decide))
    eng.replay([said()])
    eng.replay([], until=START + MIN)
    (row,) = store.outbox("g")
    assert row.at >= START


# 4 --- crash isolation
def _crash_generator(e, o):
    yield Slot("x", dict).of_group()
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "broken",
    [
        flow(lambda e, o, v: NOTHING, "broken", reads=_crash_generator),
        flow(lambda e, o, v: NOTHING, "broken", reads=lambda e, o: 7),
        flow(lambda e, o, v: NOTHING, "broken", reads=lambda e, o: ("no key",)),
        flow(lambda e, o, v: None, "broken"),
        flow(lambda e, o, v: (NOTHING if n == 0 else 1 / 0 for n in range(2)), "broken"),
        flow(lambda e, o, v: (7,), "broken"),
        flow(lambda e, o, v: Decision(timers=(SetTimer(key="t", at=START.replace(tzinfo=None)),)), "broken"),
        flow(lambda e, o, v: Decision(follows=(said(group="nowhere"),)), "broken"),
        flow(
            lambda e, o, v: NOTHING,
            "broken",
            reads=lambda e, o: (entries("x", e.actor.account, START.replace(tzinfo=None)),),
        ),
    ],
    ids=[
        "generator of keys raises",
        "reads returns no collection",
        "reads returns no keys",
        "decide returns None",
        "generator of decisions raises",
        "decide returns no decisions",
        "a naive timer",
        "a follow-up for another group",
        "a naive window",
    ],
)
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_a_broken_workflow_is_left_out_and_the_others_go_on(broken, kind, tmp_path):
    def once(e, o, v):
        return Decision(changes=(Post(kind="y", member=e.actor.account, amount=1, rule="r", reason="r"),))

    store = MemoryStore() if kind == "memory" else open_store(new_sqlite(tmp_path / "x.db"), durable=False)
    eng, store = engine(flow(once, "first"), broken, echo, store=store)
    eng.replay([said("seen")])
    out = eng.process([said("a"), said("b")])
    assert out.buried == []
    assert {f.workflow for f in out.faults} <= {"broken"}
    assert outbox(store)[-2:] == ["a", "b"]
    store.close()


def test_a_crash_in_reads_ahead_of_points_is_isolated():
    crash = flow(lambda e, o, v: NOTHING, "crash", hears=(PointsChanged,), reads=lambda e, o: 1 / 0)
    award = flow(
        lambda e, o, v: Decision(changes=(Post(kind=POINTS, member=e.actor.account, amount=1, rule="r", reason="r"),)),
        "award",
        hears=(MessagePosted,),
        reads=lambda e, o: (balance(POINTS, e.actor.account),),
        awards=True,
    )
    eng, _ = engine(award, crash)
    out = eng.process([said()])
    assert (out.new, out.buried, [f.workflow for f in out.faults]) == (1, [], ["crash"])


def test_two_workflows_may_give_points_under_one_rule_name():
    def award(e, o, v):
        return Decision(changes=(Post(kind=POINTS, member=e.actor.account, amount=1, rule="morning", reason="r"),))

    eng, store = engine(flow(award, "a", hears=(MessagePosted,)), flow(award, "b", hears=(MessagePosted,)))
    out = eng.process([said()])
    assert out.buried == []
    assert sum(e.amount for e in store.facts("g")) == 2


def test_a_flush_that_failed_inside_a_decision_is_never_written_twice():
    """An undecodable record of one workflow, a late read of another, and then a good record in its place."""
    bad = Slot("tests.bad", dict)

    def put(e, o, v):
        return Decision(changes=(Put(bad.of_group(), {"x": object()} if e.text == "bad" else {"x": 1}),))

    def look(e, o, v):
        v.get(standings(POINTS, 3))
        return NOTHING

    def run(store):
        eng, _ = engine(
            flow(put, "put", hears=(MessagePosted,)),
            flow(look, "look", hears=(MessagePosted,), reads=lambda e, o: (standings(POINTS, 3),)),
            store=store,
        )
        eng.process([said("a"), said("bad"), said("good")])
        return sum(d.messages for _, d in store.activity("g"))

    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(new_sqlite(Path(folder) / "x.db"), durable=False)
        assert run(store) in (2, 3)
        assert len(list(store.dead_letters("g"))) + sum(d.messages for _, d in store.activity("g")) == 3
        store.close()


# 5 --- an event that cannot be put away blocks everything
def test_an_event_with_a_naive_instant_is_set_aside_and_blocks_nothing(tmp_path):
    store = open_store(new_sqlite(tmp_path / "x.db"), durable=False)
    eng, _ = engine(echo, store=store)
    out = eng.process([said("a"), said("bad", at=START.replace(tzinfo=None)), said("b")])
    assert (out.new, len(out.buried), outbox(store)) == (2, 1, ["a", "b"])
    store.close()


# 6 --- people
def test_who_left_and_writes_in_private_is_still_gone():
    eng, store = engine(echo)
    eng.process(
        [said(), MemberLeft(id="l", at=START + MIN, group="g", actor=WANG), said(private=True, at=START + 2 * MIN)]
    )
    (member,) = store.people("g")
    assert member.left == START + MIN


def test_a_message_from_before_the_leave_does_not_bring_somebody_back():
    eng, store = engine(echo)
    eng.process(
        [said(), MemberLeft(id="l", at=START + 9 * MIN, group="g", actor=WANG), said("late", at=START + 8 * MIN)]
    )
    (member,) = store.people("g")
    assert member.left == START + 9 * MIN


@pytest.mark.parametrize("size", [1, 9], ids=["one at a time", "in one batch"])
def test_who_left_and_writes_in_the_group_returned_once(size):
    def noting(e, o, v):
        return Decision(because=(f"{e.at:%H:%M}", str(v.actor().left)))

    eng, store = engine(flow(noting, "noting", hears=(Returned,)), echo)
    batch = [
        said("hi"),
        MemberLeft(id="l", at=START + MIN, group="g", actor=WANG),
        said("private", private=True, at=START + 2 * MIN),
        said("elsewhere", group="h", at=START + 3 * MIN),
        said("early", at=START),
        said("back", id="b", at=START + 4 * MIN),
        said("again", at=START + 5 * MIN),
        MemberLeft(id="m", at=START + 6 * MIN, group="g", actor=WANG),
        MemberJoined(id="j", at=START + 7 * MIN, group="g", actor=WANG),
    ]
    for n in range(0, len(batch), size):
        assert not eng.process(batch[n : n + size]).faults
    told = [(row.event, row.because) for group in "gh" for row in store.audit(group) if row.workflow == "noting"]
    assert told == [("b>1", ("10:04", "None"))]


def test_two_accounts_of_one_person_in_one_batch_do_not_undo_each_other():
    def tagging(e, o, v):
        return Decision(changes=(Tag(member=e.actor.account, add=frozenset((e.text,))),))

    new = Actor(account=Account("telegram:9"), name="new")
    batch = [
        said("a"),
        MemberRenamed(id="r", at=START, group="g", actor=new, was=WANG.account),
        said("b", actor=new),
        said("c", actor=WANG),
        said("d", actor=new),
    ]
    told = []
    for size in (1, len(batch)):
        eng, store = engine(flow(tagging, hears=(MessagePosted,)))
        for i in range(0, len(batch), size):
            eng.process(batch[i : i + size])
        told.append([sorted(m.tags) for m in store.people("g")])
    assert told == [[["a", "b", "c", "d"]], [["a", "b", "c", "d"]]]


def test_who_leaves_under_one_nick_and_speaks_under_the_other_is_back():
    new = Actor(account=Account("irc:wang_"), name="wang_")
    batch = [
        said("a"),
        MemberRenamed(id="r", at=START, group="g", actor=new, was=WANG.account),
        MemberLeft(id="l", at=START + MIN, group="g", actor=new),
        said("c", actor=WANG, at=START + 2 * MIN),
    ]
    told = []
    for size in (1, len(batch)):
        eng, store = engine(echo)
        for i in range(0, len(batch), size):
            eng.process(batch[i : i + size])
        told.append([m.left for m in store.people("g")])
    assert told == [[None], [None]]


def test_a_language_chosen_in_one_group_holds_in_the_batchs_other_groups():
    heard = []

    def speak(e, o, v):
        heard.append(v.actor().language)
        return Decision(changes=(SpeakTo(member=e.actor.account, language="en"),)) if e.text == "english" else NOTHING

    for size in (1, 3):
        eng, store = engine(flow(speak, hears=(MessagePosted,)))
        renamed = Actor(account=WANG.account, name="Wang")
        batch = [said(group="h"), said("english"), said(group="h", actor=renamed)]
        for i in range(0, 3, size):
            eng.process(batch[i : i + size])
        assert [m.language for m in store.people("g")] == ["en"]
    assert heard == [None, None, "en"] * 2


def test_an_anonymous_admin_is_never_given_a_seat():
    def warn(e, o, v):
        return Decision(
            changes=(Post(kind="warning", member=WANG.account, amount=1, rule="r", reason="r", by=e.actor.account),)
        )

    eng, store = engine(flow(warn, hears=(MessagePosted,)))
    eng.process([said(), said("warn", actor=ANON)])
    assert [m.account for m in store.people("g")] == [WANG.account]


def test_nobody_is_called_nothing():
    eng, store = engine(
        flow(
            lambda e, o, v: Decision(because=(str(v.get(named(""))),)),
            hears=(MessagePosted,),
            reads=lambda e, o: (named(""),),
        )
    )
    eng.process([said()])
    assert [r.because for r in store.audit("g")] == [("None",)]


def test_a_tie_is_broken_in_the_same_way_in_a_batch_and_one_by_one():
    def both(e, o, v):
        if e.text != "go":
            return NOTHING
        return Decision(
            changes=tuple(Post(kind=POINTS, member=a.account, amount=1, rule="r", reason="r") for a in (LI, ZHAO))
        )

    batch = [MemberJoined(id="j", at=START, group="g", actor=WANG, by=LI), said(actor=ZHAO), said("go")]
    told = []
    for size in (1, 3):
        eng, store = engine(flow(both, hears=(MessagePosted,)))
        for i in range(0, 3, size):
            eng.process(batch[i : i + size])
        with store.unit() as unit:
            told.append([s.name for s in unit.standings("g", POINTS, 5, None)])
    assert told[0] == told[1]


def test_a_record_for_somebody_who_comes_later_in_the_batch_is_the_same_one_by_one():
    slot = Slot("tests.note", Rung)

    def note(e, o, v):
        return Decision(changes=(Put(slot.of(LI.account), Rung(1)),)) if e.text == "note" else NOTHING

    batch = [said("note", mentions=(LI,)), said(actor=LI, at=START + MIN)]
    told = []
    for size in (1, 2):
        eng, store = engine(flow(note, hears=(MessagePosted,)))
        for i in range(0, 2, size):
            eng.process(batch[i : i + size])
        told.append([(m.name, m.seen, r) for m, r in store.every_record("g", slot)])
    assert told[0] == told[1]


def test_an_audit_row_about_somebody_who_comes_later_in_the_batch_is_the_same_one_by_one():
    def about(e, o, v):
        return Decision(because=("x",), about=LI.account)

    batch = [said("note"), said(actor=LI)]
    told = []
    for size in (1, 2):
        eng, store = engine(flow(about, hears=(MessagePosted,)))
        for i in range(0, 2, size):
            eng.process(batch[i : i + size])
        told.append([bool(r.person) for r in store.audit("g")])
    assert told[0] == told[1]


# 7 --- the clock
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"])
def test_days_never_go_backwards_and_begin_at_their_instant(zone):
    group = Group(key="g", zone=ZoneInfo(zone))
    for starts in (time(0), time(1, 45), time(2, 30), time(4)):
        at, last = datetime(2026, 1, 1, tzinfo=UTC), date.min
        wrong = []
        while at < datetime(2026, 12, 31, tzinfo=UTC):
            day = group.day(at, starts)
            if day < last or not group.instant(day, starts) <= at < group.instant(day + timedelta(1), starts):
                wrong.append((starts, at.isoformat()))
            last, at = day, at + timedelta(minutes=15)
        assert wrong == []


# 8 --- trouble of the database is never the event's fault
def test_a_table_that_is_missing_keeps_the_batch_with_the_caller(tmp_path):
    import sqlite3

    from core.errors import StoreError

    store = open_store(f"sqlite:///{tmp_path}/x.db", durable=False)
    eng, _ = engine(echo, store=store)
    other = sqlite3.connect(tmp_path / "x.db")
    other.execute("ALTER TABLE activity RENAME TO away")
    batch = [said("a"), said("b")]
    with pytest.raises(StoreError):
        eng.process(batch)
    other.execute("ALTER TABLE away RENAME TO activity")
    other.close()
    assert eng.process(batch).new == 2
    store.close()


@pytest.mark.parametrize(
    "name",
    [
        "QueryCanceled",
        "IdleInTransactionSessionTimeout",
        "FeatureNotSupported",
        "UndefinedTable",
        "InsufficientPrivilege",
        "ProtocolViolation",
    ],
)
def test_postgres_trouble_is_told_as_the_stores_own(name):
    from psycopg import errors

    from adapters.sql.postgres import told
    from core.errors import StoreBusy

    assert isinstance(told(getattr(errors, name)("x")), StoreUnavailable | StoreBusy)


class Hiccup(MemoryStore):
    """One call fails once, with an error of no known kind."""

    failed = False

    def unit(self, *, lasting=True):
        if not self.failed:
            self.failed = True
            raise RuntimeError("hiccup")
        return super().unit(lasting=lasting)


def test_one_hiccup_of_no_known_kind_does_not_cost_an_event():
    eng, store = engine(echo, store=Hiccup())
    out = eng.process([said("a")])
    assert (out.new, outbox(store), list(store.dead_letters("g"))) == (1, ["a"], [])


def test_a_message_that_comes_late_and_asks_for_an_instant_that_rang_is_no_dead_letter():
    """The ring's id holds who set it (`timers.set_by`)."""
    eng, store = engine(flow(_fixed))
    for _ in range(2):  # both messages are of START; the second arrives after the ring (the bot was down)
        eng.process([said(at=START)])
        for row in list(store.timers("g")):
            eng.process([row.due(row.at)])
    assert (outbox(store), list(store.dead_letters("g")), list(store.timers("g"))) == (["ring", "ring"], [], [])

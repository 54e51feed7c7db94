"""The engine where it easily goes wrong: poison, timers, crashes, identities, clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.sql import open_store
from core.decision import NOTHING, Decision, Post, SetTimer, Tag
from core.effects import Say
from core.events import (
    GroupMoved,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessagePosted,
    Reply,
    TimerDue,
)
from core.follow_ups import PointsChanged
from core.people import Account, Actor, ActorKind
from core.state import POINTS, balance
from core.workflow import Group
from tests.engine.books import (
    BOT,
    CHANNEL,
    LI,
    MINUTE,
    NOBODYS,
    START,
    WALL,
    WANG,
    ZHAO,
    engine_with,
    flow,
    poisons,
    said,
    spoken,
)

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
POISON = flow(poisons, "poison")


def test_apoison_event_in_a_replay_with_an_end_is_set_aside_alone_and_timers_keep_their_order():
    engine, store = engine_with(NAG, POISON)
    batch = [said("in 10 tea"), said("a", at=START + MINUTE), said(id="poison", at=START + 20 * MINUTE)]
    batch += [said("in 10 milk", at=START + 30 * MINUTE), said("b", at=START + 35 * MINUTE)]
    outcome = engine.replay(batch, until=START + timedelta(days=1))
    assert spoken(store) == ["a", "tea 10:10", "b", "milk 10:40"]
    assert [letter.id for letter in store.dead_letters("g")] == ["poison"]
    assert (outcome.new, outcome.timers, len(outcome.buried)) == (4, 2, 1)


def test_apoison_timer_is_set_aside_once_and_the_others_fire():
    engine, store = engine_with(NAG)
    batch = [said("in 5 bad"), said("in 6 tea", at=START + MINUTE), said("a", at=START + 9 * MINUTE)]
    outcome = engine.replay([*batch, said("in 1 milk", at=START + 10 * MINUTE)], until=START + timedelta(days=1))
    assert spoken(store) == ["tea 10:07", "a", "milk 10:11"]
    (letter,) = store.dead_letters("g")
    assert letter.id.startswith("timer:g:nag:bad:")
    assert (outcome.new, outcome.timers, list(store.timers("g"))) == (4, 2, [])


def test_apoison_timer_rung_again_and_again_is_one_dead_letter():
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
    assert {chat: group for (on, chat), group in store.addresses().items() if on == "telegram"} == {moves[-1]: "g"}


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

"""The engine's promises, over a store in memory and small workflows of our own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from core.decision import NOTHING, Decision, DropTimer, Post, Put, SetTimer, Tag
from core.effects import Say
from core.engine import Engine
from core.errors import StoreBusy, StoreUnavailable
from core.events import MemberJoined, MemberLeft, MemberRenamed, MessagePosted, ReactionChanged, Reply, TimerDue
from core.follow_ups import PointsChanged
from core.memory import MemoryStore
from core.people import Account, Actor, ActorKind
from core.state import POINTS, Slot, balance, days, standings
from core.workflow import Bound, Group, Workflow

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
WANG = Actor(account=Account("telegram:1"), name="小王")
LI = Actor(account=Account("telegram:2"), name="Li")
BOT = Actor(account=Account("telegram:3"), name="bot", kind=ActorKind.BOT)
_ids = count(1)


def said(text="hello", *, actor=WANG, at=START, id=None, group="g", **more):
    n = next(_ids)
    return MessagePosted(id=id or f"e{n}", at=at, group=group, actor=actor, message=str(n), text=text, **more)


@dataclass(frozen=True)
class Tally:
    said: int = 0


TALLY = Slot("tally", Tally)


def _tally_reads(event, options):
    return (TALLY.of(event.actor.account),)


def _tally(event, options, view):
    tally = view.get(TALLY.of(event.actor.account)) or Tally()
    now = Tally(tally.said + 1)
    return Decision(
        changes=(
            Put(TALLY.of(event.actor.account), now),
            Post(kind=POINTS, member=event.actor.account, amount=2, rule="tally", reason="spoke"),
        ),
        effects=(Say(words=(f"{now.said}",), reply_to=event.message),),
        because=("spoke",),
        rule="tally",
    )


tally = Workflow("tally", dict, frozenset({MessagePosted}), _tally_reads, _tally, awards=True)


def _levels_reads(event, options):
    return (balance(POINTS, event.actor.account),)


def _levels(event, options, view):
    return Decision(because=(f"points {view.get(balance(POINTS, event.actor.account))}",), rule="level")


levels = Workflow("levels", dict, frozenset({PointsChanged}), _levels_reads, _levels)


def engine_with(*workflows, store=None, **more):
    store = store or MemoryStore()
    group = Group(key="g", runs=tuple(Bound(w, {}) for w in workflows), **more)
    return Engine(store, {"g": group, "h": Group(key="h", runs=group.runs)}), store


def books(store, group="g"):
    return {
        "facts": list(store.facts(group)),
        "audit": list(store.audit(group)),
        "outbox": list(store.outbox(group)),
        "activity": list(store.activity(group)),
        "people": list(store.people(group)),
        "timers": list(store.timers(group)),
        "records": list(store.every_record(group, TALLY)),
    }


def test_state_carries_from_event_to_event_within_a_batch():
    engine, store = engine_with(tally, levels)
    engine.process([said(), said(), said(actor=LI)])
    assert [row.effect.words for row in store.outbox("g")] == [("1",), ("2",), ("1",)]
    assert [row.because for row in store.audit("g") if row.workflow == "levels"] == [
        ("points 2",),
        ("points 4",),
        ("points 2",),
    ]


def test_a_batch_twice_equals_once():
    batch = [said(at=START + timedelta(minutes=n)) for n in range(5)]
    engine, store = engine_with(tally, levels)
    engine.process(batch)
    once = books(store)
    outcome = engine.process(batch)
    assert (outcome.new, outcome.repeated) == (0, 5)
    assert books(store) == once


def test_the_same_event_twice_in_one_batch_counts_once():
    engine, store = engine_with(tally)
    event = said()
    outcome = engine.process([event, event])
    assert (outcome.new, outcome.repeated) == (1, 1)
    assert len(list(store.facts("g"))) == 1


def test_a_batch_equals_its_events_one_by_one():
    batch = [said(actor=a, at=START + timedelta(hours=7 * n)) for n, a in enumerate([WANG, LI, WANG, WANG, LI])]
    whole, whole_store = engine_with(tally, levels)
    whole.process(batch)
    single, single_store = engine_with(tally, levels)
    for event in batch:
        single.process([event])
    assert books(whole_store) == books(single_store)


def _crash(event, options, view):
    raise ZeroDivisionError("a bug")


def test_a_crashing_workflow_is_reported_and_the_others_go_on():
    crashing = Workflow("crashing", dict, frozenset({MessagePosted}), lambda e, o: (), _crash)
    engine, store = engine_with(crashing, tally)
    outcome = engine.process([said()])
    assert [(f.workflow, f.error) for f in outcome.faults] == [("crashing", "ZeroDivisionError: a bug")]
    assert outcome.faults[0].where.endswith(f":{_crash.__code__.co_firstlineno + 1}")
    assert outcome.new == 1
    assert len(list(store.facts("g"))) == 1
    assert [row.mode for row in store.audit("g")] == ["fault", "on"]


def _crash_reading(event, options):
    raise ZeroDivisionError("a bug")


def test_a_crash_in_reads_is_isolated_too():
    crashing = Workflow("crashing", dict, frozenset({MessagePosted}), _crash_reading, lambda e, o, v: NOTHING)
    engine, store = engine_with(crashing, tally)
    assert [f.workflow for f in engine.process([said()]).faults] == ["crashing"]
    assert len(list(store.facts("g"))) == 1


def test_a_look_at_undeclared_state_is_a_fault():
    peeking = Workflow(
        "peeking",
        dict,
        frozenset({MessagePosted}),
        lambda e, o: (),
        lambda e, o, v: Decision(changes=(Put(TALLY.of(LI.account), v.get(TALLY.of(WANG.account))),)),
    )
    engine, _ = engine_with(peeking)
    (fault,) = engine.process([said()]).faults
    assert fault.error.startswith("UndeclaredRead")


def test_what_one_workflow_looked_at_is_not_open_to_the_next():
    mine = TALLY.of(LI.account)
    open_ = Workflow("open", dict, frozenset({MessagePosted}), lambda e, o: (mine,), lambda e, o, v: _seen(v.get(mine)))
    peeking = Workflow("peeking", dict, frozenset({MessagePosted}), lambda e, o: (), lambda e, o, v: _seen(v.get(mine)))
    engine, _ = engine_with(open_, peeking)
    assert [fault.workflow for fault in engine.process([said()]).faults] == ["peeking"]


def _seen(value):
    return Decision(because=(f"saw {value}",))


def test_a_workflow_sees_the_actor_as_the_one_before_it_left_them():
    def tagging(event, options, view):
        assert view.actor() is view.actor()
        tags = sorted(view.actor().tags)
        return Decision(
            changes=(Tag(member=event.actor.account, add=frozenset((f"t{len(tags)}",))),), because=tuple(tags)
        )

    one, two = (Workflow(name, dict, frozenset({MessagePosted}), lambda e, o: (), tagging) for name in ("one", "two"))
    engine, store = engine_with(one, two)
    engine.process([said()])
    assert [row.because for row in store.audit("g")] == [(), ("t0",)]


def test_a_poison_event_is_set_aside_and_blocks_nothing():
    def clash(event, options, view):
        if event.text != "poison":
            return NOTHING
        post = Post(kind="x", member=event.actor.account, amount=1, rule="r", reason="r", key="same")
        return Decision(changes=(post, post))

    clashing = Workflow("clashing", dict, frozenset({MessagePosted}), lambda e, o: (), clash)
    engine, store = engine_with(tally, clashing)
    batch = [said(), said("poison", id="bad"), said(), said()]
    outcome = engine.process(batch)
    assert outcome.new == 3
    assert [(d.id, d.why) for d in outcome.buried] == [("bad", "StoreError: the ledger of g already has x same")]
    assert [d.id for d in store.dead_letters("g")] == ["bad"]
    assert len(list(store.facts("g"))) == 3
    assert engine.process(batch).repeated == 4


def test_events_of_a_group_that_is_not_configured_are_set_aside():
    engine, store = engine_with(tally)
    outcome = engine.process([said(group="elsewhere"), said()])
    assert outcome.new == 1
    assert [d.why for d in store.dead_letters("elsewhere")] == ["no community in the configuration has this group"]


def test_groups_do_not_see_each_other():
    engine, store = engine_with(tally)
    engine.process([said(group="g"), said(group="h")])
    assert [row.effect.words for row in store.outbox("h")] == [("1",)]
    assert [e.amount for e in store.facts("g")] == [2]


class FailingStore(MemoryStore):
    def __init__(self, *errors):
        super().__init__()
        self.errors = list(errors)

    def unit(self, *, lasting=True):
        if self.errors:
            raise self.errors.pop(0)
        return super().unit(lasting=lasting)


def test_a_busy_store_is_tried_again():
    engine, _ = engine_with(tally, store=FailingStore(StoreBusy("locked"), StoreBusy("locked")))
    assert engine.process([said()]).new == 1


def test_an_unavailable_store_keeps_the_batch_with_the_caller():
    engine, store = engine_with(tally, store=FailingStore(StoreUnavailable("disk full")))
    event = said()
    with pytest.raises(StoreUnavailable):
        engine.process([event])
    assert list(store.dead_letters("g")) == []
    assert engine.process([event]).new == 1


class Flushed(MemoryStore):
    def __init__(self):
        super().__init__()
        self.asked: list[bool] = []
        self.flushes = 0

    def unit(self, *, lasting=True):
        self.asked.append(lasting)
        return super().unit(lasting=lasting)

    def flush(self):
        self.flushes += 1


def test_an_event_that_another_batch_brought_is_not_confirmed_before_it_lasts():
    engine, store = engine_with(tally, store=Flushed())
    event = said()
    engine.process([event], lasting=False)
    assert (store.asked, store.flushes) == ([False], 0)
    assert engine.process([event, said()]).repeated == 1
    assert (store.asked, store.flushes) == ([False, True], 1)
    engine.process([said()])
    assert store.flushes == 1, "what it commits itself waits for the disk in any case"


def test_of_a_batch_that_does_not_last_yet_no_courier_has_anything_in_hand():
    store, asked = MemoryStore(), []
    group = Group(key="g", runs=(Bound(tally, {}),))

    def takes(row):
        asked.append(row.id)
        return "courier"

    engine = Engine(store, {"g": group}, takes)
    [row] = engine.process([said()], lasting=False).waiting
    assert row.courier == ""
    assert asked == []
    assert len(engine.process([said()]).taken) == 1
    assert len(asked) == 1


# timers


def _nag_reads(event, options):
    return ()


def _nag(event, options, view):
    if isinstance(event, TimerDue):
        return Decision(
            effects=(Say(words=(f"nag {event.key} {event.due:%H:%M}",), to=event.member),), because=("due",)
        )
    if event.text == "stop":
        return Decision(timers=(DropTimer("nag"),))
    return Decision(timers=(SetTimer(key="nag", at=event.at + timedelta(hours=1), member=event.actor.account),))


nag = Workflow("nag", dict, frozenset({MessagePosted, TimerDue}), _nag_reads, _nag)


def test_replay_fires_timers_between_events_in_order_of_time():
    engine, store = engine_with(nag, tally)
    engine.replay([said(), said(at=START + timedelta(hours=2)), said("stop", at=START + timedelta(hours=2.5))])
    engine.replay([], until=START + timedelta(days=1))
    assert [row.effect.words[0] for row in store.outbox("g")] == ["1", "nag nag 11:00", "2", "3"]
    assert list(store.timers("g")) == []


def test_replay_in_one_batch_equals_replay_one_by_one():
    batch = [
        said(actor=a, at=START + timedelta(minutes=25 * n)) for n, a in enumerate([WANG, LI, WANG, LI, WANG, WANG])
    ]
    whole, whole_store = engine_with(nag, tally)
    whole.replay(batch, until=START + timedelta(days=1))
    single, single_store = engine_with(nag, tally)
    for event in batch:
        single.replay([event])
    single.replay([], until=START + timedelta(days=1))
    assert books(whole_store) == books(single_store)


def test_a_timer_that_was_moved_does_not_fire_at_its_old_time():
    engine, store = engine_with(nag)
    engine.process([said(at=START)])
    (row,) = store.timers("g")
    engine.process([said(at=START + timedelta(minutes=30))])
    assert engine.process([row.due(START + timedelta(hours=1))]).new == 0
    assert list(store.outbox("g")) == []


def test_a_timer_rung_twice_fires_once():
    engine, store = engine_with(nag)
    engine.process([said()])
    (row,) = store.timers("g")
    due = row.due(row.at)
    engine.process([due, due])
    engine.process([due])
    assert len(list(store.outbox("g"))) == 1


def test_a_timer_dropped_earlier_in_the_batch_does_not_fire():
    engine, store = engine_with(nag)
    engine.process([said()])
    (row,) = store.timers("g")
    engine.process([said("stop"), row.due(row.at)])
    assert list(store.outbox("g")) == []


# follow-ups


def test_follow_ups_that_never_end_are_stopped_and_reported():
    def echo(event, options, view):
        return Decision(changes=(Post(kind=POINTS, member=event.actor.account, amount=1, rule="r", reason="r"),))

    echoing = Workflow("echo", dict, frozenset({MessagePosted, PointsChanged}), lambda e, o: (), echo)
    engine, _ = engine_with(echoing)
    outcome = engine.process([said()])
    assert [f.error.split(":")[0] for f in outcome.faults] == ["RunawayFollowUps"]
    assert outcome.new == 1


def test_a_shadow_decision_is_written_down_and_not_carried_out():
    def shadow(event, options, view):
        post = Post(kind=POINTS, member=event.actor.account, amount=1, rule="r", reason="r")
        return Decision(changes=(post,), effects=(Say(words=("x",)),), because=("why",), rule="r", shadow=True)

    engine, store = engine_with(Workflow("shadow", dict, frozenset({MessagePosted}), lambda e, o: (), shadow))
    engine.process([said()])
    assert [(row.mode, row.then) for row in store.audit("g")] == [("shadow", ("points +1", "say"))]
    assert (list(store.facts("g")), list(store.outbox("g"))) == ([], [])


# the chronicle


def activity_of(store, group="g"):
    names = {m.person: m.name for m in store.people(group)}
    return {(names[p], d.day.isoformat()): tuple(d[1:]) for p, d in store.activity(group)}


def test_activity_counts_messages_replies_and_reactions_on_the_groups_local_day():
    from zoneinfo import ZoneInfo

    engine, store = engine_with(zone=ZoneInfo("Asia/Shanghai"))
    late = START.replace(hour=17)
    reply = Reply(message="1", author=LI)
    engine.process(
        [
            said(actor=LI),
            said(reply_to=reply),
            said(at=late, reply_to=Reply(message="9", author=WANG)),
            ReactionChanged(id="r", at=late, group="g", actor=LI, message="1", emoji=("👍",), author=WANG),
        ]
    )
    assert activity_of(store) == {
        ("Li", "2026-03-02"): (1, 0, 1, 0, 0, 0),
        ("小王", "2026-03-02"): (1, 1, 0, 0, 0, 0),
        ("小王", "2026-03-03"): (1, 0, 0, 0, 1, 0),
        ("Li", "2026-03-03"): (0, 0, 0, 1, 0, 0),
    }


def test_reactions_to_oneself_and_of_nobody_are_none():
    engine, store = engine_with()

    def reacted(who, author, *emoji):
        return ReactionChanged(
            id=f"r{next(_ids)}", at=START, group="g", actor=who, message="1", emoji=emoji, author=author
        )

    engine.process([said(actor=LI), reacted(LI, LI, "👍"), reacted(WANG, LI), reacted(BOT, LI, "👍")])
    assert activity_of(store) == {("Li", "2026-03-02"): (1, 0, 0, 1, 0, 0)}


def test_an_album_is_one_message_and_bots_and_private_messages_are_none():
    engine, store = engine_with()
    album = [said(kind="photo", album="a1") for _ in range(3)]
    engine.process([*album[:2], said(actor=BOT), said(private=True)])
    engine.process(album[2:])
    assert activity_of(store) == {("小王", "2026-03-02"): (1, 0, 0, 0, 0, 0)}


def joined(actor, at, **more):
    return MemberJoined(id=f"j{next(_ids)}", at=at, group="g", actor=actor, **more)


def test_a_join_told_twice_is_one_join_and_a_rejoin_is_another():
    heard = []

    def listen(event, options, view):
        heard.append((type(event).__name__, view.actor().joined, view.actor().left))
        return NOTHING

    ear = Workflow("ear", dict, frozenset({MemberJoined, MemberLeft}), lambda e, o: (), listen)
    engine, store = engine_with(ear)
    later, back = START + timedelta(days=1), START + timedelta(days=2)
    engine.process([joined(WANG, START, by=LI), joined(WANG, START + timedelta(seconds=2))])
    engine.process(
        [
            MemberLeft(id="l1", at=later, group="g", actor=WANG),
            MemberLeft(id="l2", at=later, group="g", actor=WANG),
            joined(WANG, back),
        ]
    )
    assert heard == [("MemberJoined", START, None), ("MemberLeft", START, later), ("MemberJoined", back, None)]
    wang, li = sorted(store.people("g"), key=lambda m: m.account)
    assert wang.inviter == li.person


def test_somebody_whose_join_nobody_saw_has_none():
    engine, store = engine_with()
    engine.process([said()])
    (member,) = store.people("g")
    assert (member.joined, member.seen) == (None, START)


def test_a_rename_keeps_the_person_and_what_they_earned():
    engine, store = engine_with(tally)
    new = Actor(account=Account("telegram:9"), name="小王2")
    engine.process([said(), MemberRenamed(id="n", at=START, group="g", actor=new, was=WANG.account), said(actor=new)])
    assert [row.effect.words for row in store.outbox("g")] == [("1",), ("2",)]
    assert len(list(store.people("g"))) == 1


def test_declared_windows_and_standings_include_the_batchs_own_writes():
    seen = []

    def look(event, options, view):
        seen.append(
            (
                sum(d.messages for d in view.get(days(event.actor.account, START.date()))),
                [(s.name, s.amount) for s in view.get(standings(POINTS, 3))],
            )
        )
        return Decision(changes=(Post(kind=POINTS, member=event.actor.account, amount=1, rule="r", reason="r"),))

    def look_reads(event, options):
        return (days(event.actor.account, START.date()), standings(POINTS, 3))

    looking = Workflow("look", dict, frozenset({MessagePosted}), look_reads, look)
    engine, _ = engine_with(looking)
    engine.process([said(), said(), said(actor=LI), said()])
    assert seen == [
        (1, []),
        (2, [("小王", 1)]),
        (1, [("小王", 2)]),
        (3, [("小王", 2), ("Li", 1)]),
    ]


def test_outbox_ids_are_derived_from_the_event():
    engine, store = engine_with(tally)
    engine.process([said(id="telegram:7:100")])
    assert [row.id for row in store.outbox("g")] == ["telegram:7:100/1"]


def test_two_accounts_of_one_person_share_one_membership_within_a_batch():
    engine, store = engine_with(tally)
    new = Actor(account=Account("wechat:w"), name="小王")
    left, back = START + timedelta(hours=1), START + timedelta(hours=2)
    engine.process([said()])
    engine.process([MemberRenamed(id="n", at=START, group="g", actor=new, was=WANG.account)])
    engine.process([said(at=START), joined(new, left), MemberLeft(id="l", at=back, group="g", actor=WANG)])
    (member,) = store.people("g")
    assert (member.seen, member.joined, member.left) == (START, left, back)

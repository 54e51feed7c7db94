"""What the engine writes down of a decision, whom it knows by name, and how often it asks the store."""

from __future__ import annotations

from collections import Counter

import pytest

from core.batch import Batch
from core.days import GroupClock
from core.decision import Decision, Put
from core.effects import Mute, Say
from core.errors import HoldsTooLittle
from core.events import MessageEdited
from core.interest import Listeners
from core.memory import MemoryStore
from core.ports import newcomer
from core.state import POINTS, balance
from core.workflow import Bound, Group
from core.working import Working
from tests.engine.books import BOT, LI, NOTE, START, WANG, ZHAO, Note, engine_with, flow, said


def test_everything_that_a_decision_says_and_does_is_in_the_audit_where_it_has_no_words_of_its_own():
    def twice(event, options, view):
        return Decision(effects=(Say(words=("a",)), Mute(member=WANG.account, span=None)), because=("why",))

    engine, store = engine_with(flow(twice))
    engine.process([said()])
    assert [row.then for row in store.audit("g")] == [("say", "mute")]


def test_who_is_mentioned_in_an_edited_message_is_known_by_their_name():
    def note(event, options, view):
        return Decision(changes=(Put(NOTE.of(LI.account), Note("edited")),))

    engine, store = engine_with(flow(note, hears=(MessageEdited,)))
    engine.process([MessageEdited(id="e", at=START, group="g", actor=WANG, message="1", text="hi", mentions=(LI,))])
    assert [(member.name, held) for member, held in store.every_record("g", NOTE)] == [("Li", Note("edited"))]


class Counted:
    """A unit of work that counts how often it was asked for what."""

    def __init__(self, unit):
        self.unit = unit
        self.asked: Counter[str] = Counter()

    def __getattr__(self, name):
        self.asked[name] += 1
        return getattr(self.unit, name)


def test_what_is_wanted_of_several_people_is_loaded_with_one_query_of_a_kind():
    _, store = engine_with()
    with store.unit() as unit:
        counted = Counted(unit)
        working = Working(counted, {"g": Group(key="g")}, GroupClock())
        keys = [(who.account, other.account) for who, other in ((WANG, LI), (ZHAO, BOT), (LI, WANG))]
        working.load(
            [("g", tuple(key for who in both for key in (NOTE.of(who), balance(POINTS, who)))) for both in keys]
        )
        assert (counted.asked["records"], counted.asked["balances"]) == (0, 0), "nobody is known"
        found = counted.asked["find"]
        working.load([("g", (NOTE.of(who.account),)) for who in (WANG, LI, ZHAO, BOT)])
        assert counted.asked["find"] == found <= 2, "who was looked for in vain is not looked for again"
        unit.seats([("g", newcomer(one)) for one in (WANG, LI, ZHAO, BOT)])
        counted.asked.clear()
        working = Working(counted, {"g": Group(key="g")}, GroupClock())
        working.load(
            [("g", tuple(key for who in both for key in (NOTE.of(who), balance(POINTS, who)))) for both in keys]
        )
        assert all(working.holds("g", NOTE.of(one.account)) for one in (WANG, LI, ZHAO, BOT))
        assert [counted.asked[each] for each in ("records", "balances")] == [1, 1]
        assert counted.asked["find"] <= 2


def test_what_is_written_for_the_house_takes_every_group():
    def house(event, options, view):
        return Decision(changes=(Put(NOTE.of_house(), Note("everywhere")),))

    runs = (Bound(flow(house), {}),)
    groups = {key: Group(key=key, runs=runs) for key in ("g", "h")}
    store = MemoryStore()
    with store.unit() as unit, pytest.raises(HoldsTooLittle):
        Batch(unit, groups, Listeners(), GroupClock()).run([said()], None)
    with store.unit() as unit:
        assert not Batch(unit, groups, Listeners(), GroupClock()).run([said()], None, everything=True).faults

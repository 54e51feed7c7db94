"""Staff lock, unlock, set and recalculate tiers; refusals say why."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.decision import Put
from core.ports import RecordAt, Writes
from tests.workflows.tier_town import Town
from workflows.tier_standing import TIER

TIERS = {"a": {"name": "甲", "from": 0}, "b": {"name": "乙", "from": 100}, "c": {"name": "丙", "from": 200}}
DAILY = {"every": "day", "grace": "0s"}


def test_a_locked_tier_neither_rises_nor_falls_until_it_is_unlocked():
    town = Town(TIERS, DAILY)
    town.say("小王", "+100")
    assert town.order("lock", "小王", "比赛期间") == ["🔒 老板 锁定了 小王 的等级「乙」。原因：比赛期间"]
    town.say("小王", "+200")
    town.say("小王", "-300")
    town.wait(days=2)
    assert town.tier("小王") == "b"
    assert ("locked by staff", "比赛期间") in town.because()
    assert [(fact.amount, fact.reason) for fact in town.facts("tier_lock")] == [(1, "比赛期间")]
    assert town.order("unlock", "小王") == ["🔓 老板 解锁了 小王 的等级「乙」。"]
    town.wait(days=1)
    assert town.tier("小王") == "a"


def test_setting_a_tier_is_in_the_ledger_with_who_did_it_and_brings_no_reward():
    town = Town({**TIERS, "c": {"from": 200, "on_reach": [{"points": 50}]}}, talk={"announce": "group"})
    town.say("小王", "+1")
    said = len(town.outbox())
    assert town.order("set", "小王", "老朋友", tier="c") == ["老板 把 小王 的等级设为「c」。原因：老朋友"]
    assert town.moves("小王") == ["none -> a", "a -> c"]
    assert town.facts("tier")[-1].by is not None
    assert ("a -> c", "set by staff", "老朋友") in town.because()
    assert len(town.facts("points")) == 1
    assert len(town.outbox()) == said + 1


def test_a_tier_that_was_set_has_its_grace_and_falls_at_a_review_after_it():
    town = Town(TIERS, {"every": "day", "grace": "2d"})
    town.say("小王", "+1")
    town.order("set", "小王", tier="c")
    town.wait(days=2)
    assert town.tier("小王") == "c"
    town.wait(days=1)
    assert town.tier("小王") == "a"


def test_a_tier_can_be_taken_away():
    town = Town({"b": TIERS["b"]})
    town.say("小王", "+100")
    town.order("set", "小王", tier="none")
    assert town.tier("小王") is None


@pytest.mark.parametrize(
    ("verb", "arguments", "told"),
    [
        ("unlock", {}, "小王 的等级没有锁定。"),
        ("set", {"tier": "z"}, "没有「z」这个等级。可选：甲、乙、丙"),
        ("set", {"tier": "a"}, "小王 已经是「甲」了。"),
        ("freeze", {}, "不认识「freeze」。可用：lock, unlock, set, recalculate"),
    ],
)
def test_what_cannot_be_done_is_said(verb, arguments, told):
    town = Town(TIERS)
    town.say("小王", "+1")
    assert town.order(verb, "小王", **arguments) == [told]
    assert town.moves("小王") == ["none -> a"]


def test_an_order_about_a_stranger_is_refused():
    town = Town(TIERS)
    assert town.order("lock", "谁") == ["群里没见过 谁 这位成员。"]


def test_locking_twice_says_so():
    town = Town(TIERS)
    town.say("小王", "+1")
    town.order("lock", "小王")
    assert town.order("lock", "小王") == ["小王 的等级已经锁定了。"]


def history(town: Town) -> None:
    town.say("小王", "+250")
    town.say("小王", "-100")
    town.wait(days=2)
    town.order("lock", "小王")


def test_recalculating_from_the_ledger_changes_nothing_when_nothing_is_wrong():
    town = Town(TIERS, DAILY)
    history(town)
    before, facts = town.standing("小王"), len(list(town.store.facts("g")))
    assert town.order("recalculate", "小王") == ["老板 重新计算了 小王 的等级，现在是「乙」。"]
    assert town.standing("小王") == before
    assert len(list(town.store.facts("g"))) == facts


def test_recalculating_restores_a_record_that_was_lost():
    town = Town(TIERS, DAILY)
    history(town)
    before = town.standing("小王")
    assert before is not None
    (member,) = [member for member in town.store.people("g") if member.account == "t:小王"]
    with town.store.unit() as unit:
        unit.save(Writes(records={RecordAt("g", member.person, Put(TIER.of(member.account), None).key.name): None}))
        unit.commit()
    assert town.standing("小王") is None
    town.order("recalculate", "小王")
    restored = town.standing("小王")
    assert restored is not None
    assert (restored.tier, restored.since, restored.locked, restored.raised, restored.reached) == (
        "b",
        before.since,
        True,
        before.raised,
        ("a", "b", "c"),
    )


def test_recalculating_asks_points_and_conditions_both_ways_at_once():
    town = Town(TIERS)
    town.say("小王", "+250")
    town.say("小王", "-200")
    assert town.tier("小王") == "c"
    town.order("recalculate", "小王", "扣分之后")
    assert town.tier("小王") == "a"
    assert ("c -> a", "recalculated from the ledger", "扣分之后") in town.because()


def test_recalculating_leaves_a_locked_tier_where_it_is():
    town = Town(TIERS)
    town.say("小王", "+100")
    town.order("lock", "小王")
    town.say("小王", "+200")
    town.order("recalculate", "小王")
    assert town.tier("小王") == "b"


def test_recalculating_understands_moves_of_one_second_whose_keys_sort_the_other_way():
    town = Town(TIERS)
    for _ in range(7):
        town.say("小王", "早")
    town.join("小王")
    town.say("小王", "+150")
    town.say("小王", "+150")
    assert [town.tier("小王"), *sorted(town.moves("小王"))] == ["c", "a -> b", "b -> c", "none -> a"]
    assert town.moves("小王")[-1] != "b -> c"
    before = town.standing("小王")
    town.order("recalculate", "小王")
    assert town.standing("小王") == before


@given(st.lists(st.sampled_from(["+60", "+150", "-40", "-120", "night", "leave", "join", "早"]), max_size=12))
@example(["-40", "-40", "-40", "leave", "leave", "+150", "+150", "-40", "+60"])
@example(["+60", "+60", "leave", "night", "早"])
@settings(deadline=None, max_examples=40)
def test_after_any_history_the_ledger_gives_the_record(history):
    town = Town(TIERS, DAILY)
    town.join("小王")
    for what in history:
        if what == "night":
            town.wait(days=1)
        elif what in ("leave", "join"):
            town.at += timedelta(minutes=2)
            getattr(town, what)("小王")
        else:
            town.say("小王", what)
    town.wait(days=1)
    standing, moves = town.standing("小王"), town.moves("小王")
    ranks = [None, *TIERS]
    assert standing is not None
    assert sum(fact.amount for fact in town.facts("tier")) == ranks.index(standing.tier)
    # Moves of one second stand in the ledger by key, so the chain is checked by balance: it leads from none to here.
    left, reached = zip(*(move.split(" -> ") for move in moves), strict=True)
    assert Counter(["none", *reached]) - Counter(left) == Counter([str(standing.tier)])
    town.order("recalculate", "小王")
    if [member.left for member in town.store.people("g") if member.account == "t:小王"] == [None]:
        assert town.moves("小王") == moves
        assert town.standing("小王") == standing

"""Tiers: up as soon as points and conditions allow, down at a review, each move in the ledger with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.degrade import KEEP, Drop, after_refusal, degrade
from core.delivery import Never, Refusal
from core.effects import Say, plain
from core.memory import MemoryUnit
from core.people import ActorKind
from tests.workflows.tier_town import LADDER, Town
from workflows.tiers import Tiers, grants_of


def plain_tiers(**starts: int):
    return {id: {"from": start} for id, start in starts.items()}


# up


def test_a_member_moves_up_the_moment_the_points_are_there():
    town = Town()
    town.say("小王", "+99")
    assert town.tier("小王") == "seed"
    town.say("小王", "+1")
    assert town.tier("小王") == "sprout"
    assert town.moves("小王") == ["none -> seed", "seed -> sprout"]
    assert ("seed -> sprout", "100 points, 100 are needed") in town.because()


def test_joining_gives_the_lowest_tier_when_it_starts_at_no_points():
    town = Town()
    town.join("小王")
    assert town.tier("小王") == "seed"


def test_somebody_whose_join_nobody_saw_gets_a_tier_with_the_first_points():
    town = Town()
    town.say("老李", "早")
    assert town.standing("老李") is None
    town.say("老李", "+5")
    assert town.tier("老李") == "seed"


def test_plain_messages_are_never_looked_at():
    town = Town()
    town.say("小王", "+5")
    audited = len(town.because())
    town.say("小王", "今天读完了第三章，大家早上好")
    assert len(town.because()) == audited


def test_several_tiers_at_once_are_one_move():
    town = Town(plain_tiers(a=0, b=10, c=100))
    town.say("小王", "+150")
    assert town.moves("小王") == ["none -> c"]
    assert [fact.amount for fact in town.facts("tier")] == [3]


def test_a_higher_tier_with_points_alone_is_not_held_back_by_the_condition_of_one_below():
    tiers = {"a": {"from": 0}, "b": {"from": 10, "if": "member.active_days_7d >= 5"}, "c": {"from": 100}}
    town = Town(tiers)
    town.say("小王", "+100")
    assert town.tier("小王") == "c"


def test_the_condition_must_hold_and_the_member_moves_up_the_night_it_does():
    town = Town()
    town.say("小王", "+600")
    assert town.tier("小王") == "sprout"
    town.wait(days=1)
    town.active("小王", 8)
    assert town.tier("小王") == "sprout"
    town.say("小王", "第十天")
    assert town.tier("小王") == "sprout"
    town.wait(days=1)
    assert town.tier("小王") == "tree"
    assert town.facts("tier")[-1].at == datetime(2026, 3, 11, 16, tzinfo=UTC)


def test_the_night_counts_the_day_that_just_ended_and_not_the_empty_one_that_begins():
    """Two active days of the last two: at midnight the window of the new day would hold one."""
    town = Town({"a": {"from": 0}, "b": {"from": 10, "if": "member.active_days_7d >= 7"}})
    town.say("小王", "+10")
    town.wait(days=1)
    town.active("小王", 6)
    assert town.tier("小王") == "b"


def test_a_warning_that_expires_lets_the_member_up_that_night():
    town = Town({"a": {"from": 0}, "b": {"from": 10, "if": "member.warnings == 0"}})
    town.say("小王", "warn 3d")
    town.say("小王", "+10")
    assert town.tier("小王") == "a"
    town.wait(days=3)
    assert town.tier("小王") == "a"
    town.wait(days=1)
    assert town.tier("小王") == "b"


def test_the_nightly_look_stops_when_nothing_is_missing_but_points():
    town = Town()
    town.say("小王", "+600")
    assert town.timers() == {"recheck:t:小王": "2026-03-03 00:00"}
    town.say("小王", "-200")
    assert town.timers() == {}


def test_asking_moves_up_too_so_that_the_answer_is_true():
    town = Town({"a": {"name": "甲", "from": 0}, "b": {"name": "乙", "from": 10, "if": "member.active_days_7d >= 2"}})
    town.say("小王", "+10")
    town.at += timedelta(hours=12)
    town.say("小王", "早")
    town.at += timedelta(hours=12)
    assert town.say("小王", "等级") == ["小王，你现在是「乙」，10 分。\n已经是最高一级 🏔"]


@pytest.mark.parametrize("kind", [ActorKind.BOT, ActorKind.CHANNEL, ActorKind.ANONYMOUS_ADMIN])
def test_only_persons_have_tiers(kind):
    town = Town()
    town.say("小机", "等级", kind=kind)
    if kind is not ActorKind.ANONYMOUS_ADMIN:
        town.say("小机", "+1000", kind=kind)
    assert town.standing("小机") is None
    assert town.outbox() == []


# rewards and noise


REWARDED = {
    "a": {"from": 0},
    "b": {"from": 10, "on_reach": [{"points": 5}, {"tag": "regular"}]},
    "c": {"from": 100, "on_reach": [{"say": {"zh": "${member.name} 到「${tier.id}」了"}}]},
}


def test_reaching_a_tier_brings_its_rewards_those_of_tiers_passed_over_too():
    town = Town(REWARDED)
    town.say("小王", "+100")
    assert [(fact.amount, fact.rule) for fact in town.facts("points")] == [(100, "town"), (5, "tier b")]
    (member,) = town.store.people("g")
    assert member.tags == {"regular"}
    assert town.outbox() == [("Say", "小王 到「c」了", False)]


def test_a_reward_may_lift_into_the_next_tier():
    town = Town({"a": {"from": 10, "on_reach": [{"points": 5}]}, "b": {"from": 15}})
    town.say("小王", "+10")
    assert town.moves("小王") == ["none -> a", "a -> b"]


def test_no_reward_is_paid_twice():
    town = Town(REWARDED, {"every": "day", "grace": "0s"})
    town.say("小王", "+10")
    town.say("小王", "-10")
    town.wait(days=1)
    assert town.tier("小王") == "a"
    town.say("小王", "+10")
    assert town.tier("小王") == "b"
    assert [fact.rule for fact in town.facts("points")].count("tier b") == 1


@pytest.mark.parametrize(
    ("announce", "told"),
    [
        (None, []),
        (False, []),
        ("no", []),
        ("private", [("Say", "🎉 @小王 在「g」升到「新芽」啦！", True)]),
        ("group", [("Say", "🎉 @小王 升到「新芽」啦！", False)]),
    ],
    ids=str,
)
def test_promotions_are_told_only_where_the_operator_wants(announce, told):
    town = Town({"sprout": LADDER["sprout"]}, talk=None if announce is None else {"announce": announce})
    town.say("小王", "+100")
    assert town.outbox() == told


def test_the_entry_tier_is_no_promotion():
    tiers = {"a": {"name": "甲", "from": 0}, "b": {"name": "乙", "from": 100}}
    town = Town(tiers, talk={"announce": "group"})
    town.join("小王")
    assert town.tier("小王") == "a"
    assert town.moves("小王") == ["none -> a"]
    assert town.outbox() == []
    town.say("小王", "+100")
    assert town.outbox() == [("Say", "🎉 @小王 升到「乙」啦！", False)]


def test_a_first_tier_that_asks_for_something_is_a_promotion():
    town = Town({"a": {"name": "甲", "from": 0, "if": "member.warnings == 0"}}, talk={"announce": "group"})
    town.join("小王")
    assert town.outbox() == [("Say", "🎉 @小王 升到「甲」啦！", False)]


def test_a_fall_is_told_in_private_at_most():
    town = Town(
        {"a": {"name": "甲", "from": 0}, "b": {"from": 100}}, {"every": "day", "grace": "0s"}, {"announce": "group"}
    )
    town.say("小王", "+100")
    town.say("小王", "-50")
    town.wait(days=1)
    assert town.outbox()[-1] == ("Say", "你在「g」现在的等级是「甲」。回复「我的等级」看看怎么升回去。", True)


@pytest.mark.parametrize("kept", [0, 60], ids=["out of the lowest", "to a lower one"])
def test_a_fall_is_not_told_in_the_group_either_where_they_cannot_be_written_to(kept):
    town = Town(plain_tiers(a=60, b=100), DAILY, {"announce": "group"})
    town.say("小王", "+100")
    town.say("小王", f"-{100 - kept}")
    town.wait(days=1)
    assert town.moves("小王")[-1] == ("b -> a" if kept else "b -> none")
    fall = list(town.store.outbox("g"))[-1].effect
    never = Never(refusal=Refusal.UNREACHABLE, why="bot was blocked by the user")
    assert isinstance(after_refusal(fall, never, town.group, at=town.at, name="小王"), Drop)
    assert isinstance(degrade(fall, frozenset({"say"}), town.group, at=town.at, name="小王"), Drop)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_promotion_for_private_is_told_there_or_to_nobody(language):
    town = Town(plain_tiers(a=0, b=100), DAILY, {"announce": "private"}, languages=(language,))
    town.join("小王")
    town.say("小王", "+100")
    (rise,) = [row.effect for row in town.store.outbox("g") if isinstance(row.effect, Say)]
    told = {"zh": "🎉 @小王 在「g」升到「b」啦！", "en": "🎉 @小王 is now b in g!"}
    assert (plain(rise.words), rise.to) == (told[language], "t:小王")
    never = Never(refusal=Refusal.UNREACHABLE, why="bot was blocked by the user")
    assert isinstance(after_refusal(rise, never, town.group, at=town.at, name="小王"), Drop)
    assert isinstance(degrade(rise, frozenset({"say"}), town.group, at=town.at, name="小王"), Drop)
    assert degrade(rise, frozenset({"say", "private"}), town.group, at=town.at) == KEEP


def test_what_is_told_in_private_says_of_which_group_it_is_in_english_too():
    town = Town(plain_tiers(a=0, b=100), DAILY, {"announce": "private"}, languages=("en",))
    town.join("小王")
    town.say("小王", "+100")
    town.say("小王", "-50")
    town.wait(days=1)
    assert [text for _, text, _ in town.outbox()] == [
        "🎉 @小王 is now b in g!",
        'You are a in g now. Send "我的等级" to see the way back up.',
    ]


def test_staff_have_a_tier_without_rewards_announcements_or_falls():
    town = Town(REWARDED, {"every": "day", "grace": "0s"}, {"announce": "group"}, staff=("老板",))
    town.say("老板", "+100")
    town.say("老板", "-100")
    town.wait(days=3)
    assert town.tier("老板") == "c"
    assert [fact.rule for fact in town.facts("points")] == ["town", "town"]
    assert town.outbox() == []


# down


DAILY = {"every": "day", "grace": "0s"}


@pytest.mark.parametrize(
    ("lost", "review", "tier"),
    [
        pytest.param("-10", DAILY, "b", id="at 90 % the tier is kept"),
        pytest.param("-11", DAILY, "a", id="below 90 % it is lost"),
        pytest.param("-11", {**DAILY, "demote_below": 80}, "b", id="the share is the operator's"),
        pytest.param("-11", {**DAILY, "demote_below": "80%"}, "b", id="written as a percentage"),
        pytest.param("-1", {**DAILY, "demote_below": 100}, "a", id="no hysteresis at all"),
        pytest.param("-100", None, "b", id="without a review nobody falls"),
        pytest.param("-100", {"every": "day"}, "b", id="in the days of grace nobody falls"),
    ],
)
def test_points_that_went_away(lost, review, tier):
    town = Town(plain_tiers(a=0, b=100), review)
    town.say("小王", "+100")
    town.say("小王", lost)
    town.wait(days=2)
    assert town.tier("小王") == tier


def test_a_fall_goes_to_the_highest_tier_that_is_kept():
    town = Town(plain_tiers(a=0, b=10, c=100, d=200), DAILY)
    town.say("小王", "+200")
    town.say("小王", "-150")
    town.wait(days=1)
    assert town.moves("小王")[-1] == "d -> b"
    assert ("d -> b", "50 points, less than 90% of 200") in town.because()
    assert town.facts("tier")[-1].amount == -2


def test_a_condition_is_kept_at_90_percent_of_what_it_asks():
    tiers = {"a": {"from": 0}, "b": {"from": 10, "if": "member.active_days_14d >= 10"}}
    town = Town(tiers, DAILY)
    town.say("小王", "+10")
    town.wait(days=1)
    town.active("小王", 9)
    assert town.tier("小王") == "b"
    town.wait(days=4)  # 10 active days in 14: 2 to 11 March; the window begins on the 2nd until the 15th
    assert town.tier("小王") == "b"
    town.wait(days=1)  # the night after the 16th: 9 days, 90 %
    assert town.tier("小王") == "b"
    town.wait(days=1)
    assert town.tier("小王") == "a"
    assert ("b -> a", "8 active days in 14 days, less than 90% of 10") in town.because()


def test_demote_if_takes_one_tier_at_each_review_and_never_the_lowest():
    town = Town(plain_tiers(a=0, b=10, c=100), {**DAILY, "demote_if": "member.active_days_7d < 1"})
    town.say("小王", "+100")
    town.wait(days=7)
    assert town.tier("小王") == "c"
    town.wait(days=1)
    assert town.tier("小王") == "b"
    town.wait(days=30)
    assert town.moves("小王") == ["none -> c", "c -> b", "b -> a"]


def test_points_from_others_do_not_undo_the_review_but_being_active_does():
    tiers = plain_tiers(a=0, b=10)
    town = Town(tiers, {**DAILY, "demote_if": "member.active_days_7d < 2"})
    town.say("小王", "+10")
    town.wait(days=1)
    assert town.tier("小王") == "a"
    town.wait(days=7)
    town.say("小王", "+10")
    assert town.tier("小王") == "a"
    town.wait(days=1)
    town.say("小王", "+10")
    assert town.tier("小王") == "b"


def test_the_grace_counts_from_the_promotion():
    town = Town(plain_tiers(a=0, b=100), {"every": "day", "grace": "3d"})
    town.say("小王", "+100")
    town.say("小王", "-100")
    town.wait(days=3)
    assert town.tier("小王") == "b"
    town.wait(days=1)
    assert town.tier("小王") == "a"


def test_tags_can_protect():
    tiers = {"a": {"from": 0}, "b": {"from": 100, "on_reach": [{"tag": "volunteer"}]}}
    town = Town(tiers, {**DAILY, "protect": ["tag:volunteer", "staff"]})
    town.say("小王", "+100")
    town.say("小王", "-100")
    town.wait(days=3)
    assert town.tier("小王") == "b"


def test_the_lowest_tier_can_be_lost_too_if_it_costs_points():
    town = Town(plain_tiers(a=50), DAILY, {"announce": "private"})
    town.say("小王", "+50")
    town.say("小王", "-50")
    town.wait(days=1)
    assert town.moves("小王") == ["none -> a", "a -> none"]
    assert town.outbox()[-1][1] == "你在「g」现在没有等级了。回复「我的等级」看看怎么升回去。"


def test_demote_if_leaves_the_lowest_tier_alone_even_if_it_costs_points():
    town = Town(plain_tiers(a=50), {**DAILY, "demote_if": "true"})
    town.say("小王", "+50")
    town.wait(days=3)
    assert town.tier("小王") == "a"


# reviews in time


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("day", ["2026-03-03 00:00", "2026-03-04 00:00"]),
        ("week", ["2026-03-09 00:00", "2026-03-16 00:00"]),
        ("month", ["2026-04-01 00:00", "2026-05-01 00:00"]),
    ],
)
def test_reviews_begin_with_the_local_day_week_or_month_and_set_the_next_one(every, days):
    town = Town(plain_tiers(a=0, b=10), {"every": every})
    town.say("小王", "+10")
    for day in days:
        assert town.timers() == {"review:t:小王": day}
        town.ring("review:t:小王")


def test_a_review_rings_once_a_local_day_over_both_clock_changes():
    berlin = ZoneInfo("Europe/Berlin")
    for start in (datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 10, 23, 12, tzinfo=UTC)):
        town = Town(plain_tiers(a=0, b=10), {"every": "day"}, zone=berlin, start=start)
        town.say("Anna", "+10")
        rung = []
        for _ in range(4):
            rung.append(town.timers()["review:t:Anna"])
            town.ring("review:t:Anna")
        first = start.date()
        assert rung == [f"{first + timedelta(days=n)} 00:00" for n in range(1, 5)]


def test_where_midnight_is_skipped_the_review_rings_as_the_day_begins():
    beirut = ZoneInfo("Asia/Beirut")  # on 2026-03-29 the clock goes from 00:00 to 01:00
    town = Town(plain_tiers(a=0, b=10), {"every": "day"}, zone=beirut, start=datetime(2026, 3, 28, 12, tzinfo=UTC))
    town.say("Rana", "+10")
    assert town.timers() == {"review:t:Rana": "2026-03-29 01:00"}
    town.ring("review:t:Rana")
    assert town.timers() == {"review:t:Rana": "2026-03-30 00:00"}


def test_a_review_that_is_about_to_ring_is_not_moved_by_what_happens_just_before():
    town = Town(plain_tiers(a=0, b=10), {"every": "day"})
    town.say("小王", "+10")
    town.at = datetime(2026, 3, 2, 16, 0, 1, tzinfo=UTC)  # one second past the local midnight; the bell is late
    town.say("小王", "+1", live=True)
    assert town.timers() == {"review:t:小王": "2026-03-03 00:00"}


def test_after_a_long_stop_there_is_one_review_and_not_one_for_each_missed_day():
    town = Town(plain_tiers(a=0, b=10), {"every": "day"})
    town.say("小王", "+10")
    assert town.ring("review:t:小王", late=timedelta(days=5)).new == 1
    assert town.timers() == {"review:t:小王": "2026-03-09 00:00"}


def test_the_same_bell_twice_is_one_review():
    town = Town(plain_tiers(a=0, b=100), DAILY)
    town.say("小王", "+100")
    town.say("小王", "-100")
    (row,) = town.store.timers("g")
    events = [row.due(row.at), row.due(row.at + timedelta(seconds=5))]
    for event in events:
        town.engine.process([event])
    assert town.moves("小王") == ["none -> b", "b -> a"]


def test_a_bell_that_is_days_late_asks_about_the_windows_of_now():
    """Three active days of seven were not enough then; the days since must not widen the window."""
    town = Town({"a": {"from": 0}, "b": {"from": 10, "if": "member.active_days_7d >= 4"}})
    town.say("小王", "+10")
    for _ in range(2):
        town.at += timedelta(days=1)
        town.say("小王", "早", live=True)
    town.at += timedelta(days=6)
    town.say("小王", "早", live=True)
    town.ring("recheck:t:小王", late=timedelta(days=7))
    assert town.tier("小王") == "a"


def test_a_bell_that_was_lost_is_hung_up_again_after_a_week():
    town = Town(plain_tiers(a=0, b=10), {"every": "day"})
    town.say("小王", "+10")
    (row,) = town.store.timers("g")
    town.store.bury([], [row.due(row.at)])
    assert town.timers() == {}
    town.at += timedelta(days=9)
    town.say("小王", "+1", live=True)
    assert town.timers() == {"review:t:小王": "2026-03-12 00:00"}


# leaving, coming back, other configurations


def test_points_given_to_somebody_who_left_lift_them_when_they_are_back():
    town = Town(plain_tiers(a=0, b=100))
    town.join("小王")
    town.leave("小王")
    town.say("老李", "pay 小王 100")
    assert town.tier("小王") == "a"
    town.wait(days=1)
    town.join("小王")
    assert town.tier("小王") == "b"


def test_who_leaves_keeps_the_tier_and_is_left_alone_until_they_come_back():
    town = Town(plain_tiers(a=0, b=100), DAILY)
    town.join("小王")
    town.say("小王", "+100")
    town.say("小王", "-100")
    town.leave("小王")
    town.wait(days=30)
    assert (town.tier("小王"), town.timers()) == ("b", {})
    town.join("小王")
    assert list(town.timers()) == ["review:t:小王"]
    town.wait(days=1)
    assert town.tier("小王") == "a"


def test_who_comes_back_unseen_is_reviewed_again():
    town = Town(plain_tiers(a=0, b=100), DAILY)
    town.say("小王", "+100")
    town.say("小王", "-100")
    town.leave("小王")
    town.wait(days=30)
    town.say("小王", "我回来了")
    assert town.timers() == {"review:t:小王": "2026-04-02 00:00"}
    town.wait(days=1)
    assert town.tier("小王") == "a"


def test_points_that_came_while_somebody_was_away_lift_them_when_they_come_back_unseen():
    town = Town(plain_tiers(a=0, b=100))
    town.join("小王")
    town.leave("小王")
    town.say("老李", "pay 小王 100")
    town.wait(days=1)
    town.say("小王", "我回来了")
    assert town.moves("小王") == ["none -> a", "a -> b"]


def test_a_tier_that_is_gone_from_the_configuration_becomes_the_nearest_by_points():
    town = Town(plain_tiers(a=0, gold=100), talk={"announce": "group"})
    town.say("小王", "+150")
    said = len(town.outbox())
    town.configure(plain_tiers(a=0, silver=50, platinum=1000), talk={"announce": "group"})
    town.say("小王", "+1")
    assert town.moves("小王") == ["none -> gold", "gold -> silver"]
    assert ("gold -> silver", "gold is no longer in the configuration; silver is nearest by points") in town.because()
    assert len(town.outbox()) == said


def test_a_review_that_is_configured_later_reaches_everybody_at_their_next_look():
    town = Town(plain_tiers(a=0, b=100))
    town.say("小王", "+100")
    assert town.timers() == {}
    town.configure(plain_tiers(a=0, b=100), {"every": "week"})
    town.say("小王", "+1")
    assert town.timers() == {"review:t:小王": "2026-03-09 00:00"}
    town.configure(plain_tiers(a=0, b=100), {"every": "day"})
    town.say("小王", "+1")
    assert town.timers() == {"review:t:小王": "2026-03-03 00:00"}
    town.configure(plain_tiers(a=0, b=100))
    town.say("小王", "+1")
    assert town.timers() == {}


def test_higher_tiers_hold_the_grants_of_lower_ones():
    options = Tiers.model_validate({"tiers": LADDER})
    assert grants_of(options, "seed") == frozenset()
    assert grants_of(options, "sprout") == {"post_photos"}
    assert grants_of(options, "tree") == {"post_photos", "post_links"}
    assert grants_of(options, "gone") == grants_of(options, None) == grants_of(None, "tree") == frozenset()


@pytest.mark.parametrize("review", [None, {"every": "month"}, {"every": "month", "demote_if": "member.points < 0"}])
@pytest.mark.parametrize(("tier", "beginning"), [("seed", 0), ("sprout", 100)])
def test_points_that_lead_nowhere_cost_no_look_at_a_month_of_days(
    monkeypatch: pytest.MonkeyPatch, review: dict[str, Any] | None, tier: str, beginning: int
):
    looked: list[object] = []
    days = MemoryUnit.days

    def watched(unit: MemoryUnit, wanted: Any) -> Any:
        looked.append(wanted)
        return days(unit, wanted)

    monkeypatch.setattr(MemoryUnit, "days", watched)
    town = Town(review=review)
    town.join("小王")
    town.say("小王", f"+{beginning + 1}")
    assert town.tier("小王") == tier
    looked.clear()
    town.say("小王", "+5")
    assert not looked
    town.say("小王", "+500")
    assert looked, "the condition of the tree is about days"


@pytest.mark.parametrize("review", [None, {"every": "month"}])
@pytest.mark.parametrize("points", ["+5", "-5"])
@pytest.mark.parametrize(
    "tiers",
    [
        pytest.param({"guest": {"from": 0}, "friend": {"from": 0, "if": "member.active_days_7d >= 3"}}, id="a tier"),
        pytest.param({"friend": {"from": 0, "if": "member.active_days_7d >= 3"}}, id="no tier"),
    ],
)
def test_who_comes_back_is_looked_at_each_night_for_a_tier_from_no_points_on(
    tiers: dict[str, Any], points: str, review: dict[str, Any] | None
):
    town = Town(tiers, review)
    town.join("小王")
    town.say("小王", points)
    town.leave("小王")
    town.wait(days=2)
    town.join("小王")
    town.active("小王", 3)
    assert town.tier("小王") == "friend"

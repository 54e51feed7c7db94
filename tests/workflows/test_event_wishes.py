"""Members say in their own words that they come to an event, or cannot; talk that only sounds so is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.engine import Engine
from core.events import Reply
from core.people import Account, Actor, ActorKind
from core.workflow import Bound
from tests.workflows.test_events import BOSS, TEA, Club, person
from workflows import check_in
from workflows.check_in_options import CheckIns

ANA, BEN = person(1), person(2)
WALK = {"title": {"zh": "周六散步", "en": "Saturday walk"}, "at": "sat 10:00"}
IN = {"zh": "报上名了：周五茶会。\n已有 1 人报名", "en": "You are in: Friday tea.\n1 coming"}
OUT = {"zh": "已取消：周五茶会。\n已有 0 人报名", "en": "You are out: Friday tea.\n0 coming"}


def club(language: str = "zh", **written: Any) -> Club:
    """A group with one event that is open, or those that are written."""
    made = Club(languages=(language,), **(written or {"tea": TEA}))
    made.passes(days=3)
    made.told()
    return made


@pytest.mark.parametrize(
    "text",
    [
        *(
            "我要报名",
            "我报名",
            "报名啦",
            "报名+1",
            "参加周五茶会",
            "我也想参加茶会",
            "想参加茶会",
            "也要参加茶会",
            "想来报名",
            "报个名",
            "報個名吧",
            "我也想报名",
            "报名参加",
            "报名 周五茶会",
            "报名：周五茶会",
        ),
        *("报名周五茶会", "报名茶会", "我要报名 tea", "算我一个", "算我一个吧！", "加我一个", "我也参加"),
        *(
            "join",
            "Join!",
            "join tea",
            "join Friday tea",
            "join the event",
            "join the Friday tea",
            "I'd like to join",
            "sign me up for Friday tea",
        ),
        *("count me in", "I'm in!", "I’m in!", "I’d like to join"),
    ],
)
def test_who_says_that_they_come_is_on_the_list(text: str):
    language = "en" if text.replace("’", "").isascii() else "zh"
    assert club(language).says(ANA, text) == [IN[language]]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "取消报名",
            "我要取消报名",
            "退出报名",
            "取消 报名",
            "取消报名 周五茶会",
            "我不去了",
            "去不了了",
            "我来不了",
            "我参加不了了",
            "不报名了",
            "取消茶会的报名",
            "临时有事，去不了了",
            "抱歉来不了了",
            "加班，来不了了",
            "要加班，不来了",
            "生病了，去不了了",
        ),
        *(
            "withdraw",
            "withdraw from Friday tea",
            "cancel my registration",
            "I can't come",
            "Sorry, I can't make it",
            "count me out",
            "sorry, can't make it",
            "Sorry, I can’t make it",
        ),
    ],
)
def test_who_says_that_they_cannot_come_is_off_it(text: str):
    language = "en" if text.replace("’", "").isascii() else "zh"
    made = club(language)
    made.presses(ANA, "yes")
    made.told()
    assert made.says(ANA, text) == [OUT[language]]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "报名费多少",
            "报名了吗",
            "报名 2人",
            "报名截止了",
            "我来",
            "我不去了，太远",
            "参加的人真多",
            "我要报名驾校",
            "参加高考",
            "参加了茶会",
            "取消驾校报名",
            "今天有事，去不了了",
        ),
        *(
            "取消报名费",
            "算我一个傻瓜",
            "join us for dinner",
            "I'm in Shanghai",
            "I can't come up with a title",
            "cancel",
        ),
        *("withdraw some money", "joined", "I'll come back to this"),
    ],
)
def test_talk_signs_nobody_up_or_off(text: str):
    made = club("en" if text.replace("’", "").isascii() else "zh")
    made.presses(ANA, "yes")
    made.told()
    assert made.says(ANA, text) == []


@pytest.mark.parametrize("text", ["我不去了", "去不了了"])
def test_who_comes_to_nothing_and_will_not_go_somewhere_is_not_answered(text: str):
    assert club().says(ANA, text) == []


def test_of_several_events_it_is_asked_which_by_their_names():
    made = club(tea=TEA, walk=WALK)
    (asked,) = made.says(ANA, "我要报名")
    assert "周五茶会" in asked
    assert "周六散步" in asked
    assert made.says(ANA, "报名散步") == ["报上名了：周六散步。\n已有 1 人报名"]
    (asked,) = made.says(BEN, "取消报名")
    assert "哪一个" in asked
    assert made.says(ANA, "我不去了") == ["已取消：周六散步。\n已有 0 人报名"], "the one that she comes to"


def test_of_several_events_what_may_be_about_anything_counts_in_answer_to_an_announcement():
    made = club("en", tea=TEA, walk=WALK)
    assert made.says(ANA, "count me in") == []
    told = Reply(message="9", data="event:yes:walk:20260328")
    assert made.says(ANA, "count me in", reply_to=told) == ["You are in: Saturday walk.\n1 coming"]
    assert made.says(BEN, "I'm in", quoted="📅 Friday tea\n🕗 Fri 27 Mar") == [IN["en"]]


def test_the_title_that_is_written_counts_before_those_that_hold_it():
    made = club(tea=TEA, other={**TEA, "title": {"zh": "茶会", "en": "Tea"}})
    assert made.says(ANA, "报名茶会") == ["报上名了：茶会。\n已有 1 人报名"]


@pytest.mark.parametrize(
    ("language", "text"), [("en", "join in"), ("en", "join a"), ("zh", "报名会"), ("zh", "报名茶")]
)
def test_one_letter_or_a_little_word_of_a_title_names_nothing(language: str, text: str):
    titles = {"zh": "茶会", "en": "A tea in the park"}
    assert club(language, tea={**TEA, "title": titles}).says(ANA, text) == []


def test_what_may_be_about_anything_is_about_the_one_event_that_can_be_answered():
    made = club("en", tea=TEA, walk=WALK)
    made.says(BOSS, "/event cancel walk")
    assert made.says(ANA, "count me in") == [IN["en"]]


def test_the_announcement_of_an_event_that_is_gone_means_none_of_it():
    made = club("en")
    told = Reply(message="9", data="event:yes:gone:20260328")
    assert made.says(ANA, "sign me up", reply_to=told) == [IN["en"]]


def test_what_is_said_to_the_assistant_is_said_to_nobody_else():
    ours = Actor(account=Account("telegram:7"), name="Yaji", kind=ActorKind.BOT)
    assert club().says(ANA, "算我一个", reply_to=Reply(message="9", author=ours), mentions=(ours,)) == [IN["zh"]]


@pytest.mark.parametrize("more", [{"reply_to": Reply(message="9", author=BEN)}, {"mentions": (BEN,)}])
def test_what_is_said_to_another_member_is_about_something_else(more: dict[str, Any]):
    assert club().says(ANA, "算我一个", **more) == []


def test_without_an_event_only_who_asks_for_one_is_told_so():
    made = Club(tea={**TEA, "at": "2026-03-22 20:00"})
    made.told()
    assert made.says(ANA, "算我一个") == []
    assert made.says(ANA, "我要报名") == ["现在没有可以报名的活动。"]


@pytest.mark.parametrize("text", ["报名", "join", "/join"])
def test_who_signs_up_for_a_challenge_is_told_nothing_of_events_where_none_is_open(text: str):
    both = Club()
    challenges = CheckIns.model_validate({"camp": {"name": "晨读", "join": {"required": True}}})
    both.group = replace(both.group, runs=(Bound(check_in.workflow, challenges), *both.group.runs))
    both.engine = Engine(both.store, {"g": both.group})
    (signed_up,) = both.says(ANA, text)
    assert "晨读" in signed_up
    both.passes(days=3)
    both.told()
    assert [line for line in both.says(ANA, text) if "周五茶会" in line]


def test_who_would_come_to_an_event_that_is_not_open_is_told_of_it():
    (told,) = Club().says(ANA, "报名")
    assert "周五茶会" in told

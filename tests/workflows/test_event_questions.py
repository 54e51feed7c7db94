"""What members ask of the events in plain words is answered at once, and opens no question for the group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.engine import Engine
from core.events import Reply
from core.workflow import Bound
from tests.workflows.test_event_wishes import ANA, BEN, WALK, club
from tests.workflows.test_events import TEA, Club
from workflows import check_in, faq, questions
from workflows.check_in_options import CheckIns
from workflows.faq_options import Faq
from workflows.question_options import Asking

ZH = "📅 周五茶会\n🕗 3月27日（周五）20:00（Asia/Shanghai）\n📍 线上\n已有 0 人报名"
HOW = {
    "zh": f"{ZH}\n想来就发「报名」；来不了发「取消报名」。",
    "en": "📅 Friday tea\n🕗 Fri 27 Mar, 20:00 (Asia/Shanghai)\n📍 线上\n0 coming\n"
    "Write /join to come; if you cannot, /withdraw.",
}


def with_options(made: Club, *bound: Bound[Any]) -> Club:
    """The same group with other workflows beside its events."""
    made.group = replace(made.group, runs=(*made.group.runs, *bound))
    made.engine = Engine(made.store, {"g": made.group})
    return made


@pytest.mark.parametrize(
    "text",
    [
        *("怎么报名", "请问怎么报名？", "在哪报名呀", "还能报名吗", "报名怎么报", "还有名额吗？", "如何報名"),
        *("How do I sign up?", "how to join", "can I still join?", "are there any spots left?"),
    ],
)
def test_who_asks_how_to_sign_up_is_told(text: str):
    language = "en" if text.isascii() else "zh"
    assert club(language).says(ANA, text) == [HOW[language]]


@pytest.mark.parametrize(
    "text", ["最近有什么活动", "这周有活动吗？", "谁报名了", "几个人报名了？", "都谁报名了", "哪些人报名了"]
)
def test_who_asks_what_there_is_or_who_comes_is_shown(text: str):
    assert club().says(ANA, text) == [ZH]


def test_of_several_events_each_is_told_and_the_word_once():
    (told,) = club(tea=TEA, walk=WALK).says(ANA, "怎么报名")
    assert [told.count(part) for part in ("周五茶会", "周六散步", "想来就发")] == [1, 1, 1]


@pytest.mark.parametrize(
    "text",
    ["怎么报名驾校", "我问怎么报名", "报名怎么这么难", "有什么活动室", "can I join?", "how to join tables", "活动很好"],
)
def test_what_asks_something_else_is_left_alone(text: str):
    assert club("en" if text.isascii() else "zh").says(ANA, text) == []


def test_what_is_asked_of_somebody_is_not_answered():
    made = club()
    assert made.says(ANA, "怎么报名", mentions=(BEN,)) == []
    assert made.says(ANA, "怎么报名", reply_to=Reply(message="7", author=BEN)) == []


def test_where_the_operator_answers_it_or_a_challenge_is_signed_up_for_the_events_do_not():
    answers = Faq.model_validate({"sign-up": {"ask": ["怎么报名"], "answer": "找阿梅。"}})
    assert with_options(club(), Bound(faq.workflow, answers)).says(ANA, "怎么报名") == ["找阿梅。"]
    camp = CheckIns.model_validate({"camp": {"join": {"keyword": "加入晨读"}}})
    assert with_options(club(), Bound(check_in.workflow, camp)).says(ANA, "怎么报名") == []


def test_the_group_is_not_asked_once_more_about_it():
    made = with_options(club(), Bound(questions.workflow, Asking.model_validate({"after": "30m"})))
    made.says(ANA, "怎么报名")
    made.passes(hours=1)
    assert made.told() == []
    made.says(ANA, "请问怎么加入读书小组")
    made.passes(hours=1)
    assert len(made.told()) == 1

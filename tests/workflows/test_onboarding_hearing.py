"""What a newcomer asks for is no answer to what they were asked, and costs them no try."""

from __future__ import annotations

import pytest

from core.workflow import Bound
from tests.workflows.onboarding_scene import WANG, Scene
from workflows import events
from workflows.event_options import Events

BOOK = {"id": "book", "ask": "我们读什么？", "accept": ["纸书", "paper"]}
WHY = {"id": "why", "ask": "为什么想来？", "text": {"min_chars": 2}}
HELP = {"id": "help", "ask": "想做什么？", "options": ["帮助", "读书"], "accept": "帮助"}
ASKED_FOR = ["我的数据", "帮助", "help", "忘记我", "删除我的数据", "我有多少积分？", "群规", "语言 英文", "申诉"]


@pytest.mark.parametrize("text", ASKED_FOR)
@pytest.mark.parametrize("question", [BOOK, WHY], ids=["accepted", "typed"])
def test_at_the_door_it_costs_no_try_and_opens_nothing(question: dict[str, object], text: str):
    scene = Scene({"entry": {"questions": [question], "tries": 1}})
    scene.knocks(WANG)
    assert scene.whispers(WANG, text) == []
    assert scene.whispers(WANG, "纸书")[0] == "Approve telegram:小王"


@pytest.mark.parametrize("text", ASKED_FOR)
def test_nor_at_the_door_of_an_open_group(text: str):
    scene = Scene({"entry": {"at": "door", "questions": [WHY], "tries": 1}})
    scene.joins(WANG)
    assert scene.whispers(WANG, text) == []
    assert not [line for line in scene.says(WANG, text) if line.startswith("Unmute")]
    assert scene.whispers(WANG, "想早起")[0] == "Unmute telegram:小王"


@pytest.mark.parametrize("text", ["活动", "打卡", "帮助别人", "help others", "语言是我的爱好", "排行榜上看到的"])
def test_what_nobody_would_answer_there_is_an_answer(text: str):
    scene = Scene({"entry": {"questions": [WHY]}})
    scene.knocks(WANG)
    assert scene.whispers(WANG, text)[0] == "Approve telegram:小王"


def test_what_names_an_option_is_one():
    scene = Scene({"entry": {"questions": [HELP]}})
    scene.knocks(WANG)
    assert scene.whispers(WANG, "帮助")[0] == "Approve telegram:小王"
    scene = Scene({"steps": [{"id": "what", "ask": "想做什么？", "options": [{"say": ["帮助"]}, {"say": ["读书"]}]}]})
    scene.joins(WANG)
    assert scene.says(WANG, "帮助") == ["好啦，小王，都答完了，玩得开心！"]


def test_the_words_that_are_right_are_an_answer_whatever_else_they_are():
    scene = Scene({"entry": {"questions": [{"id": "word", "ask": "暗号？", "accept": ["帮助"]}]}})
    scene.knocks(WANG)
    assert scene.whispers(WANG, "我的数据") == []
    assert scene.whispers(WANG, "帮助")[0] == "Approve telegram:小王"


@pytest.mark.parametrize("text", [*ASKED_FOR, "排行榜"])
def test_a_step_stays_open_and_keeps_nothing_of_it(text: str):
    scene = Scene({"steps": [WHY]})
    scene.joins(WANG)
    assert scene.says(WANG, text) == []
    assert scene.says(WANG, "想早起") == ["好啦，小王，都答完了，玩得开心！"]


def test_nor_of_a_question_that_the_events_of_the_group_answer():
    tea = Events.model_validate({"tea": {"title": {"zh": "周五茶会", "en": "Friday tea"}, "at": "fri 20:00"}})
    scene = Scene({"steps": [WHY]}, beside=(Bound(events.workflow, tea),))
    scene.joins(WANG)
    (answer,) = scene.says(WANG, "请问怎么报名？")
    assert "都答完了" not in answer
    assert scene.says(WANG, "想早起") == ["好啦，小王，都答完了，玩得开心！"]

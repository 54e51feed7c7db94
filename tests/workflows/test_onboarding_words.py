"""Onboarding in words: an answer is heard in what people write around it, and an attempt gets one hint."""

from __future__ import annotations

from typing import Any

import pytest

from core.events import Reply
from tests.workflows.onboarding_scene import ADMIN, ANN, WANG, Scene, bot
from tests.workflows.test_onboarding import AGREE, HOUSE, TRACK
from workflows.answer_words import meant

WHICH = {
    "zh": "没看出你选的是哪个。请回复 1 到 2 的数字，或者直接写选项。",
    "en": "I could not tell which one you choose. Please answer with a number from 1 to 2, or write what you choose.",
}
ONE = {
    "zh": "这里只能选一个。请回复 1 到 2 的数字，或者直接写选项。",
    "en": "Only one can be chosen here. Please answer with a number from 1 to 2, or write what you choose.",
}


def asked(step: dict[str, Any], text: str, **more: Any) -> tuple[list[str], Scene]:
    """What a newcomer is told who writes a text at a step."""
    scene = Scene(HOUSE | {"steps": [step]})
    who = ANN if text.isascii() and text[:1].isalpha() else WANG
    scene.joins(who)
    return scene.says(who, text, **more), scene


def chosen(text: str, **more: Any) -> str | None:
    _, scene = asked(TRACK, text, **more)
    who = ANN if text.isascii() and text[:1].isalpha() else WANG
    return next((tag.partition(":")[2] for tag in scene.tags(who) if tag.startswith("track:")), None)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "我选英语",
            "选英语",
            "英语吧",
            "我想学英语",
            "英语 谢谢",
            "英语！谢谢",
            "那就英语吧",
            "你好，我要参加英语组",
        ),
        *("第一个", "一", "1号", "①吧", "我选第一个", "选一"),
        *(
            "english please",
            "I choose english",
            "I'd like to go with English, thanks",
            "the first one",
            "one",
            "First!",
        ),
        "number one",
    ],
)
def test_an_answer_is_heard_in_what_stands_around_it(text: str):
    assert chosen(text) == "english"


@pytest.mark.parametrize(
    "text", ["第二个", "2号", "二", "two", "second", "the second one", "我選寫作", "writing please"]
)
def test_so_is_the_other_one(text: str):
    assert chosen(text) == "writing"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "同意",
            "我同意",
            "我同意群规",
            "已读，同意",
            "我已阅读并同意群规",
            "本人同意遵守群规",
            "好的",
            "好的，同意",
            "没问题",
        ),
        *("ok", "Yes!", "Agreed", "I agree", "i agree to the rules", "I have read and agree to all the rules"),
    ],
)
def test_who_agrees_in_their_own_words_has_agreed(text: str):
    told, _ = asked(AGREE, text)
    assert len(told) == 1
    assert told[0].startswith(("好啦", "That's all"))


@pytest.mark.parametrize("text", ["不同意", "我不同意", "I don't agree", "收到", "已阅读"])
def test_who_does_not_agree_has_not(text: str):
    told, scene = asked(AGREE, text)
    assert told[0].startswith(("没看出", "I could not tell"))
    assert scene.timers() != []


def test_an_ok_is_no_answer_where_none_says_yes():
    assert chosen("ok") is None
    assert asked(TRACK, "好的")[0] == [WHICH["zh"]]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *(("1和2", "zh"), ("1 2", "zh"), ("1,2", "zh"), ("英语和写作", "zh"), ("我都想学", "zh"), ("两个都要", "zh")),
        *(("both", "en"), ("English and writing", "en"), ("one and two please", "en")),
    ],
)
def test_who_names_several_is_told_that_one_can_be_chosen(text: str, language: str):
    told, scene = asked(TRACK, text)
    assert told == [ONE[language]]
    assert scene.says(ANN if language == "en" else WANG, text) == []


@pytest.mark.parametrize(("text", "language"), [("随便", "zh"), ("选英文", "zh"), ("都行", "zh"), ("whatever", "en")])
def test_an_attempt_gets_one_hint_for_each_step(text: str, language: str):
    told, scene = asked(TRACK, text)
    assert told == [WHICH[language]]
    assert scene.says(ANN if language == "en" else WANG, text) == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "我不喜欢英语",
            "我要写作业",
            "英语怎么样？",
            "英语难吗",
            "我想学英语口语和写作技巧",
            "2 个人",
            "今天天气真好",
            "大家好",
        ),
        *("I don't like English", "english is hard", "is it english?", "hello everyone", "one more coffee", "A"),
    ],
)
def test_talk_is_neither_an_answer_nor_an_attempt(text: str):
    told, scene = asked(TRACK, text)
    assert told == []
    assert not any(tag.startswith("track") for who in (ANN, WANG) for tag in tagged(scene, who))


def tagged(scene: Scene, who: Any) -> set[str]:
    known = {member.account for member in scene.store.people("reading")}
    return scene.tags(who) if who.account in known else set()


@pytest.mark.parametrize("more", [{"reply_to": Reply(message="7", author=ADMIN)}, {"mentions": (ADMIN,)}])
@pytest.mark.parametrize("text", ["好的", "随便", "我选英语", "两个都要"])
def test_what_is_said_to_another_member_is_for_them(text: str, more: dict[str, Any]):
    told, scene = asked(TRACK, text, **more)
    assert told == []
    assert scene.tags(WANG) == set()


def test_an_answer_to_the_assistant_is_one():
    assert chosen("那就英语吧", reply_to=Reply(message="7", author=bot())) == "english"


def test_each_step_has_its_own_hint():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.says(WANG, "不同意") == ["没看出你选的是哪个。请回复 1，或者直接写选项。"]
    scene.says(WANG, "我同意")
    assert scene.says(WANG, "随便") == [WHICH["zh"]]


@pytest.mark.parametrize(
    ("text", "places"),
    [("我在上海", {1}), ("北京吧", {2}), ("我在北京和上海", {1, 2}), ("北京烤鸭", set()), ("不在上海", set())],
)
def test_what_is_left_without_the_words_around_is_an_answer_whole(text: str, places: set[int]):
    assert meant((("上海", "Shanghai"), ("北京", "Beijing")), text, numbers=True) == places

"""What asks something that somebody may answer, and what is only said so."""

from __future__ import annotations

import random
import sys
from types import FrameType
from typing import Any

import pytest

from benchmarks.traffic import plain_text
from core.events import MessagePosted
from tests.workflows.test_questions import ANA, BEN, START, Room
from workflows import questions
from workflows.asking import asks
from workflows.question_options import Asking

ASKED = [
    *("请问怎么安装", "怎么安装", "怎么安装呢", "有人知道怎么安装吗", "谁知道怎么安装", "求助：怎么安装", "怎麼安裝呢"),
    *(
        "这个软件怎么安装",
        "软件装不上怎么办",
        "大家好，请问群规在哪看？谢谢",
        "哪位能帮忙看一下",
        "我想问一下会费怎么退",
    ),
    *(
        "是不是要先报名",
        "应该是明天八点吧？",
        "请问几点集合",
        "有没有推荐的书",
        "@ada 请问怎么打卡？",
        "这样可以么？",
        "有电子版么",
        "現在報名還來得及麼",
    ),
    *("活动几点开始", "下次活动什么时候", "押金什么时候退", "打卡截止到几点", "报名在哪", "会费是多少", "会费多少"),
    *("会费怎么交", "发票怎么开", "老师好，请问会费是多少", "各位老师好，会费怎么交", "大家好，想问问怎么打卡"),
    *(
        "是不是几点打卡都可以",
        "请问是不是哪天请假都可以",
        "能不能两本都行",
        "有没有人两本都有",
        "各位书友好，有没有人用过这个",
    ),
    *("有人问会费怎么交", "不会怎么打卡", "没找到怎么报名", "为什么大家都有", "怎么大家都有"),
    *("学费怎么交", "新同学怎么报名", "教材怎么买", "讲座怎么报名", "分享会怎么报名", "视频怎么下载", "聊天记录怎么查"),
    *("看看 https://a.example/?q=1 这个怎么装？", "我的会费到账了吗？", "周五茶会在哪里？"),
    *(
        "How do I install it?",
        "how do I install it",
        "How do I export my data, anyone?",
        "can anyone help me with the setup",
    ),
    *("hi all, where is the archive? thanks!", "does anyone know the wifi password", "any idea how to fix this"),
    *("what time is the meeting", "which book should I read first", "Any news?", "is the archive open today"),
]
SAID = [
    *(
        "早上好，今天天气不错吧？",
        "在吗？",
        "吃了吗？",
        "这真没什么",
        "中午点个饿了么",
        "可不是么",
        "这不就是吗",
        "那还用说吗",
        "天气就是这么",
        "哈哈哈？",
        "哈哈哈哈？",
        "真的吗？",
        "你觉得呢？",
        "有人在吗？",
        "大家都好吗？",
    ),
    *(
        "怎么可能",
        "怎么会这样",
        "我知道会费是多少",
        "能打卡多少是多少",
        "打卡多少天了都忘了",
        "教大家怎么打卡",
        "公告写了怎么打卡",
        "大家好，新人先看群规怎么打卡",
        "我来演示怎么打卡",
        "今天学了怎么做饭",
        "刚学会怎么用",
        "爱怎么用",
        "今天读到哪算哪",
        "我问他几点开始",
        "看看大家怎么打卡",
        "打卡怎么样都行",
        "怎么打卡都行",
        "如何打卡\n时间几点都可以",
        "怎么交费都可以",
        "报名的人怎么这么多",
        "押金多少无所谓",
        "活动多少人参加都可以",
        "想问题想到头疼",
        "我知道怎么安装",
        "不知道怎么安装的请看群公告",
        "可以，明天见",
        "没什么",
        "就是嘛",
        "我还在想呢",
    ),
    *(
        "怎么说呢，挺好的",
        "多少有点难",
        "今天讲怎么装",
        "问题不大",
        "几点开始都行",
        "龙井该用几度的水呢",
        "如何安装 https://a.example",
        "早安",
        "谢谢",
    ),
    *(
        "https://a.example/?q=1",
        "https://a.example/?q=1?",
        "Really?",
        "What?!",
        "???",
        "How are you?",
        "how are you all today?",
    ),
    *(
        "when I was young I read a lot",
        "what a nice day it is",
        "which is why I like it",
        "do it again please",
        "who knows",
    ),
    *("Good morning everyone, how are you?", "How to read a book https://a.example/b", "it is nice here.", "is it?"),
]


def waiting(text: str, **more: Any) -> bool:
    """Whether the group is asked once more for a message."""
    room = Room(after="30m")
    room.says(ANA, text, **more)
    room.passes(hours=1)
    return room.told() != []


@pytest.mark.parametrize("text", ASKED)
def test_a_question_is_open_with_a_mark_or_without(text: str):
    assert asks(text)
    assert waiting(text)


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_to_pass_the_time_or_tells_something_is_none(text: str):
    assert not waiting(text)


def test_what_asks_back_without_a_mark_is_no_answer():
    room = Room(after="30m")
    question = room.says(ANA, "请问怎么安装")
    room.says(BEN, "你用的是手机吗", to=(question, ANA))
    room.passes(minutes=31)
    assert len(room.told()) >= 1


def test_what_begins_like_a_question_may_be_an_answer():
    room = Room(after="30m")
    question = room.says(ANA, "请问怎么安装")
    room.says(BEN, "怎么安装见群公告", to=(question, ANA))
    room.passes(minutes=45)
    assert [line for line in room.told() if "Nobody" in line] == []


def steps_of(event: MessagePosted, options: Asking) -> int:
    """How many steps Python takes to see what is read for a message."""
    count = 0

    def step(frame: FrameType, what: str, argument: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += what == "opcode"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        questions.workflow.reads(event, options)
    finally:
        sys.settrace(before)
    return count


def test_a_plain_message_is_turned_away_in_few_steps():
    maker, options = random.Random(5), Asking()
    texts = [plain_text(maker) for _ in range(500)]
    said = [
        MessagePosted(id=f"e{n}", at=START, group="g", actor=ANA, message=str(n), text=text)
        for n, text in enumerate(texts)
    ]
    for event in said:
        questions.workflow.reads(event, options)
    assert sum(steps_of(event, options) for event in said) <= 60 * len(said)

"""Answers to what is asked often: what asks for one, what does not, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.effects import Say, plain
from core.engine import Engine
from core.events import ButtonPressed, MessagePosted
from core.memory import MemoryStore
from core.people import NOBODY, Account, Actor, ActorKind
from core.ports import RecordAt
from core.workflow import Bound, Group
from tests.support.ears import Ears
from workflows import faq, members
from workflows.faq import GIVEN, Given
from workflows.faq_index import Index
from workflows.faq_options import Faq
from workflows.members import Members
from workflows.texts import Catalog

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ANSWERS = {
    "time": {"ask": ["几点打卡", "打卡时间", "check-in time"], "answer": {"zh": "五点半到九点。", "en": "From 05:30."}},
    "rules": {"ask": ["群规", "rules"], "answer": {"zh": "${member.name}，请友善。", "en": "${member.name}, be kind."}},
    "fee": {"ask": ["membership fee", "会费"], "answer": {"zh": "不收费。", "en": "It is free."}},
}  # fmt: skip
INDEX = Faq.model_validate(ANSWERS).index
ANA = Actor(account=Account("telegram:1"), name="Ana", language="en")
LI = Actor(account=Account("telegram:2"), name="小李", language="zh")
WU = Actor(account=Account("telegram:3"), name="小吴", language="zh")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("打卡时间", "time"), ("打卡时间？", "time"), ("打卡時間", "time"), (" 群规！ ", "rules"),
        ("Rules", "rules"), ("RULES?", "rules"), ("check in time", "time"), ("Check-in  Time!", "time"),
        ("请问会费是多少", "fee"), ("大家几点打卡呢", "time"), ("what are the rules here?", "rules"),
        ("is there a membership fee?", "fee"), ("how much is the Membership-Fee", "fee"),
        ("大家打卡时间是几点？谢谢！", "time"), ("your membership fee? Thanks", "fee"),
        ("打卡时见", "time"), ("几点达卡", "time"), ("打卡的时间", "time"), ("打卡间时", "time"),
        ("老师好，请问会费是多少", "fee"), ("老师好 会费是多少", "fee"), ("会费什么时候交", "fee"),
        ("会费怎么交", "fee"),
        ("membership fe", "fee"), ("memebrship fee", "fee"), ("membershp fea", "fee"), ("chekc-in time", "time"),
    ],
)  # fmt: skip
def test_what_asks_for_an_answer(text, wanted):
    assert INDEX.asked(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "？？？", "hello", "哈哈哈哈", "打卡", "打卡了", "时间过得真快", "会议", "会员费用太高", "fee",
        "rulers", "我今天打卡时间有点晚，昨天加班了", "the rules of chess are old", "cruel rulesets?",
        "I read the membership fee page", "真的吗？我看了群规，谢谢！", "really? I read the rules, thanks",
        "我知道会费是多少", "会费我交了多少次了", "教大家会费怎么交", "我看看会费什么时候交", "会费多少无所谓",
        "公告写了会费怎么交", "群公告有会费怎么交", "我发你会费怎么交", "我跟你说会费怎么交", "我懂了会费怎么交",
        "我会了，会费怎么交",
        "演示一下会费怎么交", "视频：会费怎么交", "【教程】会费怎么交",
        "关于会费怎么交", "讨论一下会费怎么用", "由大家决定会费怎么用",
        "会费该怎么交就怎么交", "会费的事再看怎么办", "问了老师会费怎么交", "老有人问会费是多少", "好多人问会费怎么交",
        "x" * 5_000, "打卡时间" * 100, "rules " * 40,
    ],
)  # fmt: skip
def test_what_asks_for_nothing(text):
    assert INDEX.asked(text) is None


@pytest.mark.parametrize(
    "text", ["晚点打卡", "早点打卡", "打卡没时间", "打卡有时间", "打卡花时间", "打卡时长", "打卡空间"]
)
def test_a_letter_that_says_something_else_is_no_slip(text):
    assert INDEX.asked(text) is None


def test_what_denies_is_no_slip_of_what_does_not():
    index = Index([("不能打卡", "trouble")])
    assert [index.asked(text) for text in ("能打卡", "不能打咔")] == [None, "trouble"]


def test_short_words_forgive_no_slip():
    index = Index([("会费", "fee"), ("rule", "rule")])
    assert [index.asked(text) for text in ("会员", "role", "rules", "会费")] == [None, None, None, "fee"]


def test_what_is_as_near_to_two_answers_gets_none():
    index = Index([("plan alpha", "a"), ("plan alpho", "o")])
    assert index.asked("plan alph") is None
    assert index.asked("how about plan alpha and plan alpho?") is None
    assert index.asked("plan alpha") == "a"


def test_in_private_words_are_found_without_a_question():
    assert INDEX.asked("I want to know the rules") is None
    assert INDEX.asked("I want to know the rules", closely=True) == "rules"


def test_a_thousand_words_are_no_more_work_than_ten():
    """Counted in look-ups and not in time: a plain message is turned away before its words are folded."""
    index = Index((f"question number {n}", str(n)) for n in range(1_000))
    assert index.asked("question number 77") == "77"
    assert index.asked("good morning everybody") is None
    assert index._heads == {"q", "Q"}


class Desk(Ears):
    def __init__(self, **changes: Any) -> None:
        self.store = MemoryStore()
        options = Faq.model_validate({**ANSWERS, **changes})
        runs = (Bound(faq.workflow, options), Bound(members.workflow, Members(faq=options)))
        self.group = Group(key="g", languages=("zh", "en"), runs=runs, texts=Catalog.shipped())
        self.engine, self.at, self.made = Engine(self.store, {"g": self.group}), START, 0

    def run(self, event: Any) -> list[Any]:
        outcome = self.engine.process([event])
        assert not outcome.faults, outcome.faults
        return self.effects()

    def says(self, who: Actor, text: str, seconds: float = 120, **told: Any) -> list[Any]:
        self.at += timedelta(seconds=seconds)
        self.made += 1
        message = {"message": str(self.made), "text": text, **told}
        return self.run(MessagePosted(id=f"telegram:{self.made}", at=self.at, group="g", actor=who, **message))

    def presses(self, who: Actor, data: str, message: str = "77", **told: Any) -> list[Any]:
        self.made += 1
        pressed = {"actor": who, "data": data, "message": message, **told}
        return self.run(ButtonPressed(id=f"telegram:{self.made}", at=self.at, group="g", **pressed))

    def given(self) -> Given:
        with self.store.unit() as unit:
            place = RecordAt("g", NOBODY, GIVEN.name)
            found: Any = unit.records([(place, GIVEN)])[place]
        assert isinstance(found, Given)
        return found


def test_an_answer_hangs_on_its_question_in_the_language_of_who_asked():
    desk = Desk()
    for who, wanted in ((LI, "小李，请友善。"), (ANA, "Ana, be kind.")):
        (say,) = desk.says(who, "群规")
        assert isinstance(say, Say)
        assert (plain(say.words), say.reply_to, say.chooser) == (wanted, str(desk.made), who.account)
        assert len(say.choices) == 2


def test_the_group_hears_an_answer_once_in_its_cooldown_and_private_chats_always():
    desk = Desk(time={**ANSWERS["time"], "cooldown": "10m"})
    assert desk.says(LI, "打卡时间")
    assert desk.says(WU, "打卡时间", seconds=60) == []
    (say,) = desk.says(WU, "打卡时间", seconds=60, private=True)
    assert say.to == WU.account
    assert desk.says(ANA, "群规", seconds=1)
    assert desk.says(WU, "打卡时间", seconds=600)


def test_an_answer_that_was_given_in_another_language_was_not_heard():
    desk = Desk(time={**ANSWERS["time"], "cooldown": "10m"})
    assert desk.says(LI, "打卡时间")
    assert desk.says(ANA, "打卡时间", seconds=60)
    assert desk.says(ANA, "打卡时间", seconds=60) == []
    assert desk.says(LI, "打卡时间", seconds=60) == []
    assert desk.says(LI, "打卡时间", seconds=420)
    assert desk.says(ANA, "打卡时间", seconds=1) == []


@pytest.mark.parametrize("told", [{"forwarded": True}, {"desk": True, "private": True}, {"kind": "poll"}])
def test_what_is_not_asked_of_the_group_is_not_answered(told):
    assert Desk().says(LI, "打卡时间？", **told) == []


@pytest.mark.parametrize("kind", [ActorKind.BOT, ActorKind.CHANNEL, ActorKind.ANONYMOUS_ADMIN])
def test_only_persons_are_answered(kind):
    assert Desk().says(Actor(account=Account("telegram:9"), name="x", kind=kind), "会费") == []


def test_the_operators_own_answer_takes_the_place_of_the_assistants():
    desk = Desk()
    assert len(desk.says(LI, "群规")) == 1
    assert len(desk.says(LI, "/rules")) == 1


def test_whether_it_helped_counts_once_for_each_answer():
    desk = Desk()
    (say,) = desk.says(LI, "会费")
    helped, did_not = (choice.data for choice in say.choices)
    assert desk.presses(LI, helped) == []
    assert desk.presses(LI, did_not) == []
    (told,) = desk.presses(LI, did_not, message="78", topic="7")
    assert (plain(told.words), told.topic) == ("好的，那就请群里的朋友来回答。", "7")
    assert desk.presses(LI, "faq:helped:0000000000", message="79") == []
    count = desk.given().of["fee"]
    assert (count.given, count.helped, count.did_not) == (1, 1, 1)


def test_what_is_said_of_an_answer_in_private_stays_there():
    desk = Desk()
    (say,) = desk.says(LI, "会费", private=True)
    (told,) = desk.presses(LI, say.choices[1].data)
    assert (told.to, told.reply_to, plain(told.words)) == (LI.account, None, "好的，那请到群里问问大家。")
    (say,) = desk.says(ANA, "会费", private=True)
    assert len(desk.presses(ANA, say.choices[1].data)) == 1  # another chat, whose messages bear the same numbers


def test_by_number_it_counts_too_though_a_number_names_no_message():
    desk = Desk()
    (say,) = desk.says(LI, "会费")
    (told,) = desk.presses(LI, say.choices[1].data, message="")
    assert (told.reply_to, plain(told.words)) == (None, "好的，那就请群里的朋友来回答。")
    assert desk.given().of["fee"].did_not == 1


@pytest.mark.parametrize("written", ["!!!", "…", "？"])
def test_words_without_letters_are_refused(written):
    with pytest.raises(ValueError, match="nobody can ask it"):
        Faq.model_validate({"a": {"ask": written, "answer": "x"}})


@pytest.mark.parametrize("asked", ["/rules", "/群规", "群规"])
@pytest.mark.parametrize(("who", "told"), [(LI, "小李，请友善。"), (ANA, "Ana, be kind.")])
def test_the_rules_behind_a_slash_are_those_that_the_operator_wrote_as_an_answer(asked, who, told):
    (say,) = Desk().says(who, asked)
    assert plain(say.words) == told

"""Choices where there are no buttons: a number or a name counts while a question is open, and only then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from core import choosing
from core.choices import Open, answered, asked, first_letters, may_answer
from core.decision import Decision, SpeakTo
from core.degrade import Instead, degrade
from core.effects import Choice, Say, TellAdmins, plain
from core.engine import Engine
from core.events import ButtonPressed, MemberJoined, MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Bound, Group, Workflow
from workflows.catalog import Catalog

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
LI, WANG, MIA = (Actor(account=Account(f"wechat:{name}"), name=name) for name in ("li", "wang", "mia"))
CHOICES = (Choice(label="✅ 同意", data="yes"), Choice(label="再想想", data="no"))
PROPOSAL = TellAdmins(words=("移出？",), choices=(Choice(label="是", data="p:yes"), Choice(label="否", data="p:no")))
LETTERS = first_letters(("✅ 同意", "再想想", "是", "否"))
_ids = count(1)


def question(*labels: str, at: datetime = AT, workflow: str = "w", held: Open | None = None, **more: object) -> Open:
    choices = tuple(Choice(label=label, data=f"d{n}") for n, label in enumerate(labels, 1))
    return asked(held, Say(words=("?",), choices=choices, **more), workflow, at)  # type: ignore[arg-type]


def chosen(held: Open, text: str, at: datetime = AT) -> str | None:
    found = answered(held, text, at)
    return found.choice.data if found is not None else None


@pytest.mark.parametrize(
    "text", ["1", "1.", "1、", "１", "①", " 1 ", "（1）", "选1", "我选 1", "option 1", "同意", "✅ 同意", "同意！"]
)
def test_a_number_or_a_label_chooses(text: str):
    assert chosen(question("✅ 同意", "再想想"), text) == "d1"


@pytest.mark.parametrize(
    "text",
    [
        "二", "二。", "第二", "第二个", "第二個！", "第2个", "第 2 项", "选二", "我选第二个", "選二",
        "選第2個", "2️⃣", " 2️⃣ ", "②", "２", "(2)", "（2）", "【2】", "#2", "“2”", "No. 2", "number 2", "Option 2",
    ],
)  # fmt: skip
def test_numbers_as_people_write_them_are_looked_at_and_choose(text: str):
    assert may_answer(text, frozenset())
    assert chosen(question("✅ 同意", "再想想"), text) == "d2"


@pytest.mark.parametrize(("text", "n"), [("十", 10), ("十一", 11), ("第十二个", 12), ("二十", 20), ("选二十一", 21)])
def test_chinese_numerals_are_read_below_a_hundred(text: str, n: int):
    assert may_answer(text, frozenset())
    assert chosen(question(*(f"答案{n}" for n in range(1, 31))), text) == f"d{n}"


@pytest.mark.parametrize(
    "text",
    [
        "两个", "一个", "选一个", "一样", "一起去", "第一次来", "二三", "一一", "十十", "十分感谢", "三天", "1号",
        "No way", "二手书", "第二天",
    ],
)  # fmt: skip
def test_talk_that_begins_like_a_number_chooses_nothing(text: str):
    held = question("✅ 同意", "再想想", *"三四五六七八九十")
    assert not may_answer(text, frozenset()) or chosen(held, text) is None


@pytest.mark.parametrize("text", ["3", "0", "11", "1 个人", "同意吗", "我同意你说的", "", "。"])
def test_what_names_no_choice_is_no_answer(text: str):
    assert chosen(question("✅ 同意", "再想想"), text) is None


def test_one_word_of_a_label_chooses_unless_two_labels_have_it():
    held = question("English book", "Chinese book")
    assert chosen(held, "english") == "d1"
    assert chosen(held, "book") is None


def test_two_open_questions_have_no_number_in_common():
    held = question("甲", "乙", at=AT + timedelta(minutes=1), workflow="b", held=question("红", "蓝", workflow="a"))
    for text, label, left in (("1", "红", ("甲", "乙")), ("4", "乙", ("红", "蓝"))):
        found = answered(held, text, AT + timedelta(minutes=2))
        assert found is not None
        assert (found.choice.label, found.instead, [one.labels for one in found.left.questions]) == (label, (), [left])


def test_by_a_name_that_two_open_questions_have_the_one_asked_last_is_meant():
    held = question("是", "否", at=AT + timedelta(minutes=1), workflow="b", held=question("是", "否", workflow="a"))
    found = answered(held, "是", AT + timedelta(minutes=2))
    assert found is not None
    assert (len(found.instead), [one.workflow for one in found.left.questions]) == (1, ["a"])


def test_numbers_begin_again_when_nothing_is_open_and_never_have_three_digits():
    held = question("红", "蓝", workflow="a")
    assert question("甲", held=held, at=AT + timedelta(days=2), workflow="b").questions[-1].first == 1
    for n in range(60):
        held = question("是", "否", workflow=f"w{n}", held=held)
        assert held.questions[-1].first + 1 <= 99


def test_the_next_question_of_a_workflow_to_a_member_takes_the_place_of_its_last_one():
    held = question("丙", chooser=LI.account, held=question("甲", "乙", chooser=LI.account))
    assert [one.labels for one in held.questions] == [("丙",)]


def test_what_the_whole_group_is_asked_stays_open_beside_the_next_question_unless_it_is_the_same_one():
    group = asked(None, Say(words=("?",), choices=CHOICES), "events", AT)
    other = Say(words=("?",), choices=(Choice(label="来", data="other"),))
    both = asked(group, other, "events", AT + timedelta(minutes=1))
    assert [chosen(both, text) for text in ("1", "3")] == ["yes", "other"]
    again = asked(both, Say(words=("?",), choices=CHOICES), "events", AT + timedelta(minutes=2))
    assert [one.data for one in again.questions] == [("other",), ("yes", "no")]


def test_a_question_closes_after_a_day_or_when_it_is_worth_nothing():
    assert chosen(question("甲"), "1", AT + timedelta(days=1)) is None
    soon = question("甲", expires=AT + timedelta(minutes=5))
    assert chosen(soon, "1", AT + timedelta(minutes=4)) == "d1"
    assert chosen(soon, "1", AT + timedelta(minutes=5)) is None


@pytest.mark.parametrize(("text", "data"), [("0", "d1"), ("９", "d10"), ("10", "d11"), ("11", None)])
def test_numbers_that_are_asked_for_are_their_own(text: str, data: str | None):
    assert chosen(question(*map(str, range(11))), text) == data


def test_what_is_asked_beside_numbers_begins_behind_them_and_the_number_asked_last_is_meant():
    scores = tuple(Choice(label=str(n), data=f"score{n}") for n in range(11))
    old = asked(None, Say(words=("?",), choices=CHOICES), "events", AT)
    both = asked(old, Say(words=("?",), choices=scores), "surveys", AT)
    answer = answered(both, "2", AT)
    assert answer is not None
    assert (answer.choice.data, [one.data for one in answer.instead]) == ("score2", ["no"])
    third = asked(both, Say(words=("?",), choices=CHOICES[:1]), "polls", AT)
    assert third.questions[-1].first == 11


@pytest.mark.parametrize(
    ("text", "looked"),
    [("1", True), ("我选1", True), ("同", True), ("我在", False), ("早", False), ("", False), ("1" * 41, False)],
)
def test_a_message_is_looked_at_only_if_it_begins_like_an_answer(text: str, looked: bool):
    assert may_answer(text, LETTERS) is looked


def _asks(event: object, options: object, view: object) -> Decision:
    """Asks on "?", proposes on "!", and writes down what was pressed."""
    if isinstance(event, ButtonPressed):
        if event.actor == MIA:
            return Decision(because=("refused",))
        return Decision(effects=(Say(words=(f"pressed {event.data} by {event.actor.name}",)),), because=("pressed",))
    assert isinstance(event, MessagePosted)
    if event.text == "?":
        return Decision(effects=(Say(words=("？",), choices=CHOICES, chooser=event.actor.account),), because=("asked",))
    if event.text == "aside?":
        return Decision(
            effects=(Say(words=("？",), choices=CHOICES, to=event.actor.account),), because=("asked in private",)
        )
    if event.text == "secret?":
        to, until = event.actor.account, event.at + timedelta(days=14)
        asked = Say(words=("？",), choices=CHOICES, to=to, confidential=True, expires=until)
        return Decision(effects=(asked,), because=("asked in private alone",))
    if event.text == "all?":
        return Decision(
            effects=(Say(words=("？",), choices=(Choice(label="来", data="all"),)),), because=("asked all",)
        )
    if event.text == "english!":
        return Decision(changes=(SpeakTo(member=event.actor.account, language="en"),), because=("speaks English",))
    if event.text == "!":
        return Decision(effects=(PROPOSAL,), because=("proposed",))
    return Decision(because=(f"heard {event.text}",))


asking = Workflow("asking", dict, frozenset({MessagePosted, ButtonPressed}), lambda event, options: (), _asks)


class Room:
    """A room on WeChat and a chat on Telegram that are one group, with two admins."""

    def __init__(self, store: MemoryStore | None = None, *, desk: str = "", language: str = "zh") -> None:
        self.store = store or MemoryStore()
        self.group = Group(
            key="g",
            runs=(Bound(asking, {}),),
            platforms=("telegram", "wechat"),
            numbered=("wechat",),
            letters=LETTERS,
            staff=frozenset({WANG.account}),
            moderators=frozenset({MIA.account}),
            desk=desk,
            languages=(language, "en" if language == "zh" else "zh"),
            texts=Catalog.shipped(),
        )
        self.engine = Engine(self.store, {"g": self.group})

    def says(self, who: Actor, text: str, *, at: datetime = AT, platform: str = "wechat", **more: object) -> None:
        id_ = f"{platform}:{next(_ids)}"
        event = MessagePosted(id=id_, at=at, group="g", actor=who, message=id_, text=text, **more)  # type: ignore[arg-type]
        outcome = self.engine.process([event])
        assert not outcome.faults
        assert not outcome.buried

    def joins(self, who: Actor, *, at: datetime) -> None:
        outcome = self.engine.process([MemberJoined(id=f"wechat:{next(_ids)}", at=at, group="g", actor=who)])
        assert not outcome.faults

    def said(self) -> list[str]:
        return [plain(row.effect.words) for row in self.store.outbox("g") if isinstance(row.effect, Say)]

    def heard(self) -> list[str]:
        rows = self.store.audit("g")
        return [because for row in rows for because in row.because if because.startswith("heard")]


def test_a_number_is_a_press_of_whoever_was_asked_and_of_nobody_else():
    room = Room()
    room.says(LI, "?")
    room.says(WANG, "1")
    room.says(LI, "1")
    assert room.said()[1:] == ["pressed yes by li"]
    assert room.heard() == ["heard 1"]


def test_the_numbers_are_listed_in_the_language_of_whoever_is_asked():
    room = Room()
    for text in ("?", "english!", "?"):
        room.says(LI, text)
    asked = [row.effect for row in room.store.outbox("g") if row.platform == "wechat"]
    became = [degrade(one, frozenset({"say"}), room.group, at=AT) for one in asked]
    listed = [one.effects[0] for one in became if isinstance(one, Instead)]
    assert [plain(one.words) for one in listed if isinstance(one, Say)] == [
        "？\n回复数字选择：\n1. ✅ 同意\n2. 再想想",
        "？\nAnswer with a number:\n1. ✅ 同意\n2. 再想想",
    ]


def test_a_number_without_an_open_question_is_a_message():
    room = Room()
    room.says(LI, "1")
    assert (room.said(), room.heard()) == ([], ["heard 1"])


def test_an_answer_counts_once():
    room = Room()
    room.says(LI, "?")
    room.says(LI, "2")
    room.says(LI, "2")
    assert room.said()[1:] == ["pressed no by li"]
    assert room.heard() == ["heard 2"]


def test_where_there_are_buttons_a_number_is_a_message():
    room = Room()
    li = Actor(account=Account("telegram:7"), name="li")
    room.says(li, "?", platform="telegram")
    room.says(li, "1", platform="telegram")
    assert room.heard() == ["heard 1"]


def test_an_open_question_outlives_the_process():
    room = Room()
    room.says(LI, "?")
    later = Room(room.store)
    later.says(LI, "同意", at=AT + timedelta(hours=3))
    assert later.said()[1:] == ["pressed yes by li"]


def test_what_admins_are_asked_is_answered_by_one_of_them_where_they_are_told():
    room = Room()
    room.says(LI, "!")
    room.says(LI, "1", private=True)
    room.says(WANG, "1")
    assert room.said() == []
    room.says(WANG, "1", desk=True, private=True)
    room.says(WANG, "1", desk=True, private=True)
    assert room.said() == ["pressed p:yes by wang"]


def test_with_two_proposals_open_the_last_one_is_meant_and_that_is_said():
    room = Room()
    room.says(LI, "!")
    room.says(LI, "!", at=AT + timedelta(minutes=1))
    room.says(WANG, "是", at=AT + timedelta(minutes=2), private=True)
    told, pressed = room.said()
    assert "是" in told
    assert pressed == "pressed p:yes by wang"


def test_who_may_not_answer_takes_the_question_from_nobody():
    room = Room()
    room.says(LI, "!")
    room.says(LI, "!", at=AT + timedelta(minutes=1))
    room.says(MIA, "3", at=AT + timedelta(minutes=2), private=True)
    assert room.said() == []
    room.says(WANG, "3", at=AT + timedelta(minutes=3), private=True)
    room.says(WANG, "1", at=AT + timedelta(minutes=4), private=True)
    assert room.said() == ["pressed p:yes by wang", "pressed p:yes by wang"]


def test_of_ones_own_question_the_groups_and_the_admins_the_last_is_meant_and_at_the_desk_the_admins():
    room = Room()
    room.says(WANG, "!")
    room.says(WANG, "?", at=AT + timedelta(minutes=1))
    room.says(WANG, "all?", at=AT + timedelta(minutes=2))
    room.says(WANG, "1", at=AT + timedelta(minutes=3), desk=True, private=True)
    room.says(WANG, "1", at=AT + timedelta(minutes=4))
    said = room.said()
    assert [line for line in said if line.startswith("pressed")] == ["pressed p:yes by wang", "pressed all by wang"]


@pytest.mark.parametrize("asking", ["?", "all?"])
def test_in_private_a_number_answers_nothing_that_was_asked_in_the_room(asking: str):
    room = Room()
    room.says(WANG, asking)
    room.says(WANG, "1", private=True)
    assert room.heard() == ["heard 1"]
    room.says(WANG, "1")
    assert len(room.said()) == 2


def test_in_private_a_name_answers_what_was_asked_in_the_room():
    room = Room()
    room.says(LI, "?")
    room.says(LI, "同意", private=True)
    assert room.said()[1:] == ["pressed yes by li"]


def test_in_private_a_number_answers_what_was_asked_there_before_and_after_something_is_asked_in_the_room():
    room = Room()
    room.says(LI, "aside?")
    room.says(LI, "all?", at=AT + timedelta(minutes=1))
    room.says(LI, "1", at=AT + timedelta(minutes=2), private=True)
    assert room.said()[2:] == ["pressed yes by li"]


@pytest.mark.parametrize("text", ["1", "同意"])
def test_what_is_asked_in_private_alone_is_answered_there_as_long_as_it_is_of_use(text: str):
    room = Room()
    room.says(LI, "secret?")
    room.says(LI, text, at=AT + timedelta(minutes=1))
    assert room.heard() == [f"heard {text}"]
    room.says(LI, text, at=AT + timedelta(days=13), private=True)
    assert room.said()[1:] == ["pressed yes by li"]
    room.says(LI, "secret?", at=AT + timedelta(days=13))
    room.says(LI, text, at=AT + timedelta(days=27), private=True)
    assert room.heard() == [f"heard {text}"] * 2


def test_in_the_room_a_number_means_what_is_asked_there_whatever_somebody_is_asked_in_private():
    room = Room()
    room.says(LI, "all?")
    room.says(LI, "secret?", at=AT + timedelta(minutes=1))
    room.says(LI, "1", at=AT + timedelta(minutes=2))
    assert room.said()[2:] == ["pressed all by li"]


def test_what_admins_are_asked_at_a_desk_is_answered_by_number_there_and_not_in_private():
    room = Room(desk="admins")
    room.says(LI, "!")
    room.says(WANG, "1", private=True)
    assert (room.said(), room.heard()) == ([], ["heard 1"])
    room.says(WANG, "1", desk=True, private=True)
    assert room.said() == ["pressed p:yes by wang"]


def test_at_the_desk_a_number_answers_nothing_that_the_admin_was_asked_in_the_room():
    room = Room(desk="admins")
    room.says(WANG, "?")
    room.says(WANG, "1", desk=True, private=True)
    assert room.heard() == ["heard 1"]


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("zh", "“1”能回答的问题不止一个。请直接写出你要选的那一项：✅ 同意 / 是"),
        ("en", "“1” answers more than one question. Please write out the one you choose: ✅ 同意 / 是"),
    ],
)
def test_in_private_a_number_that_two_questions_have_is_asked_back_about(language: str, asked: str):
    room = Room(language=language)
    room.says(LI, "!")
    room.says(WANG, "aside?", at=AT + timedelta(minutes=1))
    room.says(WANG, "1", at=AT + timedelta(minutes=2), private=True)
    assert room.said()[1:] == [asked]
    assert room.heard() == []
    room.says(WANG, "是", at=AT + timedelta(minutes=3), private=True)
    assert room.said()[2:] == ["pressed p:yes by wang"]


def test_who_speaks_another_language_of_the_group_is_asked_back_and_told_in_it():
    speaks = replace(WANG, language="en")
    room = Room()
    room.says(LI, "!")
    room.says(speaks, "aside?", at=AT + timedelta(minutes=1))
    room.says(speaks, "1", at=AT + timedelta(minutes=2), private=True)
    room.says(LI, "!", at=AT + timedelta(minutes=3))
    room.says(speaks, "是", at=AT + timedelta(minutes=4), private=True)
    assert room.said()[1:3] == [
        "“1” answers more than one question. Please write out the one you choose: ✅ 同意 / 是",
        "More than one question is open. “是” counts for the one asked last.",
    ]


@pytest.mark.parametrize("came", ["before the group was asked", "after that"])
def test_whoever_came_later_hears_nothing_of_what_the_group_was_asked_before(came: str):
    room = Room()
    minutes = 0 if came == "before the group was asked" else 2
    room.joins(LI, at=AT + timedelta(minutes=minutes))
    room.says(WANG, "all?", at=AT + timedelta(minutes=1))
    room.says(LI, "?", at=AT + timedelta(minutes=3))
    room.says(LI, "1", at=AT + timedelta(minutes=4))
    told = "还有不止一个问题没答；“✅ 同意”算作对最近一个的回答。"
    assert room.said()[2:] == ([told] if minutes == 0 else []) + ["pressed yes by li"]


def test_by_a_name_a_question_that_somebody_was_refused_about_is_meant_last():
    held = question("甲", "乙", at=AT, held=question("甲", "乙", workflow="a", at=AT), workflow="b")
    first = answered(held, "甲", AT)
    assert first is not None
    second = answered(first.refused, "甲", AT)
    assert second is not None
    assert [one.question.workflow for one in (first, second)] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "platform"), [("早上好，今天读第一章", "wechat"), ("1", "telegram"), ("打卡", "wechat"), ("", "wechat")]
)
def test_plain_talk_looks_nothing_up(text: str, platform: str):
    room = Room()
    event = MessagePosted(id=f"{platform}:1", at=AT, group="g", actor=LI, message="1", text=text)
    assert choosing.reads(event, room.group) == ()


def test_what_is_listed_bears_the_numbers_that_count():
    room = Room()
    room.says(LI, "!")
    room.says(LI, "!", at=AT + timedelta(minutes=1))
    lines = [row.effect for row in room.store.outbox("g") if isinstance(row.effect, TellAdmins)]
    assert [line.first for line in lines if line.choices] == [1, 3]
    room.says(WANG, "1", at=AT + timedelta(minutes=2), private=True)
    room.says(WANG, "4", at=AT + timedelta(minutes=3), private=True)
    assert room.said() == ["pressed p:yes by wang", "pressed p:no by wang"]


def test_at_the_desk_it_is_said_to_the_desk_which_question_was_taken():
    room = Room()
    room.says(LI, "!")
    room.says(LI, "!", at=AT + timedelta(minutes=1))
    room.says(WANG, "是", at=AT + timedelta(minutes=2), desk=True)
    told = [row.effect for row in room.store.outbox("g") if isinstance(row.effect, TellAdmins)]
    assert "是" in plain(told[-1].words)
    assert room.said() == ["pressed p:yes by wang"]

"""What turns ordinary messages away before anything is asked, and never a message that asks for something."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import MessagePosted
from core.people import Account, Actor, ActorKind
from workflows.check_in import workflow
from workflows.check_in_options import CheckIns
from workflows.check_in_words import Lexicon

START = datetime(2026, 3, 2, tzinfo=UTC)


def lexicon(*words: str) -> Lexicon:
    made = Lexicon()
    made.learn("check_in", "reading", words)
    return made


@pytest.mark.parametrize("text", ["", "早上好", "today I read", "打开第三章", "the 打卡", "卡打"])
def test_an_ordinary_text_is_turned_away_by_its_first_letters(text):
    words = lexicon("打卡", "top", "早起")
    assert not words.may_ask(text)
    assert not words.may_ask(text)


@pytest.mark.parametrize(
    "text",
    [
        "打卡",
        "打卡第3天",
        " 打卡",
        "#打卡",
        "@小王 打卡",
        "打\u200b卡",
        "\u200b打卡",
        "ＴＯＰ",
        "Top 10",
        "/top",
        "✅打卡",
        "卡",
        "卡 3",
    ],
)
def test_a_text_that_asks_is_heard(text):
    words = lexicon("打卡", "top", "卡")
    assert words.may_ask(text)
    assert [ask.challenge for ask in words.heard(text)] == ["reading"]
    assert words.heard(text) == words.heard(text)


@given(st.lists(st.text(st.sampled_from("打卡早起ab \u200b#@１1ＡＢ"), max_size=6), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_turning_away_never_turns_a_check_in_away(texts):
    words = lexicon("打卡", "早", "ab1", "1")
    for text in texts:
        # What the whole reading says, without the glance before it.
        assert words.heard(text) == words._understood(text)


def test_what_is_remembered_of_the_letters_that_were_met_is_bounded():
    words = lexicon("打卡")
    for point in range(0x4E00, 0x4E00 + 15_000):
        words.may_ask("打" + chr(point))
        words.may_ask(chr(point) + "卡")
    assert len(words._starts) <= 10_000
    assert all(len(after) <= 10_000 for after in words._starts.values() if after is not None)
    assert words.may_ask("打卡")


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"text": "今天读了第三章"}, None),
        ({"text": "打卡 今天读了第三章", "forwarded": True}, None),
        ({"text": "", "kind": "sticker"}, None),
        ({"text": "打卡"}, "some"),
    ],
    ids=["plain", "forwarded", "a sticker", "a check-in"],
)
def test_there_is_nothing_to_decide_about_a_message_that_asks_nothing(told, keys):
    options = CheckIns.model_validate({"reading": {"points": 1}})
    actor = Actor(account=Account("t:ana"), name="ana")
    message = MessagePosted(id="1", at=START, group="g", actor=actor, message="1", **told)
    found = workflow.reads(message, options)
    assert (found is None) == (keys is None)
    robot = Actor(account=Account("t:bot"), name="bot", kind=ActorKind.BOT)
    assert workflow.reads(MessagePosted(id="2", at=START, group="g", actor=robot, message="2", **told), options) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("よみかき\u3099 三十分", id="its last letter in two marks"),
        pytest.param("よみか\u200bぎ 三十分", id="a hidden sign inside"),
    ],
)
def test_a_keyword_is_found_however_its_letters_are_typed(text):
    assert [ask.rest for ask in lexicon("よみかぎ").heard(text)] == ["三十分"]


def test_the_texts_that_are_remembered_are_bounded():
    words = lexicon("打卡")
    for n in range(2_500):
        words.heard(f"打卡 第 {n} 天")
    assert len(words._held) <= 1_000
    assert [ask.rest for ask in words.heard("打卡 第 1 天")] == ["第 1 天"]


def test_the_longest_keyword_counts_and_a_shorter_one_where_it_does_not_end_so():
    words = lexicon("打卡", "打卡机")
    assert [ask.rest for ask in words.heard("打卡机 今天")] == ["今天"]
    assert [ask.rest for ask in words.heard("打卡 今天")] == ["今天"]
    assert words.heard("打卡规则") == ()

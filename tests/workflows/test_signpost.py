"""In private, who says what nothing comes of is shown the way to /help, once in a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import pytest

from core.events import JoinRequested, MemberJoined
from core.people import Actor, ActorKind
from core.workflow import Bound
from tests.commands.group import ADA, ANA, BEN, BOSS, Steered, actor
from workflows import appeals, events, onboarding, signpost
from workflows.appeal_options import Appeals
from workflows.event_options import Events
from workflows.onboarding_options import Onboarding
from workflows.signpost import AGAIN, Signpost

WAYS = (Bound(signpost.workflow, Signpost()),)
SAID = {
    "en": "I am the assistant of g, a program that understands set words only. /help shows them; for anything else, "
    "please ask in the group.",
    "zh": "我是 g 的助手，是个程序，只听得懂固定的说法。发「帮助」看看有哪些；别的事请到群里问大家。",
}


@pytest.mark.parametrize(
    ("language", "written"), [("en", "hello"), ("zh", "你好，今天读什么"), ("en", "/hepl"), ("zh", "3")]
)
def test_who_says_what_nothing_comes_of_is_shown_the_way(language: Literal["zh", "en"], written: str):
    group = Steered(language, also=WAYS)
    group.says(ANA, written, private=True)
    assert group.told() == [SAID[language]]


def test_once_in_a_day_and_to_each():
    group = Steered(also=WAYS)
    for _ in range(3):
        group.says(ANA, "hello", private=True)
    group.says(BEN, "hello", private=True)
    assert group.told() == [SAID["en"]] * 2
    group.says(ANA, "hello again", private=True, seconds=AGAIN / timedelta(seconds=1))
    assert group.told() == [SAID["en"]]


@pytest.mark.parametrize("written", ["Thanks!", "谢谢。", "好的", "ok", "/start", "  "])
def test_politeness_and_the_platforms_start_want_no_answer(written: str):
    group = Steered(also=WAYS)
    group.says(ANA, written, private=True)
    assert group.told() == []


@pytest.mark.parametrize("written", ["/me", "/help", "/mydata", "/language"])
def test_what_is_answered_is_answered_alone(written: str):
    group = Steered(also=WAYS)
    group.says(ANA, written, private=True)
    told = group.told()
    assert len(told) == 1
    assert SAID["en"] not in told


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (ANA, {}),
        (ADA, {"private": True, "desk": True}),
        (actor(30001, "Robot", kind=ActorKind.BOT), {"private": True}),
        (ANA, {"private": True, "kind": "sticker"}),
    ],
    ids=["in the group", "at the desk", "a bot", "a sticker"],
)
def test_nobody_else_is(who: Actor, told: dict[str, Any]):
    group = Steered(also=WAYS)
    group.says(who, "hello", **told)
    assert group.told() == []


def test_words_that_an_appeal_waits_for_are_the_appeal():
    group = Steered(also=(Bound(appeals.workflow, Appeals()), *WAYS))
    group.says(BOSS, "/warn @ana spam")
    group.says(ANA, "/appeal", private=True, seconds=3600)
    group.told()
    group.says(ANA, "That was a misunderstanding, I only quoted it", private=True)
    assert SAID["en"] not in group.told()


def test_who_waits_at_the_door_hears_nothing_of_it():
    asking = Onboarding.model_validate({"entry": {"questions": [{"id": "why", "ask": "Why?"}], "then": "ask_admins"}})
    group = Steered(also=(Bound(onboarding.workflow, asking), *WAYS))
    eve = actor(20009, "Eve")
    group.run(JoinRequested(id=group.id(), at=group.at, group="g", actor=eve))
    group.says(eve, "Because I like to read", private=True)
    group.told()
    group.says(eve, "hello?", private=True)
    assert group.told() == []


def test_who_was_turned_away_once_and_came_since_is_shown_it():
    asking = Onboarding.model_validate({"entry": {"questions": [{"id": "why", "ask": "Why?"}], "then": "ask_admins"}})
    group = Steered(also=(Bound(onboarding.workflow, asking), *WAYS))
    eve = actor(20009, "Eve")
    group.run(JoinRequested(id=group.id(), at=group.at, group="g", actor=eve))
    group.says(eve, "Because I like to read", private=True)
    group.says(BOSS, "/decline 20009")
    group.told()
    group.says(eve, "hello?", private=True)
    assert group.told() == []
    group.run(MemberJoined(id=group.id(), at=group.at, group="g", actor=eve, by=BOSS))
    group.told()
    group.says(eve, "hello?", private=True)
    assert group.told() == [SAID["en"]]


@pytest.mark.parametrize("answer", ["/checkin", "打卡，一起读书"])
def test_an_answer_at_the_door_that_begins_like_a_check_in_is_told_nothing_of_check_ins(answer: str):
    asking = Onboarding.model_validate({"entry": {"questions": [{"id": "why", "ask": "Why?"}], "then": "ask_admins"}})
    group = Steered("zh", also=(Bound(onboarding.workflow, asking), *WAYS))
    eve = actor(20009, "Eve")
    group.run(JoinRequested(id=group.id(), at=group.at, group="g", actor=eve))
    for _ in range(2):
        group.says(eve, answer, private=True)
    assert not any("私聊里发的不算" in said for said in group.told())


def test_a_paused_group_is_silent():
    group = Steered(also=WAYS)
    group.says(BOSS, "/pause")
    group.told()
    group.says(ANA, "hello", private=True)
    assert group.told() == []
    group.says(BOSS, "/resume")
    group.told()
    group.says(ANA, "hello", private=True)
    assert group.told() == [SAID["en"]]


NOT_USED = {
    "en": "This group has no use for /events. Send /help to see what you can write here.",
    "zh": "这个群没有启用 /活动。发「帮助」看看能用哪些。",
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("private", [False, True])
def test_who_gives_a_command_that_the_group_has_no_use_for_is_told(language: Literal["zh", "en"], private: bool):
    group = Steered(language, also=WAYS)
    for written in ("/events", "/活动"):
        group.says(ANA, written, private=private)
        assert group.told() == [NOT_USED[language]]
        group.at += timedelta(days=1)


def test_in_the_group_it_is_said_once_in_a_day_to_each_as_it_may_be_meant_for_another_assistant():
    group = Steered(also=WAYS)
    for who, told in ((ANA, 1), (ANA, 0), (BEN, 1)):
        group.says(who, "/join")
        assert len(group.told()) == told
    group.says(ANA, "/join", private=True)
    assert len(group.told()) == 1


@pytest.mark.parametrize("written", ["活动", "报名", "invites", "events", "/event cancel tea", "/me"])
def test_a_plain_word_is_not_and_neither_is_who_could_not_give_it(written: str):
    group = Steered(also=WAYS)
    group.says(ANA, written)
    assert not any("has no use for" in said for said in group.told())


def test_an_admin_is_told_of_what_admins_could_command():
    group = Steered(also=WAYS)
    group.says(ADA, "/event cancel tea")
    assert group.told() == ["This group has no use for /event. Send /help to see what you can write here."]


def test_where_the_group_runs_it_it_is_answered_there_alone():
    options = Events.model_validate({"tea": {"title": "Tea", "at": "fri 20:00"}})
    group = Steered(also=(Bound(events.workflow, options), *WAYS))
    group.says(ANA, "/events")
    (said,) = group.told()
    assert "has no use for" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("private", [False, True])
def test_an_assistant_that_hears_this_of_another_says_nothing_of_it_again(language: Literal["zh", "en"], private: bool):
    group = Steered(language, also=WAYS)
    group.says(BEN, "hello", private=True)
    group.told()
    group.says(BEN, NOT_USED[language], private=private)
    assert group.told() == []


def _ruled(*then: dict[str, Any] | str) -> Steered:
    return Steered(also=WAYS, rules_written={"rules": [{"id": "talk", "when": "message", "then": list(then)}]})


def test_what_is_only_counted_of_every_message_answers_no_command():
    group = _ruled({"points": 1})
    group.says(ANA, "/events")
    assert group.told() == [NOT_USED["en"]]


def test_a_command_that_the_operators_own_rule_answers_is_answered_alone():
    group = _ruled({"points": 1}, {"reply": "On Fridays."})
    group.says(ANA, "/events")
    assert group.told() == ["On Fridays."]

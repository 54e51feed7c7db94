"""Presses: each belongs to the group whose button it is, wherever it is pressed, and each is answered."""

from __future__ import annotations

import asyncio

import pytest

from adapters.telegram.calls import AnswerLost, ApiError, NotSent
from core.events import ButtonPressed
from core.workflow import Group
from tests.support.patience import PATIENCE
from tests.telegram.gateway import CHAT, admin, played
from tests.telegram.payloads import GROUP, LI, OURS, WANG, message

PRIVATE = {"id": 10001, "type": "private", "first_name": "小王"}
DESK = {"id": -9, "type": "supergroup", "title": "管理员"}
TWO = {
    "groups": {"reading": Group(key="reading", desk="desk"), "cinema": Group(key="cinema"), "desk": Group(key="desk")},
    "chats": {CHAT: "reading", -7: "cinema", -9: "desk"},
}
TOO_OLD, NOT_YOURS = "这个按钮已经失效了。", "这个按钮不是给你的。"


def pressed(data, user=WANG, chat=GROUP, **fields):
    under = message(chat=chat, **{"from": OURS})
    return {"id": "q", "from": user, "chat_instance": "c", "data": data, "message": under, **fields}


@pytest.mark.parametrize(
    ("chooser", "user", "events", "answer"),
    [
        pytest.param(None, WANG, 1, None, id="for anybody"),
        pytest.param(10001, WANG, 1, None, id="for who pressed"),
        pytest.param(10002, WANG, 0, NOT_YOURS, id="for somebody else"),
        pytest.param(10001, LI, 0, "This button is not for you.", id="for somebody else, in English"),
    ],
)
def test_each_is_answered(chooser, user, events, answer):
    async def scene(here):
        update = here.update(callback_query=pressed(here.seal.sealed("agree", chooser, "reading"), user))
        told = await here.takes(update)
        assert [type(event) for event in told] == [ButtonPressed] * events
        assert here.telegram.answers == {"q": answer}

    played(scene)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="not sealed by us"),
        pytest.param({"data": None}, id="a game"),
        pytest.param({"message": None}, id="no message told"),
    ],
)
def test_what_is_none_of_ours_is_answered_too(fields):
    async def scene(here):
        query = {name: value for name, value in {**pressed("agree"), **fields}.items() if value is not None}
        assert await here.takes(here.update(callback_query=query)) == []
        assert here.telegram.answers == {"q": TOO_OLD}

    played(scene)


def test_one_under_a_message_too_old_to_be_shown_counts_by_its_arrival():
    async def scene(here):
        gone = {"chat": GROUP, "message_id": 5, "date": 0}
        query = pressed(here.seal.sealed("agree", None, "reading"), message=gone)
        (event,) = await here.takes(here.update(callback_query=query))
        assert (event.at, event.message) == (here.clock.now(), "5")

    played(scene)


def test_an_anonymous_admins_press_comes_from_the_person():
    async def scene(here):
        here.telegram.admins[CHAT] = [admin(10001, is_anonymous=True), admin(42)]
        query = pressed(here.seal.sealed("approve", None, "reading"))
        (event,) = await here.takes(here.update(callback_query=query))
        assert (event.actor.account, event.actor.admin) == ("telegram:10001", True)

    played(scene)


@pytest.mark.parametrize(
    ("failures", "tries"),
    [
        ([NotSent("answerCallbackQuery", "no route")], 2),
        ([AnswerLost("answerCallbackQuery", "cut")], 1),
        ([ApiError("answerCallbackQuery", 400, "Bad Request: query is too old")], 1),
    ],
    ids=["never left: once more", "lost", "too old"],
)
def test_a_failed_answer_disturbs_nobody(failures, tries):
    async def scene(here):
        here.telegram.fails["answerCallbackQuery"] = failures
        events = await here.takes(here.update(callback_query=pressed(here.seal.sealed("agree", None, "reading"))))
        assert len(events) == 1
        assert len(here.telegram.of("answerCallbackQuery")) == tries

    played(scene)


def test_one_that_is_answered_in_words_of_its_own_waits_for_them():
    async def scene(here):
        query = pressed(here.seal.sealed("!survey:nps:9", None, "reading"))
        (event,) = await here.takes(here.update(callback_query=query))
        assert (event.data, event.press) == ("!survey:nps:9", "q")
        assert here.telegram.answers == {}
        await asyncio.sleep(0)
        assert here.clock.pauses == [8.0]

    played(scene)


def test_one_that_needs_no_words_tells_nobody_what_it_is_called():
    async def scene(here):
        (event,) = await here.takes(here.update(callback_query=pressed(here.seal.sealed("agree", None, "reading"))))
        assert event.press == ""

    played(scene)


def test_a_flood_of_presses_is_answered_as_far_as_there_is_room():
    async def scene(here):
        here.reception.asides.answer("first")
        for number in range(2_000):
            here.reception.asides.answer(str(number))
        assert here.reception.asides.dropped == 1_001
        await asyncio.wait_for(here.reception.close(), PATIENCE)

    played(scene)


@pytest.mark.parametrize("chat", [PRIVATE, DESK, GROUP], ids=["in private", "at the admins' desk", "in the group"])
def test_the_button_of_a_group_is_that_groups_wherever_it_is_pressed(chat):
    async def scene(here):
        here.telegram.admins[-9] = [admin(10001)]
        query = pressed(here.seal.sealed("approve", None, "reading"), chat=chat)
        (event,) = await here.takes(here.update(callback_query=query))
        assert isinstance(event, ButtonPressed)
        assert (event.group, event.data, event.actor.admin) == ("reading", "approve", False)
        query = pressed(here.seal.sealed("approve", None, "reading"), user=LI, chat=chat)
        (event,) = await here.takes(here.update(callback_query=query))
        assert event.actor.admin, "an admin of the group is one at the desk and in private, too"
        assert set(here.telegram.answers.values()) == {None}

    played(scene, **TWO)


@pytest.mark.parametrize(("chat", "topic"), [(GROUP, "7"), (DESK, None)], ids=["in the group", "at the admins' desk"])
def test_a_press_in_a_topic_of_the_group_tells_which_and_one_of_the_desk_does_not(chat, topic):
    async def scene(here):
        under = message(chat=chat, is_topic_message=True, message_thread_id=7, **{"from": OURS})
        query = pressed(here.seal.sealed("approve", None, "reading"), message=under)
        (event,) = await here.takes(here.update(callback_query=query))
        assert (event.group, event.topic) == ("reading", topic)
        thread = message(message_thread_id=7, **{"from": OURS})
        query = pressed(here.seal.sealed("approve", None, "reading"), message=thread)
        (event,) = await here.takes(here.update(callback_query=query))
        assert event.topic is None, "a thread of replies is no topic"

    played(scene, **TWO)


def test_an_admins_press_at_the_desk_waits_for_a_fresh_list_of_the_group():
    async def scene(here):
        await here.takes(here.update(message=message()))
        here.clock.passes(minutes=2)
        here.telegram.admins[CHAT] = [admin(42)]
        query = pressed(here.seal.sealed("approve", None, "reading"), user=LI, chat=DESK)
        (event,) = await here.takes(here.update(callback_query=query))
        assert not event.actor.admin

    played(scene, **TWO)


@pytest.mark.parametrize(("chat", "group"), [(GROUP, "cinema"), (GROUP, "desk")], ids=["another group's", "the desk's"])
def test_data_of_one_group_opens_nothing_in_another(chat, group):
    async def scene(here):
        query = pressed(here.seal.sealed("approve", None, group), chat=chat)
        assert await here.takes(here.update(callback_query=query)) == []
        assert here.telegram.answers == {"q": TOO_OLD}

    played(scene, **TWO)


def test_a_button_for_somebody_else_is_refused_in_private_too():
    async def scene(here):
        query = pressed(here.seal.sealed("step:1", 10002, "cinema"), chat=PRIVATE)
        assert await here.takes(here.update(callback_query=query)) == []
        assert here.telegram.answers == {"q": NOT_YOURS}

    played(scene, **TWO)

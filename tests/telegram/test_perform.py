"""The platform as a courier sees it: what becomes of a parcel when Telegram says no, or nothing at all."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from adapters.telegram.calls import ApiError
from adapters.telegram.perform_menus import Menu, menus
from core.delivery import Destination, Done, Later, Never, Platform, Refusal, Unsure
from core.effects import Ban, Choice, Delete, Mute, Say, TellAdmins
from tests.support.botapi import Fault, World, serving
from tests.support.patience import eventually, until
from tests.support.performing import in_full
from tests.telegram.performing import of
from tests.telegram.performing import scene as a_scene

SAY = Say(words=("hello",))
LONG = Say(words=("\n".join(letter * 3000 for letter in "abcd"),))
"""Four messages."""


@pytest.fixture(scope="module")
def server():
    with serving(World()) as served:
        yield served


@pytest.fixture
def scene(server):
    with a_scene(server) as made:
        yield made


def firsts(scene):
    return [text[0] for text in scene.said()]


def test_abilities_are_those_the_gateway_keeps(scene) -> None:
    platform: Platform = scene.new_platform()
    assert platform.name == "telegram"
    assert platform.abilities("readers") is None
    scene.abilities["readers"] = frozenset({"say"})
    assert platform.abilities("readers") == frozenset({"say"})


# refusals


def test_a_group_that_moved(scene) -> None:
    basic = scene.world.group("Few", owner=scene.wang)
    scene.wang.adds(scene.bot, basic)
    new = scene.wang.upgrades(basic)
    answer = scene.perform(SAY, basic.id)
    assert isinstance(answer, Never)
    assert (answer.refusal, answer.moved_to) == (Refusal.MOVED, str(new.id))
    assert isinstance(scene.perform(SAY, new.id), Done)


@pytest.mark.parametrize("effect", [SAY, Mute, Ban], ids=["say", "mute", "ban"])
@pytest.mark.parametrize("way", ["removed", "banned", "deleted", "never there"])
def test_a_group_in_which_the_bot_is_not(scene, effect, way) -> None:
    chat = scene.group.id
    match way:
        case "removed":
            scene.wang.removes(scene.bot, scene.group)
        case "banned":
            scene.wang.bans(scene.bot, scene.group)
        case "deleted":
            scene.wang.deletes_chat(scene.group)
        case "never there":
            chat = -1009999999999
    act = effect if effect is SAY else effect(member=of(scene.li), span=None)
    answer = scene.perform(act, chat)
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.NOT_THERE


@pytest.mark.parametrize("way", ["never began", "blocked", "deleted"])
def test_somebody_who_cannot_be_written_to(scene, way) -> None:
    if way != "never began":
        scene.li.starts(scene.bot)
    if way == "blocked":
        scene.li.blocks(scene.bot)
    if way == "deleted":
        scene.li.deletes_account()
    answer = scene.perform(Say(words=("x",), to=of(scene.li)))
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.UNREACHABLE


def test_somebody_who_asked_to_be_let_in_can_be_written_to(scene) -> None:
    chen = scene.world.person("Chen")
    chen.asks_to_join(scene.group)
    assert isinstance(scene.perform(Say(words=("why?",), to=of(chen))), Done)
    scene.at += 301
    answer = scene.perform(Say(words=("why?",), to=of(chen)))
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.UNREACHABLE


def test_a_group_where_the_bot_may_not_write(scene) -> None:
    scene.wang.demotes(scene.bot, scene.group)
    scene.wang.permits(scene.group, can_send_messages=False)
    answer = scene.perform(SAY)
    assert isinstance(answer, Never)
    assert (answer.refusal, answer.needs) == (Refusal.NO_RIGHT, "say")


def test_a_token_that_was_revoked(scene) -> None:
    del scene.world.bots[scene.bot.token]
    answer = scene.perform(SAY)
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.CREDENTIALS


# too fast


def test_too_fast_in_one_chat_is_later_there(scene) -> None:
    scene.server.faults.add(Fault("429", retry_after=7), method="sendMessage")
    answer = scene.perform(SAY)
    assert isinstance(answer, Later)
    assert (answer.after, answer.whole_bot) == (timedelta(seconds=7), False)
    assert isinstance(scene.perform(SAY), Done)


def test_too_fast_in_three_chats_at_once_is_later_for_the_bot(scene) -> None:
    others = [scene.world.supergroup(name, owner=scene.wang) for name in "ab"]
    scene.server.faults.add(Fault("429", retry_after=3), times=None)
    answers = [scene.perform(SAY, chat.id) for chat in (scene.group, scene.group, *others)]
    assert [isinstance(a, Later) and a.whole_bot for a in answers] == [False, False, False, True]
    scene.at += 3
    answer = scene.perform(SAY)
    assert isinstance(answer, Later)
    assert not answer.whole_bot


# no answer


@pytest.mark.parametrize(
    ("fault", "posted"),
    [
        pytest.param(Fault("drop_before"), 0, id="cut before it happened"),
        pytest.param(Fault("drop_after"), 1, id="cut after it happened"),
        pytest.param(Fault("not_json"), 1, id="answered by somebody else"),
        pytest.param(Fault("5xx", code=500), 0, id="500"),
        pytest.param(Fault("5xx", code=502), 0, id="502"),
    ],
)
def test_a_message_without_an_answer_is_unsure(scene, fault, posted) -> None:
    scene.server.faults.add(fault, method="sendMessage")
    assert isinstance(scene.perform(SAY), Unsure)
    assert len(scene.said()) == posted


def test_a_message_whose_answer_is_too_late_is_unsure(scene) -> None:
    scene.has_patience(0.2)
    scene.server.faults.add(Fault("frozen"), method="sendMessage")
    assert isinstance(scene.perform(SAY), Unsure)
    until(scene.calls_made)  # the server may be slower yet, and is not to meet the next test with it


def test_after_a_call_without_an_answer_telegram_is_asked_before_anything_is_sent(scene) -> None:
    scene.server.faults.add(Fault("drop_before"), method="sendMessage")
    scene.server.faults.add(Fault("5xx", code=502), method="getMe", times=2)
    answers = [scene.perform(SAY)]
    for seconds in (0, 1, 1, 1):
        scene.at += seconds
        answers.append(scene.perform(SAY))
    assert [type(answer) for answer in answers] == [Unsure, Later, Later, Later, Done]
    assert [a.after.total_seconds() for a in answers if isinstance(a, Later)] == [1, 2, 1]
    assert all(a.whole_bot for a in answers if isinstance(a, Later))
    assert scene.calls_made() == ["sendMessage", "getMe", "getMe", "getMe", "sendMessage"]
    assert isinstance(scene.perform(SAY), Done)
    assert scene.calls_made()[-1] == "sendMessage"


def test_one_question_serves_all_that_wait(scene) -> None:
    scene.server.faults.add(Fault("drop_before"), method="sendMessage")
    scene.perform(SAY)

    async def many():
        to = Destination("readers", str(scene.group.id))
        return await asyncio.gather(*(scene.platform.perform(SAY, to) for _ in range(5)))

    assert [type(answer) for answer in scene.runner.run(many())] == [Done] * 5
    assert scene.calls_made().count("getMe") == 1


def test_an_act_without_an_answer_can_be_repeated(scene) -> None:
    message = scene.li.posts(scene.group, "x")
    for method, effect in (
        ("deleteMessages", Delete(messages=(str(message.id),))),
        ("restrictChatMember", Mute(member=of(scene.li), span=None)),
        ("banChatMember", Ban(member=of(scene.li))),
    ):
        scene.server.faults.add(Fault("drop_after"), method=method)
        assert isinstance(scene.perform(effect), Unsure)
        assert isinstance(scene.perform(effect), Done)
    assert message.deleted
    assert scene.group.standing(scene.li).status == "kicked"


def test_no_connection_is_later_and_nothing_happened(scene) -> None:
    scene.runner.run(scene.calls.close())
    answer = scene.perform(SAY)
    assert isinstance(answer, Later)
    assert answer.whole_bot


# messages of several parts


@pytest.mark.parametrize("kind", ["429", "drop_before", "5xx"])
def test_a_message_that_broke_off_goes_on_where_it_did(scene, kind) -> None:
    scene.server.faults.add(Fault(kind), method="sendMessage", nth=3)
    assert isinstance(scene.perform(LONG), Later | Unsure)
    assert firsts(scene) == ["a", "b"]
    assert scene.perform(LONG) == Done(message=str(scene.group.said_by(scene.bot)[0].id), posts=2)
    assert firsts(scene) == ["a", "b", "c", "d"]
    scene.perform(LONG)
    assert len(scene.said()) == 8


def test_what_is_forgotten_is_said_from_its_beginning(scene) -> None:
    scene.server.faults.add(Fault("drop_before"), method="sendMessage", nth=3)
    assert isinstance(scene.perform(LONG), Later | Unsure)
    scene.platform.forget(LONG, Destination("readers", str(scene.group.id)))
    scene.perform(LONG)
    assert firsts(scene) == ["a", "b", "a", "b", "c", "d"]


def test_a_message_cancelled_in_the_middle_goes_on_where_it_was(scene) -> None:
    scene.server.faults.add(Fault("frozen"), method="sendMessage", nth=2)

    async def cancelled():
        task = asyncio.create_task(in_full(scene.platform, LONG, Destination("readers", str(scene.group.id))))
        await eventually(lambda: len(scene.server.calls_of("sendMessage")) == 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return task.cancelled()

    assert scene.runner.run(cancelled())
    posted = len(scene.server.calls_of("sendMessage"))
    assert isinstance(scene.perform(LONG), Done)
    again = [call.params["text"][0] for call in scene.server.calls_of("sendMessage")[posted:]]
    assert again == ["b", "c", "d"]


def test_after_a_restart_a_broken_message_begins_anew(scene) -> None:
    scene.server.faults.add(Fault("429"), method="sendMessage", nth=3)
    scene.perform(LONG)
    scene.platform = scene.new_platform()
    scene.perform(LONG)
    assert firsts(scene) == ["a", "b", "a", "b", "c", "d"]


def test_the_evidence_of_a_line_is_not_forwarded_twice(scene) -> None:
    desk = scene.world.group("Desk", owner=scene.wang)
    scene.wang.adds(scene.bot, desk)
    spam = scene.li.posts(scene.group, "buy coins")
    scene.server.faults.add(Fault("429"), method="sendMessage")
    line = TellAdmins(words=("spam",), evidence=str(spam.id))
    assert isinstance(scene.perform(line, desk.id), Later)
    assert isinstance(scene.perform(line, desk.id), Done)
    assert scene.said(desk) == ["buy coins", "spam"]


# presses


def _pressed(scene):
    scene.perform(Say(words=("?",), choices=(Choice(label="9", data="!survey:9"),)))
    return scene.li.presses(scene.group.said_by(scene.bot)[-1], "9")


def test_who_pressed_is_shown_it_and_nobody_reads_it_in_a_chat(scene) -> None:
    press = _pressed(scene)
    assert isinstance(scene.perform(Say(words=("Noted: 9 & <more>",), to=of(scene.li), press=press)), Done)
    assert scene.bot.answers[press]["text"] == "Noted: 9 & <more>"
    assert scene.said() == ["?"]


@pytest.mark.parametrize(("words", "wait"), [("Noted.", 3600.0), ("x" * 201, 0.0)], ids=["too late", "too long"])
def test_what_cannot_be_shown_to_who_pressed_is_said_in_private(scene, words, wait) -> None:
    press, chat = _pressed(scene), scene.world.private(scene.bot, scene.li)
    scene.li.starts(scene.bot)
    scene.at += wait
    assert isinstance(scene.perform(Say(words=(words,), to=of(scene.li), press=press)), Done)
    assert scene.said(chat) == [words]


# menus


def test_menus_by_place_and_language(scene) -> None:
    made = [
        Menu(where="all_group_chats", commands=(("checkin", "check in"), ("help", "x" * 300))),
        Menu(where="all_group_chats", commands=(("checkin", "打卡"),), language="zh"),
        Menu(where="chat_administrators", chat=scene.group.id, commands=(("warn", "warn"),)),
        Menu(where="default", commands=()),
    ]
    scene.runner.run(menus(scene.calls, made))
    found = {
        (json.loads(scope)["type"], language): [command["command"] for command in commands]
        for (scope, language), commands in scene.bot.commands.items()
    }
    assert found == {
        ("all_group_chats", ""): ["checkin", "help"],
        ("all_group_chats", "zh"): ["checkin"],
        ("chat_administrators", ""): ["warn"],
    }
    assert scene.calls_made() == ["setMyCommands"] * 3 + ["deleteMyCommands"]


def test_a_menu_that_telegram_does_not_take(scene) -> None:
    with pytest.raises(ApiError, match="BOT_COMMAND_INVALID"):
        scene.runner.run(menus(scene.calls, [Menu(where="default", commands=(("打卡", "x"),))]))

"""Telegram numbers messages in each chat by itself: no number of before a group moved, or was moved, is one of now."""

from __future__ import annotations

import pytest

from adapters.telegram.actors import BotIdentity
from adapters.telegram.translate import events
from core.delivery import Done, Never, Refusal
from core.effects import Delete, Edit, Effect, Pin, React, Say, TellAdmins
from tests.support.botapi import World, serving
from tests.telegram.payloads import LI, NOON, OURS, WANG, message, update
from tests.telegram.performing import scene as a_scene
from tests.telegram.test_members import Seal

PLAIN = {"id": -55, "type": "group", "title": "晨读"}


@pytest.fixture(scope="module")
def server():
    with serving(World()) as served:
        yield served


@pytest.fixture
def scene(server):
    with a_scene(server) as made:
        yield made


def told(*, named=(), **fields):
    bot = BotIdentity(id=42, username="yaji_bot", seal=Seal(), named=named)
    (event,) = events(update(**fields), bot, {-55: "reading", -1001234567890: "reading"}.get)
    return event


def test_outside_of_supergroups_the_id_of_a_message_names_its_chat():
    reply = message(chat=PLAIN, reply_to_message=message(chat=PLAIN, message_id=5, **{"from": LI}))
    reaction = {"chat": PLAIN, "message_id": 5, "date": NOON, "old_reaction": [], "new_reaction": [], "user": WANG}
    press = {"id": "1", "from": WANG, "data": "sealed:10001:yes", "message": message(chat=PLAIN, **{"from": OURS})}
    posted = told(message=reply)
    assert (posted.message, posted.reply_to.message) == ("-55/77", "-55/5")
    assert told(message=message(chat=PLAIN)).message == "-55/77"
    assert told(edited_message=message(chat=PLAIN)).message == "-55/77"
    assert told(message_reaction=reaction).message == "-55/5"
    assert told(callback_query=press).message == "-55/77"


def test_in_supergroups_it_is_the_number():
    reply = message(reply_to_message=message(message_id=5, **{"from": LI}))
    assert (told(message=reply).message, told(message=reply).reply_to.message) == ("77", "5")
    assert told(message=message()).message == "77"


def test_in_a_supergroup_that_is_not_the_groups_first_the_id_names_the_chat():
    chat = message()["chat"]
    named = {chat["id"]}
    reply = message(reply_to_message=message(message_id=5, **{"from": LI}))
    reaction = {"chat": chat, "message_id": 5, "date": NOON, "old_reaction": [], "new_reaction": [], "user": WANG}
    press = {"id": "1", "from": WANG, "data": "sealed:10001:yes", "message": message(**{"from": OURS})}
    posted = told(named=named, message=reply)
    assert (posted.message, posted.reply_to.message) == (f"{chat['id']}/77", f"{chat['id']}/5")
    assert told(named=named, message=message()).message == f"{chat['id']}/77"
    assert told(named=named, edited_message=message()).message == f"{chat['id']}/77"
    assert told(named=named, message_reaction=reaction).message == f"{chat['id']}/5"
    assert told(named=named, callback_query=press).message == f"{chat['id']}/77"


class Moved:
    """A basic group that became a supergroup, in which somebody else has taken each number of before."""

    def __init__(self, scene) -> None:
        self.old = scene.world.group("Few", owner=scene.wang)
        scene.wang.adds(scene.bot, self.old)
        scene.wang.adds(scene.li, self.old)
        self.before = scene.li.posts(self.old, "buy coins")
        self.said = scene.perform(Say(words=("before",)), self.old.id).message
        self.id = f"{self.old.id}/{self.before.id}"
        self.new = scene.wang.upgrades(self.old)
        scene.wang.promotes(scene.bot, self.new, "can_delete_messages", "can_pin_messages")
        self.chen = scene.world.person("Chen")
        self.chen.joins(self.new)
        while self.new.next_message <= int(self.said.rpartition("/")[2]):
            self.chen.posts(self.new, "good morning")
        scene.chats["readers"] = str(self.new.id)

    @property
    def innocent(self):
        return self.new.messages[self.before.id]


def test_in_a_basic_group_everything_is_done_to_its_own_messages(scene) -> None:
    basic = scene.world.group("Few", owner=scene.wang)
    scene.wang.adds(scene.bot, basic)
    scene.wang.promotes(scene.bot, basic, "can_delete_messages", "can_pin_messages")
    scene.chats["readers"] = str(basic.id)
    asked = scene.wang.posts(basic, "when?")
    answer = scene.perform(Say(words=("at eight",), reply_to=f"{basic.id}/{asked.id}"), basic.id)
    (said,) = basic.said_by(scene.bot)
    assert (answer, said.reply_to) == (Done(message=f"{basic.id}/{said.id}"), asked)
    for effect in (
        Edit(message=answer.message, words=("at nine",)),
        React(message=f"{basic.id}/{asked.id}", emoji="👍"),
        Pin(message=answer.message),
        TellAdmins(words=("look",), evidence=f"{basic.id}/{asked.id}"),
        Delete(messages=(f"{basic.id}/{asked.id}", answer.message)),
    ):
        assert isinstance(scene.perform(effect, basic.id), Done), effect
    assert said.text == "at nine"
    assert asked.deleted
    assert said.deleted


class Rebound(Moved):
    """A group that an operator gave another supergroup, where somebody else has taken each number of before."""

    def __init__(self, scene) -> None:
        self.old, self.new = scene.group, scene.world.supergroup("Readers anew", owner=scene.wang)
        self.before = scene.li.posts(self.old, "buy coins")
        self.said = scene.perform(Say(words=("before",))).message
        self.id = str(self.before.id)
        scene.wang.adds(scene.bot, self.new)
        scene.wang.promotes(scene.bot, self.new, "can_delete_messages", "can_pin_messages")
        self.chen = scene.world.person("Chen")
        self.chen.joins(self.new)
        while self.new.next_message <= int(self.said):
            self.chen.posts(self.new, "good morning")
        scene.chats["readers"] = str(self.new.id)
        scene.numbered["readers"] = self.old.id
        scene.named.add(self.new.id)


@pytest.fixture(params=[Moved, Rebound], ids=["became a supergroup", "was given another supergroup"])
def moved(request, scene):
    return request.param(scene)


def test_in_the_second_supergroup_everything_is_done_to_its_own_messages(scene) -> None:
    new = Rebound(scene).new
    asked = scene.wang.posts(new, "when?")
    answer = scene.perform(Say(words=("at eight",), reply_to=f"{new.id}/{asked.id}"), new.id)
    *_, said = new.said_by(scene.bot)
    assert (answer, said.reply_to) == (Done(message=f"{new.id}/{said.id}"), asked)
    assert isinstance(scene.perform(Edit(message=answer.message, words=("at nine",)), new.id), Done)
    assert isinstance(scene.perform(Delete(messages=(f"{new.id}/{asked.id}",)), new.id), Done)
    assert (said.text, asked.deleted) == ("at nine", True)


def test_back_in_its_first_supergroup_numbers_alone_are_of_it_again(scene) -> None:
    rebound = Rebound(scene)
    scene.chats["readers"] = str(rebound.old.id)
    assert scene.perform(Delete(messages=(rebound.id, f"{rebound.new.id}/1")), rebound.old.id) == Done()
    assert (rebound.before.deleted, rebound.innocent.deleted) == (True, False)


@pytest.mark.parametrize(
    "effect",
    [
        pytest.param(lambda id: Delete(messages=(id,)), id="delete"),
        pytest.param(lambda id: React(message=id, emoji="👍"), id="react"),
        pytest.param(lambda id: Pin(message=id), id="pin"),
        pytest.param(lambda id: Edit(message=id, words=("x",)), id="edit"),
    ],
)
def test_what_was_to_be_done_to_a_message_of_before_is_done_to_none_of_now(scene, moved, effect) -> None:
    made = len(scene.calls_made())
    answer = scene.perform(effect(moved.id), moved.new.id)
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.GONE
    assert len(scene.calls_made()) == made
    assert not moved.innocent.deleted


def test_of_messages_of_before_and_of_now_only_the_latter_are_deleted(scene, moved) -> None:
    spam = moved.chen.posts(moved.new, "buy coins")
    now = f"{moved.new.id}/{spam.id}" if scene.named else str(spam.id)
    assert scene.perform(Delete(messages=(moved.id, now)), moved.new.id) == Done()
    assert (spam.deleted, moved.innocent.deleted) == (True, False)


def test_an_answer_to_a_message_of_before_hangs_on_nobody_elses(scene, moved) -> None:
    assert isinstance(scene.perform(Say(words=("no ads",), reply_to=moved.id), moved.new.id), Done)
    *_, answer = moved.new.said_by(scene.bot)
    assert (answer.text, answer.reply_to) == ("no ads", None)


@pytest.mark.parametrize("at_home", [True, False], ids=["in the group", "at the desk"])
def test_a_line_about_a_message_of_before_shows_nobody_elses(scene, moved, at_home) -> None:
    desk = scene.world.supergroup("Desk", owner=scene.wang)
    scene.wang.adds(scene.bot, desk)
    chat = moved.new if at_home else desk
    effect: Effect = TellAdmins(words=("spam",), evidence=moved.id)
    assert isinstance(scene.perform(effect, chat.id), Done)
    *others, line = chat.said_by(scene.bot)
    assert (others, line.text, line.reply_to) == ([], "spam", None)

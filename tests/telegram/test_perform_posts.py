"""What is posted: texts, pictures, buttons, replies, topics, edits, lines to the admins."""

from __future__ import annotations

import pytest

from core.delivery import Destination, Done, Never, Refusal
from core.effects import Attached, Choice, Edit, Mention, Say, TellAdmins
from core.people import Account
from tests.support.botapi import Fault, World, serving
from tests.telegram.performing import of
from tests.telegram.performing import scene as a_scene

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(scope="module")
def server():
    with serving(World()) as served:
        yield served


@pytest.fixture
def scene(server):
    with a_scene(server) as made:
        yield made


def sent(scene, method="sendMessage"):
    return scene.server.calls_of(method)[-1].params


def labels(message):
    return [[button["text"] for button in row] for row in message.reply_markup["inline_keyboard"]]


def test_a_message_is_posted_and_its_id_told(scene) -> None:
    answer = scene.perform(Say(words=("读了 10 页 <b> & ", Mention(account=of(scene.li), name="<Li>"), " well done")))
    (message,) = scene.group.said_by(scene.bot)
    assert answer == Done(message=str(message.id))
    assert message.text == "读了 10 页 <b> & <Li> well done"
    assert [(e["type"], e["offset"], e["length"]) for e in message.entities] == [("text_mention", 14, 4)]


def test_links_get_no_preview_and_quiet_messages_make_no_sound(scene) -> None:
    scene.perform(Say(words=("https://example.org",), quiet=True))
    assert sent(scene)["disable_notification"] == "true"
    assert sent(scene)["link_preview_options"] == '{"is_disabled":true}'


def test_messages_make_a_sound_unless_quiet(scene) -> None:
    scene.perform(Say(words=("hi",)))
    assert "disable_notification" not in sent(scene)


def test_a_reply(scene) -> None:
    asked = scene.li.posts(scene.group, "/points")
    scene.perform(Say(words=("42",), reply_to=str(asked.id)))
    assert scene.group.said_by(scene.bot)[0].reply_to is asked


@pytest.mark.parametrize("id", ["99999", "wechat-7"], ids=["a message that is gone", "a message from elsewhere"])
def test_a_reply_to_nothing_stands_alone(scene, id) -> None:
    scene.perform(Say(words=("42",), reply_to=id))
    assert scene.said() == ["42"]


def test_topics(scene) -> None:
    forum = scene.world.supergroup("Forum", owner=scene.wang, forum=True)
    scene.wang.adds(scene.bot, forum)
    thread = scene.wang.creates_topic(forum, "Books")
    scene.perform(Say(words=("in the topic",), topic=str(thread)), forum.id)
    scene.perform(Say(words=("in General",), topic="1"), forum.id)
    assert [(m.text, m.thread if m.is_topic_message else None) for m in forum.said_by(scene.bot)] == [
        ("in the topic", thread),
        ("in General", None),
    ]


def test_what_belongs_to_no_topic_goes_to_the_home_of_such(scene) -> None:
    forum = scene.world.supergroup("Forum", owner=scene.wang, forum=True)
    scene.world.joined(forum, scene.li)
    scene.wang.adds(scene.bot, forum)
    scene.home = str(scene.wang.creates_topic(forum, "Welcome"))
    books = scene.wang.creates_topic(forum, "Books")
    asked = scene.li.posts(forum, "?", thread=books)
    scene.chats["readers"] = str(forum.id)
    scene.perform(Say(words=("welcome",)), forum.id)
    scene.perform(Say(words=("in General",), topic="1"), forum.id)
    scene.perform(Say(words=("in Books",), topic=str(books)), forum.id)
    scene.perform(Say(words=("an answer there",), reply_to=str(asked.id)), forum.id)
    scene.perform(TellAdmins(words=("a line",)), forum.id)
    scene.perform(TellAdmins(words=("a line about it",), evidence=str(asked.id)), forum.id)
    assert [(m.text, m.thread) for m in forum.said_by(scene.bot)] == [
        ("welcome", int(scene.home)),
        ("in General", None),
        ("in Books", books),
        ("an answer there", books),
        ("a line", int(scene.home)),
        ("a line about it", books),
    ]


def test_the_home_of_what_has_no_topic_is_that_of_the_desk_in_the_desk(scene) -> None:
    desk = scene.world.supergroup("Desk", owner=scene.wang, forum=True)
    scene.wang.adds(scene.bot, desk)
    scene.home = str(scene.wang.creates_topic(desk, "Reports"))
    shown = scene.li.posts(scene.group, "an ad")
    scene.perform(TellAdmins(words=("a line",), evidence=str(shown.id)), desk.id)
    assert [(m.text, m.thread) for m in desk.said_by(scene.bot)] == [
        ("an ad", int(scene.home)),
        ("a line", int(scene.home)),
    ]


def test_a_topic_that_is_gone(scene) -> None:
    forum = scene.world.supergroup("Forum", owner=scene.wang, forum=True)
    scene.wang.adds(scene.bot, forum)
    answer = scene.perform(Say(words=("x",), topic="77"), forum.id)
    assert answer == Never(refusal=Refusal.SHUT, why="Bad Request: message thread not found")


def test_what_belongs_to_no_topic_is_said_in_general_where_the_one_for_that_is_gone(scene) -> None:
    forum = scene.world.supergroup("Forum", owner=scene.wang, forum=True)
    scene.wang.adds(scene.bot, forum)
    scene.home = "77"
    assert isinstance(scene.perform(Say(words=("welcome",)), forum.id), Done)
    assert [(m.text, m.thread) for m in forum.said_by(scene.bot)] == [("welcome", None)]


def test_what_belongs_to_no_topic_is_left_out_where_the_one_for_that_is_closed(scene) -> None:
    forum = scene.world.supergroup("Forum", owner=scene.wang, forum=True)
    scene.wang.adds(scene.bot, forum)
    scene.home = str(scene.wang.creates_topic(forum, "News"))
    scene.server.faults.add(Fault("refuse", code=400, description="Bad Request: TOPIC_CLOSED"), method="sendMessage")
    answer = scene.perform(Say(words=("welcome",)), forum.id)
    assert answer == Never(refusal=Refusal.SHUT, why="Bad Request: TOPIC_CLOSED")
    assert scene.said(forum) == []


def test_a_line_to_the_admins_is_said_outside_of_a_topic_that_is_gone(scene) -> None:
    desk = scene.world.supergroup("Desk", owner=scene.wang, forum=True)
    scene.wang.adds(scene.bot, desk)
    scene.home = "77"
    shown = scene.li.posts(scene.group, "an ad")
    scene.perform(TellAdmins(words=("a line",), evidence=str(shown.id)), desk.id)
    assert [(m.text, m.thread) for m in desk.said_by(scene.bot)] == [("an ad", None), ("a line", None)]


def test_so_is_an_answer_to_a_command_of_theirs_whose_topic_is_closed(scene) -> None:
    desk = scene.world.supergroup("Desk", owner=scene.wang, forum=True)
    scene.wang.adds(scene.bot, desk)
    topic = str(scene.wang.creates_topic(desk, "Talk"))
    scene.server.faults.add(Fault("refuse", code=400, description="Bad Request: TOPIC_CLOSED"), method="sendMessage")
    assert isinstance(scene.perform(TellAdmins(words=("a line",), topic=topic), desk.id), Done)
    assert [(m.text, m.thread) for m in desk.said_by(scene.bot)] == [("a line", None)]


def test_in_private(scene) -> None:
    scene.li.starts(scene.bot)
    in_group = scene.li.posts(scene.group, "hello")
    answer = scene.perform(Say(words=("for you",), to=of(scene.li), reply_to=str(in_group.id), topic="9"))
    (message,) = scene.world.private(scene.bot, scene.li).said_by(scene.bot)
    assert answer == Done(message=f"{scene.li.id}/{message.id}")
    assert (message.text, message.reply_to) == ("for you", None)


def test_a_long_text_is_several_messages(scene) -> None:
    words = "\n\n".join(f"{n} " + "字" * 1000 for n in range(10))
    asked = scene.li.posts(scene.group, "?")
    answer = scene.perform(
        Say(words=(words,), choices=(Choice(label="ok", data="step:a:1"),), reply_to=str(asked.id), quiet=True)
    )
    messages = scene.group.said_by(scene.bot)
    assert len(messages) == 3
    assert answer == Done(message=str(messages[0].id), posts=3)
    assert [m.text[0] for m in messages] == ["0", "4", "8"]
    assert [m.reply_to for m in messages] == [asked, None, None]
    assert [m.reply_markup is not None for m in messages] == [False, False, True]
    assert all(call.params["disable_notification"] == "true" for call in scene.server.calls_of("sendMessage"))
    assert scene.platform.parts(Say(words=(words,)), Destination("readers", "-1")) == 3


def test_markup_does_not_count_for_the_length(scene) -> None:
    scene.perform(Say(words=("&" * 10_000,)))
    assert [len(text) for text in scene.said()] == [4096, 4096, 1808]


def test_a_picture_with_words_under_it(scene) -> None:
    answer = scene.perform(Say(words=("7 days & more",), picture=PNG, choices=(Choice(label="ok", data="x"),)))
    (message,) = scene.group.said_by(scene.bot)
    assert answer == Done(message=str(message.id))
    assert (message.caption, labels(message)) == ("7 days & more", [["ok"]])
    assert sent(scene, "sendPhoto")["photo"].data == PNG


def test_a_file_with_words_under_it(scene) -> None:
    file = Attached(name="mine.json", data=b'{"a": 1}')
    answer = scene.perform(Say(words=("7 days & more",), file=file, quiet=True))
    (message,) = scene.group.said_by(scene.bot)
    assert answer == Done(message=str(message.id))
    assert (message.caption, message.content["document"]["file_name"]) == ("7 days & more", "mine.json")
    assert sent(scene, "sendDocument")["document"].data == b'{"a": 1}'


def test_a_picture_alone(scene) -> None:
    scene.perform(Say(words=(), picture=PNG))
    (message,) = scene.group.said_by(scene.bot)
    assert "photo" in message.content
    assert message.caption is None


def test_what_does_not_fit_under_a_picture_follows_it(scene) -> None:
    scene.perform(Say(words=("a" * 1000 + "\n" + "b" * 5000,), picture=PNG, choices=(Choice(label="ok", data="x"),)))
    messages = scene.group.said_by(scene.bot)
    assert [m.caption or m.text for m in messages] == ["a" * 1000, "b" * 4096, "b" * 904]
    assert [m.reply_markup is not None for m in messages] == [False, False, True]


@pytest.mark.parametrize("words", [(), ("",), (" \n\u200b",)], ids=["no words", "an empty word", "nothing to be seen"])
def test_nothing_to_say_is_our_mistake(scene, words) -> None:
    answer = scene.perform(Say(words=words))
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.MALFORMED
    assert scene.calls_made() == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["是", "否"], [["是", "否"]], id="two short ones side by side"),
        pytest.param([str(n) for n in range(11)], [list("012345"), [*"6789", "10"]], id="numbers in sixes"),
        pytest.param(list("abcd"), [["a", "b"], ["c", "d"]], id="four short ones in two rows"),
        pytest.param(list("abcdefg"), [["a", "b", "c"], ["d", "e"], ["f", "g"]], id="seven in rows of about the same"),
        pytest.param(["one book", "two books!"], [["one book", "two books!"]], id="middling ones in twos"),
        pytest.param(["早上六点半", "晚上十点", "周末"], [["早上六点半", "晚上十点"], ["周末"]], id="Chinese is wide"),
        pytest.param(["a", "I read every evening"], [["a"], ["I read every evening"]], id="long ones in one column"),
    ],
)  # fmt: skip
def test_rows_of_buttons(scene, given, expected) -> None:
    scene.perform(Say(words=("?",), choices=tuple(Choice(label=label, data=label) for label in given)))
    assert labels(scene.group.said_by(scene.bot)[0]) == expected


def test_a_button_is_sealed_for_its_chooser(scene) -> None:
    scene.perform(Say(words=("?",), choices=(Choice(label="a", data="step:goal:1"),), chooser=of(scene.li)))
    data = scene.group.said_by(scene.bot)[0].button("a")["callback_data"]
    assert scene.seal.opened(data, scene.li.id, "readers") == "step:goal:1"
    assert scene.seal.verdict(data, scene.wang.id, "readers") == "not_yours"


def test_a_button_without_chooser_is_for_anybody(scene) -> None:
    scene.perform(Say(words=("?",), choices=(Choice(label="a", data="entry:approve:telegram:7"),)))
    data = scene.group.said_by(scene.bot)[0].button("a")["callback_data"]
    assert scene.seal.opened(data, scene.wang.id, "readers") == "entry:approve:telegram:7"


def test_a_chooser_from_elsewhere_is_nobody_here(scene) -> None:
    chooser = Account("wechat:wxid_1")
    scene.perform(Say(words=("?",), choices=(Choice(label="a", data="x"),), chooser=chooser))
    data = scene.group.said_by(scene.bot)[0].button("a")["callback_data"]
    assert scene.seal.verdict(data, scene.li.id, "readers") == "not_yours"


def test_a_private_choice_links_to_the_chat_with_the_assistant(scene) -> None:
    scene.perform(Say(words=("?",), choices=(Choice(label="answer there", data="", private=True),)))
    assert scene.group.said_by(scene.bot)[0].button("answer there")["url"] == "https://t.me/yaji_bot?start=readers"


def test_a_button_that_is_too_long_is_our_mistake(scene) -> None:
    answer = scene.perform(Say(words=("?",), choices=(Choice(label="a", data="x" * 60),)))
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.MALFORMED
    assert "10 bytes too long" in answer.why
    assert scene.calls_made() == []


def test_a_message_is_edited_and_loses_its_buttons(scene) -> None:
    scene.perform(Say(words=("asked",), choices=(Choice(label="a", data="x"),)))
    (message,) = scene.group.said_by(scene.bot)
    assert scene.perform(Edit(message=str(message.id), words=("an<swer",))) == Done(message=str(message.id))
    assert (message.text, message.reply_markup) == ("an<swer", None)


def test_an_edit_may_bring_other_buttons(scene) -> None:
    scene.perform(Say(words=("one",)))
    (message,) = scene.group.said_by(scene.bot)
    scene.perform(Edit(message=str(message.id), words=("two",), choices=(Choice(label="b", data="y"),)))
    assert labels(message) == [["b"]]


def test_an_edit_that_changes_nothing_is_done(scene) -> None:
    scene.perform(Say(words=("same",)))
    (message,) = scene.group.said_by(scene.bot)
    assert isinstance(scene.perform(Edit(message=str(message.id), words=("same",))), Done)


def test_the_words_under_a_picture_are_edited(scene) -> None:
    scene.perform(Say(words=("old",), picture=PNG))
    (message,) = scene.group.said_by(scene.bot)
    assert scene.perform(Edit(message=str(message.id), words=("new " * 400,))) == Done(message=str(message.id))
    assert message.caption.startswith("new new")
    assert message.caption.endswith("…")


def test_an_edit_too_long_for_a_message_is_cut(scene) -> None:
    scene.perform(Say(words=("old",)))
    (message,) = scene.group.said_by(scene.bot)
    scene.perform(Edit(message=str(message.id), words=("a" * 5000,)))
    assert message.text == "a" * 4095 + "…"


@pytest.mark.parametrize(
    ("id", "refusal"),
    [("99999", Refusal.GONE), ("1", Refusal.GONE), ("wechat-7", Refusal.MALFORMED)],
    ids=["a message that is gone", "a message of somebody else", "a message from elsewhere"],
)
def test_what_cannot_be_edited(scene, id, refusal) -> None:
    answer = scene.perform(Edit(message=id, words=("x",)))
    assert isinstance(answer, Never)
    assert answer.refusal is refusal


def test_a_line_to_the_admins_brings_its_evidence(scene) -> None:
    desk = scene.world.group("Desk", owner=scene.wang)
    scene.wang.adds(scene.bot, desk)
    spam = scene.li.posts(scene.group, "buy coins")
    choices = (Choice(label="ban", data="propose:yes:0123456789:telegram:7"),)
    answer = scene.perform(TellAdmins(words=("spam",), evidence=str(spam.id), choices=choices), desk.id)
    forwarded, line = desk.said_by(scene.bot)
    assert forwarded.text == "buy coins"
    assert forwarded.forward_origin is not None
    assert (line.text, labels(line), answer) == ("spam", [["ban"]], Done(message=f"{desk.id}/{line.id}", posts=2))


def test_a_line_whose_evidence_is_gone_is_told_all_the_same(scene) -> None:
    desk = scene.world.group("Desk", owner=scene.wang)
    scene.wang.adds(scene.bot, desk)
    answer = scene.perform(TellAdmins(words=("spam",), evidence="99999"), desk.id)
    assert scene.said(desk) == ["spam"]
    assert isinstance(answer, Done)


def test_a_line_in_the_group_itself_answers_its_evidence(scene) -> None:
    spam = scene.li.posts(scene.group, "buy coins")
    scene.perform(TellAdmins(words=("spam",), evidence=str(spam.id)))
    (line,) = scene.group.said_by(scene.bot)
    assert line.reply_to is spam


def test_a_line_is_worth_more_than_its_buttons(scene) -> None:
    answer = scene.perform(TellAdmins(words=("spam",), choices=(Choice(label="ban", data="x" * 60),)))
    assert scene.said() == ["spam"]
    assert isinstance(answer, Done)
    assert "without its buttons" in answer.note


def test_a_line_to_an_admin_in_private(scene) -> None:
    scene.wang.starts(scene.bot)
    assert isinstance(scene.perform(TellAdmins(words=("spam",)), scene.wang.id), Done)
    answer = scene.perform(TellAdmins(words=("spam",)), scene.li.id)
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.UNREACHABLE

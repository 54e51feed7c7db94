"""Telegram messages become events: who wrote, what it says, what it answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.actors import BotIdentity
from adapters.telegram.translate import events
from core.events import MessageEdited, MessagePosted, Reply
from core.people import Account, Actor, ActorKind
from tests.telegram.payloads import (
    ANONYMOUS,
    CHANNEL_BOT,
    GROUP,
    LI,
    NOON,
    OTHER_BOT,
    OURS,
    TELEGRAM,
    WANG,
    mark,
    message,
    photo,
    update,
)

BOT = BotIdentity(id=42, username="Yaji_bot", admins={-1001234567890: frozenset((10002,))})
AT = datetime.fromtimestamp(NOON, UTC)
XIAO_WANG = Actor(account=Account("telegram:10001"), name="小王", username="Xiao_Wang", language="zh-hans")
OLD_LI = Actor(account=Account("telegram:10002"), name="Old Li", username="", admin=True)


def group_of(chat: int) -> str | None:
    return {-1001234567890: "reading", 10001: "reading"}.get(chat)


def posted(**fields) -> MessagePosted:
    (event,) = events(update(message=message(**fields)), BOT, group_of)
    assert isinstance(event, MessagePosted)
    return event


def test_a_plain_text_is_one_message_with_an_id_derived_from_the_update():
    assert events(update(message=message()), BOT, group_of) == (
        MessagePosted(id="telegram:42:7", at=AT, group="reading", actor=XIAO_WANG, message="77", text="早上好"),
    )


def test_a_chat_that_is_no_group_of_ours_gives_nothing():
    assert events(update(message=message(chat={"id": -5, "type": "group"})), BOT, group_of) == ()


@pytest.mark.parametrize(
    ("fields", "account", "kind", "admin"),
    [
        pytest.param({"from": WANG}, "telegram:10001", ActorKind.PERSON, False, id="a member"),
        pytest.param({"from": LI}, "telegram:10002", ActorKind.PERSON, True, id="an admin by name"),
        pytest.param(
            {"from": ANONYMOUS, "sender_chat": GROUP},
            "telegram:-1001234567890",
            ActorKind.ANONYMOUS_ADMIN,
            True,
            id="an anonymous admin is the group, not the shared id",
        ),
        pytest.param(
            {"from": CHANNEL_BOT, "sender_chat": {"id": -100777, "type": "channel", "title": "广告"}},
            "telegram:-100777",
            ActorKind.CHANNEL,
            False,
            id="a channel is itself, not Channel_Bot",
        ),
        pytest.param(
            {
                "from": TELEGRAM,
                "sender_chat": {"id": -100888, "type": "channel", "title": "我们的频道"},
                "is_automatic_forward": True,
                "forward_origin": {"type": "channel", "date": NOON},
            },
            "telegram:-100888",
            ActorKind.CHANNEL,
            True,
            id="the linked channel counts as staff",
        ),
        pytest.param({"from": OTHER_BOT}, "telegram:555", ActorKind.BOT, False, id="another bot"),
    ],
)
def test_who_wrote(fields, account, kind, admin):
    actor = posted(**fields).actor
    assert (actor.account, actor.kind, actor.admin) == (account, kind, admin)


def test_our_own_words_are_no_event():
    assert events(update(message=message(**{"from": OURS})), BOT, group_of) == ()


def test_a_linked_channels_post_does_not_count_as_forwarded_but_a_forward_does():
    origin = {"type": "user", "date": NOON, "sender_user": LI}
    channel = {"id": -100888, "type": "channel"}
    assert posted(forward_origin=origin).forwarded
    automatic = posted(**{"from": TELEGRAM}, sender_chat=channel, is_automatic_forward=True, forward_origin=origin)
    assert not automatic.forwarded


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"photo": [{"file_id": "a"}]}, "photo"),
        ({"animation": {"file_id": "a"}, "document": {"file_id": "a"}}, "animation"),
        ({"document": {"file_id": "a"}}, "file"),
        ({"video": {"file_id": "a"}}, "video"),
        ({"video_note": {"file_id": "a"}}, "video"),
        ({"voice": {"file_id": "a"}}, "voice"),
        ({"audio": {"file_id": "a"}}, "audio"),
        ({"sticker": {"file_id": "a"}}, "sticker"),
        ({"venue": {"title": "a"}, "location": {"latitude": 1.0, "longitude": 2.0}}, "location"),
        ({"contact": {"first_name": "a"}}, "contact"),
        ({"poll": {"id": "1"}}, "poll"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "other"),
        ({"story": {"id": 1}}, "other"),
        ({"something_of_next_year": {"a": 1}, "caption": "看这里"}, "other"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_message_holds(content, kind):
    assert posted(text=None, **content).kind == kind


def test_a_caption_is_the_text_and_its_links_count():
    (event,) = events(
        update(message=photo(caption="看 site.example", caption_entities=[mark("url", 2, 12)])), BOT, group_of
    )
    assert isinstance(event, MessagePosted)
    assert (event.text, event.kind, event.links) == ("看 site.example", "photo", ("site.example",))


def test_the_parts_of_an_album_share_its_id():
    (one,) = events(update(message=photo(media_group_id="9000")), BOT, group_of)
    assert isinstance(one, MessagePosted)
    assert one.album == "9000"


@pytest.mark.parametrize(
    ("text", "marks", "links"),
    [
        pytest.param("看 https://a.example/x", [mark("url", 2, 19)], ("https://a.example/x",), id="as written"),
        pytest.param(
            "点这里", [mark("text_link", 1, 2, url="https://b.example/")], ("https://b.example/",), id="hidden"
        ),
        pytest.param("🎉🎉 a.example", [mark("url", 5, 9)], ("a.example",), id="offsets count UTF-16 units"),
        pytest.param("a.example a.example", [mark("url", 0, 9), mark("url", 10, 9)], ("a.example",), id="once each"),
    ],
)
def test_links(text, marks, links):
    assert posted(text=text, entities=marks).links == links


def test_a_link_brought_in_by_a_quote_from_another_chat_counts():
    quote = {"text": "free a.example", "position": 0, "entities": [mark("url", 5, 9)]}
    assert posted(quote=quote, external_reply={"origin": {"type": "user"}}).links == ("a.example",)
    assert posted(quote=quote, reply_to_message=message(message_id=70)).links == ()


def test_the_buttons_under_a_message_are_links_too():
    keyboard = {
        "inline_keyboard": [[{"text": "领取", "url": "https://c.example"}, {"text": "x", "callback_data": "1"}]]
    }
    assert posted(reply_markup=keyboard).links == ("https://c.example",)


def test_people_are_mentioned_by_name_or_by_id():
    text = "🙏 谢谢 @Old_Li 和 小张 还有 @yaji_bot"
    marks = [mark("mention", 6, 7), mark("text_mention", 16, 2, user={"id": 3, "first_name": "小张"})]
    marks.append(mark("mention", 22, 9))
    assert posted(text=text, entities=marks).mentions == (
        Actor(account=Account("telegram:@old_li"), name="Old_Li", username="Old_Li"),
        Actor(account=Account("telegram:3"), name="小张", username=""),
        Actor(account=Account("telegram:42"), name="yaji_bot", username="yaji_bot", kind=ActorKind.BOT),
    )


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        pytest.param("/checkin", 8, "/checkin", id="short"),
        pytest.param("/CheckIn@YAJI_bot 读完了", 17, "/checkin 读完了", id="for us, case ignored"),
        pytest.param("/report@other_bot", 17, "/report@other_bot", id="for another bot"),
        pytest.param("/report@yaji_bot   ", 16, "/report   ", id="only spaces behind"),
        pytest.param("/Path/to/file", 5, "/Path/to/file", id="no command at all"),
    ],
)
def test_commands(text, length, expected):
    assert posted(text=text, entities=[mark("bot_command", 0, length)]).text == expected


def test_what_else_is_marked_in_a_command_does_not_matter():
    bold, named = mark("bold", 0, 17), mark("mention", 0, 9)
    assert posted(text="/Rules@yaji_bot !", entities=[bold, mark("bot_command", 0, 15)]).text == "/rules !"
    assert posted(text="@yaji_bot /rules", entities=[bold, named, mark("bot_command", 10, 6)]).text == "/rules"
    assert posted(text="打卡 @yaji_bot", entities=[mark("mention", 3, 9), mark("bold", 3, 9)]).text == "打卡"
    two = [mark("mention", 0, 7), mark("mention", 11, 9), mark("bold", 11, 9)]
    assert posted(text="@old_li 谢谢 @yaji_bot", entities=two).text == "@old_li 谢谢"


@pytest.mark.parametrize("kind", ["code", "pre"])
def test_a_command_that_is_written_as_code_is_shown_and_not_given(kind):
    text = "/ban @old_li"
    assert posted(text=text, entities=[mark(kind, 0, 12)]).text == "`/ban @old_li"
    assert posted(text=f"写 {text}", entities=[mark(kind, 2, 12)]).text == f"写 {text}"
    assert posted(text="打卡", entities=[mark(kind, 0, 2)]).text == "打卡"
    given = [mark("bot_command", 0, 5), mark(kind, 6, 7)]
    assert posted(text="/Warn @old_li", entities=given).text == "/warn @old_li"


def test_a_command_inside_a_sentence_stays_as_written():
    text = "试试 /Rules@yaji_bot"
    assert posted(text=text, entities=[mark("bot_command", 3, 15)]).text == text


def test_a_reply_names_the_author_from_the_payload():
    replied = message(message_id=70, text="问题", **{"from": LI})
    assert posted(reply_to_message=replied).reply_to == Reply(message="70", author=OLD_LI)


def test_a_reply_to_an_anonymous_admin_names_the_group():
    replied = message(message_id=70, sender_chat=GROUP, **{"from": ANONYMOUS})
    reply = posted(reply_to_message=replied).reply_to
    assert reply is not None
    assert reply.author is not None
    assert reply.author.kind is ActorKind.ANONYMOUS_ADMIN


def in_another_topic(origin, **fields):
    answered = {"origin": {"date": NOON, **origin}, "chat": GROUP, "message_id": 70} | fields
    forum = {**GROUP, "is_forum": True}
    return posted(chat=forum, message_thread_id=5, is_topic_message=True, external_reply=answered).reply_to


def test_a_message_of_another_topic_is_answered_as_one_of_the_same():
    by_li = {"type": "user", "sender_user": LI}
    assert in_another_topic(by_li) == Reply(message="70", author=OLD_LI)
    anonymous = in_another_topic({"type": "chat", "sender_chat": GROUP})
    assert anonymous is not None
    assert anonymous.author is not None
    assert anonymous.author.kind is ActorKind.ANONYMOUS_ADMIN
    hidden = in_another_topic({"type": "hidden_user", "sender_user_name": "Li"})
    assert hidden == Reply(message="70", author=None)


@pytest.mark.parametrize(
    "fields",
    [{"chat": {**GROUP, "id": -1009}}, {"chat": None}, {"message_id": None}, {"chat": "?"}],
    ids=["of another chat", "of a chat that is not told", "no number", "not shaped as documented"],
)
def test_a_message_from_elsewhere_is_not_answered(fields):
    assert in_another_topic({"type": "user", "sender_user": LI}, **fields) is None


@pytest.mark.parametrize(
    ("fields", "topic", "answers"),
    [
        pytest.param({"message_thread_id": 5}, None, None, id="a thread of replies is no topic"),
        pytest.param({"message_thread_id": 5, "is_topic_message": True}, "5", None, id="in a topic"),
        pytest.param({"chat": {**GROUP, "is_forum": True}}, "1", None, id="in the General topic of a forum"),
        pytest.param(
            {"message_thread_id": 5, "is_topic_message": True, "reply_to_message": message(message_id=5)},
            "5",
            None,
            id="the topic's opening is not answered",
        ),
        pytest.param(
            {"message_thread_id": 5, "is_topic_message": True, "reply_to_message": message(message_id=6)},
            "5",
            "6",
            id="a reply in a topic",
        ),
    ],
)
def test_topics(fields, topic, answers):
    event = posted(**fields)
    assert (event.topic, event.reply_to and event.reply_to.message) == (topic, answers)


def test_a_private_conversation_is_marked():
    assert posted(chat={"id": 10001, "type": "private"}).private


def test_an_edit_keeps_when_the_message_was_posted():
    edited = message(text="改了 a.example", edit_date=NOON + 60, entities=[mark("url", 3, 9)])
    (event,) = events(update(edited_message=edited), BOT, group_of)
    assert event == MessageEdited(
        id="telegram:42:7",
        at=datetime.fromtimestamp(NOON + 60, UTC),
        posted=AT,
        group="reading",
        actor=XIAO_WANG,
        message="77",
        text="改了 a.example",
        links=("a.example",),
    )


@pytest.mark.parametrize(
    "service",
    [
        {"pinned_message": message(message_id=3)},
        {"forum_topic_created": {"name": "答疑", "icon_color": 1}},
        {"new_chat_title": "新名字"},
        {"something_of_next_year": {"a": 1}},
    ],
    ids=lambda service: next(iter(service)),
)
def test_other_service_messages_give_nothing(service):
    assert events(update(message=message(text=None, **service)), BOT, group_of) == ()


@given(
    st.text(max_size=12),
    st.lists(
        st.tuples(
            st.sampled_from(["url", "mention", "bot_command", "text_link", "text_mention", "spoiler"]),
            st.integers(-3, 30),
            st.integers(-3, 30),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_marks_that_fit_no_text_break_nothing(text, marks):
    entities = [mark(kind, offset, length) for kind, offset, length in marks]
    assert posted(text=text, entities=entities).message == "77"

"""What happened in WeChat, as events: every kind of message, and who did what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.wechat.payloads import (
    Befriended,
    Departed,
    Entered,
    Friendship,
    Invitation,
    Invited,
    Member,
    Message,
    Posted,
    Retitled,
    Unread,
)
from adapters.wechat.translate import events
from core.events import BotStanding, MemberJoined, MemberLeft, MessageDeleted, MessagePosted, Reply
from core.people import Actor, ActorKind

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ME = "wxid_yaji"
ROOM = "1@chatroom"
LI = Member(id="wxid_li", name="李雷", alias="小李")
HAN = Member(id="wxid_han", name="韩梅梅")
OURS = Member(id=ME, name="雅集")
XIAO_LI = Actor(account="wechat:wxid_li", name="小李")  # type: ignore[arg-type]
HAN_MEIMEI = Actor(account="wechat:wxid_han", name="韩梅梅")  # type: ignore[arg-type]


def group_of(address: str) -> str | None:
    return {ROOM: "reading", "wxid_li": "reading", "gh_news": "reading", "fmessage": "reading"}.get(address)


def told(happening):
    return events(happening, ME, group_of)


def posted(text="", kind=7, *, room=ROOM, sender=LI, mentions=(), ours=("雅集",), at=AT, id="m1"):
    mentioned = tuple({"wxid_han": HAN, ME: OURS}[one] for one in mentions)
    message = Message(id=id, kind=kind, talker=sender.id, room=room, text=text, mentions=tuple(mentions), at=at)
    return Posted(
        message=message,
        sender=sender,
        mentioned=mentioned,
        ours=frozenset(ours),
        arrived=AT + timedelta(hours=1),
    )


def one(happening):
    (event,) = told(happening)
    return event


def test_a_text_in_a_room() -> None:
    assert told(posted("打卡 Day 3")) == (
        MessagePosted(id="wechat:m1", at=AT, group="reading", actor=XIAO_LI, message="m1", text="打卡 Day 3"),
    )


def test_a_private_message_belongs_to_the_group_that_it_is_about() -> None:
    event = one(posted("我的积分", room=""))
    assert (event.group, event.private, event.text) == ("reading", True, "我的积分")


KINDS = [
    (0, "other"), (1, "file"), (2, "voice"), (3, "contact"), (4, "other"), (5, "sticker"), (6, "photo"), (7, "text"),
    (8, "location"), (9, "other"), (10, "other"), (11, "other"), (12, "other"), (14, "other"), (15, "video"),
    (16, "other"), (99, "other"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "kind"), KINDS)
def test_every_kind_of_message_counts_those_to_come_too(number, kind) -> None:
    event = one(posted("一句话" if number == 7 else "<msg><appmsg><des>赌博</des></appmsg></msg>", number))
    assert event.kind == kind
    assert event.text == ("一句话" if number == 7 else "")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param(12, "<msg><appmsg><title>恭喜发财</title></appmsg></msg>", id="a red packet"),
        pytest.param(11, "转账", id="a transfer"),
        pytest.param(10, "#接龙\n周六读书会\n\n1. 小李", id="a line in a list"),
    ],
)
def test_what_a_client_writes_for_somebody_is_not_their_words(kind, text) -> None:
    event = one(posted(text, kind))
    assert (event.kind, event.text, event.links) == ("other", "", ())


PAT = '<sysmsg type="pat"><pat><pattedusername>wxid_li</pattedusername></pat></sysmsg>'
BY_ITSELF = [
    pytest.param(posted(PAT, 13), id="a pat, by puppet-padlocal, in the name of whoever was patted"),
    pytest.param(posted(PAT, 0), id="a pat, as XML"),
    pytest.param(posted('"韩梅梅" 拍了拍 "小李"', 10), id="a pat, in words"),
    pytest.param(posted('"Han" tickled "Li"', 0), id="a pat, in English"),
    pytest.param(posted('<sysmsg type="roomtoolstips"><todo/></sysmsg>', 13), id="a to-do"),
    pytest.param(posted("<voipinvitemsg></voipinvitemsg>", 0), id="a call"),
    pytest.param(
        posted('<sysmsg type="sysmsgtemplate"></sysmsg>', 13, sender=Member(id=ROOM)), id="who came, by the room"
    ),
    pytest.param(posted("你邀请韩梅梅加入了群聊", 0, sender=Member(id=ROOM)), id="the same in words"),
    pytest.param(posted("7004", 13, sender=Member(id=ROOM)), id="something taken back, nobody knows by whom"),
]


@pytest.mark.parametrize("happening", BY_ITSELF)
def test_what_wechat_says_by_itself_is_nobodys_message(happening) -> None:
    assert told(happening) == ()


def test_a_link_has_its_title_and_address_and_nothing_else_of_the_xml() -> None:
    xml = (
        "<msg><appmsg><title><![CDATA[读 & 写]]></title><des>摘要</des>"
        "<url>https://example.org/a?b=1&amp;c=2</url></appmsg></msg>"
    )
    event = one(posted(xml, 14))
    assert (event.kind, event.text, event.links) == ("other", "读 & 写", ("https://example.org/a?b=1&c=2",))


def test_a_forwarded_history_is_forwarded() -> None:
    assert one(posted("<msg/>", 4)).forwarded


MENTIONED = [
    pytest.param("@雅集\u2005打卡", (ME,), "打卡", ["wechat:wxid_yaji"], id="of us, before the words"),
    pytest.param("打卡 @雅集\u2005", (ME,), "打卡", ["wechat:wxid_yaji"], id="of us, behind them"),
    pytest.param("@雅集\u2005打卡", (), "打卡", ["wechat:wxid_yaji"], id="of us, where ids are not told"),
    pytest.param("@雅集 打卡", (ME,), "打卡", ["wechat:wxid_yaji"], id="of us, with a plain space"),
    pytest.param("@雅集 打卡", (), "打卡", ["wechat:wxid_yaji"], id="of us, with a plain space and no ids"),
    pytest.param("@雅集", (), "", ["wechat:wxid_yaji"], id="of us alone"),
    pytest.param("@雅集二号 打卡", (), "@雅集二号 打卡", [], id="of somebody whose name begins like ours"),
    pytest.param("@韩梅梅\u2005你好", ("wxid_han",), "@韩梅梅 你好", ["wechat:wxid_han"], id="of another"),
    pytest.param("@韩梅梅\u2005@雅集\u2005看", ("wxid_han", ME), "@韩梅梅  看", ["wechat:wxid_han", "wechat:wxid_yaji"],
                 id="of both"),
    pytest.param("@小助手\u2005你好", (ME,), "@小助手 你好", ["wechat:wxid_yaji"], id="of us by another name"),
    pytest.param("发到 a@雅集.com", (), "发到 a@雅集.com", [], id="no mention"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mentions", "shown", "accounts"), MENTIONED)
def test_mentions(text, mentions, shown, accounts) -> None:
    event = one(posted(text, mentions=mentions))
    assert event.text == shown
    assert [actor.account for actor in event.mentions] == accounts
    assert {a.kind for a in event.mentions if a.account == "wechat:wxid_yaji"} <= {ActorKind.BOT}


def test_a_quote_is_not_said_again_by_who_answers() -> None:
    quoting = "「韩梅梅：打卡 Day 3\n读完了」\n- - - - - - - - - - - - - - -\n厉害"
    assert (one(posted(quoting)).text, one(posted(quoting)).quoted) == ("厉害", "打卡 Day 3\n读完了")
    assert one(posted(quoting)).reply_to is None
    assert one(replace(posted(quoting), quotes="m0")).reply_to == Reply(message="m0"), "nobody vouches for who wrote it"
    plain = one(posted("「书名号」也是引号"))
    assert (plain.text, plain.quoted) == ("「书名号」也是引号", "")


RECALLED = [
    pytest.param("7004", "7004", id="by its id"),
    pytest.param(
        '<sysmsg type="revokemsg"><revokemsg><msgid>1</msgid><newmsgid>7004</newmsgid></revokemsg></sysmsg>',
        "7004",
        id="in XML",
    ),
    pytest.param(
        "<revokemsg><newmsgid><![CDATA[7004]]></newmsgid></revokemsg>", "7004", id="in XML that is marked text"
    ),
]


@pytest.mark.parametrize(("text", "message"), RECALLED)
def test_what_is_taken_back_is_gone(text, message) -> None:
    assert told(posted(text, 13)) == (
        MessageDeleted(id="wechat:m1", at=AT, group="reading", message=message, actor=XIAO_LI),
    )


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            '"小李" 撤回了一条消息',
            "小李撤回了一条消息",
            "<newmsgid>7004",
            "7004</newmsgid>",
            "<newmsgid></newmsgid>",
        ),
        *("7004\x00", "70\x0704", "\x7f", "7004\n7005", "\t7004", "７００４"),
    ],
)
def test_a_recall_that_does_not_tell_of_what_is_no_message(text) -> None:
    assert told(posted(text, 13)) == ()


def test_a_message_bears_the_time_when_it_was_written_however_late_it_comes() -> None:
    assert one(posted("早", at=AT - timedelta(days=2))).at == AT - timedelta(days=2)
    assert one(posted("早", at=None)).at == AT + timedelta(hours=1)


NOTHING = [
    pytest.param(posted("回声", sender=OURS), id="what the account itself wrote"),
    pytest.param(replace(posted("回声"), own=True), id="what it wrote under another id, before it was logged out"),
    pytest.param(posted("你好", room="2@chatroom"), id="another room"),
    pytest.param(posted("你好", room="", sender=HAN), id="a private message of a stranger"),
    pytest.param(posted("欢迎", room="", sender=Member(id="fmessage")), id="WeChat's own contact"),
    pytest.param(Retitled(room=ROOM, topic="新", was="旧", at=AT), id="a topic"),
    pytest.param(Invited(invitation=Invitation(id="i"), at=AT), id="an invitation"),
    pytest.param(
        Befriended(friendship=Friendship(id="f", contact="wxid_han", asks=True), at=AT), id="a friend request"
    ),
    pytest.param(Unread(id="m9", why="gone", at=AT), id="what could not be read"),
    pytest.param(Entered(room="2@chatroom", members=(LI,), at=AT), id="joining elsewhere"),
    pytest.param(Departed(room="2@chatroom", members=(LI,), at=AT), id="leaving elsewhere"),
    pytest.param(Entered(room=ROOM, members=(), at=AT), id="a join that does not tell whose"),
]


@pytest.mark.parametrize("happening", NOTHING)
def test_nothing_of_ours(happening) -> None:
    assert told(happening) == ()


def test_an_official_account_is_no_person() -> None:
    event = one(posted("推送", room="", sender=Member(id="gh_news", name="书讯")))
    assert event.actor.kind is ActorKind.CHANNEL


def test_joins_with_and_without_who_invited() -> None:
    two = Entered(room=ROOM, members=(LI, HAN), by=HAN, at=AT)
    assert told(two) == (
        MemberJoined(
            id="wechat:join:1@chatroom:wxid_li:1772438400", at=AT, group="reading", actor=XIAO_LI, by=HAN_MEIMEI
        ),
        MemberJoined(id="wechat:join:1@chatroom:wxid_han:1772438400", at=AT, group="reading", actor=HAN_MEIMEI),
    )
    assert one(replace(two, members=(LI,), by=None)).by is None


def test_leaving_and_being_removed() -> None:
    assert one(Departed(room=ROOM, members=(HAN,), at=AT)) == MemberLeft(
        id="wechat:leave:1@chatroom:wxid_han:1772438400", at=AT, group="reading", actor=HAN_MEIMEI
    )
    assert one(Departed(room=ROOM, members=(HAN,), by=LI, at=AT)).by == XIAO_LI
    assert one(Departed(room=ROOM, members=(HAN,), by=HAN, at=AT)).by is None


def test_our_own_coming_and_going_is_our_standing() -> None:
    came = one(Entered(room=ROOM, members=(OURS,), by=LI, at=AT))
    gone = one(Departed(room=ROOM, members=(OURS,), at=AT))
    assert isinstance(came, BotStanding)
    assert isinstance(gone, BotStanding)
    assert (came.present, "say" in came.abilities, gone.present) == (True, True, False)


def test_the_same_happening_has_the_same_ids() -> None:
    assert told(posted("早")) == told(posted("早"))
    join = Entered(room=ROOM, members=(LI,), at=AT)
    assert told(join) == told(replace(join))

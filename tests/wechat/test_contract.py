"""One suite over both gateways for tests: the one in Python behaves as Wechaty's own, as far as it is used."""

from __future__ import annotations

import pytest

from adapters.wechat import translate
from adapters.wechat.failures import Refused
from adapters.wechat.payloads import Befriended, Departed, Entered, Invited, Posted, Retitled, Unread
from adapters.wechat.standing import abilities
from adapters.wechat.states import Complained, LoggedIn, LoggedOut, ScanAsked
from core.delivery import Destination, Done, Later, Never, Refusal
from core.effects import Mention, Remove, Say, TellAdmins
from core.events import MessagePosted
from core.people import Account
from tests.support.performing import in_full
from tests.support.wechat.assistant import play
from tests.support.wechat.world import ME, Sent
from tests.wechat.stage import HAN, LI, OWN, READING, ROOM, WRITING, stage

# Coming in


def test_everything_that_happens_arrives_in_order(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await gateway.do("posts", talker="wxid_li", text="@雅集\u2005打卡", room=ROOM, mentions=[ME])
            await gateway.do("enters", room=ROOM, ids=["wxid_new"], by="wxid_li")
            await gateway.do("leaves", room=ROOM, id="wxid_han")
            await gateway.do("retitles", room=ROOM, topic="新书会", by="wxid_li")
            await gateway.do("invites", id="inv1", topic="诗会", by="wxid_han")
            await gateway.do("befriends", id="fr1", contact="wxid_han", hello="我是韩梅梅")
            await gateway.do("posts", talker="wxid_li", text="我的积分")
            for number in (0, 5, 6, 12, 16):
                await gateway.do("posts", talker="wxid_li", text="<msg/>", room=ROOM, kind=number)
            await assistant.until(lambda: len(assistant.happened) == 12)
            return assistant.happened

    happened = play(scene())
    assert [type(one) for one in happened] == [
        Posted, Entered, Departed, Retitled, Invited, Befriended, Posted, *[Posted] * 5,
    ]  # fmt: skip
    posted, entered, departed, retitled, invited, befriended, private = happened[:7]
    assert (posted.sender.shown, posted.message.mentions) == ("小李", (ME,))
    assert ([one.id for one in entered.members], entered.by.shown) == (["wxid_new"], "小李")
    assert ([one.id for one in departed.members], departed.by) == (["wxid_han"], None)
    assert (retitled.topic, retitled.was) == ("新书会", "读书会")
    assert (invited.invitation.topic, invited.invitation.inviter) == ("诗会", "wxid_han")
    assert (befriended.friendship.contact, befriended.friendship.asks) == ("wxid_han", True)
    assert (private.message.room, private.sender.shown) == ("", "李雷")
    events = [event for one in happened for event in translate.events(one, ME, {ROOM: "reading"}.get)]
    assert [getattr(event, "kind", None) for event in events] == [
        "text", None, None, "other", "sticker", "photo", "other", "other",
    ]  # fmt: skip
    assert isinstance(events[0], MessagePosted)
    assert (events[0].text, events[0].at.timestamp()) == ("打卡", 1_764_000_001)


def test_what_cannot_be_read_is_handed_on_without_holding_up_the_rest(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await gateway.do("refuses", call="MessagePayload", why="the cache is cold")
            await gateway.do("posts", talker="wxid_li", text="一", room=ROOM)
            await assistant.until(lambda: assistant.happened)
            await gateway.do("leaves", room=ROOM, id="wxid_han")
            await assistant.until(lambda: len(assistant.happened) == 2)
            return assistant.happened

    unread, departed = play(scene())
    assert isinstance(unread, Unread)
    assert isinstance(departed, Departed)
    assert "the cache is cold" in unread.why


def test_what_becomes_of_the_account_is_told(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await gateway.do("complains", text="the browser crashed")
            await gateway.do("logs_out", why="kicked by the phone")
            await gateway.do("asks_to_scan", url="http://weixin.qq.com/l/abc")
            await assistant.until(lambda: assistant.told(ScanAsked))
            gone = await assistant.platform.perform(Say(words=("hi",)), READING)
            await gateway.do("logs_in", id="wxid_yaji2")
            await assistant.until(lambda: len(assistant.told(LoggedIn)) == 2)
            return assistant, gone

    assistant, gone = play(scene())
    assert "the browser crashed" in assistant.told(Complained)[0].why
    assert assistant.told(LoggedOut)[0].why == "kicked by the phone"
    assert assistant.told(ScanAsked)[0].url == "http://weixin.qq.com/l/abc"
    assert [one.id for one in assistant.told(LoggedIn)] == [ME, "wxid_yaji2"]
    assert isinstance(gone, Later)


def test_a_burst_arrives_whole_and_in_order(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await gateway.do("burst", talker="wxid_li", room=ROOM, count=500)
            await assistant.until(lambda: len(assistant.happened) == 500)
            return assistant.texts()

    assert play(scene()) == [f"{n}" for n in range(500)]


# Going out


def test_what_is_said_arrives_with_those_mentioned(kind) -> None:
    words = ("早，", Mention(account=LI, name="李"), "和", Mention(account=Account("telegram:1"), name="Wang"), "！")

    async def scene():
        async with stage(kind) as (gateway, assistant):
            answer = await assistant.platform.perform(Say(words=words), READING)
            told = await assistant.platform.perform(TellAdmins(words=("请看",)), WRITING)
            await assistant.until(lambda: len(assistant.happened) == 2)
            return answer, told, await gateway.sent(), assistant.happened

    answer, told, sent, happened = play(scene())
    assert sent == [
        Sent(chat=ROOM, text="早，@小李\u2005和Wang！", mentions=("wxid_li",)),
        Sent(chat=OWN, text="请看"),
    ]
    assert answer == Done(message=happened[0].message.id)
    assert isinstance(told, Done)
    assert [translate.events(one, ME, lambda _: "reading") for one in happened] == [(), ()]  # its own words come back


def test_a_picture_is_posted_above_the_words(kind) -> None:
    picture = b"\x89PNG" + bytes(range(256)) * 2000

    async def scene():
        async with stage(kind) as (gateway, assistant):
            say = Say(words=("本周",), picture=picture)
            return await in_full(assistant.platform, say, READING), await gateway.sent()

    answer, sent = play(scene())
    assert (answer.posts, sent) == (
        2,
        [Sent(chat=ROOM, picture=picture, name="picture.png"), Sent(chat=ROOM, text="本周")],
    )


def test_private_messages_reach_contacts_only(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            perform = assistant.platform.perform
            to_li = await perform(Say(words=("你好",), to=LI), Destination("reading", "wxid_li"))
            to_han = await perform(Say(words=("你好",), to=HAN), Destination("reading", "wxid_han"))
            to_nobody = await perform(Say(words=("你好",), to=Account("wechat:x")), Destination("reading", "x"))
            return to_li, to_han, to_nobody, await gateway.sent()

    to_li, to_han, to_nobody, sent = play(scene())
    assert isinstance(to_li, Done)
    assert (to_han.refusal, to_nobody.refusal) == (Refusal.UNREACHABLE, Refusal.UNREACHABLE)
    assert [one.chat for one in sent] == ["wxid_li"]


def test_who_became_a_contact_after_they_were_asked_about_is_reached(kind) -> None:
    """Gateways remember what they said of somebody, and are told of no change by most puppets."""

    async def scene():
        async with stage(kind) as (gateway, assistant):
            perform, hello = assistant.platform.perform, Say(words=("你好",), to=HAN)
            before = await perform(hello, Destination("reading", "wxid_han"))
            await gateway.do("contact", id="wxid_han", name="韩梅梅", friend=True)
            return before, await perform(hello, Destination("reading", "wxid_han"))

    before, after = play(scene())
    assert (before.refusal, type(after)) == (Refusal.UNREACHABLE, Done)


def test_members_are_removed_where_the_room_is_the_accounts_own(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            perform = assistant.platform.perform
            answers = [await perform(Remove(member=HAN), to) for to in (READING, WRITING, WRITING)]
            can = [abilities(await assistant.gateway.room(room), ME) for room in (ROOM, OWN)]
            return answers, await gateway.removed(), [("remove" in one) for one in can]

    (refused, done, again), removed, can = play(scene())
    assert (refused.refusal, refused.needs) == (Refusal.NO_RIGHT, "remove")
    assert isinstance(done, Done)
    assert isinstance(again, Done)
    assert (removed, can) == ([(OWN, "wxid_han")], [False, True])


def test_a_refusal_is_told_in_one_line(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await gateway.do("refuses", call="MessageSendText", why="操作过于频繁，请稍后再试")
            return await assistant.platform.perform(Say(words=("hi",)), READING)

    answer = play(scene())
    assert isinstance(answer, Later)
    assert (answer.whole_bot, answer.after.total_seconds() >= 600) == (True, True)
    assert "操作过于频繁" in answer.why
    assert "\n" not in answer.why
    assert "    at " not in answer.why


def test_a_room_that_is_not_there(kind) -> None:
    async def scene():
        async with stage(kind) as (_, assistant):
            return await assistant.platform.perform(Say(words=("hi",)), Destination("reading", "9@chatroom"))

    answer = play(scene())
    assert isinstance(answer, Never)
    assert answer.refusal is Refusal.NOT_THERE


# What is asked


def test_rooms_and_members_are_read_as_they_are_now(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            before = await assistant.gateway.members(ROOM)
            await gateway.do("leaves", room=ROOM, id="wxid_han")
            await gateway.do("enters", room=ROOM, ids=["wxid_unknown"])
            await assistant.until(lambda: len(assistant.happened) == 2)
            rooms = await assistant.gateway.titles(await assistant.gateway.rooms())
            return before, rooms, await assistant.gateway.members(ROOM), await assistant.gateway.contacts()

    before, rooms, after, contacts = play(scene())
    assert [(one.id, one.shown) for one in before] == [(ME, "雅集"), ("wxid_li", "小李"), ("wxid_han", "韩梅梅")]
    assert rooms == {ROOM: "读书会", OWN: "写作会"}
    assert [(one.id, one.shown) for one in after] == [(ME, "雅集"), ("wxid_li", "小李"), ("wxid_unknown", "")]
    assert [one.id for one in contacts if one.friend] == ["wxid_li"]


def test_texts_that_are_set_are_set(kind) -> None:
    async def scene():
        async with stage(kind) as (_, assistant):
            call = assistant.gateway.call
            topic = await call(lambda puppet: puppet.topic(OWN, "晨读会"))
            await call(lambda puppet: puppet.announce(OWN, "周日见"))
            news = await call(lambda puppet: puppet.announcement(OWN))
            alias = await call(lambda puppet: puppet.alias("wxid_li", "老李"))
            room, li = await assistant.gateway.room(OWN), await assistant.gateway.contact("wxid_li")
            return (topic, news, alias), (room.topic, li.alias)

    set_, seen = play(scene())
    assert set_ == ("晨读会", "周日见", "老李")
    assert seen[0] == "晨读会"


def test_an_announcement_is_set_in_rooms_of_ones_own(kind) -> None:
    news = Say(words=("📢 周日见 ",), announce=True)

    async def scene():
        async with stage(kind) as (gateway, assistant):
            answers = [await assistant.platform.perform(news, to) for to in (WRITING, READING)]
            stand = [
                await assistant.gateway.call(lambda puppet, room=room: puppet.announcement(room))
                for room in (OWN, ROOM)
            ]
            return answers, stand, await gateway.sent()

    (set_, refused), stand, sent = play(scene())
    assert (set_, stand, sent) == (Done(), ["📢 周日见", ""], [])
    assert isinstance(refused, Never)
    assert refused.refusal is Refusal.NO_RIGHT


def test_invitations_and_friend_requests_are_accepted(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await assistant.gateway.call(lambda puppet: puppet.accept_invitation("inv1"))
            await assistant.gateway.call(lambda puppet: puppet.accept_friendship("fr1"))
            return await gateway.accepted()

    assert play(scene()) == ["inv1", "fr1"]


def test_what_is_not_there_is_refused_in_one_line(kind) -> None:
    async def scene():
        async with stage(kind) as (_, assistant):
            await assistant.gateway.room("9@chatroom")

    with pytest.raises(Refused, match=r"no payload found for id 9@chatroom$"):
        play(scene())

"""One suite over both gateways for tests: the one in Python behaves as Wechaty's own, as far as it is used."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager

import pytest

from adapters.wechat import translate
from adapters.wechat.endpoint import Endpoint, Tls
from adapters.wechat.failures import CredentialsRefused, Refused
from adapters.wechat.gateway import Gateway
from adapters.wechat.payloads import Befriended, Departed, Entered, Invited, Posted, Retitled, Unread
from adapters.wechat.standing import abilities
from adapters.wechat.states import (
    Complained,
    Connected,
    Disconnected,
    LoggedIn,
    LoggedOut,
    ScanAsked,
    TakenOver,
    Trouble,
)
from core.delivery import Destination, Done, Later, Never, Refusal
from core.effects import Mention, Remove, Say, TellAdmins
from core.events import MessagePosted
from core.people import Account
from tests.support.wechat import node
from tests.support.wechat.assistant import QUICK, assisted, play, running
from tests.support.wechat.certificates import certificate
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import ME, Sent

ROOM, OWN = "1@chatroom", "2@chatroom"
READING, WRITING = Destination("reading", ROOM), Destination("writing", OWN)
LI, HAN = Account("wechat:wxid_li"), Account("wechat:wxid_han")


@pytest.fixture(scope="module")
def kept():
    made = node.Kept()
    yield made
    made.close()


def in_python(certificate=None):
    return running(FakeGateway(certificate=certificate))


@pytest.fixture(params=["python", "javascript"])
def kind(request, kept):
    """What makes a gateway."""
    if request.param == "python":
        return in_python
    if (why := node.missing()) and not os.environ.get(node.REQUIRED):
        pytest.skip(why)

    @asynccontextmanager
    async def in_javascript(certificate=None):
        yield await kept.gateway(certificate)

    return in_javascript


@asynccontextmanager
async def serving(kind, **more):
    """A gateway that runs, before two rooms (the second is the account's own) and two people."""
    async with kind(**more) as gateway:
        await gateway.do("contact", id="wxid_li", name="李雷", friend=True)
        await gateway.do("contact", id="wxid_han", name="韩梅梅")
        await gateway.do("room", id=ROOM, topic="读书会", members={"wxid_li": "小李", "wxid_han": ""})
        await gateway.do("room", id=OWN, topic="写作会", members={"wxid_li": "", "wxid_han": ""}, owner=ME)
        yield gateway


@asynccontextmanager
async def stage(kind, **more):
    """The same, and an assistant that is logged in."""
    async with serving(kind, **more) as gateway, assisted(gateway.endpoint) as assistant:
        await assistant.ready()
        yield gateway, assistant


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
            return await assistant.platform.perform(say, READING), await gateway.sent()

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
            rooms = await assistant.gateway.rooms()
            return before, rooms, await assistant.gateway.members(ROOM), await assistant.gateway.contacts()

    before, rooms, after, contacts = play(scene())
    assert [(one.id, one.shown) for one in before] == [(ME, "雅集"), ("wxid_li", "小李"), ("wxid_han", "韩梅梅")]
    assert [(room.topic, room.owner) for room in rooms] == [("读书会", ""), ("写作会", ME)]
    assert [(one.id, one.shown) for one in after] == [(ME, "雅集"), ("wxid_li", "小李"), ("wxid_unknown", "")]
    assert [one.id for one in contacts if one.friend] == ["wxid_li"]


def test_texts_that_are_set_are_set(kind) -> None:
    async def scene():
        async with stage(kind) as (_, assistant):
            call = assistant.gateway.call
            topic = await call(lambda puppet: puppet.topic(OWN, "晨读会"))
            news = await call(lambda puppet: puppet.announcement(OWN, "周日见"))
            alias = await call(lambda puppet: puppet.alias("wxid_li", "老李"))
            room, li = await assistant.gateway.room(OWN), await assistant.gateway.contact("wxid_li")
            return (topic, news, alias), (room.topic, li.alias)

    set_, seen = play(scene())
    assert set_ == ("晨读会", "周日见", "老李")
    assert seen[0] == "晨读会"


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


# Staying connected


def test_a_gateway_that_dies_is_found_again(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await gateway.stop()
            await assistant.until(lambda: not assistant.gateway.connected)
            await gateway.start()
            await assistant.ready(2)
            return assistant.told(Disconnected), assistant.told(Connected)

    (lost,), (_, again) = play(scene())
    assert lost.trouble is Trouble.ENDED
    assert again.lost == lost.heard


def test_a_gateway_that_goes_deaf_is_left_and_heard_again(kind) -> None:
    async def scene():
        async with stage(kind) as (gateway, assistant):
            await gateway.do("deafen", deaf=True)
            await assistant.until(lambda: assistant.told(Disconnected))
            await gateway.do("deafen", deaf=False)
            await assistant.ready(2)
            await gateway.do("posts", talker="wxid_li", text="听见了", room=ROOM)
            await assistant.until(lambda: "听见了" in assistant.texts())
            return assistant.told(Disconnected)[0].trouble, await gateway.calls()

    trouble, calls = play(scene())
    assert trouble is Trouble.DEAF
    assert "Stop" not in calls  # its session went on


class Pauses:
    """Counts how often somebody had to wait before trying again."""

    def __init__(self) -> None:
        self.count = 0

    async def __call__(self, seconds: float) -> None:
        self.count += 1
        await asyncio.sleep(seconds)


def test_two_clients_take_the_gateway_from_each_other_once_at_most(kind) -> None:
    async def scene():
        one, two = Pauses(), Pauses()
        async with (
            serving(kind) as gateway,
            assisted(gateway.endpoint, pause=one) as first,
            assisted(gateway.endpoint, pause=two) as second,
        ):
            await first.until(lambda: max(one.count, two.count) >= 15)
            return first, second

    first, second = play(scene())
    assert {len(first.told(TakenOver)), len(second.told(TakenOver))} <= {0, 1}
    assert len(first.told(TakenOver)) + len(second.told(TakenOver)) >= 1
    assert first.gateway.connected != second.gateway.connected


# Proof on both sides


def test_the_gateway_proves_itself_and_the_token_is_shown_to_it(kind) -> None:
    async def scene():
        async with stage(kind, certificate=certificate()) as (gateway, assistant):
            await gateway.do("posts", talker="wxid_li", text="安全", room=ROOM)
            await assistant.until(lambda: assistant.texts() == ["安全"])

    play(scene())


STRANGERS = [
    pytest.param(Tls(authorities=certificate(authority="another").authority, name="gateway.test"), id="authority"),
    pytest.param(Tls(authorities=certificate().authority, name="elsewhere.test"), id="name"),
    pytest.param(Tls(), id="system's authorities"),
]


@pytest.mark.parametrize("tls", STRANGERS)
def test_whoever_does_not_prove_to_be_the_gateway_is_told_nothing(kind, tls) -> None:
    async def scene():
        async with serving(kind, certificate=certificate()) as gateway:
            there = Endpoint(host="127.0.0.1", port=gateway.port, token="secret", tls=tls)
            async with assisted(there) as assistant:
                await assistant.until(lambda: assistant.told(Disconnected))
                return assistant.told(Disconnected)[0].trouble, await gateway.calls()

    assert play(scene()) == (Trouble.UNTRUSTED, [])


def test_a_gateway_without_tls_is_not_spoken_to_where_tls_is_asked_for(kind) -> None:
    async def scene():
        async with serving(kind) as gateway:
            there = Endpoint(host="127.0.0.1", port=gateway.port, token="secret", tls=certificate().tls)
            async with assisted(there) as assistant:
                await assistant.until(lambda: assistant.told(Disconnected))
                return assistant.told(Connected), await gateway.calls()

    assert play(scene()) == ([], [])


@pytest.mark.parametrize("secured", [False, True], ids=["plain", "secured"])
def test_a_wrong_token_is_not_tried_again(kind, secured) -> None:
    async def scene():
        async with serving(kind, certificate=certificate() if secured else None) as gateway:
            right = gateway.endpoint
            wrong = Endpoint(host=right.host, port=right.port, token="guessed", tls=right.tls)
            await Gateway(wrong, timings=QUICK).run(lambda happening: asyncio.sleep(0))

    with pytest.raises(CredentialsRefused, match="does not accept the token"):
        play(scene())

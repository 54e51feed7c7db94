"""The connection: what is heard arrives in order, and nothing that happens to a gateway ends the assistant."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from adapters.wechat.endpoint import Endpoint
from adapters.wechat.failures import CredentialsRefused, NotSent
from adapters.wechat.gateway import Gateway
from adapters.wechat.payloads import Befriended, Entered, Invited, Posted, Retitled, Unread
from adapters.wechat.states import (
    Complained,
    Connected,
    Disconnected,
    LoggedIn,
    LoggedOut,
    ScanAsked,
    ScanStatus,
    StillAway,
    TakenOver,
    Trouble,
)
from core.delivery import Destination, Later
from core.effects import Say
from tests.support.wechat.assistant import QUICK, assisted, play
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import ME, World

ROOM = "1@chatroom"


@asynccontextmanager
async def stage(**more):
    """A room with two members, behind a gateway that runs, and an assistant that is logged in."""
    world = World()
    world.contact("wxid_li", "李雷", friend=True)
    world.contact("wxid_han", "韩梅梅")
    world.room(ROOM, "读书会", {"wxid_li": "小李", "wxid_han": ""})
    fake = FakeGateway(world)
    await fake.start()
    try:
        async with assisted(plain(fake), **more) as assistant:
            await assistant.ready()
            yield fake, world, assistant
    finally:
        await fake.stop()


def plain(fake, token="secret"):
    return Endpoint(host="127.0.0.1", port=fake.port, token=token, tls=None)


def test_what_is_told_arrives_in_order_with_the_names() -> None:
    async def scene():
        async with stage() as (_, world, assistant):
            for n in range(50):
                world.posts("wxid_li", f"第{n}句", ROOM)
            world.enters(ROOM, ["wxid_han"], by="wxid_li")
            world.retitles(ROOM, "新书会", by="wxid_li")
            world.invites("inv1", "写作会", by="wxid_han")
            world.befriends("fr1", "wxid_han", "我是韩梅梅")
            world.posts("wxid_han", "最后", ROOM)
            await assistant.until(lambda: "最后" in assistant.texts())
            return assistant.happened

    happened = play(scene())
    assert [one.message.text for one in happened[:50]] == [f"第{n}句" for n in range(50)]
    assert [type(one) for one in happened[50:]] == [Entered, Retitled, Invited, Befriended, Posted]
    entered, retitled, invited, befriended = happened[50:54]
    assert (happened[0].sender.shown, entered.members[0].shown, entered.by.shown) == ("小李", "韩梅梅", "小李")
    assert (retitled.topic, retitled.was) == ("新书会", "读书会")
    assert (invited.invitation.topic, invited.invitation.inviter) == ("写作会", "wxid_han")
    assert (befriended.friendship.contact, befriended.friendship.hello) == ("wxid_han", "我是韩梅梅")


def test_a_gateway_that_is_restarted_is_found_again_and_the_gap_is_told() -> None:
    async def scene():
        async with stage() as (fake, world, assistant):
            for times in (2, 3):
                await fake.stop()
                await assistant.until(lambda: not assistant.gateway.connected)
                await fake.start()
                await assistant.ready(times)
            world.posts("wxid_li", "还在吗", ROOM)
            await assistant.until(lambda: assistant.texts() == ["还在吗"])
            return assistant.told(Connected), assistant.told(Disconnected), assistant.told(LoggedIn)

    connected, lost, logged_in = play(scene())
    assert [one.lost for one in connected] == [None, lost[0].heard, lost[1].heard]
    assert {one.trouble for one in lost} == {Trouble.ENDED}
    assert [one.id for one in logged_in] == [ME] * 3


def test_nothing_is_sent_while_the_gateway_is_away() -> None:
    async def scene():
        async with stage() as (fake, _, assistant):
            await fake.stop()
            await assistant.until(lambda: not assistant.gateway.connected)
            answer = await assistant.platform.perform(Say(words=("hi",)), Destination("reading", ROOM))
            with pytest.raises(NotSent):
                await assistant.gateway.room(ROOM)
            await fake.start()
            await assistant.ready(2)
            return answer

    answer = play(scene())
    assert isinstance(answer, Later)
    assert answer.whole_bot


def test_a_deaf_gateway_is_left_and_heard_again() -> None:
    async def scene():
        async with stage() as (fake, world, assistant):
            fake.deaf = True
            await assistant.until(lambda: assistant.told(Disconnected))
            fake.deaf = False
            await assistant.ready(2)
            world.posts("wxid_li", "听见了", ROOM)
            await assistant.until(lambda: assistant.texts() == ["听见了"])
            return assistant.told(Disconnected)

    lost = play(scene())
    assert lost[0].trouble is Trouble.DEAF


def test_a_stream_that_the_gateway_holds_for_the_dead_is_taken_over_once() -> None:
    async def scene():
        async with stage() as (fake, _, assistant):
            fake.deaf = fake.holds = True
            await assistant.until(lambda: assistant.told(Disconnected))
            fake.deaf = False
            await assistant.ready(2)
            return fake.asked.count("Stop"), assistant.told(TakenOver), assistant.told(StillAway)

    stops, taken, away = play(scene())
    assert (stops, len(taken)) == (1, 1)
    assert [one.trouble for one in away] == [Trouble.TAKEN]


def test_a_wrong_token_ends_it_at_once_and_says_so() -> None:
    async def scene():
        async with stage() as (fake, _, _):
            await Gateway(plain(fake, token="wrong"), timings=QUICK).run(lambda happening: asyncio.sleep(0))

    with pytest.raises(CredentialsRefused, match="does not accept the token"):
        play(scene())


def test_what_the_account_goes_through_is_told() -> None:
    async def scene():
        async with stage() as (_, world, assistant):
            world.complains("the browser crashed")
            world.logs_out("kicked by the phone")
            world.asks_to_scan("http://weixin.qq.com/l/abc")
            world.asks_to_scan("http://weixin.qq.com/l/abc", status=3)
            await assistant.until(lambda: len(assistant.told(ScanAsked)) == 2)
            gone = await assistant.platform.perform(Say(words=("hi",)), Destination("reading", ROOM))
            world.logs_in()
            await assistant.ready(1)
            await assistant.until(lambda: len(assistant.told(LoggedIn)) == 2)
            return assistant, gone

    assistant, gone = play(scene())
    assert "the browser crashed" in assistant.told(Complained)[0].why
    assert assistant.told(LoggedOut)[0].why == "kicked by the phone"
    asked = assistant.told(ScanAsked)
    assert [(one.url, one.status) for one in asked] == [
        ("http://weixin.qq.com/l/abc", ScanStatus.WAITING),
        ("http://weixin.qq.com/l/abc", ScanStatus.SCANNED),
    ]
    assert isinstance(gone, Later)
    assert "not logged in" in gone.why


def test_a_message_that_the_gateway_cannot_tell_is_handed_on_as_unread() -> None:
    async def scene():
        async with stage() as (_, world, assistant):
            id = world.posts("wxid_li", "消失的话", ROOM)
            del world.messages[id]
            world.posts("wxid_li", "下一句", ROOM)
            await assistant.until(lambda: assistant.texts() == ["下一句"])
            return id, assistant.happened

    id, happened = play(scene())
    assert [type(one) for one in happened] == [Unread, Posted]
    assert (happened[0].id, "no payload" in happened[0].why) == (id, True)

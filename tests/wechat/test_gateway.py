"""The connection where gateways differ: no dongs, streams that are held for the dead, rooms that are not ours."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.wechat.failures import NotSent, Refused
from adapters.wechat.gateway import Gateway
from adapters.wechat.library import called
from adapters.wechat.names import Names
from adapters.wechat.payloads import Member, Posted, Unread
from adapters.wechat.states import (
    Connected,
    Disconnected,
    LoggedIn,
    LoggedOut,
    Ready,
    ScanAsked,
    StillAway,
    TakenOver,
    Trouble,
)
from core.delivery import Destination, Later
from core.effects import Say
from tests.support.wechat.assistant import QUICK, WARY, assisted, play, running
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import ME

ROOM = "1@chatroom"


@asynccontextmanager
async def stage(dongs=True, **more):
    """A room with two members, behind a gateway that runs, and an assistant that is logged in."""
    fake = FakeGateway(dongs=dongs)
    fake.world.contact("wxid_li", "李雷", friend=True)
    fake.world.contact("wxid_han", "韩梅梅")
    fake.world.room(ROOM, "读书会", {"wxid_li": "小李", "wxid_han": ""})
    async with running(fake), assisted(fake.endpoint, **more) as assistant:
        await assistant.ready()
        yield fake, fake.world, assistant


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


def test_each_gap_begins_when_the_gateway_was_last_heard() -> None:
    async def scene():
        async with stage() as (fake, _, assistant):
            for times in (2, 3):
                await fake.stop()
                await assistant.until(lambda: not assistant.gateway.connected)
                await fake.start()
                await assistant.ready(times)
            return assistant.told(Connected), assistant.told(Disconnected)

    connected, lost = play(scene())
    assert [one.lost for one in connected] == [None, lost[0].heard, lost[1].heard]
    assert all(gone.heard <= gone.at <= back.at for gone, back in zip(lost, connected[1:], strict=True))


def test_what_was_told_before_the_connection_broke_is_asked_about_on_the_next_one() -> None:
    async def scene():
        async with stage() as (fake, world, assistant):
            fake.slow = asyncio.Event()
            for n in range(3):
                world.posts("wxid_li", f"{n}", ROOM)
            await assistant.until(lambda: "MessagePayload" in fake.asked)
            await fake.stop()
            await assistant.until(lambda: not assistant.gateway.connected)
            fake.slow = None
            await fake.start()
            await assistant.until(lambda: len(assistant.happened) == 3)
            return assistant.texts()

    assert play(scene()) == ["0", "1", "2"]


def test_until_what_was_told_before_the_connection_broke_is_taken_in_it_is_behind() -> None:
    async def scene():
        async with stage() as (fake, world, assistant):
            assert assistant.gateway.behind is False
            assistant.held = held = asyncio.Event()
            for text in ("1", "2", "3"):
                world.posts("wxid_li", text, ROOM)
            await assistant.until(lambda: assistant.gateway.waiting == 2)
            await fake.stop()
            await assistant.until(lambda: not assistant.gateway.connected)
            await fake.start()
            await assistant.ready(2)
            behind, heard = assistant.gateway.behind, assistant.texts()
            held.set()
            await assistant.until(lambda: not assistant.gateway.behind)
            return behind, heard, assistant.texts()

    assert play(scene()) == (True, [], ["1", "2", "3"])


def test_what_was_being_read_when_it_ended_keeps_nobody_waiting_once_it_begins_again() -> None:
    async def scene():
        async with stage() as (_, world, assistant):
            assistant.held = asyncio.Event()
            world.posts("wxid_li", "1", ROOM)
            await assistant.until(lambda: assistant.gateway._reading)
            await assistant.ends()
            assistant.held = None
            assistant.begins()
            await assistant.ready(2)
            return assistant.gateway.behind

    assert play(scene()) is False


def test_a_stream_that_the_gateway_holds_for_the_dead_is_taken_over_once() -> None:
    async def scene():
        async with stage(timings=WARY) as (fake, _, assistant):
            fake.deaf = fake.holds = True
            await assistant.until(lambda: assistant.told(Disconnected))
            fake.deaf = False
            await assistant.ready(2)
            return await fake.calls(), assistant.told(TakenOver), assistant.told(StillAway)

    calls, taken, away = play(scene())
    assert (calls.count("Stop"), len(taken)) == (1, 1)
    assert [one.trouble for one in away] == [Trouble.TAKEN]


def test_a_gateway_that_never_answers_a_ding_is_not_thought_deaf() -> None:
    async def scene():
        async with stage(dongs=False) as (fake, world, assistant):
            world.posts("wxid_li", "还在", ROOM)
            await assistant.until(lambda: fake.asked.count("Ding") >= 4)
            return assistant.told(Disconnected), assistant.texts()

    lost, texts = play(scene())
    assert (lost, texts) == ([], ["还在"])


def test_an_account_that_was_logged_out_meanwhile_is_known_to_be_out() -> None:
    async def scene():
        async with stage() as (fake, world, assistant):
            await fake.stop()
            await assistant.until(lambda: not assistant.gateway.connected)
            kept = assistant.gateway.me
            world.logs_out()
            world.asks_to_scan("http://weixin.qq.com/l/abc")
            await fake.start()
            await assistant.until(lambda: assistant.told(ScanAsked))
            return kept, assistant.gateway.me, assistant.told(LoggedOut)

    kept, now, out = play(scene())
    assert (kept.id, now, len(out)) == (ME, None, 1)


def test_an_account_of_which_no_login_is_told_at_the_start_is_out() -> None:
    async def scene():
        async with stage(timings=replace(QUICK, greeting=0.2)) as (fake, world, assistant):
            await fake.stop()
            await assistant.until(lambda: not assistant.gateway.connected)
            world.logs_out()
            await fake.start()
            await assistant.until(lambda: assistant.told(LoggedOut))
            out = assistant.gateway.me
            world.logs_in()
            await assistant.until(lambda: assistant.gateway.me)
            return out, len(assistant.told(LoggedOut)), len(assistant.told(Disconnected))

    assert play(scene()) == (None, 1, 1)


def test_a_gap_begins_with_the_last_sign_of_life_also_where_nobody_wrote_anything() -> None:
    async def scene():
        async with stage(timings=WARY) as (fake, _, assistant):
            dings = fake.asked.count("Ding")
            await assistant.until(lambda: fake.asked.count("Ding") >= dings + 3)
            fake.deaf = True
            await assistant.until(lambda: assistant.told(Disconnected))
            return assistant.told(Disconnected)[0], assistant.told(LoggedIn)[0]

    lost, entered = play(scene())
    assert entered.at < lost.heard
    assert lost.at - lost.heard >= timedelta(seconds=WARY.patience)


def test_a_gateway_that_knows_all_now_says_so() -> None:
    async def scene():
        async with stage() as (_, world, assistant):
            world.readies()
            await assistant.until(lambda: assistant.told(Ready))

    play(scene())


def test_what_the_account_wrote_is_its_own_also_after_it_is_logged_out() -> None:
    async def scene():
        async with stage() as (_, world, assistant):
            world.posts(ME, "回声", ROOM)
            await assistant.until(lambda: len(assistant.happened) == 1)
            world.logs_out()
            await assistant.until(lambda: assistant.told(LoggedOut))
            world.posts(ME, "迟到的回声", ROOM)
            world.posts("wxid_li", "别人", ROOM)
            await assistant.until(lambda: len(assistant.happened) == 3)
            return [one.own for one in assistant.happened]

    assert play(scene()) == [True, True, False]


def test_an_answer_that_is_no_text_is_one_call_that_failed() -> None:
    async def broken():
        return b"\xff".decode()

    with pytest.raises(Refused, match="DATA_LOSS"):
        play(called(broken()))


def test_a_message_about_which_the_gateway_never_answers_holds_up_the_others_for_two_deadlines() -> None:
    async def scene():
        async with stage(timings=replace(QUICK, deadline=4)) as (fake, world, assistant):
            fake.stuck.add("msg1")
            world.burst("wxid_li", ROOM, 3)
            await assistant.until(lambda: len(assistant.happened) == 3)
            return fake.asked.count("MessagePayload"), assistant.happened, assistant.told(Disconnected)

    asked, (unread, *rest), lost = play(scene())
    assert (unread, asked, lost) == (Unread(id="msg1", why=unread.why, at=unread.at), 4, [])
    assert [one.message.text for one in rest] == ["1", "2"]


def test_a_gateway_that_answers_no_more_is_left_also_while_much_waits_to_be_taken_in(monkeypatch) -> None:
    monkeypatch.setattr("adapters.wechat.gateway.BACKLOG", 2)

    async def scene():
        async with stage(timings=WARY) as (fake, world, assistant):
            fake.slow = asyncio.Event()
            world.burst("wxid_li", ROOM, 10)
            await assistant.until(lambda: assistant.told(Disconnected))
            fake.slow.set()
            fake.slow = None
            await assistant.until(lambda: len(assistant.happened) >= 3)
            return assistant.told(Disconnected)[0].trouble, assistant.texts()[:3]

    assert play(scene()) == (Trouble.FROZEN, ["0", "1", "2"])


def test_no_names_are_asked_in_rooms_that_are_not_ours() -> None:
    async def scene():
        async with stage(serves=lambda room: room == ROOM) as (fake, world, assistant):
            world.room("9@chatroom", "别的群", {"wxid_li": "小李"})
            world.posts("wxid_li", "别处", "9@chatroom")
            world.enters("9@chatroom", ["wxid_han"], by="wxid_li")
            await assistant.until(lambda: len(assistant.happened) == 2)
            asked = fake.asked.count("RoomMemberPayload")
            world.posts("wxid_li", "这里", ROOM)
            await assistant.until(lambda: len(assistant.happened) == 3)
            return asked, assistant.happened

    asked, happened = play(scene())
    assert asked == 0
    assert (happened[0].sender, happened[2].sender.shown) == (Member(id="wxid_li"), "小李")


def test_a_name_is_asked_once_and_again_after_the_room_changed() -> None:
    async def scene():
        async with stage() as (fake, world, assistant):
            for n in range(5):
                world.posts("wxid_li", f"{n}", ROOM)
            await assistant.until(lambda: len(assistant.happened) == 5)
            before = fake.asked.count("RoomMemberPayload")
            world.rooms[ROOM].members["wxid_li"] = "李老师"
            world.enters(ROOM, ["wxid_han"])
            world.posts("wxid_li", "5", ROOM)
            await assistant.until(lambda: len(assistant.happened) == 7)
            return before, [one.sender.shown for one in assistant.happened if isinstance(one, Posted)]

    before, shown = play(scene())
    assert before == 1
    assert shown == ["小李"] * 5 + ["李老师"]


def test_who_calls_everybody_mentions_nobody_and_no_names_are_asked_for_it() -> None:
    """A gateway may tell the ids of all who are in the room, or one that is nobody's."""

    async def scene():
        async with stage() as (fake, world, assistant):
            everybody = [*(f"m{n}" for n in range(20)), world.me]
            world.posts("wxid_li", "@所有人\n明天八点", ROOM, mentions=everybody)
            world.posts("wxid_li", "@All tomorrow at eight", ROOM, mentions=everybody)
            world.posts("wxid_li", "@所有人\u2005 @韩梅梅\u2005明天八点", ROOM, mentions=["notify@all", "wxid_han"])
            await assistant.until(lambda: len(assistant.happened) == 3)
            return fake.asked.count("RoomMemberPayload"), [one.message.mentions for one in assistant.happened]

    asked, mentions = play(scene())
    assert mentions == [(), (), ("wxid_han",)]
    assert asked == 3, "who wrote, the account itself, and who is mentioned"


def test_names_are_kept_within_bounds_and_for_a_while() -> None:
    names = Names(most=2, lasts=10)
    for n, id in enumerate("abc"):
        names.put("room", Member(id=id), float(n))
    assert [id for id in "abc" if names.get("room", id, 3.0)] == ["b", "c"]
    assert names.get("room", "c", 12.0) is None


def test_a_person_is_forgotten_in_all_rooms_and_a_room_with_all_its_people() -> None:
    names = Names()
    for room in ("one", "two"):
        for id in ("li", "han"):
            names.put(room, Member(id=id), 0.0)
    names.forget("li")
    names.forget("nobody")
    left = [(room, id) for room in ("one", "two") for id in ("li", "han") if names.get(room, id, 1.0)]
    names.forget("one")
    assert left == [("one", "han"), ("two", "han")]
    assert names.get("one", "han", 1.0) is None
    assert names.get("two", "han", 1.0) is not None


def test_what_goes_wrong_in_who_takes_it_in_is_not_hidden() -> None:
    async def broken(happening):
        raise LookupError("a bug")

    async def scene():
        fake = FakeGateway()
        await fake.start()
        fake.world.room(ROOM, "读书会", {})
        gateway = Gateway(fake.endpoint, timings=QUICK)
        running = asyncio.create_task(gateway.run(broken))
        try:
            await gateway.connected_again()
            fake.world.posts("wxid_li", "hi", ROOM)
            await running
        finally:
            await fake.stop()
            assert not gateway.connected

    with pytest.raises(LookupError, match="a bug"):
        play(scene())

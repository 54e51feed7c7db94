"""The platform as a courier sees it: what becomes of a parcel when the gateway says no, or nothing at all."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.wechat.payloads import Room
from adapters.wechat.perform import LARGEST_FILE
from adapters.wechat.standing import MEMBER, OUT, OWNER, abilities
from core.delivery import Destination, Done, Later, Never, Platform, Refusal, Unsure
from core.effects import (
    Approve,
    Attached,
    Ban,
    Choice,
    Decline,
    Delete,
    Edit,
    Invite,
    Mention,
    Mute,
    Pin,
    React,
    Remove,
    Say,
    TellAdmins,
    Unban,
    Unmute,
)  # fmt: skip
from core.people import Account
from tests.support.performing import in_full
from tests.support.wechat.assistant import QUICK, WARY, assisted, play, running
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import ME

ROOM = "1@chatroom"
READING = Destination("reading", ROOM)
LI = Account("wechat:wxid_li")
LONG = Say(words=("。".join(letter * 1500 for letter in "一二三"),))
"""Three messages."""


@asynccontextmanager
async def stage(timings=QUICK):
    fake = FakeGateway()
    fake.world.contact("wxid_li", "李雷", friend=True)
    fake.world.room(ROOM, "读书会", {"wxid_li": "小李"}, owner=ME)
    async with running(fake), assisted(fake.endpoint, timings=timings) as assistant:
        await assistant.ready()
        yield fake, assistant


def performed(*effects, prepare=lambda fake: None, to=READING):
    async def scene():
        async with stage() as (fake, assistant):
            prepare(fake)
            return [await in_full(assistant.platform, effect, to) for effect in effects], await fake.sent()

    return play(scene())


def test_abilities_are_those_of_any_member_until_somebody_looked() -> None:
    async def scene():
        async with stage() as (_, assistant):
            platform: Platform = assistant.platform
            unknown = platform.abilities("reading")
            assistant.abilities["reading"] = OWNER
            return platform.name, unknown, platform.abilities("reading")

    assert play(scene()) == ("wechat", MEMBER, OWNER)


def test_abilities_come_from_the_room() -> None:
    room = Room(id=ROOM, owner=ME, members=(ME, "wxid_li"))
    assert abilities(room, ME) == {"say", "picture", "file", "private", "hear", "remove", "announce"}
    assert abilities(room, "wxid_li") == MEMBER
    assert abilities(room, "wxid_out") == OUT


NOTHING_LIKE_IT = [
    Approve(member=LI), Ban(member=LI), Decline(member=LI), Delete(messages=("m",)), Edit(message="m", words=("x",)),
    Invite(member=LI, name="x"), Mute(member=LI, span=timedelta(hours=1)), Pin(message="m"),
    React(message="m", emoji="👍"), Unban(member=LI), Unmute(member=LI),
]  # fmt: skip


def test_what_wechat_does_not_have_is_refused_and_nothing_is_sent() -> None:
    answers, sent = performed(*NOTHING_LIKE_IT)
    assert {(type(answer), answer.refusal) for answer in answers} == {(Never, Refusal.UNABLE)}
    assert sent == []


def test_nobody_tries_to_write_to_a_stranger_in_private() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            fake.world.contact("wxid_han", "韩梅梅")
            words = Say(words=("hello",), to=Account("wechat:wxid_han"))
            answer = await in_full(assistant.platform, words, Destination("reading", "wxid_han"))
            return answer, [call for call in fake.asked if call.startswith("MessageSend")]

    answer, tried = play(scene())
    assert (answer.refusal, tried) == (Refusal.UNREACHABLE, [])


NEWS = Say(words=("📢 周日见",), announce=True)


def test_an_announcement_that_the_gateway_takes_and_does_not_set_is_no_success() -> None:
    (answer,), sent = performed(NEWS, prepare=lambda fake: fake.world.ignoring.add("announcement"))
    assert (answer.refusal, answer.needs, sent) == (Refusal.UNABLE, "announce", [])


def test_what_became_of_an_announcement_that_failed_strangely_is_asked_and_else_unsure() -> None:
    (answer,), _ = performed(NEWS, prepare=lambda fake: fake.world.refuses("RoomAnnounce", "Error: something"))
    assert isinstance(answer, Unsure)


def test_an_announcement_that_was_set_and_cannot_be_read_is_done() -> None:
    (answer,), _ = performed(NEWS, prepare=lambda fake: fake.world.unreadable.add("announcement"))
    assert isinstance(answer, Done)
    assert "could not be read" in answer.note


def test_an_announcement_that_stands_is_not_set_again_and_notifies_nobody_twice() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            answers = [await in_full(assistant.platform, NEWS, READING)]
            before = fake.asked.count("RoomAnnounce")
            answers.append(await in_full(assistant.platform, NEWS, READING))
            return answers, before, fake.asked.count("RoomAnnounce"), fake.world.rooms[ROOM].announcement

    answers, before, after, stands = play(scene())
    assert [type(answer) for answer in answers] == [Done, Done]
    assert (before, after, stands) == (3, 4, "📢 周日见")


def test_where_it_cannot_be_asked_whether_an_announcement_stands_it_waits() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            fake.slow = asyncio.Event()
            announcing = asyncio.create_task(assistant.platform.perform(NEWS, READING))
            await assistant.until(lambda: "RoomAnnounce" in fake.asked)
            await fake.stop()
            answer = await announcing
            fake.slow = None
            await fake.start()
            return answer, fake.world.rooms[ROOM].announcement

    answer, stands = play(scene())
    assert (type(answer), stands) == (Later, "")


def test_an_announcement_of_nothing_is_our_mistake() -> None:
    (answer,), _ = performed(Say(words=(" ",), announce=True))
    assert answer.refusal is Refusal.MALFORMED


def test_a_long_text_counts_as_the_messages_that_it_takes() -> None:
    (answer,), sent = performed(LONG)
    assert (answer.posts, len(sent)) == (3, 3)


def test_of_a_long_text_one_message_is_posted_at_a_time() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            answers = [await assistant.platform.perform(LONG, READING) for _ in range(3)]
            return answers, [one.text[0] for one in await fake.sent()]

    answers, heads = play(scene())
    assert [(answer.message, answer.posts, answer.left) for answer in answers] == [
        ("msg1", 1, left) for left in (2, 1, 0)
    ]
    assert heads == ["一", "二", "三"]


def test_parts_are_counted_before_anything_is_posted() -> None:
    async def scene():
        async with stage() as (_, assistant):
            effects = (
                LONG,
                replace(LONG, announce=True),
                Say(words=("x",), picture=b"png"),
                TellAdmins(words=("x",)),
                Remove(member=LI),
            )
            return [assistant.platform.parts(effect, READING) for effect in effects]

    assert play(scene()) == [3, 1, 2, 1, 0]


def test_nothing_to_say_is_our_mistake() -> None:
    (answer,), _ = performed(Say(words=(" ",)))
    assert answer.refusal is Refusal.MALFORMED


def test_a_picture_that_no_gateway_takes_is_not_sent() -> None:
    (answer,), sent = performed(Say(words=("本周",), picture=bytes(LARGEST_FILE + 1)))
    assert (answer.refusal, answer.needs, sent) == (Refusal.UNABLE, "picture", [])


def test_a_file_is_posted_above_the_words_by_its_name() -> None:
    file = Attached(name="mydata.json", data=b"{}")
    (answer, refused), sent = performed(
        Say(words=("你的数据",), file=file), Say(words=("x",), file=replace(file, data=bytes(LARGEST_FILE + 1)))
    )
    assert (answer.posts, refused.needs) == (2, "file")
    assert [(one.name, one.picture, one.text) for one in sent] == [("mydata.json", b"{}", ""), ("", None, "你的数据")]


def test_the_largest_picture_is_taken() -> None:
    (answer,), sent = performed(Say(words=(), picture=bytes(LARGEST_FILE)))
    assert isinstance(answer, Done)
    assert len(sent[0].picture or b"") == LARGEST_FILE


def test_choices_are_left_to_the_words() -> None:
    (answer,), sent = performed(Say(words=("选一个：\n1. 好",), choices=(Choice(label="好", data="ok"),)))
    assert isinstance(answer, Done)
    assert sent[0].text == "选一个：\n1. 好"


def test_an_answer_begins_with_whom_it_answers_where_its_words_do_not_say_it() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            asked = fake.world.posts("wxid_li", "补卡", ROOM)
            await assistant.until(lambda: assistant.texts() == ["补卡"])
            for words in (
                ("次数用完啦",),
                ("✅ 小李 第 1 天",),
                (Mention(account=LI, name="李雷"), " 请勿发布广告"),
                LONG.words,
            ):
                await in_full(assistant.platform, Say(words=words, reply_to=asked), READING)
            await in_full(assistant.platform, Say(words=("好",), reply_to="of another time"), READING)
            return [(one.text[:20], one.mentions) for one in await fake.sent()]

    assert play(scene()) == [
        ("@小李\u2005次数用完啦", ("wxid_li",)),
        ("✅ 小李 第 1 天", ()),
        ("@小李\u2005请勿发布广告", ("wxid_li",)),
        *[(letter * 20, ()) for letter in "一二三"],
        ("好", ()),
    ]


def test_a_message_that_broke_off_goes_on_where_it_broke_off() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            posted = fake.world.posts

            def fails_at_the_second(*told, **more):
                if len(fake.world.sent) == 2:
                    fake.world.refuses("MessageSendText", "操作过于频繁")
                return posted(*told, **more)

            fake.world.posts = fails_at_the_second
            first = await in_full(assistant.platform, LONG, READING)
            fake.world.refusing.clear()
            return first, await in_full(assistant.platform, LONG, READING), [one.text[0] for one in await fake.sent()]

    first, second, heads = play(scene())
    assert isinstance(first, Later)
    assert (second.posts, second.message) == (1, "msg1")
    assert heads == ["一", "二", "三"]


def test_what_is_forgotten_is_said_from_its_beginning() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            await assistant.platform.perform(LONG, READING)
            assistant.platform.forget(LONG, READING)
            await in_full(assistant.platform, LONG, READING)
            return [one.text[0] for one in await fake.sent()]

    assert play(scene()) == ["一", "一", "二", "三"]


@pytest.mark.parametrize("name", ["李", "李" * 30], ids=["a shorter name", "a longer name"])
def test_a_long_message_goes_on_whatever_those_mentioned_are_called_by_then(name) -> None:
    long = Say(words=("一" * 1500, "。", Mention(account=LI, name="李雷"), "二" * 1996, "。"))

    async def scene():
        async with stage() as (fake, assistant):
            answers = [await assistant.platform.perform(long, READING) for _ in range(2)]
            fake.world.rooms[ROOM].members["wxid_li"] = name
            await assistant.gateway.members(ROOM)
            answers.append(await assistant.platform.perform(long, READING))
            return [answer.left for answer in answers], await fake.sent()

    left, sent = play(scene())
    assert left == [2, 1, 0]
    texts = "".join(one.text for one in sent)
    assert [texts.count(letter) for letter in "一二"] == [1500, 1996]
    assert [one.mentions for one in sent] == [(), ("wxid_li",), ()]


def test_an_answer_that_does_not_come_leaves_one_parcel_unsure_and_the_others_wait() -> None:
    async def scene():
        async with stage(WARY) as (fake, assistant):
            perform = assistant.platform.perform
            fake.slow = asyncio.Event()
            lost = await perform(Say(words=("一",)), READING)
            waits = await perform(Say(words=("二",)), READING)
            fake.slow.set()
            fake.slow = None
            await assistant.until(lambda: assistant.gateway.connected and not assistant.gateway.doubted)
            return lost, waits, await perform(Say(words=("三",)), READING), await fake.sent()

    lost, waits, goes, sent = play(scene())
    assert isinstance(lost, Unsure)
    assert isinstance(waits, Later)
    assert waits.whole_bot
    assert isinstance(goes, Done)
    assert [one.text for one in sent] == ["一", "三"]  # the first one was delivered after all


def test_cancelling_it_in_the_middle_leaves_no_trace_in_the_callers_task() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            fake.slow = asyncio.Event()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await assistant.platform.perform(Say(words=("一",)), READING)
            fake.slow.set()
            task = asyncio.current_task()
            assert task is not None
            return task.cancelling()

    assert play(scene()) == 0


def test_a_call_that_the_connection_breaks_under_does_not_cancel_its_caller() -> None:
    async def scene():
        async with stage() as (fake, assistant):
            fake.slow = asyncio.Event()
            saying = asyncio.create_task(assistant.platform.perform(Say(words=("一",)), READING))
            await assistant.until(lambda: "MessageSendText" in fake.asked)
            await fake.stop()
            answer = await saying
            fake.slow = None
            await fake.start()
            return answer, saying.cancelling()

    answer, cancelling = play(scene())
    assert isinstance(answer, Unsure)
    assert cancelling == 0

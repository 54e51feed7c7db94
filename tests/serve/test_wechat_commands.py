"""What admins of a WeChat room command, from what they write to what the gateway is made to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.serve.wechat_scene import Room
from tests.support.patience import eventually
from tests.support.wechat.world import ME

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")


OUT = ("r1@chatroom", "li")


async def test_who_was_banned_and_is_brought_back_is_removed_again_until_the_ban_is_lifted(tmp_path: Path):
    room = Room(tmp_path)
    room.world.contacts["wang"].friend = True
    room.world.rooms["r1@chatroom"].owner = ME
    async with room.served():
        room.world.posts("wang", "/ban @小李\u2005广告", "r1@chatroom", mentions=["li"])
        await eventually(lambda: room.world.removed == [OUT], lambda: str(room.world.sent))
        room.world.enters("r1@chatroom", ["li"], by="zhao")
        await eventually(lambda: room.world.removed == [OUT, OUT], lambda: str(room.world.sent))
        await room.hears("小李 又进群了", "wang")
        room.world.posts("wang", "/unban wechat:li", "r1@chatroom")
        await room.hears("已解封")
        room.world.enters("r1@chatroom", ["li"], by="zhao")
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        assert room.world.removed == [OUT, OUT]


async def test_where_the_account_cannot_remove_the_admins_hear_it_each_time(tmp_path: Path):
    room = Room(tmp_path)
    room.world.contacts["wang"].friend = True
    async with room.served():
        room.world.posts("wang", "/ban @小李\u2005广告", "r1@chatroom", mentions=["li"])
        await room.hears("📝 已记下：小李")
        await room.hears("小李", "wang")
        room.world.leaves("r1@chatroom", "li", by="zhao")
        room.world.enters("r1@chatroom", ["li"], by="zhao")
        await room.hears("小李 又进群了", "wang")
        assert room.world.removed == []


async def test_nobody_is_warned_who_owns_the_room_and_they_win_no_prize(tmp_path: Path):
    room = Room(tmp_path)
    room.world.rooms["r1@chatroom"].owner = "zhao"
    async with room.served() as at_work:
        for one in ("zhao", "li"):
            room.world.posts(one, "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        room.world.posts("wang", "/warn @小赵\u2005吵", "r1@chatroom", mentions=["zhao"])
        await room.hears("小赵 也是管理员")
        room.world.posts("li", "积分榜", "r1@chatroom")
        await room.hears("1. 小李 · 5")
        assert "– 小赵 · 5（管理员，不排名）" in room.said()[-1]
        assert not [entry for entry in at_work.store.facts("reading") if entry.kind == "warning"]


async def test_who_took_another_name_a_moment_ago_is_mentioned_by_it(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served():
        room.world.posts("wang", "/warn @小李\u2005吵", "r1@chatroom", mentions=["li"])
        await room.hears("已警告 小李")
        room.world.rooms["r1@chatroom"].members["li"] = "李 班长"
        room.world.posts("wang", "/unwarn @李 班长\u2005", "r1@chatroom", mentions=["li"])
        await room.hears("已撤销 小李 最近的一次警告")


async def test_who_names_nobody_reads_how_people_are_named_in_a_room(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served():
        room.world.posts("wang", "/warn 小李 吵", "r1@chatroom")
        await room.hears("请说明是哪位：在指令后面 @ TA，像这样：/警告 @名字。")
        room.world.posts("wang", "/warn @李四\u2005吵", "r1@chatroom")
        await room.hears("请从群成员列表里 @ TA")


async def test_who_is_sent_to_the_private_chat_reads_that_it_takes_a_contact_and_of_no_button(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served():
        room.world.posts("li", "我的数据", "r1@chatroom")
        await room.hears("请私聊我，在那边发 /我的数据")
        await room.hears("先加我好友")
        assert "按钮" not in "".join(room.said())


async def test_what_a_room_has_nothing_like_is_no_right_to_be_granted(tmp_path: Path):
    ladder = "then: [delete, warn: 不行], escalate: {2: {mute: 1h}, 3: [ban]}"
    room = Room(tmp_path, f"lists: {{ads: [代购]}}\nrules: [{{id: ads, when: message, words: ads, {ladder}}}]\n")
    room.world.contacts["wang"].friend = True
    async with room.served():
        room.world.posts("wang", "/status", "r1@chatroom")
        await room.hears("· 微信：群里做不到：删除消息、禁言、封禁。我会改在群里提醒，或请管理员手动处理", "wang")
        assert "权限" not in "".join(room.said("wang"))


@pytest.mark.parametrize(
    ("step", "room_reads"),
    [
        ("mute: 1h", "不行（第 1 次警告，30 天内有效），请 1 小时内不要发言。"),
        ("remove", "不行（第 1 次警告，30 天内有效），按群规要移出群。"),
    ],
    ids=["mute", "remove"],
)
async def test_a_step_of_the_ladder_that_cannot_be_done_is_not_told_as_done(tmp_path: Path, step: str, room_reads: str):
    then = f"then: [warn: 不行], escalate: {{1: [{step}]}}"
    room = Room(tmp_path, f"lists: {{ads: [代购]}}\nrules: [{{id: ads, when: message, words: ads, {then}}}]\n")
    room.world.contacts["wang"].friend = True
    async with room.served():
        room.world.posts("li", "代购口红", "r1@chatroom")
        await room.hears(room_reads)
        await room.hears("这里我做不了的，会在群里提醒，或请管理员手动处理。\n> 代购口红", "wang")
        if step != "remove":
            room.world.posts("zhao", "/me", "r1@chatroom")
            await room.hears("小赵")
            assert len(room.said()) == 2, "nothing is said a second time in place of the mute"


async def test_a_reminder_in_place_of_a_deletion_says_whose_message_it_is_about(tmp_path: Path):
    room = Room(tmp_path, "lists: {ads: [代购]}\nrules: [{id: ads, when: message, words: ads, then: [delete]}]\n")
    room.world.contacts["wang"].friend = True
    async with room.served():
        room.world.posts("li", "代购口红", "r1@chatroom")
        await room.hears("@小李\u2005这条消息不符合群规，请自己撤回一下")
        await room.hears("🔧 reading 群：小李 的一条消息要删除", "wang")


@pytest.mark.parametrize("owner", [ME, "wang"], ids=["a room of its own", "somebody else's room"])
async def test_what_an_admin_announces_becomes_the_announcement_of_a_room_of_its_own(tmp_path: Path, owner: str):
    room = Room(tmp_path)
    here = room.world.rooms["r1@chatroom"]
    here.owner = owner
    async with room.served():
        room.world.posts("wang", "/announce 周日见", "r1@chatroom")
        await room.hears("公告已发到群里")
        if owner == ME:
            await eventually(lambda: here.announcement == "📢 周日见", lambda: str(room.said()))
        else:
            await room.hears("📢 周日见")
        assert ("📢 周日见" in room.said(), here.announcement) == (owner != ME, "📢 周日见" if owner == ME else "")


async def test_what_a_gateway_takes_and_does_not_announce_is_said(tmp_path: Path):
    room = Room(tmp_path)
    room.world.rooms["r1@chatroom"].owner = ME
    room.world.ignoring.add("announcement")
    async with room.served():
        room.world.posts("wang", "/announce 周日见", "r1@chatroom")
        await room.hears("📢 周日见")

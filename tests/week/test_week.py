"""A WeChat room's week, served as a user would serve it: everything that is due is said once, and nothing else is."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from core.effects import Remove
from tests.support.wechat import node
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import World
from tests.week.week import READERS, ROOM, Week

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")

AD = "加群领红包"
APPEAL = "\n📮 申诉：请私聊我（还不是好友的，先加我好友）"
TAKE_IT_BACK = "@安安\u2005这条消息不符合群规，请自己撤回一下，谢谢～"
BY_HAND = "🔧 camp 群：{}。这里谁都做不了，只能在群里提醒。"
PROPOSED = "❓ 安安 发了一条消息，触发了规则「广告」（请勿发布广告），要处理吗？建议：移出群。\n> 加群领红包\n"
MUTED = "⚖️ 安安 发了一条消息，触发了规则「广告」（请勿发布广告）：禁言 1 小时。{}\n> 加群领红包\n".format(
    "这里我做不了的，会在群里提醒，或请管理员手动处理。"
)
DIGEST = """\
📅 「晨读打卡营」周报

✅ 晨读：10 位成员里 8 人，共打卡 23 次
1. 读者1 · 3
1. 读者2 · 3
1. 读者3 · 3
1. 读者4 · 3
1. 读者5 · 3
…还有 3 人

👋 新成员 2 人
波波 等
现有成员 10 人（我们见到过的），离开 1 人"""
CHOOSE = "回复数字选择：\n"
UNHEARD = "⚠️ camp：{0} 06:00 到 {0} 09:00 之间我没连上 微信，这段时间大家写的我收不到；漏掉的打卡可以补卡，不用补卡券。"


async def readers_check_in(week: Week, day: int, *, but: str = "") -> None:
    await week.goes_to(day, "07:00")
    for one in READERS:
        if one != but:
            week.streak[one] = week.streak.get(one, 0) + 1
            await week.writes(one, "打卡")
            week.says(f"✅ {week.names[one]} {week.streak[one]}")
    await week.settles()


async def newcomers_settle_in_by_number_and_by_name(week: Week) -> None:
    for id, name, answer in (("ann", "安安", "1"), ("bob", "波波", "写作")):
        await week.enters(id, name)
        week.says(f"欢迎 @{name}\u2005\n\n想参加哪个方向？\n{CHOOSE}1. 英语\n2. 写作")
        await week.settles()
        await week.writes("reader1", "1")  # plain talk of somebody who was asked nothing
        await week.writes(id, answer)
        week.says(f"完成 {name}")
        await week.settles()


async def an_ad_is_asked_to_be_taken_back(week: Week, nth: int, sanction: str = "") -> None:
    await week.writes("ann", AD)
    week.says(f"@安安\u2005请勿发布广告（第 {nth} 次警告，30 天内有效）{sanction}{APPEAL}")
    week.says(TAKE_IT_BACK)
    week.says(BY_HAND.format("安安 的一条消息要删除"), "wang")
    await week.settles()


async def a_missed_day_cannot_be_made_up_without_cards(week: Week) -> None:
    await week.writes("reader8", "补卡")
    week.says("@读者8\u2005这个月的补卡次数用完啦，下个月再来～")
    await week.settles()


async def but_what_was_not_heard_can(week: Week) -> None:
    await week.goes_unheard(3, "06:00", "09:00")
    week.says(UNHEARD.format(week.day(3)), "wang")
    await week.settles()
    await week.goes_to(4, "07:00")
    await week.writes("reader8", "补卡")
    week.says(f"✅ 读者8 补上了 {week.day(3)} 的「晨读」，现在连续 1 天，+0 分")
    await week.writes("reader8", "补卡")
    week.says("@读者8\u2005这个月的补卡次数用完啦，下个月再来～")
    await week.settles()


async def the_ladder_ends_with_a_removal_that_an_admin_agrees_to_by_number(week: Week) -> None:
    week.says(f"{MUTED}{CHOOSE}1. ↩️ 撤销", "wang")
    await an_ad_is_asked_to_be_taken_back(week, 2, "，请 1 小时内不要发言。")
    await week.goes_to(5, "07:00")
    week.says(f"{PROPOSED}{CHOOSE}2. ✅ 同意\n3. ❌ 不用", "wang")
    await an_ad_is_asked_to_be_taken_back(week, 3)
    await week.writes("bob", "2", private=True)  # nobody's admin
    await week.writes("wang", "2", private=True)
    week.says("📝 已同意：安安，移出群。这里我做不了的，会在群里提醒，或请管理员手动处理。", "wang")
    await week.settles()
    assert await week.gateway.removed() == [(ROOM, "ann")]


async def the_week_is_told_with_a_chart(week: Week) -> None:
    await week.goes_to(6, "20:01")
    week.says("[picture]")
    week.says(DIGEST)
    await week.settles()


@pytest.fixture(params=["python", "javascript"])
def gateway(request: pytest.FixtureRequest) -> Any:
    """A gateway that has not begun."""
    if request.param == "python":
        return FakeGateway(World())
    if (why := node.missing()) and not os.environ.get(node.REQUIRED):
        pytest.skip(why)
    return node.NodeGateway()


async def test_of_a_room_s_week_everything_is_said_once_and_nothing_else(tmp_path: Path, gateway: Any):
    week = Week(tmp_path, gateway)
    async with week.served() as at_work:
        await readers_check_in(week, 0)
        await newcomers_settle_in_by_number_and_by_name(week)
        await readers_check_in(week, 1, but="reader8")
        await an_ad_is_asked_to_be_taken_back(week, 1)
        await week.goes_to(1, "21:01")
        week.says("⏰「晨读」还没打卡的小伙伴： @读者8\u2005")
        await week.settles()
        await readers_check_in(week, 2, but="reader8")
        await a_missed_day_cannot_be_made_up_without_cards(week)
        await but_what_was_not_heard_can(week)
        await the_ladder_ends_with_a_removal_that_an_admin_agrees_to_by_number(week)
        await the_week_is_told_with_a_chart(week)
        rows = list(at_work.store.outbox("camp"))
        reasons = {(row.event, row.workflow) for row in at_work.store.audit("camp") if row.because}
        assert all((row.event, row.workflow) in reasons or ">" in row.id for row in rows)
        assert any(isinstance(row.effect, Remove) for row in rows)
        assert not list(at_work.store.dead_letters("camp"))
        assert await week.missing() == {}
        assert (await week.missing(), await week.beyond()) == ({}, {})

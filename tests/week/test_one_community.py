"""One community, one file, one process: a Telegram supergroup and a WeChat room, with one leaderboard."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from config import load
from core.pacing import UNLIMITED
from core.state import POINTS
from jobs.serve.serving import serving
from tests.serve.scene import scene, until
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import World

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")

COMMUNITY = """\
version: 1
community:
  name: 晨读
  timezone: Asia/Shanghai
  languages: [zh]
  groups:
    reading: {{telegram: {chat}, wechat: 晨读打卡营 3 群}}
  admins: [telegram:{admin}]
check_ins:
  morning: {{name: 晨读, keywords: [打卡], points: 5, reply: "✅ ${{member.name}}"}}
lists: {{ads: [加群领红包]}}
rules:
  - {{id: ads, when: message, words: [ads], then: [notify: "${{member.name}} 发广告"]}}
"""


async def test_one_leaderboard_over_a_supergroup_and_a_room(tmp_path: Path):
    world = World()
    for id, name in (("li", "小李"), ("zhao", "小赵")):
        world.contact(id, name)
    world.room("r1@chatroom", "晨读打卡营 3 群", {"li": "", "zhao": ""}, owner="li")
    gateway = FakeGateway(world)
    await gateway.start()
    with scene(tmp_path) as here:
        text = COMMUNITY.format(chat=here.group.id, admin=here.wang.id)
        (here.home / "communities" / "a.yaml").write_text(text, encoding="utf-8")
        endpoint = f"endpoint: '127.0.0.1:{gateway.port}', tls: {{plain: true}}"
        (here.home / "yaji.yaml").write_text(f"platforms: {{telegram: {{}}, wechat: {{{endpoint}}}}}\n")
        here.wang.starts(here.bot)
        environment = {**here.environment, "WECHATY_TOKEN": "secret"}

        def said() -> list[str]:
            return [one.text for one in world.sent if one.chat == "r1@chatroom"]

        async with serving(load(here.home), environment=environment, limits=UNLIMITED) as at_work:
            await until(lambda: at_work.roster.groups["reading"].platforms == ("telegram", "wechat"))
            here.li.posts(here.group, "打卡")
            world.posts("zhao", "打卡", "r1@chatroom")
            await here.hears("✅ Li")
            await until(lambda: "✅ 小赵" in said(), lambda: str(said()))
            with at_work.store.unit() as unit:
                board = {one.account: one.amount for one in unit.standings("reading", POINTS, 10, None)}
            assert board == {f"telegram:{here.li.id}": 5, "wechat:zhao": 5}
            world.posts("li", "加群领红包", "r1@chatroom")
            private = here.world.private(here.bot, here.wang)
            await here.hears("小李 发广告", private)  # its admin is on Telegram, and is told there
            assert "✅ Li" not in said()
            assert not any("小赵" in text for text in here.said())
    await gateway.stop()

"""One community, one file, one process: a Telegram supergroup and a WeChat room, with one leaderboard."""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.home import load
from core.pacing import UNLIMITED
from core.state import POINTS
from jobs.serve.at_work import Serving
from jobs.serve.serving import serving
from jobs.serve.storing import directory_of
from tests.serve.scene import Scene, scene
from tests.support.patience import eventually
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import World

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")

_CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")
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


class Both:
    """A supergroup and a room that are one group, served in one process. `li` is in both, under two accounts."""

    def __init__(self, here: Scene, at_work: Serving, world: World) -> None:
        self.here, self.at_work, self.world = here, at_work, world

    def in_the_room(self, chat: str = "r1@chatroom") -> list[str]:
        return [one.text for one in self.world.sent if one.chat == chat]

    async def hears_in_the_room(self, words: str, chat: str = "r1@chatroom") -> str:
        """Wait until the account said something with these words there."""
        await eventually(
            lambda: any(words in text for text in self.in_the_room(chat)), lambda: str(self.in_the_room(chat))
        )
        return next(text for text in self.in_the_room(chat) if words in text)

    def board(self) -> dict[str, int]:
        """The leaderboard, by account."""
        with self.at_work.store.unit() as unit:
            return {one.account: one.amount for one in unit.standings("reading", POINTS, 10, None)}


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[Both]:
    """Served, and everybody known."""
    world = World()
    world.dated(int(datetime.now(UTC).timestamp()))
    for id, name in (("li", "小李"), ("zhao", "小赵")):
        world.contact(id, name, friend=True)
    world.room("r1@chatroom", "晨读打卡营 3 群", {"li": "", "zhao": ""}, owner="li")
    gateway = FakeGateway(world)
    await gateway.start()
    with scene(folder) as here:
        text = COMMUNITY.format(chat=here.group.id, admin=here.wang.id)
        (here.home / "communities" / "a.yaml").write_text(text, encoding="utf-8")
        endpoint = f"endpoint: '127.0.0.1:{gateway.port}', tls: {{plain: true}}"
        (here.home / "yaji.yaml").write_text(f"platforms: {{telegram: {{}}, wechat: {{{endpoint}}}}}\n")
        environment = {**here.environment, "WECHATY_TOKEN": "secret"}
        async with serving(load(here.home), environment=environment, limits=UNLIMITED) as at_work:
            now = datetime.now(UTC)
            code = directory_of(at_work.store).make_code("reading", now, now + timedelta(hours=1))
            await eventually(lambda: at_work.connections["wechat:main"].heard_since is not None)
            world.posts("li", f"/bind {code}", "r1@chatroom")  # its admins are on Telegram: none vouches for the room
            await eventually(lambda: at_work.roster.groups["reading"].platforms == ("telegram", "wechat"))
            await eventually(lambda: any(one.account == "wechat:zhao" for one in at_work.store.people("reading")))
            yield Both(here, at_work, world)
    await gateway.stop()


async def test_one_leaderboard_over_a_supergroup_and_a_room(tmp_path: Path):
    async with both(tmp_path) as it:
        it.here.wang.starts(it.here.bot)
        it.here.li.posts(it.here.group, "打卡")
        it.world.posts("zhao", "打卡", "r1@chatroom")
        await it.here.hears("✅ Li")
        await it.hears_in_the_room("✅ 小赵")
        assert it.board() == {f"telegram:{it.here.li.id}": 5, "wechat:zhao": 5}
        it.world.posts("li", "加群领红包", "r1@chatroom")
        private = it.here.world.private(it.here.bot, it.here.wang)
        await it.here.hears("小李 发广告", private)  # its admin is on Telegram, and is told there
        assert "✅ Li" not in it.in_the_room()
        assert not any("小赵" in text for text in it.here.said())


async def test_who_proved_that_both_accounts_are_theirs_checks_in_once_a_day(tmp_path: Path):
    async with both(tmp_path) as it:
        li, private = it.here.li, it.here.world.private(it.here.bot, it.here.li)
        li.posts(it.here.group, "打卡")
        await it.here.hears("✅ Li")
        li.writes(it.here.bot, "/link")
        await eventually(
            lambda: any(_CODE.search(text) for text in it.here.said(private)), lambda: str(it.here.said(private))
        )
        code = next(found[0] for text in it.here.said(private) if (found := _CODE.search(text)))
        it.world.posts("li", f"/link {code}")
        await it.here.hears("小李", private)
        li.writes(it.here.bot, "/link yes")
        await eventually(
            lambda: len(it.in_the_room("li")) >= 2, lambda: f"{it.in_the_room('li')} {it.here.said(private)}"
        )
        it.world.posts("li", "打卡", "r1@chatroom")
        it.world.posts("zhao", "打卡", "r1@chatroom")
        await it.hears_in_the_room("✅ 小赵")
        assert sorted(it.board().values()) == [5, 5]
        assert not any("✅ 小李" in text for text in it.in_the_room())

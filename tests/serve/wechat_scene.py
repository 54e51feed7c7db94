"""A WeChat room behind a gateway in Python, a home that serves it, and ways to wait for what should happen."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from config.home import load
from config.problems import Language
from core.pacing import UNLIMITED
from jobs.serve.at_work import Serving
from jobs.serve.clock import Clock
from jobs.serve.serving import serving
from tests.support.patience import eventually
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import World

TOPIC = "晨读打卡营 3 群"
COMMUNITY = """\
version: 1
community:
  name: 晨读
  timezone: Asia/Shanghai
  languages: [zh, en]
  groups: {{{groups}}}
  admins: [wechat:wang]
"""
CHECK_INS = """\
check_ins:
  morning: {keywords: [打卡], points: 5, late: {keyword: 补卡, within: 7d, cards: 0}}
"""


class Room:
    """`wang` owns the room and is the community's admin, `li` and `zhao` are members."""

    def __init__(self, folder: Path, sections: str = CHECK_INS, groups: str = f"reading: {{wechat: {TOPIC}}}") -> None:
        self.world = World()
        self.world.dated(int(time.time()) - 3600)  # what is older than a day is left alone
        for id, name in (("wang", "王老师"), ("li", "小李"), ("zhao", "小赵")):
            self.world.contact(id, name)
        self.world.room("r1@chatroom", TOPIC, {"wang": "", "li": "", "zhao": ""}, owner="wang")
        self.gateway = FakeGateway(self.world)
        self.home = folder / "home"
        (self.home / "communities").mkdir(parents=True)
        self.write(sections, groups)
        self.environment = {"WECHATY_TOKEN": "secret"}

    def write(self, sections: str, groups: str = f"reading: {{wechat: {TOPIC}}}") -> None:
        """The community's file."""
        text = COMMUNITY.format(groups=groups) + sections
        (self.home / "communities" / "a.yaml").write_text(text, encoding="utf-8")

    @asynccontextmanager
    async def served(
        self, *, ready: bool = True, policy: str = "", language: Language = "en", clock: Clock | None = None
    ) -> AsyncIterator[Serving]:
        """The home, served in this process. `policy` is what the operator wrote beside the gateway, `language` what
        the log is in, `clock` another one than the machine's."""
        await self.gateway.start()
        (self.home / "yaji.yaml").write_text(
            f"platforms: {{wechat: {{endpoint: '127.0.0.1:{self.gateway.port}', tls: {{plain: true}}{policy}}}}}\n"
        )
        try:
            async with serving(
                load(self.home), environment=self.environment, limits=UNLIMITED, language=language, clock=clock
            ) as at_work:
                if ready:
                    await eventually(lambda: bool(at_work.roster.rooms["wechat:main"].groups), lambda: "a room")
                    await eventually(lambda: bool(list(at_work.store.people("reading"))), lambda: "the list of members")
                yield at_work
        finally:
            await self.gateway.stop()

    def said(self, room: str = "r1@chatroom") -> list[str]:
        """What the account said in a room, or to somebody."""
        return [one.text for one in self.world.sent if one.chat == room]

    async def hears(self, words: str, room: str = "r1@chatroom", times: int = 1) -> None:
        """Wait until the account said something with these words."""
        await eventually(
            lambda: sum(words in text for text in self.said(room)) >= times, lambda: f"{words!r} in {self.said(room)}"
        )

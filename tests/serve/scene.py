"""A world with a bot and a group, a home that serves them, and ways to wait for what should happen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from config.home import load
from jobs.serve.at_work import Serving
from jobs.serve.serving import serving
from tests.support.botapi import BotApiServer, World
from tests.support.botapi import serving as served_world
from tests.support.botapi.model import ALL_RIGHTS, Chat
from tests.support.patience import eventually

MORNING = """\
check_ins:
  morning: {keywords: [打卡, checkin], points: 5}
"""
ONBOARDING = """\
onboarding:
  welcome: {zh: "欢迎 ${member.mention}", en: "Welcome ${member.mention}"}
  steps:
    - id: track
      ask: {zh: 想学什么？, en: What do you want to learn?}
      options:
        - {say: [english, 英语], label: {zh: 英语, en: English}, set: {track: english}}
        - {say: [guitar, 吉他], label: {zh: 吉他, en: Guitar}, set: {track: guitar}}
  done: {zh: 都好了, en: All set}
"""
ENTRY = """\
onboarding:
  entry:
    questions:
      - {id: why, ask: {zh: 为什么？, en: Why?}, text: {min_chars: 5}}
    then: approve
    otherwise: decline
    within: 1h
"""
"""Who asks to join answers a question within the hour."""
HEAD = """\
version: 1
community:
  name: 晨读
  timezone: Asia/Shanghai
  languages: [en, zh]
  groups: {{{groups}}}
  admins: [telegram:{admin}]
"""


class Scene:
    """`wang` owns the group and is the community's admin, `li` is a member; `bot` has every right there."""

    def __init__(self, folder: Path, server: BotApiServer, world: World) -> None:
        self.world, self.server = world, server
        self.wang = world.person("Wang", username="wang", language="en")
        self.li = world.person("Li", language="en")
        self.bot = world.bot("yaji_bot")
        self.group = self.new_group("Reading", admin=True)
        self.home = folder / "home"
        (self.home / "communities").mkdir(parents=True)
        self.write(MORNING)
        self.environment = {"TELEGRAM_BOT_TOKEN": self.bot.token, "TELEGRAM_API_URL": server.url}

    def new_group(self, title: str, *, admin: bool = False) -> Chat:
        group = self.world.supergroup(title, owner=self.wang)
        self.world.joined(group, self.li)
        if admin:
            self.world.joined(group, self.bot, status="administrator", rights=ALL_RIGHTS)
        return group

    def write(self, sections: str, groups: str | None = None) -> None:
        """The community's file."""
        placed = groups if groups is not None else f"reading: {{telegram: {self.group.id}}}"
        text = HEAD.format(groups=placed, admin=self.wang.id) + sections
        (self.home / "communities" / "a.yaml").write_text(text, encoding="utf-8")

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Serving]:
        """The home, served in this process."""
        async with serving(load(self.home), environment=self.environment) as at_work:
            yield at_work

    def said(self, chat: Chat | None = None) -> list[str]:
        """What the bot said in a chat, the group if none."""
        return [message.text or "" for message in (chat or self.group).said_by(self.bot)]

    async def hears(self, words: str, chat: Chat | None = None, times: int = 1) -> None:
        """Wait until the bot said something with these words."""
        await eventually(
            lambda: sum(words in text for text in self.said(chat)) >= times, lambda: f"{words!r} in {self.said(chat)}"
        )


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """A world that is served on loopback."""
    world = World()
    with served_world(world) as server:
        yield Scene(folder, server, world)

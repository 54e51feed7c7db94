"""A room's week: a scripted WeChat behind a gateway, a clock that the script puts forward, and all that was said."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config import load
from core.pacing import UNLIMITED
from jobs.serve.at_work import Serving
from jobs.serve.serving import serving
from tests.day.clock import DayClock
from tests.serve.scene import until
from tests.support.wechat.fake import FakeGateway
from tests.support.wechat.world import ME, World

ZONE = ZoneInfo("Asia/Shanghai")
ROOM, TOPIC = "camp@chatroom", "晨读打卡营 3 群"
HOME = Path(__file__).parent / "home"
READERS = tuple(f"reader{n}" for n in range(1, 9))


class TimedWorld(World):
    """What is written is dated by the week's clock."""

    def __init__(self, clock: DayClock) -> None:
        super().__init__()
        self._clock = clock

    def posts(self, talker: str, text: str, room: str = "", **more: Any) -> str:
        id = super().posts(talker, text, room, **more)
        self.messages[id].at = int(self._clock())  # it is asked for after this
        return id

    def _now(self) -> int:
        return int(self._clock())


class Week:
    """One run. `due` is what has to be said, by chat, as the script knows it."""

    def __init__(self, folder: Path) -> None:
        # It ended yesterday: whether a digest is too late, the database's own clock says.
        self.first = (datetime.now(ZONE) - timedelta(days=7)).replace(hour=6, minute=30, second=0, microsecond=0)
        self.clock = DayClock.begin(folder / "clock", self.first)
        self.world = TimedWorld(self.clock)
        self.world.contact("wang", "王老师", friend=True)
        for n, id in enumerate(READERS, 1):
            self.world.contact(id, f"读者{n}")
        self.world.room(ROOM, TOPIC, {"wang": "", **dict.fromkeys(READERS, "")}, owner=ME)
        self.gateway = FakeGateway(self.world)
        self.home = Path(shutil.copytree(HOME, folder / "home"))
        file = self.home / "communities" / "camp.yaml"
        file.write_text(file.read_text("utf-8").replace("LAST_DAY", f"{self.day(6):%a}".lower()), "utf-8")
        self.due: Counter[tuple[str, str]] = Counter()
        self.streak: dict[str, int] = {}
        self.at_work: Serving | None = None

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Serving]:
        """The home, served in this process."""
        await self.gateway.start()
        endpoint = f"endpoint: '127.0.0.1:{self.gateway.port}'"
        settings = f"platforms: {{wechat: {{{endpoint}, tls: {{plain: true}}, quiet_at_first: 0s}}}}\n"
        (self.home / "yaji.yaml").write_text(settings)
        environment = {"WECHATY_TOKEN": "secret"}
        try:
            async with serving(load(self.home), environment=environment, clock=self.clock, limits=UNLIMITED) as at_work:
                self.at_work = at_work
                await until(lambda: bool(list(at_work.store.people("camp"))), lambda: "the list of members")
                yield at_work
        finally:
            await self.gateway.stop()

    # time

    def day(self, n: int) -> date:
        """A day of the week; the first is 0."""
        return self.first.date() + timedelta(days=n)

    async def goes_to(self, day: int, clock: str) -> None:
        """Put the clock forward to an hour of a day of the week (the first is 0), and let what is due come."""
        hour, minute = map(int, clock.split(":"))
        start = self.first.replace(hour=hour, minute=minute) + timedelta(days=day)
        self.clock.forward(max(0.0, start.timestamp() - self.clock()))
        assert self.at_work is not None
        await self.at_work.hearing.look()  # as it does every few seconds: the clock has just leapt over them
        self.at_work.bell.wake()
        await self.settles()

    async def goes_unheard(self, day: int, since: str, back: str) -> None:
        """The gateway is gone for some hours, and comes back."""
        await self.goes_to(day, since)
        await self.gateway.stop()
        await until(lambda: not self.heard())
        await self.goes_to(day, back)
        await self.gateway.start()
        await until(lambda: self.heard())

    def heard(self) -> bool:
        """Whether the account is heard."""
        assert self.at_work is not None
        return self.at_work.connections["wechat:main"].heard_since is not None

    async def settles(self) -> None:
        """Wait until everything that is due was said."""
        await until(lambda: not self.missing(), lambda: f"{self.missing()}; beyond: {self.beyond()}")

    # what is said

    def seen(self) -> Counter[tuple[str, str]]:
        """All that was said, by chat; a picture is `[picture]`, and of a digest's head the days are left out."""
        said = ((one.chat, "[picture]" if one.picture is not None else one.text) for one in self.world.sent)
        return Counter((chat, re.sub(r"周报 · .*\n", "周报\n", text)) for chat, text in said)

    def missing(self) -> dict[tuple[str, str], int]:
        """What is due and was not said."""
        seen = self.seen()
        return {what: n - seen[what] for what, n in self.due.items() if seen[what] < n}

    def beyond(self) -> dict[tuple[str, str], int]:
        """What was said more often than it is due."""
        return {what: n - self.due[what] for what, n in self.seen().items() if n > self.due[what]}

    def says(self, text: str, chat: str = ROOM) -> None:
        """The assistant has to say this, once more."""
        self.due[chat, text] += 1

    async def writes(self, who: str, text: str, *, private: bool = False) -> None:
        """Somebody writes; the clock goes on a little."""
        self.world.posts(who, text, "" if private else ROOM)
        self.clock.forward(5)

    def name(self, who: str) -> str:
        return self.world.contacts[who].name

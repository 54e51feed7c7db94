"""A room's week: a scripted WeChat behind a gateway, a clock that the script puts forward, and all that was said."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.home import load
from core.pacing import UNLIMITED
from jobs.serve.at_work import Serving
from jobs.serve.serving import serving
from tests.day.clock import DayClock
from tests.support.patience import PATIENCE, eventually
from tests.support.wechat.world import ME, Sent

ZONE = ZoneInfo("Asia/Shanghai")
ROOM, TOPIC = "camp@chatroom", "晨读打卡营 3 群"
HOME = Path(__file__).parent / "home"
READERS = tuple(f"reader{n}" for n in range(1, 9))


class Week:
    """One run, through a gateway in Python or in JavaScript. `due` is what has to be said, by chat."""

    def __init__(self, folder: Path, gateway: Any) -> None:
        # It ended yesterday: whether a digest is too late, the database's own clock says.
        self.first = (datetime.now(ZONE) - timedelta(days=7)).replace(hour=6, minute=30, second=0, microsecond=0)
        self.clock = DayClock.begin(folder / "clock", self.first)
        self.gateway = gateway
        self.names = {"wang": "王老师", **{id: f"读者{n}" for n, id in enumerate(READERS, 1)}}
        self.members = ["wang", *READERS]
        self.home = Path(shutil.copytree(HOME, folder / "home"))
        file = self.home / "communities" / "camp.yaml"
        file.write_text(file.read_text("utf-8").replace("LAST_DAY", f"{self.day(6):%a}".lower()), "utf-8")
        self.due: Counter[tuple[str, str]] = Counter()
        self.streak: dict[str, int] = {}
        self.at_work: Serving | None = None
        self._before: list[Sent] = []
        self._skipped: int | None = None
        """How much of what the gateway has is in `_before`; None while there is no gateway."""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Serving]:
        """The home, served in this process."""
        await self._begins()
        endpoint = f"endpoint: '127.0.0.1:{self.gateway.port}'"
        settings = f"platforms: {{wechat: {{{endpoint}, tls: {{plain: true}}, quiet_at_first: 0s}}}}\n"
        (self.home / "yaji.yaml").write_text(settings)
        environment = {"WECHATY_TOKEN": "secret"}
        try:
            async with serving(load(self.home), environment=environment, clock=self.clock, limits=UNLIMITED) as at_work:
                self.at_work = at_work
                await self.until(lambda: bool(list(at_work.store.people("camp"))), "the list of members")
                yield at_work
        finally:
            await self.gateway.stop()

    async def _begins(self) -> None:
        """The gateway begins, and WeChat is as it was."""
        await self.gateway.start()
        for id, name in self.names.items():
            await self.gateway.do("contact", id=id, name=name, friend=id == "wang")
        await self.gateway.do("room", id=ROOM, topic=TOPIC, members=dict.fromkeys(self.members, ""), owner=ME)
        self._skipped = len(await self.gateway.sent())

    # time

    def day(self, n: int) -> date:
        """A day of the week; the first is 0."""
        return self.first.date() + timedelta(days=n)

    async def goes_to(self, day: int, clock: str) -> None:
        """Put the clock forward to an hour of a day of the week, and let what is due come."""
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
        await self._lives()
        self._before += (await self.gateway.sent())[self._skipped :]
        self._skipped = None
        await self.gateway.stop()
        await self.until(lambda: not self.heard(), "the end of the connection")
        await self.goes_to(day, back)
        await self._begins()
        await self.until(self.heard, "the connection")

    async def _lives(self) -> None:
        """Have the gateway give a sign of life, as it does twice a minute: the clock has just leapt over them."""
        assert self.at_work is not None
        account: Any = self.at_work.connections["wechat:main"]
        account.gateway._connection.doubt()
        await self.until(lambda: not account.gateway.doubted, "a sign of life")

    def heard(self) -> bool:
        """Whether the account is heard."""
        assert self.at_work is not None
        return self.at_work.connections["wechat:main"].heard_since is not None

    # what is said

    async def seen(self) -> Counter[tuple[str, str]]:
        """All that was said, by chat; a picture is `[picture]`, and of a digest's head the days are left out."""
        more = (await self.gateway.sent())[self._skipped :] if self._skipped is not None else []
        sent = [*self._before, *more]
        said = ((one.chat, "[picture]" if one.picture is not None else one.text) for one in sent)
        return Counter((chat, re.sub(r"周报 · .*\n", "周报\n", text)) for chat, text in said)

    async def missing(self) -> dict[tuple[str, str], int]:
        """What is due and was not said."""
        seen = await self.seen()
        return {what: n - seen[what] for what, n in self.due.items() if seen[what] < n}

    async def beyond(self) -> dict[tuple[str, str], int]:
        """What was said more often than it is due."""
        return {what: n - self.due[what] for what, n in (await self.seen()).items() if n > self.due[what]}

    async def settles(self) -> None:
        """Wait until everything that is due was said."""
        try:
            async with asyncio.timeout(PATIENCE):
                while await self.missing():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"missing: {await self.missing()}; beyond: {await self.beyond()}") from None

    async def until(self, holds: Any, what: str) -> None:
        """Wait for something beside what is said."""
        await eventually(holds, lambda: what)

    def says(self, text: str, chat: str = ROOM) -> None:
        """The assistant has to say this, once more."""
        self.due[chat, text] += 1

    # what happens

    async def writes(self, who: str, text: str, *, private: bool = False) -> None:
        """Somebody writes; the clock goes on a little."""
        await self.gateway.do("dated", instant=int(self.clock()))
        await self.gateway.do("posts", talker=who, text=text, room="" if private else ROOM)
        self.clock.forward(5)

    async def enters(self, who: str, name: str) -> None:
        """Somebody new comes into the room."""
        self.names[who] = name
        self.members.append(who)
        await self.gateway.do("contact", id=who, name=name)
        await self.gateway.do("dated", instant=int(self.clock()))
        await self.gateway.do("enters", room=ROOM, ids=[who], by="wang")

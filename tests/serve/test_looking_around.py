"""Beginning to serve: what may be done in each group is asked about, and no message waits for the answers."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from core.events import BotStanding
from jobs.serve import at_work
from jobs.serve.roster import Seat
from tests.serve.accounts import MemoryAccount, Town
from tests.support.patience import eventually

GROUPS = 2 * at_work.LOOKS + 3
HOMES = ", ".join(f"g{n}: {{telegram: -{1001 + n}}}" for n in range(GROUPS))
COMMUNITY = f"""\
community:
  name: 晨读
  timezone: Asia/Shanghai
  languages: [en, zh]
  groups: {{{HOMES}}}
check_ins:
  morning: {{keywords: [打卡, checkin], points: 5}}
"""


class Slow(MemoryAccount):
    """A platform that does not say what may be done in a group until it `says`."""

    def __init__(self) -> None:
        super().__init__(seat=Seat("telegram", "main"), grantable=True)
        self.says, self.asked, self.at_once = asyncio.Event(), 0, 0

    async def standing(self, group: str, address: str, id_: str, at: datetime) -> BotStanding | None:
        self.asked += 1
        self.at_once = max(self.at_once, self.asked)
        await self.says.wait()
        self.asked -= 1
        return await super().standing(group, address, id_, at)


async def test_it_serves_before_the_platform_has_told_about_every_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(at_work, "AROUND", 0.01)
    slow = Slow()
    async with Town(tmp_path / "home", COMMUNITY, (slow,)) as here:
        assert slow.known == {}
        await here.writes("telegram:7", "checkin", "g0")
        await eventually(lambda: bool(slow.said.get("-1001")))
        slow.says.set()
        await eventually(lambda: len(slow.known) == GROUPS)
        assert slow.at_once == at_work.LOOKS


async def test_what_is_told_at_once_is_known_before_anything_is_received(tmp_path: Path):
    prompt = Slow()
    prompt.says.set()
    async with Town(tmp_path / "home", COMMUNITY, (prompt,)):
        assert len(prompt.known) == GROUPS

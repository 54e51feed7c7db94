"""What came due while an account was away waits until what its people wrote meanwhile is heard."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import AbstractAsyncContextManager, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from config.home import load
from jobs.serve.at_work import Serving
from jobs.serve.clock import SystemClock
from jobs.serve.serving import serving
from jobs.serve.wechat import SETTLES
from tests.serve.scene import ENTRY, Scene, scene
from tests.serve.wechat_scene import Room
from tests.support.botapi import Fault
from tests.support.patience import eventually
from tests.support.ports import HeldPort


def is_over(here: Scene, workflow: str) -> None:
    """The timers of a workflow are due since a second ago."""
    past = int(SystemClock().now().timestamp() * 1_000_000) - 1_000_000
    with closing(sqlite3.connect(here.home / "data" / "yaji.sqlite3")) as rows, rows:
        moved = rows.execute("UPDATE timers SET at = ?, ring_at = ? WHERE workflow = ?", (past, past, workflow))
        assert moved.rowcount == 1


async def test_who_answered_while_telegram_was_away_is_heard_before_their_time_is_over(tmp_path: Path):
    with scene(tmp_path) as here:
        here.write(ENTRY)
        chen = here.world.person("Chen", language="en")
        private = here.world.private(here.bot, chen)
        async with here.served() as at_work:
            chen.asks_to_join(here.group)
            await here.hears("Why?", private)
            here.server.faults.add(Fault("5xx"), method="getUpdates", times=None)
            here.li.posts(here.group, "the request that is open is answered, the next one is not")
            await eventually(lambda: at_work.connections["main"].how == "unreachable")
            chen.writes(here.bot, "to read with all of you")
            is_over(here, "onboarding")
            at_work.bell.wake()
            tried = len(here.server.calls_of("getUpdates"))
            await eventually(lambda: len(here.server.calls_of("getUpdates")) >= tried + 2)  # some seconds later
            here.server.faults.clear()
            await eventually(lambda: here.server.calls_of("approveChatJoinRequest"))
        assert here.server.calls_of("declineChatJoinRequest") == []


async def test_what_telegram_still_posts_at_a_start_is_heard_before_the_clock_rings(tmp_path: Path):
    with scene(tmp_path) as here:
        here.write(ENTRY)
        at = HeldPort().address
        here.environment |= {"YAJI_PUBLIC_URL": f"http://{at}", "YAJI_LISTEN": at}
        chen = here.world.person("Chen", language="en")
        private = here.world.private(here.bot, chen)

        def served() -> AbstractAsyncContextManager[Serving]:
            return serving(load(here.home), environment=here.environment, webhook=True)

        async with served():
            chen.asks_to_join(here.group)
            await here.hears("Why?", private)
        chen.writes(here.bot, "to read with all of you")
        is_over(here, "onboarding")
        async with served():
            await eventually(lambda: here.server.calls_of("approveChatJoinRequest"))
        assert here.server.calls_of("getUpdates") == here.server.calls_of("declineChatJoinRequest") == []


class Standing(SystemClock):
    """A clock that goes on only when the test says so."""

    def __init__(self) -> None:
        self.at = super().now()

    def now(self) -> datetime:
        return self.at


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")
async def test_a_room_waits_while_its_account_is_out_and_until_wechat_has_sent_on_what_was_written(tmp_path: Path):
    room, clock = Room(tmp_path), Standing()

    def waits(at_work: Serving) -> bool:
        return "reading" in at_work.hearing.waiting(clock.now())

    async with room.served(clock=clock) as at_work:
        account: Any = at_work.connections["wechat:main"]
        await eventually(lambda: account.how == "running")
        assert waits(at_work)
        clock.at += SETTLES
        await eventually(lambda: not waits(at_work))  # as soon as all is read that the gateway told
        await room.gateway.stop()
        await eventually(lambda: account.how != "running")
        assert waits(at_work)
        await room.gateway.start()
        await eventually(lambda: account.how == "running")
        assert waits(at_work)
        clock.at += SETTLES
        await eventually(lambda: not waits(at_work))

"""`yaji doctor` tells how a home is served, while it is and after."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.sql.connections import SqlConnections
from cli.main import app
from config import load
from jobs.doctor import diagnosis
from tests.serve.wechat_scene import Room
from tests.support.patience import eventually

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")


async def test_a_served_room_is_well_and_its_budget_is_told(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served() as at_work:
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        await eventually(lambda: SqlConnections(at_work.store.pool).all()["wechat:main"].how == "running")
        dispatch = at_work.store.dispatch()
        await eventually(lambda: bool(dispatch.said("wechat", datetime.now(UTC) - timedelta(hours=1))))
        found = await diagnosis(load(room.home), at_work.store, datetime.now(UTC))
        (account,) = found.accounts
        assert (account.heard, account.well, found.homeless) == (True, True, ())
        assert account.used is not None
        assert (account.used.messages, account.used.rooms) == (1, {"reading": 1})
        assert [place.address for place in account.places] == ["r1@chatroom"]
        late = await diagnosis(load(room.home), at_work.store, datetime.now(UTC) + timedelta(minutes=5))
        assert not late.accounts[0].serving


@pytest.mark.parametrize(("language", "line"), [("en", "not served now"), ("zh", "现在没有在服务")])
async def test_after_the_process_has_ended_it_says_until_when_was_heard(tmp_path: Path, language: str, line: str):
    room = Room(tmp_path)
    async with room.served() as at_work:
        await eventually(lambda: "wechat:main" in SqlConnections(at_work.store.pool).all())
    told = await asyncio.to_thread(CliRunner().invoke, app, ["doctor", "--home", str(room.home), "--lang", language])
    assert told.exit_code == 1
    assert line in told.stdout
    as_json = await asyncio.to_thread(CliRunner().invoke, app, ["doctor", "--home", str(room.home), "--json"])
    assert json.loads(as_json.stdout)["accounts"][0]["name"] == "wechat:main"

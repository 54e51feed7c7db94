"""`yaji doctor` tells how a home is served, while it is and after."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from adapters.sql import open_store
from adapters.sql.connections import SqlConnections, Stands
from cli.main import app
from config.home import load
from config.problems import Language
from core.events import Unheard
from jobs.doctor import diagnosis
from jobs.serve.standings import standings
from tests.serve.wechat_scene import Room
from tests.support.patience import eventually

RULES = """\
lists: {ads: [加群领红包]}
rules:
  - {id: ads, when: message, words: [ads], then: [notify]}
"""

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")


async def test_a_served_room_is_well_and_its_budget_is_told(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served() as at_work:
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        await eventually(lambda: SqlConnections(at_work.store.pool).all()["wechat:main"].how == "running")
        dispatch = at_work.store.dispatch()
        await eventually(
            lambda: any(one.at is not None for one in dispatch.said("wechat", datetime.now(UTC) - timedelta(hours=1)))
        )
        found = await diagnosis(load(room.home), at_work.store, datetime.now(UTC))
        (account,) = found.accounts
        assert (account.heard, account.well, found.homeless) == (True, True, ())
        assert account.used is not None
        assert (account.used.messages, account.used.rooms) == (1, {"reading": 1})
        assert [place.address for place in account.places] == ["r1@chatroom"]
        late = await diagnosis(load(room.home), at_work.store, datetime.now(UTC) + timedelta(minutes=5))
        assert not late.accounts[0].serving


async def test_while_it_is_served_only_what_this_terminal_lacks_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    room = Room(tmp_path)
    told = {}
    async with room.served() as at_work:
        await eventually(lambda: SqlConnections(at_work.store.pool).all()["wechat:main"].how == "running")
        for url in ("", "redis://127.0.0.1:1/0"):
            monkeypatch.setenv("YAJI_REDIS_URL", url)
            typed = ["doctor", "--home", str(room.home), "--lang", "en"]
            told[url] = await asyncio.to_thread(CliRunner().invoke, app, typed)
    lacking, without = told.values()
    assert "is not set in this terminal" not in lacking.stdout + without.stdout
    assert "⚠️ Redis" not in lacking.stdout
    assert "⚠️ Redis: YAJI_REDIS_URL does not answer" in without.stdout
    assert without.exit_code == 1


@pytest.mark.parametrize(
    ("how", "language", "lines"),
    [
        (
            "catching up",
            "en",
            ["✅ wechat:main: connected; what was written meanwhile is still arriving", "two hours at"],
        ),
        ("catching up", "zh", ["✅ wechat:main：已连上，这段时间里写的消息还在陆续收到", "最多等两小时"]),
        ("logged out", "en", ["not heard (logged out)", "what comes due by the clock in its groups waits"]),
        ("logged out", "zh", ["收不到消息（账号退出了登录）", "群里到点的事会等到群友写的都收到了再办"]),
        ("running", "en", ["what people write arrives"]),
        ("refused", "en", ["it is refused"]),
    ],
)
async def test_that_what_is_due_waits_for_an_account_is_told(tmp_path: Path, how: str, language: str, lines: list[str]):
    room = Room(tmp_path)
    async with room.served():
        pass
    with closing(open_store(f"sqlite:///{room.home / 'data' / 'yaji.sqlite3'}")) as store:
        now = datetime.now(UTC)
        SqlConnections(store.pool).note("wechat:main", Stands(now, now, how, now))
    told = await asyncio.to_thread(CliRunner().invoke, app, ["doctor", "--home", str(room.home), "--lang", language])
    assert [line for line in lines if line not in told.stdout] == []
    assert ("waits until" in told.stdout or "最多等两小时" in told.stdout) is (how not in ("running", "refused"))


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


@pytest.mark.parametrize(
    ("language", "line"), [("en", "not possible there: ban, delete;"), ("zh", "那里做不到：封禁、删除消息；")]
)
async def test_what_a_room_has_nothing_like_is_named_in_the_operators_language(
    tmp_path: Path, language: str, line: str
):
    room = Room(tmp_path, RULES.replace("[notify]", "[delete, ban]"))
    async with room.served() as at_work:
        standing = lambda: standings(at_work.store, ["reading"])  # noqa: E731
        await eventually(lambda: ("reading", "wechat") in standing())
    told = await asyncio.to_thread(CliRunner().invoke, app, ["doctor", "--home", str(room.home), "--lang", language])
    assert line in told.stdout


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "reading: nobody is written under `admins` yet; `yaji check` says what that means."),
        ("zh", "reading：`admins` 还没有写人；这意味着什么，`yaji check` 会说明。"),
    ],
)
async def test_that_nobody_is_written_as_an_admin_is_told(tmp_path: Path, language: str, line: str):
    room = Room(tmp_path)
    async with room.served() as at_work:
        await eventually(lambda: "wechat:main" in SqlConnections(at_work.store.pool).all())
    doctor = ["doctor", "--home", str(room.home), "--lang", language]
    assert line not in (await asyncio.to_thread(CliRunner().invoke, app, doctor)).stdout
    (file,) = (room.home / "communities").glob("*.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("[wechat:wang]", "[]"), encoding="utf-8")
    assert line in (await asyncio.to_thread(CliRunner().invoke, app, doctor)).stdout


async def test_a_pause_after_a_complaint_is_shown_and_outlives_a_restart(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served() as at_work:
        kept = SqlConnections(at_work.store.pool)
        room.world.complains("操作过于频繁")
        await eventually(lambda: kept.all()["wechat:main"].held is not None)
        held = kept.all()["wechat:main"].held
        text = await at_work.metrics.text()
    assert 1700 <= metric(text, "yaji_paused_seconds") <= 1800
    async with room.served() as at_work:
        budget = at_work.connections["wechat:main"].budget
        assert budget is not None
        assert budget.held_until == held
        await eventually(lambda: SqlConnections(at_work.store.pool).all()["wechat:main"].how == "running")
        (account,) = (await diagnosis(load(room.home), at_work.store, datetime.now(UTC))).accounts
        assert account.held == held
        (later,) = (await diagnosis(load(room.home), at_work.store, datetime.now(UTC) + timedelta(hours=1))).accounts
        assert (later.held, later.quiet is None) == (None, False)
    told = await asyncio.to_thread(CliRunner().invoke, app, ["doctor", "--home", str(room.home)])
    assert "nothing is said or done until" in told.stdout
    assert "until it only answers" not in told.stdout
    assert "it only answers" in told.stdout


async def test_lines_to_admins_who_have_no_desk_are_people_written_to_in_doctor_and_metrics_alike(tmp_path: Path):
    room = Room(tmp_path, RULES)
    room.world.contacts["wang"].friend = True
    async with room.served() as at_work:
        room.world.posts("li", "加群领红包", "r1@chatroom")
        await eventually(lambda: bool(room.said("wang")), lambda: str(room.world.sent))
        dispatch, since = at_work.store.dispatch(), datetime.now(UTC) - timedelta(hours=1)
        await eventually(lambda: [one.at for one in dispatch.said("wechat", since) if one.at] != [])
        budget = at_work.connections["wechat:main"].budget
        await eventually(lambda: budget is not None and budget.first is not None)
        (account,) = (await diagnosis(load(room.home), at_work.store, datetime.now(UTC))).accounts
        text = await at_work.metrics.text()
    assert account.used is not None
    assert (account.used.people, account.used.rooms) == (1, {})
    assert (metric(text, "yaji_written_to"), metric(text, "yaji_written_to_most")) == (1, 20)
    assert (metric(text, "yaji_said"), metric(text, "yaji_said_most")) == (1, 500)
    assert (metric(text, "yaji_said_room"), metric(text, "yaji_said_room_most")) == (0, 150)
    assert metric(text, "yaji_quiet_seconds") > 0


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "what its day may hold is said: nothing more is said there until "),
        ("zh", "一天的条数用完了："),
    ],
)
async def test_until_when_a_room_whose_day_is_used_up_waits_is_told(tmp_path: Path, language: str, line: str):
    room = Room(tmp_path)
    async with room.served(policy=", a_day_in_a_room: 1") as at_work:
        dispatch, since = at_work.store.dispatch(), datetime.now(UTC) - timedelta(hours=1)
        assert line not in await doctor(room, language)
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        await eventually(lambda: [one.at for one in dispatch.said("wechat", since) if one.at] != [])
        (said,) = [one.at for one in dispatch.said("wechat", since) if one.at]
        told = await doctor(room, language)
    assert line in told
    until = (said + timedelta(days=1)).astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{until:%Y-%m-%d %H:%M} Asia/Shanghai" in told


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "not heard from {} to {} Asia/Shanghai"), ("zh", "{} 到 {}（Asia/Shanghai）没有收到消息")],
)
async def test_gaps_are_told_by_the_clock_of_the_community_and_those_of_no_length_are_not(
    tmp_path: Path, language: str, line: str
):
    room = Room(tmp_path)
    now = datetime.now(UTC).replace(microsecond=0)
    async with room.served() as at_work:
        await at_work.inlet.take(
            [
                Unheard(id=f"wechat:unheard:{n}", at=at, group="reading", platform="wechat", since=at - span)
                for n, (at, span) in enumerate(
                    [(now - timedelta(hours=2), timedelta(hours=1)), (now, timedelta(microseconds=0))]
                )
            ]
        )
        told = await doctor(room, language)
    local = [(now - timedelta(hours=n)).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M") for n in (3, 2)]
    mark = line.split("{}")[-1]
    assert [one.strip() for one in told.splitlines() if mark in one] == [line.format(*local)]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ("not heard (the gateway ended the connection)", "not heard (no gateway answers there)")),
        ("zh", ("收不到消息（网关断开了连接）", "收不到消息（网关没有应答）")),
    ],
)
async def test_why_nothing_is_heard_is_told_in_words(tmp_path: Path, language: str, lines: tuple[str, str]):
    room = Room(tmp_path)
    async with room.served() as at_work:
        kept = SqlConnections(at_work.store.pool)
        await eventually(lambda: "wechat:main" in kept.all())
        await room.gateway.stop()
        await eventually(lambda: kept.all()["wechat:main"].how in ("ended", "absent"))
        told = await doctor(room, language)
    assert any(line in told for line in lines)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "does not reach 王老师 (wechat:wang), who is no contact of the account; they should add it as one"),
        ("zh", "王老师 (wechat:wang) 还不是这个账号的好友，给管理员的消息收不到；请 TA 加这个账号为好友"),
    ],
)
@pytest.mark.parametrize("friend", [False, True])
async def test_an_admin_whom_no_line_reaches_is_named_in_the_log_and_by_doctor(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, language: Language, line: str, friend: bool
):
    room = Room(tmp_path)
    room.world.contacts["wang"].friend = friend
    async with room.served(language=language) as at_work:
        await eventually(lambda: ("reading", "wechat") in standings(at_work.store, ["reading"]))
        told = await doctor(room, language)
    assert (line in told, line in caplog.text) == (not friend, not friend)


async def doctor(room: Room, language: str) -> str:
    asked = ["doctor", "--home", str(room.home), "--lang", language]
    return (await asyncio.to_thread(CliRunner().invoke, app, asked)).stdout


def metric(text: str, name: str) -> float:
    """The number of an account's metric."""
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name}{{"))

"""A machine's clock that leaps: nothing is deleted and no reminder is lost because of it, and its operator is told."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from adapters.sql import open_store
from adapters.sql.connections import SqlConnections, Stands
from adapters.sql.timekeeping import SqlTimekeeping
from cli.init import write
from cli.main import app
from config.home import load
from config.problems import Language
from core.effects import Say
from core.people import NOBODY
from core.ports import AuditRow, OutboxRow, Writes
from jobs.clock.premises import Premises
from jobs.serve.clock import SystemClock
from jobs.serve.guard import LOOK, STEP, GuardedClock
from jobs.serve.serving import serving
from tests.serve.scene import MORNING, Scene, scene
from tests.support.databases import new_sqlite
from tests.support.patience import eventually

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
YEARS = timedelta(days=3 * 365)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


class Machine(SystemClock):
    """What its wall clock shows, and what its ticks have counted."""

    def __init__(self) -> None:
        self.wall, self.ticks = NOON, 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.ticks

    def passes(self, span: timedelta) -> None:
        self.wall += span
        self.ticks += span.total_seconds()


class Watched:
    """A guarded clock that has run for an hour, and is looked at after each step of time."""

    def __init__(self, newest: datetime | None = None, *, young: bool = False, language: Language = "en") -> None:
        self.machine = Machine()
        self.clock = GuardedClock(newest, self.machine, language)
        self.leaps: list[timedelta] = []
        self.clock.leapt = self.leaps.append
        if not young:
            self.passes(HOUR)

    def passes(self, span: timedelta) -> None:
        self.machine.passes(span)
        self.clock.look()

    def leaps_by(self, by: timedelta) -> None:
        self.machine.wall += by
        self.clock.look()

    @property
    def off(self) -> timedelta:
        """How far what is shown is from the wall."""
        return self.machine.wall - self.clock.now()


@pytest.mark.parametrize("by", [timedelta(seconds=2), -timedelta(seconds=2), STEP, -STEP])
def test_a_step_of_the_time_service_is_taken_over(by: timedelta) -> None:
    watched = Watched()
    watched.leaps_by(by)
    assert (watched.off, watched.clock.sure, watched.leaps) == (timedelta(), True, [])
    watched.leaps_by(by)
    assert watched.off == timedelta()


@pytest.mark.parametrize("by", [YEARS, 2 * DAY, -2 * DAY, 30 * MINUTE])
def test_after_a_leap_time_goes_on_and_is_not_sure_until_the_clock_is_right_again(by: timedelta) -> None:
    watched = Watched()
    before = watched.clock.now()
    watched.machine.wall += by
    assert watched.clock.now() == before  # also before anybody looks
    watched.clock.look()
    watched.passes(MINUTE)
    assert watched.clock.now() == before + MINUTE
    assert (watched.off, watched.clock.off, watched.clock.sure) == (by, by, False)
    watched.leaps_by(-by)
    assert (watched.off, watched.clock.off, watched.clock.sure) == (timedelta(), None, True)
    assert watched.leaps == []


@pytest.mark.parametrize("by", [YEARS, -2 * DAY])
def test_what_a_platform_dates_by_the_new_time_makes_it_count(by: timedelta) -> None:
    watched = Watched()
    watched.leaps_by(by)
    watched.clock.heard(watched.machine.wall - DAY)  # what waited somewhere says nothing
    assert watched.off == by
    watched.clock.heard(watched.machine.wall - timedelta(seconds=2))
    assert (watched.off, watched.clock.sure, watched.leaps) == (timedelta(), True, [by])


@pytest.mark.parametrize(
    ("by", "stands"), [(8 * HOUR, 20 * MINUTE), (2 * DAY, 2 * HOUR), (-DAY, HOUR)], ids=["night", "days", "back"]
)
def test_in_silence_an_hour_for_each_day_that_it_leapt_makes_it_count(by: timedelta, stands: timedelta) -> None:
    watched = Watched()
    watched.leaps_by(by)
    watched.passes(stands - timedelta(seconds=1))
    assert (watched.off, watched.clock.sure) == (by, False)
    watched.passes(timedelta(seconds=1))
    assert (watched.off, watched.clock.sure, watched.leaps) == (timedelta(), True, [by])


def test_a_wrong_clock_never_counts_as_long_as_platforms_go_by_the_right_one() -> None:
    watched = Watched()
    watched.leaps_by(2 * DAY)
    for _ in range(100):
        watched.passes(HOUR)
        watched.clock.heard(watched.clock.now())
    assert (watched.off, watched.clock.sure, watched.leaps) == (2 * DAY, False, [])


def test_another_leap_begins_the_waiting_anew() -> None:
    watched = Watched()
    watched.leaps_by(2 * DAY)
    watched.passes(HOUR + 50 * MINUTE)
    watched.leaps_by(HOUR)
    watched.passes(HOUR)
    assert watched.off == 2 * DAY + HOUR


def test_a_machine_that_slept_has_not_leapt() -> None:
    counted = getattr(time, "CLOCK_BOOTTIME", None)
    if counted is not None:
        before = time.clock_gettime(counted)
        assert before <= SystemClock().monotonic() <= time.clock_gettime(counted)
    watched = Watched()
    watched.passes(8 * HOUR)
    assert (watched.off, watched.clock.sure, watched.leaps) == (timedelta(), True, [])


def test_a_machine_may_learn_the_time_while_it_begins() -> None:
    watched = Watched(NOON - MINUTE, young=True)
    watched.passes(MINUTE)
    watched.leaps_by(7 * DAY)
    assert (watched.off, watched.clock.sure, watched.leaps) == (timedelta(), False, [7 * DAY])
    watched.clock.heard(watched.machine.wall)
    assert watched.clock.sure


def test_it_does_not_once_a_platform_dated_something_by_the_time_shown() -> None:
    watched = Watched(NOON - MINUTE, young=True)
    watched.clock.heard(watched.machine.wall)
    watched.leaps_by(7 * DAY)
    assert watched.off == 7 * DAY


def test_a_home_that_was_closed_for_a_month_works_at_once_and_deletes_once_it_is_certain() -> None:
    watched = Watched(NOON - 30 * DAY)
    assert (watched.off, watched.clock.sure, watched.clock.behind) == (timedelta(), False, False)
    watched.clock.heard(watched.machine.wall - timedelta(seconds=1))
    assert (watched.clock.sure, watched.leaps) == (True, [])
    silent = Watched(NOON - 30 * DAY, young=True)
    silent.passes(29 * HOUR)
    assert not silent.clock.sure
    silent.passes(HOUR)
    assert silent.clock.sure


def test_a_start_before_what_the_store_knows_is_not_sure() -> None:
    watched = Watched(NOON + DAY, young=True)
    assert (watched.clock.sure, watched.clock.behind) == (False, True)


@pytest.mark.parametrize("newest", [None, NOON, NOON - 2 * DAY, NOON + MINUTE])
def test_any_other_start_is_sure(newest: datetime | None) -> None:
    assert Watched(newest, young=True).clock.sure


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "this machine's clock leapt to 2029-03-01 13:00:00 UTC; the service goes on by 2026-03-02 13:00:00 UTC",
                "this machine's clock shows again what the service goes by",
                "this machine's clock shows 2026-03-02 12:00:00 UTC, long after",
                "it is certain now that it is 2026-03-02 13:00:00 UTC",
                "this machine's clock shows 2026-03-02 12:00:00 UTC, which is before",
            ],
        ),
        (
            "zh",
            [
                "这台机器的时钟跳到了 2029-03-01 13:00:00 UTC；服务按 2026-03-02 13:00:00 UTC 继续走",
                "这台机器的时钟又和服务用的时间一致了",
                "这台机器的时钟是 2026-03-02 12:00:00 UTC，比数据库里最新的时间",
                "现在可以确定时间是 2026-03-02 13:00:00 UTC",
                "这台机器的时钟是 2026-03-02 12:00:00 UTC，比数据库里最新的时间",
            ],
        ),
    ],
)
def test_the_operator_is_told_of_each_change_once(
    language: Language, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "yaji.clock"):
        watched = Watched(language=language)
        watched.leaps_by(YEARS)
        watched.passes(MINUTE)
        watched.leaps_by(-YEARS)
        Watched(NOON - 30 * DAY, language=language).clock.heard(NOON + HOUR)
        Watched(NOON + DAY, young=True, language=language)
    assert [told.startswith(line) for told, line in zip(caplog.messages, lines, strict=True)] == [True] * 5


# in a home that is served


class Hasty(SystemClock):
    """The machine's own clock, but what waits for an hour comes at once; `ahead` is how wrong the wall is."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead, self.hours = ahead, 0

    def now(self) -> datetime:
        return super().now() + self.ahead

    async def sleep(self, seconds: float) -> None:
        hourly = seconds >= 3600
        await super().sleep(0.05 if hourly or seconds == LOOK else min(seconds, 0.2))
        self.hours += hourly


KEPT = ("accounts", "memberships", "activity", "audit", "outbox")


def rows_of(home: Path) -> dict[str, int]:
    with closing(sqlite3.connect(next(home.rglob("*.sqlite3")))) as database:
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in KEPT}


def timers_of(home: Path) -> list[datetime]:
    with closing(sqlite3.connect(next(home.rglob("*.sqlite3")))) as database:
        return [datetime.fromtimestamp(at / 1e6, UTC) for (at,) in database.execute("SELECT at FROM timers")]


REMINDED = MORNING.replace("points: 5", 'points: 5, remind: {at: "20:00"}')


async def doctor(here: Scene, language: str) -> Result:
    typed = ["doctor", "--home", str(here.home), "--lang", language]
    return await asyncio.to_thread(CliRunner().invoke, app, typed)


async def checked_in(here: Scene) -> None:
    """Two members have checked in, and one of them has left."""
    bob = here.world.person("Bob", language="en")
    here.world.joined(here.group, bob)
    here.li.posts(here.group, "打卡")
    bob.posts(here.group, "打卡")
    await here.hears("✅ Li")
    await here.hears("✅ Bob")
    bob.leaves(here.group)


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "⚠️ this machine's clock leapt (+1095 days)"), ("zh", "⚠️ 这台机器的时钟跳了（+1095 天）")],
)
async def test_a_leap_of_years_deletes_nothing_and_doctor_tells_of_it(
    tmp_path: Path, language: Language, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scene(tmp_path) as here:
        here.write(REMINDED)
        machine = Hasty()
        clock = GuardedClock(host=machine)
        async with serving(load(here.home), environment=here.environment, clock=clock) as at_work:
            await checked_in(here)
            await eventually(lambda: len(timers_of(here.home)) == 1)
            before, armed = rows_of(here.home), timers_of(here.home)
            monkeypatch.setattr("cli.doctor.datetime", _Wall(machine))
            machine.ahead = YEARS
            kept = SqlTimekeeping(at_work.store.pool)
            await eventually(lambda: kept.leap() is not None)
            told = await doctor(here, language)
            assert line in told.stdout
            assert told.exit_code == 1
            passed = machine.hours
            await eventually(lambda: machine.hours > passed + 6)
            assert (rows_of(here.home), timers_of(here.home)) == (before, armed)
            machine.ahead = timedelta()
            await eventually(lambda: kept.leap() is None)
            told = await doctor(here, language)
            assert line not in told.stdout


class _Wall:
    """`datetime` of a program on the same machine."""

    def __init__(self, machine: SystemClock) -> None:
        self._machine = machine

    def now(self, zone: object) -> datetime:
        return self._machine.now()


NOTED = Stands(None, None, "heard", NOON)
STOPPED = Stands(None, None, "stopped", NOON)
LONG_AGO = Stands(None, None, "heard", NOON - HOUR)


@pytest.mark.parametrize(
    ("by", "stands", "en", "zh"),
    [
        (90 * MINUTE, NOTED, "(+90 minutes)", "（+90 分钟）"),
        (3 * HOUR, NOTED, "(+3 hours)", "（+3 小时）"),
        (-47 * HOUR, NOTED, "(-47 hours)", "（-47 小时）"),
        (2 * DAY, NOTED, "(+2 days)", "（+2 天）"),
        (YEARS, STOPPED, "", ""),
        (YEARS, LONG_AGO, "", ""),
    ],
    ids=["minutes", "hours", "back", "days", "of a process that has stopped", "of one that was killed"],
)
def test_doctor_tells_how_far_a_clock_leapt_while_somebody_goes_by_the_time_before(
    tmp_path: Path, by: timedelta, stands: Stands, en: str, zh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "home", "support")
    (tmp_path / "home" / "data").mkdir()
    with closing(open_store(new_sqlite(tmp_path / "home" / "data" / "yaji.sqlite3"), durable=False)) as store:
        SqlTimekeeping(store.pool).note_leap(by, NOON)
        SqlConnections(store.pool).note("telegram:main", stands)
    machine = Machine()
    machine.wall += by
    monkeypatch.setattr("cli.doctor.datetime", _Wall(machine))
    for language, span in (("en", en), ("zh", zh)):
        told = CliRunner().invoke(app, ["doctor", "--home", str(tmp_path / "home"), "--lang", language])
        leapt = [line for line in told.stdout.splitlines() if "clock leapt" in line or "时钟跳了" in line]
        assert [span in line for line in leapt] == [True] * bool(span), told.output


@asynccontextmanager
async def served_years_ahead(here: Scene) -> AsyncIterator[Hasty]:
    """The home, served by a clock that is wrong by years, with a reminder that was set by it."""
    here.write(REMINDED)
    machine = Hasty(YEARS)
    async with serving(load(here.home), environment=here.environment, clock=GuardedClock(host=machine)):
        here.li.posts(here.group, "打卡")
        await here.hears("✅ Li")
        await eventually(lambda: reminds_soon(here) is False)
        yield machine


def reminds_soon(here: Scene) -> bool | None:
    """Whether the one reminder that is set rings in the next two days; None without one."""
    armed = timers_of(here.home)
    return armed[0] < datetime.now(UTC) + 2 * DAY if len(armed) == 1 else None


async def test_timers_that_were_set_while_the_clock_was_ahead_are_set_anew(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        async with served_years_ahead(here) as machine:
            machine.ahead = timedelta()
            await eventually(lambda: reminds_soon(here) is True)


async def test_a_start_after_the_clock_was_put_back_sets_timers_anew(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        async with served_years_ahead(here):
            pass
        for language, line in (
            ("en", "this machine's clock is wrong, or was"),
            ("zh", "这台机器的时钟不对，或者之前不对"),
        ):
            told = await doctor(here, language)
            assert f"⚠️ {line}" in told.stdout
        async with here.served() as at_work:
            assert isinstance(at_work.clock, GuardedClock)
            await eventually(lambda: reminds_soon(here) is True)
            assert not at_work.dating.sure()
            here.li.posts(here.group, "早")
            await eventually(at_work.dating.sure)


# in a scheduler or a worker


async def test_a_process_beside_it_goes_by_what_the_serving_process_hears(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        async with here.served() as at_work:
            kept = SqlTimekeeping(at_work.store.pool)
            await eventually(lambda: kept.served() is not None)
            machine = Hasty()
            beside = Premises(here.home, here.environment, ticks=iter(range(0, 10**6, 10)).__next__, host=machine)
            with closing(beside):
                beside.current()
                machine.ahead = YEARS
                assert abs(beside.clock.now() - datetime.now(UTC)) < HOUR
                beside.current()
                assert not beside.sure
                machine.ahead = timedelta()
                beside.current()
                assert beside.sure


DECIDED = Writes(audit=[AuditRow(NOON + HOUR, "g", "e", "rules", "r", NOBODY, "on", (), ("because",))])
SENT = Writes(outbox=[OutboxRow("o", NOON + 2 * HOUR, "g", "e", "rules", "Say", Say(words=("hi",)), None)])


def test_a_store_tells_its_newest_instant_and_the_leap_that_was_noted(tmp_path: Path) -> None:
    with closing(open_store(new_sqlite(tmp_path / "kept.sqlite3"), durable=False)) as store:
        kept = SqlTimekeeping(store.pool)
        assert (kept.newest(), kept.served(), kept.leap()) == (None, None, None)
        for n, written in enumerate((DECIDED, SENT), 1):
            with store.unit() as unit:
                unit.lock(("g",))
                unit.save(written)
                unit.commit()
            assert kept.newest() == NOON + n * HOUR
        SqlConnections(store.pool).note("telegram:main", Stands(None, None, "heard", NOON + 3 * HOUR))
        assert (kept.newest(), kept.served()) == (NOON + 3 * HOUR,) * 2
        SqlConnections(store.pool).note("telegram:main", Stands(None, None, "stopped", NOON + 4 * HOUR))
        assert (kept.newest(), kept.served()) == (NOON + 4 * HOUR, None)
        for by in (2 * DAY, -2 * DAY):
            kept.note_leap(by, NOON)
            assert kept.leap() == by
        kept.note_leap(None, NOON)
        assert kept.leap() is None

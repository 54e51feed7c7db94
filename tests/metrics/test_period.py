"""Which days are told about, and what is said of days that cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import InputRefused
from jobs.metrics.period import Wanted, last_over, weeks_until
from tests.metrics.history import BERLIN

OVER = date(2026, 4, 10)


def days(first: str | None = None, last: str | None = None, count: int | None = None) -> tuple[str, str, str, str]:
    now, before = Wanted.read(first, last, count).within(BERLIN, OVER)
    return str(now.first), str(now.last), str(before.first), str(before.last)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((), ("2026-03-12", "2026-04-10", "2026-02-10", "2026-03-11")),
        ((None, None, 1), ("2026-04-10", "2026-04-10", "2026-04-09", "2026-04-09")),
        ((None, "2026-04-01", 7), ("2026-03-26", "2026-04-01", "2026-03-19", "2026-03-25")),
        (("2026-04-08", None, None), ("2026-04-08", "2026-04-10", "2026-04-05", "2026-04-07")),
        (("2026-04-08", "2026-04-08", None), ("2026-04-08", "2026-04-08", "2026-04-07", "2026-04-07")),
    ],
    ids=["the last thirty", "a day", "so many up to a day", "from a day on", "one day"],
)
def test_the_days_and_as_many_before_them(asked, told):
    assert days(*asked) == told


def test_a_week_in_which_the_clocks_change_is_seven_days():
    now, before = Wanted.read(None, "2026-03-29", 7).within(BERLIN, OVER)
    assert now.ends - now.begins == timedelta(days=7) - timedelta(hours=1)
    assert before.ends == now.begins
    assert before.ends - before.begins == timedelta(days=7)


def test_a_day_is_over_when_it_is_over_there():
    at = datetime(2026, 4, 10, 22, 30, tzinfo=UTC)
    assert [str(last_over(at, ZoneInfo(zone))) for zone in ("UTC", "Europe/Berlin", "Pacific/Kiritimati")] == [
        "2026-04-09",
        "2026-04-10",
        "2026-04-10",
    ]


def test_weeks_are_those_that_are_over_on_a_sunday():
    sunday = date(2026, 3, 8)
    assert weeks_until(sunday, 2) == [date(2026, 2, 23), date(2026, 3, 2)]
    assert weeks_until(sunday - timedelta(days=1), 2) == [date(2026, 2, 16), date(2026, 2, 23)]
    assert weeks_until(sunday + timedelta(days=6), 1) == [date(2026, 3, 2)]


@pytest.mark.parametrize(
    ("asked", "en", "zh"),
    [
        (
            ("2026-04-08", "2026-04-01", None),
            "--from 2026-04-08 is after --to 2026-04-01; swap them.",
            "--from 2026-04-08 晚于 --to 2026-04-01；请把两个对调。",
        ),
        (
            (None, "2027-01-01", None),
            "--to 2027-01-01 is not over in Europe/Berlin; the last whole day there is 2026-04-10.",
            "--to 2027-01-01 在 Europe/Berlin 还没过完；那里最近的完整一天是 2026-04-10。",
        ),
        (
            ("2026-04-11", None, None),
            "--from 2026-04-11 is not over in Europe/Berlin; the last whole day there is 2026-04-10.",
            "--from 2026-04-11 在 Europe/Berlin 还没过完；那里最近的完整一天是 2026-04-10。",
        ),
        (
            ("yesterday", None, None),
            "--from 'yesterday' is no day; write it as year-month-day, like 2026-03-31.",
            "--from 'yesterday' 不是日期；请写成 年-月-日，比如 2026-03-31。",
        ),
        (
            (None, "0001-01-01", None),
            "--to '0001-01-01' is no day; write it as year-month-day, like 2026-03-31.",
            "--to '0001-01-01' 不是日期；请写成 年-月-日，比如 2026-03-31。",
        ),
        (
            ("2026-04-08", None, 7),
            "--from and --days both say where the period begins; leave one of them out.",
            "--from 和 --days 都在说从哪天起；请去掉一个。",
        ),
        (
            ("2020-01-01", "2026-01-01", None),
            "2020-01-01 to 2026-01-01 are 2193 days; at most 366 can be told about.",
            "2020-01-01 到 2026-01-01 有 2193 天；最多能看 366 天。",
        ),
    ],
    ids=["backwards", "to the future", "from the future", "no day", "no day of ours", "both", "too long"],
)
def test_what_cannot_be_told_about_is_said(asked, en, zh):
    with pytest.raises(InputRefused) as refused:
        days(*asked)
    assert (str(refused.value), refused.value.zh) == (en, zh)

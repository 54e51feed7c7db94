"""One run for each local occurrence, whatever the clocks do."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.occurrences import (
    EVERY_DAY,
    Hours,
    Monthly,
    Occurrence,
    Weekly,
    awake,
    between,
    first_after,
    in_time,
    instant,
)
from core.occurrences import newest as newest_of
from core.workflow import Group

ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "Europe/London",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Asia/Shanghai",
        "Africa/Casablanca",
    )
]
NEW_YORK, LORD_HOWE, APIA = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")
DAY = timedelta(days=1)

zones = st.sampled_from(ZONES)
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
moments = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
recurrences = st.one_of(
    st.builds(Weekly, clock=clocks, weekdays=st.frozensets(st.integers(0, 6), min_size=1)),
    st.builds(Monthly, clock=clocks, day=st.integers(1, 31)),
)


def utc(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(
    "clock", [time(0), time(1, 30), time(2), time(2, 15), time(2, 30), time(3), time(23, 59)], ids=str
)
def test_every_day_of_ten_years_has_exactly_one_run(zone, clock):
    runs = list(between(Weekly(clock=clock), zone, utc(2019, 12, 31, 12), utc(2030, 1, 2)))
    days = [run.day for run in runs if date(2020, 1, 1) <= run.day <= date(2029, 12, 31)]
    assert days == [date(2020, 1, 1) + n * DAY for n in range(3653)]
    assert all(one.at < other.at for one, other in pairwise(runs))


@pytest.mark.parametrize(
    ("zone", "clock", "day", "at"),
    [
        (NEW_YORK, time(2, 30), date(2026, 3, 8), utc(2026, 3, 8, 7, 30)),
        (NEW_YORK, time(1, 30), date(2026, 11, 1), utc(2026, 11, 1, 5, 30)),
        (LORD_HOWE, time(2, 15), date(2026, 10, 4), utc(2026, 10, 3, 15, 45)),
        (LORD_HOWE, time(1, 45), date(2026, 4, 5), utc(2026, 4, 4, 14, 45)),
        (ZoneInfo("America/Santiago"), time(0, 30), date(2026, 9, 6), utc(2026, 9, 6, 4, 30)),
    ],
    ids=["skipped", "repeated", "skipped by half an hour", "repeated by half an hour", "skipped at midnight"],
)
def test_a_time_that_the_clocks_skip_or_repeat_runs_once(zone, clock, day, at):
    runs = [run for run in between(Weekly(clock=clock), zone, at - 2 * DAY, at + 2 * DAY) if run.day == day]
    assert runs == [Occurrence(day, at)]


def test_a_run_that_the_clocks_skip_into_the_next_day_comes_on_that_day():
    """In Nuuk the clocks go from Saturday 23:00 to Sunday 00:00."""
    nuuk, at = ZoneInfo("America/Nuuk"), utc(2025, 3, 30, 1, 10)
    late = Occurrence(date(2025, 3, 29), utc(2025, 3, 30, 1, 30))
    assert first_after(Weekly(clock=time(23, 30)), nuuk, at) == late
    assert list(between(Weekly(clock=time(23, 30)), nuuk, at, at + timedelta(hours=1))) == [late]


def test_quiet_hours_that_end_in_the_hour_that_autumn_repeats_end_in_its_second_run():
    quiet = Hours(time(22), time(1, 30))
    assert awake(utc(2026, 11, 1, 5, 10), quiet, NEW_YORK) == utc(2026, 11, 1, 5, 30)
    assert awake(utc(2026, 11, 1, 6, 10), quiet, NEW_YORK) == utc(2026, 11, 1, 6, 30)


def test_a_day_that_a_place_left_out_has_no_run():
    runs = list(between(Weekly(clock=time(10)), APIA, utc(2011, 12, 28), utc(2012, 1, 2)))
    assert [run.day.day for run in runs] == [28, 29, 31, 1, 2]
    assert len({run.at for run in runs}) == 5


@pytest.mark.parametrize(
    ("day", "expected"),
    [(29, [(1, 29), (2, 28), (3, 29)]), (31, [(1, 31), (2, 28), (3, 31)]), (1, [(1, 1), (2, 1), (3, 1)])],
    ids=["the 29th", "the 31st", "the first"],
)
def test_a_month_that_is_too_short_has_its_run_on_the_last_day(day, expected):
    runs = between(Monthly(clock=time(9), day=day), NEW_YORK, utc(2026, 1, 1, 5), utc(2026, 4, 1))
    assert [(run.day.month, run.day.day) for run in runs] == expected


def test_a_leap_day_is_the_29th_of_february():
    assert first_after(Monthly(clock=time(9), day=30), NEW_YORK, utc(2028, 2, 1)).day == date(2028, 2, 29)


@given(recurrence=recurrences, zone=zones, at=moments)
def test_the_next_run_is_later_and_of_a_day_that_is_asked_for(recurrence, zone, at):
    found = first_after(recurrence, zone, at)
    assert found.at > at
    assert recurrence.falls_on(found.day)
    assert found.at == instant(found.day, recurrence.clock, zone)
    assert not list(between(recurrence, zone, at, found.at - timedelta(microseconds=1)))


@given(recurrence=recurrences, zone=zones, at=moments)
@settings(max_examples=40)
def test_going_from_run_to_run_misses_none_and_repeats_none(recurrence, zone, at):
    until = at + 400 * DAY
    walked, run = [], first_after(recurrence, zone, at)
    while run.at <= until:
        walked.append(run)
        run = first_after(recurrence, zone, run.at)
    assert walked == list(between(recurrence, zone, at, until))
    assert len({one.day for one in walked}) == len(walked)


@given(recurrence=recurrences, zone=zones, at=moments, hours=st.integers(0, 24 * 70))
def test_of_missed_runs_only_the_newest_is_left(recurrence, zone, at, hours):
    until = at + timedelta(hours=hours)
    missed = list(between(recurrence, zone, at, until))
    assert newest_of(recurrence, zone, at, until) == (missed[-1] if missed else None)


@given(zone=zones, clock=clocks, day=st.dates(date(2015, 1, 1), date(2035, 1, 1)))
def test_the_instant_of_a_local_time_is_the_one_that_groups_have(zone, clock, day):
    assert instant(day, clock, zone) == Group(key="g", zone=zone).instant(day, clock)


@given(zone=zones, at=moments, start=clocks, end=clocks)
def test_quiet_hours_shift_and_never_lose(zone, at, start, end):
    shifted = awake(at, Hours(start, end), zone)
    assert at <= shifted <= at + timedelta(hours=26)
    assert awake(shifted, Hours(start, end), zone) == shifted or shifted.astimezone(zone).time() == end
    if start == end:
        assert shifted == at


@pytest.mark.parametrize(
    ("at", "expected"),
    [((2026, 5, 4, 23), (2026, 5, 5, 8)), ((2026, 5, 5, 3), (2026, 5, 5, 8)), ((2026, 5, 5, 8), (2026, 5, 5, 8)),
     ((2026, 5, 4, 21, 59), (2026, 5, 4, 21, 59))],
    ids=["before midnight", "after midnight", "as they end", "before they begin"],
)  # fmt: skip
def test_what_falls_into_quiet_hours_comes_at_their_end(at, expected):
    zone = ZoneInfo("Asia/Shanghai")
    shifted = awake(utc(*at).replace(tzinfo=zone), Hours(time(22), time(8)), zone)
    assert shifted == utc(*expected).replace(tzinfo=zone)


NIGHT = Hours(time(22, 30), time(9))


@pytest.mark.parametrize(
    ("quiet", "at", "opens", "closes", "expected"),
    [
        (NIGHT, (5, 6), (5, 0), (5, 10), (5, 9)),
        (NIGHT, (5, 7), (3, 8), (5, 8), (4, 22, 29)),
        (NIGHT, (5, 23), (5, 0), (6, 0), (5, 22, 29)),
        (NIGHT, (5, 5, 45), (5, 5), (5, 6), (5, 5, 45)),
        (NIGHT, (5, 12), (5, 0), (6, 0), (5, 12)),
        (None, (5, 6), (5, 0), (5, 10), (5, 6)),
        (Hours(time(13), time(15)), (5, 14), (5, 9), (5, 15), (5, 12, 59)),
    ],
    ids=["in time behind", "too late behind", "the evening", "of use only within", "awake", "never quiet", "by day"],
)
def test_what_is_of_use_for_a_while_comes_behind_the_quiet_hours_or_before_them(quiet, at, opens, closes, expected):
    zone = ZoneInfo("Asia/Shanghai")

    def may(day, hour, minute=0):
        return utc(2026, 5, day, hour, minute).replace(tzinfo=zone)

    assert in_time(may(*at), quiet, zone, may(*opens), may(*closes)) == may(*expected)


@given(zone=zones, at=moments, start=clocks, end=clocks, opens=st.integers(0, 3000), closes=st.integers(1, 3000))
def test_what_is_of_use_for_a_while_stays_within_it(zone, at, start, end, opens, closes):
    after, before = at - timedelta(minutes=opens), at + timedelta(minutes=closes)
    comes = in_time(at, Hours(start, end), zone, after, before)
    assert after <= comes < before


@pytest.mark.parametrize(
    "wrong", [{"weekdays": frozenset()}, {"weekdays": frozenset({7})}], ids=["no day", "an eighth day"]
)
def test_weekdays_that_there_are_not_are_refused(wrong):
    with pytest.raises(ValueError, match="weekdays"):
        Weekly(clock=time(9), **wrong)


def test_a_day_of_the_month_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="1 to 31"):
        Monthly(clock=time(9), day=32)


def test_the_days_are_those_of_the_calendar():
    assert Weekly(clock=time(9)).weekdays == EVERY_DAY
    weekly = Weekly(clock=time(9), weekdays=frozenset({calendar.MONDAY}))
    assert first_after(weekly, NEW_YORK, utc(2026, 5, 5)).day == date(2026, 5, 11)

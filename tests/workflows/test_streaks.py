"""The arithmetic of streaks, by examples and for any log."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.streaks import DAY, Calendar, Run, freezes_left, holds_until, missed_days, recount, step

EVERY_DAY = Calendar()
WEEKDAYS = Calendar(weekdays=frozenset(range(5)))
MONDAY = date(2026, 3, 2)


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


@pytest.mark.parametrize(
    ("calendar", "days", "excused", "streak"),
    [
        (EVERY_DAY, march(2, 3, 4), [], 3),
        (EVERY_DAY, march(2, 3, 5), [], 1),
        (WEEKDAYS, march(5, 6, 9, 10), [], 4),
        (WEEKDAYS, march(5, 6, 10), [], 1),
        (EVERY_DAY, march(2, 3, 5), march(4), 3),
        (Calendar(freezes=1), march(2, 3, 5), [], 3),
        (Calendar(freezes=1), march(2, 4, 6), [], 1),
        (Calendar(freezes=2), march(2, 4, 6), [], 3),
        (Calendar(freezes=2), march(2, 5, 6), [], 3),
        (Calendar(freezes=2), march(2, 6, 7), [], 2),
        (Calendar(freezes=1), [date(2026, 3, 30), date(2026, 4, 2)], [], 2),
        (Calendar(freezes=1), [date(2026, 3, 30), date(2026, 4, 3)], [date(2026, 4, 1)], 2),
        (Calendar(freezes=1), [date(2026, 2, 27), date(2026, 3, 1), date(2026, 3, 3)], [], 3),
        (EVERY_DAY, [date(2028, 2, 28), date(2028, 3, 1)], [], 1),
        (EVERY_DAY, [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)], [], 3),
        (EVERY_DAY, [date(2026, 2, 28), date(2026, 3, 1)], [], 2),
    ],
    ids=[
        "in a row",
        "a gap",
        "over the weekend",
        "a missed Monday",
        "leave",
        "one freeze, one missed",
        "one freeze, two missed",
        "two freezes, two missed",
        "two missed together",
        "three missed together",
        "freezes of two months",
        "freeze and leave",
        "a month's freezes come anew",
        "a missed leap day",
        "a leap day",
        "no leap day",
    ],
)
def test_streak(calendar: Calendar, days: list[date], excused: list[date], streak: int) -> None:
    run = recount(calendar, days, frozenset(excused))
    assert run is not None
    assert run.streak == streak


def test_nothing_gives_no_run() -> None:
    assert recount(EVERY_DAY, []) is None


def test_best_and_total_go_over_everything() -> None:
    run = recount(EVERY_DAY, march(2, 3, 4, 8))
    assert run == Run(start=date(2026, 3, 8), last=date(2026, 3, 8), streak=1, best=3, total=4, missed=3)


@pytest.mark.parametrize(
    ("calendar", "last"),
    [
        (EVERY_DAY, "2026-03-07"),
        (WEEKDAYS, "2026-03-09"),
        (Calendar(freezes=2), "2026-03-09"),
        (Calendar(last=date(2026, 3, 6)), "2026-03-06"),
        (Calendar(freezes=31), "2027-03-07"),
    ],
    ids=["tomorrow", "over the weekend", "two freezes", "to the end of the challenge", "a year at most"],
)
def test_how_long_a_run_of_friday_holds(calendar: Calendar, last: str) -> None:
    run = Run(start=MONDAY, last=date(2026, 3, 6), streak=5)
    assert holds_until(calendar, run).isoformat() == last


def test_freezes_left_follow_the_days_missed() -> None:
    calendar, run = Calendar(freezes=2), Run(start=MONDAY, last=MONDAY)
    left = [freezes_left(calendar, run, MONDAY + n * DAY) for n in range(5)]
    assert left == [2, 2, 1, 0, 0]
    assert freezes_left(calendar, run, date(2026, 4, 1)) == 2


def test_missed_days_come_latest_first() -> None:
    assert missed_days(WEEKDAYS, frozenset(march(4)), frozenset(march(5)), MONDAY, date(2026, 3, 8)) == march(6, 3, 2)


def test_a_settled_past_is_not_counted_again() -> None:
    """Weekends become asked for: what was counted before keeps its weekends off."""
    before = recount(WEEKDAYS, march(5, 6, 9, 10, 11))
    assert before is not None
    after = recount(EVERY_DAY, march(5, 6, 9, 10, 11, 12), base=before)
    assert after is not None
    assert (after.streak, after.total) == (6, 6)


# For any log

calendars = st.builds(
    Calendar,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    freezes=st.integers(0, 3),
)
logs = st.sets(st.integers(0, 100).map(lambda n: date(2027, 12, 1) + timedelta(days=n)), max_size=60)
"""From December 2027 to March 2028: a change of year and a leap day."""


@given(calendars, logs, logs)
def test_step_by_step_is_the_same_as_at_once(calendar: Calendar, days: set[date], excused: set[date]) -> None:
    run = None
    for day in sorted(days):
        run = step(calendar, run, day, excused)
    assert run == recount(calendar, days, excused)


@given(calendars, logs.filter(bool), logs, st.data())
def test_one_more_day_never_makes_a_streak_shorter(
    calendar: Calendar, days: set[date], excused: set[date], data: st.DataObject
) -> None:
    more = data.draw(st.dates(min(days), max(days)))
    before, after = recount(calendar, days, excused), recount(calendar, days | {more}, excused)
    assert before is not None
    assert after is not None
    assert after.streak >= before.streak
    assert after.best >= before.best


@given(calendars, logs.filter(bool), logs, st.data())
def test_one_more_excused_day_never_makes_a_streak_shorter(
    calendar: Calendar, days: set[date], excused: set[date], data: st.DataObject
) -> None:
    more = data.draw(st.dates(min(days), max(days)))
    before, after = recount(calendar, days, excused), recount(calendar, days, excused | {more})
    assert before is not None
    assert after is not None
    assert after.streak >= before.streak


@given(calendars, logs.filter(bool), logs)
def test_a_run_holds_exactly_as_long_as_it_says(calendar: Calendar, days: set[date], excused: set[date]) -> None:
    run = recount(calendar, days, excused)
    assert run is not None
    end = holds_until(calendar, run, excused)
    for day in (end, end + DAY):
        if day > run.last and (end - run.last).days < 366:
            assert step(calendar, run, day, excused).streak == (run.streak + 1 if day == end else 1)


@given(calendars, logs, logs, st.data())
def test_counting_on_from_a_settled_past_gives_the_same(
    calendar: Calendar, days: set[date], excused: set[date], data: st.DataObject
) -> None:
    split = data.draw(st.dates(date(2027, 12, 1), date(2028, 3, 10)))
    base = recount(calendar, {day for day in days if day <= split}, excused)
    assert recount(calendar, days, excused, base) == recount(calendar, days, excused)


@given(calendars, logs.filter(bool), logs)
def test_the_streak_is_the_number_of_days_since_its_start(
    calendar: Calendar, days: set[date], excused: set[date]
) -> None:
    run = recount(calendar, days, excused)
    assert run is not None
    assert run.streak == sum(day >= run.start for day in days)
    assert run.total == len(days)
    assert run.best >= run.streak >= 1

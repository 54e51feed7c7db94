"""Which days a digest is about, and when it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from workflows.digest_options import Digest, as_written, told_at
from workflows.digest_periods import told_on


@pytest.mark.parametrize(
    ("at", "day", "first", "last"),
    [
        ("sun 20:00", date(2026, 3, 29), date(2026, 3, 23), date(2026, 3, 29)),
        ("mon 09:00", date(2026, 3, 30), date(2026, 3, 23), date(2026, 3, 29)),
        ("20:00", date(2026, 3, 29), date(2026, 3, 29), date(2026, 3, 29)),
        ("08:00", date(2026, 3, 29), date(2026, 3, 28), date(2026, 3, 28)),
        ("weekdays 21:00", date(2026, 3, 27), date(2026, 3, 27), date(2026, 3, 27)),
        ("day 1 09:00", date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 28)),
        ("last day 20:00", date(2026, 2, 28), date(2026, 2, 1), date(2026, 2, 28)),
        ("day 15 20:00", date(2026, 3, 15), date(2026, 2, 1), date(2026, 2, 28)),
    ],
    ids=["sunday evening", "monday morning", "evening", "morning", "weekdays", "the first", "the last", "mid-month"],
)
def test_a_digest_is_about_whole_days_that_are_over_or_nearly(at, day, first, last):
    period = told_on(told_at(at), day)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    ("at", "day", "first", "last"),
    [
        ("sun 20:00", date(2026, 3, 29), date(2026, 3, 16), date(2026, 3, 22)),
        ("last day 20:00", date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28)),
        ("last day 20:00", date(2028, 3, 31), date(2028, 2, 1), date(2028, 2, 29)),
    ],
    ids=["the week before", "the month before", "a leap month before"],
)
def test_it_is_compared_with_the_period_before(at, day, first, last):
    before = told_on(told_at(at), day).before
    assert (before.first, before.last) == (first, last)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 167),
        ("Europe/Berlin", date(2026, 10, 25), 169),
        ("Australia/Lord_Howe", date(2026, 10, 4), 167.5),
        ("Asia/Shanghai", date(2026, 3, 29), 168),
    ],
    ids=["spring", "autumn", "half an hour", "no change"],
)
def test_a_week_in_which_the_clocks_change_is_seven_days_all_the_same(zone, day, hours):
    period = told_on(told_at("sun 20:00"), day)
    begins, ends = period.instants(ZoneInfo(zone))
    assert period.days == 7
    assert (ends - begins) / timedelta(hours=1) == hours
    assert begins.astimezone(ZoneInfo(zone)).hour == 0
    assert begins.tzinfo is UTC
    assert isinstance(begins, datetime)


@pytest.mark.parametrize(
    "written", ["sun 20:00", "20:00", "weekdays 20:00", "weekends 09:30", "day 1 09:00", "last day 20:00"]
)
def test_a_time_is_read_and_written_back(written):
    assert as_written(told_at(written)) == written


@pytest.mark.parametrize("written", ["sunday 20:00", "sun", "20", "day 0 09:00", "day 32 09:00", "25:00", 20, None])
def test_what_is_no_time_is_refused_with_the_forms_there_are(written):
    with pytest.raises(ValidationError, match=r"write \"20:00\" for every day|hours and minutes"):
        Digest.model_validate({"at": written, "sections": ["activity"]})

"""When digests are asked for: once for each local day, the newest of those that were missed, and none too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.engine import Engine
from core.memory import MemoryStore
from core.ports import TimerRow
from core.workflow import Bound
from tests.digests.group import OPTIONS, SHANGHAI, SUNDAY, armed, community
from workflows import digests
from workflows.digest_options import Digests

MONDAY = datetime(2026, 3, 23, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    """A group that runs nothing but its digests, and the timers that ring when told to."""

    def __init__(self, zone: ZoneInfo = SHANGHAI, **options: object) -> None:
        self.store = MemoryStore()
        self.set(zone, **options)

    def set(self, zone: ZoneInfo = SHANGHAI, **options: object) -> None:
        """Change the configuration."""
        told = Digests.model_validate({"weekly": {**OPTIONS, **options}})
        self.group = replace(community(zone), runs=(Bound(digests.workflow, told),))
        self.engine = Engine(self.store, {"reading": self.group})

    def arm(self, at: datetime) -> None:
        outcome = self.engine.process(armed(self.group, at))
        assert not outcome.faults, outcome.faults

    @property
    def timers(self) -> list[TimerRow]:
        return list(self.store.timers("reading"))

    def ring(self, at: datetime) -> None:
        """Everything that is due at an instant rings."""
        outcome = self.engine.process([row.due(at) for row in self.timers if row.at <= at])
        assert not outcome.faults, outcome.faults

    @property
    def asked(self) -> list[str]:
        return [task.key for task in self.store.tasks("reading")]

    @property
    def because(self) -> list[str]:
        return [why for row in self.store.audit("reading") for why in row.because]


def test_a_digest_is_asked_for_at_its_time_and_the_next_one_is_set():
    clock = Clock()
    clock.arm(MONDAY)
    assert [row.at for row in clock.timers] == [SUNDAY]
    clock.ring(SUNDAY)
    (task,) = clock.store.tasks("reading")
    assert (task.kind, task.key, task.data) == (
        "digest",
        "weekly:2026-03-29",
        {"digest": "weekly", "day": "2026-03-29"},
    )
    assert task.expires == SUNDAY + timedelta(days=3, hours=12)
    assert [row.at for row in clock.timers] == [SUNDAY + timedelta(days=7)]


def test_setting_the_timers_again_changes_nothing():
    clock = Clock()
    for n in range(3):
        clock.arm(MONDAY + n * HOUR)
    assert [row.at for row in clock.timers] == [SUNDAY]
    assert clock.because == ["the digests' times were set"]


def test_a_ring_that_is_heard_twice_asks_once():
    clock = Clock()
    clock.arm(MONDAY)
    due = [row.due(SUNDAY) for row in clock.timers]
    clock.engine.process(due)
    clock.engine.process(due)
    assert clock.asked == ["weekly:2026-03-29"]


@pytest.mark.parametrize(
    ("late", "asked", "because"),
    [
        (timedelta(days=3), ["weekly:2026-03-29"], "it is time for the digest of 2026-03-29"),
        (timedelta(days=4), [], "late by 96 hours, more than half its period: not told"),
        (timedelta(days=7, hours=1), ["weekly:2026-04-05"], "1 digests were missed; only the newest is told"),
        (timedelta(days=23), ["weekly:2026-04-19"], "3 digests were missed; only the newest is told"),
    ],
    ids=["three days late", "four days late", "a week late", "three weeks late"],
)
def test_of_missed_digests_only_the_newest_is_told_and_none_too_late(late, asked, because):
    clock = Clock()
    clock.arm(MONDAY)
    clock.ring(SUNDAY + late)
    assert clock.asked == asked
    assert because in clock.because
    assert [row.at > SUNDAY + late for row in clock.timers] == [True]


@pytest.mark.parametrize(
    ("zone", "at", "start", "days"),
    [
        ("Europe/Berlin", "02:30", datetime(2026, 3, 28, 12, tzinfo=UTC), ["2026-03-29", "2026-03-30"]),
        ("Europe/Berlin", "02:30", datetime(2026, 10, 24, 12, tzinfo=UTC), ["2026-10-25", "2026-10-26"]),
        ("Australia/Lord_Howe", "01:45", datetime(2026, 4, 4, 0, tzinfo=UTC), ["2026-04-05", "2026-04-06"]),
        ("America/New_York", "01:30", datetime(2026, 10, 31, 12, tzinfo=UTC), ["2026-11-01", "2026-11-02"]),
    ],
    ids=["a time that is skipped", "a time that comes twice", "half an hour twice", "twice in New York"],
)
def test_a_daily_digest_is_told_once_a_day_whatever_the_clocks_do(zone, at, start, days):
    clock = Clock(ZoneInfo(zone), at=at)
    clock.arm(start)
    for minutes in range(0, 48 * 60, 10):
        clock.ring(start + timedelta(minutes=minutes))
    assert clock.asked == [f"weekly:{day}" for day in days]


def test_a_time_that_was_changed_is_not_told_at_the_old_one():
    clock = Clock()
    clock.arm(MONDAY)
    clock.set(at="sun 21:00")
    clock.arm(MONDAY + HOUR)
    assert [row.at for row in clock.timers] == [SUNDAY + HOUR]
    clock.ring(SUNDAY + HOUR)
    assert clock.asked == ["weekly:2026-03-29"]


def test_a_time_that_is_moved_back_on_the_same_day_is_not_told_twice():
    clock = Clock()
    clock.arm(MONDAY)
    clock.ring(SUNDAY)
    clock.set(at="sun 22:00")
    clock.arm(SUNDAY + HOUR)
    clock.ring(SUNDAY + 2 * HOUR)
    assert clock.asked == ["weekly:2026-03-29"]
    assert "the digest of 2026-03-29 was told already" in clock.because


def test_a_digest_that_is_no_more_is_dropped():
    clock = Clock()
    clock.arm(MONDAY)
    clock.set(to=["elsewhere"])
    clock.arm(MONDAY + HOUR)
    assert clock.timers == []


def test_a_group_that_nobody_hears_about_has_no_timer():
    clock = Clock(to=["elsewhere"])
    clock.arm(MONDAY)
    assert clock.timers == []

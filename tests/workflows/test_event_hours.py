"""Events beside quiet hours, whatever their times: announced, and reminded of between that and their beginning."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.engine import Engine
from core.memory import MemoryStore
from core.occurrences import Hours, asleep
from core.ports import TimerRow
from core.workflow import Bound, Group
from jobs.digest.arming import arming
from tests.digests.group import SHANGHAI
from workflows import events
from workflows.catalog import Catalog
from workflows.event_options import Events

MONDAY = datetime(2026, 3, 23, 4, tzinfo=UTC)
"""12:00 in Shanghai."""
DAY = timedelta(days=1)
TEXTS = Catalog.shipped()
halves = st.integers(0, 47).map(lambda n: time(n // 2, 30 * (n % 2)))


class Hall:
    """A group with one event, whose timers ring so much later than they are due."""

    def __init__(self, quiet: Hours, late: timedelta, **written: object) -> None:
        self.store, self.late, self.now = MemoryStore(), late, MONDAY
        options = Events.model_validate({"tea": {"title": "茶会", **written}})
        runs = (Bound(events.workflow, options),)
        self.group = Group(key="g", community="读书会", zone=SHANGHAI, quiet=quiet, texts=TEXTS, runs=runs)
        self.engine = Engine(self.store, {"g": self.group})
        self.engine.process(arming([self.group], self.now))

    def rings(self) -> TimerRow:
        """The next timer rings."""
        row = next(self.store.timers("g"))
        self.now = max(self.now, row.at + self.late)
        outcome = self.engine.process([row.due(self.now)])
        assert not outcome.faults, outcome.faults
        return row

    @property
    def reminders(self) -> list[TimerRow]:
        return [row for row in self.store.timers("g") if row.key.startswith("remind:")]


@pytest.mark.parametrize("late", [timedelta(), timedelta(seconds=0.3)], ids=["replayed", "live"])
@given(
    at=st.builds("{}{:%H:%M}".format, st.sampled_from(("", "fri ")), halves),
    announce=st.integers(2, 60),
    remind=st.sets(st.integers(1, 59), max_size=3),
    quiet=st.builds(Hours, halves, halves),
)
@example(at="fri 06:00", announce=7, remind={2}, quiet=Hours(time(22, 30), time(7)))
def test_whatever_the_hours_are_an_event_is_announced_and_then_reminded_of(late, at, announce, remind, quiet):
    spans = [f"{hours}h" for hours in sorted(remind) if hours < announce]
    hall = Hall(quiet, late, at=at, announce=f"{announce}h", remind=spans)
    announced = 0
    while announced < 3:
        rang = hall.rings()
        if not rang.key.startswith("open:"):
            continue
        announced += 1
        (over,) = (row for row in hall.store.timers("g") if row.key.startswith("over:"))
        for reminder in hall.reminders:
            assert rang.at < reminder.at < over.at
            assert asleep(rang.at, quiet, SHANGHAI) or not asleep(reminder.at, quiet, SHANGHAI)
    said = [row for row in hall.store.audit("g") if any(why.startswith("announced") for why in row.because)]
    assert len(said) == announced


def test_a_reminder_that_falls_on_the_announcement_is_left_out():
    quiet = Hours(time(22, 30), time(7))
    hall = Hall(quiet, timedelta(), at="fri 06:00", announce="7h", remind=["2h"])
    assert f"{hall.group.local(hall.rings().at):%a %H:%M}" == "Thu 22:29"
    assert hall.reminders == []

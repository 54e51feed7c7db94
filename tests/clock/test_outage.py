"""Timers that a scheduler rings for wait while nobody hears what is written in their groups."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.sql.connections import SqlConnections, Stands
from core.events import MessagePosted
from core.people import Account, Actor
from jobs.clock.premises import LOOK_EVERY, Premises
from jobs.clock.tasks import HELD, Timers
from jobs.earshot import LONG
from tests.clock.test_tasks import AGAIN, Ticks

HOME = """\
community:
  name: Tea
  timezone: ZONE
  languages: [en]
  groups: {poets: {telegram: -1001000000000}}
check_ins:
  dawn: {name: Dawn, keywords: [dawn], remind: {at: "HOUR"}}
"""


class Outage:
    """A home with a reminder for those who are missing, and an account whose standing the test writes down."""

    def __init__(self, folder, ticks):
        self.ticks = ticks
        (folder / "communities").mkdir(parents=True)
        now = datetime.now(UTC)
        self.due = (now - timedelta(minutes=5)).replace(second=0, microsecond=0)
        zone = ZoneInfo(f"Etc/GMT{self.due.hour - 12:+d}")  # where it is about noon
        written = HOME.replace("ZONE", zone.key).replace("HOUR", f"{self.due.astimezone(zone):%H:%M}")
        (folder / "communities" / "tea.yaml").write_text(written, encoding="utf-8")
        self.premises = Premises(folder, {}, ticks)
        self.premises.store.set_address("poets", "telegram", "-1001000000000")
        self.look()
        for who in ("wang", "li"):
            self.writes(who, self.due - timedelta(days=1))

    def writes(self, who, at):
        """Somebody checks in, and that is heard now."""
        actor = Actor(account=Account(f"telegram:{who}"), name=who.title())
        id_ = f"{who} {at.isoformat()}"
        posted = MessagePosted(id=id_, at=at, group="poets", actor=actor, message=id_, text="dawn")
        assert not self.premises.current()[0].process([posted]).faults

    def stands(self, how, heard):
        """What whoever serves wrote down of the account, so long after it was heard."""
        at = self.premises.clock.now()
        SqlConnections(self.premises.store.pool).note("main", Stands(None, at - heard, how, at))
        self.look()

    def look(self, times=1):
        for _ in range(times):
            self.ticks.at += LOOK_EVERY
            self.premises.current()

    def rings(self):
        """Rings for what is due now, or will be looked at again in a moment; what was said by then."""
        clock = self.premises.clock
        Timers(self.premises).fire(clock.claim_due(clock.now() + HELD, 100, AGAIN))
        return [str(row.effect) for row in self.premises.store.outbox("poets") if "missing" in str(row.effect)]


@pytest.fixture
def outage(tmp_path):
    ticks = Ticks()
    made = Outage(tmp_path / "home", ticks)
    with closing(made.premises):
        yield made


@pytest.mark.parametrize(
    ("how", "heard"), [("stopped", timedelta()), ("unreachable", timedelta(minutes=6)), ("catching up", timedelta())]
)
def test_who_checked_in_while_nobody_heard_is_not_named(outage, how, heard):
    outage.stands(how, heard)
    for _ in range(3):
        assert outage.rings() == []
    outage.writes("li", outage.due - timedelta(minutes=1))
    outage.stands("running", timedelta())
    (said,) = outage.rings()
    assert "Wang" in said
    assert "Li" not in said


def test_nothing_waits_where_no_process_serves_the_group_at_all(outage):
    (said,) = outage.rings()
    assert "Li" in said


def test_a_timer_that_has_waited_for_as_long_as_that_pays_rings(outage):
    outage.stands("stopped", timedelta())
    assert outage.rings() == []
    outage.ticks.at += LONG.total_seconds()
    outage.look()
    assert outage.rings() == []  # it is not so late yet by the clock, which may have been put right
    (timer,) = outage.premises.store.timers("poets")
    waiting = outage.premises.waiting(timer.at + LONG)
    assert waiting == {"poets": timer.at}

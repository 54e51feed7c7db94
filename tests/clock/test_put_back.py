"""The clock was ahead and was put back: what was promised for years later comes at its next time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.home import load
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from jobs.digest.arming import arming

NOW = datetime(2026, 3, 30, 4, tzinfo=UTC)
"""Monday 12:00 in Shanghai."""
WEEK = timedelta(days=7)
COMMUNITY = """\
version: 1
community: {name: 晨读, timezone: Asia/Shanghai, languages: [zh], groups: {reading: {telegram: -1001}}}
check_ins:
  morning: {keywords: [打卡], points: 5, remind: {at: "20:00"}}
digests:
  weekly: {at: "sun 20:00", sections: [activity], to: [reading]}
content:
  verse: {at: "21:00", text: 早点睡}
events:
  tea: {title: 周五茶会, at: "fri 20:00"}
surveys:
  pulse: {kind: scale, ask: {zh: 好吗？}, at: "wed 20:00", open_for: 1d}
reactivate: {after: 14d, at: "18:00"}
ambassadors:
  koc: {name: {zh: 达人}, discover: "member.helped_30d >= 2", tag: koc}
"""
NEXT = {
    "remind:morning": "Mon 03-30 20:00",
    "weekly": "Sun 04-05 20:00",
    "verse": "Mon 03-30 21:00",
    "open:tea": "Tue 03-31 20:00",
    "ask:pulse": "Wed 04-01 20:00",
    "look": "Mon 03-30 18:00",
    "look:koc": "Mon 04-06 10:00",
}


class Hall:
    """A group with all that happens by the clock."""

    def __init__(self, folder: Path) -> None:
        (folder / "communities").mkdir()
        (folder / "communities" / "a.yaml").write_text(COMMUNITY, encoding="utf-8")
        self.group = load(folder).groups["reading"]
        self.store = MemoryStore()
        self.engine = Engine(self.store, {"reading": self.group})

    def begins(self, at: datetime, *, back: bool = False) -> None:
        outcome = self.engine.process(arming([self.group], at, back=back))
        assert not outcome.faults, outcome.faults

    def writes(self, at: datetime) -> None:
        who = Actor(account=Account("telegram:2"), name="小李")
        said = MessagePosted(id=f"telegram:{at}", at=at, group="reading", actor=who, message="1", text="打卡")
        outcome = self.engine.process([said])
        assert not outcome.faults, outcome.faults

    def timers(self) -> dict[str, str]:
        """By their keys, when they ring in the group."""
        return {row.key: f"{self.group.local(row.at):%a %m-%d %H:%M}" for row in self.store.timers("reading")}

    def first(self) -> datetime:
        return min(row.at for row in self.store.timers("reading"))


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


@pytest.mark.parametrize("ahead", [timedelta(days=3 * 365), timedelta(days=20)], ids=["years", "weeks"])
def test_what_was_promised_while_the_clock_was_ahead_comes_at_its_next_time(hall: Hall, ahead: timedelta) -> None:
    hall.begins(NOW + ahead)
    hall.writes(NOW + ahead)
    assert hall.first() > NOW + 2 * WEEK
    hall.begins(NOW, back=True)
    assert hall.timers() == NEXT


def test_another_start_alone_leaves_what_stands(hall: Hall) -> None:
    hall.begins(NOW + 3 * WEEK)
    hall.writes(NOW + 3 * WEEK)
    before = hall.timers()
    hall.begins(NOW)
    assert hall.timers() == before


def test_where_nothing_strayed_nothing_is_moved(hall: Hall) -> None:
    hall.begins(NOW)
    hall.writes(NOW)
    assert hall.timers() == NEXT
    hall.begins(NOW, back=True)
    assert hall.timers() == NEXT


def test_what_was_done_today_is_not_done_again_after_a_moment_back(hall: Hall) -> None:
    hall.begins(NOW)
    hall.writes(NOW)
    evening = NOW + timedelta(hours=9, minutes=30)
    outcome = hall.engine.replay([], until=evening)
    assert not outcome.faults
    before, said = hall.timers(), len(list(hall.store.outbox("reading")))
    hall.begins(evening, back=True)
    assert hall.timers() == before
    assert len(list(hall.store.outbox("reading"))) == said

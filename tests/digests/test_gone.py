"""A timer by the clock that is gone: cancelled by an operator, or spent on a crash. The next ones come all the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import SqlStore, open_store
from adapters.sql.backlog import Backlog
from core.decision import Decision
from core.effects import Say, plain
from core.engine import Engine
from core.events import Event, MessagePosted
from core.people import Account, Actor
from core.workflow import Bound, Group, View, Workflow
from jobs.digest.arming import arming
from tests.digests.group import SHANGHAI
from tests.support.databases import new_sqlite
from workflows import content, digests, events
from workflows.catalog import Catalog

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
WEEK = 7 * DAY
MONDAY = datetime(2026, 3, 23, 4, tzinfo=UTC)
"""12:00 in Shanghai."""
FRIDAY = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""20:00 in Shanghai."""


@dataclass(frozen=True)
class Kind:
    """Something that happens each Friday at eight: its workflow, options, timer, and how early the timer rings."""

    workflow: Workflow[Any]
    written: dict[str, Any]
    key: str
    early: timedelta = timedelta()

    def rings(self, week: int) -> datetime:
        return FRIDAY + week * WEEK - self.early


KINDS = {
    "digest": Kind(digests.workflow, {"weekly": {"at": "fri 20:00", "sections": ["activity"], "to": ["g"]}}, "weekly"),
    "post": Kind(content.workflow, {"content": {"tea": {"at": "20:00", "days": ["fri"], "text": "茶"}}}, "tea"),
    "event": Kind(
        events.workflow,
        {"tea": {"title": "茶会", "at": "fri 20:00", "announce": "2d", "remind": []}},
        "open:tea",
        2 * DAY,
    ),
}


class House:
    """A group that runs one workflow, whose timers ring when they are due, and whose clock is started now and then."""

    def __init__(self, store: SqlStore, kind: Kind) -> None:
        self.store, self.kind, self.now = store, kind, MONDAY
        self.use(kind.workflow, kind.written)

    def use(self, workflow: Workflow[Any], written: dict[str, Any]) -> None:
        options = workflow.options.model_validate(written)
        self.group = Group(
            key="g", community="读书会", zone=SHANGHAI, texts=Catalog.shipped(), runs=(Bound(workflow, options),)
        )
        self.engine = Engine(self.store, {"g": self.group})

    def starts(self) -> None:
        self.now += timedelta(microseconds=1)
        assert not self.engine.process(arming([self.group], self.now)).faults

    def goes_to(self, at: datetime) -> None:
        """Every timer on the way rings; the clock is started again each six hours."""
        while self.now < at:
            self.now = min(at, self.now + 6 * HOUR)
            self.engine.replay([], until=self.now)
            self.starts()

    def cancels(self) -> None:
        assert Backlog(self.store).cancel(f"g/{self.kind.workflow.name}/{self.kind.key}") is None

    def says(self, text: str) -> None:
        member = Actor(account=Account("telegram:1"), name="Ada")
        said = MessagePosted(id="telegram:1", at=self.now, group="g", actor=member, message="1", text=text)
        assert not self.engine.process([said]).faults

    @property
    def heard(self) -> str:
        """The last words of the assistant."""
        *_, row = self.store.outbox("g")
        assert isinstance(row.effect, Say)
        return plain(row.effect.words)

    def crashes(self, at: datetime) -> None:
        """The workflow crashes on whatever is due by then, and never again."""
        written, self.now = self.kind.written, at
        self.use(replace(self.kind.workflow, decide=_crash), written)
        assert self.engine.replay([], until=at).faults
        self.use(self.kind.workflow, written)

    @property
    def due(self) -> list[datetime]:
        return [row.at for row in self.store.timers("g") if row.key == self.kind.key]

    @property
    def told(self) -> list[datetime]:
        """When something was told, by the clock of the timer."""
        done = ("it is time for", "announced the event")
        return [row.at for row in self.store.audit("g") if any(why.startswith(done) for why in row.because)]


def _crash(event: Event, options: Any, view: View) -> Decision:
    raise RuntimeError("a bug")


@pytest.fixture(params=list(KINDS))
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = open_store(new_sqlite(tmp_path / "gone.sqlite3"), durable=False)
    made = House(store, KINDS[request.param])
    made.starts()
    yield made
    store.close()


def test_what_stands_is_left_however_often_the_clock_is_started(house: House) -> None:
    house.goes_to(MONDAY + DAY)
    assert house.due == [house.kind.rings(0)]
    assert len(list(house.store.audit("g"))) == 1


def test_what_an_operator_cancels_is_left_out_once(house: House) -> None:
    house.cancels()
    house.starts()
    assert house.due == [house.kind.rings(1)]
    house.goes_to(house.kind.rings(2))
    assert house.told == [house.kind.rings(1), house.kind.rings(2)]


def test_two_cancelled_one_after_the_other_are_two_left_out(house: House) -> None:
    for _ in range(2):
        house.cancels()
        house.starts()
    house.goes_to(house.kind.rings(2))
    assert house.told == [house.kind.rings(2)]


def test_what_was_cancelled_and_passed_is_not_told_late(house: House) -> None:
    house.cancels()
    house.now = FRIDAY + HOUR
    house.starts()
    assert house.due == [house.kind.rings(1)]
    assert house.told == []


def test_after_a_crash_the_next_one_comes(house: House) -> None:
    house.crashes(house.kind.rings(0))
    assert house.due == []
    house.goes_to(house.kind.rings(2))
    assert house.told == [house.kind.rings(1), house.kind.rings(2)]


def test_what_is_due_and_was_not_rung_for_yet_is_left_to_ring(house: House) -> None:
    house.now = house.kind.rings(0) + HOUR
    house.starts()
    assert house.due == [house.kind.rings(0)]
    house.engine.process([row.due(house.now) for row in house.store.timers("g")])
    assert house.told == [house.now]


def test_a_time_that_was_changed_counts_though_the_timer_is_gone(house: House) -> None:
    house.cancels()
    written = json.dumps(house.kind.written).replace("20:00", "21:00")
    house.use(house.kind.workflow, json.loads(written))
    house.starts()
    assert house.due == [house.kind.rings(0) + HOUR]


def _opened(tmp_path: Path) -> House:
    house = House(open_store(new_sqlite(tmp_path / "open.sqlite3"), durable=False), KINDS["event"])
    house.starts()
    house.goes_to(house.kind.rings(0) + HOUR)
    return house


@pytest.mark.parametrize(
    "loses", [lambda house: Backlog(house.store).cancel("g/events/over:tea"), lambda house: house.crashes(FRIDAY)]
)
def test_an_event_that_was_announced_ends_and_comes_again(tmp_path: Path, loses: Callable[[House], object]) -> None:
    house = _opened(tmp_path)
    loses(house)
    house.goes_to(house.kind.rings(1))
    assert house.told == [house.kind.rings(0), house.kind.rings(1)]
    house.store.close()


ONCE = Kind(
    events.workflow,
    {"tea": {"title": "茶会", "at": "2026-03-27 20:00", "announce": "2d", "remind": []}},
    "open:tea",
    2 * DAY,
)


@pytest.fixture
def once(tmp_path: Path) -> Iterator[House]:
    made = House(open_store(new_sqlite(tmp_path / "once.sqlite3"), durable=False), ONCE)
    made.starts()
    yield made
    made.store.close()


def test_an_event_of_one_day_that_an_operator_cancels_stays_so(once: House) -> None:
    assert once.due == [once.kind.rings(0)]
    once.cancels()
    once.goes_to(once.kind.rings(1))
    assert (once.due, once.told) == ([], [])


def test_an_event_of_one_day_that_was_cancelled_is_not_listed(once: House) -> None:
    once.cancels()
    once.starts()
    once.says("/events")
    assert "茶会" not in once.heard


def test_an_event_of_one_day_that_was_cancelled_and_moved_is_announced(once: House) -> None:
    once.cancels()
    once.starts()
    once.use(events.workflow, json.loads(json.dumps(ONCE.written).replace("03-27", "03-28")))
    once.goes_to(FRIDAY + WEEK)
    assert once.told == [once.kind.rings(0) + DAY]


def test_an_event_of_one_day_is_announced_after_a_crash(once: House) -> None:
    once.crashes(once.kind.rings(0))
    once.goes_to(FRIDAY + WEEK)
    assert len(once.told) == 1
    assert once.told[0] - once.kind.rings(0) < DAY

"""A workflow that a record and a balance keep still is passed over until one of them moves."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import open_store
from core import state
from core.decision import NOTHING, Decision, Post, Put
from core.engine import Engine
from core.events import MessagePosted
from core.follow_ups import PointsChanged
from core.memory import MemoryStore, MemoryUnit
from core.people import Account, Actor
from core.state import POINTS, Slot, balance
from core.workflow import Bound, Group, Unmoved, Workflow
from tests.support.databases import new_sqlite

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
WANG = Actor(account=Account("telegram:1"), name="小王")
LI = Actor(account=Account("telegram:2"), name="Li")


@dataclass(frozen=True, slots=True)
class Mark:
    next: int


MARK = Slot("tests.mark", Mark)
ASKED: list[str] = []


def _pays(event, options, view):
    if not event.text.isdigit():
        return NOTHING
    post = Post(kind=POINTS, member=event.actor.account, amount=int(event.text), rule="pay", reason="pay")
    return Decision(changes=(post,))


def _keys(event, options):
    return (MARK.of(event.actor.account), balance(POINTS, event.actor.account))


def _climbs(event, options, view):
    mark, points = (view.get(key) for key in _keys(event, options))
    ASKED.append(f"{event.actor.name}: {points} of {mark.next if mark is not None else None}")
    return Decision(changes=(Put(MARK.of(event.actor.account), Mark((points // 10 + 1) * 10)),))


def _stays(at, options, group, mark, points):
    return mark is not None and points < mark.next


HEARS = frozenset((PointsChanged,))
PAYS = Workflow("pays", dict, frozenset((MessagePosted,)), lambda event, options: (), _pays, awards=True)
CLIMBS = Workflow("climbs", dict, HEARS, _keys, _climbs, weighs={PointsChanged: Unmoved(MARK, POINTS, _stays)})


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path: Path):
    ASKED.clear()
    with closing(MemoryStore() if request.param == "memory" else open_store(new_sqlite(tmp_path / "x.db"))) as made:
        yield made


def engine(store, *more: Workflow[Any], climbs: Workflow[Any] = CLIMBS) -> Engine:
    runs = (Bound(PAYS, {}), *(Bound(one, {}) for one in more), Bound(climbs, {}))
    return Engine(store, {"g": Group(key="g", runs=runs)})


def paid(n: int, actor: Actor, text: str) -> MessagePosted:
    at = START + timedelta(seconds=n)
    return MessagePosted(id=f"telegram:{n}", at=at, group="g", actor=actor, message=str(n), text=text)


def test_who_has_no_record_is_asked_about(store):
    engine(store).process([paid(1, WANG, "3"), paid(2, LI, "thanks")])
    assert ASKED == ["小王: 3 of None"]


def test_while_both_keep_still_nobody_is_asked_and_then_they_are(store):
    host = engine(store)
    host.process([paid(1, WANG, "3"), paid(2, LI, "3")])
    host.process([paid(3, WANG, "4"), paid(4, LI, "6")])
    host.process([paid(5, WANG, "1"), paid(6, LI, "25")])
    assert ASKED == ["小王: 3 of None", "Li: 3 of None", "Li: 34 of 10"]


def test_what_came_earlier_in_the_batch_counts(store):
    engine(store).process([paid(1, WANG, "3"), paid(2, WANG, "6"), paid(3, WANG, "1"), paid(4, WANG, "9")])
    assert ASKED == ["小王: 3 of None", "小王: 10 of 10"]


def test_what_one_workflow_decides_about_points_moves_those_after_it(store):
    """Who is weighed is weighed when their turn has come, not before anybody has decided."""

    def doubles(event, options, view):
        if not event.amount % 2:
            return NOTHING
        return Decision(changes=(Post(kind=POINTS, member=event.actor.account, amount=6, rule="more", reason="more"),))

    more = Workflow("doubles", dict, HEARS, lambda event, options: (), doubles)
    host = engine(store, more)
    host.process([paid(1, WANG, "2")])
    assert ASKED == ["小王: 2 of None"]
    host.process([paid(2, WANG, "3")])
    assert ASKED[1:] == ["小王: 11 of 10"]


def test_points_are_weighed_when_what_came_before_them_was_decided(store):
    """Two gains of one decision: the first moves the record, and that keeps the second still."""

    def pays_both(event, options, view):
        posts = (
            Post(kind=POINTS, member=account, amount=12, rule="pay", reason="pay")
            for account in (event.actor.account, LI.account)
        )
        return Decision(changes=tuple(posts))

    def lifts(event, options, view):
        mark = MARK.of(LI.account)
        return Decision(changes=(Put(mark, Mark(99)),)) if event.actor.account == WANG.account else NOTHING

    both = Workflow("both", dict, frozenset((MessagePosted,)), lambda event, options: (), pays_both, awards=True)
    lift = Workflow("lifts", dict, HEARS, lambda event, options: (MARK.of(LI.account),), lifts)
    groups = {"g": Group(key="g", runs=(Bound(both, {}), Bound(lift, {}), Bound(CLIMBS, {})))}
    Engine(store, groups).process([paid(1, LI, "hello")])
    ASKED.clear()
    Engine(store, groups).process([paid(2, WANG, "hello")])
    assert ASKED == ["小王: 12 of None"]


def test_what_is_looked_at_of_those_who_may_be_moved_is_read_for_all_at_once(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []
    days = MemoryUnit.days

    def watched(unit: MemoryUnit, wanted: Any) -> Any:
        asked.append(len(wanted))
        return days(unit, wanted)

    def looks(event, options):
        return (*_keys(event, options), state.days(event.actor.account, START.date()))

    def climbs(event, options, view):
        view.get(looks(event, options)[-1])
        return _climbs(event, options, view)

    monkeypatch.setattr(MemoryUnit, "days", watched)
    many = [Actor(account=Account(f"telegram:{n}"), name=f"{n}") for n in range(10)]
    unmoved = Unmoved(MARK, POINTS, _stays)
    host = engine(MemoryStore(), climbs=Workflow("climbs", dict, HEARS, looks, climbs, weighs={PointsChanged: unmoved}))
    host.process([paid(n, one, "3") for n, one in enumerate(many)])
    assert asked == [10], "of nobody is it known that they stay"
    asked.clear()
    host.process([paid(20 + n, one, "4") for n, one in enumerate(many)])
    assert not asked, "everybody stays"
    host.process([paid(40 + n, one, "25") for n, one in enumerate(many)])
    assert asked == [1] * 10, "nobody could know before how much they would gain"


def test_where_no_balance_matters_a_record_alone_keeps_still(store):
    """And no sum is read for it."""

    def stays(at, options, group, mark, amount):
        assert amount == 0
        return mark is None or mark.next > 10

    once = Unmoved(MARK, "", stays)
    host = engine(store, climbs=Workflow("climbs", dict, HEARS, _keys, _climbs, weighs={PointsChanged: once}))
    host.process([paid(1, WANG, "3")])
    assert not ASKED, "there is no record"
    engine(store).process([paid(2, WANG, "2")])
    host.process([paid(3, WANG, "7"), paid(4, WANG, "8")])
    assert ASKED == ["小王: 5 of None", "小王: 12 of 10"], "at twenty it keeps still again"


@pytest.mark.parametrize("together", [True, False])
def test_a_look_or_keys_that_crash_are_a_fault_of_the_workflow(store, together: bool):
    def broken(*asked):
        raise ValueError("cannot say")

    unmoved = Unmoved(MARK, POINTS, broken if together else _stays)
    keys = _keys if together else broken
    host = engine(store, climbs=Workflow("broken", dict, HEARS, keys, _climbs, weighs={PointsChanged: unmoved}))
    outcome = host.process([paid(1, WANG, "3")])
    assert [(fault.event, fault.workflow) for fault in outcome.faults] == [("telegram:1>1", "broken")]
    assert ASKED == []

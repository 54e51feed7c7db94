"""Digests as tasks: told once whatever dies, and in every place that hears of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import SqlStore
from adapters.sql.tasks import MOST_ATTEMPTS, SqlTasks
from core.effects import Say, TellAdmins, plain
from core.engine import Engine
from core.events import MessagePosted, Unreached
from core.people import Account
from core.ports import TaskRow, Writes
from core.workflow import Bound, Group
from jobs.digest import build
from jobs.digest.arming import arming
from jobs.digest.build import Draw
from jobs.digest.task import Tasks
from jobs.holding import LEASE
from tests.digests.group import SUNDAY, Week, community, pauses, person
from tests.support.patience import until
from workflows import reach

REACH = Bound(reach.workflow, reach.Reach())
DUE = SUNDAY - timedelta(days=6)


@dataclass
class Premises:
    home: Path
    store: SqlStore
    groups: dict[str, Group]


class Stand:
    """A store with a group, its digest due, and a clock that is moved by hand."""

    def __init__(self, store: SqlStore, home: Path, draw: Draw | None = None, **options: Any) -> None:
        self.store, self.now = store, SUNDAY
        group = community(**options)
        self.premises = Premises(home, store, {group.key: group})
        draw = draw or (lambda chart, language: b"PNG " + language.encode())
        self.tasks = Tasks(self.premises, draw, lambda: self.now)

    @property
    def group(self) -> Group:
        return self.premises.groups["reading"]

    def due(self) -> None:
        """The digest's time has come."""
        engine = Engine(self.store, self.premises.groups)
        assert not engine.process(arming(self.premises.groups.values(), DUE)).faults
        rows = [row for row in self.store.timers("reading") if row.workflow == "digests"]
        assert not engine.process([row.due(self.now) for row in rows]).faults

    @property
    def sent(self) -> list[Any]:
        return [
            row for row in self.store.outbox("reading") if row.workflow == "digests" and row.id.startswith("digest:")
        ]

    @property
    def because(self) -> list[str]:
        return [why for row in self.store.audit("reading") for why in row.because]


@pytest.fixture
def stand(every_store, tmp_path):
    return Stand(every_store, tmp_path)


def test_a_digest_goes_to_its_group_with_what_a_courier_needs(stand):
    stand.due()
    assert stand.tasks.waiting() == 1
    assert stand.tasks.run() == 1
    (row,) = stand.sent
    assert row.id == "digest:reading:weekly:2026-03-29/group@telegram"
    assert isinstance(row.effect, Say)
    assert (row.effect.urgency, row.effect.expires) == ("bulk", SUNDAY + timedelta(days=3, hours=12))
    assert plain(row.effect.words).startswith("📅 「晨读营」周报 · 3月23日—29日")
    assert stand.tasks.waiting() == 0
    assert "the digest of 2026-03-23 to 2026-03-29, for group" in stand.because


def test_asking_and_running_again_tells_nothing_twice(stand):
    stand.due()
    for _ in range(3):
        stand.tasks.run()
        unit = stand.store.unit()
        with unit as opened:
            opened.save(Writes(tasks=[TaskRow("reading", "digest", "weekly:2026-03-29", SUNDAY, None, {})]))
            opened.commit()
    assert len(stand.sent) == 1


def test_the_chart_goes_with_it(every_store, tmp_path):
    stand = Stand(every_store, tmp_path, chart="check_ins_by_day", topic="7")
    stand.due()
    stand.tasks.run()
    assert [(row.effect.picture, row.effect.topic) for row in stand.sent] == [(b"PNG zh", "7")]


def test_who_dies_half_way_leaves_the_task_to_the_next(stand):
    stand.due()
    books = SqlTasks(stand.store)
    (dead,) = books.claim("digest", stand.now, LEASE)
    assert stand.tasks.run() == 0
    stand.now += LEASE
    assert stand.tasks.run() == 1
    assert not books.finish(dead, "late", Writes())
    assert len(stand.sent) == 1


def test_what_somebody_had_in_hand_who_is_known_to_be_dead_is_free_at_once(stand):
    stand.due()
    dead, alive = SqlTasks(stand.store, "dead"), SqlTasks(stand.store, "alive")
    (lost,) = dead.claim("digest", stand.now, LEASE)
    assert alive.free(stand.now, {"somebody else"}.__contains__) == 0
    assert alive.free(stand.now, {"dead"}.__contains__) == 1
    assert not dead.finish(alive.claim("digest", stand.now, LEASE)[0]._replace(attempt=1), "late", Writes())
    assert lost.attempt == 1
    assert alive.free(stand.now, {"dead"}.__contains__) == 0


def test_a_claimant_that_was_slow_writes_nothing(stand):
    stand.due()
    books = SqlTasks(stand.store)
    (slow,) = books.claim("digest", stand.now, LEASE)
    (quick,) = books.claim("digest", stand.now + LEASE, LEASE)
    assert (slow.attempt, quick.attempt) == (1, 2)
    assert not books.finish(slow, "x", Writes())
    assert books.finish(quick, "y", Writes())
    assert [(one.state, one.outcome) for one in books.told("done", 5)] == [("done", "y")]


def test_a_claimant_that_takes_long_keeps_its_task_as_long_as_it_lives(every_store, tmp_path):
    held = threading.Event()

    def slowly(chart, language):
        stand.now += LEASE
        until(lambda: not books.waiting("digest", stand.now))
        held.set()
        return b"PNG"

    stand = Stand(every_store, tmp_path, draw=slowly, chart="check_ins_by_day")
    stand.tasks = Tasks(stand.premises, slowly, lambda: stand.now, beat=0.01)
    books = SqlTasks(stand.store)
    stand.due()
    assert stand.tasks.run() == 1
    assert held.is_set()
    assert [one.attempts for one in books.told("done", 5)] == [1]
    assert [thread.name for thread in threading.enumerate() if thread.name == "lease"] == []


def test_only_the_latest_claimant_prolongs_a_task_and_none_that_is_over(stand):
    stand.due()
    books = SqlTasks(stand.store)
    (slow,) = books.claim("digest", stand.now, LEASE)
    (quick,) = books.claim("digest", stand.now + LEASE, LEASE)
    assert not books.prolong(slow, stand.now + LEASE)
    assert books.prolong(quick, stand.now + LEASE)
    assert books.finish(quick, "told", Writes())
    assert not books.prolong(quick, stand.now + LEASE)


def test_a_digest_that_fails_is_tried_again_and_not_for_ever(every_store, tmp_path, caplog):
    def broken(chart, language):
        raise RuntimeError("no ink")

    stand = Stand(every_store, tmp_path, draw=broken, chart="check_ins_by_day")
    stand.due()
    for _ in range(MOST_ATTEMPTS + 2):
        assert stand.tasks.run() == 0
        stand.now += timedelta(minutes=6)
    assert stand.sent == []
    (given_up,) = SqlTasks(stand.store).told("dead", 5)
    assert (given_up.attempts, given_up.outcome) == (MOST_ATTEMPTS, "failed 5 times: RuntimeError: no ink")
    assert given_up.outcome in stand.because
    assert [record.message for record in caplog.records if "given up" in record.message] == [
        "the digest weekly:2026-03-29 of reading is given up: failed 5 times: RuntimeError: no ink"
    ]
    assert SqlTasks(stand.store).watched() == {"dead": 1}


def test_a_digest_that_everybody_dies_of_is_given_up_with_what_was_known_and_others_go_on(stand, caplog):
    stand.due()
    books = SqlTasks(stand.store)
    (first,) = books.claim("digest", stand.now, LEASE)
    books.put_back(first, "RuntimeError: no ink", stand.now)
    for _ in range(MOST_ATTEMPTS - 1):
        assert books.claim("digest", stand.now, LEASE)
        stand.now += LEASE
    earlier = {"digest": "weekly", "day": "2026-03-22"}
    with stand.store.unit() as unit:
        unit.lock(["reading"])
        unit.save(Writes(tasks=[TaskRow("reading", "digest", "weekly:2026-03-22", stand.now, None, earlier)]))
        unit.commit()
    assert stand.tasks.run(most=1) == 1
    (given_up,) = books.told("dead", 5)
    assert given_up.outcome == "begun 5 times and never finished: RuntimeError: no ink"
    assert given_up.outcome in stand.because
    assert [one.key for one in books.told("done", 5)] == ["weekly:2026-03-22"]
    assert "is given up: begun 5 times" in caplog.text


def test_a_task_that_waited_too_long_is_dropped_with_a_reason(stand):
    stand.due()
    stand.now += timedelta(days=4)
    assert stand.tasks.run() == 0
    assert stand.sent == []
    assert "late by more than half its period: not told" in stand.because


def test_a_digest_that_is_no_more_is_dropped(stand):
    stand.due()
    stand.premises.groups = {"reading": replace(stand.group, runs=())}
    assert stand.tasks.run() == 0
    assert "there is no such digest any more" in stand.because


def test_admins_without_a_group_of_their_own_hear_in_private(every_store, tmp_path):
    stand = Stand(every_store, tmp_path, to=["admins"])
    stand.due()
    stand.tasks.run()
    (row,) = stand.sent
    assert isinstance(row.effect, TellAdmins)
    assert (row.id, row.group) == ("digest:reading:weekly:2026-03-29/admins@telegram", "reading")


@pytest.mark.parametrize(("to", "whom"), [(["reading"], []), (["reading", "subscribers", "admins"], ["admins"])])
def test_while_the_group_is_paused_only_its_admins_are_told(every_store, tmp_path, to, whom):
    stand = Stand(every_store, tmp_path, to=to)
    pauses(stand.store, DUE)
    stand.due()
    stand.tasks.run()
    assert [row.id for row in stand.sent] == [f"digest:reading:weekly:2026-03-29/{each}@telegram" for each in whom]
    assert ("the group is paused: not told" in stand.because) == (not whom)


def test_the_admins_group_hears_about_every_group(every_store, tmp_path):
    stand = Stand(every_store, tmp_path, to=["admins"])
    desk = Group(key="desk", platforms=("telegram",))
    stand.premises.groups = {"reading": replace(stand.group, desk="desk"), "desk": desk}
    stand.due()
    stand.tasks.run()
    (row,) = stand.store.outbox("desk")
    assert isinstance(row.effect, Say)
    assert row.id == "digest:reading:weekly:2026-03-29/admins@telegram"
    assert list(stand.sent) == []


def test_subscribers_have_it_in_private_and_nobody_else(every_store, tmp_path):
    stand = Stand(every_store, tmp_path, to=["subscribers"])
    week = Week(stand.store, stand.group)
    week.said(person(2), 24, "订阅周报")
    week.said(person(3), 24, "订阅周报")
    week.said(person(3), 25, "退订周报")
    week.said(person(4), 25, "今天读完了")
    week.happens(SUNDAY - timedelta(hours=1))
    stand.due()
    stand.tasks.run()
    (row,) = stand.sent
    assert isinstance(row.effect, Say)
    assert (row.effect.to, row.effect.confidential) == ("telegram:2", True)


def test_many_subscribers_are_told_slice_by_slice_and_each_once(every_store, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "SLICE", 2)
    stand = Stand(every_store, tmp_path, to=["reading", "subscribers"])
    week = Week(stand.store, stand.group)
    for n in range(2, 9):
        week.said(person(n), 24, "订阅周报")
    week.happens(SUNDAY - timedelta(hours=1))
    blocked = Unreached(id="telegram:x", at=SUNDAY, group="reading", member=Account("telegram:4"))
    engine = Engine(stand.store, {"reading": replace(stand.group, runs=(*stand.group.runs, REACH))})
    assert not engine.process([blocked]).faults
    stand.due()
    assert stand.tasks.run(most=1) == 1
    assert [getattr(row.effect, "to", None) for row in stand.sent] == [None, "telegram:2", "telegram:3"]
    assert "left out 1 who cannot be written to in private" in stand.because
    for _ in range(3):
        stand.tasks.run()
    assert sorted(row.effect.to for row in stand.sent if row.effect.to) == [f"telegram:{n}" for n in (2, 3, 5, 6, 7, 8)]
    assert len(SqlTasks(stand.store).told("done", 9)) == 3
    stand.tasks.run()
    assert len(stand.sent) == 7


@pytest.mark.parametrize(
    ("to", "private", "said"),
    [
        (["subscribers"], True, "好的，之后的摘要会私聊发给你。不想要了就说「退订周报」。"),
        (["reading"], False, "「晨读营」没有开放私聊订阅摘要。"),
    ],
    ids=["offered", "not offered"],
)
def test_a_wish_is_answered_where_it_was_said(store, to, private, said):
    group = community(to=to)
    engine = Engine(store, {"reading": group})
    wish = MessagePosted(
        id="telegram:w", at=SUNDAY, group="reading", actor=person(2), message="5", text="/digest on", private=private
    )
    wish = replace(wish, text="订阅周报")
    assert not engine.process([wish]).faults
    (row,) = [row for row in store.outbox("reading") if row.workflow == "digests"]
    assert plain(row.effect.words) == said
    assert row.effect.to == ("telegram:2" if private else None)

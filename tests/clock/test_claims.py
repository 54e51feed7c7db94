"""Claiming due timers: each by one scheduler, again after a while, never before they are due."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from adapters.sql import open_store
from adapters.sql.clock import CLAIM, SqlClock
from tests.clock.timers import NOON, SECOND, set_timers, timer

AGAIN = 10 * SECOND


def keys(found):
    return [due.key for due in found]


def test_a_timer_is_claimed_when_it_is_due_and_not_a_microsecond_before(store):
    set_timers(store, [timer()])
    clock = SqlClock(store)
    assert clock.next_ring() == NOON
    assert clock.claim_due(NOON - timedelta(microseconds=1), 10, AGAIN) == []
    assert keys(clock.claim_due(NOON, 10, AGAIN)) == ["remind"]


def test_a_claimed_timer_still_stands_and_is_claimed_again_after_a_while(store):
    set_timers(store, [timer()])
    clock = SqlClock(store)
    first = clock.claim_due(NOON, 10, AGAIN)
    assert clock.claim_due(NOON + 9 * SECOND, 10, AGAIN) == []
    again = clock.claim_due(NOON + AGAIN, 10, AGAIN)
    assert [due.rings for due in (*first, *again)] == [1, 2]
    assert clock.standing(first) == [timer()]


def test_the_oldest_are_claimed_first_and_the_limit_holds(store):
    set_timers(store, [timer(key=f"k{n}", at=NOON - n * SECOND) for n in range(7)])
    clock = SqlClock(store)
    assert keys(clock.claim_due(NOON, 4, AGAIN)) == ["k6", "k5", "k4", "k3"]
    assert keys(clock.claim_due(NOON, 4, AGAIN)) == ["k2", "k1", "k0"]
    assert clock.next_ring() == NOON + AGAIN


def test_a_timer_that_was_spent_or_set_anew_does_not_stand_any_more(store):
    set_timers(store, [timer(key="spent"), timer(key="moved"), timer(key="again")])
    clock = SqlClock(store)
    rung = clock.claim_due(NOON, 10, AGAIN)
    set_timers(store, [timer(key="moved", at=NOON + SECOND), timer(key="again", ring="r2")], [timer(key="spent")])
    assert clock.standing(rung) == []


def test_a_timer_that_is_set_anew_rings_for_its_new_moment(store):
    set_timers(store, [timer()])
    clock = SqlClock(store)
    clock.claim_due(NOON, 10, AGAIN)
    set_timers(store, [timer(at=NOON + SECOND, ring="r2")])
    assert [(due.rings, due.at) for due in clock.claim_due(NOON + SECOND, 10, AGAIN)] == [(1, NOON + SECOND)]


def test_a_timer_can_be_put_off_and_stays_due(store):
    set_timers(store, [timer()])
    clock = SqlClock(store)
    rung = clock.claim_due(NOON, 10, AGAIN)
    clock.put_off(rung, NOON + timedelta(hours=1))
    assert clock.claim_due(NOON + timedelta(minutes=59), 10, AGAIN) == []
    assert [due.rings for due in clock.claim_due(NOON + timedelta(hours=1), 10, AGAIN)] == [1]
    assert list(store.timers("poets")) == [timer()]


def test_schedulers_that_claim_at_once_never_get_the_same_timer(store):
    set_timers(store, [timer(group=f"g{n % 40}", key=f"k{n}") for n in range(600)])
    clock = SqlClock(store)

    def all_there_is(_):
        found = []
        while some := clock.claim_due(NOON, 25, AGAIN):
            found += some
        return found

    with ThreadPoolExecutor(4) as threads:
        claimed = [due for found in threads.map(all_there_is, range(4)) for due in found]
    # One that finds only rows that others are just claiming comes away empty-handed: they are claimed next time.
    claimed += all_there_is(0)
    assert sorted(keys(claimed)) == sorted(f"k{n}" for n in range(600))


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_a_claim_does_not_wait_for_one_that_is_not_committed(store):
    set_timers(store, [timer(key="a"), timer(key="b")])
    clock = SqlClock(store)
    with store.unit() as unit:
        unit.session.ask("SELECT 1 FROM timers WHERE key = 'a' FOR UPDATE")
        assert keys(clock.claim_due(NOON, 10, AGAIN)) == ["b"]


def test_the_instant_is_that_of_the_store(store):
    before = datetime.now(UTC)
    assert abs(SqlClock(store).now() - before) < timedelta(seconds=30)


def test_claiming_looks_at_what_is_due_and_at_nothing_else(tmp_path):
    with closing(open_store(f"sqlite:///{tmp_path / 'x.db'}")):
        connection = sqlite3.connect(tmp_path / "x.db")
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {CLAIM}", (1, 1, 1))]
        connection.close()
    assert not [step for step in plan if step.startswith("SCAN timers")]
    assert any("timers_ring_at (ring_at<?)" in step for step in plan)

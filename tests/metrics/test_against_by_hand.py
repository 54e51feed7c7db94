"""The numbers of a made-up history are those of a count by hand, in every store."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from adapters.sql import SqlStore, open_store
from core.memory import MemoryStore
from core.memory_reckoning import MemoryReckoning
from core.memory_turnout import MemoryTurnout
from jobs.metrics.figures import LEAST, Metrics, measured
from jobs.metrics.period import days_of
from tests.metrics import by_hand
from tests.metrics.history import BERLIN, DAYS, FIRST, group, happens, lived, made

SEEDS = {"memory": range(12), "sqlite": range(12), "postgres": range(3)}
EVERY = [(kind, seed) for kind, seeds in SEEDS.items() for seed in seeds]


def told(store: MemoryStore | SqlStore, first: date, last: date) -> Metrics:
    length = last - first + timedelta(days=1)
    now, before = days_of(first, last, BERLIN), days_of(first - length, first - timedelta(days=1), BERLIN)
    if isinstance(store, MemoryStore):
        return measured(group(), now, before, MemoryTurnout(store), MemoryReckoning(store), "en")
    return measured(group(), now, before, store.turnout(), store.reckoning(), "en")


@pytest.fixture
def kept(kind: str, new_url: Callable[[str], str]) -> Iterator[MemoryStore | SqlStore]:
    store = MemoryStore() if kind == "memory" else open_store(new_url(kind), durable=False)
    yield store
    store.close()


@pytest.mark.parametrize(("kind", "seed"), EVERY, ids=[f"{kind} {seed}" for kind, seed in EVERY])
def test_every_number_is_what_the_events_tell(kept, kind, seed):
    events, dice = made(seed), random.Random(seed)
    happens(kept, events)
    lives = lived(events)
    for length in (30, 14, 3, dice.randrange(15, 45)):
        last = FIRST.date() + timedelta(days=dice.randrange(2 * length, DAYS))
        first = last - timedelta(days=length - 1)
        before = first - timedelta(days=length), first - timedelta(days=1)
        found = told(kept, first, last)
        assert found.since == min(day for life in lives for day in life.active)
        assert found.activity == by_hand.activity(lives, first, last)
        assert found.activity_before == by_hand.activity(lives, *before, before=True)
        assert list(found.daily) == by_hand.daily(lives, first, last)
        assert found.totals == by_hand.totals(lives, first, last)
        assert found.classes == (by_hand.classes(lives, first, last) if length >= LEAST else None)
        assert list(found.weeks) == [week for week in by_hand.weeks(lives, last) if week.last >= found.since]


def test_the_history_has_all_that_can_go_wrong():
    lives = [life for seed in range(12) for life in lived(made(seed))]
    joined = [by_hand.first_join(life) for life in lives if life.joined is not None]
    assert joined.count(None) > 10
    assert sum(life.left is not None for life in lives) > 10
    assert sum(life.staff for life in lives) == 24
    assert FIRST.utcoffset() != (FIRST + timedelta(days=DAYS)).utcoffset()

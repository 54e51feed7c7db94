"""What is counted by group agrees with the rows that it is counted from, whatever happens to them."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from adapters.sql import SqlStore, open_store
from adapters.sql.rollups import DayCount, SqlRollups, Window
from core.books import Books
from core.memory import MemoryStore
from core.people import ActorKind
from core.ports import DayAt, Store, Writes
from tests.stores.people import START, newcomer

GROUPS = ("g", "h")
DAYS = tuple(date(2026, 3, 1) + timedelta(days=n) for n in range(3))
PEOPLE = tuple(newcomer(n, kind=ActorKind.BOT if n == 6 else ActorKind.PERSON) for n in range(1, 7))


def happens(store: Store, dice: random.Random) -> None:
    """A batch: some people do something on some days, some come, some go; now and then all of it is undone."""
    with store.unit() as unit:
        unit.lock(GROUPS)
        writes = Writes()
        for group in GROUPS:
            for who in dice.sample(PEOPLE, 3):
                seat = unit.seats([(group, who)])[group, who.account]
                seat.seen = START
                seat.left = dice.choice((None, None, START))
                writes.seats.append((group, seat))
                for _ in range(dice.randrange(3)):
                    counters = [dice.choice((0, 0, 1, 2)) for _ in range(6)]
                    place = DayAt(group, seat.person, dice.choice(DAYS))
                    writes.days[place] = [a + b for a, b in zip(writes.days.get(place, [0] * 6), counters, strict=True)]
        unit.save(writes)
        if dice.random() < 0.8:
            unit.commit()


def recounted(books: Books, group: str) -> list[DayCount]:
    messages, active, check_ins = Counter[date](), Counter[date](), Counter[date]()
    for _, day in books.activity(group):
        messages[day.day] += day.messages
        active[day.day] += day.active
        check_ins[day.day] += day.check_ins
    return [DayCount(day, messages[day], active[day], check_ins[day]) for day in sorted(active) if active[day]]


def here(books: Books, group: str) -> int:
    return sum(one.left is None and one.kind is ActorKind.PERSON for one in books.people(group))


def counted(store: SqlStore) -> tuple[dict[str, list[DayCount]], dict[str, int]]:
    rollups = SqlRollups(store)
    windows = [Window(group, DAYS[0], DAYS[-1], START, START) for group in GROUPS]
    return {group: list(days) for group, days in rollups.days(windows).items()}, dict(rollups.members(GROUPS))


@pytest.mark.parametrize("seed", range(8))
def test_counters_are_what_a_recount_tells_and_the_same_as_in_memory(url, seed):
    store, memory = open_store(url, durable=False), MemoryStore()
    one, other = random.Random(seed), random.Random(seed)
    for _ in range(15):
        happens(store, one)
        happens(memory, other)
    days, members = counted(store)
    for books in (store, memory):
        assert {group: found for group in GROUPS if (found := recounted(books, group))} == days
        assert {group: here(books, group) for group in GROUPS} == members
    store.close()


def test_rows_that_are_taken_away_are_counted_no_more(url):
    store, dice = open_store(url, durable=False), random.Random(1)
    for _ in range(10):
        happens(store, dice)
    with store.unit() as unit:
        for table in ("activity", "memberships"):
            unit.session.ask(f"DELETE FROM {table} WHERE person IN (1, 2) RETURNING person")
        unit.commit()
    days, members = counted(store)
    assert days == {group: recounted(store, group) for group in GROUPS}
    assert members == {group: here(store, group) for group in GROUPS}
    store.close()

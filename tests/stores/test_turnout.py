"""How a group is doing is the same in every store, and is what a count by hand tells."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest

from adapters.sql import SqlStore, open_store
from core.memory import MemoryStore
from core.memory_turnout import MemoryTurnout
from core.people import Account, ActorKind
from core.ports import DayAt, Store, Writes
from core.turnout import Asked, Cohort, Days, Habit, Heads, Turnout, Wrote
from tests.stores.people import newcomer

GROUPS = ("g", "h")
DAY = timedelta(days=1)
FIRST = date(2026, 3, 1)
BOSS, BOT = 1, 2
NEVER = -1


def at(day: int, hour: int = 12) -> datetime:
    return datetime.combine(FIRST + day * DAY, time(hour), UTC)


def days(first: int, last: int) -> Days:
    return Days(FIRST + first * DAY, FIRST + last * DAY, at(first, 0), at(last + 1, 0))


def asked(first: int, last: int, group: str = "g", *staff: int) -> Asked:
    length = last - first + 1
    return Asked(
        group=group,
        staff=frozenset(Account(f"telegram:{n}") for n in staff),
        now=days(first, last),
        before=days(first - length, first - 1),
    )


def turnout_of(store: MemoryStore | SqlStore) -> Turnout:
    return MemoryTurnout(store) if isinstance(store, MemoryStore) else store.turnout()


def lives(
    store: Store,
    number: int,
    *,
    seen: int = 0,
    joined: int | None = None,
    first: int | None = None,
    left: int | None = None,
    group: str = "g",
    **did: int,
) -> None:
    """Somebody of a group, who joined for the first time when they joined unless `first` says when, or that nobody
    knows. `did` says by `d` and the day's number how many messages they wrote."""
    with store.unit() as unit:
        unit.lock([group])
        kind = ActorKind.BOT if number == BOT else ActorKind.PERSON
        seat = unit.seats([(group, newcomer(number, kind=kind))])[group, Account(f"telegram:{number}")]
        seat.seen = at(seen)
        seat.joined, seat.left = (at(n) if n is not None else None for n in (joined, left))
        seat.first_joined = at(joined if first is None else first) if joined is not None and first != NEVER else None
        counts = {DayAt(group, seat.person, FIRST + int(day[1:]) * DAY): [n, 0, 0, 0, 0, 0] for day, n in did.items()}
        unit.save(Writes(seats=[(group, seat)], days=counts))
        unit.commit()


def test_a_group_of_which_nothing_is_known_has_no_numbers(store):
    turnout, some = turnout_of(store), asked(10, 19, "nowhere", BOSS)
    assert turnout.since("nowhere") is None
    assert turnout.heads(some) == (Heads(0, 0), Heads(0, 0))
    assert (list(turnout.habits(some)), list(turnout.wrote(some))) == ([], [])
    assert turnout.cohorts(some, [days(3, 3)]) == [Cohort()]
    assert turnout.cohorts(some, []) == []


def test_heads_are_those_who_were_there_at_the_end_of_each_period(store):
    lives(store, BOSS)
    lives(store, BOT)
    lives(store, 3, joined=0)
    lives(store, 4, left=9)
    lives(store, 5, left=10)
    lives(store, 6, seen=12, joined=12)
    lives(store, 7, seen=20)
    assert turnout_of(store).heads(asked(10, 19, "g", BOSS)) == (Heads(3, 1), Heads(3, 1))


def test_habits_tell_how_many_were_active_on_how_many_days(store):
    lives(store, BOSS, d10=5)
    lives(store, BOT, d10=5)
    lives(store, 3, d0=1, d9=1, d10=1, d19=1, d20=1)
    lives(store, 4, seen=15, joined=15, d15=2, d16=2)
    lives(store, 5, seen=12, joined=25, first=15, left=17, d15=9, d16=9)
    lives(store, 6, seen=2, joined=3, d3=1)
    lives(store, 7, seen=0, joined=16, first=NEVER, d16=1)
    lives(store, 8, d30=1)
    found = turnout_of(store).habits(asked(10, 19, "g", BOSS))
    assert sorted(found) == sorted(
        [
            Habit(1, True, 1, 0, False, 1, False, 0, "other", True, True),
            Habit(1, False, 2, 2, True, 4, True, 2, "other", True, True),
            Habit(1, False, 2, 0, True, 2, False, 0, "now", True, False),
            Habit(1, False, 2, 0, True, 2, False, 0, "now", False, False),
            Habit(1, False, 0, 1, False, 1, True, 1, "before", True, True),
            Habit(1, False, 1, 0, True, 1, False, 0, "other", True, True),
        ]
    )


def test_who_did_the_same_is_one_line(store):
    for number in range(3, 9):
        lives(store, number, d12=4, d2=1)
    assert turnout_of(store).habits(asked(10, 19)) == [Habit(6, False, 1, 1, False, 2, False, 1, "other", True, True)]
    assert sorted(turnout_of(store).wrote(asked(10, 19))) == [Wrote(6, False, False, 4), Wrote(6, False, True, 1)]


def test_being_answered_is_no_activity(store):
    with store.unit() as unit:
        unit.lock(["g"])
        seat = unit.seats([("g", newcomer(3))])["g", Account("telegram:3")]
        seat.seen = at(0)
        unit.save(Writes(seats=[("g", seat)], days={DayAt("g", seat.person, FIRST): [0, 0, 3, 0, 3, 0]}))
        unit.commit()
    assert turnout_of(store).since("g") is None
    assert list(turnout_of(store).habits(asked(0, 9))) == []


@pytest.mark.parametrize(
    ("counter", "name"), [(0, "a message"), (3, "a reaction"), (5, "a check-in")], ids=lambda one: str(one)
)
def test_what_is_activity(store, counter, name):
    counts = [0] * 6
    counts[counter] = 1
    with store.unit() as unit:
        unit.lock(["g"])
        seat = unit.seats([("g", newcomer(3))])["g", Account("telegram:3")]
        seat.seen = at(0)
        unit.save(Writes(seats=[("g", seat)], days={DayAt("g", seat.person, FIRST + DAY): counts}))
        unit.commit()
    assert turnout_of(store).since("g") == FIRST + DAY
    assert [habit.days for habit in turnout_of(store).habits(asked(0, 9))] == [1]


def test_a_cohort_is_who_joined_for_the_first_time_that_day(store):
    lives(store, BOSS, joined=0, d0=1)
    lives(store, BOT, joined=0)
    lives(store, 3, joined=0, d6=1, d7=1, d30=1)
    lives(store, 4, joined=0, d13=1, d36=1, left=20)
    lives(store, 5, joined=0, d14=1, d29=1, d37=1, left=40)
    lives(store, 6, seen=0, joined=4, first=NEVER)
    lives(store, 9, joined=4, first=2, d3=1)
    lives(store, 7, seen=4, joined=4, d4=1)
    lives(store, 8)
    found = turnout_of(store).cohorts(asked(30, 39, "g", BOSS), [days(0, 0), days(2, 2), days(4, 4)])
    assert found == [Cohort(3, 1, 2, 2, 1, 0), Cohort(1, 1, 0, 0, 0, 0), Cohort(1, 1, 0, 0, 0, 2)]


@pytest.mark.parametrize("seed", range(6))
def test_a_life_at_random_is_counted_alike(url, seed):
    sql, memory = open_store(url, durable=False), MemoryStore()
    for kept in (sql, memory):
        dice = random.Random(seed)
        for number in range(1, 40):
            seen = dice.randrange(40)
            joined = dice.choice((None, seen, seen, seen + dice.randrange(6)))
            first = dice.choice((None, None, NEVER, seen))
            left = dice.choice((None, None, (joined or seen) + dice.randrange(30)))
            did = {f"d{seen + dice.randrange(50)}": dice.randrange(1, 4) for _ in range(dice.randrange(9))}
            lives(kept, number, seen=seen, joined=joined, first=first, left=left, group="g", **did)
    some, single = asked(25, 25 + dice.randrange(35), "g", BOSS, 5, 6, 99), [days(n, n) for n in range(40)]
    told = [
        (
            kept.since("g"),
            kept.heads(some),
            sorted(kept.habits(some)),
            sorted(kept.wrote(some)),
            kept.cohorts(some, single),
        )
        for kept in (turnout_of(sql), turnout_of(memory))
    ]
    assert told[0] == told[1]
    assert sum(cohort.joined for cohort in told[0][4]) > 5
    sql.close()

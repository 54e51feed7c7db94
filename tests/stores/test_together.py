"""Groups that are asked about together: who is in several of them is one person, in every store."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from adapters.sql import open_store
from core.memory import MemoryStore
from core.reckoning import Facts
from core.turnout import Asked, Cohort, Daily, Habit, Heads, Wrote
from tests.stores.people import fact, posted
from tests.stores.test_reckoning import DAILY, NIGHTLY, person, reckoning_of
from tests.stores.test_turnout import BOSS, BOT, FIRST, NEVER, asked, at, days, lives, turnout_of


def together(first: int, last: int, *staff: int) -> Asked:
    return replace(asked(first, last, "g", *staff), beside=("h",))


def test_of_groups_of_which_nothing_is_known_there_are_no_numbers(store):
    turnout, some = turnout_of(store), replace(asked(10, 19, "nowhere"), beside=("elsewhere",))
    assert turnout.since(*some.groups) is None
    assert turnout.heads(some) == (Heads(0, 0), Heads(0, 0))
    assert (list(turnout.habits(some)), list(turnout.wrote(some)), list(turnout.daily(some))) == ([], [], [])
    assert turnout.cohorts(some, [days(3, 3)]) == [Cohort()]
    assert list(reckoning_of(store).facts(some, ["warning"])) == []
    assert reckoning_of(store).checked_in(some, [DAILY]) == (0, 0)


def test_who_is_in_two_groups_is_one_head_who_is_there_while_in_any(store):
    for group in ("g", "h"):
        lives(store, BOSS, group=group)
        lives(store, BOT, group=group)
        lives(store, 3, group=group)
    lives(store, 4, left=12)
    lives(store, 4, left=15, group="h")
    lives(store, 5, left=12)
    lives(store, 5, group="h")
    lives(store, 6, seen=12, group="h")
    assert turnout_of(store).heads(together(10, 19, BOSS)) == (Heads(4, 1), Heads(4, 1))


def test_a_day_in_two_groups_is_one_day_and_its_messages_are_added_up(store):
    lives(store, 3, d10=2, d11=1)
    lives(store, 3, d10=5, d3=1, group="h")
    lives(store, 4, d18=1, group="h")
    turnout, some = turnout_of(store), together(10, 19)
    assert turnout.since("g", "h") == FIRST + (days(3, 3).first - FIRST)
    assert sorted(turnout.habits(some)) == sorted(
        [
            Habit(1, False, 2, 1, False, 3, True, 1, "other", True, True),
            Habit(1, False, 1, 0, True, 1, False, 0, "other", True, True),
        ]
    )
    assert sorted(turnout.wrote(some)) == [
        Wrote(1, False, False, 1),
        Wrote(1, False, False, 8),
        Wrote(1, False, True, 1),
    ]
    assert [(day.people, day.messages) for day in turnout.daily(some)] == [(1, 7), (1, 1), (1, 1)]
    assert turnout.daily(some)[0] == Daily(days(10, 10).first, 1, 7)


def test_a_first_join_is_that_of_the_first_group_and_none_where_they_were_seen_in_another_before(store):
    lives(store, 3, seen=12, joined=12)
    lives(store, 3, seen=16, joined=16, group="h", d16=1)
    lives(store, 4, seen=0, d1=1)
    lives(store, 4, seen=13, joined=13, group="h", d13=1)
    lives(store, 5, seen=12, joined=12, left=14)
    lives(store, 5, seen=13, joined=13, group="h")
    lives(store, 6, seen=12, joined=12, left=14)
    lives(store, 6, seen=13, joined=13, left=15, group="h")
    lives(store, BOSS, seen=12, joined=12)
    lives(store, 7, seen=11, joined=16, first=NEVER)
    lives(store, 8, seen=12, joined=12, left=14)
    lives(store, 8, seen=13, joined=13, left=25, group="h")  # is there still when the period ends
    found = turnout_of(store).cohorts(together(10, 19, BOSS), [days(12, 12), days(13, 13), days(16, 16)])
    assert found == [Cohort(4, 1, 0, 0, 1, 0), Cohort(0, 0, 0, 0, 0, 4), Cohort(0, 0, 0, 0, 0, 2)]


def test_facts_are_added_up_and_a_day_checked_in_to_twice_is_one(store):
    for group in ("g", "h"):
        lives(store, 3, group=group)
    lives(store, 4, group="h")
    who, other = person(store, 3), person(store, 4, "h")
    told = [
        (who, "g", 12, DAILY, 1),
        (who, "h", 12, NIGHTLY, 1),
        (who, "h", 13, DAILY, 1),
        (who, "g", 13, DAILY, -1),
        (other, "h", 12, DAILY, 1),
    ]
    posted(
        store,
        *(
            fact(one, f"{n}", amount, kind=kind, at=at(day), about=days(day, day).first, group=group)
            for n, (one, group, day, kind, amount) in enumerate(told)
        ),
        *(fact(who, f"w{group}", kind="warning", at=at(12), rule="ads", group=group) for group in ("g", "h")),
    )
    reckoning, some = reckoning_of(store), together(10, 19)
    assert reckoning.checked_in(some, [DAILY, NIGHTLY]) == (3, 0)
    assert list(reckoning.facts(some, ["warning"])) == [Facts("warning", "ads", 1, False, 2)]
    assert list(reckoning.facts(asked(10, 19), ["warning"])) == [Facts("warning", "ads", 1, False, 1)]


@pytest.mark.parametrize("seed", range(6))
def test_lives_in_two_groups_at_random_are_counted_alike(url, seed):
    sql, memory = open_store(url, durable=False), MemoryStore()
    for kept in (sql, memory):
        dice = random.Random(seed)
        for number in range(1, 40):
            for group in dice.choice((("g",), ("h",), ("g", "h"))):
                seen = dice.randrange(40)
                joined = dice.choice((None, seen, seen, seen + dice.randrange(6)))
                first = dice.choice((None, None, NEVER, seen))
                left = dice.choice((None, None, (joined or seen) + dice.randrange(30)))
                did = {f"d{seen + dice.randrange(50)}": dice.randrange(1, 4) for _ in range(dice.randrange(9))}
                lives(kept, number, seen=seen, joined=joined, first=first, left=left, group=group, **did)
    some, single = together(25, 25 + dice.randrange(35), BOSS, 5, 6, 99), [days(n, n) for n in range(40)]
    told = [
        (
            kept.since("g", "h"),
            kept.heads(some),
            sorted(kept.habits(some)),
            sorted(kept.wrote(some)),
            list(kept.daily(some)),
            kept.cohorts(some, single),
        )
        for kept in (turnout_of(sql), turnout_of(memory))
    ]
    assert told[0] == told[1]
    assert sum(cohort.joined for cohort in told[0][5]) > 5
    sql.close()

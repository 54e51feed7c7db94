"""What facts and records add up to is the same in every store, and is what a count by hand tells."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from adapters.sql import SqlStore, open_store
from core.memory import MemoryStore
from core.memory_reckoning import MemoryReckoning
from core.people import NOBODY, Account, PersonId
from core.ports import RecordAt, Writes
from core.reckoning import Began, Facts, Gained, Reckoning, Since
from core.state import Slot
from tests.stores.people import fact, posted
from tests.stores.test_turnout import BOSS, BOT, FIRST, NEVER, asked, at, days, lives

KINDS = ("made", "joined", "counted")
DAILY, NIGHTLY = "check_in:daily", "check_in:nightly"
MOOD = Slot("tests.mood", dict[str, int])


def reckoning_of(store: MemoryStore | SqlStore) -> Reckoning:
    return MemoryReckoning(store) if isinstance(store, MemoryStore) else store.reckoning()


def person(store, number: int, group: str = "g") -> PersonId:
    with store.unit() as unit:
        found: PersonId = unit.find(group, [Account(f"telegram:{number}")])[Account(f"telegram:{number}")].person
    return found


def checked(store, number: int, *on: int, kind: str = DAILY, amount: int = 1, key: str = "") -> None:
    who = person(store, number)
    facts = [
        fact(who, f"{kind}:{day}:{amount}{key}", amount, kind=kind, at=at(day), about=FIRST + timedelta(days=day))
        for day in on
    ]
    posted(store, *facts)


def test_a_group_of_which_nothing_is_known_adds_up_to_nothing(store):
    reckoning, some = reckoning_of(store), asked(10, 19, "nowhere", BOSS)
    assert list(reckoning.facts(some, ["warning"])) == []
    assert reckoning.checked_in(some, [DAILY]) == (0, 0)
    assert list(reckoning.began(some, [days(3, 3)], [DAILY])) == [Began()]
    assert list(reckoning.gained(some, [Since(days(3, 3), at(9))], KINDS)) == [{}]
    assert [list(held) for held in reckoning.records(some, [days(3, 3)], MOOD)] == [[]]


def test_where_nothing_is_asked_nothing_is_told(store):
    lives(store, 3, joined=0)
    checked(store, 3, 12)
    reckoning, some = reckoning_of(store), asked(10, 19)
    assert list(reckoning.facts(some, [])) == []
    assert reckoning.checked_in(some, []) == (0, 0)
    assert list(reckoning.began(some, [days(0, 0)], [])) == [Began()]
    assert list(reckoning.began(some, [], [DAILY])) == []
    assert list(reckoning.gained(some, [], KINDS)) == []
    assert list(reckoning.gained(some, [Since(days(0, 0), at(9))], [])) == [{}]


def test_facts_are_counted_by_kind_rule_amount_and_period(store):
    for number in (BOSS, BOT, 3, 4):
        lives(store, number)
    who, other = person(store, 3), person(store, 4)
    posted(
        store,
        fact(who, "a", kind="warning", at=at(10, 0), rule="ads"),
        fact(other, "b", kind="warning", at=at(19, 23), rule="ads"),
        fact(other, "c", kind="warning", at=at(9, 23), rule="ads"),
        fact(who, "d", -1, kind="warning", at=at(12), rule="ads"),
        fact(who, "e", kind="warning", at=at(12), rule="flood"),
        fact(who, "f", kind="warning", at=at(20, 0), rule="ads"),
        fact(who, "g", kind="points", at=at(12), rule="ads"),
        fact(who, "h", 2, kind="tier", at=at(12), rule="oak"),
        fact(person(store, BOT), "i", kind="warning", at=at(12), rule="ads"),
        fact(PersonId(-7), "j", kind="warning", at=at(12), rule="ads"),
    )
    assert sorted(reckoning_of(store).facts(asked(10, 19), ["warning", "tier"])) == [
        Facts("tier", "oak", 2, False, 1),
        Facts("warning", "ads", -1, False, 1),
        Facts("warning", "ads", 1, False, 3),
        Facts("warning", "ads", 1, True, 1),
        Facts("warning", "flood", 1, False, 1),
    ]


def test_check_ins_are_people_by_day(store):
    for number in (BOSS, BOT, 3, 4):
        lives(store, number)
        checked(store, number, 12)
    checked(store, 3, 9, 10, 13, 20)
    checked(store, 3, 12, 13, kind=NIGHTLY)
    checked(store, 3, 13, amount=-1)
    checked(store, 4, 19)
    checked(store, 4, 19, amount=-1)
    reckoning = reckoning_of(store)
    assert reckoning.checked_in(asked(10, 19, "g", BOSS), [DAILY]) == (3, 1)
    assert reckoning.checked_in(asked(10, 19, "g", BOSS), [DAILY, NIGHTLY]) == (4, 1)
    assert reckoning.checked_in(asked(10, 19), [DAILY]) == (4, 1)


def test_who_joined_begins_to_check_in_and_keeps_it_up(store):
    for number in (BOSS, 3, 4, 5, 6):
        lives(store, number, joined=0)
    lives(store, 7, seen=0, joined=9, first=NEVER)
    checked(store, BOSS, *range(30))
    checked(store, 3, 6, *range(10, 15), 29)
    checked(store, 4, 7, *range(23, 30))
    checked(store, 4, 28, amount=-1)
    checked(store, 5, 0)
    checked(store, 5, *range(1, 4), kind=NIGHTLY)
    checked(store, 5, *range(1, 5))
    checked(store, 6, 5, *range(30, 40))
    checked(store, 7, *range(9, 20))
    some, cohorts = asked(30, 59, "g", BOSS), [days(0, 0), days(9, 9)]
    assert list(reckoning_of(store).began(some, cohorts, [DAILY, NIGHTLY])) == [Began(3, 2), Began(0, 0)]
    assert list(reckoning_of(store).began(some, cohorts, [NIGHTLY])) == [Began(1, 0), Began(0, 0)]


def test_what_a_cohort_has_come_to(store):
    for number in (BOSS, 3, 4):
        lives(store, number, joined=0)
    lives(store, 5, joined=30, first=3)
    for number, *kinds in ((BOSS, *KINDS), (3, "made", "joined", "joined", "counted"), (4, "made"), (5, "joined")):
        who = person(store, number)
        posted(store, *(fact(who, f"{n}", kind=kind, at=at(5 + n)) for n, kind in enumerate(kinds)))
    posted(store, fact(person(store, 3), "late", kind="counted", at=at(20)))
    posted(store, fact(person(store, 5), "back", -1, kind="counted", at=at(8)))
    since = [Since(days(0, 0), at(20)), Since(days(1, 1), at(20)), Since(days(3, 3), at(20))]
    found = reckoning_of(store).gained(asked(30, 59, "g", BOSS), since, KINDS)
    assert list(found) == [
        {"made": Gained(2, 2), "joined": Gained(1, 2), "counted": Gained(1, 1)},
        {},
        {"joined": Gained(1, 1), "counted": Gained(0, -1)},
    ]


def test_what_is_taken_back_afterwards_is_left_to_nobody(store):
    """Up to day 20 both have two; one of them loses one on day 40, and another after the period."""
    for number in (3, 4):
        lives(store, number, joined=0)
        who = person(store, number)
        posted(store, *(fact(who, f"{number}{n}", kind="counted", at=at(5 + n)) for n in range(2)))
    posted(store, fact(person(store, 3), "back", -1, kind="counted", at=at(40)))
    posted(store, fact(person(store, 3), "more", -1, kind="counted", at=at(60)))
    posted(store, fact(person(store, 4), "late", kind="counted", at=at(41)))
    since, some = [Since(days(0, 0), at(20))], [asked(30, last, "g", BOSS) for last in (39, 59, 69)]
    assert [list(reckoning_of(store).gained(one, since, ["counted"])) for one in some] == [
        [{"counted": Gained(2, 4)}],
        [{"counted": Gained(2, 3)}],
        [{"counted": Gained(1, 2)}],
    ]


def test_records_are_of_the_cohort_alone(store):
    for number, joined in ((BOSS, 0), (3, 0), (4, 0), (5, 2), (6, None)):
        lives(store, number, joined=joined, seen=joined or 0)
    records = {RecordAt("g", person(store, n), MOOD.name): {"of": n} for n in (BOSS, 3, 5, 6)}
    with store.unit() as unit:
        unit.lock(["g"])
        unit.save(Writes(records={**records, RecordAt("g", NOBODY, MOOD.name): {"of": 0}}))
        unit.commit()
    found = reckoning_of(store).records(asked(30, 59, "g", BOSS), [days(0, 0), days(1, 1), days(2, 2)], MOOD)
    assert [list(held) for held in found] == [[{"of": 3}], [], [{"of": 5}]]


def test_a_record_of_the_group_itself_is_no_member_s(store):
    lives(store, 3, joined=0)
    reckoning = reckoning_of(store)
    assert reckoning.record("g", MOOD) is None
    assert reckoning.record("nowhere", MOOD) is None
    mine = RecordAt("g", person(store, 3), MOOD.name)
    with store.unit() as unit:
        unit.lock(["g"])
        unit.save(Writes(records={mine: {"of": 3}, RecordAt("g", NOBODY, MOOD.name): {"of": 0}}))
        unit.commit()
    assert reckoning.record("g", MOOD) == {"of": 0}
    assert reckoning.record("nowhere", MOOD) is None


@pytest.mark.parametrize("seed", range(6))
def test_a_life_at_random_adds_up_alike(url, seed):
    sql, memory = open_store(url, durable=False), MemoryStore()
    for kept in (sql, memory):
        dice = random.Random(seed)
        for number in range(1, 25):
            seen = dice.randrange(20)
            joined = dice.choice((None, seen, seen, seen + dice.randrange(6)))
            lives(kept, number, seen=seen, joined=joined, first=dice.choice((None, None, NEVER, seen)))
            for kind in (DAILY, NIGHTLY):
                on = dice.sample(range(seen, seen + 40), dice.randrange(20))
                checked(kept, number, *on, kind=kind)
                checked(kept, number, *on[: dice.randrange(3)], kind=kind, amount=-1)
            for n in range(dice.randrange(5)):
                kind, amount = dice.choice(KINDS), dice.choice((1, 1, -1))
                posted(kept, fact(person(kept, number), str(n), amount, kind=kind, at=at(seen + dice.randrange(40))))
    some, single = asked(25, 25 + dice.randrange(25), "g", BOSS, 5, 99), [days(n, n) for n in range(30)]
    since = [Since(day, at(n + 20)) for n, day in enumerate(single)]
    told = [
        (
            sorted(kept.facts(some, KINDS)),
            kept.checked_in(some, [DAILY, NIGHTLY]),
            list(kept.began(some, single, [DAILY, NIGHTLY])),
            list(kept.gained(some, since, KINDS)),
        )
        for kept in (reckoning_of(sql), reckoning_of(memory))
    ]
    assert told[0] == told[1]
    assert sum(began.often for began in told[0][2]) > 0
    sql.close()

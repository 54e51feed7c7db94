"""What a transaction promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from core.errors import StoreError
from core.people import NOBODY
from core.ports import BalanceAt, DayAt, RecordAt, Writes
from core.state import Day, Slot
from tests.stores.people import HOUR, START, TODAY, fact, newcomer, posted, seated, sum_of


@dataclass(frozen=True, slots=True)
class Streak:
    current: int
    last: date
    challenges: dict[str, int] = field(default_factory=dict)
    days: tuple[date, ...] = ()
    marks: frozenset[str] = frozenset()
    span: timedelta | None = None
    since: object = None


STREAK = Slot("check_in.streak", Streak)
NUMBER = Slot("tests.number", int)
FULL = Streak(
    3, TODAY, {"早起": 2, "a": 1}, (TODAY, TODAY + timedelta(1)), frozenset({"x", "休"}), timedelta(days=2, seconds=1.5)
)


def test_a_dictionary_in_a_record_comes_back_in_its_order(store):
    [seat] = seated(store, newcomer(1))
    place = RecordAt("g", seat.person, STREAK.name)
    held = Streak(3, TODAY, {"b": 1, "c": 2, "a": 3, "10": 4, "9": 5})
    with store.unit() as unit:
        unit.save(Writes(records={place: held}))
        unit.commit()
    with store.unit() as unit:
        found = unit.records([(place, STREAK)])[place]
    assert list(found.challenges.items()) == list(held.challenges.items())


def test_event_ids_are_new_once(store):
    with store.unit() as unit:
        assert unit.unseen(["e1", "e2", "e1"], START) == {"e1", "e2"}
        assert unit.unseen(["e2", "e3"], START) == {"e3"}
        unit.commit()
    with store.unit() as unit:
        assert unit.unseen(["e1", "e2", "e3", "e4"], START + HOUR) == {"e4"}


def test_no_event_ids_are_no_new_ones(store):
    with store.unit() as unit:
        assert unit.unseen([], START) == set()


def test_leaving_without_commit_undoes_everything(store):
    [seat] = seated(store, newcomer(1))
    with store.unit() as unit:
        unit.lock(["g", "new group"])
        unit.unseen(["e1"], START)
        unit.seats([("g", newcomer(2))])
        unit.save(
            Writes(
                facts=[fact(seat.person, "k")],
                records={RecordAt("g", seat.person, NUMBER.name): 1},
                days={DayAt("g", seat.person, TODAY): [1, 0, 0, 0, 0, 0]},
            )
        )
    with store.unit() as unit:
        assert unit.unseen(["e1"], START) == {"e1"}
        assert unit.find("g", [newcomer(2).account]) == {}
        assert sum_of(unit, seat.person) == 0
        assert unit.records([(RecordAt("g", seat.person, NUMBER.name), NUMBER)]) == {}
        assert unit.days([("g", seat.person, TODAY)]) == {("g", seat.person, TODAY): []}
    assert list(store.facts("g")) == []


def test_an_error_inside_undoes_everything(store):
    [seat] = seated(store, newcomer(1))

    def fail():
        with store.unit() as unit:
            unit.save(Writes(facts=[fact(seat.person, "k")]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(store.facts("g")) == []
    posted(store, fact(seat.person, "k"))
    assert len(list(store.facts("g"))) == 1


def test_reads_see_what_was_saved_before_in_the_same_unit(store):
    [seat] = seated(store, newcomer(1))
    place = RecordAt("g", seat.person, NUMBER.name)
    with store.unit() as unit:
        unit.save(Writes(facts=[fact(seat.person, "a", 2)], records={place: 5}))
        assert sum_of(unit, seat.person) == 2
        assert unit.records([(place, NUMBER)]) == {place: 5}
        unit.save(Writes(facts=[fact(seat.person, "b", 3)], records={place: 6}))
        assert sum_of(unit, seat.person) == 5
        assert unit.records([(place, NUMBER)]) == {place: 6}
        assert [s.amount for s in unit.standings("g", "points", 3, None)] == [5]


def test_nothing_to_save_is_no_trouble(store):
    with store.unit() as unit:
        unit.save(Writes())
        unit.commit()


class TestRecords:
    def test_one_comes_back_with_every_type_it_had(self, store):
        [seat] = seated(store, newcomer(1))
        place = RecordAt("g", seat.person, STREAK.name)
        with store.unit() as unit:
            unit.save(Writes(records={place: FULL}))
            unit.commit()
        with store.unit() as unit:
            assert unit.records([(place, STREAK)]) == {place: FULL}

    def test_none_erases(self, store):
        place = RecordAt("g", seated(store, newcomer(1))[0].person, NUMBER.name)
        for value, found in ((1, {place: 1}), (None, {}), (None, {}), (2, {place: 2})):
            with store.unit() as unit:
                unit.save(Writes(records={place: value}))
                unit.commit()
            with store.unit() as unit:
                assert unit.records([(place, NUMBER)]) == found

    def test_a_group_has_its_own(self, store):
        seated(store, newcomer(1))
        with store.unit() as unit:
            unit.save(Writes(records={RecordAt("g", NOBODY, NUMBER.name): 7}))
            assert unit.records([(RecordAt("g", NOBODY, NUMBER.name), NUMBER)]) == {
                RecordAt("g", NOBODY, NUMBER.name): 7
            }
            assert unit.everyone("g", NUMBER) == []

    def test_everyone_leaves_out_who_left(self, store):
        seats = seated(store, *(newcomer(n) for n in range(4)))
        seats[2].left = START + HOUR
        with store.unit() as unit:
            writes = Writes(seats=[("g", seats[2])])
            writes.records.update({RecordAt("g", seat.person, NUMBER.name): n for n, seat in enumerate(seats)})
            unit.save(writes)
            unit.commit()
        with store.unit() as unit:
            assert [(seat.account, value) for seat, value in unit.everyone("g", NUMBER)] == [
                ("telegram:0", 0),
                ("telegram:1", 1),
                ("telegram:3", 3),
            ]
        found = [(member.account, value) for member, value in store.every_record("g", NUMBER)]
        assert found == [(f"telegram:{n}", n) for n in range(4)]

    def test_who_is_present_was_seen_and_did_not_leave(self, store):
        seats = seated(store, *(newcomer(n) for n in range(4)))
        seats[2].left = START + HOUR
        seated(store, newcomer(9), group="other")
        with store.unit() as unit:
            unit.save(Writes(seats=[("g", seats[2])]))
            unit.commit()
        with store.unit() as unit:
            assert [seat.account for seat in unit.present("g")] == ["telegram:0", "telegram:1", "telegram:3"]
            assert list(unit.present("nowhere")) == []


class TestDays:
    def test_counters_add_up(self, store):
        [seat] = seated(store, newcomer(1))
        place = DayAt("g", seat.person, TODAY)
        for _ in range(2):
            with store.unit() as unit:
                unit.save(Writes(days={place: [1, 2, 3, 4, 5, 6]}))
                unit.commit()
        with store.unit() as unit:
            [found] = unit.days([("g", seat.person, TODAY)]).values()
        assert found == [Day(TODAY, 2, 4, 6, 8, 10, 12)]

    def test_from_a_date_on_oldest_first(self, store):
        [seat] = seated(store, newcomer(1))
        wanted = [TODAY + timedelta(n) for n in (3, -1, 0, 7)]
        with store.unit() as unit:
            unit.save(Writes(days={DayAt("g", seat.person, day): [1, 0, 0, 0, 0, 0] for day in wanted}))
            everything, later = ("g", seat.person, date.min), ("g", seat.person, TODAY)
            found = unit.days([everything, later, ("g", 999, TODAY), ("nowhere", 1, TODAY)])
        assert [day.day for day in found[everything]] == sorted(wanted)
        assert [day.day for day in found[later]] == sorted(wanted)[1:]
        assert found["g", 999, TODAY] == []
        assert found["nowhere", 1, TODAY] == []


class TestLedger:
    def test_a_fact_comes_back_whole(self, store):
        [seat, giver] = seated(store, newcomer(1), newcomer(2))
        told = fact(seat.person, "早起:2026-03-02", -3, by=giver.person, expires=START + HOUR, about=TODAY)
        posted(store, told)
        assert list(store.facts("g")) == [told.entry]
        with store.unit() as unit:
            at = BalanceAt("g", seat.person, "points")
            assert unit.entries([(at, None)]) == {(at, None): [told.entry]}

    @pytest.mark.parametrize("apart", [False, True], ids=["in one batch", "in two batches"])
    def test_a_fact_whose_key_exists_is_refused_with_the_whole_batch(self, store, apart):
        [seat] = seated(store, newcomer(1))
        twice = [fact(seat.person, "k", 1), fact(seat.person, "k", 5, at=START + HOUR)]
        if apart:
            posted(store, twice.pop(0))
        with pytest.raises(StoreError, match="already") as caught:
            posted(store, fact(seat.person, "other"), *twice)
        assert type(caught.value) is StoreError
        assert [e.key for e in store.facts("g")] == ["k"] * apart

    def test_a_key_is_unique_for_group_person_and_kind_only(self, store):
        [li, wang] = seated(store, newcomer(1), newcomer(2))
        posted(
            store,
            fact(li.person, "k"),
            fact(wang.person, "k"),
            fact(li.person, "k", kind="warning"),
            fact(li.person, "k", group="h"),
        )
        assert len(list(store.facts("g"))) == 3
        assert len(list(store.facts("h"))) == 1

    def test_entries_are_those_from_the_instant_on_oldest_first_by_instant_then_key(self, store):
        [seat] = seated(store, newcomer(1))
        posted(
            store,
            fact(seat.person, "late", at=START + HOUR),
            fact(seat.person, "b"),
            fact(seat.person, "B"),
            fact(seat.person, "早"),
            fact(seat.person, "early", at=START - HOUR),
        )
        at = BalanceAt("g", seat.person, "points")
        with store.unit() as unit:
            found = unit.entries([(at, None), (at, START), (at, START + timedelta(microseconds=1))])
        assert [[e.key for e in entries] for entries in found.values()] == [
            ["early", "B", "b", "早", "late"],
            ["B", "b", "早", "late"],
            ["late"],
        ]

    def test_given_is_what_a_person_caused(self, store):
        [li, wang] = seated(store, newcomer(1), newcomer(2))
        posted(
            store,
            fact(li.person, "old", by=wang.person, at=START - HOUR),
            fact(li.person, "k", by=wang.person),
            fact(wang.person, "k", by=wang.person, at=START + HOUR),
            fact(wang.person, "nobody's"),
            fact(li.person, "k", kind="thanks", by=wang.person),
            fact(li.person, "h", by=wang.person, group="h"),
        )
        at = BalanceAt("g", wang.person, "points")
        with store.unit() as unit:
            found = unit.given([(at, START), (BalanceAt("g", li.person, "points"), START)])
        assert [[(e.person, e.key) for e in entries] for entries in found.values()] == [
            [(li.person, "k"), (wang.person, "k")],
            [],
        ]

    def test_balances_are_sums_and_nothing_is_nought(self, store):
        [li, wang] = seated(store, newcomer(1), newcomer(2))
        posted(store, fact(li.person, "a", 5), fact(li.person, "b", -2), fact(wang.person, "a", 1, kind="warning"))
        wanted = [
            BalanceAt("g", li.person, "points"),
            BalanceAt("g", wang.person, "points"),
            BalanceAt("h", NOBODY, "x"),
        ]
        with store.unit() as unit:
            assert list(unit.balances(wanted).values()) == [3, 0, 0]


class TestStandings:
    def test_the_highest_first_and_of_equals_the_one_who_got_there_first(self, store):
        seats = seated(store, *(newcomer(n) for n in range(5)))
        p = [seat.person for seat in seats]
        posted(
            store,
            fact(p[0], "a", 5, at=START + 3 * HOUR),
            fact(p[1], "a", 2, at=START),
            fact(p[1], "b", 3, at=START + 2 * HOUR),
            fact(p[2], "a", 9),
            fact(p[4], "a", 5, at=START + 2 * HOUR),
            fact(p[3], "a", 1, kind="warning"),
        )
        with store.unit() as unit:
            found = unit.standings("g", "points", 10, None)
            assert unit.standings("g", "points", 2, None) == found[:2]
        told = [(s.account, s.amount, s.facts, s.reached) for s in found]
        assert told == [
            ("telegram:2", 9, 1, START),
            ("telegram:1", 5, 2, START + 2 * HOUR),
            ("telegram:4", 5, 1, START + 2 * HOUR),
            ("telegram:0", 5, 1, START + 3 * HOUR),
        ]

    def test_since_an_instant_only_later_facts_count(self, store):
        [li, wang, bo] = seated(store, *(newcomer(n) for n in range(3)))
        posted(
            store,
            fact(li.person, "a", 50, at=START - HOUR),
            fact(li.person, "b", 1, at=START),
            fact(wang.person, "a", 2, at=START + HOUR),
            fact(bo.person, "a", 3, at=START - HOUR),
        )
        with store.unit() as unit:
            found = unit.standings("g", "points", 10, START)
        assert [(s.person, s.amount, s.facts) for s in found] == [(wang.person, 2, 1), (li.person, 1, 1)]

    @pytest.mark.parametrize("since", [None, START], ids=["ever", "since an instant"])
    def test_who_left_is_left_out_and_comes_back_with_all_they_had(self, store, since):
        [li, wang] = seated(store, newcomer(1), newcomer(2))
        posted(store, fact(li.person, "a", 5), fact(wang.person, "a", 1))
        for left, expected in ((START + HOUR, [1]), (None, [5, 1])):
            li.left = left
            with store.unit() as unit:
                unit.save(Writes(seats=[("g", li)]))
                unit.commit()
            with store.unit() as unit:
                assert [s.amount for s in unit.standings("g", "points", 9, since)] == expected


class TestRegulars:
    def test_who_took_part_on_most_days_comes_first(self, store):
        p = [one.person for one in seated(store, *(newcomer(n) for n in range(5)))]
        answered, reacted, posted_, checked = [0, 0, 9, 0, 9, 0], [0, 0, 0, 1, 0, 0], [3, 0, 0, 0, 0, 0], [0] * 5 + [1]
        lived = {
            (p[0], 0): posted_,
            (p[1], 0): reacted,
            (p[1], 1): checked,
            (p[2], 0): posted_,
            (p[2], 1): answered,
            (p[3], 0): answered,
            (p[4], -1): posted_,
        }
        days = {DayAt("g", person, TODAY + timedelta(n)): counts for (person, n), counts in lived.items()}
        with store.unit() as unit:
            unit.save(Writes(days=days))
            unit.commit()
        with store.unit() as unit:
            assert unit.regulars("g", 9, TODAY) == ["telegram:1", "telegram:0", "telegram:2"]
            assert unit.regulars("g", 2, TODAY) == ["telegram:1", "telegram:0"]
            assert unit.regulars("other", 9, TODAY) == []

    def test_who_left_is_none_until_they_are_back(self, store):
        [li] = seated(store, newcomer(1))
        with store.unit() as unit:
            unit.save(Writes(days={DayAt("g", li.person, TODAY): [1, 0, 0, 0, 0, 0]}))
            unit.commit()
        for left, expected in ((START, []), (None, ["telegram:1"])):
            li.left = left
            with store.unit() as unit:
                unit.save(Writes(seats=[("g", li)]))
                unit.commit()
            with store.unit() as unit:
                assert unit.regulars("g", 9, TODAY) == expected

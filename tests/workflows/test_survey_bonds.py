"""However accounts answer, are bound, parted, leave and come back: one person counts once, by what they said last."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.people import Actor
from core.state import POINTS
from tests.workflows.survey_hall import NPS, Hall, person
from workflows.survey_book import ANSWERS, PLANS, counted

WHO = [person(1), person(2), person(3, "wechat"), person(4, "wechat")]
"""Two on each platform: nobody is bound to a second account of the same platform."""
AT = some.sampled_from(range(len(WHO)))
SCORE = some.integers(0, 10)
ACTS = some.one_of(
    some.tuples(some.just("press"), AT, SCORE),
    some.tuples(some.just("press"), AT, SCORE),
    some.tuples(some.just("bind"), some.sampled_from([0, 1]), some.sampled_from([2, 3])),
    some.tuples(some.just("part"), some.sampled_from([0, 1]), some.sampled_from([2, 3])),
    some.tuples(some.just("leave"), AT, some.just(0)),
)


class Model:
    """Each account's last answer, and who is bound to whom. Whoever leaves with one of two accounts did not leave."""

    def __init__(self) -> None:
        self.said: dict[int, tuple[int, int]] = {}
        self.bound: dict[int, int] = {}
        self.turn = 0

    def act(self, what: str, one: int, other: int) -> None:
        self.turn += 1
        if what == "press":
            self.said[one] = (self.turn, other)
        elif what == "leave" and one not in self.bound:
            self.said.pop(one, None)
        elif what == "bind" and one not in self.bound and other not in self.bound:
            self.bound |= {one: other, other: one}
        elif what == "part" and self.bound.get(one) == other:
            self.bound = {who: to for who, to in self.bound.items() if who not in (one, other)}

    @property
    def counts(self) -> list[int]:
        people = {frozenset((who, self.bound.get(who, who))) for who in range(len(WHO))}
        said = ([self.said[who] for who in people_ if who in self.said] for people_ in people)
        return sorted(max(answers)[1] for answers in said if answers)


def counts(hall: Hall) -> list[int]:
    opened = hall.kept(PLANS).of["nps"].opened
    present = tuple(row for row in hall.store.every_record("g", ANSWERS) if row[0].left is None)
    return sorted(one.n for _, one in counted(present, "nps", opened.run))


@given(acts=some.lists(ACTS, max_size=14))
def test_the_counts_are_those_of_a_naive_model(acts):
    hall, model = Hall(nps={**NPS, "least": 5}), Model()
    hall.passes(days=2)
    for who in WHO:
        hall.joins(who)
    for what, one, other in acts:
        model.act(what, one, other)
        if what == "press":
            hall.presses(WHO[one], other)
        elif what == "leave":
            hall.leaves(WHO[one])
            hall.joins(WHO[one])
        else:
            hall.binds(WHO[one], WHO[other], what)
        assert counts(hall) == model.counts


@pytest.fixture
def hall() -> Hall:
    made = Hall()
    made.passes(days=2)
    return made


def bound(hall: Hall, one: Actor, other: Actor) -> None:
    hall.joins(one)
    hall.joins(other)
    hall.binds(one, other)


def test_who_answered_with_one_account_changes_the_answer_with_the_other(hall):
    bound(hall, WHO[0], WHO[2])
    hall.presses(WHO[0], 2)
    assert hall.presses(WHO[2], 9) == ["改成 9 了。只有你看得到。"]
    assert counts(hall) == [9]


def test_points_for_one_survey_are_given_once_to_one_person_and_come_back_with_parting():
    hall = Hall(nps={**NPS, "points": 5})
    hall.passes(days=2)
    hall.presses(WHO[0], 2)
    hall.presses(WHO[2], 9)
    hall.binds(WHO[0], WHO[2])
    assert [fact.amount for fact in hall.store.facts("g") if fact.kind == POINTS] == [5, 5, -5]
    hall.presses(WHO[2], 7)
    hall.parts(WHO[0], WHO[2])
    assert [fact.amount for fact in hall.store.facts("g") if fact.kind == POINTS] == [5, 5]


def test_parted_each_has_their_own_answer_again(hall):
    bound(hall, WHO[0], WHO[2])
    hall.presses(WHO[0], 2)
    hall.presses(WHO[2], 9)
    hall.parts(WHO[0], WHO[2])
    assert counts(hall) == [2, 9]


def test_who_left_with_one_account_and_is_parted_from_the_other_has_no_answer_left(hall):
    bound(hall, WHO[0], WHO[2])
    hall.presses(WHO[0], 2)
    hall.leaves(WHO[0])
    assert counts(hall) == [2]
    hall.parts(WHO[0], WHO[2])
    assert counts(hall) == []
    assert [kept for _, kept in hall.store.every_record("g", ANSWERS)] == []


def test_who_answered_lately_with_one_account_is_not_asked_with_the_other(hall):
    hall.presses(WHO[0], 2)
    bound(hall, WHO[0], WHO[2])
    hall.passes(days=31)
    assert hall.presses(WHO[2], 9) == ["你在 2026-04-01 回答过一次，2026-06-30 起再请你。谢谢！"]

"""What ambassadors do counts so often and no more, and cannot be farmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.effects import React, plain
from tests.commands.group import ADA, ANA, BEN, MIA, OTHER_MIA
from tests.workflows.ambassador_circle import Circle

SHARE: dict[str, Any] = {"say": ["#推荐", "#share"], "per": "month", "times": 2, "points": 20}
WORDS = "#share a fine book about gardens and poets"


def circle_with(**share: Any) -> Circle:
    """Ana is an ambassador with one task."""
    circle = Circle(tasks={"share": {**SHARE, **share}})
    circle.joined(ANA)
    return circle


def counted(circle: Circle) -> int:
    return circle.ledger("ambassador_task")


def test_a_message_with_the_word_counts_with_its_points_and_a_reaction():
    circle = circle_with()
    points = circle.ledger("points")
    circle.says(ANA, f"look: {WORDS}")
    assert (counted(circle), circle.ledger("points") - points) == (1, 20)
    [seen] = circle.effects()
    assert isinstance(seen, React)
    assert (seen.emoji, plain(seen.instead)) == ("👍", "✅ Counted: #推荐, 1 of 2.")
    assert "did a task of an ambassador, 1 of 2" in circle.reasons()


def test_so_often_in_a_month_and_again_in_the_next():
    circle = circle_with()
    for n in range(4):
        circle.says(ANA, f"{WORDS} {n}")
        circle.pass_(hours=2)
    assert counted(circle) == 2
    assert "did it 2 times already" in circle.reasons()
    circle.pass_(days=31)
    circle.says(ANA, f"{WORDS} again")
    assert counted(circle) == 3


@pytest.mark.parametrize(
    ("per", "days", "expected"),
    [("day", 0.4, 1), ("day", 1, 2), ("week", 5, 1), ("week", 7, 2), ("month", 20, 1), ("month", 31, 2)],
)
def test_a_period_is_a_local_day_a_week_or_a_month(per: str, days: float, expected: int):
    circle = circle_with(per=per, times=1)
    circle.says(ANA, WORDS)
    circle.pass_(days=days)
    circle.says(ANA, f"{WORDS} once more")
    assert counted(circle) == expected


def _private(circle: Circle) -> None:
    circle.says(ANA, WORDS, private=True)


def _forwarded(circle: Circle) -> None:
    circle.says(ANA, WORDS, forwarded=True)


def _short(circle: Circle) -> None:
    circle.says(ANA, "#share it !!!!!!!!!!!!!!")


def _other(circle: Circle) -> None:
    circle.says(BEN, WORDS)


def _stepped_down(circle: Circle) -> None:
    circle.says(ANA, "step down")
    circle.says(ANA, WORDS)


@pytest.mark.parametrize("doing", [_private, _forwarded, _short, _other, _stepped_down])
def test_what_does_not_count(doing: Callable[[Circle], None]):
    circle = circle_with()
    doing(circle)
    assert counted(circle) == 0


def test_nothing_counts_twice_at_once_or_in_the_same_words():
    circle = circle_with(times=5)
    circle.says(ANA, WORDS)
    circle.says(ANA, f"{WORDS} two")
    circle.pass_(hours=2)
    circle.says(ANA, WORDS.upper())
    assert counted(circle) == 1
    assert {"too soon after the last time", "the same words as the last time"} <= set(circle.reasons())


def test_a_picture_does_as_well_where_the_operator_says_so():
    circle = circle_with(**{"or": ["photo"]})
    circle.says(ANA, "#share", kind="photo")
    assert counted(circle) == 1


@pytest.mark.parametrize("text", ["＃推荐 一本讲园林和诗人的好书，值得一读", "今天 #推荐 一本讲园林和诗人的好书"])
def test_the_word_is_heard_in_both_widths(text: str):
    circle = circle_with()
    circle.says(ANA, text)
    assert counted(circle) == 1


def test_tasks_are_told_to_who_says_yes_and_to_who_asks():
    circle = Circle(tasks={"share": SHARE})
    circle.asked(ANA)
    circle.told()
    circle.presses(ANA, "ambassador:say:yes:koc")
    line = "· #推荐: write with “#推荐”. This month 0 of 2, +20 each"
    assert circle.told()[0].endswith(f"\n{line}")
    circle.says(ANA, WORDS)
    circle.told()
    circle.says(ANA, "my tasks")
    assert circle.told() == ["· #推荐: write with “#推荐”. This month 1 of 2, +20 each"]
    circle.says(BEN, "/tasks")
    assert circle.told() == ["You have no tasks here."]


_SAID = some.tuples(
    some.sampled_from(("#share", "#推荐", "＃推荐 ", "no word of it")),
    some.sampled_from((WORDS, "a book", "一本讲园林和诗人的好书值得一读", "")),
    some.integers(1, 40),
)


@settings(max_examples=25, deadline=None)
@given(some.lists(_SAID, max_size=30), some.sampled_from(("day", "week", "month")), some.integers(1, 3))
def test_whatever_is_said_no_period_counts_more_than_it_may(said, per, times):
    circle = circle_with(per=per, times=times)
    points = circle.ledger("points")
    for word, rest, hours in said:
        circle.says(ANA, f"{word} {rest}")
        circle.pass_(hours=hours)
    facts = [fact for fact in circle.store.facts("g") if fact.kind == "ambassador_task"]
    days = [circle.group.day(fact.at) for fact in facts]
    of = {
        "day": lambda day: day,
        "week": lambda day: day.isocalendar()[:2],
        "month": lambda day: (day.year, day.month),
    }[per]
    assert max(Counter(map(of, days)).values(), default=0) <= times
    assert all(later.at - earlier.at >= timedelta(hours=1) for earlier, later in pairwise(facts))
    assert circle.ledger("points") - points == 20 * len(facts)


def test_two_accounts_of_one_person_have_done_it_as_often_as_one():
    circle = Circle(tasks={"share": {**SHARE, "times": 1}}, discover="member.active_days_30d >= 3")
    for who in (MIA, OTHER_MIA):
        circle.says(who, "hello")
        circle.says(ADA, f"/ambassador invite {who.account}")
        circle.presses(who, "ambassador:say:yes:koc")
    circle.says(OTHER_MIA, WORDS)
    circle.says(OTHER_MIA, "that is me")
    circle.pass_(hours=2)
    circle.says(MIA, f"{WORDS} by me")
    assert counted(circle) == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"say": []}, "at least 1"), ({"times": 0}, "greater than"), ({"say": "#a，#b"}, "one word to YAML")],
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any], why: str):
    with pytest.raises(ValueError, match=why):
        circle_with(**wrong)

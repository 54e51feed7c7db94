"""What a rolling window still takes: checked against trying every plan there is."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.tier_needs import Need, active_days, rolling_distinct, rolling_sum

TODAY = date(2026, 3, 10)


def day(back: int) -> date:
    return TODAY - timedelta(days=back)


@pytest.mark.parametrize(
    ("active", "wanted", "span", "amount", "days", "until"),
    [
        pytest.param((), 3, 7, 3, 7, 6, id="nothing yet: any three of the next seven days"),
        pytest.param((6,), 2, 7, 1, 1, 0, id="today is the last day on which the oldest one counts"),
        pytest.param((5, 3), 3, 7, 1, 2, 1, id="until the oldest of two drops out"),
        pytest.param((0,), 2, 7, 1, 6, 6, id="active today already: from tomorrow on"),
        pytest.param((0, 6), 3, 7, 2, 6, 6, id="one day cannot count twice, so the old one is out of reach"),
        pytest.param((1, 2, 3, 4, 5, 6), 7, 7, 1, 1, 0, id="every day of the week, today missing"),
        pytest.param((0, 2, 3, 4, 5, 6), 7, 7, 6, 6, 6, id="a gap in the week: six more from tomorrow"),
    ],
)
def test_active_days(active, wanted, span, amount, days, until):
    expected = Need(amount=amount, days=days, until=TODAY + timedelta(days=until))
    assert active_days(frozenset(map(day, active)), wanted, span, TODAY) == expected


def test_nothing_is_needed_once_the_days_are_there():
    assert active_days(frozenset((day(0), day(6))), 2, 7, TODAY) is None
    assert rolling_sum({day(0): 2}, 2, 7, TODAY) is None


@given(st.frozensets(st.integers(0, 8)), st.integers(3, 7), st.data())
def test_the_fewest_days_and_the_latest_end_are_those_of_trying_every_plan(back, span, data):
    wanted = data.draw(st.integers(1, span))
    active = frozenset(map(day, back))

    def reached(plan, on):
        window = {TODAY + timedelta(days=on - n) for n in range(span)}
        return len(window & (active | {TODAY + timedelta(days=ahead) for ahead in plan if ahead <= on})) >= wanted

    need = active_days(active, wanted, span, TODAY)
    if need is None:
        assert reached((), 0)
        return
    free = [ahead for ahead in range(span) if TODAY + timedelta(days=ahead) not in active]
    fewest, last = next(
        (size, ends)
        for size in range(1, span + 1)
        if (ends := max((plan[-1] for plan in combinations(free, size) if reached(plan, plan[-1])), default=None))
        is not None
    )
    assert (need.amount, need.until) == (fewest, TODAY + timedelta(days=last))


@pytest.mark.parametrize(
    ("counts", "wanted", "expected"),
    [
        ({6: 5, 1: 3}, 10, Need(amount=2, days=1, until=TODAY)),
        ({5: 5, 1: 3}, 10, Need(amount=2, days=2, until=TODAY + timedelta(days=1))),
        ({0: 3}, 10, Need(amount=7, days=7, until=TODAY + timedelta(days=6))),
        ({7: 100}, 10, Need(amount=10, days=7, until=TODAY + timedelta(days=6))),
    ],
)
def test_sums(counts, wanted, expected):
    assert rolling_sum({day(back): count for back, count in counts.items()}, wanted, 7, TODAY) == expected


def test_people_count_while_their_last_thanks_is_within_the_window():
    last: dict[object, date] = {"a": day(29), "b": day(3), "c": day(40)}
    assert rolling_distinct(last, 4, 30, TODAY) == Need(amount=2, days=1, until=TODAY)
    assert rolling_distinct({"b": day(21)}, 3, 30, TODAY) == Need(amount=2, days=9, until=TODAY + timedelta(days=8))

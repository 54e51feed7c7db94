"""What belongs together in two streams, however much stands at one instant."""

from __future__ import annotations

from collections import Counter

import pytest

from jobs.report.against.abreast import matched


def _letter(row):
    return (row[0],)


def _number(row):
    return row[1]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        pytest.param(["a1", "a2"], ["a2", "a1"], [("a1", "a1"), ("a2", "a2")], id="equal ones first"),
        pytest.param(["a1", "a1", "a2"], ["a1"], [("a1", "a1"), ("a1", None), ("a2", None)], id="each once"),
        pytest.param(
            ["a1", "a2"], ["a3", "a2", "a4"], [("a2", "a2"), ("a1", "a3"), (None, "a4")], id="the rest in order"
        ),
        pytest.param(["b1"], ["a1", "b2"], [(None, "a1"), ("b1", "b2")], id="by key"),
    ],
)
def test_rows_are_matched_by_key_and_those_of_one_value_first(before, after, wanted):
    assert list(matched(before, after, _letter, _number)) == wanted


def test_each_row_is_looked_at_once_however_many_have_one_key():
    looks: Counter[int] = Counter()

    def value(row):
        looks[row] += 1
        return row

    assert len(list(matched(range(3_000), range(3_000, 6_000), lambda row: ("",), value))) == 3_000
    assert set(looks.values()) == {1}

"""Names that stand first in what people write."""

from __future__ import annotations

import pytest

from workflows.naming import leading

NAMES = {"trial": "t", "trial run": "r", "下单": "o"}


@pytest.mark.parametrize(
    ("written", "found", "follows"),
    [
        ("trial RUN  why not", "r", "why not"),
        ("trial and error", "t", "and error"),
        ("「下单」 第一次", "o", "第一次"),
        ("a trial", None, "a trial"),
        ("", None, ""),
        ("word " * 50_000, None, "word " * 50_000),
    ],
)
def test_the_longest_name_that_fits_is_meant_and_the_rest_follows(written: str, found: str | None, follows: str):
    assert leading(written, NAMES) == (found, follows)


def test_without_names_all_of_it_follows():
    assert leading("trial run", {}) == (None, "trial run")

"""A gap is told by its two ends, and never as from a minute to the same minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workflows.gaps import ends

AT = datetime(2026, 3, 2, 19, 49, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("long", "told"),
    [
        pytest.param(timedelta(seconds=1), ("03-02 19:49:03", "03-02 19:49:04"), id="a second"),
        pytest.param(timedelta(minutes=6), ("03-02 19:49", "03-02 19:55"), id="minutes"),
        pytest.param(timedelta(days=1), ("03-02 19:49", "03-03 19:49"), id="a day, to the minute"),
    ],
)
def test_the_ends_of_a_gap_differ(long: timedelta, told: tuple[str, str]) -> None:
    assert ends(AT, AT + long) == told

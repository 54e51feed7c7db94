"""What admins are told of an instant has its year where that is another one: what ends next year is not over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.commands.group import ADA, START, Steered


def answer(group: Steered, text: str) -> list[str]:
    """The lines of what is said to an admin about a command."""
    group.told()
    group.says(ADA, text)
    return "\n".join(map(str, group.told())).splitlines()


def test_warnings_over_the_end_of_a_year() -> None:
    group = Steered()
    group.says(ADA, "/warn @ana spam")
    group.at = START + timedelta(days=293)
    group.says(ADA, "/warn @ana again")
    assert answer(group, "/warns @ana")[1:] == [
        "· 12-20 10:01 again, until 2027-01-19 10:01",
        "· 03-02 10:01 spam (expired)",
    ]
    group.at = START + timedelta(days=310)
    assert answer(group, "/warns @ana")[1:] == [
        "· 2026-12-20 10:01 again, until 01-19 10:01",
        "· 2026-03-02 10:01 spam (expired)",
    ]


def test_the_year_is_that_of_the_group_s_own_clock() -> None:
    group = Steered()
    group.at = datetime(2026, 12, 31, 17, tzinfo=UTC)
    group.says(ADA, "/pause 5h")
    assert "until 01-01 06:01" in "".join(answer(group, "/status"))


@pytest.mark.parametrize(("length", "shown"), [("300d", "until 12-27 10:"), ("310d", "until 2027-01-06 10:")])
def test_a_pause_into_the_next_year(length: str, shown: str) -> None:
    group = Steered()
    group.says(ADA, f"/pause {length}")
    assert shown in "".join(answer(group, "/status"))

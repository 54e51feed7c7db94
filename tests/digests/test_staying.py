"""Whether newcomers stay: the newest week of joining whose people have had two weeks, beside the one before it."""

from __future__ import annotations

import pytest

from tests.digests.group import STAFF, Week, community, person

ANA, BEN, CAT, DAN = (person(number) for number in range(20, 24))


@pytest.fixture
def week(store) -> Week:
    return Week(store, community(sections=["retention"]))


def joining(week: Week) -> None:
    """Three people in the week of the ninth, and staff; one in the week before."""
    week.joined(DAN, 3)
    week.said(DAN, 4, "hello")
    for who, day in ((ANA, 9), (BEN, 12), (CAT, 15), (STAFF, 10)):
        week.joined(who, day)
    week.said(ANA, 9, "hello")
    week.said(BEN, 18, "hello")
    week.said(ANA, 22, "again")
    week.said(BEN, 19, "again")
    week.said(CAT, 29, "late")
    week.said(STAFF, 11, "welcome")


def test_the_newest_week_that_can_be_told_of_beside_the_one_before(week):
    joining(week)
    week.happens()
    assert week.told("en").partition("\n\n")[2] == (
        "🌱 Who joined 9–15 Mar: 3 newcomers\n"
        "· took part in their first 7 days: 2 of 3 (of those the week before: 1 of 1)\n"
        "· took part again on days 7 to 13: 2 of 3 (of those the week before: 0 of 1)"
    )
    assert week.told("zh").partition("\n\n")[2] == (
        "🌱 3月9日—15日入群的新人 3 人\n"
        "· 头 7 天里有过活跃：3 人里 2 人（前一周入群的：1 人里 1 人）\n"
        "· 第 7 到 13 天还在活跃：3 人里 2 人（前一周入群的：1 人里 0 人）"
    )


def test_a_week_in_which_nobody_joined_is_not_told_of(week):
    week.joined(DAN, 3)
    week.joined(ANA, 20)
    week.said(ANA, 24, "hello")
    week.happens()
    assert week.told("zh").endswith("这段时间很安静，没有什么要说的。")


def test_there_is_nothing_beside_it_where_nobody_joined_before(week):
    week.joined(ANA, 9)
    week.said(ANA, 9, "hello")
    week.happens()
    assert "first 7 days: 1 of 1\n· took part again on days 7 to 13: 0 of 1" in week.told("en")

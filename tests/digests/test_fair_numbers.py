"""What a number of a digest is of, and what it is held against: only with what is known as well as itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.sql.rollups import SqlRollups
from core.events import MemberJoined, MemberLeft
from jobs.digest.build import chart_of
from jobs.digest.figures import gathered
from tests.digests.group import BOT, Week, community, person
from workflows.digest_periods import told_on

MINUTE = timedelta(minutes=1)
SECTIONS = ["activity", "check_in_board", "new_members", "rule_report"]


@pytest.fixture
def week(store) -> Week:
    return Week(store, community(sections=SECTIONS))


@pytest.mark.parametrize(("first", "compared"), [(16, True), (17, False)], ids=["from Monday on", "from Tuesday on"])
def test_a_period_is_compared_with_one_that_is_known_whole(week, first, compared):
    for day in (first, 20, 24):
        week.said(person(2), day, "早")
    week.happens()
    assert ("上期" in week.told("zh")) == compared
    assert ("before" in week.told("en")) == compared


def test_a_mean_is_of_the_days_that_are_known(week):
    """The assistant came on Friday: three of the seven days are known."""
    for number, day in ((2, 27), (2, 28), (3, 28), (2, 29)):
        week.said(person(number), day, "早")
    week.happens()
    assert "2 位成员里，平均每天 1.3 人发言或互动" in week.told("zh").splitlines()
    assert "Active a day, on average: 1.3 of 2 members" in week.told("en").splitlines()


def test_a_mean_moves_as_it_does_and_not_as_whole_people_do(week):
    """Eleven days of people against ten: 1.6 and 1.4, which are two and one when rounded."""
    week.said(person(2), 10, "早")
    for day in range(16, 23):
        week.said(person(2), day, "早")
        week.said(person(2), day + 7, "早")
    for day in (16, 17, 18, 23, 24, 25, 26):
        week.said(person(3), day, "早")
    week.happens()
    assert "2 位成员里，平均每天 1.6 人发言或互动（上期 1.4，↑0.2）" in week.told("zh").splitlines()
    assert "Active a day, on average: 1.6 of 2 members (before 1.4, ↑0.2)" in week.told("en").splitlines()


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "zh",
            ["平均每天 3 人发言或互动", "✅ 晨读：3 人，共打卡 3 次", "现有成员 1 人（我们见到过的），离开 2 人"],
        ),
        (
            "en",
            ["Active a day, on average: 3", "✅ Morning: 3 check-ins by 3 people"],
        ),
    ],
)
def test_more_than_there_are_left_are_told_without_a_share(week, language, lines):
    for number in (2, 3, 4):
        week.said(person(number), 29, f"打卡 第{number}章")
    for number in (2, 3):
        week.left(person(number), 29)
    week.happens()
    told = week.told(language).splitlines()
    assert [line for line in lines if line not in told] == []


def test_who_comes_back_is_no_new_member(week):
    for number in (2, 3):
        week.joined(person(number), 3)
        week.left(person(number), 20)
    week.joined(person(2), 24)
    week.joined(person(4, "小新"), 25)
    week.happens()
    told = week.told("zh").splitlines()
    assert told[told.index("👋 新成员 1 人") :] == [
        "👋 新成员 1 人",
        "小新",
        "回来的，或早就见过的 1 人",
        "现有成员 2 人（我们见到过的），离开 0 人",
    ]
    assert "👋 New members: 1\n小新\nBack again, or known here before: 1\nMembers now" in week.told("en")


def test_who_comes_twice_in_a_week_is_new_once(week):
    week.joined(person(4, "小新"), 23)
    week.left(person(4, "小新"), 24)
    week.joined(person(4, "小新"), 26)
    week.happens()
    told = week.told("zh")
    assert "👋 新成员 1 人\n小新\n现有成员 1 人" in told


def test_who_was_new_last_week_and_came_back_in_this_one_was_new_last_week(week):
    week.said(person(2), 10, "早")
    week.said(person(2), 17, "早")
    week.joined(person(3), 17)
    week.left(person(3), 19)
    week.joined(person(3), 25)
    week.happens()
    assert "👋 新成员 0 人（上期 1，↓1）\n回来的，或早就见过的 1 人\n" in week.told("zh")


def test_a_rule_that_held_and_did_nothing_has_not_acted(week):
    """Who thanks themself, and who thanks a bot, meets the rule and gives nothing."""
    own, of_a_bot = week.said(person(2), 24, "早"), week.said(BOT, 24, "早")
    week.said(person(2), 24, "谢谢", to=own)
    week.said(person(3), 24, "谢谢", to=of_a_bot)
    week.said(person(3), 25, "谢谢", to=own)
    week.happens()
    assert "· 道谢：处理 1 次，涉及 1 人" in week.told("zh").splitlines()
    assert "· Thanks: acted 1×, people: 1" in week.told("en").splitlines()


def test_a_chart_of_members_ends_with_the_period_and_not_with_the_morning_after(store):
    """It is told at nine about the week up to yesterday; meanwhile two came, and one of them left again."""
    week = Week(store, community(at="mon 09:00", chart="members_by_day"))
    for number, day in ((2, 20), (3, 24), (4, 27)):
        week.joined(person(number), day)
    monday = datetime(2026, 3, 30, 1, tzinfo=UTC)
    early = [
        MemberJoined(id=f"telegram:e{n}", at=monday - n * MINUTE, group="reading", actor=person(n)) for n in (6, 5)
    ]
    gone = MemberLeft(id="telegram:gone", at=monday - MINUTE, group="reading", actor=person(6))
    week.happens(datetime(2026, 3, 29, 12, tzinfo=UTC))
    week.engine.process([*early, gone])
    period = told_on(week.digest.at, monday.astimezone(week.group.zone).date())
    figures = gathered(week.group, week.digest, period, SqlRollups(store), store, monday, "en")
    assert figures.members == 4
    assert chart_of(week.group, week.digest, figures, "en").values == (1, 2, 2, 2, 3, 3, 3)

"""Days that are named one after the other, for leave and to make up: all of them are read, or the member is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.people import Account, Actor
from tests.workflows.check_in_camp import WANG, Camp
from workflows.check_in_days import coming_days, part_of_a_day, past_day, tells_days, unclear
from workflows.check_in_past import missed
from workflows.check_in_telling import shown_days

ANN = Actor(account=Account("telegram:7"), name="Ann", language="en")
WEDNESDAY = date(2026, 3, 4)
RULES: dict[str, Any] = {
    "keywords": ["打卡"],
    "points": 1,
    "late": {"keyword": ["补卡", "makeup"], "within": "7d", "points": 1},
    "leave": {"keyword": ["请假", "leave"], "per_month": 10, "max_days_ahead": 60},
}


def camp(**more: Any) -> Camp:
    made = Camp(languages=("zh", "en"), morning={**RULES, **more})
    made.joins("2026-02-01 07:00")
    return made


def booked(text: str, who: Actor = WANG) -> list[str]:
    made = camp()
    made.joins("2026-02-01 07:00", who)
    made.says("2026-03-04 08:00", text, who)
    return [f"{fact.about:%m-%d}" for fact in made.facts("excused:morning", who)]


# Leave

LISTS = {
    "请假 3月5日,3月7日": "5 7", "请假 3月5日，3月7日": "5 7", "请假 5号，7号": "5 7", "请假 周五，周日": "6 8",
    "请假 明天，后天": "5 6", "请假 3/5,3/7": "5 7", "请假 3月5日 3月7日": "5 7", "请假 3月5日、3月7日": "5 7",
    "请假3月5日、3月7日": "5 7", "请假5号，7号": "5 7", "请假 5号，7号，9号": "5 7 9", "请假 5号，7号和9号": "5 7 9",
    "请假 5号到7号，9号": "5 6 7 9", "请假 5号-6号、8号-9号": "5 6 8 9", "请假 周五，周日 出差": "6 8",
    "请假 周五，周日，出差": "6 8", "请假 明天，后天都请": "", "请假 5号，7号两天": "5 7", "请假两天，5号和7号": "5 7",
    "请假两天：周五、周日": "6 8", "请假 3月7日、3月5日": "5 7", "请假 下周一，下周三": "9 11",
    "请假 下周一 下周三 下周五": "9 11 13", "请假 今天 明天 后天": "4 5 6", "请假今天明天后天": "4 5 6",
    "请假 2026-03-05, 2026-03-07": "5 7", "请假 3.5,3.7": "5 7", "请假 周五、下周二": "6 10",
    "明天和周五请假": "5 6", "请假 5号，7号，谢谢": "5 7", "请假 明天，后天回来": "5", "请假 明天 后天回来": "5",
    "leave Mon, Wed": "9 11", "leave Monday Wednesday Friday": "9 11 13", "leave Thursday Friday Saturday": "5 6 7",
    "leave Friday, Saturday please": "6 7", "leave tomorrow and Friday": "5 6", "leave Thu, Sat and Sun": "5 7 8",
    "leave Friday, Saturday because of a trip": "6 7", "leave request for tomorrow": "5",
    "leave request: Friday and Sunday": "6 8", "leave March 5": "5", "leave 5 March": "5", "leave on March 5": "5",
    "leave March 5th": "5", "leave Mar 5-7": "5 6 7", "leave 5-7 March": "5 6 7", "leave Mar. 5": "5",
    "leave from March 5 to March 7": "5 6 7", "leave March 5 to 7": "5 6 7", "leave until March 10": "4 5 6 7 8 9 10",
    "leave March 5 and March 7": "5 7", "leave March 5 and 7": "5 7", "leave March 5, 7 and 9": "5 7 9",
    "leave on 5 and 7 March": "5 7", "leave the 5th of March": "5", "leave on the 5th March": "5",
    "leave from 5 to 7 March": "5 6 7", "leave from the 5th to the 7th of March": "5 6 7", "leave March 5, 2026": "5",
    "leave 5 March 2026 - 7 March 2026": "5 6 7", "leave 3 days from March 5": "5 6 7", "leave 5-Mar": "5",
    "leave from Mar 6 for 2 days": "6 7", "leave March 5th, my son is ill": "5", "Leave MARCH 5": "5",
    "请假 March 5": "5",
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), LISTS.items())
def test_all_days_of_a_list_are_booked(text: str, wanted: str) -> None:
    assert [int(day.removeprefix("03-")) for day in booked(text)] == [int(day) for day in wanted.split()]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("请假 30号，1号", "03-30 04-01"),
        ("请假 3月31日、4月2日", "03-31 04-02"),
        ("leave March 31 and April 2", "03-31 04-02"),
        ("leave March 30 to April 1", "03-30 03-31 04-01"),
        ("请假 30号到1号，3号", "03-30 03-31 04-01 04-03"),
    ],
)
def test_a_list_goes_over_the_end_of_a_month(text: str, wanted: str) -> None:
    assert booked(text) == wanted.split()


def test_dates_of_a_month_that_is_over_are_of_the_next_year() -> None:
    days = coming_days("January 5 and 7", date(2026, 12, 2))
    assert [day.isoformat() for day in days] == ["2027-01-05", "2027-01-07"]
    assert not unclear("January 5 and 7", date(2026, 12, 2))


@pytest.mark.parametrize(
    "text",
    [
        "请假 5号，7号出差",
        "请假 因为3号有事",
        "请假 出差，周五回来",
        "请假两天，下周一回来",
        "请假 周五或周六",
        "请假 家里有事，7号回来",
        "请假 孩子明天考试",
        "请假 今天，3月9日也请",
        "请假 今天和3月9日、3月11日再说，3月20日也请",
        "请假 9号，7号",
        "请假三天，5号和7号",
        "请假-3天",
        "请假 -3天",
        "我请假-3天",
        "请假 3天后",
        "请假！生病了，3天后回来",
        "leave Friday or Saturday",
        "leave today, back on March 9",
        "leave tomorrow, and I am off on Monday",
        "leave 2 days, March 6 and March 9 and 11",
        "leave today and maybe Friday",
        "leave due to a trip on the 9th",
    ],
)
def test_a_day_that_is_left_unread_is_asked_about_and_nothing_is_booked(text: str) -> None:
    made = camp()
    made.says("2026-03-04 08:00", text, WANG)
    assert made.facts("excused:morning") == []
    assert made.last.startswith("没看懂是哪几天。请这样写：请假 明天")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("请假一天，发烧38.5度", "4"),
        ("请假 今天，3号线停运", "4"),
        ("请假 明天，昨天太累了", "5"),
        ("请假两天，周五回来", "4 5"),
        ("请假到周五，6号考试", "4 5 6"),
        ("请假 今天，明天一定打卡", "4"),
        ("请假三天，3天后回来", "4 5 6"),
        ("leave today, back tomorrow", ""),
        ("leave today, I will check in tomorrow", ""),
        ("leave today, the sun is too hot", "4"),
        ("leave tomorrow, 2 of us march 5 miles", "5"),
        ("leave today because 1 may not be enough", "4"),
    ],
)
def test_what_is_said_beside_the_days_is_no_other_day(text: str, wanted: str) -> None:
    assert [int(day.removeprefix("03-")) for day in booked(text)] == [int(day) for day in wanted.split()]


def test_days_of_a_list_that_are_booked_already_are_not_booked_again() -> None:
    made = camp()
    made.says("2026-03-04 08:00", "请假 5号")
    made.says("2026-03-04 08:01", "请假 5号，7号")
    assert [fact.about and fact.about.day for fact in made.facts("excused:morning")] == [5, 7]
    assert made.last == "✅ 小王，「morning」请假 1 天（2026-03-07），连续天数给你留着。"


def test_a_list_that_is_more_than_the_month_has_books_nothing() -> None:
    made = camp(leave={"per_month": 2})
    made.says("2026-03-04 08:00", "请假 5号，7号，9号")
    assert made.facts("excused:morning") == []
    assert made.last == "每个月最多请 2 天假，2026-03 还能请 2 天。这次没有记。"


def test_a_streak_outlives_two_days_of_leave_that_were_named_with_a_comma() -> None:
    made = camp()
    made.days("2026-03-01", 4, text="打卡")
    made.says("2026-03-04 09:00", "请假 3月5日,3月7日")
    made.says("2026-03-06 08:00", "打卡")
    made.says("2026-03-08 08:00", "打卡")
    assert made.streak() == 6


def test_english_dates_are_days_wherever_days_are_looked_for() -> None:
    assert tells_days("March 5")
    assert past_day("March 3", WEDNESDAY) == date(2026, 3, 3)
    assert past_day("3rd of March", WEDNESDAY) == date(2026, 3, 3)
    assert part_of_a_day("March 5 in the afternoon") is part_of_a_day("3月5日") is False
    assert part_of_a_day("March 5 afternoon")
    assert unclear("until March", WEDNESDAY)


def test_days_are_shown_as_they_follow_each_other() -> None:
    days = [date(2026, 3, day) for day in (5, 6, 7, 9, 11, 12)]
    assert shown_days(days) == "2026-03-05 – 2026-03-07, 2026-03-09, 2026-03-11 – 2026-03-12"
    assert shown_days([]) == ""
    assert (
        shown_days([date(2026, month, 1) for month in range(1, 13)] + [date(2027, 1, 1)]) == "2026-01-01 – 2027-01-01"
    )


# Days made up


def behind(who: Actor = WANG, **more: Any) -> Camp:
    """Checked in on 25 February and on Wednesday 4 March."""
    made = camp(**more)
    made.joins("2026-02-01 07:00", who)
    made.says("2026-02-25 07:00", "打卡", who)
    made.says("2026-03-04 07:00", "打卡", who)
    return made


MADE_UP = {
    "补卡 昨天和前天": "2 3", "补卡 2号3号": "2 3", "补卡 2号、3号": "2 3", "补卡 2号，3号": "2 3",
    "补卡 3号，2号": "2 3",
    "补卡两天": "2 3", "补卡 3天": "1 2 3", "补卡 最近两天": "2 3", "补卡一天": "3", "补卡 昨天 前天": "2 3",
    "补卡昨天前天": "2 3", "补卡 周一、周二": "2 3", "补卡 周一和周二的": "2 3", "补卡 3月1日到3日": "1 2 3",
    "补卡 1-3号": "1 2 3", "补卡 周日到周二": "1 2 3", "补卡 3/1,3/3": "1 3", "补卡 28号到1号": "28 1",
    "补卡 2月28日到3月1日": "28 1", "补卡 两天，昨天和前天": "2 3", "补卡 3天前": "1", "补卡 2号3号，出差忘了": "2 3",
    "补卡 昨天，今天也打了": "3", "补卡 昨天，读了第5章": "3", "补卡 3月1日和3日": "1 3",
    "makeup Monday and Tuesday": "2 3", "makeup Mon, Tue": "2 3", "makeup 2 days": "2 3", "makeup last 2 days": "2 3",
    "makeup March 1": "1", "makeup March 1 and 3": "1 3", "makeup 1-3 March": "1 2 3", "makeup 1st of March": "1",
    "makeup yesterday and Monday": "2 3", "makeup for yesterday": "3", "makeup 2 days ago": "2",
    "makeup the day before yesterday": "2", "makeup Monday, read two pages": "2",
    "makeup a page copied yesterday": "3", "补卡 读了昨天那首诗": "3", "补卡 因为昨天忘了": "3",
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), MADE_UP.items())
def test_all_days_of_a_list_are_made_up(text: str, wanted: str) -> None:
    made = behind()
    made.says("2026-03-04 12:00", text)
    days = [int(day[8:]) for day in made.dates() if day not in ("2026-02-25", "2026-03-04")]
    assert days == [int(day) for day in wanted.split()]
    assert made.points() == 2 + len(days)


def test_several_days_are_told_in_one_line_with_the_streak_that_came_of_them() -> None:
    made, told = behind(), behind(ANN)
    made.says("2026-03-04 12:00", "补卡 昨天和前天")
    assert made.last == "✅ 小王 补上了「morning」2 天（2026-03-02 – 2026-03-03），现在连续 3 天，+2 分"
    told.says("2026-03-04 12:00", "makeup March 1 and 3", ANN)
    assert told.last == "✅ Ann made up 2 days for morning (2026-03-01, 2026-03-03), now 2 in a row, +2"


def test_a_bonus_that_several_days_lead_to_is_paid_once_and_told() -> None:
    made = behind(streak={"bonus": {3: 10}})
    made.says("2026-03-04 12:00", "补卡三天")
    assert made.last == "✅ 小王 补上了「morning」3 天（2026-03-01 – 2026-03-03），现在连续 4 天，+13 分"
    assert made.points() == 2 + 3 + 10


def test_of_more_days_than_make_ups_the_latest_are_made_up_and_the_others_told() -> None:
    made = behind(late={"keyword": "补卡", "within": "7d", "cards": 2})
    made.says("2026-03-04 12:00", "补卡 1号2号3号")
    assert made.dates() == ["2026-02-25", "2026-03-02", "2026-03-03", "2026-03-04"]
    assert made.last == (
        "✅ 小王 补上了「morning」2 天（2026-03-02 – 2026-03-03），现在连续 3 天，+0 分\n"
        "2026-03-01 没补上：这个月的补卡次数用完啦，下个月再来～"
    )
    assert "no make-up left this month" in made.reasons()


def test_cards_pay_for_what_the_month_does_not_have() -> None:
    made = behind(late={"keyword": "补卡", "within": "7d", "cards": 1})
    made.repairs("2026-03-04 08:00", "grant_cards", cards=1)
    made.says("2026-03-04 12:00", "补卡三天")
    assert made.dates() == ["2026-02-25", "2026-03-02", "2026-03-03", "2026-03-04"]
    assert [fact.amount for fact in made.facts("card:morning")] == [1, -1]


def test_days_that_cannot_be_made_up_are_told_beside_those_that_are() -> None:
    made = behind(ANN, late={"keyword": ["补卡", "makeup"], "within": "3d"})
    made.says("2026-03-04 12:00", "makeup February 25, Feb 26, Feb 27 and March 3", ANN)
    assert made.dates(ANN) == ["2026-02-25", "2026-03-03", "2026-03-04"]
    assert made.last == (
        "✅ Ann made up 2026-03-03 for morning, now 2 in a row, +0\n"
        "2026-02-26 – 2026-02-27 cannot be made up. Only what was missed in the last 3 days can.\n"
        "You checked in on 2026-02-25 already."
    )


def test_where_none_of_several_can_be_made_up_each_is_told_why() -> None:
    made = behind()
    made.says("2026-03-04 12:00", "补卡 2月25日和明天")
    assert made.dates() == ["2026-02-25", "2026-03-04"]
    assert made.last == "2026-03-05 补不了：只能补最近 7 天里漏掉的日子。\n2026-02-25 已经打过卡了，不用补。"


@pytest.mark.parametrize(
    "text",
    [
        "补卡 昨天，前天也忘了",
        "补卡 因为前天忘了",
        "补卡 忘了周一的",
        "补卡 上周",
        "补卡 这几天",
        "补卡 前两天",
        "补卡 3",
        "补卡 2-3",
        "补卡 -2天",
        "补卡三天，2号和3号",
        "补卡 周一或周二",
        "补卡 周一开始",
        "makeup a few days",
        "makeup last week",
        "makeup Monday or Tuesday",
        "makeup since Monday",
    ],
)
def test_a_day_to_make_up_that_cannot_be_read_is_asked_about(text: str) -> None:
    made = behind()
    made.says("2026-03-04 12:00", text)
    assert made.dates() == ["2026-02-25", "2026-03-04"]
    asked = "没看懂是哪几天。请这样写：补卡 昨天、补卡 3月5日、补卡 周一和周二、补卡 2天"
    assert made.last == asked


def test_who_speaks_english_is_asked_in_english() -> None:
    made = behind(ANN)
    made.says("2026-03-04 12:00", "makeup last week", ANN)
    assert made.last == (
        "I cannot read which days. Write it like this: makeup yesterday, makeup March 5, makeup Monday and Tuesday,"
        " makeup 2 days"
    )


def test_gathered_answers_name_each_day_that_was_made_up_and_refusals_come_at_once() -> None:
    made = camp(gather={"every": "10m", "most": 20}, late={"keyword": "补卡", "within": "7d", "cards": 2})
    made.says("2026-03-04 07:00", "打卡")
    made.says("2026-03-04 07:01", "补卡三天")
    assert made.said() == ["2026-03-01 没补上：这个月的补卡次数用完啦，下个月再来～"]
    made.until("2026-03-04 07:10")
    assert made.last == (
        "✅「morning」打卡：\n小王 连续第 1 天，+1 分\n小王 补上 2026-03-02，连续 3 天\n小王 补上 2026-03-03，连续 3 天"
    )


def test_finishing_by_several_days_is_rewarded_once() -> None:
    made = behind(
        starts="2026-02-20",
        finish={"days": 3, "points": 50},
        late={"keyword": "补卡", "within": "7d"},
        ends="2026-03-31",
    )
    made.says("2026-03-04 12:00", "补卡三天")
    assert made.points() == 2 + 50
    assert len(made.dates()) == 5


@pytest.mark.parametrize(
    ("text", "wanted"), [("3月30日到2日", "30 31 1 2"), ("3月1日到3日", "1 2 3"), ("March 30 to April 2", "30 31 1 2")]
)
def test_a_range_in_the_past_goes_over_the_end_of_a_month(text: str, wanted: str) -> None:
    days = missed(text, date(2026, 4, 5))
    assert isinstance(days, tuple)
    assert [day.day for day in days] == [int(day) for day in wanted.split()]

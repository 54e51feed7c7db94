"""Days as people shorten them, for leave and for days that are made up: none of them is lost, and none is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflows.check_in_camp import WANG
from tests.workflows.test_check_in_several_days import ANN, behind, booked, camp
from workflows.check_in_past import missed

LEAVE = {
    "请假 周六日": "7 8", "请假周六日": "7 8", "请假 周六、日": "7 8", "请假 周六/日": "7 8", "请假 周五六日": "6 7 8",
    "请假 周一和二": "9 10", "请假 下周一二": "9 10", "请假下周一二三": "9 10 11", "请假 星期五六": "6 7",
    "请假 周四五两天": "5 6", "请假 周六日出差": "7 8", "请假 周一到五": "9 10 11 12 13",
    "请假 下周一到三": "9 10 11", "请假 周五-日": "6 7 8",
    "请假 周五六点有课": "6", "请假 周六日出去拍日出": "7 8", "请假 周六日出": "7", "请假 周一一起吃饭": "9",
    "请假 周六五有事": "7",
    "请假 周六日本团": "7", "请假 周日日程满": "8", "请假 周三四点有会": "4", "请假 周六，三天": "7 8 9",
    "请假 3月5日（周四）": "5", "请假 3月5日周四": "5", "请假 3月5日(周四)、3月6日(周五)": "5 6",
    "请假 5号周四到7号周六": "5 6 7",
    "请假 20260305": "5", "请假 20260305到20260307": "5 6 7",
    "leave tmr": "5", "leave tmrw and Friday": "5 6", "leave sat/sun": "7 8", "leave sat+sun": "7 8",
    "leave Mon/Wed/Fri": "9 11 13", "leave Thursday the 5th": "5", "leave Thu, March 5": "5",
    "leave Thursday next week": "12", "leave next week Thursday": "12", "leave next week on Thursday": "12",
    "leave this Friday": "6", "leave this Friday please": "6", "leave this Friday meeting": "",
    "leave this Thu": "5", "leave Weds": "4",
    "请假 3月14日（周六）": "14", "请假 3.14（周六）": "14", "请假 周六（3月14日）": "14", "请假 周六日吧": "7 8",
    "请假 3月9日（周一）到3月11日（周三）": "9 10 11", "leave Saturday, March 14": "14", "leave Sat March 14": "14",
    "leave March 14 (Sat)": "14", "leave Mon, March 9 and Wed, March 11": "9 11", "请假 6号、周六": "6 7",
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), LEAVE.items())
def test_leave_is_for_all_days_that_are_meant(text: str, wanted: str) -> None:
    assert [int(day.removeprefix("03-")) for day in booked(text)] == [int(day) for day in wanted.split()]


@pytest.mark.parametrize(
    "text",
    [
        "请假 0305",
        "请假 初五",
        "请假 元旦",
        "请假到元旦",
        "请假 明天到春节",
        "请假 国庆七天",
        "请假 十一",
        "请假 Christmas",
        "请假 周四，五、六号",
    ],
)
def test_a_feast_and_a_number_are_asked_about(text: str) -> None:
    made = camp()
    made.says("2026-03-04 08:00", text, WANG)
    assert made.facts("excused:morning") == []
    assert made.last.startswith("没看懂是哪几天。请这样写：请假 明天")


@pytest.mark.parametrize("text", ["请假 3月6日（周六）", "请假 3月6日周六", "请假 下周五3月6日", "leave Sat March 6"])
def test_a_date_with_the_weekday_of_another_is_asked_about(text: str) -> None:
    made = camp()
    made.says("2026-03-04 08:00", text, WANG)
    assert made.facts("excused:morning") == []
    assert made.last.startswith("没看懂是哪几天。请这样写：请假 明天")


MADE_UP = {
    "补卡 周一二": "2 3", "补卡周一、二": "2 3", "补卡 周日到二": "1 2 3", "补卡 上周六日": "28 1",
    "补卡 3月2日（周一）": "2", "补卡 2月27日（周五）": "27", "补卡 2月24日周二": "", "makeup Tuesday, March 3": "3",
    "补卡 20260302": "2", "makeup last Monday": "2", "makeup last Mon and Tue": "2 3", "makeup last night": "3",
    "makeup yday": "3", "makeup Saturday last week": "28", "makeup last Sunday": "1",
    "补卡三月二号": "2", "补卡（3月2日）": "2", "班长，补卡 3月2日": "2", "补 卡 周一": "2",
    "补卡 100个俯卧撑": "3", "补卡 中秋诗三首": "3", "补卡 三月读书笔记": "3",
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), MADE_UP.items())
def test_all_days_that_are_meant_are_made_up(text: str, wanted: str) -> None:
    made = behind()
    made.says("2026-03-04 12:00", text)
    days = [int(day[8:]) for day in made.dates() if day not in ("2026-02-25", "2026-03-04")]
    assert days == [int(day) for day in wanted.split()]


@pytest.mark.parametrize("text", ["补卡 三月三日", "补卡 去年3月3日", "补卡 0303", "补卡 元旦那天", "补卡 十一"])
def test_a_day_that_is_told_otherwise_is_no_latest_one(text: str) -> None:
    made = behind()
    made.says("2026-03-04 12:00", text)
    assert made.last.startswith("没看懂是哪几天。请这样写：补卡 昨天")


def test_the_last_monday_is_the_latest_and_that_of_last_week_is_the_one_before() -> None:
    wednesday = date(2026, 3, 4)
    assert missed("last Monday", wednesday) == (date(2026, 3, 2),)
    assert missed("last Wednesday", wednesday) == (date(2026, 2, 25),)
    assert missed("Monday last week", wednesday) == (date(2026, 2, 23),)
    assert missed("上周一", wednesday) == (date(2026, 2, 23),)
    assert missed("last Saturday", date(2026, 3, 1)) == (date(2026, 2, 28),)


def test_in_english_too() -> None:
    made = behind(ANN)
    made.says("2026-03-04 12:00", "makeup last Monday", ANN)
    assert made.last == "✅ Ann made up 2026-03-02 for morning, now 1 in a row, +1"

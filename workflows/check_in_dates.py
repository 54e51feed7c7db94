"""One day as people name it, in Chinese or English: `明天`, `下周一`, `3月5日`, `5号`, `3/5`, `March 5th`, `Monday`.

`3/5` is the fifth of March. Dates with an English month are read as the Chinese ones that they are (`in_numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from workflows.check_in_shorthand import WEEKDAY_NAMES, written_out
from workflows.lengths import han_number
from workflows.options import WEEKDAYS
from workflows.streaks import DAY

_NAMED: Final = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "今天": 0,
    "今日": 0,
    "今早": 0,
    "今晚": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "大后天": 3,
    "后天": 2,
    "last night": -1,
    "yesterday": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
    "day before yesterday": -2,
    "the day before yesterday": -2,
}
MONTH_END: Final = ("月底", "月末", "本月底", "这个月底", "the end of the month", "end of the month")
"""A day that something goes on to; by itself it is any of the last ones."""
_HAN_DAYS: Final = {char: n for n, char in enumerate("一二三四五六日")} | {"天": 6}
_NAME_OF_DAY: Final = re.compile("|".join(sorted((*_NAMED, *MONTH_END), key=len, reverse=True)), re.IGNORECASE)
_HAN_WEEKDAY: Final = r"(下下|[上下这本]?)个?(?:周|星期|礼拜)([一二三四五六日天])(?!(?<=一)[般直定共样])"
_WEEKDAY: Final = re.compile(rf"{_HAN_WEEKDAY}|(?:on\s+)?(?:(last|this|next)\s+)?({WEEKDAY_NAMES})\b", re.IGNORECASE)
_AWAY: Final = {"上": -7, "下": 7, "next": 7, "下下": 14}
_FULL: Final = re.compile(r"(?P<year>\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
UNIT: Final = r"\s*(?:[天个点]|(?:周|星期)(?![一二三四五六日天])|小时|day|week|hour)"
_SHORT: Final = re.compile(
    rf"(?P<month>\d{{1,2}})(?:月|(?:[/.]|-(?!\d{{1,2}}[日号月]))(?!\d{{1,2}}{UNIT}))(\d{{1,2}})[日号]?", re.IGNORECASE
)
"""`5.7号` is the seventh of May; `5-7号` is none."""
FEAST: Final = (
    r"元旦|春节|过年|国庆|五一|十一(?![个点月日号天周])|清明|端午|中秋|除夕|大年|腊月|正月|圣诞|[寒暑]假|初[一二三四五六七八九十]|廿"
    r"|(?:christmas|xmas|easter|thanksgiving|new\s+year)\b"
)
"""Days that no week and no month tells."""
HAN: Final = "[二三]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
MONTHS: Final = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE: Final = re.compile(
    rf"(?:(?:on\s+)?the\s+)?(?P<lone>\d{{1,2}}|(?:{HAN})(?=号))(?:[日号]|(?:st|nd|rd|th)\b(?!\s+(?:of|{MONTHS})\b))",
    re.IGNORECASE,
)
A_DAY: Final = re.compile(
    f"(?:{_FULL.pattern})|(?:{_SHORT.pattern})|(?:{_DATE.pattern})|({_NAME_OF_DAY.pattern})|(?:{_WEEKDAY.pattern})",
    re.IGNORECASE,
)


def day_of(found: re.Match[str], today: date, ahead: int, near: date | None = None) -> date | None:
    """What `A_DAY` found as a date. `明天` and `下周五` are as seen from today; what says neither year nor week is the
    nearest one on the asked side of `near`, which is today if not given: 0 before, 1 after."""
    near = near or today
    year, month, day, short_month, short_day, lone_day, name, han_week, han, week, weekday = found.groups()
    if name:
        away = _NAMED.get(name.lower())
        return today + away * DAY if away is not None else _month_end(today)
    if han or weekday:
        number = _HAN_DAYS[han] if han else WEEKDAYS.index(weekday[:3].lower())
        named = (han_week or week or "").lower()
        return _weekday(named, number, today if named else near, ahead)
    if year:
        return date_of(int(year), int(month), int(day))
    if lone_day:
        months = [(near.year * 12 + near.month - 1 + n) for n in ((0, 1) if ahead else (0, -1))]
        found_in = [date_of(n // 12, n % 12 + 1, day_number(lone_day)) for n in months]
        return next((d for d in found_in if d is not None and (d >= near if ahead else d <= near)), None)
    meant = date_of(near.year, int(short_month), int(short_day))
    if ahead and (meant is None or (near - meant).days > 180):
        return date_of(near.year + 1, int(short_month), int(short_day)) or meant
    if not ahead and (meant is None or meant > near):
        return date_of(near.year - 1, int(short_month), int(short_day))
    return meant


def by_date(found: re.Match[str]) -> bool:
    """Whether `A_DAY` found a date, as `4月8日` or `8号`, and no name or weekday."""
    return any(found[name] for name in ("year", "month", "lone"))


def weekday_of(found: re.Match[str], today: date) -> tuple[int, date | None] | None:
    """The weekday that `A_DAY` found, and its date where a week is told, as in `下周三`; None if it is no weekday."""
    *_, han_week, han, week, weekday = found.groups()
    if not (han or weekday):
        return None
    day = day_of(found, today, ahead=1)
    assert day is not None
    return day.weekday(), day if han_week or week else None


def date_of(year: int, month: int, day: int) -> date | None:
    """The date; None for a 30 February."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day_number(written: str) -> int:
    """The number of a `lone` day: `5`, `十五`."""
    return int(written) if written.isdecimal() else han_number(written)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + 31 * DAY).replace(day=1) - DAY


def _weekday(week: str, weekday: int, today: date, ahead: int) -> date:
    """`下周三`, `上周三`, `这周三`; a bare `周三` is the nearest one on the asked side of today, which may be today.
    `last Monday` is the latest before today, `上周一` that of the week before."""
    away = weekday - today.weekday()
    if week == "last":
        return today - (-away % 7 or 7) * DAY
    if week:
        return today + (away + _AWAY.get(week, 0)) * DAY
    return today + (away % 7 if ahead else -(-away % 7)) * DAY


# Dates with an English month

_MONTH_NAMES: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_THREE: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NTH: Final = r"(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?"
_JOINED: Final = r"\s*(?:,?\s*(?:and|&)|,|[-–—~]|to|until|till|through)\s*"
_STOPS: Final = (
    r"(?![\d:/%]|\.\d)(?=\s*(?:$|[^\w\s]|[^\x00-\x7f]"
    r"|(?:and|or|to|until|till|through|because|due|for|please|pls|thanks|if|as|since|sick|ill)\b))"
)
"""How a number goes on that counts nothing: `March 5 and 7`, not `March 5, 2 of us`."""
_NO_MONTH: Final = r"(?:may|march)\s+(?!(?:and|or|to|until|till|through|because|due|for|please|pls|as|since)\b)[a-z]"
"""What is done rather than a month: `1 may not`."""
_MONTH_FIRST: Final = re.compile(
    rf"\b(?P<name>{_MONTH_NAMES})\.?[\s-]*(?P<days>{_NTH}\b(?![:/%]|\.\d|\s*(?:miles?|km|pages?|minutes?|hours?|people)\b)"
    rf"(?:{_JOINED}{_NTH}\b{_STOPS})*)(?:,?\s*(?P<of>20\d\d)\b)?",
    re.IGNORECASE,
)
_DAY_FIRST: Final = re.compile(
    rf"(?<![\w./:-])(?P<days>{_NTH}(?:{_JOINED}{_NTH})*)[\s-]*(?:of\s+)?(?P<name>(?!{_NO_MONTH})(?:{_MONTH_NAMES}))\b\.?"
    r"(?:[\s,-]*(?P<of>20\d\d)\b)?",
    re.IGNORECASE,
)
_A_NUMBER: Final = re.compile(r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?", re.IGNORECASE)


def in_numbers(text: str) -> str:
    """A text with its days written out, and English dates in numbers: `March 5th to 7th`, `5–7 March` as `3月5日 to
    3月7日`."""
    text = written_out(text)
    if not _THREE_IN.search(text):
        return text
    return _DAY_FIRST.sub(_numbered, _MONTH_FIRST.sub(_numbered, text))


def _numbered(found: re.Match[str]) -> str:
    month = _THREE.index(found["name"][:3].lower()) + 1
    year = f"{found['of']}年" if found["of"] else ""
    return _A_NUMBER.sub(lambda number: f"{year}{month}月{number[1]}日", found["days"])


_THREE_IN: Final = re.compile("|".join(_THREE), re.IGNORECASE)

# Days that stand anywhere

_NO_DAYS: Final = "(?![线楼院店门机桌厅馆台房室柜仓球车床位码文])"
_ANYWHERE: Final = re.compile(
    rf"(?:{_FULL.pattern})|(?<![\d./])(?:(?P<month>\d{{1,2}})(?:月|/|\.(?=\d{{1,2}}(?:$|[\s,，、。;；])))(\d{{1,2}})(?![\d%/.]|{UNIT})[日号]?)"
    rf"|(?:(?<![\d.])(?P<lone>\d{{1,2}}|(?:{HAN})(?=号))(?:[日号]{_NO_DAYS}|(?:st|nd|rd|th)\b(?!\s+[a-z])))"
    rf"|({_NAME_OF_DAY.pattern})|(?:{_HAN_WEEKDAY}"
    r"|\b(?:(last|this|next)\s+)?((?:mon|tues|wednes|thurs|fri|satur|sun)day"
    rf"|(?:(?<=on )|(?<=or )|(?<=and )|(?<=next )|(?<=until )|(?<=to ))(?:{WEEKDAY_NAMES}))\b)",
    re.IGNORECASE,
)
"""Days in the middle of a text, where `38.5`, `3号线` and `sun` are none."""


def days_in(text: str, today: date, ahead: int, known: Collection[date]) -> Iterator[tuple[date, int]]:
    """The days named anywhere in a text, with where each ends, but for those that are among the `known`: a day of the
    week or of a month may be any of them."""
    weekdays, lone = {day.weekday() for day in known}, {day.day for day in known}
    short = {(day.month, day.day) for day in known}
    for found in _ANYWHERE.finditer(text):
        day = day_of(found, today, ahead)
        if day is None or day in known:
            continue
        *_, han_week, han, week, weekday = found.groups()
        if (han or weekday) and not (han_week or week) and day.weekday() in weekdays:
            continue
        if (found["lone"] and day.day in lone) or (found["month"] and (day.month, day.day) in short):
            continue
        yield day, found.end()

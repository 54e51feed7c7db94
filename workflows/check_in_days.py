"""The days that people name when they ask for leave: `明天`, `下周一到周三`, `5-7号`, `5号，7号`, `until March 10`.

What can be read as one day or as several (`5-7`) is unclear, and asked about; so is a day that is named and could not
be read among the others.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from workflows.check_in_dates import (
    A_DAY,
    FEAST,
    HAN,
    MONTH_END,
    MONTHS,
    date_of,
    day_number,
    day_of,
    days_in,
    in_numbers,
)
from workflows.check_in_lists import (
    AWAY,
    BACK,
    FIRST_OF_SOME,
    FROM,
    LISTED,
    ON,
    SO_MANY,
    SPAN,
    TO,
    days_from,
    end_of,
    length_of,
    next_of,
    spelled,
)
from workflows.check_in_twice import told_once
from workflows.streaks import DAY

_ONE_OR_SOME: Final = re.compile(r"\d{1,2}-\d{1,2}(?![\d-])")
"""`5-7`: the seventh of May, or the 5th to the 7th."""
_MONTH_OR_FIRST: Final = re.compile(r"(\d{1,2})-(\d{1,2})[日号]")
"""`12-5号`: rather the fifth of December than the 12th of a month to the 5th of the next."""
_BOTH: Final = re.compile("(今明|明后)(?:两|两个)?[天日]")
"""Two days in one word: 明后天."""
_PART: Final = re.compile(
    r"半[天日]|一?(?:整个)?(?:上午|下午|中午|早上|晚上|傍晚)"
    rf"|(?:\d{{1,2}}(?:\.\d)?|{HAN}|[几半])\s*个?半?(?:小时|钟头)|\d{{1,2}}(?:[点时]|:\d\d|\s*[ap]m\b)"
    r"|half an? (?:day|hour)\b|(?:\w+ |\d+)hours?\b|(?:this |the )?(?:morning|afternoon|evening)\b",
    re.IGNORECASE,
)
"""Less than a day."""
_SOMEHOW: Final = re.compile(r"\d{1,2}([./])\d{1,2}(?:\1\d{1,2})+|(\d{1,2})/(\d{1,2})[日号](?!\s*[-到至~])")
"""`5/6/7号` may be three days, or two of May."""
_VAGUE: Final = re.compile(
    r"(?:下下?|这|本)个?(?:周|星期|礼拜|月)(?![一二三四五六日天])|[这好]?几[天日]|这两天|周末|月[底末]|半个月"
    r"|[一二两三四五六七八九]{2}个?(?:[天日周]|星期|礼拜|月)|\d{1,2}[-~]\d{1,2}(?:[天周]|个月)?(?![\d日号月])"
    rf"|{_SOMEHOW.pattern}|{FEAST}",
    re.IGNORECASE,
)
"""A time that is meant, of which nobody can say which days it is."""
_UNCLEAR: Final = re.compile(
    rf"(?:下下?|这|本|上)个?(?:周|星期|礼拜|月)|[这好]?几[天日]|这两天|周末|月底|半个月|(?:{HAN})月|\d{{1,4}}(?!\d)|{FEAST}"
    r"|[一二两三四五六七八九]{2}个?(?:[天日周]|星期|礼拜|月)"
    r"|直?到|(?:next|this|last|until|till|from|in|at)\b|(?:a few|several|some|a couple of) (?:days|weeks)\b"
    rf"|(?:on\s+)?(?:the\s+)?(?:weekend\b|\d{{1,2}}(?:st|nd|rd|th)\b|{MONTHS}\b)",
    re.IGNORECASE,
)
"""How a time begins that names no day to read."""
_NOT_GLUED: Final = re.compile(
    r"(?=$|[\W_了啦咯喽吧起到至从]|开始|因|由于|家里|有事|出差|加班|身体|不舒服|我[今明要有家]|要[出加去])[^?？吗]*$"
)
"""What may follow days that have no space before them, in what is no question."""
_BELOW: Final = re.compile("-")
"""No dash before how many there are: `-3天`."""
_LATER: Final = re.compile(r"[以之]?后|\s*(?:later|from now)\b", re.IGNORECASE)
_AGAIN: Final = re.compile(
    rf"[,，\s]*[^\W\d_]{{0,4}}?(?:{BACK.pattern}|[回补再见]|打卡|\s*\b(?:back|return|resume|check|continue|see)\b)",
    re.IGNORECASE,
)
"""What is said of the day on which leave is over."""


def past_day(text: str, today: date) -> date | None:
    """The day that a text starts with, the latest not after `today` if it has no year. None if it names none."""
    found = A_DAY.match(in_numbers(text))
    return day_of(found, today, ahead=0) if found else None


def names_a_day(text: str) -> bool:
    """Whether a text starts with a day, be it one that does not exist, or with several."""
    return A_DAY.match(in_numbers(text)) is not None or FIRST_OF_SOME.match(text) is not None


def begins_with_days(text: str) -> bool:
    """Whether a text starts with days, or a part of one, and nothing is glued to them: `三天`, `到周日，出差`, and not
    `三天怎么请`."""
    text = in_numbers(text)
    away = AWAY.match(text)
    text = text[away.end() :] if away else text
    to = TO.match(text)
    start = to.end() if to else 0
    vague = LISTED.match(text) or _VAGUE.match(text, start)
    if vague:
        return _NOT_GLUED.match(text, vague.end()) is not None
    from_ = FROM.match(text)
    start = from_.end() if from_ and to is None else start
    found = _PART.match(text) or SPAN.match(text, start) or _BOTH.match(text, start) or A_DAY.match(text, start)
    while found and (more := next_of(text, found.end())):
        found = more
    after = SO_MANY.match(text, found.end()) if found and found.re is not SPAN else None
    if after and (more := SPAN.match(text, after.end())):
        found = more
    part = _PART.match(text, found.end()) if found else None
    found = part or found
    return found is not None and _NOT_GLUED.match(text, found.end()) is not None


def tells_days(text: str) -> bool:
    """Whether a text starts with days, whatever follows them."""
    return names_a_day(text) or begins_with_days(text)


def part_of_a_day(text: str) -> bool:
    """Whether a text starts with less than a day: `半天`, `明天下午`, `两天半`."""
    text = spelled(text)
    span, day = SPAN.match(text), A_DAY.match(text)
    if span or day is None:
        return bool(span and span["half"]) or _PART.match(text) is not None
    return day[0][-1] in "早晚" or _PART.match(text[day.end() :].lstrip(" 的")) is not None


def coming_days(text: str, today: date) -> tuple[date, ...]:
    """The days that a text starts with, from `today` on: one, `A到B`, `A和B`, `到B`, `3天` or `一周`; today if it names
    none. Days without a month are those of this one, or of the next if they are over.

    Empty if it names something that cannot be: 2月30日, or an end before its start.
    """
    told = told_once(spelled(text), today, ahead=1)
    return _read(told, today) or () if told is not None else ()


def _read(text: str, today: date) -> tuple[date, ...] | None:
    """The same of a text that is `spelled`; None of days in an order that may mean two months."""
    span = SPAN.match(text)
    if span:
        named = _that_many(text, span, today)
        if named:
            return named
        begins, ends = _spanned(text, span, today)
        return days_from(begins, length_of(span) if ends is None else (ends - begins).days + 1)
    both = _BOTH.match(text)
    if both:
        return days_from(today if both[1] == "今明" else today + DAY, 2)
    found = A_DAY.match(text)
    if found is None:
        last = end_of(text, 0)
        return (today,) if last is None else _between(today, day_of(last, today, ahead=1))
    if end_of(text, found.end()) is None and next_of(text, found.end()) is None:
        first = day_of(found, today, ahead=1)
        more = SPAN.match(text, SO_MANY.match(text, found.end()).end())  # type: ignore[union-attr]
        return () if first is None else days_from(first, length_of(more) if more else 1)
    return _several(found, today)


def _several(found: re.Match[str] | None, today: date) -> tuple[date, ...] | None:
    """Days that are told one after the other: `周一、周三到周五`. None if a day of the month is told behind a
    later one, and may be of the next month; empty if one cannot be."""
    days: list[date] = []
    while found is not None:
        text, dated = found.string, found["year"] or found["month"]
        near = max(days[-1], today) if days and not dated else today
        this_month = date_of(today.year, today.month, day_number(found["lone"])) if found["lone"] else None
        if days and this_month is not None and today <= this_month < days[-1]:
            return None
        end = end_of(text, found.end())
        first = day_of(found, today, ahead=1, near=near)
        if end is not None:
            begun = _begun(found, end, today) if not days else None
            first = begun or first
            last = day_of(end, today, ahead=1, near=begun or max(first, near)) if first is not None else None
            new = _between(first, last)
        else:
            new = (first,) if first is not None else ()
        if not new or (days and not dated and new[0] < days[-1]):
            return ()
        days += new
        found = next_of(text, (end or found).end())
    return tuple(sorted(set(days)))


def _between(first: date | None, last: date | None) -> tuple[date, ...]:
    if first is None or last is None or last < first:
        return ()
    return days_from(first, (last - first).days + 1)


def _that_many(text: str, span: re.Match[str], today: date) -> tuple[date, ...] | None:
    """The days of which it was told how many they are: `两天，5号和7号`."""
    found = A_DAY.match(text, SO_MANY.match(text, span.end()).end())  # type: ignore[union-attr]
    if found is None or next_of(text, found.end()) is None:
        return None
    named = _several(found, today)
    return named if named and len(named) == length_of(span) else None


def _spanned(text: str, span: re.Match[str], today: date) -> tuple[date, date | None]:
    """The first day of so many, and the last where both are told: `三天，从明天开始`, `三天，5号到7号`."""
    at = SO_MANY.match(text, span.end()).end()  # type: ignore[union-attr]
    told = FROM.match(text, at)
    found = A_DAY.match(text, told.end() if told else at)
    first = day_of(found, today, ahead=1) if found else None
    if found is None or first is None:
        return today, None
    to = TO.match(text, found.end())
    end = A_DAY.match(text, to.end()) if to else None
    if end:
        begun = _begun(found, end, today) or first
        last = day_of(end, today, ahead=1, near=max(begun, today))
        return (begun, last) if last is not None and last >= begun else (today, None)
    return (first if told or ON.match(text, found.end()) else today), None


def _begun(first: re.Match[str], last: re.Match[str], today: date) -> date | None:
    """The first of some days without a month that this month has begun with: on the 6th that is of `5-7号` the 5th."""
    if not (first["lone"] and last["lone"]):
        return None
    day = date_of(today.year, today.month, day_number(first["lone"]))
    end = day_of(last, today, ahead=1, near=day) if day is not None else None
    return day if day is not None and end is not None and day < today <= end else None


def unclear(text: str, today: date) -> bool:
    """Whether a text starts with a time that is no day (`next week`, `下周`), may be several (`5-7`), is told in two
    ways that are not the same (`三天，5号到9号`, `3月8日周五` of a Sunday), or names a day that would not be booked
    (`5号，7号出差`)."""
    text = in_numbers(text)
    somehow = _SOMEHOW.match(text)
    if somehow and (somehow[2] is None or int(somehow[2]) < int(somehow[3])):
        return True
    month = _MONTH_OR_FIRST.match(text)
    if month and 12 >= int(month[1]) > int(month[2]):
        return True
    told = told_once(spelled(text), today, ahead=1)
    if told is None:
        return True
    return _BELOW.match(told) is not None or _begins_unclearly(told, today) or _leaves_some(told, today)


def _begins_unclearly(text: str, today: date) -> bool:
    to = TO.match(text)
    at = to.end() if to else 0
    some = _ONE_OR_SOME.match(text)
    if some:
        end = TO.match(text, some.end())
        return end is None or A_DAY.match(text, end.end()) is None
    span = SPAN.match(text)
    if span:
        if _LATER.match(text, span.end()):
            return True
        if _that_many(text, span, today):
            return False
        first, last = _spanned(text, span, today)
        if last is None and first == today and length_of(span) == 1:
            return _of_a_day(text, span, today)
        return last is not None and (last - first).days + 1 != length_of(span)
    if _PART.match(text):
        return False
    day = A_DAY.match(text, at)
    if day is not None and to is None and (day[0].lower() in MONTH_END or _goes_on_for_ever(text, day.end())):
        return True
    return _UNCLEAR.match(text) is not None if day is None else _ends_unclearly(text, day.end())


def _leaves_some(text: str, today: date) -> bool:
    """Whether a day to come is named that is none of those read, nor the one after them on which somebody is back."""
    read = _read(text, today)
    if not read:
        return read is None
    if any(_LATER.match(text, span.end()) and length_of(span) != len(read) for span in SPAN.finditer(text)):
        return True
    for day, end in days_in(text, today, ahead=1, known=read):
        if day > today and not (day == read[-1] + DAY and _AGAIN.match(text, end)):
            return True
    return False


def _of_a_day(text: str, span: re.Match[str], today: date) -> bool:
    """Whether one day is followed by another one than today, which may be that day or not: `一天，明天有事`."""
    day = A_DAY.match(text, SO_MANY.match(text, span.end()).end())  # type: ignore[union-attr]
    return day is not None and day_of(day, today, ahead=1) != today and not BACK.match(text, day.end())


def _goes_on_for_ever(text: str, at: int) -> bool:
    """Whether it is over on a day or begins on one, and when it begins or ends is not told."""
    if BACK.match(text, at):
        return True
    after = SO_MANY.match(text, at).end()  # type: ignore[union-attr]
    return ON.match(text, at) is not None and not (SPAN.match(text, after) or TO.match(text, after))


def _ends_unclearly(text: str, at: int) -> bool:
    """Whether what follows a day is `到` what is no day, though a time: `到下周`, `-8点`."""
    to = TO.match(text, at)
    if to is None or A_DAY.match(text, to.end()):
        return False
    return _UNCLEAR.match(text, to.end()) is not None and (to[0].strip().isalpha() or text[to.end()].isdigit())

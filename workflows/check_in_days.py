"""The days that people name when they ask for leave or make a day up: `明天`, `下周一到周三`, `5-7号`, `until Friday`.

What can be read as one day or as several (`5-7`) is unclear, and asked about.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from workflows.lengths import han_number
from workflows.streaks import DAY

_NAMED: Final = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
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
    "yesterday": -1,
    "today": 0,
    "tonight": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
}
_MONTH_END: Final = ("月底", "月末", "本月底", "这个月底", "the end of the month", "end of the month")
"""A day that something goes on to; by itself it is any of the last ones."""
_WEEKDAYS: Final = {char: n for n, char in enumerate("一二三四五六日")} | {"天": 6}
_NAME_OF_DAY: Final = re.compile("|".join(sorted((*_NAMED, *_MONTH_END), key=len, reverse=True)), re.IGNORECASE)
_ENGLISH_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES: Final = (
    "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_WEEKDAY: Final = re.compile(
    r"(下下|[上下这本]?)个?(?:周|星期|礼拜)([一二三四五六日天])"
    rf"|(?:on\s+)?(?:(last|this|next)\s+)?({_WEEKDAY_NAMES})\b",
    re.IGNORECASE,
)
_AWAY: Final = {"上": -7, "last": -7, "下": 7, "next": 7, "下下": 14}
_FULL: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_UNIT: Final = r"\s*(?:[天周个点]|小时|星期|day|week|hour)"
_SHORT: Final = re.compile(
    rf"(\d{{1,2}})(?:月|(?:[/.]|-(?!\d{{1,2}}[日号月]))(?!\d{{1,2}}{_UNIT}))(\d{{1,2}})[日号]?", re.IGNORECASE
)
"""`5.7号` is the seventh of May; `5-7号` is none."""
_HAN: Final = "[二三]?十[一二三四五六七八九]?|[一二两三四五六七八九]"
_MONTHS: Final = "(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE: Final = re.compile(
    rf"(?:(?:on\s+)?the\s+)?(?P<lone>\d{{1,2}}|(?:{_HAN})(?=号))(?:[日号]|(?:st|nd|rd|th)\b(?!\s+(?:of|{_MONTHS})\b))",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    f"(?:{_FULL.pattern})|(?:{_SHORT.pattern})|(?:{_DATE.pattern})|({_NAME_OF_DAY.pattern})|(?:{_WEEKDAY.pattern})",
    re.IGNORECASE,
)
_ENGLISH_NUMBERS: Final = {"a": 1} | {
    word: n for n, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_SPAN: Final = re.compile(
    rf"(\d{{1,3}}|{_HAN}|(?:{'|'.join(_ENGLISH_NUMBERS)})\b)\s*"
    r"(?:(?P<days>天(?P<half>半)?|days?\b)|个?(?P<weeks>周|星期|礼拜|weeks?\b)|个(?P<months>月))",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"[从自]|(?:from|for|starting|beginning)\s+", re.IGNORECASE)
_TO: Final = re.compile(r"\s*(?:-|–|—|~|直?到|至|to|until|till|through)\s*", re.IGNORECASE)
_FIRST_OF_SOME: Final = re.compile(rf"\d{{1,2}}(?={_TO.pattern}\d{{1,2}}[日号])", re.IGNORECASE)
_LAST_OF_SOME: Final = re.compile(
    rf"{_TO.pattern}\d{{1,2}}(?![\d./:日号月年时]|-\d|st|nd|rd|th|\s*[ap]m\b|{_UNIT})", re.IGNORECASE
)
_ONE_OR_SOME: Final = re.compile(r"\d{1,2}-\d{1,2}(?![\d-])")
"""`5-7`: the seventh of May, or the 5th to the 7th."""
_MONTH_OR_FIRST: Final = re.compile(r"(\d{1,2})-(\d{1,2})[日号]")
"""`12-5号`: rather the fifth of December than the 12th of a month to the 5th of the next."""
_ALSO: Final = re.compile(
    r"\s*(?:和|与|跟|及|、|&|and\b|(?=\d{1,2}[日号]|(?:大?后[天日]|明[天日]|周[一二三四五六日天])(?!\w)))\s*",
    re.IGNORECASE,
)
"""`明天后天` are two; of `明天 后天回来` the second is none."""
_BOTH: Final = re.compile("(今明|明后)(?:两|两个)?[天日]")
"""Two days in one word: 明后天."""
_PART: Final = re.compile(
    r"半[天日]|一?(?:整个)?(?:上午|下午|中午|早上|晚上|傍晚)"
    rf"|(?:\d{{1,2}}(?:\.\d)?|{_HAN}|[几半])\s*个?半?(?:小时|钟头)|\d{{1,2}}(?:[点时]|:\d\d|\s*[ap]m\b)"
    r"|half an? (?:day|hour)\b|(?:\w+ |\d+)hours?\b|(?:this |the )?(?:morning|afternoon|evening)\b",
    re.IGNORECASE,
)
"""Less than a day."""
_ON: Final = re.compile(r"\s*(?:开始|起)", re.IGNORECASE)
"""From a day on: without how many, nobody knows until when."""
_SO_MANY: Final = re.compile(r"[\s,，、]*(?:开始|起)?[\s,，]*(?:一?共|连续|连着|for\s)?\s*", re.IGNORECASE)
"""What stands between a day and how many follow from it: `明天开始三天`."""
_AND: Final = re.compile(r"\s*[、,，和]\s*")
_LISTED: Final = re.compile(rf"(?:\d{{1,2}}月)?\d{{1,2}}(?:{_AND.pattern}\d{{1,2}})+[日号]")
"""`5、6、7号`: each of them."""
_SOMEHOW: Final = re.compile(r"\d{1,2}([./])\d{1,2}(?:\1\d{1,2})+|(\d{1,2})/(\d{1,2})[日号](?!\s*[-到至~])")
"""`5/6/7号` may be three days, or two of May."""
_BACK: Final = re.compile(r"\s*(?:就|再|才|会)?(?:回来|回归|归队|恢复|继续|补上|补回)")
"""`后天回来`: the day on which it is over, or the last one of it."""
_VAGUE: Final = re.compile(
    r"(?:下下?|这|本)个?(?:周|星期|礼拜|月)(?![一二三四五六日天])|[这好]?几[天日]|这两天|周末|月[底末]|半个月"
    r"|[一二两三四五六七八九]{2}个?(?:[天日周]|星期|礼拜|月)|\d{1,2}[-~]\d{1,2}(?:[天周]|个月)?(?![\d日号月])"
    rf"|{_SOMEHOW.pattern}",
)
"""A time that is meant, of which nobody can say which days it is."""
_UNCLEAR: Final = re.compile(
    rf"(?:下下?|这|本|上)个?(?:周|星期|礼拜|月)|[这好]?几[天日]|这两天|周末|月底|半个月|(?:{_HAN})月|\d{{1,2}}(?!\d)"
    r"|[一二两三四五六七八九]{2}个?(?:[天日周]|星期|礼拜|月)"
    r"|直?到|(?:next|this|last|until|till|from|in|at)\b|(?:a few|several|some|a couple of) (?:days|weeks)\b"
    rf"|(?:on\s+)?(?:the\s+)?(?:weekend\b|\d{{1,2}}(?:st|nd|rd|th)\b|{_MONTHS}\b)",
    re.IGNORECASE,
)
"""How a time begins that names no day to read."""
_NOT_GLUED: Final = re.compile(
    r"(?=$|[\W_了啦咯喽吧起到至从]|开始|因|由于|家里|有事|出差|加班|身体|不舒服|我[今明要有家]|要[出加去])[^?？吗]*$"
)
"""What may follow days that have no space before them, in what is no question."""
LONGEST_LEAVE: Final = 366


def past_day(text: str, today: date) -> date | None:
    """The day that a text starts with, the latest not after `today` if it has no year. None if it names none."""
    found = _DAY.match(text)
    return _day(found, today, ahead=0) if found else None


def names_a_day(text: str) -> bool:
    """Whether a text starts with a day, be it one that does not exist, or with several."""
    return _DAY.match(text) is not None or _FIRST_OF_SOME.match(text) is not None


def begins_with_days(text: str) -> bool:
    """Whether a text starts with days, or a part of one, and nothing is glued to them: `三天`, `到周日，出差`, and not
    `三天怎么请`."""
    to = _TO.match(text)
    start = to.end() if to else 0
    vague = _LISTED.match(text) or _VAGUE.match(text, start)
    if vague:
        return _NOT_GLUED.match(text, vague.end()) is not None
    from_ = _FROM.match(text)
    start = from_.end() if from_ and to is None else start
    found = _PART.match(text) or _SPAN.match(text, start) or _BOTH.match(text, start) or _DAY.match(text, start)
    while found and (also := _ALSO.match(text, found.end())) and (more := _DAY.match(text, also.end())):
        found = more
    if found and (more := _SPAN.match(text, _SO_MANY.match(text, found.end()).end())):  # type: ignore[union-attr]
        found = more
    part = _PART.match(text, found.end()) if found else None
    found = part or found
    return found is not None and _NOT_GLUED.match(text, found.end()) is not None


def tells_days(text: str) -> bool:
    """Whether a text starts with days, whatever follows them."""
    return names_a_day(text) or begins_with_days(text)


def part_of_a_day(text: str) -> bool:
    """Whether a text starts with less than a day: `半天`, `明天下午`, `两天半`."""
    text = _spelled(text)
    span, day = _SPAN.match(text), _DAY.match(text)
    if span or day is None:
        return bool(span and span["half"]) or _PART.match(text) is not None
    return day[0][-1] in "早晚" or _PART.match(text[day.end() :].lstrip(" 的")) is not None


def coming_days(text: str, today: date) -> tuple[date, ...]:
    """The days that a text starts with, from `today` on: one, `A到B`, `A和B`, `到B`, `3天` or `一周`; today if it names
    none. Days without a month are those of this one, or of the next if they are over.

    Empty if it names something that cannot be: 2月30日, or an end before its start.
    """
    text = _spelled(text)
    span = _SPAN.match(text)
    if span:
        begins, ends = _spanned(text, span, today)
        return _from(begins, _length(span) if ends is None else (ends - begins).days + 1)
    both = _BOTH.match(text)
    if both:
        return _from(today if both[1] == "今明" else today + DAY, 2)
    found = _DAY.match(text)
    first, rest = (_day(found, today, ahead=1), text[found.end() :]) if found else (today, text)
    if first is None:
        return ()
    on = _ON.match(rest) if found else None
    to = _TO.match(rest, on.end() if on else 0)
    end = _DAY.match(rest, to.end()) if to else None
    if end:
        begun = _begun(found, end, today) if found else None
        first = begun or first
        last = _day(end, today, ahead=1, near=begun or max(first, today))
        return _from(first, (last - first).days + 1) if last is not None and last >= first else ()
    if found and (also := _ALSO.match(rest)) and (more := _DAY.match(rest, also.end())):
        return _several(first, more, today)
    span = _SPAN.match(rest, _SO_MANY.match(rest).end())  # type: ignore[union-attr]
    return _from(first, _length(span) if span and found else 1)


def _spanned(text: str, span: re.Match[str], today: date) -> tuple[date, date | None]:
    """The first day of so many, and the last where both are told: `三天，从明天开始`, `三天，5号到7号`."""
    at = _SO_MANY.match(text, span.end()).end()  # type: ignore[union-attr]
    told = _FROM.match(text, at)
    found = _DAY.match(text, told.end() if told else at)
    first = _day(found, today, ahead=1) if found else None
    if found is None or first is None:
        return today, None
    to = _TO.match(text, found.end())
    end = _DAY.match(text, to.end()) if to else None
    if end:
        begun = _begun(found, end, today) or first
        last = _day(end, today, ahead=1, near=max(begun, today))
        return (begun, last) if last is not None and last >= begun else (today, None)
    return (first if told or _ON.match(text, found.end()) else today), None


def _several(first: date, more: re.Match[str] | None, today: date) -> tuple[date, ...]:
    """Days that are told one after the other: `周一、周三和周五`. None if they are in no order or one cannot be."""
    days = [first]
    while more is not None:
        one = _day(more, today, ahead=1, near=max(days[-1], today))
        if one is None or one <= days[-1]:
            return ()
        days.append(one)
        also = _ALSO.match(more.string, more.end())
        more = _DAY.match(more.string, also.end()) if also else None
    return tuple(days)


def _begun(first: re.Match[str], last: re.Match[str], today: date) -> date | None:
    """The first of some days without a month that this month has begun with: on the 6th that is of `5-7号` the 5th."""
    if not (first["lone"] and last["lone"]):
        return None
    day = _date(today.year, today.month, _number(first["lone"]))
    end = _day(last, today, ahead=1, near=day) if day is not None else None
    return day if day is not None and end is not None and day < today <= end else None


def unclear(text: str, today: date) -> bool:
    """Whether a text starts with a time that is no day (`next week`, `下周`, `March 5`), may be several (`5-7`), or is
    told in two ways that are not the same (`三天，5号到9号`)."""
    somehow = _SOMEHOW.match(text)
    if somehow and (somehow[2] is None or int(somehow[2]) < int(somehow[3])):
        return True
    month = _MONTH_OR_FIRST.match(text)
    if month and 12 >= int(month[1]) > int(month[2]):
        return True
    text = _spelled(text)
    to = _TO.match(text)
    at = to.end() if to else 0
    some = _ONE_OR_SOME.match(text)
    if some:
        end = _TO.match(text, some.end())
        return end is None or _DAY.match(text, end.end()) is None
    span = _SPAN.match(text)
    if span:
        first, last = _spanned(text, span, today)
        if last is None and first == today and _length(span) == 1:
            return _of_a_day(text, span, today)
        return last is not None and (last - first).days + 1 != _length(span)
    if _PART.match(text):
        return False
    day = _DAY.match(text, at)
    if day is not None and to is None and (day[0].lower() in _MONTH_END or _goes_on_for_ever(text, day.end())):
        return True
    return _UNCLEAR.match(text) is not None if day is None else _ends_unclearly(text, day.end())


def _of_a_day(text: str, span: re.Match[str], today: date) -> bool:
    """Whether one day is followed by another one than today, which may be that day or not: `一天，明天有事`."""
    day = _DAY.match(text, _SO_MANY.match(text, span.end()).end())  # type: ignore[union-attr]
    return day is not None and _day(day, today, ahead=1) != today and not _BACK.match(text, day.end())


def _goes_on_for_ever(text: str, at: int) -> bool:
    """Whether it is over on a day or begins on one, and when it begins or ends is not told."""
    if _BACK.match(text, at):
        return True
    after = _SO_MANY.match(text, at).end()  # type: ignore[union-attr]
    return _ON.match(text, at) is not None and not (_SPAN.match(text, after) or _TO.match(text, after))


def _ends_unclearly(text: str, at: int) -> bool:
    """Whether what follows a day is `到` what is no day, though a time: `到下周`, `-8点`."""
    to = _TO.match(text, at)
    if to is None or _DAY.match(text, to.end()):
        return False
    return _UNCLEAR.match(text, to.end()) is not None and (to[0].strip().isalpha() or text[to.end()].isdigit())


def _spelled(text: str) -> str:
    """A text with the 号 of its days that people leave out: `5-7号`, `12月5日到7`."""
    started = _FROM.match(text)
    text = text[started.end() :] if started else text
    listed = _LISTED.match(text)
    if listed:
        text = f"{_AND.sub('号、', listed[0])}{text[listed.end() :]}"
    first = _FIRST_OF_SOME.match(text)
    if first:
        text = f"{first[0]}号{text[first.end() :]}"
    day = _DAY.match(text)
    last = _LAST_OF_SOME.match(text, day.end()) if day and day[0][:1].isdecimal() else None
    return f"{text[: last.end()]}号{text[last.end() :]}" if last else text


def _from(first: date, count: int) -> tuple[date, ...]:
    return tuple(first + n * DAY for n in range(min(count, LONGEST_LEAVE)))


def _length(span: re.Match[str]) -> int:
    """How many days a span is: a week has seven, a month thirty, and half a day is one."""
    return _number(span[1]) * (7 if span["weeks"] else 30 if span["months"] else 1) + bool(span["half"])


def _number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if written.isascii():
        return _ENGLISH_NUMBERS[written.lower()]
    return han_number(written)


def _day(found: re.Match[str], today: date, ahead: int, near: date | None = None) -> date | None:
    """A named day as a date. `明天` and `下周五` are as seen from today; what says neither year nor week is the nearest
    one on the asked side of `near`, which is today if not given: 0 before, 1 after."""
    near = near or today
    year, month, day, short_month, short_day, lone_day, name, han_week, han, week, weekday = found.groups()
    if name:
        away = _NAMED.get(name.lower())
        return today + away * DAY if away is not None else _month_end(today)
    if han or weekday:
        number = _WEEKDAYS[han] if han else _ENGLISH_WEEKDAYS.index(weekday[:3].lower())
        named = (han_week or week or "").lower()
        return _weekday(named, number, today if named else near, ahead)
    if year:
        return _date(int(year), int(month), int(day))
    if lone_day:
        months = [(near.year * 12 + near.month - 1 + n) for n in ((0, 1) if ahead else (0, -1))]
        found_in = [_date(n // 12, n % 12 + 1, _number(lone_day)) for n in months]
        return next((d for d in found_in if d is not None and (d >= near if ahead else d <= near)), None)
    meant = _date(near.year, int(short_month), int(short_day))
    if ahead and (meant is None or (near - meant).days > 180):
        return _date(near.year + 1, int(short_month), int(short_day)) or meant
    if not ahead and (meant is None or meant > near):
        return _date(near.year - 1, int(short_month), int(short_day))
    return meant


def _month_end(day: date) -> date:
    return (day.replace(day=1) + 31 * DAY).replace(day=1) - DAY


def _weekday(week: str, weekday: int, today: date, ahead: int) -> date:
    """`下周三`, `上周三`, `这周三`; a bare `周三` is the nearest one on the asked side of today, which may be today."""
    away = weekday - today.weekday()
    if week:
        return today + (away + _AWAY.get(week, 0)) * DAY
    return today + (away % 7 if ahead else -(-away % 7)) * DAY


def _date(year: int, month: int, day: int) -> date | None:
    """The date; None for a 30 February."""
    try:
        return date(year, month, day)
    except ValueError:
        return None

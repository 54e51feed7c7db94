"""Times as people say them, in the form that YAML takes: `晚上8点半` is `20:30`, `3 days` is `3d`. For guesses only."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import Final

from workflows.lengths import han_number, length_in
from workflows.options import WEEKDAYS, span_text


def plain(what: str, written: str) -> str:
    """What was probably meant by something that should be a time of some kind, as it is written; "" where that cannot
    be told."""
    text = " ".join(unicodedata.normalize("NFKC", written).split())
    match what:
        case "a length of time":
            found = length_in(text)
            return span_text(found.span) if found.span is not None and not found.rest else ""
        case "a time of day":
            return _clock(text)
        case "a window":
            parts = _TO.split(text)
            told = [_clock(part) for part in parts]
            return "-".join(told) if len(parts) == 2 and all(told) else ""
        case "a date":
            dated = _DATE.fullmatch(text)
            return f"{dated['year']}-{int(dated['month']):02}-{int(dated['day']):02}" if dated is not None else ""
        case "a time that comes again":
            return _recurring(text)
        case "a time for an event":
            return _once(text) or _recurring(text)
        case _:
            return ""


def _once(text: str) -> str:
    found = _DATED.fullmatch(text)
    at = _clock(found["at"]) if found is not None else ""
    return f"{found['year']}-{int(found['month']):02}-{int(found['day']):02} {at}" if found is not None and at else ""


def _recurring(text: str) -> str:
    found = _ON_DAYS.fullmatch(text)
    at = _clock(found["at"]) if found is not None else ""
    if found is None or not at:
        return _nearly(text)
    if found["weekday"]:
        return f"{WEEKDAYS[min(6, '一二三四五六日天'.index(found['weekday']))]} {at}"
    if found["english"]:
        return f"{found['english'][:3].lower()} {at}"
    if number := found["number"] or found["nth"]:
        return f"day {int(number)} {at}"
    return f"last day {at}" if found["last"] else f"{_DAYS[found['days']]} {at}".strip()


def _nearly(text: str) -> str:
    """A day of the week with a slip of the pen in it."""
    found = _SOME_DAY.fullmatch(text)
    at = _clock(found["at"]) if found is not None else ""
    close = difflib.get_close_matches(found["day"].lower(), _ENGLISH, n=1, cutoff=0.7) if found and at else []
    return f"{close[0][:3]} {at}" if close else ""


def _clock(text: str) -> str:
    if (found := _HAN_CLOCK.fullmatch(text)) is not None:
        hour, minute = _number(found["hour"]), 30 if found["half"] else _number(found["minute"] or "0")
        minute = 15 * _number(found["quarter"]) if found["quarter"] else minute
        late = found["part"] in _LATE and 0 < hour < 12
        noon = found["part"] == "中午" and hour in (1, 2)
        hour = hour + 12 if late or noon else 0 if found["part"] in ("凌晨", "半夜") and hour == 12 else hour
    elif (found := _SECONDS.fullmatch(text)) is not None:
        hour, minute = int(found[1]), int(found[2])
    elif (found := _CLOCK.fullmatch(text)) is not None:
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if hour > 12:
            return ""
        hour = hour % 12 + (12 if found["part"].lower() == "p" else 0)
    else:
        return ""
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


def _number(written: str) -> int:
    return int(written) if written.isdecimal() else han_number(written)


_LATE: Final = ("下午", "晚上", "傍晚", "晚", "夜里")
_COUNT: Final = r"\d{1,2}|[零一二三四五六七八九十两]{1,3}"
_HAN_CLOCK: Final = re.compile(
    rf"(?P<part>早上|早晨|清晨|上午|凌晨|半夜|中午|下午|傍晚|晚上|夜里|早|晚)?\s*(?P<hour>{_COUNT})\s*[点點时時:]\s*钟?整?"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>{_COUNT})\s*分?)?"
)
_CLOCK: Final = re.compile(r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<part>[ap])\.?m\.?", re.IGNORECASE)
_SECONDS: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?::00)?")
_DAYS: Final = {"每天": "", "天天": "", "每日": "", "工作日": "weekdays", "周末": "weekends"}
_ON_DAYS: Final = re.compile(
    rf"(?:每?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])|(?P<days>{'|'.join(_DAYS)})|(?:每个?月(?P<number>\d{{1,2}})[日号]|day\s*(?P<nth>\d{{1,2}})(?:st|nd|rd|th)?[,，]?)"
    r"|(?P<last>每个?月(?:底|最后一天))"
    r"|(?:every\s+)?(?P<english>(?:mon|tues|wednes|thurs|fri|satur|sun)(?:day)?|tue|wed|thur?|sat)s?\.?(?:\s+at)?)"
    r"\s*(?P<at>.+)",
    re.IGNORECASE,
)
_SOME_DAY: Final = re.compile(r"(?:every\s+)?(?P<day>[a-z]{3,10})\.?\s*(?:at\s+)?(?P<at>\d.*)", re.IGNORECASE)
_ENGLISH: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", *WEEKDAYS)
_DATED: Final = re.compile(
    r"(?P<year>\d{4})\s*[年/.-]\s*(?P<month>\d{1,2})\s*[月/.-]\s*(?P<day>\d{1,2})\s*(?:[日号]|T(?=\d))?\s*(?P<at>.+)"
)
_DATE: Final = re.compile(r"(?P<year>\d{4})\s*[年/.-]\s*(?P<month>\d{1,2})\s*[月/.-]\s*(?P<day>\d{1,2})\s*[日号]?")
_TO: Final = re.compile(r"\s*(?:-|–|—|~|至|到| to )\s*")

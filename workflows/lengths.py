"""Lengths of time as people write them in a chat: `30m`, `1h30m`, `7 days`, `half an hour`, `30 分钟`, `两个半小时`.

What begins like a length and is none is never passed over: whoever writes `/mute @ben 30` means an end, and is asked
for it; so is whoever writes `a few days`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from math import inf
from typing import Final, Literal, NamedTuple

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=365)
"""Between these every platform keeps what it is told; what is shorter or longer some take for ever."""
_SHORTEST, _LONGEST = SHORTEST.total_seconds(), LONGEST.total_seconds()


class Length(NamedTuple):
    """How a text begins: a length, if any, what is left of the text, and the key of the sentence that says what is
    wrong with the length."""

    span: timedelta | None
    rest: str
    wrong: Literal["", "length_how", "length_bounds", "length_behind"] = ""


_UNITS: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("seconds", "second", "secs", "sec", "s", "秒钟", "秒鐘", "秒"),
    60: ("minutes", "minute", "mins", "min", "m", "分钟", "分鐘", "分"),
    900: ("刻钟", "刻鐘"),
    3600: ("hours", "hour", "hrs", "hr", "h", "小时", "小時", "钟头", "鐘頭", "钟", "鐘"),
    86400: ("days", "day", "d", "天", "日"),
    604800: ("weeks", "week", "wks", "wk", "w", "星期", "礼拜", "禮拜", "周", "週"),
}
_SECONDS: Final = {unit: seconds for seconds, units in _UNITS.items() for unit in units}
_TENS: Final = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90
}  # fmt: skip
_ONES: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9
}  # fmt: skip
_ENGLISH: Final = {"an": 1, "a": 1} | _ONES | {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
} | _TENS  # fmt: skip
_HAN: Final = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2, "兩": 2}

_DIGIT: Final = f"[{''.join(_HAN)}]"
_TEN: Final = f"{_DIGIT}?十{_DIGIT}?"
_HUNDRED: Final = f"{_DIGIT}百(?:{_DIGIT}十{_DIGIT}?|零{_DIGIT})?"
_TENS_AND_ONES: Final = rf"(?:{'|'.join(_TENS)})[-\s](?:{'|'.join(_ONES)})"
_WORD: Final = rf"(?ai:half[-\s]+an?|half|{_TENS_AND_ONES}|{'|'.join(_ENGLISH)})\b"
_NUMBER: Final = rf"\d{{1,7}}|{_HUNDRED}|{_TEN}|{_DIGIT}|半|{_WORD}"
_AND_A_HALF: Final = r"(?ai:and\s+a\s+half\b)"
_UNIT: Final = f"(?ai:{'|'.join(_SECONDS)})(?![A-Za-z])"
_JOINED: Final = r"(?:-|\s*+)"
_PART: Final = re.compile(
    rf"(?:\s*+(?ai:and\b)|零)?\s*+({_NUMBER}){_JOINED}(?:[个個](半)?\s*+|({_AND_A_HALF})\s*+)?整?({_UNIT})"
    rf"(半|\s+{_AND_A_HALF})?"
)
_FOR: Final = re.compile(r"(?ai:for\s+)?(?ai:the\s+next\s+)?")

_ENDED: Final = re.compile(r"(?=\s|$)|[,，、。;；:：!！…）)\]】」』”\"'’]+|[.~～]+(?!\d)")
_SOMETHING_ELSE: Final = re.compile(
    r"\s*+(?:(?ai:ago|after|before|later|earlier|late|old|of|or|straight|without|since|in\s+a\s+row)\b"
    r"|[之以][前后後内內来來]|\d+\s*$)"
)
"""What makes something else of a length: `3 days in a row`, `5 minutes after joining`, `1h 30`."""

_VAGUE: Final = r"(?ai:a\s+few|few|a\s+couple\s+of|a\s+couple|couple\s+of|several|some|(?:a\s+|one\s+)?hundred)\b"
_SOME: Final = r"[一二三四五六七八九两兩十百几幾数數半][一二三四五六七八九两兩零十百千几幾数數多来來半]{0,9}|好[几幾]"
_UNTIL: Final = (
    r"(?ai:until|till|til)\b|直?到(?:明|后天|後天|今|晚上|早上|上午|中午|下午|下周|下週|下个|下個|周|週|星期|礼拜|禮拜"
    r"|月底|年底|\d|[一二三四五六七八九两兩十]+[点點号號月日])"
)
_DIGITS: Final = r"\d[\d\s.,/+~–-]*+"
"""Numbers that no part begins with: `1.5`, `1/2`, `2-3`, `7+`. Only with a unit behind them they are about time."""
_ATTEMPT: Final = re.compile(
    rf"{_UNTIL}|\d+\s*$|(?:{_DIGITS}|(?:{_NUMBER}|{_SOME}|{_VAGUE})(?:(?:\s+(?ai:or|to)\s+|-)(?:{_NUMBER}))?)"
    rf"{_JOINED}(?:[个個][半多]?\s*+)?整?(?:{_UNIT}|(?ai:months?|mos?|years?|yrs?|y)(?![A-Za-z])|月|年)"
)
_NO_LENGTH: Final = re.compile(r"(?ai:an?\s+second\s+[a-z])|十分[\u4e00-\u9fff](?<![钟鐘之])|一天到晚")
"""Words that look like a length and count nothing: `a second account`, `十分讨厌`."""

AROUND: Final = " \t\r\n,，、。.;；:：!！?？()（）[]【】<>《》「」『』“”\"'‘’~～…—–-=+*"
BETWEEN: Final = " \t\r\n,，、。;；:："


def length_in(text: str) -> Length:
    """The length that a text begins with. `A week ago …` and `三天两头…` are asked about: they may be reasons."""
    return _of_a_few_letters(text) if len(text) <= _A_FEW else _read(text)


def _read(text: str) -> Length:
    begun = text.lstrip(AROUND)
    begins = _begins(begun)
    seconds, at = _counted(begun, begins)
    ended = _ENDED.match(begun, at) if at > begins else None
    if ended is None or _NO_LENGTH.match(begun, begins) or _SOMETHING_ELSE.match(begun, ended.end()):
        return Length(None, text, "length_how" if _attempted(begun, begins) else "")
    rest = begun[ended.end() :].lstrip(BETWEEN)
    if not _SHORTEST <= seconds <= _LONGEST:
        return Length(None, rest, "length_bounds")
    return Length(timedelta(seconds=round(seconds)), rest)


_A_FEW: Final = 4
_of_a_few_letters: Final = lru_cache(maxsize=64)(_read)
"""Most lengths are `30m`, `1h` or `1d` with nothing behind them. What is longer may hold words about somebody, and is
not kept."""


def _begins(text: str) -> int:
    """Where a length would begin, behind a `for`."""
    before = _FOR.match(text)
    return before.end() if before is not None else 0


def _counted(text: str, at: int) -> tuple[float, int]:
    """The seconds that are written at a place, and where they end: parts are added from the larger to the smaller."""
    seconds, smallest = 0.0, inf
    while (part := _PART.match(text, at)) is not None:
        number, half, and_a_half, unit, more = part.groups()
        size = _SECONDS[unit.lower()]
        if size >= smallest:
            break
        seconds += (_number(number.lower()) + (0.5 if half or and_a_half or more else 0)) * size
        at, smallest = part.end(), size
    return seconds, at


def _attempted(text: str, at: int) -> bool:
    """Whether a length is meant that is not understood. Behind a `for` a number may count anything else, too."""
    if _NO_LENGTH.match(text, at):
        return False
    return text[:1].isdecimal() or _ATTEMPT.match(text, at) is not None


def attempts_whole(text: str) -> bool:
    """Whether a text is a length that is not understood, and nothing else: `1.5h`, `a few days`. Bare numbers count
    what they will."""
    return not text.isdecimal() and _ATTEMPT.fullmatch(text) is not None and not _NO_LENGTH.match(text)


def _number(written: str) -> float:
    if written == "半" or written.startswith("half"):
        return 0.5
    if written.isdecimal():
        return int(written)
    if written in _ENGLISH:
        return _ENGLISH[written]
    if written.isascii():
        return sum(_ENGLISH[word] for word in re.split(r"[-\s]", written))
    return han_number(written)


def han_number(written: str) -> int:
    """A number up to 999 in Chinese numerals, 0 for what is none: `二十一`, `一百零五`."""
    hundreds, hundred, below = written.rpartition("百")
    tens, ten, ones = below.rpartition("十")
    counted = 100 * _HAN[hundreds] if hundred else 0
    if ten:
        counted += 10 * _HAN.get(tens, 1)
    return counted + _HAN.get(ones.removeprefix("零"), 0)

"""Lengths of time as people write them in a chat: `30m`, `1h30m`, `7 days`, `half an hour`, `30 分钟`, `两个半小时`.

A number that is no length is never passed over: whoever writes `/mute @ben 30` means an end, and is asked for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=365)
"""Between these every platform keeps what it is told; what is shorter or longer some take for ever."""


class Length(NamedTuple):
    """How a text begins: a length, if any, what is left of the text, and the key of the sentence that says what is
    wrong with the length."""

    span: timedelta | None
    rest: str
    wrong: Literal["", "length_how", "length_bounds"] = ""


_UNITS: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("seconds", "second", "secs", "sec", "s", "秒钟", "秒"),
    60: ("minutes", "minute", "mins", "min", "m", "分钟", "分"),
    3600: ("hours", "hour", "hrs", "hr", "h", "小时", "钟头"),
    86400: ("days", "day", "d", "天", "日"),
    604800: ("weeks", "week", "wks", "wk", "w", "星期", "礼拜", "周"),
}
_SECONDS: Final = {unit: seconds for seconds, units in _UNITS.items() for unit in units}
_ENGLISH: Final = {
    "an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
}  # fmt: skip
_HALF: Final = ("half an", "half a")
_HAN: Final = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_TEN: Final = f"[{''.join(_HAN)}]?十[{''.join(_HAN)}]?"
_FIGURES: Final = r"\d{1,7}"
_NUMBER: Final = "|".join((_FIGURES, _TEN, *_HAN, "半", rf"(?ai:{'|'.join((*_HALF, *_ENGLISH))})\b"))
_UNIT: Final = f"(?ai:{'|'.join(_SECONDS)})(?![A-Za-z])"
_ONE: Final = rf"({_NUMBER})\s*+(?:个(半)?\s*+)?({_UNIT})\s*+"
_PART: Final = re.compile(_ONE)
_LENGTH: Final = re.compile(rf"(?:(?ai:for)\s+)?((?:{_ONE})+)(?:$|(?<=\s)|(?=[,，、。;；:：!！]))(?!(?ai:ago)\b)")
_ATTEMPT: Final = re.compile(
    rf"\d|(?:(?ai:for)\s+)?(?:{_NUMBER}|几)\s*+(?:个半?\s*+)?(?:{_UNIT}|(?ai:months?|years?)\b|月|年)"
)
_BETWEEN: Final = " \t\n,，、。;；:："


def length_in(text: str) -> Length:
    """The length that a text begins with. `A week ago …` and `三天两头…` are asked about: they may be reasons."""
    found = _LENGTH.match(text)
    if found is None:
        return Length(None, text, "length_how" if _ATTEMPT.match(text) else "")
    lasts, rest = _lasts(found[1]), text[found.end() :].lstrip(_BETWEEN)
    return Length(lasts, rest, "" if lasts is not None else "length_bounds")


@lru_cache(maxsize=256)
def _lasts(written: str) -> timedelta | None:
    """How long that is; None if it is shorter or longer than what every platform keeps."""
    seconds = sum(_seconds(*part) for part in _PART.findall(written))
    if not SHORTEST.total_seconds() <= seconds <= LONGEST.total_seconds():
        return None
    return timedelta(seconds=round(seconds))


def _seconds(number: str, half: str, unit: str) -> float:
    return (_number(number.lower()) + (0.5 if half else 0)) * _SECONDS[unit.lower()]


def _number(written: str) -> float:
    if written == "半" or written in _HALF:
        return 0.5
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if ten:
        return 10 * _HAN.get(tens, 1) + _HAN.get(ones, 0)
    return _HAN[written] if written in _HAN else _ENGLISH[written]

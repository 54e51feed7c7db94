"""Several days as people name them: how many (`三天`), from one to another (`5-7号`), one after the other (`5号，7号`).

A comma or a space goes on with days only where nothing else is said of them: of `明天，后天回来` the second is none.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from workflows.check_in_dates import A_DAY, HAN, UNIT, in_numbers
from workflows.lengths import han_number
from workflows.streaks import DAY

_ENGLISH_NUMBERS: Final = {"a": 1} | {
    word: n for n, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
SPAN: Final = re.compile(
    rf"(\d{{1,3}}|{HAN}|(?:{'|'.join(_ENGLISH_NUMBERS)})\b)\s*"
    r"(?:(?P<days>天(?P<half>半)?|days?\b)|个?(?P<weeks>周|星期|礼拜|weeks?\b)|个(?P<months>月))",
    re.IGNORECASE,
)
FROM: Final = re.compile(r"[从自]|(?:from|for|starting|beginning)\s+", re.IGNORECASE)
TO: Final = re.compile(r"\s*(?:-|–|—|~|直?到|至|to|until|till|through)\s*", re.IGNORECASE)
ON: Final = re.compile(r"\s*(?:开始|起)", re.IGNORECASE)
"""From a day on: without how many, nobody knows until when."""
BACK: Final = re.compile(r"\s*(?:就|再|才|会)?(?:回来|回归|归队|恢复|继续|补上|补回)")
"""`后天回来`: the day on which it is over, or the last one of it."""
_AWAY: Final = "(?:因为?|要|去|我)*(?:出差|旅游|旅行|度假|回老?家|外出|出门|培训|住院|休息)"
AWAY: Final = re.compile(rf"{_AWAY}[\s,，:]*(?={SPAN.pattern}(?![了前后]))", re.IGNORECASE)
"""What somebody does for so many days: `出差三天`. Of `感冒三天` nobody knows whether they are over."""
SO_MANY: Final = re.compile(
    rf"[\s,，、:：]*(?:开始|起)?[\s,，]*(?:{_AWAY}[\s,，]*)?(?:一?共|连续|连着|for\s)?\s*", re.IGNORECASE
)
"""What stands between a day and how many follow from it: `明天开始三天`, `明天出差三天`."""
_OPENS: Final = re.compile(
    r"(?:request(?:ing|ed)?|of(?:\s+absence)?|please|pls|on|of\s+(?=\d))[\s,:]+(?!the\b)",
    re.IGNORECASE,
)
"""What stands before the days and says nothing of them: `request for tomorrow`."""
FIRST_OF_SOME: Final = re.compile(rf"\d{{1,2}}(?={TO.pattern}\d{{1,2}}[日号])", re.IGNORECASE)
_LAST_OF_SOME: Final = re.compile(
    rf"{TO.pattern}\d{{1,2}}(?![\d./:日号月年时]|-\d|st|nd|rd|th|\s*[ap]m\b|{UNIT})", re.IGNORECASE
)
_BARE: Final = re.compile(r"\s*[、,，和]\s*")
LISTED: Final = re.compile(rf"(?:\d{{1,2}}月)?\d{{1,2}}(?:{_BARE.pattern}\d{{1,2}})+[日号]")
"""`5、6、7号`: each of them."""
AND: Final = re.compile(r"\s*(?:,?\s*(?:和|与|跟|及|、|&|and\b))\s*", re.IGNORECASE)
_APART: Final = re.compile(r"[\s,，;；]*")
_OVER: Final = re.compile(
    rf"(?:的(?:打?卡|假|份)?|号)?[都全这]*(?:[\d一二两三四五六七]+天)?(?:的?假)?(?:请假)?"
    rf"(?:\s*(?:$|[^\w\s]|{TO.pattern}|{AND.pattern}|(?:{A_DAY.pattern}))"
    rf"|\s+(?![a-z]|{BACK.pattern})"
    r"|\s+(?:because|due|for|please|pls|thanks|thank|as|since|if|sick|ill)\b)",
    re.IGNORECASE,
)
"""How a text goes on behind a day of a list that has only a comma or a space before it."""


def spelled(text: str) -> str:
    """A text with its dates in numbers, with the 号 of its days that people leave out, and begun with its days:
    `5-7号`, `12月5日到7`."""
    text = in_numbers(text)
    while (opens := _OPENS.match(text) or FROM.match(text) or AWAY.match(text)) is not None:
        text = text[opens.end() :]
    listed = LISTED.match(text)
    if listed:
        text = f"{_BARE.sub('号、', listed[0])}{text[listed.end() :]}"
    first = FIRST_OF_SOME.match(text)
    if first:
        text = f"{first[0]}号{text[first.end() :]}"
    day = A_DAY.match(text)
    last = _LAST_OF_SOME.match(text, day.end()) if day and day[0][:1].isdecimal() else None
    return f"{text[: last.end()]}号{text[last.end() :]}" if last else text


def next_of(text: str, at: int) -> re.Match[str] | None:
    """The day of a list (`A_DAY`) that follows at a place where another one ends."""
    also = AND.match(text, at)
    found = A_DAY.match(text, also.end()) if also else None
    if found is not None and not BACK.match(text, found.end()):
        return found
    found = A_DAY.match(text, _APART.match(text, at).end())  # type: ignore[union-attr]
    return found if found is not None and _OVER.match(text, found.end()) else None


def end_of(text: str, at: int) -> re.Match[str] | None:
    """The day up to which it goes from the one that ends at a place: of `5号到7号` the second."""
    on = ON.match(text, at)
    to = TO.match(text, on.end() if on else at)
    return A_DAY.match(text, to.end()) if to else None


def days_from(first: date, count: int) -> tuple[date, ...]:
    """So many days, as many as any leave has at most."""
    return tuple(first + n * DAY for n in range(min(count, LONGEST_LEAVE)))


def length_of(span: re.Match[str]) -> int:
    """How many days a `SPAN` is: a week has seven, a month thirty, and half a day is one."""
    return _number(span[1]) * (7 if span["weeks"] else 30 if span["months"] else 1) + bool(span["half"])


def _number(written: str) -> int:
    if written.isdecimal():
        return int(written)
    return _ENGLISH_NUMBERS[written.lower()] if written.isascii() else han_number(written)


LONGEST_LEAVE: Final = 366

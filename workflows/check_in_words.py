"""What a message asks of the check-ins, and which days it names.

A keyword counts where the message starts, after signs, spaces, or an @name: `打卡 …`, `#打卡`, `打卡第3天`, `/checkin`;
one of two Han characters also with a space between them: `打 卡`.
After it comes the end, a space or sign, a digit, `第`, `day`, or one of 了啦咯喽 before those. So `打卡规则`, `打卡机`
are no check-in, nor is a text that has the word further inside. The board and one's standing take the word alone.
Days may follow the words for leave and for making up at once: `请假三天`, `补卡昨天`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, Literal

from core.quick import maker, quick
from workflows.folding import compatible, normalized
from workflows.options import Inside
from workflows.streaks import DAY

What = Literal["check_in", "late", "leave", "back", "join", "status", "board"]
ALONE: Final = frozenset(("status", "board", "back", "join"))
"""What is asked by the word alone."""
DATED: Final = frozenset(("leave", "late"))
"""What days may follow without a space."""

_SIGNS: Final = re.compile(r"[\W_]*")
_NAME: Final = re.compile(r"@\S*\s+")
_GOES_ON: Final = re.compile(r"[了啦咯喽]?(?=$|[\W_\d]|第|day)", re.IGNORECASE)
_BETWEEN: Final = " \t\n:,.!~、，。…-—"
_QUESTION: Final = re.compile(r"[\W_]*[?？][\W_]*")
_MOST_LETTERS: Final = 10_000
_MOST_HELD: Final = 1_000
_ELSEWHERE: Final = re.compile(
    r"\s*/(?:[^\s@]+@|\S+\s+(?:repair|remove|excuse|cards|补|取消|免|发卡)(?=\s|$))", re.IGNORECASE
)
"""A command for another bot, or an admin's about somebody's check-ins."""


@quick
@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a message asks of one challenge. `rest` is the text after the keyword."""

    what: What
    challenge: str
    rest: str


_ask: Final = maker(Ask)


class _Letters(dict[str, "_Letters | None"]):
    """The letters that were met after some first ones, each with those after it; None where no keyword goes on so.

    As many as the groups write after the beginning of a keyword, and no more than `_MOST_LETTERS`.
    """


class _Anything(_Letters):
    """What follows a sign: whatever comes, the text must be looked at."""

    def __missing__(self, letter: str) -> _Letters:
        return self


_ANYTHING: Final = _Anything()


class Lexicon:
    """The keywords of all challenges. Filled while options load, then only read."""

    def __init__(self) -> None:
        self._words: dict[str, list[tuple[What, str]]] = {}
        self._beginnings: set[str] = set()
        self._longest = 0
        self._starts = _Letters({"": None})
        self._held: dict[str, tuple[Ask, ...]] = {}
        self._before: dict[str, str] = {}
        """The day that stands before a keyword: 明天 of 明天请假."""

    def learn(self, what: What, challenge: str, words: Iterable[str]) -> None:
        """Add keywords. A word may mean the same thing in several challenges. Leave may have its day before it."""
        named = {normalized(word.strip().lstrip("/#")): "" for word in words}
        if what == "leave":
            han = [word for word in named if not word.isascii()]
            named = {f"{who}{day}{word}": day for word in han for who in ("", "我") for day in _BEFORE} | named
        if what == "check_in":  # two Han characters are typed with a space between them, too
            named = {f"{word[0]} {word[1]}": "" for word in named if len(word) == 2 and not word.isascii()} | named
        self._before.update({word: day for word, day in named.items() if day})
        for folded in named:
            meanings = self._words.setdefault(folded, [])
            if (what, challenge) not in meanings:
                meanings.append((what, challenge))
            # Taken apart, so that a letter typed as several marks is a beginning before its last one has come.
            marks = unicodedata.normalize("NFD", folded)
            self._beginnings.update(normalized(marks[:length]) for length in range(len(marks) + 1))
            self._longest = max(self._longest, len(folded))

    def heard(self, text: str) -> tuple[Ask, ...]:
        """What the text asks for; mostly nothing, and that is known from its first letters.

        Each text is asked about twice, when state is read and when it is decided: the answers of the last are kept.
        """
        asks = self._held.get(text)
        if asks is None:
            if not self.may_ask(text):
                return ()
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            asks = self._held[text] = self._understood(text)
        return asks

    def may_ask(self, text: str) -> bool:
        """Whether a text can start with a keyword, by its first three letters. Mostly it costs one look-up."""
        try:
            second = self._starts[text[:1]]
            if second is None:
                return False
            third = second[text[1:2]]
            return third is not None and third[text[2:3]] is not None
        except KeyError:
            return self._met(text)

    def _met(self, text: str) -> bool:
        """The answer for letters that were not met together before, kept for the next time."""
        at = self._starts
        for length in (1, 2, 3):
            letter = text[length - 1 : length]
            if letter not in at:
                if len(at) >= _MOST_LETTERS:
                    at.clear()
                folded = normalized(text[:length])
                sign = length == 1 and not folded[:1].isalnum()
                may = any(word.startswith(folded) or folded.startswith(word) for word in self._words)
                at[letter] = _ANYTHING if sign else _Letters() if may else None
            after = at[letter]
            if after is None or after is _ANYTHING:
                return after is not None
            at = after
        return True

    def _understood(self, text: str) -> tuple[Ask, ...]:
        """What a text asks for whose first letters are those of a keyword (`may_ask`)."""
        if _ELSEWHERE.match(text):
            return ()
        start = text.lstrip()
        if start.startswith("@"):
            start = _NAME.sub("", start, count=1)
        start = without_signs(start)
        if start != text and not self.may_ask(start):
            return ()
        for length, meanings in reversed(self._at_start_of(start)):
            rest, before = compatible(start[length:]), self._before.get(normalized(start[:length]), "")
            goes_on = _GOES_ON.match(rest)
            if goes_on and not _QUESTION.fullmatch(rest):
                meanings = [(what, of) for what, of in meanings if not _is_talk(what, rest)]
                alone = _SIGNS.fullmatch(rest) is not None
                rest = f"{before} {rest[goes_on.end() :].lstrip(_BETWEEN)}".strip()
                return tuple([_ask(what, c, rest) for what, c in meanings if alone or what not in ALONE])
            if not goes_on and _begins_with_days(rest):
                return tuple([_ask(what, c, f"{before} {rest}".strip()) for what, c in meanings if what in DATED])
        return ()

    def _at_start_of(self, text: str) -> list[tuple[int, list[tuple[What, str]]]]:
        """The keywords that a text starts with, shortest first: how many of its letters each takes, its meanings."""
        found = []
        for length in range(1, min(len(text), self._longest * 2) + 1):
            folded = normalized(text[:length])
            if folded not in self._beginnings:
                break
            if meanings := self._words.get(folded):
                found.append((length, meanings))
        return found


def _is_talk(what: What, rest: str) -> bool:
    """Whether English goes on with something else than a wish: `leave it to me`."""
    talk = _TALK.get(what)
    return talk is not None and talk.match(rest) is not None


def without_signs(text: str) -> str:
    """The text from its first letter, digit or Han character on."""
    return text[_SIGNS.match(text).end() :]  # type: ignore[union-attr]


def says(text: str, least: int) -> bool:
    """Whether a text has so many letters, digits and Han characters: dots and emoji are no diary."""
    return least <= 0 or next(islice(filter(str.isalnum, text), least - 1, None), None) is not None


_TALK: Final[Mapping[What, re.Pattern[str]]] = {
    "leave": re.compile(
        r"\s+(?:it|me|us|him|her|them|these|those|(?:this|that|the|a|an)(?!\s+(?:week|month)))\b", re.IGNORECASE
    ),
    "late": re.compile(r"\s+(?:is|are|was|were|looks)\b", re.IGNORECASE),
}
_BEFORE: Final = ("", "今天", "明天", "后天")

# Days that a text names

_NAMED: Final = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "明日": 1,
    "大后天": 3,
    "后天": 2,
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
}
_WEEKDAYS: Final = {char: n for n, char in enumerate("一二三四五六日")} | {"天": 6}
_NAME_OF_DAY: Final = re.compile("|".join(sorted(_NAMED, key=len, reverse=True)), re.IGNORECASE)
_ENGLISH_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = re.compile(
    r"([上下这本]?)个?(?:周|星期|礼拜)([一二三四五六日天])"
    rf"|(?:on\s+)?(?:(last|this|next)\s+)?({'|'.join(_ENGLISH_WEEKDAYS)})\b",
    re.IGNORECASE,
)
_AWAY: Final = {"上": -7, "last": -7, "下": 7, "next": 7}
_FULL: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_SHORT: Final = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_DATE: Final = re.compile(r"(\d{1,2})[日号]")
_DAY: Final = re.compile(
    f"(?:{_FULL.pattern})|(?:{_SHORT.pattern})|(?:{_DATE.pattern})|({_NAME_OF_DAY.pattern})|(?:{_WEEKDAY.pattern})",
    re.IGNORECASE,
)
_SPAN: Final = re.compile(
    r"(\d{1,3}|[二三]?十[一二三四五六七八九]?|[一二两三四五六七八九])\s*"
    r"(?:(?P<days>天|days?\b)|个?(?P<weeks>周|星期|礼拜|weeks?\b)|个(?P<months>月))",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"从|(?:from|for)\s+", re.IGNORECASE)
_TO: Final = re.compile(r"\s*(?:-|–|—|~|直?到|至|to|until|till|through)\s*", re.IGNORECASE)
_UNCLEAR: Final = re.compile(
    r"(?:下|这|本|上)个?(?:周|星期|礼拜|月)|周末|月底|直?到|(?:next|this|last|until|till|from|in)\b"
    r"|(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\b",
    re.IGNORECASE,
)
"""How a time begins that names no day to read."""
_NOT_GLUED: Final = re.compile(r"(?=$|[\W_了啦咯喽吧起到至])[^?？吗]*$")
"""What may follow days that have no space before them, in what is no question."""
_HAN_NUMBERS: Final = {char: n for n, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
LONGEST_LEAVE: Final = 366


def past_day(text: str, today: date) -> date | None:
    """The day that a text starts with, the latest not after `today` if it has no year. None if it names none."""
    found = _DAY.match(text)
    return _day(found, today, ahead=0) if found else None


def names_a_day(text: str) -> bool:
    """Whether a text starts with a day, be it one that does not exist."""
    return _DAY.match(text) is not None


def _begins_with_days(text: str) -> bool:
    """Whether a text starts with days and nothing is glued to them: `三天`, `到周日，出差`, and not `三天怎么请`."""
    to = _TO.match(text)
    start = to.end() if to else 0
    found = _SPAN.match(text, start) or _DAY.match(text, start)
    return found is not None and _NOT_GLUED.match(text, found.end()) is not None


def coming_days(text: str, today: date) -> tuple[date, ...]:
    """The days that a text starts with, from `today` on: one, `A到B`, `到B`, `3天` or `一周`; today if it names none.

    Empty if it names something that cannot be: 2月30日, or an end before its start.
    """
    text = _FROM.sub("", text, count=1) if _FROM.match(text) else text
    span = _SPAN.match(text)
    if span:
        return _from(today, _length(span))
    found = _DAY.match(text)
    first, rest = (_day(found, today, ahead=1), text[found.end() :]) if found else (today, text)
    if first is None:
        return ()
    to = _TO.match(rest)
    end = _DAY.match(rest, to.end()) if to else None
    if end:
        last = _day(end, today, ahead=1, near=max(first, today))
        return _from(first, (last - first).days + 1) if last is not None and last >= first else ()
    span = _SPAN.match(rest.lstrip(" ,，起"))
    return _from(first, _length(span) if span and found else 1)


def unclear(text: str) -> bool:
    """Whether a text starts with a time that is no day: `next week`, `下周`, `March 5`."""
    started = _FROM.match(text)
    at = started.end() if started else 0
    to = _TO.match(text, at)
    day = _DAY.match(text, to.end() if to else at)
    return day is None and _SPAN.match(text, at) is None and _UNCLEAR.match(text, at) is not None


def _from(first: date, count: int) -> tuple[date, ...]:
    return tuple(first + n * DAY for n in range(min(count, LONGEST_LEAVE)))


def _length(span: re.Match[str]) -> int:
    """How many days a span is: a week has seven, a month thirty."""
    return _number(span[1]) * (7 if span["weeks"] else 30 if span["months"] else 1)


def _number(written: str) -> int:
    if written.isascii():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return (_HAN_NUMBERS.get(tens, 1) * 10 if ten else 0) + _HAN_NUMBERS.get(ones, 0)


def _day(found: re.Match[str], today: date, ahead: int, near: date | None = None) -> date | None:
    """A named day as a date. `明天` and `下周五` are as seen from today; what says neither year nor week is the nearest
    one on the asked side of `near`, which is today if not given: 0 before, 1 after."""
    near = near or today
    year, month, day, short_month, short_day, lone_day, name, han_week, han, week, weekday = found.groups()
    if name:
        return today + _NAMED[name.lower()] * DAY
    if han or weekday:
        number = _WEEKDAYS[han] if han else _ENGLISH_WEEKDAYS.index(weekday.lower())
        named = (han_week or week or "").lower()
        return _weekday(named, number, today if named else near, ahead)
    if year:
        return _date(int(year), int(month), int(day))
    if lone_day:
        months = [(near.year * 12 + near.month - 1 + n) for n in ((0, 1) if ahead else (0, -1))]
        found_in = [_date(n // 12, n % 12 + 1, int(lone_day)) for n in months]
        return next((d for d in found_in if d is not None and (d >= near if ahead else d <= near)), None)
    meant = _date(near.year, int(short_month), int(short_day))
    if ahead and (meant is None or (near - meant).days > 180):
        return _date(near.year + 1, int(short_month), int(short_day)) or meant
    if not ahead and (meant is None or meant > near):
        return _date(near.year - 1, int(short_month), int(short_day))
    return meant


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


def differ(
    options: Iterable[tuple[tuple[str, ...], Iterable[str]]], written: Callable[[tuple[str, ...]], bool]
) -> None:
    """Refuse a word of two options, at the later one of those that are `written` in the file. Raises Inside."""
    seen: dict[str, tuple[str | int, ...]] = {}
    for path, words in options:
        for n, word in enumerate(words):
            first = seen.setdefault(word, (*path, n))
            if first[:-1] != path:
                one, other = ".".join(map(str, first[:-1])), ".".join(path)
                at: tuple[str | int, ...] = (*path, n) if written(path) else first
                raise Inside(f'"{word}" is a word of `{one}` and of `{other}`; each word may mean one thing', at)

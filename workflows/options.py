"""The shapes that options are written in: spans, clock times, windows, weekdays. Every options model starts here.

YAML gives scalars as they were written ("21:30", "24h"), so each shape reads a string. A shape that cannot be read
raises ValueError with what was wanted, and an example.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from core.occurrences import Hours

T = TypeVar("T")

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SPAN: Final = re.compile(r"(?:\d{1,7}[smhdw] ?){1,5}", re.ASCII)
_PART: Final = re.compile(r"(\d+)([smhdw])", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_WINDOW: Final = re.compile(r"\s*(\d{1,2}:\d{2})\s*[-–—~～至到]\s*(\d{1,2}:\d{2})\s*", re.ASCII)
_COMMA: Final = re.compile("[,，、]")
_WIDE_COMMA: Final = re.compile("[，、]")
LONGEST_SPAN: Final = timedelta(days=3660)


class Inside(ValueError):
    """A part of a model cannot be what it is: `path` leads to it from the model, and `guess` is what was meant."""

    def __init__(self, message: str, path: tuple[str | int, ...], guess: str = "") -> None:
        super().__init__(message)
        self.path = path
        self.guess = guess


class Options(BaseModel):
    """The options of a workflow, or a part of them: unknown keys are refused and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _number(written: object) -> object:
    return str(written) if isinstance(written, int) and not isinstance(written, bool) else written


Topic = Annotated[
    str,
    BeforeValidator(_number),
    Field(pattern=r"^\d{1,12}$"),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"^\d{1,12}$"}, {"type": "integer", "minimum": 0}]}),
]
"""The number of a forum topic, with or without quotes."""


def span(written: object) -> timedelta:
    """A length of time: "90s", "30m", "24h", "7d", "2w", or several of them ("1h30m"). At most ten years."""
    if type(written) is str:
        return _span(written)
    if isinstance(written, timedelta):
        return written
    raise _no_span(written)


@lru_cache(maxsize=256)
def _span(written: str) -> timedelta:
    if not _SPAN.fullmatch(written.strip() + " "):
        raise _no_span(written)
    seconds = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(written))
    if seconds > LONGEST_SPAN.total_seconds():
        raise ValueError(f"{_shown(written)} is longer than ten years")
    return timedelta(seconds=seconds)


def _no_span(written: object) -> ValueError:
    return ValueError(f'{_shown(written)} is not a length of time; write a number and s, m, h, d or w, like "24h"')


@lru_cache(maxsize=256)
def span_text(length: timedelta) -> str:
    """The shortest way to write a length of time in one unit where that is exact: 3600 s is "1h", 90 s is "90s"."""
    seconds = round(length.total_seconds())
    for unit in ("w", "d", "h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{seconds // _UNITS[unit]}{unit}"
    return f"{seconds}s"


def clock(written: object) -> time:
    """A time of day as a local clock shows it: "21:30", "04:00". 24:00 is not a time; write 00:00."""
    if isinstance(written, time):
        return written
    found = _CLOCK.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is not None and found[0] == "24:00":
        raise ValueError('"24:00" is on no clock; write 00:00, or 23:59 for the last minute of the day')
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f'{_shown(written)} is not a time of day; write hours and minutes, like "21:30"')
    return time(int(found[1]), int(found[2]))


def rough_span_text(length: timedelta) -> str:
    """A length as people are told it, rounded to the largest unit of which there are three: 1,795 s is "30m"."""
    seconds = length.total_seconds()
    for unit in ("d", "h", "m"):
        if seconds >= 3 * _UNITS[unit]:
            return f"{round(seconds / _UNITS[unit])}{unit}"
    return span_text(length)


@dataclass(frozen=True, slots=True)
class ClockWindow:
    """A stretch of the day between two clock times, over midnight if `end` is earlier than `start`.

    Both minutes belong to it: 05:30-09:00 holds 05:30:00 and 09:00:59, not 09:01:00. Equal ends are refused, because
    nobody can tell whether one minute or the whole day was meant.
    """

    start: time
    end: time

    def holds(self, at: time) -> bool:
        """Whether a clock time is inside."""
        at = at.replace(second=0, microsecond=0, tzinfo=None)
        if self.start <= self.end:
            return self.start <= at <= self.end
        return at >= self.start or at <= self.end

    @property
    def hours(self) -> Hours:
        """The stretch with its last minute in it."""
        return Hours(self.start, (datetime.combine(date.min, self.end) + timedelta(minutes=1)).time())

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def window(written: object) -> ClockWindow:
    """A stretch of the day: "05:30-09:00"; "22:30-07:00" passes midnight."""
    if isinstance(written, ClockWindow):
        return written
    found = _WINDOW.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        raise ValueError(f'{_shown(written)} is not a window; write two times of day, like "05:30-09:00"')
    start, end = clock(found[1]), clock(found[2])
    if start == end:
        raise ValueError(
            f"the window {_shown(written)} starts and ends at the same minute; leave it out for the whole day"
        )
    return ClockWindow(start, end)


Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_GROUPS: Final = {
    "weekdays": frozenset(range(5)),
    "weekends": frozenset((5, 6)),
    "every day": frozenset(range(7)),
}


_OTHER_DAYS: Final = {
    **dict.fromkeys(("daily", "everyday", "every-day", "all", "any", "每天", "每日", "天天"), "every day"),
    **dict.fromkeys(("weekday", "workdays", "workday", "工作日"), "weekdays"),
    **dict.fromkeys(("weekend", "周末", "双休日"), "weekends"),
}


def weekdays(written: object) -> frozenset[int]:
    """Days of the week, Monday 0: a list of "mon" ... "sun", one of them, or "weekdays", "weekends", "every day"."""
    if isinstance(written, frozenset):
        return written
    if isinstance(written, str) and written.strip().lower() in _DAY_GROUPS:
        return _DAY_GROUPS[written.strip().lower()]
    names = [written] if isinstance(written, str) else written
    if not isinstance(names, list | tuple) or not names:
        raise ValueError(
            f"{_shown(written)} names no days; write a list like [mon, wed] or weekdays, weekends, every day"
        )
    found = set()
    for name in names:
        day = name.strip().lower() if isinstance(name, str) else ""
        kind = _OTHER_DAYS.get(day, day)
        if kind in _DAY_GROUPS and not isinstance(written, str):
            raise ValueError(
                f"{_shown(name)} is several days; write {kind} alone, without a list, or each day by itself"
            )
        if day not in WEEKDAYS:
            meant = _day_meant(day)
            guess = f" (did you mean {meant}?)" if meant else ""
            raise ValueError(
                f"{_shown(name)} is not a day; the days are {', '.join(WEEKDAYS)}; "
                f"all of one kind: weekdays, weekends, every day{guess}"
            )
        found.add(WEEKDAYS.index(day))
    return frozenset(found)


def _day_meant(written: str) -> str:
    """The day, or the kind of days, that was probably meant."""
    if written in _OTHER_DAYS:
        return _OTHER_DAYS[written]
    chinese = re.fullmatch("(?:周|星期|礼拜)([一二三四五六日天])", written)
    if chinese is not None:
        return WEEKDAYS[min("一二三四五六日天".index(chinese[1]), 6)]
    if len(names_apart(written)) > 1:
        apart = [_day_meant(each) for each in names_apart(written)]
        return f"[{', '.join(apart)}]" if set(apart) <= set(WEEKDAYS) else ""
    if (ends := _FROM_TO.fullmatch(written)) is not None:
        return _days_between(_day_meant(ends[1]), _day_meant(ends[2]))
    return written[:3] if written[:3] in WEEKDAYS else ""


def _days_between(first: str, last: str) -> str:
    """The days from one to another, as they are written here; "" if one of them is none."""
    if first not in WEEKDAYS or last not in WEEKDAYS or first == last:
        return ""
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    found = [n % 7 for n in range(begin, end + 1 if begin < end else end + 8)]
    kind = next((name for name, days in _DAY_GROUPS.items() if days == frozenset(found)), "")
    return kind or f"[{', '.join(WEEKDAYS[n] for n in found)}]"


_FROM_TO: Final = re.compile(r"(\w+?)\s*(?:-|–|—|~|～|至|到|to|through)\s*(\w+)")


def one_or_many(written: Any) -> Any:
    """A lone value as a list of one; a list as it is."""
    if written is None or isinstance(written, list | tuple):
        return written
    return [written]


def one_word(written: Any) -> Any:
    """A word of a list. One with a wide comma is several words that YAML took for one, and nobody says all of them."""
    apart = words_apart(written) if isinstance(written, str) else ()
    if len(apart) > 1 or (apart and apart[0] != str(written).strip()):
        meant = f" (did you mean [{', '.join(apart)}]?)"
        raise ValueError(f"{_shown(written)} is one word to YAML; write each by itself{meant}")
    return written


def words_apart(written: str) -> tuple[str, ...]:
    """The words between the wide commas of a text. At a plain one YAML parts words by itself where it can be meant."""
    return tuple(word.strip() for word in _WIDE_COMMA.split(written) if word.strip())


def names_apart(written: str) -> tuple[str, ...]:
    """The names between the commas of a text, be they wide ones or not: unlike a phrase, no name has one."""
    return tuple(name.strip() for name in _COMMA.split(written) if name.strip())


def _shown(written: object) -> str:
    text = written if isinstance(written, str) else repr(written)
    return f'"{text}"' if len(text) <= 40 else f'"{text[:40]}…"'


def _schema(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Span = Annotated[
    timedelta,
    BeforeValidator(span),
    PlainSerializer(span_text, return_type=str),
    _schema(r"^\s*([0-9]+[smhdw] ?)+\s*$", "24h"),
]
Clock = Annotated[
    time,
    BeforeValidator(clock),
    PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str),
    _schema(r"^\s*([01]?[0-9]|2[0-3]):[0-5][0-9]\s*$", "21:30"),
]
Window = Annotated[
    ClockWindow,
    BeforeValidator(window),
    PlainSerializer(str, return_type=str),
    _schema(r"^\s*[0-9]{1,2}:[0-9]{2}\s*[-–—~～至到]\s*[0-9]{1,2}:[0-9]{2}\s*$", "05:30-09:00"),
]
_DAY_SCHEMA: Final = {"type": "string", "enum": list(WEEKDAYS)}
Weekdays = Annotated[
    frozenset[int],
    BeforeValidator(weekdays),
    PlainSerializer(lambda days: [WEEKDAYS[day] for day in sorted(days)], return_type=list[str]),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": [*_DAY_GROUPS, *WEEKDAYS]},
                {"type": "array", "items": _DAY_SCHEMA, "minItems": 1},
            ]
        }
    ),
]
OneOrMany = Annotated[tuple[T, ...], BeforeValidator(one_or_many)]
"""`OneOrMany[str]`: a list, or a single value that is taken for a list of one. Always arrives as a tuple."""


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

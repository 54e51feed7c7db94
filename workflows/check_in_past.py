"""The days that people name when they make days up: `昨天`, `2号3号`, `Monday and Tuesday`, `3月1日到3日`, `两天`.

A day named in the past that could not be read among the others is asked about, as is `上周`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from workflows.check_in_dates import A_DAY, FEAST, HAN, day_of, days_in
from workflows.check_in_lists import ON, SO_MANY, SPAN, days_from, end_of, length_of, next_of, spelled
from workflows.check_in_twice import told_once
from workflows.streaks import DAY

_LATEST: Final = re.compile(r"(?:最近|过去)的?这?|(?:the\s+)?(?:last|past)\s+(?=\S+\s*days?\b)", re.IGNORECASE)
"""What stands before how many: `最近两天`."""
_AGO: Final = re.compile(r"(?:[以之]?前(?!天))|\s*ago\b", re.IGNORECASE)
_UNCLEAR: Final = re.compile(
    r"-|前[两二三几]天|[这好]?几[天日]|这两天|上个?(?:周末?|星期|礼拜|月)(?![一二三四五六日天])|周末"
    rf"|(?:{FEAST})(?:节|那天|当天|的?卡)*[\W_]*$|(?:{HAN})月(?:{HAN}|\d{{1,2}})[日号]|[去前]年\d{{1,2}}月|\d{{3,4}}[\W_]*$"
    r"|\d{1,2}(?:-\d{1,2})?(?:[天次]?前几天)?[\W_]*$|(?:last|this)\s+(?:week|month)|(?:the\s+)?(?:last\s+)?weekend\b"
    r"|(?:a few|several|some|a couple of)\s+days\b",
    re.IGNORECASE,
)
"""How a time begins that names no day to read."""
_ONE_OR_SOME: Final = re.compile(r"(\d{1,2})-(\d{1,2})[\W_]*$")


def missed(text: str, today: date) -> tuple[date, ...] | int | None:
    """The days that a text starts with, each the latest not after `today` if it has no year; or how many of the latest
    missed ones: one if it names none. None if it is unclear, and no days if one of them cannot be.
    """
    told = told_once(spelled(text), today, ahead=0)
    if told is None:
        return None
    text, named = told, _read(told, today)
    if named is None or named == ():
        return named
    known = (today - DAY,) if isinstance(named, int) else named  # `补卡 昨天的诗` says no more than `补卡 一首诗`
    if any(day < today for day, _ in days_in(text, today, ahead=0, known=known)):
        return None
    return named


def _read(text: str, today: date) -> tuple[date, ...] | int | None:
    latest = _LATEST.match(text)
    span = SPAN.match(text, latest.end() if latest else 0)
    if span:
        if _AGO.match(text, span.end()):
            return (today - length_of(span) * DAY,)
        found = A_DAY.match(text, SO_MANY.match(text, span.end()).end())  # type: ignore[union-attr]
        if found is None:
            return None if span["half"] else length_of(span)
        named = _several(found, today)
        return named if len(named) == length_of(span) else None
    one_or_some = _ONE_OR_SOME.match(text)
    found = A_DAY.match(text)
    if found is None or (one_or_some and int(one_or_some[1]) < int(one_or_some[2])):
        return None if _UNCLEAR.match(text) else 1
    if ON.match(text, found.end()) and end_of(text, found.end()) is None:
        return None
    return _several(found, today)


def _several(found: re.Match[str] | None, today: date) -> tuple[date, ...]:
    """Days that are told one after the other: `周一、周三到周五`. Empty if one of them cannot be."""
    days: list[date] = []
    month: date | None = None
    while found is not None:
        text, end = found.string, end_of(found.string, found.end())
        if end is None:
            first = last = _before(found, today, month)
        else:
            first = _before(found, today, month)
            last = _before(end, today, first if found["month"] or found["year"] else month)
            if first is not None and last is not None and first > last:  # of the week, or the month, before
                first = day_of(found, today, ahead=0, near=last)
        if first is None or last is None or last < first:
            return ()
        days += days_from(first, (last - first).days + 1)
        month = last if found["month"] or found["year"] else month
        found = next_of(text, (end or found).end())
    return tuple(sorted(set(days)))


def _before(found: re.Match[str], today: date, month: date | None) -> date | None:
    """The latest such day; one of a month alone that follows one with its month is the next of that: `3月1日到3日`."""
    if month is not None and found["lone"]:
        return day_of(found, today, ahead=1, near=month)
    return day_of(found, today, ahead=0)

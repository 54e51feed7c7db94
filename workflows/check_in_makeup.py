"""Making up a missed day: `补卡` takes the most recent one, `补卡 3月2日` that one. Dates are the group's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any, Final

from core.decision import Decision, Post
from core.people import Account
from core.state import Key, balance
from core.workflow import View
from workflows.check_in_answers import answered
from workflows.check_in_book import Book, Log, cards_kind, log_keys
from workflows.check_in_days import names_a_day, past_day
from workflows.check_in_options import CheckIns, Late
from workflows.check_in_telling import fitting
from workflows.check_in_writing import checked_in, made_up
from workflows.gaps import GAPS, Gaps, unheard
from workflows.streaks import DAY, missed_days

_UNHEARD: Final = timedelta(minutes=10)
"""So much of a day's time not heard, all in all, may have swallowed a check-in."""
_MIDNIGHT: Final = time()
_NEAR: Final = 7
"""How many days ago the day is at most that somebody means who writes one before the word."""


def reads(challenge: str, account: Account) -> Iterator[Key[Any]]:
    """The log, because the past changes, the cards, and when nothing was heard."""
    yield from log_keys(challenge, account)
    yield balance(cards_kind(challenge), account)
    yield GAPS.of_group()


def make_up(book: Book, rest: str, view: View, options: CheckIns) -> Decision:
    """Write in a missed day, and count the streak again."""
    late = book.challenge.late
    assert late is not None
    log = Log.of(*(view.get(key) for key in log_keys(book.id, book.account)))
    missed = _missed(book, late, log)
    wanted = past_day(rest, book.today)
    day = wanted if wanted is not None else next(iter(missed), None)
    if wanted is None and names_a_day(rest):
        return book.refuse("late_not", "a day that does not exist", day=rest[:20], days=late.within.days)
    if day is None:
        return book.refuse("late_none", "no missed day within reach", days=late.within.days)
    if day in log.days:
        return book.refuse("late_already", f"{day} counts already", day=day.isoformat())
    if _not_here_yet(book, day):
        return book.refuse("late_before", "the day is before they joined", day=day.isoformat())
    if day not in missed:
        return book.refuse("late_not", f"{day} cannot be made up", day=day.isoformat(), days=late.within.days)
    unheard = _unheard(book, day, view)
    spent = () if unheard else _card(book, late, day, view)
    if spent is None:
        return book.refuse("late_no_cards", "no make-up left this month", cards=late.cards or 0)
    written = made_up(book, log, day, late.points, "made up")
    counted = _this_month(book, written.streak.made_up)
    streak = replace(written.streak, made_up=counted if unheard else (*counted, book.today))
    answer = answered(book, written, day, view, options, late=True)
    why = ("it may not have been heard that day",) if unheard else ()
    return Decision(
        changes=(*written.changes, *spent, book.put(streak), *answer.changes),
        effects=answer.effects,
        timers=answer.timers,
        follows=(checked_in(book, written, day, late=True),),
        because=(f"{day} made up", *why, *written.because, *answer.because),
        rule=book.id,
    )


def of_another_day(book: Book, named: str) -> Decision | None:
    """What comes of a check-in with a day before its word, `3.4打卡`: None if that is today.

    `5/21` is rather the fifth of so many where that day of the year is far away. Who names a day that was is told
    how to make up one.
    """
    today, by_the_calendar = book.today, book.group.day(book.at)
    day = past_day(named, by_the_calendar)
    if day is None or day in (today, by_the_calendar):
        return None
    if "/" in named and (today - day).days > _NEAR:
        return None
    if not named[:1].isdecimal() or (today - day).days > _NEAR:
        return Decision(because=("a check-in of another day",), rule=book.id)
    told = {"day": day.isoformat(), "today": today.isoformat()}
    told["word"] = fitting(book.challenge.keywords, book.language)
    late = book.challenge.late
    if late is None:
        return book.refuse("other_day", f"for {day}, not for today", **told)
    keyword = fitting(late.keyword, book.language)
    return book.refuse("other_day_late", f"for {day}, not for today", keyword=keyword, **told)


def _missed(book: Book, late: Late, log: Log) -> list[date]:
    """The missed days within reach, latest first. Today is among them once its window has closed.

    Days before the first check-in can only be added next to it: a gap there would be a gap in the streak.
    """
    first, last = book.today - late.within, book.today if _closed(book) else book.today - DAY
    if book.member is not None and book.member.joined is not None:
        first = max(first, book.day(book.member.joined))
    missed = missed_days(book.calendar, log.days, log.excused, first, last) if first <= last else []
    begun = min(log.days, default=None)
    if begun is None:
        return missed
    return [day for day in missed if day > begun or not any(day < other < begun for other in missed)]


def _not_here_yet(book: Book, day: date) -> bool:
    return book.member is not None and book.member.joined is not None and day < book.day(book.member.joined)


def _closed(book: Book) -> bool:
    window, minute = book.challenge.window, book.challenge.minute
    return window is not None and minute(book.group.local(book.at).time()) > minute(window.end)


def _card(book: Book, late: Late, day: date, view: View) -> tuple[Post, ...] | None:
    """What a make-up costs: nothing while the month has some left, then a card. None if there is none."""
    if late.cards is None or len(_this_month(book, book.streak.made_up)) < late.cards:
        return ()
    kind = cards_kind(book.id)
    if view.get(balance(kind, book.account)) < 1:
        return None
    key = f"{book.id}:{day}~{book.streak.revision}"
    reason = f"made up {day}"
    return (Post(kind=kind, member=book.account, amount=-1, rule=book.rule, reason=reason, key=key, about=day),)


def _unheard(book: Book, day: date, view: View) -> bool:
    """Whether a check-in of that day may not have arrived on the member's platform (`_UNHEARD`). Such a day costs
    nothing, and is not among those that a month has for free."""
    window = book.challenge.window
    start, end = (window.start, window.end) if window is not None else (_MIDNIGHT, _MIDNIGHT)
    opens, closes = book.group.instant(day, start), book.group.instant(day, end)
    if closes <= opens:
        closes = book.group.instant(day + DAY, end)
    platform = book.account.partition(":")[0]
    held = view.get(GAPS.of_group()) or Gaps()
    return unheard(held.latest, platform, opens, closes) >= _UNHEARD


def _this_month(book: Book, days: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(day for day in days if day.replace(day=1) == book.today.replace(day=1))

"""Making up a missed day: `补卡` takes the most recent one, `补卡 3月2日` that one. Dates are the group's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from core.decision import Decision, Post
from core.people import Account
from core.state import Key, balance
from core.workflow import View
from workflows.check_in_book import Book, Log, cards_kind, log_keys
from workflows.check_in_options import Late
from workflows.check_in_words import names_a_day, past_day
from workflows.check_in_writing import checked_in, made_up, reply_values
from workflows.streaks import DAY, missed_days


def reads(challenge: str, account: Account) -> Iterator[Key[Any]]:
    """The log, because the past changes, and the cards."""
    yield from log_keys(challenge, account)
    yield balance(cards_kind(challenge), account)


def make_up(book: Book, rest: str, view: View) -> Decision:
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
    if day not in missed:
        return book.refuse("late_not", f"{day} cannot be made up", day=day.isoformat(), days=late.within.days)
    spent = _card(book, late, day, view)
    if spent is None:
        return book.refuse("late_no_cards", "no make-up left this month", cards=late.cards or 0)
    written = made_up(book, log, day, late.points, "made up")
    streak = replace(written.streak, made_up=(*_this_month(book, written.streak.made_up), book.today))
    values = reply_values(book, written, day, late=True)
    lines = [book.say("late_done", **values)]
    if written.finished and book.challenge.finish is not None:
        lines.append(book.say("finished", **{**values, "points": book.challenge.finish.points}))
    return Decision(
        changes=(*written.changes, *spent, book.put(streak)),
        effects=book.answer(*lines),
        follows=(checked_in(book, written, day, late=True),),
        because=(f"{day} made up", *written.because),
        rule=book.id,
    )


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


def _this_month(book: Book, days: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(day for day in days if day.replace(day=1) == book.today.replace(day=1))

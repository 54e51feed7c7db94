"""Leave and signing up: what a member says about days to come.

A leave day is neither missed nor counted, and nobody is reminded on it. A check-in on it counts all the same. Days that
are rest days anyway are not booked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from core.decision import NOTHING, Decision
from core.workflow import View
from workflows.check_in_book import Book
from workflows.check_in_days import coming_days, part_of_a_day, tells_days, unclear
from workflows.check_in_options import CheckIns
from workflows.check_in_reminders import armed
from workflows.check_in_telling import fitting, shown_days, to_sign_up_first
from workflows.check_in_writing import excused_fact
from workflows.streaks import DAY


def leave(book: Book, rest: str) -> Decision:
    """Book the days that the text names: today if it names none."""
    leave = book.challenge.leave
    assert leave is not None
    if (unsigned := to_sign_up_first(book)) is not None:
        return unsigned
    streak, calendar = book.streak, book.calendar
    if unclear(rest, book.today):
        return book.refuse("leave_when", "no day to read", word=fitting(leave.keyword, book.language))
    named = coming_days(rest, book.today)
    if not named or named[0] < book.today:
        return book.refuse("leave_past", "leave for no day to come")
    if named[-1] > book.today + leave.max_days_ahead * DAY:
        why = f"further than {leave.max_days_ahead} days ahead"
        return book.refuse("leave_too_far", why, days=leave.max_days_ahead, dates=shown_days(named))
    done = streak.run.last if streak.run is not None else None
    if named == (done,):
        return book.refuse("leave_done_before", "checked in on that day", day=named[0].isoformat())
    booked = frozenset(streak.excused)
    new = [d for d in named if calendar.asks_for(d) and d not in booked and d != done]
    if not new:
        return book.refuse("leave_none", "none of these days asks for a check-in")
    months = Counter((d.year, d.month) for d in {*booked, *new})
    over = next((d for d in new if months[d.year, d.month] > leave.per_month), None)
    if over is not None:
        why = f"more than {leave.per_month} leave days a month"
        left = leave.per_month - sum((d.year, d.month) == (over.year, over.month) for d in booked)
        told = {"per_month": leave.per_month, "month": f"{over:%Y-%m}", "left": max(left, 0)}
        return book.refuse("leave_over", why, **told)
    streak = replace(streak, excused=(*streak.excused, *new))
    lines = [book.say("leave_done", days=len(new), dates=shown_days(new))]
    if part_of_a_day(rest):
        lines.append(book.say("leave_part"))
    return Decision(
        changes=(*(excused_fact(book, d, 1, "leave") for d in new), book.put(streak)),
        effects=book.answer(*lines),
        because=(f"leave on {shown_days(new)}",),
        rule=book.id,
    )


def back(book: Book, rest: str) -> Decision:
    """Give back the leave days that are not over: those that the text names, or today's and those to come."""
    leave, streak = book.challenge.leave, book.streak
    assert leave is not None
    booked = [d for d in streak.excused if d >= book.today]
    if not booked:
        return NOTHING
    named = tells_days(rest)
    if named and unclear(rest, book.today):
        return book.refuse("leave_when", "no day to read", word=fitting(leave.cancel, book.language))
    days = coming_days(rest, book.today) if named else tuple(booked)
    free, left = [d for d in booked if d in days], [d for d in booked if d not in days]
    still = [book.say("leave_left", dates=shown_days(left))] if left else []
    if not free:
        return Decision(effects=book.answer(*still), because=("asked to give back leave of other days",), rule=book.id)
    kept = replace(streak, excused=tuple(d for d in streak.excused if d not in free), revision=streak.revision + 1)
    told = book.say("leave_ended_on", dates=shown_days(free)) if named else book.say("leave_ended", days=len(free))
    return Decision(
        changes=(*(excused_fact(book, d, -1, "leave ended") for d in free), book.put(kept)),
        effects=book.answer(told, *still),
        because=(f"no leave on {shown_days(free)}",),
        rule=book.id,
    )


def join(book: Book, view: View, options: CheckIns) -> Decision:
    """Sign up: reminders know the member from now on."""
    last = book.challenge.joined_until
    if book.today > last:
        return book.refuse("join_closed", "signing up is over", until=last.isoformat())
    if book.streak.joined is not None:
        return book.refuse("join_already", "signed up before")
    timers, remember = armed(book.at, options, view)
    return Decision(
        changes=(book.put(replace(book.streak, joined=book.today)), *remember),
        effects=book.answer(book.say("join_done")),
        timers=timers,
        because=("signed up",),
        rule=book.id,
    )

"""Making up missed days: `补卡` takes the most recent one, `补卡 3月2日` that one, `补卡 2号3号` both. Dates are the
group's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

from core.decision import Decision, Post
from core.people import Account, platform_of
from core.quick import renewed
from core.state import Key, balance
from core.workflow import View
from workflows.check_in_answers import answered_late
from workflows.check_in_book import Book, Log, cards_kind, log_keys
from workflows.check_in_days import past_day
from workflows.check_in_hours import closes, opens, within
from workflows.check_in_options import CheckIns, Late
from workflows.check_in_past import missed
from workflows.check_in_telling import fitting, shown_days, to_sign_up_first
from workflows.check_in_words import Ask
from workflows.check_in_writing import Written, checked_in, made_up
from workflows.gaps import GAPS, Gaps, unheard
from workflows.streaks import DAY, missed_days

_UNHEARD: Final = timedelta(minutes=10)
"""So much of a day's time not heard, all in all, may have swallowed a check-in."""
_NEAR: Final = 7
"""How many days ago the day is at most that somebody means who writes one before the word."""
MAY_TELL_A_DAY: Final = frozenset("0123456789昨大前fyFY")
"""With what begins what follows the word to check in, where it may tell of which day it is."""
_BEHIND: Final = re.compile(
    r"(?P<date>\d{1,2}月\d{1,2}[日号]|\d{4}-\d{1,2}-\d{1,2})(?=$|[\W_])"
    r"|(?:for )?(?P<name>昨[天日]|大?前天|yesterday)的?(?:打?卡|签到|份)?(?=[\W_]*$)",
    re.IGNORECASE,
)
_Refused = Literal["late_already", "late_before", "late_not", "late_no_cards"]


def reads(challenge: str, account: Account) -> Iterator[Key[Any]]:
    """The log, because the past changes, the cards, and when nothing was heard."""
    yield from log_keys(challenge, account)
    yield balance(cards_kind(challenge), account)
    yield GAPS.of_group()


def make_up(book: Book, rest: str, view: View, options: CheckIns) -> Decision:
    """Write in the missed days that are named, or so many of the latest, and count the streak again.

    Of several each that can be made up is, the latest first, and the answer tells why the others are not.
    """
    late = book.challenge.late
    assert late is not None
    if (unsigned := to_sign_up_first(book)) is not None:
        return unsigned
    log = Log.of(*(view.get(key) for key in log_keys(book.id, book.account)))
    wanted = missed(rest, book.today)
    if wanted is None:
        return book.refuse("late_when", "no day to read", word=fitting(late.keyword, book.language))
    made = _Making(book, late, log, view)
    if isinstance(wanted, int):
        made.make_up_latest(wanted)
    elif not wanted:
        return book.refuse("late_not", "a day that does not exist", day=rest[:20], days=late.within.days)
    else:
        for day in reversed(wanted):
            made.make_up(day)
    return made.decision(options)


@dataclass(slots=True)
class _Making:
    """Days being made up, one after the other: what each writes, and why others are not."""

    book: Book
    late: Late
    log: Log
    view: View
    done: list[tuple[date, Written]] = field(default_factory=list)
    spent: list[Post] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    refused: dict[_Refused, list[date]] = field(default_factory=dict)

    def make_up(self, day: date) -> None:
        book, log = self.book, self.log
        refused = self._refused(day)
        if refused is not None:
            self.refused.setdefault(refused, []).append(day)
            return
        unheard = _unheard(book, day, self.view)
        if not unheard:
            self.spent += [_card(book, day)] if self._costs_a_card else []
        written = made_up(book, log, day, self.late.points, "made up")
        counted = _this_month(book, written.streak.made_up)
        streak = replace(written.streak, made_up=counted if unheard else (*counted, book.today))
        written = renewed(written, streak=streak)
        self.done.append((day, written))
        self.why += (f"{day} made up", *(("it may not have been heard that day",) if unheard else ()), *written.because)
        self.log = Log(days=log.days | {day}, excused=log.excused)
        self.book = renewed(book, streak=streak)

    def make_up_latest(self, count: int) -> None:
        for _ in range(count):
            tried = {day for days in self.refused.values() for day in days}
            day = next((day for day in _missed(self.book, self.late, self.log) if day not in tried), None)
            if day is None:
                return
            self.make_up(day)

    def _refused(self, day: date) -> _Refused | None:
        if day in self.log.days:
            return "late_already"
        if _not_here_yet(self.book, day):
            return "late_before"
        if day not in _missed(self.book, self.late, self.log):
            return "late_not"
        if _unheard(self.book, day, self.view) or not self._costs_a_card:
            return None
        cards = self.view.get(balance(cards_kind(self.book.id), self.book.account)) - len(self.spent)
        return "late_no_cards" if cards < 1 else None

    @property
    def _costs_a_card(self) -> bool:
        cards = self.late.cards
        return cards is not None and len(_this_month(self.book, self.book.streak.made_up)) >= cards

    def decision(self, options: CheckIns) -> Decision:
        book, late = self.book, self.late
        told = {"days": late.within.days, "cards": late.cards or 0}
        if not (self.done or self.refused):
            return book.refuse("late_none", "no missed day within reach", days=late.within.days)
        several = len(self.done) + sum(map(len, self.refused.values())) > 1
        lines = []
        for key, days in self.refused.items():
            told_key = "late_no_cards_for" if several and key == "late_no_cards" else key
            lines.append(book.say(told_key, **told, day=shown_days(days)))
        reasons = tuple(dict.fromkeys(_why_not(key, day) for key, days in self.refused.items() for day in days))
        if not self.done:
            return Decision(effects=book.answer(*lines), because=reasons, rule=book.id)
        answer = answered_late(book, self.done, self.view, lines)
        return Decision(
            changes=(
                *(change for _, written in self.done for change in written.changes),
                *self.spent,
                book.put(book.streak),
                *answer.changes,
            ),
            effects=answer.effects,
            timers=answer.timers,
            follows=tuple(checked_in(book, written, day, late=True) for day, written in self.done),
            because=(*self.why, *reasons, *answer.because),
            rule=book.id,
        )


def _why_not(refused: _Refused, day: date) -> str:
    match refused:
        case "late_already":
            return f"{day} counts already"
        case "late_before":
            return "the day is before they joined"
        case "late_not":
            return f"{day} cannot be made up"
        case "late_no_cards":
            return "no make-up left this month"


def of_another_day(book: Book, ask: Ask) -> Decision | None:
    """What comes of a check-in with a day before its word, `3.4打卡`, or behind it: None if that is today.

    Before the word `5/21` is rather the fifth of so many where that day of the year is far away. Who names a day that
    was is told how to make up one.
    """
    if not ask.day:
        return _behind(book, ask.rest)
    named, today, by_the_calendar = ask.day, book.today, book.group.day(book.at)
    day = past_day(named, by_the_calendar)
    if day is None or day in (today, by_the_calendar):
        return None
    if "/" in named and (today - day).days > _NEAR:
        return None
    if not named[:1].isdecimal() or (today - day).days > _NEAR:
        return Decision(because=("a check-in of another day",), rule=book.id)
    return _to_make_up(book, day)


def _to_make_up(book: Book, day: date) -> Decision:
    """Nothing is noted; the answer tells how to make up the day, and how to check in."""
    told = {"day": day.isoformat(), "today": book.today.isoformat()}
    told["word"] = fitting(book.challenge.keywords, book.language)
    late = book.challenge.late
    if late is None:
        return book.refuse("other_day", f"for {day}, not for today", **told)
    keyword = fitting(late.keyword, book.language)
    return book.refuse("other_day_late", f"for {day}, not for today", keyword=keyword, **told)


def _behind(book: Book, rest: str) -> Decision | None:
    """What comes of a check-in with a day behind its word, `打卡 3月1日`, `打卡 昨天`: None unless that is one of the
    last days. Whoever goes on as `打卡 昨天没睡好` tells something, and a day that is long ago may be a title's."""
    found = _BEHIND.match(rest)
    day = past_day(rest[found.start("name") :] if found["name"] else rest, book.group.day(book.at)) if found else None
    return _to_make_up(book, day) if day is not None and 0 < (book.today - day).days <= _NEAR else None


def _missed(book: Book, late: Late, log: Log) -> list[date]:
    """The missed days within reach, latest first. Today is among them once its window has closed.

    Days before the first check-in can only be added next to it: a gap there would be a gap in the streak.
    """
    first, last = book.today - late.within, book.today if _closed(book) else book.today - DAY
    if book.member is not None and book.member.joined is not None:
        first = max(first, book.day(book.member.joined))
    found = missed_days(book.calendar, log.days, log.excused, first, last) if first <= last else []
    begun = min(log.days, default=None)
    if begun is None:
        return found
    return [day for day in found if day > begun or not any(day < other < begun for other in found)]


def _not_here_yet(book: Book, day: date) -> bool:
    return book.member is not None and book.member.joined is not None and day < book.day(book.member.joined)


def _closed(book: Book) -> bool:
    group, challenge = book.group, book.challenge
    return book.at > closes(group, challenge, book.today) and not within(group, challenge, book.at)


def _card(book: Book, day: date) -> Post:
    """What a make-up costs where the month has none left."""
    key = f"{book.id}:{day}~{book.streak.revision}"
    reason = f"made up {day}"
    return Post(
        kind=cards_kind(book.id), member=book.account, amount=-1, rule=book.rule, reason=reason, key=key, about=day
    )


def _unheard(book: Book, day: date, view: View) -> bool:
    """Whether a check-in of that day may not have arrived on the member's platform (`_UNHEARD`). Such a day costs
    nothing, and is not among those that a month has for free."""
    first, last = opens(book.group, book.challenge, day), closes(book.group, book.challenge, day)
    held = view.get(GAPS.of_group()) or Gaps()
    return unheard(held.latest, platform_of(book.account), first, last) >= _UNHEARD


def _this_month(book: Book, days: tuple[date, ...]) -> tuple[date, ...]:
    return tuple(day for day in days if day.replace(day=1) == book.today.replace(day=1))

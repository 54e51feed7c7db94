"""What a new day, a day made up, or a day taken back writes into a book, and the rewards that come and go with it.

Two ways lead to the same run. `entered` goes one step on from the record and reads nothing else: the usual check-in.
`made_up`, `taken_back` and `excused` change the past, and count the ledger's log from the start. Streaks are settled
when they are looked at: no nightly job touches them, so none can run twice, be missed, or lose a repaired streak.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from core.decision import Change, Post, Tag
from core.follow_ups import CheckedIn
from core.people import Actor
from core.quick import maker, quick, renewed
from core.state import POINTS, Entry
from workflows.check_in_book import Book, Log, dated, excused_kind
from workflows.check_in_hold import lost_to_a_move
from workflows.streaks import Run, Streak, freezes_left, recount, step

_post: Final = maker(Post)
_checked_in: Final = maker(CheckedIn)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What goes into the book: the facts, and the record to put (see `Book.put_kept`).

    `points` are those of the day, bonus included; below zero when taken back. A finisher's reward is not among them.
    """

    streak: Streak
    changes: tuple[Change, ...]
    points: int
    bonus: int
    finished: bool
    because: tuple[str, ...]

    @property
    def length(self) -> int:
        return self.streak.run.streak if self.streak.run is not None else 0


_written: Final = maker(Written)


def entered(book: Book, day: date, points: int, message: str = "") -> Written:
    """A new day after the last one. Needs nothing but the record."""
    old = book.streak
    lost = lost_to_a_move(book.group, book.calendar, old)
    lost = lost if lost is not None and lost < day else None
    if lost is not None:
        old = renewed(old, excused=(*old.excused, lost))
    run = step(book.calendar, old.run, day, old.excused)
    facts: list[Change] = [day_fact(book, day, 1, "checked in")]
    if lost is not None:
        facts.append(excused_fact(book, lost, 1, "the group's time zone changed"))
    facts += _paid(book, day, points, "check-in")
    return _settled(book, old, old, run, day, facts, points, message=message, zone=book.group.zone.key)


def made_up(book: Book, log: Log, day: date, points: int, reason: str) -> Written:
    """A day that is written in later; the streak is counted again from the log."""
    old = book.streak
    new = _counted(book, old, Log(days=log.days | {day}, excused=log.excused))
    facts = [day_fact(book, day, 1, reason), *_paid(book, day, points, reason)]
    return _settled(book, old, new, new.run, day, facts, points, zone=old.zone or book.group.zone.key)


def taken_back(book: Book, log: Log, day: date, ledger: Sequence[Entry], reason: str) -> Written:
    """A day that is struck out, with the points that the ledger says were paid for it."""
    old = book.streak
    new = _counted(book, old, Log(days=log.days - {day}, excused=log.excused))
    points = -_paid_for(ledger, book.rule, day)
    facts: list[Change] = [day_fact(book, day, -1, reason), *_paid(book, day, points, reason)]
    new, fallen, why = _fallen(book, new, log.days - {day}, log.excused, ledger, reason)
    message = "" if old.run is not None and old.run.last == day else old.message
    new = renewed(new, revision=new.revision + 1, message=message)
    return _settled(book, old, new, new.run, day, [*facts, *fallen], points, why)


def excused(book: Book, log: Log, day: date, reason: str) -> Written:
    """A day in the past that shall not count as missed."""
    old = book.streak
    new = _counted(book, old, Log(days=log.days, excused=log.excused | {day}))
    return _settled(book, old, new, new.run, day, [excused_fact(book, day, 1, reason)], 0)


def day_fact(book: Book, day: date, amount: int, reason: str) -> Post:
    """One day, written in or struck out. Its key is the guard: no day is ever written in twice."""
    return _fact(book, book.rule, day, amount, reason)


def excused_fact(book: Book, day: date, amount: int, reason: str) -> Post:
    """One day that is not missed, or is again."""
    return _fact(book, excused_kind(book.id), day, amount, reason)


def _fact(book: Book, kind: str, day: date, amount: int, reason: str) -> Post:
    """`morning:2026-03-02`; what comes after something was taken back carries the revision."""
    key, revision = f"{book.id}:{dated(day)}", book.streak.revision
    if revision:
        key += f"~{revision}"
    if amount < 0:
        key += "-"
    actor: Actor | None = getattr(book.event, "actor", None)
    return _post(
        kind=kind,
        member=book.account,
        amount=amount,
        rule=book.rule,
        reason=reason,
        by=None if actor is None or actor is book.actor else actor.account,
        key=key,
        about=day,
    )


def reply_values(book: Book, written: Written, day: date, *, late: bool) -> dict[str, object]:
    """What texts may say about a check-in."""
    run = written.streak.run
    assert run is not None
    return {
        "streak": run.streak,
        "points": written.points,
        "bonus": written.bonus,
        "day": dated(day),
        "challenge": book.id,
        "name": book.name,
        "total": run.total,
        "best": run.best,
        "late": late,
        "freezes": freezes_left(book.calendar, run, book.today, written.streak.excused),
    }


def checked_in(book: Book, written: Written, day: date, *, late: bool) -> CheckedIn:
    """The follow-up that tells the other workflows, and counts as activity of the day."""
    return _checked_in(
        id=book.event.id,
        at=book.at,
        group=book.group.key,
        actor=book.actor,
        challenge=book.id,
        day=day,
        streak=written.length,
        late=late,
    )


def _counted(book: Book, old: Streak, log: Log) -> Streak:
    return renewed(old, run=recount(book.calendar, log.days, log.excused, old.base), excused=tuple(sorted(log.excused)))


def _settled(
    book: Book,
    old: Streak,
    new: Streak,
    run: Run | None,
    day: date,
    facts: list[Any],
    points: int,
    why: tuple[str, ...] = (),
    message: str | None = None,
    zone: str | None = None,
) -> Written:
    """The rewards that come with the new run, and the record: `new`, with what of `message` and `zone` is given."""
    was = old.run.streak if old.run is not None else 0
    now = run.streak if run is not None else 0
    bonuses, bonus = new.bonuses, 0
    because = (f"{dated(day)}: day {now} in a row", *why)
    offered = book.challenge.streak.bonus
    for length in range(was + 1, now + 1) if offered else ():
        amount = offered.get(length)
        if amount is None or run is None:
            continue
        paid = bonuses.get(str(length))
        if paid is None or paid < run.start:
            facts += _paid(book, run.last, amount, f"{length} days in a row", rule=_bonus_rule(book, length))
            bonuses = {**bonuses, str(length): run.last}
            bonus += amount
            because = (*because, f"bonus {length} days in a row: +{amount}")
    reached = book.at if now != was else old.reached
    new = book.kept(new, run, bonuses, reached=reached, message=message, zone=zone)
    finished = _finishes(book, new)
    if finished:
        assert book.challenge.finish is not None
        new = renewed(new, finished=day)
        facts += _paid(book, day, book.challenge.finish.points, "finished", rule=_finish_rule(book))
        if book.challenge.finish.tag:
            facts.append(Tag(member=book.account, add=frozenset((book.challenge.finish.tag,))))
        because = (*because, f"finished with {book.challenge.needed} check-ins")
    return _written(
        streak=new,
        changes=tuple(facts),
        points=points + bonus,
        bonus=bonus,
        finished=finished,
        because=because,
    )


def _finishes(book: Book, new: Streak) -> bool:
    needed = book.challenge.needed
    if needed is None or new.finished is not None or new.run is None or new.run.total < needed:
        return False
    return book.challenge.staff_on_board or book.member is None or not book.member.staff


def _fallen(
    book: Book, new: Streak, days: Set[date], excused: Set[date], ledger: Sequence[Entry], reason: str
) -> tuple[Streak, list[Change], tuple[str, ...]]:
    """Rewards that are no longer deserved: no run of such a length ends where it was paid, nor is there one now."""
    now = new.run.streak if new.run is not None else 0
    facts: list[Change] = []
    why: list[str] = []
    bonuses = dict(new.bonuses)
    for length, paid in sorted(bonuses.items()):
        then = recount(book.calendar, (d for d in days if d <= paid), excused, _before(new.base, paid))
        if int(length) > max(now, then.streak if then is not None else 0):
            amount = _paid_for(ledger, _bonus_rule(book, int(length)), paid)
            facts += _paid(book, paid, -amount, reason, rule=_bonus_rule(book, int(length)))
            why.append(f"bonus {length} days in a row: -{amount}")
            del bonuses[length]
    new = renewed(new, bonuses=bonuses)
    needed, finish = book.challenge.needed, book.challenge.finish
    if new.finished is not None and needed is not None and (new.run is None or new.run.total < needed):
        amount = _paid_for(ledger, _finish_rule(book), new.finished)
        facts += _paid(book, new.finished, -amount, reason, rule=_finish_rule(book))
        if finish is not None and finish.tag:
            facts.append(Tag(member=book.account, remove=frozenset((finish.tag,))))
        why.append("no longer finished")
        new = renewed(new, finished=None)
    return new, facts, tuple(why)


def _before(base: Run | None, day: date) -> Run | None:
    return base if base is not None and base.last <= day else None


def _bonus_rule(book: Book, length: int) -> str:
    return f"{book.rule}:bonus:{length}"


def _finish_rule(book: Book) -> str:
    return f"{book.rule}:finish"


def _paid(book: Book, day: date, amount: int, reason: str, rule: str = "") -> list[Change]:
    if not amount:
        return []
    return [_post(kind=POINTS, member=book.account, amount=amount, rule=rule or book.rule, reason=reason, about=day)]


def _paid_for(ledger: Sequence[Entry], rule: str, day: date) -> int:
    """What was paid for a day under a rule, less what was taken back."""
    return max(0, sum(entry.amount for entry in ledger if entry.rule == rule and entry.about == day))


def bonus_length(book: Book, entry: Entry) -> str | None:
    """For how many days in a row a fact paid a bonus; None if it is none."""
    beginning = f"{book.rule}:bonus:"
    return entry.rule.removeprefix(beginning) if entry.rule.startswith(beginning) else None


def is_finish(book: Book, entry: Entry) -> bool:
    """Whether a fact is the reward for a challenge that was finished."""
    return entry.rule == _finish_rule(book) and entry.amount > 0

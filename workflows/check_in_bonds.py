"""Check-ins of somebody whose accounts were bound to one person, or parted: one day counts once, streaks are recounted.

Both accounts may have a day of one challenge. Bound, the later of the two is struck out, with its points: by facts of
the bond itself, which go with it. Nothing is paid for a streak that became longer by this; its next day earns as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.decision import Change, Decision, Post, Put
from core.follow_ups import Linked, Parted
from core.people import Account, PersonId
from core.state import POINTS, Entry, Key, entries
from core.workflow import View
from workflows.check_in_answers import GATHERED, Told, untold
from workflows.check_in_book import Book, Log, book_of, days_kind, log_keys
from workflows.check_in_options import CheckIns
from workflows.check_in_writing import bonus_length, is_finish
from workflows.facts import STREAKS
from workflows.streaks import Streak, Streaks, recount

_MOST_DAYS = 5
"""Days that are named one by one in a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Twice:
    """A day that was checked in to with several accounts: which of them too many, and what was paid for that."""

    day: date
    again: tuple[PersonId, ...]
    paid: int


def reads(event: Linked | Parted, options: CheckIns) -> Iterator[Key[Any]]:
    """The state that `decide` looks at."""
    who = event.actor.account
    yield STREAKS.of(who)
    yield GATHERED.of_group()
    if isinstance(event, Linked):
        yield from (STREAKS.kept(side) for side in event.sides)
    yield entries(POINTS, who)
    for id_ in options:
        yield from log_keys(id_, who)


def decide(event: Linked | Parted, options: CheckIns, view: View) -> Decision:
    """Each challenge counted anew from the ledger."""
    streaks = _before(event, view)
    points = view.get(entries(POINTS, event.actor.account))
    changes: list[Change] = []
    because: list[str] = []
    struck: set[Told] = set()
    for id_, challenge in options.items():
        book = book_of(event, id_, challenge, view.group, event.actor, view.actor(), streaks)
        days, excused = (view.get(key) for key in log_keys(id_, event.actor.account))
        if not days and not excused and id_ not in streaks.of:
            continue
        twice = list(_twice(book, days, points))
        changes += [fact for one in twice for fact in _struck(book, event.actor.account, one)]
        because += _told(twice)
        struck |= {(id_, one.day, own) for one in twice for own in one.again}
        put = book.put(_counted(book, Log.of(days, excused), points))
        assert isinstance(put.value, Streaks)
        streaks = put.value
    if not changes and streaks == view.get(STREAKS.of(event.actor.account)):
        return Decision()
    changes += [Put(STREAKS.of(event.actor.account), streaks), *untold(view, struck)]
    return Decision(changes=tuple(changes), because=(*because, "streaks counted anew"), rule="bond")


def _before(event: Linked | Parted, view: View) -> Streaks:
    """The streaks to begin with. What the ledger does not tell of them is the later one's, or both'."""
    if isinstance(event, Parted):
        return view.get(STREAKS.of(event.actor.account)) or Streaks()
    one, other = (view.get(STREAKS.kept(side)) or Streaks() for side in event.sides)
    both = {id_: _merged(one.of[id_], other.of[id_]) for id_ in one.of.keys() & other.of.keys()}
    return Streaks(of={**other.of, **one.of, **both})


def _merged(one: Streak, other: Streak) -> Streak:
    later = max((one, other), key=lambda streak: streak.run.last if streak.run is not None else date.min)
    joined = [streak.joined for streak in (one, other) if streak.joined is not None]
    finished = [streak.finished for streak in (one, other) if streak.finished is not None]
    return replace(
        later,
        base=one.base or other.base,
        made_up=tuple(sorted({*one.made_up, *other.made_up})),
        revision=max(one.revision, other.revision),
        joined=min(joined, default=None),
        finished=min(finished, default=None),
    )


def _counted(book: Book, log: Log, points: Sequence[Entry]) -> Streak:
    """The streak that the ledger tells of, with the rewards that were paid for it."""
    old = book.streak
    run = recount(book.calendar, log.days, log.excused, old.base)
    bonuses: dict[str, date] = {}
    for entry in points:
        length = bonus_length(book, entry)
        if length is not None and entry.about is not None and entry.amount > 0:
            bonuses[length] = max(entry.about, bonuses.get(length, entry.about))
    needed, finish, finished = book.challenge.needed, book.challenge.finish, old.finished
    unpaid = finish is not None and finish.points and not any(is_finish(book, entry) for entry in points)
    if unpaid or needed is None or run is None or run.total < needed:
        finished = None
    return replace(old, run=run, excused=tuple(sorted(log.excused)), bonuses=bonuses, finished=finished)


def _twice(book: Book, days: Iterable[Entry], points: Sequence[Entry]) -> Iterator[_Twice]:
    """Days that stand for more than one account; the one that checked in first is the one that counts."""
    stands: dict[date, dict[PersonId, int]] = {}
    for entry in days:
        if entry.about is not None and entry.own:
            sums = stands.setdefault(entry.about, {})
            sums[entry.own] = sums.get(entry.own, 0) + entry.amount
    for day, sums in sorted(stands.items()):
        again = [own for own, amount in sums.items() if amount > 0][1:]
        if again:
            paid = sum(
                entry.amount
                for entry in points
                if entry.rule == book.rule and entry.about == day and entry.own in again
            )
            yield _Twice(day=day, again=tuple(again), paid=paid)


def _struck(book: Book, who: Account, twice: _Twice) -> Iterator[Post]:
    for kind, amount in ((days_kind(book.id), -len(twice.again)), (POINTS, -twice.paid)):
        if amount:
            yield Post(
                kind=kind,
                member=who,
                amount=amount,
                rule=book.rule,
                reason="checked in with both accounts",
                key=f"{book.id}:{twice.day}&",
                about=twice.day,
                joint=True,
            )


def _told(twice: Sequence[_Twice]) -> Iterator[str]:
    for one in twice[:_MOST_DAYS]:
        yield f"{one.day} checked in with both accounts: counts once, points {-one.paid:+d}"
    if len(twice) > _MOST_DAYS:
        yield f"{len(twice) - _MOST_DAYS} more days checked in with both accounts"

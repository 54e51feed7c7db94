"""The leaderboard and one's own standing, on demand.

Of equal sums the one that was reached first stands first. How early in the day somebody checks in counts for nothing.
Bots, channels and people who left are not on the board, staff only with `staff_on_board`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from core.decision import Decision
from core.effects import Say, Words
from core.events import MessagePosted
from core.people import Account, ActorKind, native_of
from core.state import Key, balance, standings
from core.workflow import View
from workflows.check_in_book import Book, cards_kind, days_kind
from workflows.check_in_hold import live
from workflows.check_in_options import Challenge
from workflows.facts import STREAKS, shown_name
from workflows.plain_text import LONGEST_NAME, before_a_number, one_line
from workflows.streaks import freezes_left

_SPARE: Final = 30
"""How many more lines than shown are read, because staff and bots are left out afterwards."""


def reads_status(challenge: str, account: Account) -> Iterator[Key[Any]]:
    """What `status` looks at."""
    yield balance(cards_kind(challenge), account)


def status(book: Book, view: View) -> Decision:
    """The member's streak, best, total, and what is left this month."""
    streak = book.streak
    run, running = streak.run, live(book.group, book.challenge, streak, book.at)
    if run is None:
        return Decision(
            effects=book.answer(book.say("status_none")), because=("asked for their standing",), rule=book.id
        )
    excused = frozenset(streak.excused)
    left = freezes_left(book.calendar, run, book.today, excused)
    lines = [book.say("status", streak=running, best=run.best, total=run.total, needed=book.challenge.needed or 0)]
    if book.calendar.freezes:
        lines.append(book.say("status_freezes", freezes=left))
    cards = view.get(balance(cards_kind(book.id), book.account))
    if cards:
        lines.append(book.say("status_cards", cards=cards))
    if running and run.last < book.today and book.calendar.asks_for(book.today) and book.today not in excused:
        lines.append(book.say("status_today"))
    return Decision(effects=book.answer(*lines), because=("asked for their standing",), rule=book.id)


def reads_board(challenge: Challenge, id_: str, at: datetime) -> Key[Any]:
    """What `board` looks at."""
    board = challenge.board
    assert board is not None
    if board.by == "streak":
        return STREAKS.of_all()
    since = at - board.over if board.over is not None else None
    return standings(days_kind(id_), board.size + _SPARE, since)


def board(book: Book, view: View) -> Decision:
    """The first of the challenge, numbered: equal sums have different places, by who was there first."""
    asked = book.challenge.board
    assert asked is not None
    rows = _by_streak(book, view) if asked.by == "streak" else _by_check_ins(book, view)
    if not rows:
        return Decision(effects=book.answer(book.say("board_empty")), because=("asked for the board",), rule=book.id)
    title = "board_streak" if asked.by == "streak" else "board" if asked.over is None else "board_over"
    lines: list[Words] = [book.say(title, days=asked.over.days if asked.over is not None else 0)]
    lines += [
        book.say("board_line", place=place, member=before_a_number(name), amount=amount)
        for place, (name, amount) in enumerate(rows[: asked.size], 1)
    ]
    return Decision(effects=book.answer(*lines), because=("asked for the board",), rule=book.id)


def _by_check_ins(book: Book, view: View) -> list[tuple[str, int]]:
    """Names with how many days they checked in, most days first."""
    rows = view.get(reads_board(book.challenge, book.id, book.at))
    return [
        (one_line(row.name, LONGEST_NAME) or native_of(row.account), row.amount)
        for row in rows
        if row.kind is ActorKind.PERSON
        and row.amount > 0
        and (book.challenge.staff_on_board or not (row.account in book.group.staff or row.account in _admins(book)))
    ]


def _by_streak(book: Book, view: View) -> list[tuple[str, int]]:
    """Names with the streaks that still run, the longest first."""
    rows = []
    for member, streaks in view.get(STREAKS.of_all()):
        streak = streaks.of.get(book.id)
        running = live(book.group, book.challenge, streak, book.at) if streak is not None else 0
        staff = member.staff or member.account in _admins(book)
        if streak is not None and running and (book.challenge.staff_on_board or not staff):
            rows.append((-running, streak.reached or book.at, member.person, shown_name(member)))
    return [(name, -running) for running, _, _, name in sorted(rows)]


def _admins(book: Book) -> frozenset[Account]:
    """The platform's admins, which come with whatever asks for the board."""
    return book.event.admins if isinstance(book.event, MessagePosted) else frozenset()


def in_one(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """What was only asked about is told in one message, of all challenges."""
    said = [effect for decision in decisions for effect in decision.effects if isinstance(effect, Say)]
    if len(said) < 2:
        return decisions
    words = tuple(part for n, one in enumerate(said) for part in (*(("\n\n",) if n else ()), *one.words))
    first, *others = decisions
    whole = replace(first, effects=(replace(said[0], words=words),))
    return (whole, *(replace(one, effects=()) for one in others))

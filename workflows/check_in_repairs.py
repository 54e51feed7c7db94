"""What an admin can put right: a day that was lost or should not stand, a day to be excused, make-up cards.

Authority was checked before; the admin's reason goes into the ledger and the audit. Days are the group's own, written
2026-03-02. Everything is counted again from the log, and points follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final

from core.decision import NOTHING, Decision, Post
from core.effects import TellAdmins
from core.events import Instructed
from core.people import NOBODY, Actor
from core.state import POINTS, Key, balance, entries, member
from core.workflow import View
from workflows.check_in_answers import GATHERED, untold
from workflows.check_in_book import Book, Log, book_of, cards_kind, log_keys
from workflows.check_in_options import CheckIns
from workflows.check_in_writing import Written, checked_in, excused, made_up, taken_back
from workflows.facts import STREAKS

VERBS: Final = ("add_day", "remove_day", "excuse_day", "grant_cards")
"""add_day and remove_day a check-in; excuse_day makes a missed day harmless; grant_cards gives make-up cards."""

_DONE: Final = {"add_day": "added", "remove_day": "taken back", "excuse_day": "excused"}


def reads(event: Instructed, options: CheckIns) -> Iterator[Key[Any]]:
    """The whole log of the member in that challenge."""
    id_ = _challenge(event, options)
    if event.target is None or id_ is None:
        return
    account = event.target.account
    yield STREAKS.of(account)
    yield GATHERED.of_group()
    yield member(account)
    yield from log_keys(id_, account)
    yield entries(POINTS, account)
    yield balance(cards_kind(id_), account)


def decide(event: Instructed, options: CheckIns, view: View) -> Decision:
    """Carry it out, or say why not; either way the admins hear it."""
    id_, target = _challenge(event, options), event.target
    if event.verb not in VERBS:
        return NOTHING
    if target is None:
        return _no(event, view, "repair_who", "nobody was named")
    if id_ is None:
        return _no(event, view, "repair_challenge", "no such challenge", challenges=", ".join(options))
    whose, record = view.get(member(target.account)), view.get(STREAKS.of(target.account))
    book = book_of(event, id_, options[id_], view.group, target, whose, record)
    if event.verb == "grant_cards":
        return _grant(event, book, target, view)
    day = _day(event)
    if day is None:
        return _no(event, view, "repair_day", "no such day")
    log = Log.of(*(view.get(key) for key in log_keys(id_, target.account)))
    unfit = _unfit(event.verb, book, log, day)
    if unfit:
        return _no(event, view, unfit, f"{day} cannot be {_DONE[event.verb]}", day=day.isoformat())
    reason = event.reason or f"{_DONE[event.verb]} by an admin"
    if event.verb == "add_day":
        written = made_up(book, log, day, book.challenge.points, reason)
        return _done(event, book, written, day, (checked_in(book, written, day, late=True),))
    if event.verb == "remove_day":
        written = taken_back(book, log, day, view.get(entries(POINTS, target.account)), reason)
        gone = {(id_, day, whose) for whose in (target.account, book.member.person if book.member else NOBODY)}
        decision = _done(event, book, written, day, ())
        return replace(decision, changes=(*decision.changes, *untold(view, gone)))
    return _done(event, book, excused(book, log, day, reason), day, ())


def _unfit(verb: str, book: Book, log: Log, day: date) -> str:
    """Why a verb cannot be carried out for a day, as the key of the sentence that says so; "" if it can."""
    if verb == "remove_day":
        return "" if day in log.days else "repair_not_there"
    if day > book.today or not book.calendar.runs_on(day):
        return "repair_outside"
    if day in log.days or (verb == "excuse_day" and day in log.excused):
        return "repair_there"
    return ""


def _done(event: Instructed, book: Book, written: Written, day: date, follows: tuple[Any, ...]) -> Decision:
    points = sum(c.amount for c in written.changes if isinstance(c, Post) and c.kind == POINTS)
    told = {"day": day.isoformat(), "streak": written.length, "points": f"{points:+d}" if points else "0"}
    words = book.say_to_admins(f"{event.verb}_done", **told)
    return Decision(
        changes=(*written.changes, book.put_kept(written.streak)),
        effects=(TellAdmins(words=words, about=book.account),),
        follows=follows,
        because=(f"{day} {_DONE[event.verb]}: {event.reason or 'no reason given'}", *written.because),
        rule=book.id,
        about=book.account,
    )


def _grant(event: Instructed, book: Book, target: Actor, view: View) -> Decision:
    amount = _whole(event.arguments.get("cards", 1))
    if amount is None or not 1 <= amount <= 100:
        return _no(event, view, "repair_cards", "between 1 and 100 cards")
    post = Post(
        kind=cards_kind(book.id),
        member=target.account,
        amount=amount,
        rule=book.rule,
        reason=event.reason or "granted by an admin",
        by=event.actor.account,
    )
    held = view.get(balance(cards_kind(book.id), target.account)) + amount
    return Decision(
        changes=(post,),
        effects=(TellAdmins(words=book.say_to_admins("cards_granted", cards=amount, held=held), about=target.account),),
        because=(f"{amount} make-up cards: {event.reason or 'no reason given'}",),
        rule=book.id,
        about=target.account,
    )


def _no(event: Instructed, view: View, key: str, because: str, **values: object) -> Decision:
    words = view.group.texts.say(f"check_in.{key}", view.group.languages[0], {"check_in": values})
    about = event.target.account if event.target is not None else None
    return Decision(effects=(TellAdmins(words=words, about=about),), because=(because,), about=about)


def _challenge(event: Instructed, options: CheckIns) -> str | None:
    """The challenge that is meant; it need not be named where there is only one."""
    named = event.arguments.get("challenge")
    if named is None and len(options.root) == 1:
        return next(iter(options))
    return named if isinstance(named, str) and named in options.root else None


def _day(event: Instructed) -> date | None:
    written = event.arguments.get("day")
    if isinstance(written, date):
        return written
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


def _whole(written: object) -> int | None:
    return int(written) if isinstance(written, int) or (isinstance(written, str) and written.isdecimal()) else None

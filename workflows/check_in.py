"""Check-ins: who says the word on a day that counts, in the hours that count, has that day.

A day is the group's own, by the time of the message, and begins at the challenge's `day_start`. Nobody has a day twice,
on whichever platform: the ledger holds it under `<challenge>:<date>`.

This module decides; its neighbours are all named `check_in_...`:

- `options` (and `saying_options`) is what operators write, `words` what a message asks for (`sentences`, `closings`,
  `names`, `slips`, `talk` help to understand it), `reads` which state is looked at, `book` one member's record in one
  challenge, `hold` how long a streak lasts, `hours` what a day of it is. Which days are named is read by `days` and
  `past`, with `dates`, `lists`, `shorthand` and `twice`.
- A check-in may wait for its `proof`; `writing` puts it down (`streaks` is the arithmetic), `answers` tells it.
- Members ask for `leave` and to sign up, for a `makeup`, their standing and the `board`; `whose` finds that they mean
  somebody else, `telling` tells them the words.
- `reminders` come by the clock, `repairs` from admins, `bonds` from accounts that turn out to be one person's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final, TypeVar

from core import state
from core.decision import NOTHING, Decision, Put
from core.events import Event, Instructed, MemberLeft, MessageDeleted, MessageEdited, MessagePosted, TimerDue, spoken
from core.follow_ups import Linked, Parted
from core.people import PERSON, Actor
from core.quick import maker
from core.state import POINTS, Key, entries
from core.workflow import Group, View, Workflow
from workflows import (
    check_in_answers,
    check_in_board,
    check_in_bonds,
    check_in_leave,
    check_in_makeup,
    check_in_reminders,
    check_in_repairs,
    check_in_whose,
    rights,
)
from workflows.alarms import ARM
from workflows.check_in_answers import GATHERED, answered, untold
from workflows.check_in_book import Book, Log, log_keys, open_book
from workflows.check_in_hours import opens, within
from workflows.check_in_makeup import MAY_TELL_A_DAY
from workflows.check_in_options import Challenge, CheckIns
from workflows.check_in_proof import (
    NOT_WAITING,
    WAITING,
    Shown,
    no_longer_waiting,
    nudge,
    of_media,
    proven_before,
    proves,
    wait_for_proof,
)
from workflows.check_in_reads import is_open, meant, read_for, read_to_check_in
from workflows.check_in_reminders import armed
from workflows.check_in_telling import UNSIGNED, fitting, slipped, to_sign_up_first
from workflows.check_in_words import DATED, LOOKS, OF_THE_GROUP, Ask, announces
from workflows.check_in_writing import checked_in, entered, taken_back
from workflows.commands import SLASHES
from workflows.facts import STREAKS
from workflows.onboarding_knocking import DOOR, KNOCKING, outside
from workflows.steering_commands import BOOK as STEERING_BOOK

_decision: Final = maker(Decision)

__all__ = ["Challenge", "CheckIns", "workflow"]

T = TypeVar("T")


def reads(event: Event, options: CheckIns) -> Iterable[Key[Any]] | None:
    """A message without a keyword needs nothing; a check-in needs the member's record, whatever their history."""
    match event:
        case MessagePosted() | MessageEdited():
            asks = options.lexicon.heard(spoken(event))
            if not asks:
                if event.kind not in options.heeded:
                    return None
                asks = options.heard(event)
                if not asks and event.kind not in options.media:
                    return None
            if event.actor.kind is not PERSON or event.forwarded:
                return None
            if type(event) is MessagePosted and event.private:
                return (
                    *read_for(event, asks, options),
                    DOOR.of(event.actor.account),
                    KNOCKING.of(event.actor.account),
                )
            if len(asks) == 1 and asks[0].what == "check_in":
                return read_to_check_in(event, asks[0].challenge, options)
            return read_for(event, asks, options)
        case MessageDeleted(actor=Actor() as author):
            recorded = (STREAKS.of(author.account), entries(POINTS, author.account))
            logs = (key for id_ in options for key in log_keys(id_, author.account))
            return (*recorded, *logs, GATHERED.of_group())
        case MemberLeft():
            return check_in_answers.reads(options) or None
        case TimerDue(member=None):
            if event.key.startswith(check_in_answers.KIND):
                return (GATHERED.of_group(),)
            return check_in_reminders.reads(event, options)
        case TimerDue(member=account) if account is not None:
            return (WAITING.of(account), state.member(account))
        case Instructed(verb=verb) if verb == ARM:
            return check_in_reminders.rearming_reads(options)
        case Instructed():
            return check_in_repairs.reads(event, options)
        case Linked() | Parted():
            return tuple(check_in_bonds.reads(event, options))
    return None


def decide(event: Event, options: CheckIns, view: View) -> Decision | tuple[Decision, ...]:
    """One decision for each challenge that the event is about; mostly none.

    Messages are those of persons in their own words: `reads` turned away the others, and what is passed on.
    """
    match event:
        case MessagePosted():
            return _heard(event, options, view)
        case MessageEdited():
            return _edited(event, options, view)
        case MessageDeleted(actor=Actor() as author):
            return _withdrawn(event, author, options, view)
        case MemberLeft():
            return check_in_answers.left(event, view)
        case TimerDue(member=None):
            if event.key.startswith(check_in_answers.KIND):
                return check_in_answers.due(event, options, view)
            return check_in_reminders.decide(event, options, view)
        case TimerDue(member=account) if account is not None:
            return nudge(event, options, view, account)
        case Instructed(verb=verb) if verb == ARM:
            return check_in_reminders.rearmed(event, options, view)
        case Instructed():
            return check_in_repairs.decide(event, options, view)
        case Linked() | Parted():
            return check_in_bonds.decide(event, options, view)
    return NOTHING


def _heard(event: MessagePosted, options: CheckIns, view: View) -> Decision | tuple[Decision, ...]:
    """What comes of a keyword, or of a photo without one."""
    asks = options.heard(event)
    if asks and event.text[:1] in SLASHES and _about_another(event, view.group):
        return ()
    if event.private and asks and all(ask.what in OF_THE_GROUP for ask in asks):
        book = open_book(event, asks[0].challenge, options[asks[0].challenge], view, event.actor)
        here = view.actor().left is None and not outside(view.actor(), view)
        return book.refuse("in_group", "check-ins count in the group") if here else NOTHING
    if len(asks) == 1:
        return _decided(event, asks[0], options, view, before=view)  # no other challenge came to anything before
    ahead = _Ahead(view)
    if not asks:
        return _counting(_shown(event, options, ahead))
    told = meant(event, asks, options, view.group)
    if check_in_whose.calls_another(event, told[0], view):
        told = told[:1]  # what is said to the writer is said once
    decided = _counting([ahead.keep(_decided(event, ask, options, ahead, before=view)) for ask in told])
    return check_in_board.in_one(decided) if all(ask.what in LOOKS for ask in told) else decided


def _edited(event: MessageEdited, options: CheckIns, view: View) -> tuple[Decision, ...]:
    ahead, asks = _Ahead(view), options.heard(event)
    return _counting([ahead.keep(_completed(event, ask, options, ahead)) for ask in asks if ask.what == "check_in"])


def _counting(decisions: list[Decision]) -> tuple[Decision, ...]:
    """Those that write something down; where none does, those that say why. Who takes part in one of them is not told
    to sign up for the others."""
    why = [d for d in decisions if d is not NOTHING]
    return tuple([d for d in decisions if d.changes] or [d for d in why if d.because != (UNSIGNED,)] or why)


def _about_another(event: MessagePosted, group: Group) -> bool:
    """Whether somebody else's check-ins are meant: the steering answers who says what to do with them, and an admin who
    does not."""
    call = STEERING_BOOK.heard(event)
    if call is None or call.command.name != "checkin":
        return False
    return bool(call.verb) or rights.without_verb(call, event, group) is not None


def _decided(event: MessagePosted, ask: Ask, options: CheckIns, view: View, *, before: View) -> Decision:
    """What comes of one ask. `before` is what stood before the event, `view` also what came of its other asks."""
    book = open_book(event, ask.challenge, options[ask.challenge], view, event.actor)
    if ask.what in DATED:
        whose = check_in_whose.asked(event, book, ask, view)
        if isinstance(whose, Decision):
            return whose
        ask = whose
    match ask.what:
        case "check_in":
            return _checked_in(book, event, ask, options, view, before)
        case "late":
            return check_in_makeup.make_up(book, ask.rest, view, options)
        case "leave":
            return check_in_leave.leave(book, ask.rest)
        case "back":
            return check_in_leave.back(book, ask.day or ask.rest)
        case "join":
            return check_in_leave.join(book, view, options)
        case "status":
            return check_in_board.status(book, view)
        case "board":
            return check_in_board.board(book, view)
        case "slip":
            return (
                slipped(event, book, "may be a slip of the word to check in")
                if _not_now(book, options) is None
                else NOTHING
            )


# The check-in


def _checked_in(book: Book, event: MessagePosted, ask: Ask, options: CheckIns, view: View, before: View) -> Decision:
    if view.actor().staff and announces(event, ask):
        return _decision(because=("an admin's word to the others, no check-in of their own",), rule=book.id)
    if check_in_whose.calls_another(event, ask, view):
        if view.actor().staff or _not_now(book, options) is not None:
            return _decision(because=(_TO_ANOTHER,), rule=book.id)
        return slipped(event, book, _TO_ANOTHER)
    tells_a_day = ask.day or ask.rest[:1] in MAY_TELL_A_DAY
    refused = (check_in_makeup.of_another_day(book, ask) if tells_a_day else None) or _not_now(book, options)
    if refused is not None:
        return NOTHING if ask.aside else refused
    proof = book.challenge.proof
    if proof is not None and not proves(proof, ask.rest, event):
        waiting = WAITING.of(book.account)
        # One photo proves one event, for as many challenges as it is about.
        if not proven_before(proof, event, before.get(waiting) or NOT_WAITING):
            return wait_for_proof(book, view.get(waiting) or NOT_WAITING, event.message)
    return _count(book, book.today, event.message, view, options)


_TO_ANOTHER: Final = "may be said to the member who is mentioned"


def _not_now(book: Book, options: CheckIns) -> Decision | None:
    """Why a check-in cannot count now, or None if it can."""
    calendar, today, run = book.calendar, book.today, book.streak.run
    if calendar.first is not None and today < calendar.first:
        return book.refuse("not_started", "before the first day", starts=calendar.first.isoformat())
    if calendar.last is not None and today > calendar.last:
        return book.refuse("ended", "after the last day", ends=calendar.last.isoformat())
    if (unsigned := to_sign_up_first(book)) is not None:
        return unsigned
    if run is not None and run.last >= today:
        key = "already_of" if len(options.root) > 1 else "already"
        return book.refuse(key, "this day counts already", streak=run.streak)
    if today.weekday() not in calendar.weekdays:
        return book.refuse("rest", "a rest day")
    window = book.challenge.window
    if window is None:
        return None
    if within(book.group, book.challenge, book.at):
        return None
    if book.at < opens(book.group, book.challenge, today):
        return book.refuse("too_early", f"before the window {window}", window=str(window))
    late = book.challenge.late
    if late is not None:
        return book.refuse(
            "closed_but", f"after the window {window}", window=str(window), keyword=fitting(late.keyword, book.language)
        )
    return book.refuse("closed", f"after the window {window}", window=str(window))


def _count(book: Book, day: date, message: str, view: View, options: CheckIns) -> Decision:
    written = entered(book, day, book.challenge.points, message)
    forget, drop = no_longer_waiting(book, view)
    timers, remember = armed(book.at, options, view)
    answer = answered(book, written, day, view)
    return _decision(
        changes=(*written.changes, book.put_kept(written.streak), *forget, *remember, *answer.changes),
        effects=answer.effects,
        timers=(*drop, *timers, *answer.timers),
        follows=(checked_in(book, written, day, late=False),),
        because=(*written.because, *answer.because),
        rule=book.id,
    )


# The second half of a check-in, and a check-in taken back


def _shown(event: MessagePosted, options: CheckIns, view: _Ahead) -> list[Decision]:
    """A photo without a keyword: it completes a keyword, of all challenges that wait for it, or waits for one."""
    if event.private:
        return []
    counted = []
    for id_, asked in of_media(event, options, view):
        book = open_book(event, id_, options[id_], view, event.actor)
        run, day = book.streak.run, book.day(asked.at)
        if run is None or run.last < day:
            counted.append(view.keep(_count(book, day, asked.message, view, options)))
    wanted = [id_ for id_, c in options.items() if c.proof is not None and event.kind in c.proof.or_]
    if counted or not any(is_open(event, options[id_], view.group) for id_ in wanted):
        return counted
    waiting = view.get(WAITING.of(event.actor.account)) or NOT_WAITING
    shown = replace(waiting, shown=Shown(kind=event.kind, at=event.at))
    return [_decision(changes=(Put(WAITING.of(event.actor.account), shown),))]


def _completed(event: MessageEdited, ask: Ask, options: CheckIns, view: View) -> Decision:
    """An edit counts only where it completes a keyword that waits for its proof, on the same day and in the window."""
    waiting = view.get(WAITING.of(event.actor.account)) or NOT_WAITING
    asked = waiting.asked.get(ask.challenge)
    if asked is None or asked.message != event.message:
        return NOTHING
    book = open_book(event, ask.challenge, options[ask.challenge], view, event.actor)
    if book.day(asked.at) != book.today or _not_now(book, options) is not None:
        return NOTHING
    proof = book.challenge.proof
    if proof is not None and not (proves(proof, ask.rest, event) or proven_before(proof, event, waiting)):
        return NOTHING
    return _count(book, book.today, event.message, view, options)


def _withdrawn(event: MessageDeleted, author: Actor, options: CheckIns, view: View) -> tuple[Decision, ...]:
    """The message of today's check-in is gone; where the operator says so, the check-in goes with it."""
    ahead = _Ahead(view)
    decisions = []
    for id_, challenge in options.items():
        book = open_book(event, id_, challenge, ahead, author)
        run = book.streak.run
        mine = run is not None and run.last == book.today and book.streak.message == event.message
        if challenge.on_delete == "withdraw" and mine:
            log = Log.of(*(view.get(key) for key in log_keys(id_, author.account)))
            written = taken_back(book, log, book.today, view.get(entries(POINTS, author.account)), "message deleted")
            because = ("the message of the check-in was deleted", *written.because)
            gone = {(id_, book.today, whose) for whose in (author.account, view.person())}
            changes = (*written.changes, book.put_kept(written.streak), *untold(ahead, gone))
            decisions.append(ahead.keep(_decision(changes=changes, because=because, rule=id_)))
    return tuple(decisions)


# Several challenges at once


class _Ahead:
    """A view in which each decision about one event sees the records that those before it have put."""

    def __init__(self, view: View) -> None:
        self.group = view.group
        self.actor, self.person, self.language = view.actor, view.person, view.language
        self._before = view.get
        self._put: dict[Key[Any], Any] = {}

    def get(self, key: Key[T]) -> T:
        value: T = self._put[key] if self._put and key in self._put else self._before(key)
        return value

    def keep(self, decision: Decision) -> Decision:
        self._put.update({change.key: change.value for change in decision.changes if isinstance(change, Put)})
        return decision


workflow = Workflow(
    "check_in",
    CheckIns,
    frozenset({MessagePosted, MessageEdited, MessageDeleted, MemberLeft, TimerDue, Instructed, Linked, Parted}),
    reads,
    decide,
    awards=True,
    deaf=lambda opening, options: options.deaf_to(opening),
    despite=lambda options: options.lexicon.mark,
)

"""Surveys: the group is asked, each member answers for themself, and only sums are told.

A survey is one message with buttons. Each time has a timer that asks, one that closes, and some that count who could
have answered, a few hundred members at a time; the last of those tells. Answers stand in the members' own records and
go when it closes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from core.decision import NOTHING, Decision
from core.events import BotStanding, ButtonPressed, Event, Instructed, MemberLeft, MessagePosted, TimerDue
from core.follow_ups import Linked, Parted
from core.pausing import PAUSED
from core.people import ActorKind
from core.state import Key, everybody, timers
from core.workflow import View, Workflow
from workflows import (
    ambassadors,
    appeal_book,
    event_wishes,
    events,
    identity_commands,
    member_commands,
    questions,
    referrals,
    survey_answers,
    survey_bonds,
    survey_clock,
    survey_desk,
)
from workflows.alarms import ARM
from workflows.commands import AMONG_STAFF, SLASHES, TRAILING, Book, Command, Place, Role
from workflows.courtesies import POLITE
from workflows.quiet_wishes import QUIET, wish_in
from workflows.survey_book import ANSWERS, PLANS, RESULTS
from workflows.survey_clock import ASK, CLOSE, COUNT, NAME
from workflows.survey_options import Surveys
from workflows.survey_words import PRESSED

COMMANDS: Final = (
    Command(
        name="answer",
        zh=("作答", "打分"),
        workflow=NAME,
        places=frozenset((Place.GROUP, Place.PRIVATE)),
        bare=True,
        spoken=True,
    ),
    Command(
        name="survey",
        zh=("调查",),
        workflow=NAME,
        least=Role.ADMIN,
        places=AMONG_STAFF,
        destructive=True,
        verbs={
            "start": "start",
            "close": "close",
            "cancel": "cancel",
            "开始": "start",
            "结束": "close",
            "作废": "cancel",
        },
        form="survey_form",
    ),
)
BOOK: Final = Book(COMMANDS)
_OTHERS: Final = Book(
    command
    for others in (ambassadors, member_commands, identity_commands, appeal_book, events, referrals, questions)
    for command in others.COMMANDS
)
"""What members write in private, too, and is no word about a survey."""


def reads(event: Event, options: Surveys) -> Iterable[Key[Any]] | None:
    match event:
        case MessagePosted():
            return _reads_message(event, options)
        case ButtonPressed(data=data):
            return survey_answers.reads(event, options) if data.startswith(PRESSED) else None
        case MemberLeft(actor=actor):
            return (ANSWERS.of(actor.account),)
        case Linked() | Parted():
            return survey_bonds.reads(event)
        case TimerDue():
            return _reads_timer(event, options)
        case Instructed(verb=verb) if verb == survey_desk.CANCEL:
            return (PLANS.of_group(), ANSWERS.of_all())
        case Instructed(verb=verb) if verb != ARM:
            return None
    return (PLANS.of_group(), ANSWERS.of_all(), timers(NAME))


def _reads_message(event: MessagePosted, options: Surveys) -> Iterable[Key[Any]] | None:
    call = BOOK.heard(event)
    if call is not None and call.command.name == "survey":
        return survey_desk.reads(event)
    if call is not None:
        return survey_answers.reads(event, options)
    return (PLANS.of_group(), ANSWERS.of(event.actor.account)) if _own_words(event) else None


def _own_words(event: MessagePosted) -> bool:
    """Whether a message may be somebody's own words to the assistant."""
    if not event.private or event.desk or event.forwarded or event.actor.kind is not ActorKind.PERSON:
        return False
    if event.text[:1] in ("", *SLASHES) or event.text.strip().rstrip(TRAILING).casefold() in POLITE:
        return False
    return (
        wish_in(event.text, private=True) is None
        and _OTHERS.heard(event) is None
        and event_wishes.wish_in(event.text) is None
    )


def _may_go_on(decision: Decision, event: MessagePosted) -> bool:
    """Whether what begins like an answer and is none may be somebody's own words."""
    return decision is NOTHING and _own_words(event)


def _reads_timer(event: TimerDue, options: Surveys) -> Iterable[Key[Any]]:
    what = event.key.partition(":")[0]
    yield PLANS.of_group()
    if what == ASK:
        yield PAUSED.of_group()
        return
    yield from (ANSWERS.of_all(), RESULTS.of_group())
    if what == CLOSE:
        yield from (everybody(), QUIET.of_all())
        return
    survey = options.root.get(survey_clock.id_in(event.key))
    for account in survey_clock.counted_by(event) if survey is not None else ():
        assert survey is not None
        yield from survey_answers.reads_able(account, survey, event.at)


def decide(event: Event, options: Surveys, view: View) -> Decision:
    match event:
        case MessagePosted():
            call = BOOK.heard(event)
            if call is None:
                return survey_answers.in_own_words(event, options, view)
            if call.command.name == "survey":
                return survey_desk.commanded(call, event, options, view)
            decision = survey_answers.written(call, event, options, view)
            return survey_answers.in_own_words(event, options, view) if _may_go_on(decision, event) else decision
        case ButtonPressed():
            return survey_answers.pressed(event, options, view)
        case MemberLeft():
            return survey_answers.left(event, view)
        case Linked() | Parted():
            return survey_bonds.decide(event, view)
        case TimerDue(key=key):
            return _RUNG[key.partition(":")[0]](event, options, view)
        case Instructed(verb=verb) if verb == survey_desk.CANCEL:
            return survey_desk.taken_back(event, options, view)
    return survey_clock.armed(event, options, view)


_RUNG: Final = {ASK: survey_clock.asked, CLOSE: survey_clock.closed, COUNT: survey_clock.counting}


workflow = Workflow(
    NAME,
    Surveys,
    frozenset((MessagePosted, ButtonPressed, MemberLeft, Linked, Parted, TimerDue, Instructed, BotStanding)),
    reads,
    decide,
    awards=True,
    deaf=BOOK.deaf,
)

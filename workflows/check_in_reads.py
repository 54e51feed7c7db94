"""What the check-ins read for a message, and which challenges it means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.events import Event, MessageEdited, MessagePosted
from core.state import Key
from core.workflow import Group
from workflows import check_in_answers, check_in_board, check_in_makeup, check_in_whose, facts
from workflows.check_in_hours import within
from workflows.check_in_options import Challenge, CheckIns
from workflows.check_in_proof import WAITING
from workflows.check_in_reminders import TIMERS_OF_GROUP
from workflows.check_in_words import DATED, Ask
from workflows.command_aims import ATS
from workflows.facts import STREAKS

Message = MessagePosted | MessageEdited


def read_to_check_in(event: Message, challenge: str, options: CheckIns) -> tuple[Key[Any], ...]:
    """What a check-in looks at: the member's record, whatever their history."""
    account = event.actor.account
    # Also where no proof is asked for any more: what waits for it is forgotten with the next check-in.
    keys: list[Key[Any]] = [STREAKS.of(account), WAITING.of(account)]
    if options.ringing:
        keys.append(TIMERS_OF_GROUP)
    keys += check_in_answers.reads(options)
    if event.text[:1] in ATS:
        keys += check_in_whose.reads_called(event)
    if names := options[challenge].speaks_of:
        keys += facts.reads(names, account, event.at)
    return tuple(keys)


def read_for(event: Message, asks: tuple[Ask, ...], options: CheckIns) -> Iterable[Key[Any]]:
    """What anything else looks at, a photo without a word too."""
    account = event.actor.account
    yield STREAKS.of(account)
    whats = {ask.what for ask in asks}
    if not asks or "check_in" in whats or "join" in whats:
        yield WAITING.of(account)
        if options.ringing:
            yield TIMERS_OF_GROUP
        for id_ in {ask.challenge for ask in asks} or options:
            yield from facts.reads(options[id_].speaks_of, account, event.at)
    if "check_in" in whats and event.text[:1] in ATS:
        yield from check_in_whose.reads_called(event)
    if not asks or "check_in" in whats or "late" in whats:
        yield from check_in_answers.reads(options)
    for ask in asks:
        if ask.what in DATED and type(event) is MessagePosted:
            yield from check_in_whose.reads(event, ask)
        if ask.what == "late":
            yield from check_in_makeup.reads(ask.challenge, account)
            yield from facts.reads(options[ask.challenge].speaks_of, account, event.at)
        elif ask.what == "status":
            yield from check_in_board.reads_status(ask.challenge, account)
        elif ask.what == "board":
            yield check_in_board.reads_board(options[ask.challenge], ask.challenge, event.at)


def meant(event: Event, asks: tuple[Ask, ...], options: CheckIns, group: Group) -> tuple[Ask, ...]:
    """A check-in word shared by several challenges means those that are open now, else the first of them."""
    if len(asks) == 1 or asks[0].what not in ("check_in", "slip"):
        return asks
    opened = tuple(ask for ask in asks if is_open(event, options[ask.challenge], group)) or asks[:1]
    return opened if asks[0].what == "check_in" else opened[:1]


def is_open(event: Event, challenge: Challenge, group: Group) -> bool:
    """Whether a challenge asks for a check-in at the time of an event."""
    if not challenge.calendar.asks_for(group.day(event.at, challenge.day_start)):
        return False
    return within(group, challenge, event.at)

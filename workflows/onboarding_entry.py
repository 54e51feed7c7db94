"""Join requests: whoever asks to be let in answers in private; then the door, or an admin, opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core import state
from core.decision import NOTHING, Decision, DropTimer, SetTimer
from core.effects import Approve, Ban, Decline, Effect, Say, Words
from core.events import ButtonPressed, Event, JoinRequested, MemberRenamed, MessagePosted, TimerDue
from core.people import Account, Member
from core.state import Key
from core.workflow import View
from workflows.alarms import AWAY
from workflows.commands import SLASHES, is_start
from workflows.onboarding_answers import kept_words
from workflows.onboarding_entry_options import Entry, Question
from workflows.onboarding_hearing import for_others_at_door
from workflows.onboarding_knocking import (
    KNOCKING,
    PRIVATE,
    Knocking,
    Turn,
    asked_about,
    asks,
    bans,
    choices,
    fits,
    for_admins,
    in_private,
    kept_at,
    open_question,
    pressed,
    refused,
    taken,
    unfit,
    whole_minutes,
    worded,
)
from workflows.onboarding_options import Onboarding
from workflows.onboarding_voice import Voice, heard, voice_for
from workflows.options import rough_span_text

TIMER = "entry:"


def reads(account: Account, options: Onboarding, event: Event) -> Iterator[Key[Any]]:
    """What the door needs to know of somebody who asks to be let in."""
    yield KNOCKING.of(account)
    yield state.member(account)
    yield from heard(options, account, event.at)


def knocked(event: JoinRequested, entry: Entry, options: Onboarding, view: View) -> Decision:
    """Somebody asks to be let in."""
    account = event.actor.account
    before = view.get(KNOCKING.of(account))
    voice = _private(event, account, view.actor(), options, view)
    if before is not None and before.stage == "with_admins":
        return Decision(
            effects=(_say(voice, "entry_waiting"),),
            because=("the admins have the request already",),
        )
    if before is not None and before.barred is not None and before.barred > event.at:
        wait = whole_minutes(before.barred, event.at)
        effects = (_say(voice, "entry_barred", wait=wait), Decline(member=account))
        return Decision(
            effects=effects, because=(f"was turned away a short while ago; may ask again in {rough_span_text(wait)}",)
        )
    resumed = before is not None and before.stage == "asking"
    failures = before.failures if before is not None else 0
    here = before if before is not None and resumed else Knocking(account=account, since=event.at, failures=failures)
    first = open_question(here, entry)
    if first is not None and first.accept and event.words.strip() and not resumed:
        # Words that come with the request answer the first question where they are what it wants, word for word.
        found = fits(first, event.words)
        if found is not None and found[1]:
            return _after(taken(here, first, found[0], right=True, entry=entry), first, event, entry, voice)
    return _ask(here, first, event, entry, voice, ("asked to be let in",), hello=not resumed)


def replied(event: MessagePosted, here: Knocking, entry: Entry, options: Onboarding, view: View) -> Decision:
    """Somebody at the door wrote in private."""
    voice = _private(event, event.actor.account, view.actor(), options, view)
    question = open_question(here, entry)
    if question is None or question.id != here.question:
        return _ask(here, question, event, entry, voice, ("the open question is no longer in the configuration",))
    if is_start(event.text):
        return _ask(here, question, event, entry, voice, ("opened the private chat",))
    if not event.text.strip() or event.text[:1] in SLASHES:
        return NOTHING
    if for_others_at_door(question, event, view.group):
        return NOTHING
    lacks = unfit(question, event.text)
    if lacks is not None and not here.hinted:
        say = voice.say(voice.own(lacks.key, number=lacks.number), worded(question, entry, voice))
        return Decision(
            changes=(kept_at(KNOCKING, replace(here, hinted=True)),),
            effects=(in_private(say),),
            because=(f"the answer to step {question.id} does not fit; said so once",),
        )
    given, right = fits(question, event.text) or (kept_words(event.text), False)
    return _after(taken(here, question, given, right=right, entry=entry), question, event, entry, voice)


def answered(
    event: ButtonPressed, here: Knocking | None, entry: Entry | None, options: Onboarding, view: View
) -> Decision:
    """Somebody at the door pressed an answer in private."""
    if entry is None or here is None or here.stage != "asking":
        return Decision(because=("pressed an answer at a door that is not theirs to open",))
    _, _, rest = event.data.partition(":")
    asked, _, number = rest.partition(":")
    question = open_question(here, entry)
    voice = _private(event, event.actor.account, view.actor(), options, view)
    if question is None or question.id != here.question:
        return _ask(here, question, event, entry, voice, ("the open question is no longer in the configuration",))
    found = pressed(question, int(number)) if question.id == asked and number.isdecimal() else None
    if found is None:
        return Decision(because=("pressed an answer to a question that is not open",))
    return _after(taken(here, question, found[0], right=found[1], entry=entry), question, event, entry, voice)


def lapsed(event: TimerDue, account: Account, options: Onboarding, view: View) -> Decision:
    """Nobody answered, perhaps because the questions could not reach them: the request does not hang for ever."""
    here, member = view.get(KNOCKING.of(account)), view.get(state.member(account))
    if here is None or here.stage != "asking" or member is None:
        return NOTHING
    voice = _private(event, account, member, options, view)
    if options.entry is not None and not here.late and event.at - event.due > AWAY:
        anew = ("nobody could hear them in time, so their time begins anew",)
        again = replace(here, late=True)
        return _ask(again, open_question(here, options.entry), event, options.entry, voice, anew)
    because = ("the questions at the door were not answered in time",)
    if options.entry is not None and options.entry.otherwise == "ask_admins":
        return _to_admins(here, options.entry, voice, (*because, "the admins decide"), key="entry_silent")
    return Decision(
        changes=(kept_at(KNOCKING, replace(here, stage="lapsed")),),
        effects=(_say(voice, "entry_lapsed"), Decline(member=account)),
        because=because,
    )


def judged(event: ButtonPressed, here: Knocking | None, entry: Entry, options: Onboarding, view: View) -> Decision:
    """An admin pressed a button under a request."""
    verb, account = asked_about(event.data)
    member = view.get(state.member(account))
    if here is None or member is None or here.stage != "with_admins" or verb not in ("approve", "decline"):
        return Decision(because=("this request was decided before",))
    takes = ("approve", "ban") if verb == "decline" and bans(here, entry) else ("approve",)
    if (no := refused(takes, event, account, view)) is not None:
        return no
    voice = _private(event, account, member, options, view)
    by = event.actor.name or event.actor.account
    if verb == "approve":
        return _let_in(here, voice, (f"approved by {by}",))
    return _turn_away(here, event, entry, voice, (f"declined by {by}",))


def came_in(here: Knocking | None) -> Decision:
    """Somebody joined: whoever let them in, the door has nothing more to ask."""
    if here is None or not here.open:
        return NOTHING
    return Decision(
        changes=(kept_at(KNOCKING, replace(here, stage="let_in", barred=None)),),
        timers=(DropTimer(_timer(here.account)),),
        because=("is in the group; the questions at the door are closed",),
    )


def renamed(event: MemberRenamed, here: Knocking | None) -> Decision:
    """The same person under another account: whose time goes on."""
    account = event.actor.account
    if here is None or here.account == account:
        return NOTHING
    moved = Decision(
        changes=(kept_at(KNOCKING, replace(here, account=account)),), because=("known under another account now",)
    )
    if here.stage != "asking" or here.until is None:
        return moved
    timers = (DropTimer(_timer(here.account)), SetTimer(key=_timer(account), at=here.until, member=account))
    return replace(moved, timers=timers)


def _after(turn: Turn, question: Question, event: Event, entry: Entry, voice: Voice) -> Decision:
    """What an answer leads to."""
    here = turn.here
    if turn.right and turn.next is not None:
        return _ask(here, turn.next, event, entry, voice, turn.because)
    if turn.right and entry.then == "ask_admins":
        return _to_admins(here, entry, voice, (*turn.because, "the admins decide"))
    if turn.right:
        return _let_in(here, voice, (*turn.because, "every question is answered"))
    if not turn.spent:
        say = _say(voice, "entry_wrong", worded(question, entry, voice), question, number=entry.tries - here.wrong)
        return Decision(changes=(kept_at(KNOCKING, here),), effects=(say,), because=turn.because)
    if entry.otherwise == "ask_admins":
        return _to_admins(here, entry, voice, (*turn.because, "the admins decide"))
    return _turn_away(here, event, entry, voice, turn.because)


def _ask(
    here: Knocking,
    question: Question | None,
    event: Event,
    entry: Entry,
    voice: Voice,
    because: tuple[str, ...],
    *,
    hello: bool = False,
) -> Decision:
    if question is None:
        return _let_in(here, voice, (*because, "no question is left"))
    until = event.at + entry.within
    asked = replace(asks(here, question, entry), until=until)
    parts = (*((voice.own("onboarding.entry_hello"),) if hello else ()), worded(question, entry, voice))
    say = voice.say(*parts, choices=choices(question, PRIVATE, voice.language), expires=until)
    return Decision(
        changes=(kept_at(KNOCKING, asked),),
        effects=(in_private(say),),
        timers=(SetTimer(key=_timer(here.account), at=until, member=here.account),),
        because=(*because, f"asked the question {question.id}"),
    )


def _let_in(here: Knocking, voice: Voice, because: tuple[str, ...]) -> Decision:
    return Decision(
        changes=(kept_at(KNOCKING, replace(here, stage="let_in", barred=None)),),
        effects=(Approve(member=here.account), _say(voice, "entry_passed")),
        timers=(DropTimer(_timer(here.account)),),
        because=because,
        about=here.account,
    )


def _turn_away(here: Knocking, event: Event, entry: Entry, voice: Voice, because: tuple[str, ...]) -> Decision:
    """Not for ever: after the cooldown they may ask again. The words come first, while they can still be sent."""
    failures, banned = here.failures + 1, bans(here, entry)
    key = "entry_banned" if banned else "entry_failed" if entry.cooldown else "entry_failed_now"
    effects: tuple[Effect, ...] = (_say(voice, key, wait=entry.cooldown), Decline(member=here.account))
    away = replace(here, stage="turned_away", barred=event.at + entry.cooldown, failures=failures)
    return Decision(
        changes=(kept_at(KNOCKING, away),),
        effects=(*effects, Ban(member=here.account)) if banned else effects,
        timers=(DropTimer(_timer(here.account)),),
        because=(*because, f"was turned away {failures} times") if banned else because,
        about=here.account,
    )


def _to_admins(
    here: Knocking, entry: Entry, voice: Voice, because: tuple[str, ...], key: str = "entry_request"
) -> Decision:
    return Decision(
        changes=(kept_at(KNOCKING, replace(here, stage="with_admins")),),
        effects=(for_admins(here, entry, voice, key), _say(voice, "entry_waiting")),
        timers=(DropTimer(_timer(here.account)),),
        because=because,
    )


def _say(voice: Voice, key: str, more: Words = (), question: Question | None = None, **numbers: object) -> Say:
    offered = choices(question, PRIVATE, voice.language) if question is not None else ()
    return in_private(voice.say(voice.own(f"onboarding.{key}", **numbers), more, choices=offered))


def _private(event: Event, account: Account, member: Member, options: Onboarding, view: View) -> Voice:
    return replace(voice_for(member, account, event, options, view), private=True, topic=None, reply_to=None)


def _timer(account: Account) -> str:
    return f"{TIMER}{account}"

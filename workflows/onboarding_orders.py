"""What admins may order: begin again, count as done, leave in peace. Each order is kept with their reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core import state
from core.decision import Decision
from core.effects import Mention, TellAdmins
from core.events import Instructed
from core.people import ActorKind, Member
from core.state import Key
from core.workflow import View
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS, Progress, kept, wake
from workflows.onboarding_steps import let_be, onward, passing
from workflows.onboarding_voice import heard, voice_for

VERBS = ("restart", "complete", "skip")


def reads(event: Instructed, options: Onboarding) -> Iterator[Key[Any]]:
    """What an order about somebody needs."""
    if event.target is not None:
        yield PROGRESS.of(event.target.account)
        yield state.member(event.target.account)
        yield from heard(options, event.target.account, event.at)


def ordered(event: Instructed, options: Onboarding, view: View) -> Decision:
    """Carry out an order, or say why not."""
    target = event.target
    if event.verb not in VERBS:
        return _refused(event, view, "no_such_order", f"there is no order {event.verb}; there are {', '.join(VERBS)}")
    member = view.get(state.member(target.account)) if target is not None else None
    if target is None or member is None or member.kind is not ActorKind.PERSON:
        return _refused(event, view, "no_such_member", "nobody to do it to: the member is unknown, or no person")
    if member.left is not None:
        return _refused(event, view, "has_left", "the member has left")
    before = view.get(PROGRESS.of(target.account)) or Progress(account=target.account, began=event.at)
    voice = voice_for(member, target.account, event, options, view)
    here = replace(before, account=target.account, away=False)
    why = f"{event.verb} ordered by {event.actor.name or event.actor.account}: {event.reason or 'no reason given'}"
    if event.verb == "skip":
        return _done(event, let_be(here, "is not asked any more"), why, member, view)
    if event.verb == "restart":
        until = event.at + options.give_up_after if options.give_up_after is not None else None
        # What was paid stays paid; everything else begins anew.
        blank = Progress(account=target.account, began=event.at, until=until, paid=here.paid, greeted=event.at)
        turn = onward(blank, next(iter(options.steps), None), event, target, options, voice)
    elif here.stage in ("tasks", "done"):
        return _refused(event, view, "already_done", "has answered every step already")
    else:
        turn = passing(replace(here, stage="steps"), event, target, options, voice)
    decision = Decision(
        changes=(kept(turn.progress),),
        effects=(voice.say(*turn.words, choices=turn.choices),) if turn.words else (),
        timers=(wake(turn.progress, options, view.group),),
        follows=turn.follows,
        because=turn.because,
    )
    return _done(event, decision, why, member, view)


def _done(event: Instructed, decision: Decision, why: str, member: Member, view: View) -> Decision:
    told = _told(event, view, f"order_{event.verb}", name=member.name)
    return replace(decision, effects=(*decision.effects, told), because=(why, *decision.because), about=member.account)


def _refused(event: Instructed, view: View, key: str, why: str) -> Decision:
    about = event.target.account if event.target is not None else None
    return Decision(effects=(_told(event, view, key, verb=event.verb),), because=(why,), about=about)


def _told(event: Instructed, view: View, key: str, **numbers: object) -> TellAdmins:
    language = view.group.language_of(None)
    target = event.target or event.actor
    member = {"name": target.name, "mention": Mention(account=target.account, name=target.name)}
    words = view.group.texts.say(f"onboarding.{key}", language, {"member": member, "onboarding": numbers})
    return TellAdmins(words=words, about=event.target.account if event.target is not None else None)

"""What admins may order: begin again, count as done, leave in peace. Each order is kept with their reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core import state
from core.decision import Decision, DropTimer, Put
from core.effects import Mention, TellAdmins
from core.events import Instructed
from core.people import ActorKind, Member
from core.state import Key
from core.workflow import View
from workflows.facts import shown_name
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS, Progress, kept, timer_of, untouched, wake
from workflows.onboarding_steps import let_be, onward, passing, said
from workflows.onboarding_voice import heard, voice_for

VERBS = ("restart", "complete", "skip")
REVERT = "revert"
"""Puts back what stood before the last order, for who takes it back; `order` says which one that was."""


def reads(event: Instructed, options: Onboarding) -> Iterator[Key[Any]]:
    """What an order about somebody needs."""
    if event.target is not None:
        yield PROGRESS.of(event.target.account)
        yield state.member(event.target.account)
        yield from heard(options, event.target.account, event.at)


def ordered(event: Instructed, options: Onboarding, view: View) -> Decision:
    """Carry out an order, or say why not."""
    target = event.target
    if event.verb not in (*VERBS, REVERT):
        return _refused(event, view, "no_such_order", f"there is no order {event.verb}; there are {', '.join(VERBS)}")
    member = view.get(state.member(target.account)) if target is not None else None
    if target is None or member is None or member.kind is not ActorKind.PERSON:
        return _refused(event, view, "no_such_member", "nobody to do it to: the member is unknown, or no person")
    if member.left is not None:
        return _refused(event, view, "has_left", "the member has left")
    known = view.get(PROGRESS.of(target.account))
    if event.verb == REVERT:
        return _reverted(event, known, options, member, view)
    before = known or Progress(account=target.account, began=event.at)
    voice = voice_for(member, target.account, event, options, view)
    key = str(event.arguments.get("key") or event.id)
    # Only the last order can be put back: what stood before an earlier one is kept no longer.
    earlier = replace(known, before=None, ordered="") if known is not None else None
    here = replace(before, account=target.account, away=False, ordered=key, before=earlier)
    why = f"{event.verb} ordered by {event.actor.name or event.actor.account}: {event.reason or 'no reason given'}"
    if event.verb == "skip":
        return _done(event, let_be(here, "is not asked any more"), why, member, view)
    if event.verb == "restart":
        until = event.at + options.give_up_after if options.give_up_after is not None else None
        # What was paid stays paid; everything else begins anew.
        blank = Progress(
            account=here.account,
            began=event.at,
            until=until,
            paid=here.paid,
            greeted=event.at,
            ordered=here.ordered,
            before=here.before,
        )
        turn = onward(blank, next(iter(options.steps), None), event, target, options, voice)
    elif here.stage in ("tasks", "done"):
        return _refused(event, view, "already_done", "has answered every step already")
    else:
        turn = passing(replace(here, stage="steps"), event, target, options, voice)
    decision = Decision(
        changes=(kept(turn.progress),),
        effects=(said(turn, event, voice),) if turn.words else (),
        timers=(wake(turn.progress, options, view.group),),
        follows=turn.follows,
        because=turn.because,
    )
    return _done(event, decision, why, member, view)


def _reverted(event: Instructed, here: Progress | None, options: Onboarding, member: Member, view: View) -> Decision:
    """As if there had been no order; what was paid meanwhile stays paid, and deadlines ran on."""
    if here is None or not untouched(here, event.arguments.get("order")):
        return _refused(event, view, "moved_on", "something has come of the order since", name=shown_name(member))
    why = f"{event.verb} ordered by {event.actor.name or event.actor.account}: {event.reason or 'no reason given'}"
    if here.before is not None:
        back = replace(here.before, account=member.account, paid=here.paid)
        decision = Decision(changes=(kept(back),), timers=(wake(back, options, view.group),))
    elif here.paid:
        decision = let_be(replace(here, account=member.account, ordered="", before=None), "is not asked any more")
    else:
        nobody = Put(PROGRESS.of(member.account), None)
        decision = Decision(changes=(nobody,), timers=(DropTimer(timer_of(member.account)),))
    return _done(event, decision, why, member, view)


def _done(event: Instructed, decision: Decision, why: str, member: Member, view: View) -> Decision:
    told = _told(event, view, f"order_{event.verb}", name=shown_name(member))
    return replace(decision, effects=(*decision.effects, told), because=(why, *decision.because), about=member.account)


def _refused(event: Instructed, view: View, key: str, why: str, **told: object) -> Decision:
    about = event.target.account if event.target is not None else None
    return Decision(effects=(_told(event, view, key, verb=event.verb, **told),), because=(why,), about=about)


def _told(event: Instructed, view: View, key: str, **numbers: object) -> TellAdmins:
    language = view.group.language_of(None)
    target = event.target or event.actor
    member = {"name": target.name, "mention": Mention(account=target.account, name=target.name)}
    words = view.group.texts.say(f"onboarding.{key}", language, {"member": member, "onboarding": numbers})
    return TellAdmins(words=words, about=event.target.account if event.target is not None else None)

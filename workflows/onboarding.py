"""Onboarding: newcomers are welcomed, asked a few things, given a few tasks, and never lost sight of.

Only people whose joining was seen take part: whoever was here before, admins, bots and channels are left alone.
Edits never answer. What a message, button, reaction, check-in, timer or admin's order leads to is decided in the
onboarding_* files beside this one; here is only who decides what.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from core.decision import NOTHING, Decision, Post
from core.events import (
    ButtonPressed,
    CheckedIn,
    Event,
    Instructed,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessagePosted,
    OnboardingCompleted,
    ReactionChanged,
    TimerDue,
)
from core.people import ActorKind
from core.state import Key
from core.workflow import View, Workflow
from workflows import actions, onboarding_entry, onboarding_orders, onboarding_timers
from workflows.onboarding_answers import STEP_BUTTON
from workflows.onboarding_arrival import gathered, joined, left, renamed
from workflows.onboarding_entry import KNOCKING
from workflows.onboarding_options import Onboarding
from workflows.onboarding_options import Onboarding as Options
from workflows.onboarding_state import PROGRESS, WAVE, WAVE_TIMER, kept, progress_of
from workflows.onboarding_steps import pressed, spoke
from workflows.onboarding_tasks import worked
from workflows.onboarding_telling import Telling
from workflows.onboarding_voice import heard

__all__ = ["Options", "workflow"]

HEARS = frozenset(
    (
        MemberJoined,
        MemberLeft,
        MemberRenamed,
        JoinRequested,
        MessagePosted,
        ButtonPressed,
        ReactionChanged,
        CheckedIn,
        OnboardingCompleted,
        TimerDue,
        Instructed,
    )
)


def reads(event: Event, options: Onboarding) -> Iterable[Key[Any]] | None:
    """A message reads one record; what is rare reads what it needs."""
    match event:
        case MessagePosted():
            return _message_keys(event, options)
        case ReactionChanged():
            return _own(event, options) if options.counts_reactions and event.emoji else None
        case CheckedIn():
            return _own(event, options) if options.counts_check_ins else None
        case ButtonPressed():
            if event.data.startswith(onboarding_entry.BUTTON):
                return onboarding_entry.reads(onboarding_entry.asked_about(event.data)[1], options, event.at)
            return _own(event, options) if event.data.startswith(STEP_BUTTON) else None
        case MemberJoined() | MemberLeft():
            door = (KNOCKING.of(event.actor.account),) if options.entry is not None else ()
            wave = (WAVE.of_group(),) if options.raid is not None else ()
            return (*_own(event, options), *door, *wave)
        case MemberRenamed():
            return (PROGRESS.of(event.actor.account),)
        case JoinRequested():
            return onboarding_entry.reads(event.actor.account, options, event.at) if options.entry is not None else None
        case OnboardingCompleted():
            account = event.actor.account
            return (PROGRESS.of(account), *actions.reads(options.on_complete, event, account))
        case TimerDue():
            if event.key == WAVE_TIMER:
                return (WAVE.of_group(),)
            if event.member is None:
                return None
            if event.key.startswith(onboarding_entry.TIMER):
                return onboarding_entry.reads(event.member, options, event.at)
            return onboarding_timers.reads(event, event.member, options)
        case Instructed():
            return onboarding_orders.reads(event, options)
        case _:
            return None


def decide(event: Event, options: Onboarding, view: View) -> Decision | tuple[Decision, ...]:
    """Who decides about an event."""
    match event:
        case MessagePosted():
            return _posted(event, options, view)
        case TimerDue():
            return _timed(event, options, view)
        case Instructed():
            return onboarding_orders.ordered(event, options, view)
        case (
            MemberJoined() | MemberLeft() | JoinRequested() | ButtonPressed() | OnboardingCompleted() | MemberRenamed()
        ):
            return _of_person(event, options, view) if event.actor.kind is ActorKind.PERSON else NOTHING
        case ReactionChanged() | CheckedIn():
            counts = options.counts_check_ins if isinstance(event, CheckedIn) else options.counts_reactions
            if (
                not counts
                or event.actor.kind is not ActorKind.PERSON
                or (isinstance(event, ReactionChanged) and not event.emoji)
            ):
                return NOTHING
            progress = view.get(PROGRESS.of(event.actor.account))
            return (
                worked(event, progress, options, view)
                if progress is not None and progress.stage == "tasks"
                else NOTHING
            )
        case _:
            return NOTHING


def _message_keys(event: MessagePosted, options: Onboarding) -> tuple[Key[Any], ...] | None:
    actor = event.actor
    if actor.kind is not ActorKind.PERSON:
        return None
    account = actor.account
    if event.private or options.looks_up:
        door = (KNOCKING.of(account),) if event.private and options.entry is not None else ()
        return (progress_of(account), *door, *heard(options, account, event.at))
    return (progress_of(account),)


def _own(event: Any, options: Onboarding) -> tuple[Key[Any], ...]:
    account = event.actor.account
    return (PROGRESS.of(account), *heard(options, account, event.at))


def _posted(event: MessagePosted, options: Onboarding, view: View) -> Decision:
    if event.actor.kind is not ActorKind.PERSON:
        return NOTHING
    account = event.actor.account
    if event.private and options.entry is not None:
        knocking = view.get(KNOCKING.of(account))
        if knocking is not None and knocking.stage == "asking":
            return onboarding_entry.replied(event, knocking, options.entry, options, view)
    progress = view.get(progress_of(account))
    if progress is None or progress.stage in ("done", "skipped"):
        return NOTHING
    if progress.stage == "tasks":
        return worked(event, progress, options, view)
    if progress.stage == "gave_up" and not options.hold:
        return NOTHING
    return spoke(event, progress, options, view)


def _timed(event: TimerDue, options: Onboarding, view: View) -> Decision | tuple[Decision, ...]:
    if event.key == WAVE_TIMER:
        return gathered(event, options, view)
    if event.member is None:
        return NOTHING
    if event.key.startswith(onboarding_entry.TIMER):
        return onboarding_entry.lapsed(event, event.member, options, view)
    return onboarding_timers.woken(event, event.member, options, view)


def _of_person(event: Event, options: Onboarding, view: View) -> Decision | tuple[Decision, ...]:
    match event:
        case MemberJoined():
            knocking = view.get(KNOCKING.of(event.actor.account)) if options.entry is not None else None
            return tuple(
                d for d in (onboarding_entry.came_in(knocking), joined(event, options, view)) if d is not NOTHING
            )
        case MemberLeft():
            return left(event, options, view)
        case MemberRenamed():
            return renamed(event, options, view)
        case JoinRequested() if options.entry is not None:
            return onboarding_entry.knocked(event, options.entry, options, view)
        case ButtonPressed() if event.data.startswith(onboarding_entry.BUTTON) and options.entry is not None:
            return onboarding_entry.judged(event, options.entry, options, view)
        case ButtonPressed() if event.data.startswith(STEP_BUTTON):
            progress = view.get(PROGRESS.of(event.actor.account))
            return pressed(event, progress, options, view) if progress is not None else NOTHING
        case OnboardingCompleted():
            return _rewarded(event, options, view)
        case _:
            return NOTHING


def _rewarded(event: OnboardingCompleted, options: Onboarding, view: View) -> Decision | tuple[Decision, ...]:
    """`on_complete`, in full the first time; after a restart by an admin without what the ledger already holds."""
    progress = view.get(PROGRESS.of(event.actor.account))
    if progress is None or not options.on_complete:
        return NOTHING
    account = event.actor.account
    tell = Telling(account, view, "completed")
    done = actions.perform(
        options.on_complete,
        event,
        view,
        actor=account,
        rule="onboarding.complete",
        title=tell.why,
        story=tell.story,
    )
    if "complete" in progress.paid:
        again = tuple(change for change in done.changes if not isinstance(change, Post))
        then = tuple(word for word in done.then if not word.startswith(("points", "thanks")))
        return replace(done, changes=again, then=then, because=(*done.because, "was rewarded before"))
    # A natural key: whatever happens, the ledger cannot hold this reward twice.
    changes = tuple(
        replace(change, key=f"onboarding:complete:{n}") if isinstance(change, Post) else change
        for n, change in enumerate(done.changes)
    )
    paid = kept(replace(progress, paid=(*progress.paid, "complete")))
    return replace(done, changes=(*changes, paid), because=(*done.because, "every step is answered"))


workflow = Workflow("onboarding", Onboarding, HEARS, reads, decide)

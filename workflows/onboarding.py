"""Onboarding: newcomers are welcomed, asked a few things, given a few tasks, and never lost sight of.

Only people whose joining was seen take part: whoever was here before, admins, bots and channels are left alone.
Edits never answer. What a message, button, reaction, check-in, timer or admin's order leads to is decided in the
onboarding_* files beside this one; here is only who decides what.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from core.decision import NOTHING, Decision
from core.effects import Delete
from core.events import (
    UNSPOKEN,
    ButtonPressed,
    Event,
    Instructed,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberUnmuted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
    TimerDue,
    spoken,
)
from core.follow_ups import CheckedIn, Linked, OnboardingCompleted, Parted
from core.people import PERSON
from core.quick import renewed
from core.state import Key
from core.workflow import Glance, Group, Read, Unmoved, View, Workflow
from workflows import (
    actions,
    onboarding_arrival,
    onboarding_door,
    onboarding_door_answers,
    onboarding_door_visit,
    onboarding_entry,
    onboarding_hearing,
    onboarding_orders,
    onboarding_raid,
    onboarding_timers,
)
from workflows.bans import BANNED
from workflows.onboarding_answers import STEP_BUTTON
from workflows.onboarding_completion import rewarded
from workflows.onboarding_knocking import (
    CROWD,
    DOOR,
    KNOCKING,
    LET_IN,
    OWN,
    PRIVATE,
    VERDICT,
    Knocking,
    asked_about,
    door_of,
)
from workflows.onboarding_options import Onboarding
from workflows.onboarding_options import Onboarding as Options
from workflows.onboarding_state import PROGRESS, WAVE_OF_GROUP, Progress, progress_of
from workflows.onboarding_steps import edited, other_part, pressed, spoke
from workflows.onboarding_tasks import worked
from workflows.onboarding_voice import heard

__all__ = ["Options", "workflow"]

HEARS = frozenset(
    (
        MemberJoined,
        MemberLeft,
        MemberUnmuted,
        MemberRenamed,
        JoinRequested,
        MessagePosted,
        MessageEdited,
        ButtonPressed,
        ReactionChanged,
        CheckedIn,
        OnboardingCompleted,
        Linked,
        Parted,
        TimerDue,
        Instructed,
    )
)
ANSWERS = (PRIVATE, OWN, CROWD)


def reads(event: Event, options: Onboarding) -> Read[Onboarding] | None:
    """What may be part of a task is a glance at who is on the way in; what is rare reads what it needs."""
    match event:
        case MessagePosted():
            return _glance(event, options)
        case MessageEdited():
            if not (options.hold or options.guarded) or event.actor.kind is not PERSON:
                return None
            return (progress_of(event.actor.account), door_of(event.actor.account))
        case ReactionChanged():
            return _AT_WORK if options.counts_reactions and event.emoji else None
        case CheckedIn():
            return _AT_WORK if options.counts_check_ins else None
        case ButtonPressed():
            if event.data.startswith(VERDICT):
                return onboarding_door.reads(asked_about(event.data)[1], options, event)
            if event.data.startswith(ANSWERS):
                return onboarding_door.reads(event.actor.account, options, event)
            return _own(event, options) if event.data.startswith(STEP_BUTTON) else None
        case MemberJoined():
            return (BANNED.of(event.actor.account), *onboarding_door.reads(event.actor.account, options, event))
        case MemberLeft() | MemberUnmuted() | MemberRenamed():
            return onboarding_door.reads(event.actor.account, options, event)
        case JoinRequested():
            return onboarding_entry.reads(event.actor.account, options, event) if _asks(options) else None
        case Linked():
            return onboarding_arrival.reads_linked(event)
        case Parted():
            return (PROGRESS.of(event.actor.account), *onboarding_door.reads_parted(event))
        case OnboardingCompleted():
            account = event.actor.account
            return (PROGRESS.of(account), *actions.reads(options.on_complete, event, account))
        case TimerDue():
            if event.key in onboarding_raid.TIMERS:
                return (WAVE_OF_GROUP,)
            if event.member is None:
                return None
            if event.key.startswith((onboarding_entry.TIMER, onboarding_door_visit.TIMER)):
                return onboarding_door.reads(event.member, options, event)
            return onboarding_timers.reads(event, event.member, options)
        case Instructed():
            if event.target is None:
                return ()
            door = onboarding_door.reads(event.target.account, options, event)
            return (*door, *onboarding_orders.reads(event, options))
        case _:
            return None


def decide(event: Event, options: Onboarding, view: View) -> Decision | tuple[Decision, ...]:
    """Who decides about an event."""
    match event:
        case MessagePosted():
            return _posted(_said(event), options, view)
        case MessageEdited():
            return _edited(_said(event), options, view)
        case TimerDue():
            return _timed(event, options, view)
        case Instructed():
            return _ordered(event, options, view)
        case Linked():
            return onboarding_arrival.linked(event, view)
        case Parted():
            return (onboarding_door.parted(event, view), onboarding_arrival.parted(event, options, view))
        case ReactionChanged() | CheckedIn():
            return _done(event, options, view)
        case JoinRequested() | ButtonPressed() | OnboardingCompleted():
            return _of_person(event, options, view) if event.actor.kind is PERSON else NOTHING
        case MemberJoined() | MemberLeft() | MemberUnmuted() | MemberRenamed():
            return _came_or_went(event, options, view) if event.actor.kind is PERSON else NOTHING
        case _:
            return NOTHING


def _asks(options: Onboarding) -> bool:
    return options.entry is not None and options.entry.asks_requests


def _glance(event: MessagePosted, options: Onboarding) -> Glance[Onboarding] | None:
    if event.actor.kind is not PERSON:
        return None
    if event.private and options.entry is not None:
        return _KNOWN
    if event.private or event.album is not None:
        return _EVER_HELD if options.guarded else _EVER_UNDER_WAY
    return _HELD if options.guarded else _UNDER_WAY


def _message_keys(event: MessagePosted, options: Onboarding) -> tuple[Key[Any], ...]:
    """What a message needs of somebody who is on the way in."""
    account = event.actor.account
    keys: tuple[Key[Any], ...] = onboarding_door.glance(account) if options.guarded else (progress_of(account),)
    if event.private or options.looks_up:
        if event.private and options.entry is not None:
            keys += (KNOCKING.of(account),)
        keys += (*onboarding_hearing.reads(event), *heard(options, account, event.at))
    return keys


def _own(event: Any, options: Onboarding) -> tuple[Key[Any], ...]:
    account = event.actor.account
    return (PROGRESS.of(account), *heard(options, account, event.at))


T = TypeVar("T", MessagePosted, MessageEdited)


def _over(record: Progress | Knocking) -> bool:
    return record.stage in _PAST


_PAST = frozenset(("done", "skipped", LET_IN))
_AT_WORK: Glance[Onboarding] = Glance((PROGRESS,), _own, _over)
_UNDER_WAY: Glance[Onboarding] = Glance((PROGRESS,), _message_keys, _over)
_HELD: Glance[Onboarding] = Glance((PROGRESS, DOOR), _message_keys, _over)
_EVER_UNDER_WAY: Glance[Onboarding] = Glance((PROGRESS,), _message_keys)
_EVER_HELD: Glance[Onboarding] = Glance((PROGRESS, DOOR), _message_keys)
"""For parts of an album, of which the first may have answered, and for what somebody says who was put out."""
_KNOWN: Glance[Onboarding] = Glance((PROGRESS, DOOR, KNOCKING), _message_keys)


def _said(event: T) -> T:
    """The message with what its author said: no poll answers a question."""
    return renewed(event, text=spoken(event)) if event.kind in UNSPOKEN else event


def _posted(event: MessagePosted, options: Onboarding, view: View) -> Decision:
    if event.actor.kind is not PERSON:
        return NOTHING
    account = event.actor.account
    if options.guarded:
        here = view.get(door_of(account))
        outside = event.private and here is not None and not here.open
        if here is not None and here.stage != "let_in" and not outside:
            return onboarding_door_answers.spoke(event, here, options, view)
        if here is not None and event.album is not None and event.album == here.album:
            why = "part of an album that was deleted"
            return Decision(effects=(Delete(messages=(event.message,)),), because=(why,))
    if event.private and options.entry is not None:
        knocking = view.get(KNOCKING.of(account))
        if knocking is not None and knocking.stage == "asking":
            return onboarding_entry.replied(event, knocking, options.entry, options, view)
    progress = view.get(progress_of(account))
    if progress is None:
        return NOTHING
    if progress.stage in ("done", "skipped"):
        part = event.album is not None and event.album == progress.album
        return other_part(event, progress, options) if part else NOTHING
    if progress.stage == "tasks":
        if event.album is not None and event.album == progress.album:
            return other_part(event, progress, options)
        return worked(event, progress, options, view)
    if progress.stage == "gave_up" and not options.hold:
        return NOTHING
    return spoke(event, progress, options, view)


def _edited(event: MessageEdited, options: Onboarding, view: View) -> Decision:
    account = event.actor.account
    here = view.get(door_of(account)) if options.guarded else None
    if here is not None and here.stage != "let_in":
        return NOTHING if view.actor().staff else onboarding_door_answers.edited(event)
    progress = view.get(progress_of(account))
    return edited(event, progress, options, view) if progress is not None else NOTHING


def _done(event: ReactionChanged | CheckedIn, options: Onboarding, view: View) -> Decision:
    counts = options.counts_check_ins if isinstance(event, CheckedIn) else options.counts_reactions
    withdrawn = isinstance(event, ReactionChanged) and not event.emoji
    if not counts or withdrawn or event.actor.kind is not PERSON:
        return NOTHING
    progress = view.get(PROGRESS.of(event.actor.account))
    return worked(event, progress, options, view) if progress is not None and progress.stage == "tasks" else NOTHING


def _not_at_work(at: datetime, options: Onboarding, group: Group, progress: Progress | None, _: int) -> bool:
    """Whether a glance tells that a check-in is no part of a task: there is none for this member, or none any more."""
    return progress is None or progress.stage != "tasks"


def _timed(event: TimerDue, options: Onboarding, view: View) -> Decision | tuple[Decision, ...]:
    if event.key in onboarding_raid.TIMERS:
        return onboarding_raid.due(event, options, view)
    if event.member is None:
        return NOTHING
    if event.key.startswith(onboarding_entry.TIMER):
        return onboarding_entry.lapsed(event, event.member, options, view)
    if event.key.startswith(onboarding_door_visit.TIMER):
        return onboarding_door.woken(event, event.member, options, view)
    return onboarding_timers.woken(event, event.member, options, view)


def _ordered(event: Instructed, options: Onboarding, view: View) -> Decision | tuple[Decision, ...]:
    if event.target is not None and event.verb == LET_IN:
        return onboarding_door.ordered_in(event, event.target.account, options, view)
    done = onboarding_orders.ordered(event, options, view)
    if event.target is None or event.verb not in onboarding_orders.VERBS:
        return done
    return (onboarding_door.ordered_past(event, event.target.account, options, view), done)


def _came_or_went(
    event: MemberJoined | MemberLeft | MemberUnmuted | MemberRenamed, options: Onboarding, view: View
) -> tuple[Decision, ...] | Decision:
    account = event.actor.account
    match event:
        case MemberJoined():
            knocking = view.get(KNOCKING.of(account))
            return (onboarding_entry.came_in(knocking), *onboarding_door.joined(event, options, view))
        case MemberLeft():
            gone = onboarding_raid.without(event, options, view)
            at_door = onboarding_door.left(event, options, view)
            return (gone, at_door, onboarding_arrival.left(event, options, view))
        case MemberUnmuted():
            return onboarding_door.unmuted(event, options, view)
        case MemberRenamed():
            here, knocking = view.get(DOOR.of(account)), view.get(KNOCKING.of(account))
            at_door = onboarding_door.renamed(event, here)
            at_entry = onboarding_entry.renamed(event, knocking)
            return (at_door, at_entry, onboarding_arrival.renamed(event, options, view))


def _of_person(
    event: JoinRequested | ButtonPressed | OnboardingCompleted, options: Onboarding, view: View
) -> Decision | tuple[Decision, ...]:
    match event:
        case JoinRequested() if options.entry is not None:
            return onboarding_entry.knocked(event, options.entry, options, view)
        case ButtonPressed() if event.data.startswith(VERDICT):
            account = asked_about(event.data)[1]
            here, knocking = view.get(DOOR.of(account)), view.get(KNOCKING.of(account))
            if here is not None and here.stage == "with_admins":
                return onboarding_door.judged(event, here, options, view)
            if options.entry is None:
                return NOTHING
            return onboarding_entry.judged(event, knocking, options.entry, options, view)
        case ButtonPressed() if event.data.startswith(ANSWERS):
            account = event.actor.account
            here, knocking = view.get(DOOR.of(account)), view.get(KNOCKING.of(account))
            if here is not None and here.open:
                return onboarding_door_answers.pressed(event, here, options, view)
            asked = knocking if event.data.startswith(PRIVATE) else None
            return onboarding_entry.answered(event, asked, options.entry, options, view)
        case ButtonPressed() if event.data.startswith(STEP_BUTTON):
            progress = view.get(PROGRESS.of(event.actor.account))
            return pressed(event, progress, options, view) if progress is not None else NOTHING
        case OnboardingCompleted():
            return rewarded(event, options, view)
        case _:
            return NOTHING


def _spares(kind: type, options: Onboarding) -> bool:
    return (kind is CheckedIn and not options.counts_check_ins) or (
        kind is ReactionChanged and not options.counts_reactions
    )


workflow = Workflow(
    "onboarding",
    Onboarding,
    HEARS,
    reads,
    decide,
    outsiders=True,
    spares=_spares,
    weighs={CheckedIn: Unmoved(PROGRESS, "", _not_at_work)},
)

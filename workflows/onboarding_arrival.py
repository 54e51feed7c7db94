"""Coming and going: the welcome, people who return, people who leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from core.decision import NOTHING, Decision, DropTimer, Put
from core.effects import Words
from core.events import Event, MemberJoined, MemberLeft, MemberRenamed
from core.follow_ups import Linked, Parted
from core.people import Account, Actor, Member
from core.state import Key
from core.workflow import View
from workflows import tidy
from workflows.onboarding_options import Onboarding
from workflows.onboarding_raid import counted, noted
from workflows.onboarding_state import PROGRESS, Progress, kept, quiet, standing, timer_of, wake
from workflows.onboarding_steps import onward, told
from workflows.onboarding_tasks import task_list
from workflows.onboarding_voice import Voice, voice_for


def joined(event: MemberJoined, options: Onboarding, view: View) -> Decision:
    """Somebody came in: new, returning, in a wave, or brought by an admin."""
    account, member = event.actor.account, view.actor()
    before = view.get(PROGRESS.of(account))
    if member.staff:
        return Decision(because=("an admin joined; admins are not onboarded",))
    flow = counted(event.at, options, view)
    if before is not None and before.stage in ("tasks", "done", "skipped"):
        decision = _back(event, before, options, view, member, in_wave=flow.gathered)
    elif options.skip_added_by_admin and event.added_by_admin:
        decision = _brought(event, before, options, view, member, in_wave=flow.gathered)
    else:
        decision = received(event, account, before, options, view, member, in_wave=flow.gathered)
    return noted(decision, flow, "welcome", member, account, event.at, options, view.group)


def left(event: MemberLeft, options: Onboarding, view: View) -> Decision:
    """Somebody went: nothing more is sent to them, and their place is kept."""
    account = event.actor.account
    progress = view.get(PROGRESS.of(account))
    if progress is None or progress.away or not progress.running:
        return NOTHING
    where = "answering the steps" if progress.stage == "steps" else "doing the tasks"
    return Decision(
        changes=(kept(replace(progress, account=account, away=True)),),
        timers=(DropTimer(timer_of(account)),),
        because=(f"left before {where}; their place is kept",),
    )


def renamed(event: MemberRenamed, options: Onboarding, view: View) -> Decision:
    """The same person under another account: the timer moves along."""
    progress = view.get(PROGRESS.of(event.actor.account))
    if progress is None or progress.account == event.actor.account:
        return NOTHING
    moved = replace(progress, account=event.actor.account)
    if not progress.running or progress.away:
        return Decision(changes=(kept(moved),), because=("known under another account now",))
    return Decision(
        changes=(kept(moved),),
        timers=(DropTimer(timer_of(event.was)), wake(moved, options, view.group)),
        because=("known under another account now",),
    )


def greeted(event: Event, progress: Progress, options: Onboarding, view: View, member: Member) -> Decision:
    """The welcome with the first question, or with the one that a returning member left open."""
    voice = _aloud(event, progress.account, options, view, member)
    step = standing(options.steps, progress.step, progress.place, progress.answers)
    actor = Actor(account=progress.account, name=member.name)
    turn = onward(replace(progress, greeted=event.at, greet=None), step, event, actor, options, voice)
    softly = quiet(event.at, options.quiet_hours, view.group)
    welcome = voice.say(_hello(options, voice), *turn.words[-1:], choices=turn.choices, softly=softly)
    if not turn.words:
        welcome = replace(welcome, place=tidy.place(view.group, tidy.WELCOME))
    return Decision(
        changes=(kept(turn.progress),),
        effects=(welcome,),
        timers=(wake(turn.progress, options, view.group),),
        follows=turn.follows,
        because=("welcomed", *turn.because),
    )


def received(
    event: Event,
    account: Account,
    before: Progress | None,
    options: Onboarding,
    view: View,
    member: Member,
    *,
    in_wave: bool,
) -> Decision:
    """A newcomer, or somebody who comes back to questions that are still open."""
    at = event.at
    fresh = before or Progress(account=account, began=at)
    until = at + options.give_up_after if options.give_up_after is not None else None
    here = replace(fresh, account=account, stage="steps", away=False, until=until, greet=None)
    back = ("comes back to where they were",) if before is not None else ()
    if in_wave:
        return _without_words(event, here, options, view, member, (*back, "one of a wave; the welcome is gathered"))
    if before is not None and _just_greeted(before, at, options):
        nudge = at + options.remind.after if here.asked is not None and options.remind.times else None
        here = replace(here, nudge=nudge, greet=before.greet)
        because = (*back, "welcomed a short while ago, so nothing is said")
        return Decision(changes=(kept(here),), timers=(wake(here, options, view.group),), because=because)
    if options.welcome_after:
        here = replace(here, greet=at + options.welcome_after)
        because = (*back, "the welcome waits for their app to open the chat")
        return Decision(changes=(kept(here),), timers=(wake(here, options, view.group),), because=because)
    decision = greeted(event, here, options, view, member)
    return replace(decision, because=(*back, *decision.because))


def _without_words(
    event: Event, here: Progress, options: Onboarding, view: View, member: Member, because: tuple[str, ...]
) -> Decision:
    """In a wave: everything but the words, and no reminders, which would be the wave again a day later."""
    voice = _aloud(event, here.account, options, view, member)
    step = standing(options.steps, here.step, here.place, here.answers)
    actor = Actor(account=here.account, name=member.name)
    turn = onward(replace(here, greeted=event.at), step, event, actor, options, voice)
    after = turn.progress
    if options.raid is not None and after.asked is not None:
        after = replace(after, asked=event.at + options.raid.within, nudge=None)
    timers = (wake(after, options, view.group),)
    return Decision(changes=(kept(after),), timers=timers, follows=turn.follows, because=because)


def _back(
    event: MemberJoined, before: Progress, options: Onboarding, view: View, member: Member, *, in_wave: bool
) -> Decision:
    """Somebody who is through with the steps: a short word, no questions, and what they earned stays earned."""
    at = event.at
    nudge = at + options.remind.after if before.stage == "tasks" and before.nudge is not None else None
    here = replace(before, account=event.actor.account, away=False, nudge=nudge)
    timers = (wake(here, options, view.group),) if here.running else ()
    if in_wave or _just_greeted(before, at, options):
        return Decision(changes=(kept(here),), timers=timers, because=("was here before; nothing is said",))
    here = replace(here, greeted=at)
    voice = voice_for(member, here.account, event, options, view)
    softly = quiet(at, options.quiet_hours, view.group)
    words = [voice.own("onboarding.welcome_back")]
    if here.stage == "tasks":
        words.append(task_list(here, at, options, voice, "onboarding.tasks_open"))
    return Decision(
        changes=(kept(here),),
        effects=(voice.say(*words, softly=softly),),
        timers=timers,
        because=("was onboarded before",),
    )


def _brought(
    event: MemberJoined, before: Progress | None, options: Onboarding, view: View, member: Member, *, in_wave: bool
) -> Decision:
    """An admin added them: they may be offline and did not ask for questions."""
    account = event.actor.account
    fresh = before or Progress(account=account, began=event.at)
    here = replace(
        fresh, account=account, stage="skipped", away=False, nudge=None, until=None, greet=None, greeted=event.at
    )
    voice = voice_for(member, account, event, options, view)
    softly = quiet(event.at, options.quiet_hours, view.group)
    effects = () if in_wave else (voice.say(_hello(options, voice), softly=softly),)
    because = ("added by an admin: welcomed, not asked",)
    return Decision(changes=(kept(here),), effects=effects, timers=(wake(here, options, view.group),), because=because)


def _just_greeted(progress: Progress, at: datetime, options: Onboarding) -> bool:
    return progress.greeted is not None and at - progress.greeted < options.rejoin_cooldown


def _hello(options: Onboarding, voice: Voice) -> Words:
    if options.welcome is None:
        return voice.own("onboarding.welcome")
    return (
        voice.theirs(options.welcome, **told(options.steps[0], options))
        if options.steps
        else voice.theirs(options.welcome)
    )


def _aloud(event: Event, account: Account, options: Onboarding, view: View, member: Member) -> Voice:
    """The voice for a welcome: said to the whole group, wherever the last answer was given."""
    return replace(voice_for(member, account, event, options, view), private=False, topic=None, reply_to=None)


def reads_linked(event: Linked) -> tuple[Key[Any], ...]:
    """The state that `linked` looks at."""
    return tuple(PROGRESS.kept(side) for side in event.sides)


def linked(event: Linked, view: View) -> Decision:
    """Of two onboardings the one that is over counts; what was paid or done in either is not asked for again."""
    had = [held for key in reads_linked(event) if (held := view.get(key)) is not None]
    if len(had) < 2:
        return NOTHING
    counts = next((one for one in had if not one.running), had[0])
    both = replace(
        counts,
        paid=tuple(dict.fromkeys(paid for one in had for paid in one.paid)),
        finished=tuple(dict.fromkeys(done for one in had for done in one.finished)),
    )
    return Decision(changes=(Put(PROGRESS.of(event.actor.account), both),), because=("bound to another account",))


def parted(event: Parted, options: Onboarding, view: View) -> Decision:
    """Of what both keep each goes on under their own account, reminded by a timer of their own."""
    progress = view.get(PROGRESS.of(event.actor.account))
    if progress is None:
        return NOTHING
    own = replace(progress, account=event.actor.account)
    timers = (wake(own, options, view.group),) if own.running else ()
    if own == progress and not timers:
        return NOTHING
    return Decision(changes=(kept(own),), timers=timers, because=("parted from another account",))

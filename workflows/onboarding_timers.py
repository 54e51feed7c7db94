"""What time brings: the delayed welcome, reminders, tasks that were missed, giving up.

Who does not want to be reminded is not; deadlines run for them as for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core import state
from core.decision import Decision, SetTimer
from core.effects import Effect
from core.events import TimerDue
from core.people import Account, Actor, Member
from core.state import Key
from core.workflow import View
from workflows import actions, other_accounts
from workflows.onboarding_answers import buttons
from workflows.onboarding_arrival import greeted
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS, Progress, awake, kept, quiet, standing, timer_of, wake
from workflows.onboarding_steps import let_be, onward, question
from workflows.onboarding_tasks import missed, task_list
from workflows.onboarding_telling import Telling
from workflows.onboarding_voice import heard, voice_for
from workflows.quiet_wishes import QUIET, Quiet

REMINDER_LIVES = timedelta(hours=3)
"""A reminder that could not be sent for so long is not worth sending any more. It counts, and the next is set."""
TOO_LATE = "it is too late for the reminder"
UNWILLING = "they do not want to be reminded"


def reads(event: TimerDue, account: Account, options: Onboarding) -> Iterator[Key[Any]]:
    """What a newcomer's timer may need."""
    yield PROGRESS.of(account)
    yield state.member(account)
    yield QUIET.of(account)
    yield from other_accounts.looks(account)
    yield from heard(options, account, event.at)
    yield from actions.reads(options.on_give_up, event, account)
    for task in options.tasks:
        yield from actions.reads(task.on_missed, event, account)


def woken(event: TimerDue, account: Account, options: Onboarding, view: View) -> tuple[Decision, ...]:
    """A newcomer's timer came due: do what its time has come for, and set the next one."""
    progress, member = view.get(PROGRESS.of(account)), view.get(state.member(account))
    if progress is None or member is None or progress.account != account or not progress.running:
        return ()
    if progress.away or member.left is not None:
        return ()
    if staying := other_accounts.staying_without(account, view):
        moved = replace(progress, account=staying[0])
        at_once = SetTimer(key=timer_of(moved.account), at=event.at + timedelta(seconds=1), member=moved.account)
        because = ("left with that account, and is here with another of theirs",)
        return (Decision(changes=(kept(moved),), timers=(at_once,), because=because),)
    if member.staff:
        return (let_be(progress, "is an admin now; admins are not onboarded"),)
    if progress.greet is not None and progress.greet <= event.at:
        return (greeted(event, progress, options, view, member),)
    if quiet(event.at, options.quiet_hours, view.group):
        later = awake(event.at, options.quiet_hours, view.group)
        timer = SetTimer(key=timer_of(account), at=later, member=account)
        return (Decision(timers=(timer,), because=("quiet hours: put off to their end",)),)
    if progress.stage == "tasks":
        return _tasks(event, progress, options, view, member)
    return _steps(event, progress, options, view, member)


def _steps(
    event: TimerDue, progress: Progress, options: Onboarding, view: View, member: Member
) -> tuple[Decision, ...]:
    step = standing(options.steps, progress.step, progress.place, progress.answers)
    voice = voice_for(member, progress.account, event, options, view)
    if step is None:
        turn = onward(progress, step, event, Actor(account=progress.account, name=member.name), options, voice)
        passed = Decision(
            changes=(kept(turn.progress),),
            effects=(voice.say(*turn.words, softly=True),) if turn.words else (),
            timers=(wake(turn.progress, options, view.group),),
            follows=turn.follows,
            because=("the operator took the last open step away", *turn.because),
        )
        return (passed,)
    if _due(progress.until, event.at):
        return _given_up(event, progress, step.id, options, view)
    if not _due(progress.nudge, event.at) or progress.nudged >= options.remind.times:
        calm = replace(progress, nudge=None) if _due(progress.nudge, event.at) else progress
        timers = (wake(calm, options, view.group),)
        return (Decision(changes=(kept(calm),), timers=timers, because=("nothing to remind of any more",)),)
    after = _nudged(progress, event, options)
    if unsaid := _unsaid(event, progress, view):
        timers = (wake(after, options, view.group),)
        return (Decision(changes=(kept(after),), timers=timers, because=(unsaid,)),)
    say = voice.say(
        voice.own("onboarding.reminder"),
        question(step, options, voice),
        choices=buttons(step, voice.language),
        softly=True,
        expires=event.at + REMINDER_LIVES,
    )
    reminded = Decision(
        changes=(kept(after),),
        effects=(say,),
        timers=(wake(after, options, view.group),),
        because=(f"step {step.id} is still open; reminder {after.nudged} of {options.remind.times}",),
    )
    return (reminded,)


def _given_up(event: TimerDue, progress: Progress, step: str, options: Onboarding, view: View) -> tuple[Decision, ...]:
    """The time for the steps is over. What follows is the operator's word alone."""
    after = replace(progress, stage="gave_up", nudge=None, until=None)
    why = f"gave up: step {step} was not answered in time"
    over = Decision(changes=(kept(after),), because=(why,))
    tell = Telling(progress.account, view, "gave_up", span=options.give_up_after)
    return (over, *_carried_out(options.on_give_up, event, progress, view, "onboarding.give_up", why, tell))


def _tasks(
    event: TimerDue, progress: Progress, options: Onboarding, view: View, member: Member
) -> tuple[Decision, ...]:
    after, late = missed(progress, event.at, options)
    because = [f"the task {task.id} was not done in time" for task in late]
    effects: tuple[Effect, ...] = ()
    if after.stage == "tasks" and _due(after.nudge, event.at) and after.nudged < options.remind.times:
        after = _nudged(after, event, options)
        if unsaid := _unsaid(event, progress, view):
            because.append(unsaid)
        else:
            voice = voice_for(member, progress.account, event, options, view)
            words = task_list(after, event.at, options, voice, "onboarding.tasks_reminder")
            effects = (voice.say(words, softly=True, expires=event.at + REMINDER_LIVES),)
            because.append(f"tasks are still open; reminder {after.nudged} of {options.remind.times}")
    elif _due(after.nudge, event.at):
        after = replace(after, nudge=None)
    own = Decision(
        changes=(kept(after),),
        effects=effects,
        timers=(wake(after, options, view.group),),
        because=tuple(because) or ("nothing to remind of any more",),
    )
    theirs: list[Decision] = []
    for task in late:
        why = f"the task {task.id} was not done in time"
        tell = Telling(progress.account, view, "missed", task)
        theirs += _carried_out(task.on_missed, event, progress, view, f"onboarding.task.{task.id}", why, tell)
    return (own, *theirs)


def _carried_out(
    wanted: actions.Actions, event: TimerDue, progress: Progress, view: View, rule: str, why: str, tell: Telling
) -> tuple[Decision, ...]:
    """The operator's actions with their reason, if there are any."""
    if not wanted:
        return ()
    done = actions.perform(wanted, event, view, actor=progress.account, rule=rule, title=tell.why, story=tell.story)
    return (replace(done, because=(why, *done.because)),)


def _unsaid(event: TimerDue, progress: Progress, view: View) -> str:
    """Why a reminder is not said, or "": nobody expects it any more, as the assistant was away, or wants it."""
    if event.at - event.due > REMINDER_LIVES:
        return TOO_LATE
    return UNWILLING if (view.get(QUIET.of(progress.account)) or Quiet()).on else ""


def _due(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at


def _nudged(progress: Progress, event: TimerDue, options: Onboarding) -> Progress:
    """One reminder more. The last one, and one that would come after the end, is followed by none."""
    after = event.at + options.remind.after
    over = progress.nudged + 1 >= options.remind.times or (progress.until is not None and after >= progress.until)
    return replace(progress, nudged=progress.nudged + 1, nudge=None if over else after)

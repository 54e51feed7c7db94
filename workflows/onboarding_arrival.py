"""Coming and going: the welcome, a wave of joins, people who return, people who leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.decision import NOTHING, Change, Decision, DropTimer, Put, SetTimer
from core.effects import Choice, Mention, Words
from core.events import MemberJoined, MemberLeft, MemberRenamed, TimerDue
from core.people import Account, Actor, Member
from core.workflow import View
from workflows.onboarding_answers import buttons
from workflows.onboarding_options import Onboarding, Raid
from workflows.onboarding_state import PROGRESS, WAVE, WAVE_TIMER, Progress, Wave, kept, quiet, standing, timer_of, wake
from workflows.onboarding_steps import onward, question, told
from workflows.onboarding_tasks import task_list
from workflows.onboarding_voice import Voice, voice_for

MOST_NAMED = 20
"""A gathered welcome names so many people and counts the rest; longer lists are cut or refused by platforms."""

LONGEST_WAVE = 10
"""A gathered welcome waits at most so many spans, however long the wave goes on."""


def joined(event: MemberJoined, options: Onboarding, view: View) -> Decision:
    """Somebody came in: new, returning, in a wave, or brought by an admin."""
    account, member = event.actor.account, view.actor()
    before = view.get(PROGRESS.of(account))
    if member.staff:
        return Decision(because=("an admin joined; admins are not onboarded",))
    wave, in_wave = _joining(event, options.raid, view)
    if before is not None and before.stage in ("tasks", "done", "skipped"):
        decision = _back(event, before, options, view, member, in_wave=in_wave)
    elif options.skip_added_by_admin and event.added_by_admin:
        decision = _brought(event, before, options, view, member, in_wave=in_wave)
    else:
        decision = _received(event, before, options, view, member, in_wave=in_wave)
    if options.raid is None or wave is None:
        return decision
    if in_wave:
        wave = _with(wave, account, member.name, event.at)
        began = wave.began or event.at
        close = min(event.at + options.raid.within, began + LONGEST_WAVE * options.raid.within)
        timers = (SetTimer(key=WAVE_TIMER, at=max(close, event.at)),)
        decision = replace(decision, timers=(*decision.timers, *timers))
    return replace(decision, changes=(*decision.changes, Put(WAVE.of_group(), wave)))


def left(event: MemberLeft, options: Onboarding, view: View) -> Decision:
    """Somebody went: nothing more is sent to them, and their place is kept."""
    account = event.actor.account
    progress = view.get(PROGRESS.of(account))
    changes: list[Change] = []
    if options.raid is not None:
        wave = view.get(WAVE.of_group())
        if wave is not None and wave.began is not None and any(named == account for named, _ in wave.named):
            changes.append(Put(WAVE.of_group(), replace(wave, named=tuple(n for n in wave.named if n[0] != account))))
    if progress is None or progress.away or not progress.running:
        return Decision(changes=tuple(changes), because=("left before the gathered welcome",)) if changes else NOTHING
    where = "answering the steps" if progress.stage == "steps" else "doing the tasks"
    return Decision(
        changes=(*changes, kept(replace(progress, away=True))),
        timers=(DropTimer(timer_of(progress.account)),),
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
        timers=(DropTimer(timer_of(progress.account)), wake(moved, options, view.group)),
        because=("known under another account now",),
    )


def gathered(event: TimerDue, options: Onboarding, view: View) -> Decision:
    """The wave is over: one welcome for everyone in it, with the first question for all of them."""
    wave = view.get(WAVE.of_group())
    if wave is None or wave.began is None:
        return NOTHING
    count = len(wave.named) + wave.others
    put = Put(WAVE.of_group(), Wave(recent=wave.recent))
    if not count:
        return Decision(changes=(put,), because=("everyone of the wave has left again",))
    group = view.group
    voice = Voice(
        account=Account(""),
        language=group.language_of(None),
        group=group,
        known={
            "member": {"name": "", "mention": ""},
            "group": {"key": group.key, "name": group.community or group.key, "timezone": str(group.zone)},
        },
    )
    people: list[str | Mention] = []
    for account, name in wave.named:
        people += [" ", Mention(account=account, name=name)] if people else [Mention(account=account, name=name)]
    parts: list[Words] = [voice.own("onboarding.gathered", count=count), tuple(people)]
    if wave.others:
        parts.append(voice.own("onboarding.and_others", number=wave.others))
    choices: tuple[Choice, ...] = ()
    if options.steps:
        step = options.steps[0]
        parts.append(
            question(step, options, voice) if not _personal(options) else voice.own("onboarding.gathered_question")
        )
        choices = buttons(step, voice.language)
    # Not bound to a chooser: each press answers for whoever pressed.
    say = replace(voice.say(*parts, softly=quiet(event.at, options.quiet_hours, group)), choices=choices)
    return Decision(changes=(put,), effects=(say,), because=(f"one welcome for {count} people who joined in a wave",))


def greeted(
    event: MemberJoined | TimerDue, progress: Progress, options: Onboarding, view: View, member: Member
) -> Decision:
    """The welcome with the first question, or with the one that a returning member left open."""
    account = event.actor.account if isinstance(event, MemberJoined) else progress.account
    voice = voice_for(member, account, event, options, view)
    step = standing(options.steps, progress.step, progress.place, progress.answers)
    actor = Actor(account=progress.account, name=member.name)
    turn = onward(replace(progress, greeted=event.at, greet=None), step, event, actor, options, voice)
    softly = quiet(event.at, options.quiet_hours, view.group)
    return Decision(
        changes=(kept(turn.progress),),
        effects=(voice.say(_hello(options, voice), *turn.words[-1:], choices=turn.choices, softly=softly),),
        timers=(wake(turn.progress, options, view.group),),
        follows=turn.follows,
        because=("welcomed", *turn.because),
    )


def _received(
    event: MemberJoined, before: Progress | None, options: Onboarding, view: View, member: Member, *, in_wave: bool
) -> Decision:
    """A newcomer, or somebody who comes back to questions that are still open."""
    account, at = event.actor.account, event.at
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
    event: MemberJoined, here: Progress, options: Onboarding, view: View, member: Member, because: tuple[str, ...]
) -> Decision:
    """In a wave: everything but the words, and no reminders, which would be the wave again a day later."""
    voice = voice_for(member, here.account, event, options, view)
    step = standing(options.steps, here.step, here.place, here.answers)
    turn = onward(replace(here, greeted=event.at), step, event, event.actor, options, voice)
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


def _joining(event: MemberJoined, raid: Raid | None, view: View) -> tuple[Wave | None, bool]:
    """The joins of the last moments with this one, and whether it is part of a wave."""
    if raid is None:
        return None, False
    wave = view.get(WAVE.of_group()) or Wave()
    recent = (*(at for at in wave.recent if event.at - at < raid.within), event.at)[-raid.joins - 1 :]
    return replace(wave, recent=recent), wave.began is not None or len(recent) > raid.joins


def _with(wave: Wave, account: Account, name: str, at: datetime) -> Wave:
    began = wave.began or at
    if any(named == account for named, _ in wave.named):
        return replace(wave, began=began)
    if len(wave.named) < MOST_NAMED:
        return replace(wave, began=began, named=(*wave.named, (account, name)))
    return replace(wave, began=began, others=wave.others + 1)


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


def _personal(options: Onboarding) -> bool:
    """Whether the first question speaks of the member, so that it cannot be put to many at once."""
    ask = options.steps[0].ask
    return ask is not None and any(name.startswith("member.") for name in ask.names)

"""The steps: asking, taking an answer, going on to the next one, passing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.decision import NOTHING, Change, Decision, DropTimer, SpeakTo, Tag
from core.effects import Choice, Delete, Effect, Say, Words
from core.events import ButtonPressed, Event, MessageEdited, MessagePosted
from core.follow_ups import OnboardingCompleted
from core.people import Actor, Member
from core.workflow import View
from workflows.onboarding_answers import Given, Unfit, answered, buttons
from workflows.onboarding_hearing import for_others
from workflows.onboarding_options import Onboarding, Step
from workflows.onboarding_state import Progress, following, kept, met, position, standing, timer_of, wake
from workflows.onboarding_tasks import begun, task_list
from workflows.onboarding_voice import Voice, voice_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What going on leads to: the new progress and everything to say and do about it."""

    progress: Progress
    words: tuple[Words, ...] = ()
    choices: tuple[Choice, ...] = ()
    follows: tuple[Event, ...] = ()
    because: tuple[str, ...] = ()


def spoke(event: MessagePosted, progress: Progress, options: Onboarding, view: View) -> Decision:
    """A member whose steps are open wrote something: an answer, a failed attempt, or small talk."""
    member, here = view.actor(), met(progress, event.actor.account)
    if member.staff:
        return let_be(here, "is an admin now; admins are not onboarded")
    if event.album is not None and event.album == progress.album:
        return other_part(event, progress, options)
    step = standing(options.steps, here.step, here.place, here.answers)
    if step is None or (here.step and step.id != here.step):
        return _held(_moved_on(event, here, step, options, view, member), event, options)
    read = here.asked is not None and here.asked <= event.at
    found = answered(step, event, read=read, strict=options.hold)
    if found is not None and for_others(found, event, view):
        found = None
    if isinstance(found, Given):
        shown = step.introduce is not None
        if event.album is not None:
            here = replace(here, album=event.album, album_stays=shown)
        decision = answer(event, here, step, found, options, view, member)
        return decision if shown else _held(decision, event, options)
    if isinstance(found, Unfit) and not here.hinted:
        voice = voice_for(member, event.actor.account, event, options, view)
        hint = (
            voice.theirs(step.sorry, **told(step, options))
            if step.sorry is not None
            else voice.own(found.key, number=found.number)
        )
        decision = Decision(
            changes=(kept(replace(here, hinted=True)),),
            effects=(voice.say(hint),),
            timers=(wake(here, options, view.group),),
            because=(f"the answer to step {step.id} does not fit; said so once",),
        )
        return _held(decision, event, options)
    why = "writes again after having left" if progress.away else "writes with another account of theirs"
    back = Decision(changes=(kept(here),), timers=(wake(here, options, view.group),), because=(why,))
    if options.hold and read and not here.hinted and not event.private:
        return _held(_reminded_of_hold(event, here, options, view, member), event, options)
    return _held(back if here != progress else NOTHING, event, options)


def other_part(event: MessagePosted, progress: Progress, options: Onboarding) -> Decision:
    """A part of the album whose caption was the last answer: an album is one act, and goes or stays as a whole."""
    return NOTHING if progress.album_stays else _held(NOTHING, event, options)


def edited(event: MessageEdited, progress: Progress, options: Onboarding, view: View) -> Decision:
    """An edit answers nothing, but it can carry what a new message may not."""
    if not options.hold or progress.stage not in ("steps", "gave_up") or view.actor().staff:
        return NOTHING
    return Decision(effects=(Delete(messages=(event.message,)),), because=("edited before the steps were answered",))


def pressed(event: ButtonPressed, progress: Progress, options: Onboarding, view: View) -> Decision:
    """A button of a step was pressed. Only the open step listens; an explicit press reopens what was given up."""
    _, _, rest = event.data.partition(":")
    step_id, _, number = rest.partition(":")
    step = standing(options.steps, progress.step, progress.place, progress.answers)
    if progress.stage == "steps" and progress.step == step_id and (step is None or step.id != step_id):
        return _moved_on(event, met(progress, event.actor.account), step, options, view, view.actor())
    if progress.stage not in ("steps", "gave_up") or step is None or step.id != step_id:
        return Decision(because=(f"pressed a button of step {step_id}, which is not open",))
    if not number.isdecimal() or not 1 <= int(number) <= len(step.options):
        return Decision(because=(f"pressed an answer of step {step_id} that is no longer offered",))
    option = step.options[int(number) - 1]
    here = met(progress, event.actor.account)
    return answer(event, here, step, Given(option.say[0], option), options, view, view.actor())


def answer(
    event: MessagePosted | ButtonPressed,
    progress: Progress,
    step: Step,
    given: Given,
    options: Onboarding,
    view: View,
    member: Member,
) -> Decision:
    """Remember an answer, with what it sets, and go on."""
    option = given.option
    changes: list[Change] = []
    language = ""
    if option is not None and option.set:
        changes.append(_profile(step, option.set, member))
    if option is not None and option.language is not None:
        language = option.language
        changes.append(SpeakTo(member=member.account, language=language))
    answers = {**progress.answers, step.id: given.words}
    # An answer after giving up opens the rest again, with the whole time for it.
    again = (
        event.at + options.give_up_after if progress.stage == "gave_up" and options.give_up_after else progress.until
    )
    after = replace(progress, stage="steps", answers=answers, until=again, ordered="", before=None)
    voice = voice_for(member, event.actor.account, event, options, view, language=language)
    turn = onward(after, following(options.steps, step, answers), event, event.actor, options, voice)
    return Decision(
        changes=(*changes, kept(turn.progress)),
        effects=(said(turn, event, voice),),
        timers=(wake(turn.progress, options, view.group),),
        follows=turn.follows,
        because=(f"answered step {step.id}", *turn.because),
    )


def let_be(progress: Progress, why: str) -> Decision:
    """Stop asking somebody, without reward."""
    after = replace(progress, stage="skipped", away=False, nudge=None, until=None, greet=None, due={})
    return Decision(changes=(kept(after),), timers=(DropTimer(timer_of(progress.account)),), because=(why,))


def onward(
    progress: Progress, step: Step | None, event: Event, actor: Actor, options: Onboarding, voice: Voice
) -> Turn:
    """Ask the step, or pass if there is none."""
    if step is None:
        return passing(progress, event, actor, options, voice)
    asked = asking(progress, step, event.at, options)
    return Turn(
        progress=asked,
        words=(question(step, options, voice),),
        choices=buttons(step, voice.language),
        because=(f"asked step {step.id}",),
    )


def said(turn: Turn, event: Event, voice: Voice) -> Say:
    """What a turn says. A question under no message of the member's names them: others may be asked the same."""
    words = turn.words
    if turn.progress.stage == "steps" and words and not isinstance(event, MessagePosted):
        words = (voice.asked_of(words[0]), *words[1:])
    return voice.say(*words, choices=turn.choices)


def passing(progress: Progress, event: Event, actor: Actor, options: Onboarding, voice: Voice) -> Turn:
    """Every step is answered: the tasks begin, and everyone who listens is told."""
    after = begun(replace(progress, nudge=None, until=None, greet=None, asked=None), event.at, options)
    words = (
        [voice.theirs(options.done) if options.done is not None else voice.own("onboarding.passed")]
        if options.steps
        else []
    )
    if after.due:
        words.append(task_list(after, event.at, options, voice, "onboarding.tasks_begin"))
    completed = OnboardingCompleted(
        id=event.id, at=event.at, group=event.group, actor=actor, answers=dict(after.answers)
    )
    return Turn(progress=after, words=tuple(words), follows=(completed,), because=("every step is answered",))


def asking(progress: Progress, step: Step, at: datetime, options: Onboarding) -> Progress:
    """The progress of somebody who is asked this step now."""
    nudge = at + options.remind.after if options.remind.times else None
    return replace(
        progress,
        stage="steps",
        step=step.id,
        place=position(options.steps, step),
        asked=at,
        hinted=False,
        nudge=nudge,
        nudged=0,
        greet=None,
    )


def question(step: Step, options: Onboarding, voice: Voice) -> Words:
    """The question of a step."""
    if step.ask is None:
        return voice.own("onboarding.introduce")
    return voice.theirs(step.ask, **told(step, options))


def told(step: Step, options: Onboarding) -> dict[str, object]:
    """What texts may say of a step."""
    return {"id": step.id, "number": position(options.steps, step) + 1, "of": len(options.steps), "answer": ""}


def _moved_on(
    event: MessagePosted | ButtonPressed,
    here: Progress,
    step: Step | None,
    options: Onboarding,
    view: View,
    member: Member,
) -> Decision:
    """The operator changed the steps meanwhile: go on with what stands in the place of the old one."""
    voice = voice_for(member, event.actor.account, event, options, view)
    turn = onward(here, step, event, event.actor, options, voice)
    return Decision(
        changes=(kept(turn.progress),),
        effects=(said(turn, event, voice),) if turn.words else (),
        timers=(wake(turn.progress, options, view.group),),
        follows=turn.follows,
        because=(f"step {here.step or 'one'} is no longer in the configuration", *turn.because),
    )


def _held(decision: Decision, event: MessagePosted, options: Onboarding) -> Decision:
    """With `hold`, whatever is written before passing goes, right answers too: an answer may carry an advertisement."""
    if not options.hold or event.private:
        return decision
    deletion: Effect = Delete(messages=(event.message,))
    effects = tuple(_unhooked(effect, event) for effect in decision.effects)
    return replace(
        decision, effects=(deletion, *effects), because=(*decision.because, "written before the steps were answered")
    )


def _reminded_of_hold(
    event: MessagePosted, here: Progress, options: Onboarding, view: View, member: Member
) -> Decision:
    """Say once for a question why messages vanish."""
    voice = voice_for(member, event.actor.account, event, options, view)
    hinted = replace(here, hinted=True)
    return Decision(
        changes=(kept(hinted),),
        effects=(voice.say(voice.own("onboarding.held")),),
        timers=(wake(hinted, options, view.group),),
    )


def _unhooked(effect: Effect, event: MessagePosted) -> Effect:
    """A message that is about to be deleted cannot be answered."""
    if isinstance(effect, Say) and effect.reply_to == event.message:
        return replace(effect, reply_to=None)
    return effect


def _profile(step: Step, chosen: dict[str, str], member: Member) -> Tag:
    """The profile values of an answer as tags, in place of those of the step's other answers."""
    add = frozenset(f"{name}:{value}" for name, value in chosen.items())
    known = frozenset(f"{name}:{value}" for option in step.options for name, value in option.set.items())
    return Tag(member=member.account, add=add, remove=known - add)

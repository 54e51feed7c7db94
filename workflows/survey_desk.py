"""Surveys as admins steer them: asked now, closed early, called off; and how many answered, never what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from core.decision import NOTHING, Change, Decision, DropTimer, Put, SetTimer
from core.effects import Words, in_lines
from core.events import Instructed, MessagePosted
from core.pausing import PAUSED, lasts
from core.people import ActorKind
from core.state import Key
from core.workflow import View
from workflows import acts, rights, steering_desk
from workflows.acts import Act
from workflows.commands import Call
from workflows.event_words import when
from workflows.facts import shown_name
from workflows.survey_book import ANSWERS, PLANS, Plan, Plans, counted
from workflows.survey_clock import CLOSE, NAME, begun, called_off, erased, opening
from workflows.survey_options import Survey, Surveys
from workflows.survey_words import Voice

CANCEL: Final = "cancel"
"""The order that calls a survey off, given where a start is taken back."""


def reads(event: MessagePosted) -> tuple[Key[Any], ...]:
    """The state that `commanded` looks at."""
    desk = steering_desk.DESK.of_group()
    return (PLANS.of_group(), ANSWERS.of_all(), PAUSED.of_group(), desk, acts.ACTS.of(event.actor.account))


def commanded(call: Call, event: MessagePosted, options: Surveys, view: View) -> Decision:
    """What an admin asks for."""
    if not call.verb and rights.without_verb(call, event, view.group) is None:
        return NOTHING
    if (no := rights.refused(call, event, view)) is not None:
        return no
    held, language = options.held_in(view.group), rights.language(event, view)
    plans = view.get(PLANS.of_group()) or Plans()
    if not call.verb:
        return _answer(call, event, view, _listed(held, plans, event, view), "asked for the surveys")
    name = call.rest.strip().casefold()
    id_ = name or (next(iter(held)) if len(held) == 1 else "")
    survey = held.get(id_)
    if survey is None:
        values = {"survey": {"ids": ("、" if language == "zh" else ", ").join(held) or "–"}}
        words = view.group.texts.say("surveys.unknown", language, values)
        return _answer(call, event, view, words, "no survey is meant")
    voice = Voice(view.group, language, id_, survey)
    if call.verb == "start":
        return _started(call, event, voice, plans, view)
    if plans.open_(id_, event.at) is None:
        return _answer(call, event, view, voice.say("is_not_open"), "the survey is not open")
    if call.verb == "close":
        decision = _answer(call, event, view, voice.say("closing"), "closed the survey")
        return replace(decision, timers=(SetTimer(key=f"{CLOSE}:{id_}", at=event.at),), rule=id_)
    decision = _off(id_, survey, plans, event, options, view)
    return replace(decision, effects=(*decision.effects, rights.answer(call, event, view, voice.say("cancelled"))))


def taken_back(event: Instructed, options: Surveys, view: View) -> Decision:
    """A start is taken back: as if it had been called off, if it is open still."""
    id_, plans = str(event.arguments.get("id", "")), view.get(PLANS.of_group()) or Plans()
    survey, opened = options.held_in(view.group).get(id_), plans.open_(id_, event.at)
    if survey is None or opened is None or opened.run != event.arguments.get("run"):
        return Decision(because=("the survey is not open",), rule=id_)
    return _off(id_, survey, plans, event, options, view)


def _started(call: Call, event: MessagePosted, voice: Voice, plans: Plans, view: View) -> Decision:
    plan = plans.of.get(voice.id)
    if plan is not None and plan.opened is not None:
        return _answer(call, event, view, voice.say("is_open"), "the survey is open already")
    if lasts(view.get(PAUSED.of_group()), event.at):
        return _answer(call, event, view, voice.say("is_paused"), "the group is paused: nothing is asked")
    opened = begun(voice.survey, event.at, event.at + voice.survey.open_for, view.group)
    decision = opening(voice.id, voice.survey, plans, opened, view)
    until = when(view.group, opened.closes, voice.language)
    others = [id_ for id_ in plans.of if id_ != voice.id and plans.open_(id_, event.at) is not None]
    beside = [voice.say("beside", other=others[0])] if others else []
    done = rights.answer(call, event, view, in_lines([voice.say("started", until=until), *beside]))
    return replace(
        decision,
        changes=(*decision.changes, *_remembered(event, voice.id, opened.run, view)),
        effects=(*decision.effects, done),
    )


def _remembered(event: MessagePosted, id_: str, run: str, view: View) -> tuple[Put, ...]:
    """The start is the admin's last act, which `/undo` takes back."""
    giver = event.actor
    if giver.kind is not ActorKind.PERSON or acts.STEERING not in view.group.bound:
        return ()
    back = acts.way_back(NAME, CANCEL, {"id": id_, "run": run})
    act = Act(
        at=event.at,
        did=(f"survey {id_}",),
        rule="admin",
        by=shown_name(giver),
        commands=("pause",),
        back=(back,),
        giver=giver.account,
    )
    return steering_desk.remembered(giver.account, giver.account, acts.token(event.id, "survey"), act, view)


def _off(
    id_: str, survey: Survey, plans: Plans, event: MessagePosted | Instructed, options: Surveys, view: View
) -> Decision:
    """It is called off: the group is told, and nothing of the answers is kept."""
    plan = replace(plans.of[id_], opened=None)
    changes: tuple[Change, ...] = (
        *erased({id_}, event.at, options, view, forget=True),
        Put(PLANS.of_group(), plans.having(id_, plan if plan != Plan() else None)),
    )
    return Decision(
        changes=changes,
        effects=called_off(id_, survey, view.group),
        timers=(DropTimer(f"{CLOSE}:{id_}"),),
        because=("called the survey off",),
        rule=id_,
    )


def _listed(held: dict[str, Survey], plans: Plans, event: MessagePosted, view: View) -> Words:
    """How far each survey is: how many answered, and never what."""
    lines: list[Words] = []
    language = rights.language(event, view)
    voice: Voice | None = None
    for id_, survey in sorted(held.items(), reverse=True):
        voice = Voice(view.group, language, id_, survey)
        plan = plans.of.get(id_) or Plan()
        if (opened := plans.open_(id_, event.at)) is not None:
            answered = len(counted(view.get(ANSWERS.of_all()), id_, opened.run))
            until = when(view.group, opened.closes, voice.language)
            lines.append(voice.say("listed_open", until=until, answered=answered))
        elif plan.opened is not None:
            lines.append(voice.say("listed_counting"))
        elif plan.due is not None:
            lines.append(voice.say("listed_due", due=when(view.group, plan.due, voice.language)))
        else:
            lines.append(voice.say("listed_idle"))
    if voice is None:
        return view.group.texts.say("surveys.none", language, {})
    return in_lines([*reversed(lines), voice.say("survey_form")])


def _answer(call: Call, event: MessagePosted, view: View, words: Words, because: str) -> Decision:
    return Decision(effects=(rights.answer(call, event, view, words),), because=(because,), rule=call.command.name)

"""Surveys by the clock: when each is asked, when it closes, who could have answered, and what is told then."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from core.decision import NOTHING, Change, Decision, DropTimer, Put, SetTimer
from core.effects import Effect, Say, TellAdmins, in_lines
from core.events import Event, TimerDue
from core.occurrences import awake
from core.pausing import PAUSED, lasts
from core.people import Account, ActorKind, Member
from core.routing import announced
from core.state import everybody, member, timers
from core.workflow import Group, View
from workflows.alarms import A_MOMENT, strayed
from workflows.quiet_wishes import QUIET, unwilling
from workflows.survey_answers import able
from workflows.survey_book import ANSWERS, PLANS, RESULTS, Opened, Plan, Plans, Result, Results, counted
from workflows.survey_options import ADMINS, Survey, Surveys
from workflows.survey_results import counts_of, tenure
from workflows.survey_words import Classes, Voice
from workflows.tier_options import Tiers

NAME: Final = "surveys"
ASK, CLOSE, COUNT = "ask", "close", "count"
AGAIN: Final = timedelta(hours=1)
"""After so long it is tried again to ask a group that is paused."""
AT_ONCE: Final = 300
"""How many members are counted by one timer."""
_CAME_TO: Final = re.compile(r"the survey came to (\d+) answers of (\d+) who could have answered")
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def id_in(key: str) -> str:
    """Which survey a timer is of."""
    return key.split(":")[1]


def counted_by(event: TimerDue) -> list[Account]:
    """Whom a timer counts."""
    accounts = event.data.get("of", ())
    return [Account(str(one)) for one in accounts] if isinstance(accounts, list | tuple) else []


# Arming


def armed(order: Event, options: Surveys, view: View) -> Decision:
    """The timers as the operator's file has the surveys now. What stands as it should is left."""
    plans, wanted, at = view.get(PLANS.of_group()) or Plans(), options.held_in(view.group), order.at
    standing = view.get(timers(NAME))
    made: list[SetTimer | DropTimer] = []
    kept: dict[str, Plan] = {}
    off = plans.of.keys() - wanted.keys()
    made += [DropTimer(key) for key in sorted(standing) if id_in(key) in off]
    effects: tuple[Effect, ...] = ()
    for id_, survey in wanted.items():
        known = plans.of.get(id_) or Plan()
        if known.opened is not None and known.opened.shape != survey.shape:
            off |= {id_}
            made.append(DropTimer(f"{CLOSE}:{id_}"))
            effects += called_off(id_, survey, view.group)
            known = replace(known, opened=None)
        plan, set_ = _planned(id_, survey, known, standing, order, view.group)
        if plan.opened is not None and (opened := _goes_on(id_, plan.opened, standing)) is not None:
            plan = replace(plan, opened=opened.uncounted())
            set_.append(SetTimer(key=f"{CLOSE}:{id_}", at=max(at, opened.closes) if not opened.closed else at))
        made += set_
        if plan != Plan():
            kept[id_] = plan
    if kept == plans.of and not made:
        return NOTHING
    changes = (*erased(off, at, options, view, forget=True), Put(PLANS.of_group(), Plans(kept)))
    because = ("the surveys' times were set",)
    return Decision(changes=changes, effects=effects, timers=tuple(made), because=because)


def _planned(
    id_: str, survey: Survey, known: Plan, standing: Set[str], order: Event, group: Group
) -> tuple[Plan, list[SetTimer | DropTimer]]:
    """When a survey is asked next. One whose timer is gone was cancelled by an operator: the next one is meant."""
    key, due, at = f"{ASK}:{id_}", known.due, order.at
    first = survey.after(at, group.zone)
    if strayed(order, due, first and first.at):
        due = None
    occurs = due is not None and (found := survey.after(due - A_MOMENT, group.zone)) is not None and found.at == due
    if due is not None and key in standing and (occurs or due <= at):
        return known, []
    then = survey.after(max(at, due) if due is not None and occurs else at, group.zone)
    if then is None:
        if due is not None and occurs and key not in standing:
            return known if due > at else replace(known, due=None), []
        return replace(known, due=None), [DropTimer(key)] if key in standing else []
    return replace(known, due=then.at), [SetTimer(key=key, at=awake(then.at, group.quiet, group.zone))]


def _goes_on(id_: str, opened: Opened, standing: Set[str]) -> Opened | None:
    """What is open and lacks the timer that would close or count it; None if nothing is amiss."""
    lacking = set(opened.counting) - standing if opened.closed else {f"{CLOSE}:{id_}"} - standing
    return opened if lacking or (opened.closed and not opened.counting) else None


# Asking


def asked(event: TimerDue, options: Surveys, view: View) -> Decision:
    """It is time to ask: now, later, or not this time."""
    id_, group = id_in(event.key), view.group
    plans, survey = view.get(PLANS.of_group()) or Plans(), options.held_in(view.group).get(id_)
    plan = plans.of.get(id_)
    if survey is None or plan is None or plan.due is None:
        return Decision(because=("there is no such survey any more",), rule=id_)
    half = plan.due + survey.open_for / 2
    later = awake(event.at, group.quiet, group.zone)
    if later == event.at and lasts(view.get(PAUSED.of_group()), event.at):
        later = event.at + AGAIN
    if plan.opened is None and event.at < later <= half:
        put = SetTimer(key=event.key, at=later)
        return Decision(timers=(put,), because=("the survey is asked later",), rule=id_)
    following = survey.after(max(event.at, plan.due), group.zone)
    timer = (SetTimer(key=event.key, at=awake(following.at, group.quiet, group.zone)),) if following else ()
    next_ = replace(plan, due=following.at if following is not None else None)
    if plan.opened is not None or later > half or event.at > half:
        because = "it is still open from before" if plan.opened is not None else "it is too late to ask"
        put_ = Put(PLANS.of_group(), plans.having(id_, next_))
        return Decision(changes=(put_,), timers=timer, because=(because,), rule=id_)
    opened = begun(survey, event.at, plan.due + survey.open_for, group)
    decision = opening(id_, survey, plans.having(id_, next_), opened, view)
    return replace(decision, timers=(*timer, *decision.timers))


def begun(survey: Survey, at: datetime, closes: datetime, group: Group) -> Opened:
    """One time that a survey is asked. It does not close in the quiet hours."""
    return Opened(run=_run(at), at=at, closes=awake(closes, group.quiet, group.zone), shape=survey.shape)


def opening(id_: str, survey: Survey, plans: Plans, opened: Opened, view: View) -> Decision:
    """The survey is asked, and can be answered until it closes."""
    group, plan = view.group, plans.of.get(id_) or Plan()
    voice = Voice(group, group.languages[0], id_, survey)
    says = tuple(
        Say(
            words=voice.post(opened, aloud=platform in group.numbered),
            choices=voice.choices(opened.run),
            topic=survey.topic,
            expires=opened.closes,
            on=platform,
        )
        for platform in announced(group)
    )
    return Decision(
        changes=(Put(PLANS.of_group(), plans.having(id_, replace(plan, opened=opened))),),
        effects=says,
        timers=(SetTimer(key=f"{CLOSE}:{id_}", at=opened.closes),),
        because=("asked the group",),
        rule=id_,
    )


def called_off(id_: str, survey: Survey, group: Group) -> tuple[Say, ...]:
    """What the whole group reads of a survey without a result, on whichever platform an admin gave the order."""
    words = Voice(group, group.languages[0], id_, survey).say("called_off")
    return tuple(Say(words=words, topic=survey.topic, quiet=True, on=platform) for platform in announced(group))


def _run(at: datetime) -> str:
    """A short name of one time that a survey is asked: there is little room in a button."""
    number, digits = int(at.timestamp()), ""
    while number > 0:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


# Closing


def closed(event: TimerDue, options: Surveys, view: View) -> Decision:
    """Nobody can answer any more; who could have is counted, a part of the group at a time."""
    id_ = id_in(event.key)
    plans, survey = view.get(PLANS.of_group()) or Plans(), options.held_in(view.group).get(id_)
    plan = plans.of.get(id_)
    if survey is None or plan is None or plan.opened is None:
        return Decision(because=("there is no such survey any more",), rule=id_)
    later = awake(event.at, view.group.quiet, view.group.zone)
    if event.due >= plan.opened.closes and not plan.opened.closed and later > event.at:
        return Decision(timers=(SetTimer(key=event.key, at=later),), because=("the result is told later",), rule=id_)
    silent = list(_silent(id_, survey, plan.opened, event.at, view))
    parts = [silent[n : n + AT_ONCE] for n in range(0, len(silent), AT_ONCE)]
    keys = tuple(f"{COUNT}:{id_}:{n}" for n in range(len(parts)))
    opened = replace(plan.opened.uncounted(), closed=True, counting=keys)
    if not parts:
        return _told(id_, survey, opened, plans, event.at, options, view)
    rings = (
        SetTimer(key=key, at=event.at + A_MOMENT, data={"of": [str(one.account) for one in part]})
        for key, part in zip(keys, parts, strict=True)
    )
    put = Put(PLANS.of_group(), plans.having(id_, replace(plan, opened=opened)))
    return Decision(changes=(put,), timers=tuple(rings), because=("the survey is closed",), rule=id_)


def _silent(id_: str, survey: Survey, opened: Opened, at: datetime, view: View) -> Iterator[Member]:
    """Who did not answer and may be one of those who are asked: no staff, nobody who wishes to be left in peace or
    answered another one lately."""
    known = {who.person: answers for who, answers in view.get(ANSWERS.of_all())}
    no = unwilling(view.get(QUIET.of_all()))
    for who in view.get(everybody()):
        if who.kind is not ActorKind.PERSON or who.staff or who.person in no:
            continue
        answers = known.get(who.person)
        if answers is not None and answers.to(id_, opened.run):
            continue
        if answers is None or answers.lately is None or at >= answers.lately + survey.again_after:
            yield who


def counting(event: TimerDue, options: Surveys, view: View) -> Decision:
    """Some more are counted; once all are, what came of it is told."""
    id_ = id_in(event.key)
    plans, survey = view.get(PLANS.of_group()) or Plans(), options.held_in(view.group).get(id_)
    plan = plans.of.get(id_)
    if survey is None or plan is None or plan.opened is None or event.key not in plan.opened.counting:
        return Decision(because=("there is no such survey any more",), rule=id_)
    there = [who for one in counted_by(event) if (who := view.get(member(one))) is not None]
    left = tuple(key for key in plan.opened.counting if key != event.key)
    more = list(able(there, survey, event.at, view))
    opened = replace(
        plan.opened,
        counting=left,
        could=plan.opened.could + len(more),
        tiers=dict(Counter(plan.opened.tiers) + Counter(tier for tier, _ in more)),
        tenures=dict(Counter(plan.opened.tenures) + Counter(tenure(days) for _, days in more)),
    )
    if not left:
        return _told(id_, survey, opened, plans, event.at, options, view)
    put = Put(PLANS.of_group(), plans.having(id_, replace(plan, opened=opened)))
    return Decision(changes=(put,), because=(f"{len(more)} more could have answered",), rule=id_)


def _told(
    id_: str, survey: Survey, opened: Opened, plans: Plans, at: datetime, options: Surveys, view: View
) -> Decision:
    """What came of it, to whoever is to read it. The answers go; their sums stay, if they are enough to be told."""
    group = view.group
    given = [one for _, one in counted(view.get(ANSWERS.of_all()), id_, opened.run)]
    result = Result(
        day=group.day(opened.at),
        shape=survey.shape,
        counts=counts_of(given, survey.answers),
        could=len(given) + opened.could,
        told=group.day(at),
    )
    results = view.get(RESULTS.of_group()) or Results()
    plan = plans.of[id_]
    changes: list[Change] = [
        *erased({id_}, at, options, view),
        Put(PLANS.of_group(), plans.having(id_, replace(plan, opened=None) if plan.due is not None else None)),
    ]
    if len(given) >= survey.least:
        changes.append(Put(RESULTS.of_group(), Results({**results.of, id_: result})))
    voice = Voice(group, group.languages[0], id_, survey)
    words = voice.result(given, result, results.of.get(id_), Classes(_tiers(group), opened))
    effects: list[Effect] = []
    if ADMINS in survey.tell:
        own = voice.own_words(given) if len(given) >= survey.least else []
        effects.append(TellAdmins(words=in_lines([words, *own])))
    if group.key in survey.tell:
        effects.append(Say(words=words, topic=survey.topic))
    because = f"the survey came to {len(given)} answers of {result.could} who could have answered"
    return Decision(changes=tuple(changes), effects=tuple(effects), because=(because,), rule=id_)


def came_to(because: Sequence[str]) -> tuple[int, int] | None:
    """How many answered a survey of how many who could have, by the reasons of the decision that tells it."""
    found = _CAME_TO.fullmatch(because[0]) if because else None
    return (int(found[1]), int(found[2])) if found is not None else None


def _tiers(group: Group) -> Sequence[str]:
    options = group.options(Tiers)
    return tuple(options.tiers) if options is not None else ()


def erased(ids: Collection[str], at: datetime, options: Surveys, view: View, *, forget: bool = False) -> Iterator[Put]:
    """Nobody's answers to some surveys are kept, nor when they answered what is so long ago that it matters no more."""
    for who, answers in view.get(ANSWERS.of_all()):
        rest = answers.without(ids, forget=forget).since(at - options.longest)
        if rest != answers:
            yield Put(ANSWERS.of(who.account), rest)

"""Many joins at once: one message to all of them in place of many, and a quieter time for the group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from core.decision import NOTHING, Decision, Put, SetTimer
from core.effects import Choice, Mention, TellAdmins, Words
from core.events import MemberLeft, TimerDue
from core.people import Account, Member
from core.workflow import Group, View
from workflows.happened import Grouped
from workflows.onboarding_answers import buttons
from workflows.onboarding_entry_options import Raid
from workflows.onboarding_knocking import CROWD, HERE, choices, label, worded
from workflows.onboarding_options import Onboarding
from workflows.onboarding_question_options import Sentence
from workflows.onboarding_state import WAVE_OF_GROUP, Crowd, Wave, quiet
from workflows.onboarding_steps import question
from workflows.onboarding_voice import Voice

MOST_NAMED = 20
"""A gathered message names so many people and counts the rest; longer lists are cut or refused by platforms."""

LONGEST_WAVE = 10
"""A gathered message waits at most so many spans, however long the wave goes on."""

WELCOME, AT_DOOR, OVER = "wave", "wave:door", "wave:quiet"
"""Timers of the group: the gathered welcome, the gathered question, and the end of the quieter time."""

TIMERS = (WELCOME, AT_DOOR, OVER)
Kind = Literal["welcome", "door"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """How people come in at this moment: one by one, or `gathered`. `begins` says that the quieter time begins now."""

    wave: Wave | None = None
    gathered: bool = False
    begins: bool = False
    prolonged: bool = False
    quieter: bool = False


def counted(at: datetime, options: Onboarding, view: View) -> Flow:
    """The flow with one join more."""
    raid = options.raid
    if raid is None:
        return Flow()
    wave = view.get(WAVE_OF_GROUP) or Wave()
    recent = (*(moment for moment in wave.recent if at - moment < raid.within), at)[-raid.joins - 1 :]
    many, calm = len(recent) > raid.joins, wave.quiet is None or wave.quiet <= at
    wave = replace(wave, recent=recent)
    if raid.quieter is not None and many:
        # The first ones came in alone, but they are part of what the admins hear of.
        joins = len(recent) if calm else wave.joins + 1
        wave = replace(wave, quiet=at + raid.quieter.for_, joins=joins, passed=0 if calm else wave.passed)
        return Flow(wave=wave, gathered=True, begins=calm, prolonged=True, quieter=True)
    if not calm:
        return Flow(wave=replace(wave, joins=wave.joins + 1), gathered=True, quieter=True)
    gathered = many or wave.welcome.began is not None or wave.door.began is not None
    return Flow(wave=wave, gathered=gathered)


def passing(at: datetime, options: Onboarding, view: View) -> Flow:
    """The flow as somebody passes the door: no join more, and one who answered."""
    wave = view.get(WAVE_OF_GROUP) if options.raid is not None else None
    if wave is None:
        return Flow()
    if wave.quiet is not None and wave.quiet > at:
        return Flow(wave=replace(wave, passed=wave.passed + 1), gathered=True, quieter=True)
    return Flow(wave=wave, gathered=wave.welcome.began is not None)


def noted(
    decision: Decision, flow: Flow, kind: Kind, member: Member, account: Account, at: datetime, options: Onboarding,
    group: Group,
) -> Decision:  # fmt: skip
    """The decision about one who came in, with what it means for the wave."""
    raid, wave = options.raid, flow.wave
    if raid is None or wave is None:
        return decision
    timers = list(decision.timers)
    effects = list(decision.effects)
    because = list(decision.because)
    if flow.gathered:
        crowd = _with(wave.welcome if kind == "welcome" else wave.door, account, member.name, at)
        wave = replace(wave, welcome=crowd) if kind == "welcome" else replace(wave, door=crowd)
        began = crowd.began or at
        close = min(at + raid.within, began + LONGEST_WAVE * raid.within)
        if flow.quieter and crowd.spoke is not None:
            close = max(close, crowd.spoke + LONGEST_WAVE * raid.within)
        timers.append(SetTimer(key=WELCOME if kind == "welcome" else AT_DOOR, at=max(close, at)))
    if flow.prolonged and wave.quiet is not None:
        timers.append(SetTimer(key=OVER, at=wave.quiet))
    if flow.begins and raid.quieter is not None:
        because.append(f"{wave.joins} joins within a short time: the group is quieter for a while")
        if raid.quieter.tell_admins:
            language = group.language_of(None)
            key = "onboarding.raid_begins_door" if _door(options) else "onboarding.raid_begins"
            told = {"count": wave.joins, "span": raid.quieter.for_}
            effects.append(TellAdmins(words=group.texts.say(key, language, {"onboarding": told})))
    return replace(
        decision,
        changes=(*decision.changes, Put(WAVE_OF_GROUP, wave)),
        effects=tuple(effects),
        timers=tuple(timers),
        because=tuple(because),
    )


def without(event: MemberLeft, options: Onboarding, view: View) -> Decision:
    """Who has left waits for no gathered message any more."""
    wave = view.get(WAVE_OF_GROUP) if options.raid is not None else None
    account = event.actor.account
    if wave is None or not any(named == account for crowd in (wave.welcome, wave.door) for named, _ in crowd.named):
        return NOTHING
    gone = replace(wave, welcome=_without(wave.welcome, account), door=_without(wave.door, account))
    return Decision(changes=(Put(WAVE_OF_GROUP, gone),), because=("left before the gathered welcome",))


def due(event: TimerDue, options: Onboarding, view: View) -> Decision:
    """A timer of the group came due."""
    wave = view.get(WAVE_OF_GROUP)
    if wave is None:
        return NOTHING
    if event.key == OVER:
        return _over(event, wave, options, view)
    kind: Kind = "welcome" if event.key == WELCOME else "door"
    crowd = wave.welcome if kind == "welcome" else wave.door
    if crowd.began is None:
        return NOTHING
    empty = Crowd(spoke=event.at if crowd.count else crowd.spoke)
    put = Put(WAVE_OF_GROUP, replace(wave, welcome=empty) if kind == "welcome" else replace(wave, door=empty))
    if not crowd.count:
        return Decision(changes=(put,), because=("everyone of the wave has left again",))
    voice = _to_all(view.group)
    parts, offered = _welcome(crowd, options, voice) if kind == "welcome" else _question(crowd, options, voice)
    # Not bound to a chooser: each press answers for whoever pressed.
    softly = quiet(event.at, options.quiet_hours, view.group)
    say = replace(voice.say(*parts, softly=softly), choices=offered)
    told = (
        f"one welcome for {crowd.count} people who joined in a wave"
        if kind == "welcome"
        else f"one question at the door for {crowd.count} people who joined in a wave"
    )
    return Decision(changes=(put,), effects=(say,), because=(told,))


def _over(event: TimerDue, wave: Wave, options: Onboarding, view: View) -> Decision:
    if wave.quiet is None or wave.quiet > event.at:
        return NOTHING
    calm = replace(wave, quiet=None, joins=0, passed=0)
    effects: tuple[TellAdmins, ...] = ()
    raid = options.raid
    if raid is None or raid.quieter is None or raid.quieter.tell_admins:
        key = "onboarding.raid_over_door" if _door(options) else "onboarding.raid_over"
        told = {"count": wave.joins, "passed": wave.passed}
        effects = (TellAdmins(words=view.group.texts.say(key, view.group.language_of(None), {"onboarding": told})),)
    because = (f"the quieter time is over: {wave.joins} joined, {wave.passed} passed the door",)
    return Decision(changes=(Put(WAVE_OF_GROUP, calm),), effects=effects, because=because)


def _welcome(crowd: Crowd, options: Onboarding, voice: Voice) -> tuple[list[Words], tuple[Choice, ...]]:
    parts = [voice.own("onboarding.gathered", count=crowd.count), *_names(crowd, voice)]
    if not options.steps:
        return parts, ()
    step = options.steps[0]
    plain = step.ask is None or not _personal(step.ask)
    parts.append(question(step, options, voice) if plain else voice.own("onboarding.gathered_question"))
    return parts, buttons(step, voice.language)


def _question(crowd: Crowd, options: Onboarding, voice: Voice) -> tuple[list[Words], tuple[Choice, ...]]:
    entry = options.doorway
    names = _names(crowd, voice)
    if not entry.questions:
        press = Choice(label=label(voice, "door_here"), data=f"{CROWD}{HERE}:1")
        return [voice.own("onboarding.door_crowd_press", count=crowd.count), *names], (press,)
    first = entry.questions[0]
    asked = [worded(first, entry, voice)] if not _personal(first.ask) else []
    parts = [voice.own("onboarding.door_crowd", count=crowd.count), *names, *asked]
    if first.options:
        return parts, choices(first, CROWD, voice.language)
    return parts, (Choice(label=label(voice, "door_private"), data=f"{CROWD}private", private=True),)


def _names(crowd: Crowd, voice: Voice) -> list[Words]:
    people: list[str | Mention] = []
    for account, name in crowd.named:
        people += [" ", Mention(account=account, name=name)] if people else [Mention(account=account, name=name)]
    more = [voice.own("onboarding.and_others", number=crowd.others)] if crowd.others else []
    return [tuple(people), *more]


def _to_all(group: Group) -> Voice:
    return Voice(
        account=Account(""),
        language=group.language_of(None),
        group=group,
        known={
            "member": {"name": "", "mention": ""},
            "group": Grouped(group),
        },
    )


def _personal(ask: Sentence) -> bool:
    """Whether a question speaks of the member, so that it cannot be put to many at once."""
    return any(name.startswith("member.") for name in ask.names)


def _door(options: Onboarding) -> bool:
    """Whether whoever comes in a wave is held at a door."""
    raid: Raid | None = options.raid
    ours = raid is not None and raid.quieter is not None and raid.quieter.door
    return ours or (options.entry is not None and options.entry.asks_at_door)


def _with(crowd: Crowd, account: Account, name: str, at: datetime) -> Crowd:
    crowd = replace(crowd, began=crowd.began or at)
    if any(named == account for named, _ in crowd.named):
        return crowd
    if len(crowd.named) < MOST_NAMED:
        return replace(crowd, named=(*crowd.named, (account, name)))
    return replace(crowd, others=crowd.others + 1)


def _without(crowd: Crowd, account: Account) -> Crowd:
    return replace(crowd, named=tuple(named for named in crowd.named if named[0] != account))

"""What is done with somebody at the door of the group: asked, let in, turned away, left to the admins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.decision import Decision, Put
from core.effects import Ban, Choice, Delete, Edit, Effect, Remove, Say, Words
from workflows.bans import kept as ban_kept
from workflows.onboarding_arrival import received
from workflows.onboarding_door_visit import Place, Visit, lift, mute, timer
from workflows.onboarding_entry_options import Question
from workflows.onboarding_knocking import (
    DOOR,
    HERE,
    OWN,
    PRIVATE,
    Knocking,
    asks,
    bans,
    choices,
    for_admins,
    in_private,
    kept_at,
    label,
    open_question,
    whole_minutes,
    worded,
)
from workflows.onboarding_raid import noted, passing
from workflows.onboarding_state import PROGRESS
from workflows.onboarding_voice import Voice
from workflows.options import rough_span_text

ADMINS_TIME = timedelta(days=7)
"""So long a mute lasts while the admins decide. What is written after it is deleted like before."""


def ask(visit: Visit, place: Place, because: tuple[str, ...], *, hello: bool = True) -> Decision:
    """Put the open question to them there; without any question left, let them in."""
    question = open_question(visit.here, visit.entry)
    if question is None and visit.entry.questions:
        return let_in(visit, place, (*because, "no question is left"))
    private = place == "private" or visit.here.private
    here = replace(
        asks(visit.here, question, visit.entry), asked=visit.event.at, ask_at=None, crowd=False, private=private
    )
    voice = visit.voice(place)
    key = "door_press" if question is None else "door_hello_private" if place == "private" else "door_hello"
    parts = [voice.own(f"onboarding.{key}")] if hello else []
    if question is not None:
        parts.append(worded(question, visit.entry, voice))
    asked = f"asked the question {question.id}" if question is not None else "asked for a press"
    return Decision(
        changes=(kept_at(DOOR, here),),
        effects=(said(visit, place, parts, offered(question, place, voice)),),
        timers=(timer(here),),
        because=(*because, asked),
        about=visit.account,
    )


def offered(question: Question | None, place: Place, voice: Voice) -> tuple[Choice, ...]:
    """The buttons of a question where it is put: its options, the way to the private chat, or the press itself."""
    prefix = PRIVATE if place == "private" else OWN
    if question is None:
        return (Choice(label=label(voice, "door_here"), data=f"{prefix}{HERE}:1"),)
    if question.options:
        return choices(question, prefix, voice.language)
    if place == "private":
        return ()
    return (Choice(label=label(voice, "door_private"), data=f"{prefix}private", private=True),)


def said(visit: Visit, place: Place, parts: list[Words], buttons: tuple[Choice, ...] = ()) -> Say | Edit:
    """Words to them. On their own buttons in the group the old message becomes the new one: the chat stays calm."""
    say = visit.voice(place).say(*parts, choices=buttons, softly=True, expires=visit.here.until)
    if place == "private":
        return in_private(say)
    if place == "own" and visit.message:
        return Edit(message=visit.message, words=say.words, choices=say.choices, chooser=say.chooser)
    return say


def let_in(visit: Visit, place: Place, because: tuple[str, ...], *, by_hand: bool = False) -> Decision:
    """They may write from now on, and are welcomed. `by_hand`: an admin gave them the right already."""
    here = replace(visit.here, stage="let_in", barred=None, until=None, ask_at=None, away=False)
    changes = (kept_at(DOOR, here),)
    if visit.member.left is not None:
        return Decision(changes=changes, timers=(timer(here),), because=(*because, "the member has left"))
    lifted, kept = lift(visit)
    effects: list[Effect] = [] if by_hand else [lifted]
    if place == "own" and visit.message:
        effects.append(Delete(messages=(visit.message,)))
    if place == "private":
        voice = visit.voice(place)
        effects.append(in_private(voice.say(voice.own("onboarding.entry_passed"))))
    welcome = _welcome(visit)
    return Decision(
        changes=(*changes, *welcome.changes),
        effects=(*effects, *welcome.effects),
        timers=(timer(here), *welcome.timers),
        follows=welcome.follows,
        because=(*because, *(kept if not by_hand else ()), *welcome.because),
        about=visit.account,
    )


def _welcome(visit: Visit) -> Decision:
    """What whoever joins hears, now that they can answer. Those who were through before hear nothing."""
    at, options, view = visit.event.at, visit.options, visit.view
    before = view.get(PROGRESS.of(visit.member.account))
    if before is not None and before.stage in ("tasks", "done", "skipped"):
        return Decision()
    flow = passing(at, options, view)
    found = received(visit.event, visit.account, before, options, view, visit.member, in_wave=flow.gathered)
    return noted(found, flow, "welcome", visit.member, visit.account, at, options, view.group)


def closed(visit: Visit, why: str) -> Decision:
    """The door has nothing more to ask; whoever decided that also says what happens next."""
    here = replace(visit.here, stage="let_in", barred=None, until=None, ask_at=None, away=False)
    lifted, kept = lift(visit)
    effects = (lifted,) if visit.member.left is None and not visit.member.staff else ()
    because = (why, *(kept if effects else ()))
    return Decision(
        changes=(kept_at(DOOR, here),), effects=effects, timers=(timer(here),), because=because, about=visit.account
    )


def turn_away(visit: Visit, place: Place, because: tuple[str, ...], *, silent: bool = False) -> Decision:
    """Out, and free to come back: at once after silence, after the cooldown otherwise. Banned only where asked for."""
    entry, failures = visit.entry, visit.here.failures + 1
    banned = bans(visit.here, entry)
    cooldown = timedelta() if silent else entry.cooldown
    here = replace(
        visit.here,
        stage="lapsed" if silent else "turned_away",
        barred=visit.event.at + cooldown if cooldown else None,
        failures=failures,
        muted=visit.event.at,
        until=None,
        ask_at=None,
    )
    effects: list[Effect] = []
    if visit.here.private:
        key = (
            "entry_banned" if banned else "door_lapsed" if silent else "door_failed" if cooldown else "door_failed_now"
        )
        voice = visit.voice("private")
        effects.append(in_private(voice.say(voice.own(f"onboarding.{key}", wait=cooldown))))
    if place == "own" and visit.message:
        effects.append(Delete(messages=(visit.message,)))
    if visit.member.left is None:
        effects.append(Ban(member=visit.account) if banned else Remove(member=visit.account))
    remembered = ban_kept(visit.account, None, visit.event.at, visit.view.group) if banned else ()
    return Decision(
        changes=(kept_at(DOOR, here), *remembered),
        effects=tuple(effects),
        timers=(timer(here),),
        because=(*because, f"was turned away {failures} times") if banned else because,
        about=visit.account,
    )


def to_admins(visit: Visit, place: Place, because: tuple[str, ...], key: str = "door_request") -> Decision:
    """The admins see the answers and decide; until then nothing changes for the member."""
    here = replace(visit.here, stage="with_admins", muted=visit.event.at, until=None, ask_at=None)
    effects: list[Effect] = [
        mute(visit, ADMINS_TIME),
        for_admins(here, visit.entry, visit.voice("private"), key),
    ]
    if place == "private" or (place == "own" and visit.message):
        effects.append(said(visit, place, [visit.voice(place).own("onboarding.door_waiting")]))
    return Decision(
        changes=(kept_at(DOOR, here),),
        effects=tuple(effects),
        timers=(timer(here),),
        because=(*because, "the admins decide"),
        about=visit.account,
    )


def stopped(visit: Visit, *, crowd: bool) -> Decision:
    """Silent until the questions are answered. A question that was open before still stands, with the tries used."""
    here, at, entry = visit.here, visit.event.at, visit.entry
    if here.stage == "with_admins":
        kept = replace(here, away=False, muted=at)
        because = ("the admins have the request already",)
        return Decision(changes=(kept_at(DOOR, kept),), effects=(mute(visit),), because=because)
    if here.stage == "turned_away" and here.barred is not None and here.barred > at:
        kept = replace(here, muted=at)
        because = (
            f"was turned away a short while ago; may ask again in {rough_span_text(whole_minutes(here.barred, at))}",
        )
        return Decision(changes=(kept_at(DOOR, kept),), effects=(Remove(member=visit.account),), because=because)
    resumed = here.stage == "asking" and here.muted is not None
    again = resumed and here.asked is not None and at - here.asked < visit.options.rejoin_cooldown and not crowd
    if not resumed:
        here = Knocking(account=here.account, since=at, failures=here.failures, private=here.private)
    wait = visit.options.welcome_after
    here = replace(here, away=False, muted=at, until=at + entry.within, crowd=crowd)
    visit = replace(visit, here=here)
    because = ("may write once the door is passed",)
    if crowd:
        span = visit.options.raid.within if visit.options.raid is not None else timedelta()
        here = replace(here, asked=at + span)
    elif wait and not again:
        here = replace(here, ask_at=at + wait)
    elif not again:
        first = ask(visit, "group", because)
        return replace(first, effects=(mute(visit), *first.effects))
    return Decision(changes=(kept_at(DOOR, here),), effects=(mute(visit),), timers=(timer(here),), because=because)


def standing_after(decision: Decision) -> str:
    """Where a decision leaves whoever it is about."""
    kept = (change.value for change in decision.changes if isinstance(change, Put))
    return next((value.stage for value in kept if isinstance(value, Knocking)), "")

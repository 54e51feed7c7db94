"""What somebody at the door says or presses: an answer, an attempt, or only something to be deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.decision import NOTHING, Decision
from core.effects import Delete
from core.events import ButtonPressed, MessageEdited, MessagePosted
from core.workflow import View
from workflows.commands import SLASHES, is_start
from workflows.onboarding_answers import kept_words
from workflows.onboarding_door_acts import (
    ask,
    closed,
    let_in,
    offered,
    said,
    standing_after,
    stopped,
    to_admins,
    turn_away,
)
from workflows.onboarding_door_visit import Place, Visit, mute, timer, visit_of
from workflows.onboarding_entry_options import Question
from workflows.onboarding_hearing import for_others_at_door
from workflows.onboarding_knocking import (
    CROWD,
    DOOR,
    HERE,
    OWN,
    Knocking,
    Turn,
    fits,
    in_private,
    kept_at,
    open_question,
    taken,
    unfit,
    worded,
)
from workflows.onboarding_knocking import pressed as chosen
from workflows.onboarding_options import Onboarding

AGAIN = timedelta(minutes=10)
"""So long after an act that should have silenced somebody, what they write says that it did not work."""


def spoke(event: MessagePosted, here: Knocking, options: Onboarding, view: View) -> Decision:
    """Somebody who has not passed wrote something: an answer perhaps, and gone in any case."""
    visit = visit_of(event, here, view.actor(), options, view)
    if visit.member.staff:
        return closed(visit, "is an admin now; admins are not onboarded")
    if event.private:
        return _whispered(event, visit)
    overdue = here.muted is None or event.at - here.muted >= AGAIN
    if not here.open:
        # They should be out: their coming back was missed, or they could not be removed.
        decision = stopped(visit, crowd=False) if overdue else NOTHING
    else:
        visit = visit.now(away=False, muted=event.at if overdue else here.muted)
        found = _said_in_group(event, visit)
        silenced = (mute(visit),) if overdue and standing_after(found) == "asking" else ()
        decision = replace(found, effects=(*silenced, *found.effects))
    return replace(
        decision,
        effects=(Delete(messages=(event.message,)), *decision.effects),
        because=(*decision.because, "written before the door was passed"),
    )


def edited(event: MessageEdited) -> Decision:
    """An edit can carry what a new message may not."""
    return Decision(effects=(Delete(messages=(event.message,)),), because=("edited before the door was passed",))


def pressed(event: ButtonPressed, here: Knocking, options: Onboarding, view: View) -> Decision:
    """Somebody at the door pressed an answer."""
    visit = visit_of(event, here, view.actor(), options, view)
    prefix, _, rest = event.data.partition(":")
    place: Place = "own" if prefix == OWN[:-1] else "crowd" if prefix == CROWD[:-1] else "private"
    visit = visit.now(private=here.private or place == "private", away=False)
    if not options.guarded:
        return let_in(visit, place, ("the door was taken out of the configuration",))
    if visit.member.staff:
        return closed(visit, "is an admin now; admins are not onboarded")
    if here.stage == "with_admins":
        return Decision(because=("the admins have the request already",))
    asked, _, number = rest.partition(":")
    question = open_question(visit.here, visit.entry)
    if question is None:
        # The press is the answer, or the operator took the last question away.
        return let_in(visit, place, ("pressed the button at the door",))
    found = chosen(question, int(number)) if asked == question.id and number.isdecimal() else None
    if found is None:
        if asked == HERE or question.id != (visit.here.question or question.id):
            return ask(visit, place, ("the open question is no longer in the configuration",), hello=place == "crowd")
        return Decision(because=("pressed an answer to a question that is not open",))
    return _after(visit, taken(visit.here, question, found[0], right=found[1], entry=visit.entry), question, place)


def _said_in_group(event: MessagePosted, visit: Visit) -> Decision:
    here = visit.here
    question = open_question(here, visit.entry)
    ready = here.stage == "asking" and here.asked is not None and here.asked <= event.at
    kept = Decision(changes=(kept_at(DOOR, here),), timers=(timer(here),))
    if not ready or question is None or event.text[:1] in SLASHES or not event.text.strip():
        return kept
    found = fits(question, event.text)
    # Small talk is no attempt; only what names an option, or is right, is meant for the question.
    meant = found is not None and (found[1] or question.options)
    if found is not None and meant and not for_others_at_door(question, event, visit.view.group):
        turn = taken(here, question, found[0], right=found[1], entry=visit.entry)
        if event.album is not None:
            turn = replace(turn, here=replace(turn.here, album=event.album))
        return _after(visit, turn, question, "group")
    if here.hinted or here.crowd:
        return kept
    hinted = replace(here, hinted=True)
    words = visit.voice("group").own("onboarding.door_held")
    return replace(kept, changes=(kept_at(DOOR, hinted),), effects=(said(visit, "group", [words]),))


def _whispered(event: MessagePosted, visit: Visit) -> Decision:
    if visit.here.stage == "with_admins":
        voice = visit.voice("private")
        say = in_private(voice.say(voice.own("onboarding.door_waiting")))
        return Decision(effects=(say,), because=("the admins have the request already",))
    if visit.here.stage != "asking":
        return NOTHING
    visit = visit.now(private=True)
    question = open_question(visit.here, visit.entry)
    if question is None or is_start(event.text):
        return ask(visit, "private", ("opened the private chat",))
    if not event.text.strip() or event.text[:1] in SLASHES:
        return NOTHING
    if visit.here.question and question.id != visit.here.question:
        return ask(visit, "private", ("the open question is no longer in the configuration",))
    if for_others_at_door(question, event, visit.view.group):
        return NOTHING
    lacks = unfit(question, event.text)
    if lacks is not None and not visit.here.hinted:
        voice = visit.voice("private")
        parts = [voice.own(lacks.key, number=lacks.number), worded(question, visit.entry, voice)]
        return Decision(
            changes=(kept_at(DOOR, replace(visit.here, hinted=True)),),
            effects=(said(visit, "private", parts),),
            timers=(timer(visit.here),),
            because=(f"the answer to step {question.id} does not fit; said so once",),
            about=visit.account,
        )
    given, right = fits(question, event.text) or (kept_words(event.text), False)
    return _after(visit, taken(visit.here, question, given, right=right, entry=visit.entry), question, "private")


def _after(visit: Visit, turn: Turn, question: Question, place: Place) -> Decision:
    """What an answer leads to."""
    visit, entry = replace(visit, here=turn.here), visit.entry
    if turn.right and turn.next is not None:
        nxt = replace(visit, here=replace(turn.here, question=turn.next.id))
        return ask(nxt, place, turn.because, hello=place == "crowd")
    if turn.right and entry.then == "ask_admins":
        return to_admins(visit, place, turn.because)
    if turn.right:
        return let_in(visit, place, (*turn.because, "every question is answered"))
    if turn.spent and entry.otherwise == "ask_admins":
        return to_admins(visit, place, turn.because)
    if turn.spent:
        return turn_away(visit, place, turn.because)
    kept = Decision(
        changes=(kept_at(DOOR, turn.here),), timers=(timer(turn.here),), because=turn.because, about=visit.account
    )
    if place == "crowd":
        return kept  # a wave of wrong presses must not become a wave of messages
    voice = visit.voice(place)
    left_over = voice.own("onboarding.entry_wrong", number=entry.tries - turn.here.wrong)
    parts = [left_over, worded(question, entry, voice)]
    return replace(kept, effects=(said(visit, place, parts, offered(question, place, voice)),))

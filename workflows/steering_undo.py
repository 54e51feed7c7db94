"""Taking back what was done: by the button under a line, the last of one's own, or the last about somebody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from core import state
from core.decision import NOTHING, Decision, Put
from core.effects import Words
from core.events import ButtonPressed, Instructed
from core.parts import Presence
from core.people import Account, Actor, ActorKind, Member, platform_of
from core.state import Key
from core.workflow import View
from workflows import acts, deed_words, other_accounts, rights, steering_standing
from workflows.acts import ACTS, Act, Acts, Back
from workflows.commands import Command, Place
from workflows.facts import shown_name
from workflows.options import span
from workflows.rights import Refused
from workflows.steering_commands import BOOK, DISCREET
from workflows.steering_desk import DESK, NOTHING_PENDING, instructed, name, oneself, whom
from workflows.steering_order import Wrong
from workflows.steering_orders import again, heard_by
from workflows.steering_voice import Voice


def reads_press(event: ButtonPressed) -> tuple[Key[Any], ...] | None:
    """The state that `pressed` looks at; None for other buttons."""
    found = acts.pressed(event.data)
    return (ACTS.of(found[1]), state.member(found[1])) if found is not None else None


def pressed(event: ButtonPressed, view: View) -> Decision:
    """The button under a line. Who may not, or comes too late, hears why; nothing is done twice."""
    found = acts.pressed(event.data)
    undo = BOOK.named("undo")
    if found is None or undo is None:
        return NOTHING
    if (no := rights.press_refused(undo, event, view, about=found[1])) is not None:
        return no
    member: Member | None = view.get(state.member(found[1]))
    target = Actor(account=found[1], name=member.name if member is not None else "")
    arguments = {"act": found[0], "place": Place.DESK.value, "message": event.message, "topic": event.topic or ""}
    return Decision(follows=(instructed(event, "undo", event.actor, target, arguments),), rule="undo", about=found[1])


def ordered(event: Instructed, view: View, voice: Voice) -> Decision:
    """Undo an act, or say why not."""
    if event.target is None:
        return _undo_own_last(event, view, voice)
    subject = event.target.account
    held = view.get(ACTS.of(subject)) or acts.NONE
    id_ = str(event.arguments.get("act") or held.newest() or "")
    act = held.last.get(id_)
    member = whom(event, view)
    who = name(event, member)
    if act is None:
        return _said(event, voice, "undo_nothing", "there is nothing to undo", target=who)
    where = act.where or platform_of(subject)
    what = deed_words.told(act.did, view.group, voice.language, where)
    if act.undone:
        return _said(event, voice, "undone_before", "undone before", target=who, what=what, by=act.undone)
    if (refused := may_not(event.actor, act, view)) is not None:
        because = f"/undo refused: {refused[1].because}"
        return _said(event, voice, "undo_not_yours", because, target=who, what=what)
    undo = BOOK.named("undo")
    assert undo is not None
    if oneself(member, view) and act.giver not in (subject, event.actor.account):
        return _said(event, voice, "oneself", "/undo refused: oneself is meant", verb=undo.called)
    if not act.back:
        key = f"cannot_{act.stuck[0]}" if act.stuck and act.stuck[0] in _EXPLAINED else "cannot"
        if key == "cannot_remove" and voice.by_name:
            key = "cannot_remove_by_name"
        if all(deed_words.asked_for(one, view.group, where) for one in act.did):
            key = "cannot_asked_remove" if "remove" in act.stuck else "cannot_asked"
        return _said(event, voice, key, "it cannot be undone", target=who, what=what)
    challenge = steering_standing.challenge(act)
    if challenge is not None and "challenge" not in event.arguments:
        meant = {**event.arguments, "act": id_, "challenge": challenge}
        return Decision(follows=(instructed(event, "undo", event.actor, event.target, meant),), rule="undo")
    ways, vain = _ways(id_, held, event, view)
    if not ways:
        no = next(iter(vain.values()))
        return _said(event, voice, no.says, f"/undo refused: {no.because}", target=who, **{"what": what, **no.values})
    by = shown_name(event.actor)
    words = voice.say("undone_upheld" if _upheld(event) else "undone", target=who, what=what, by=by)
    stands = _what_was_before(ways, id_, held, event, view)
    if stands is not None:
        ways = [way for way in ways if way.verb != f"un{stands.verb}"] + [stands]
        key = "undone_still" if stands.verb == "mute" else "undone_still_ban"
        words += voice.say(key if "for" in stands.arguments else f"{key}_open", **_told(stands))
    left = [one for one in act.stuck if not deed_words.asked_for(one, view.group, where)]
    if stuck := (*left, *vain):
        words += voice.say("undone_but", what=deed_words.told(stuck, view.group, voice.language))
    discreet = not DISCREET.isdisjoint(act.commands)
    heard = {"heard": "admins" if discreet else heard_by(event)}
    return Decision(
        changes=(Put(ACTS.of(subject), held.with_one(id_, acts.undone(act, by))),),
        effects=(voice.answer(event, words, discreet=discreet),),
        follows=acts.orders(ways, event, event.actor, _aimed(act, event.target, view), "taken back", heard),
        because=("taken back by an admin",),
        rule="undo",
        about=subject,
        then=("undo",),
    )


def _what_was_before(ways: list[Back], id_: str, held: Acts, event: Instructed, view: View) -> Back | None:
    """The order that puts an earlier mute or ban back whose place an act took: lifting it would end both."""
    lifts = {way.verb for way in ways}
    for verb in ("ban", "mute") if "unban" in lifts else ("mute",) if "unmute" in lifts else ():
        before = acts.stood_before(verb, id_, held, event.at)
        if before is None or all(deed_words.asked_for(one, view.group, before.where) for one in before.did):
            continue
        if verb == "ban" and _let_in_since(before, id_, held, event, view):
            return None
        return next(map(Back.read, again(verb, acts.ends(before, verb), event.at)), None)
    return None


def _let_in_since(before: Act, id_: str, held: Acts, event: Instructed, view: View) -> bool:
    """Whether who was banned came in between that ban and the act of an id: somebody had let them."""
    assert event.target is not None
    who = event.target.account
    here: Presence | None = view.get(state.presences(who)).get(who)
    return here is not None and here.joined is not None and before.at < here.joined <= held.last[id_].at


def _told(stands: Back) -> dict[str, object]:
    length = stands.arguments.get("for")
    return {"span": span(length)} if isinstance(length, str) else {}


def _aimed(act: Act, member: Actor, view: View) -> Actor:
    """The account that an act was done to, as long as the member has it: what takes it back is done to the same one."""
    there = (one for one in other_accounts.present(member.account, view) if platform_of(one) == act.where)
    return replace(member, account=next(there, member.account))


def _ways(id_: str, held: Acts, event: Instructed, view: View) -> tuple[list[Back], dict[str, Wrong]]:
    """The orders that take an act back; and why others would change nothing, by what was done."""
    ways: list[Back] = []
    vain: dict[str, Wrong] = {}
    for back in steering_standing.ways(held.last[id_]):
        wrong = steering_standing.in_vain(back, id_, held, event, view)
        if wrong is None:
            ways.append(back)
        else:
            vain[steering_standing.did(back)] = wrong
    return ways, vain


_EXPLAINED: Final = frozenset(("remove", "delete", "say", "forgive", "approve", "decline", "unmute", "unban"))


def may_not(actor: Actor, act: Act, view: View) -> tuple[Command, Refused] | None:
    """Why somebody may not undo an act: it takes the right of what is undone. With the command that would undo it."""
    for one in act.commands:
        command = BOOK.named(one)
        if command is None:
            continue
        ruled = rights.verdict(command, actor, view.group, Place.DESK, ghosts=True)
        if isinstance(ruled, Refused) and actor.kind is ActorKind.PERSON:
            return BOOK.named(_LIFTED_BY.get(one, "undo")) or command, ruled
    return None


_LIFTED_BY: Final = {"ban": "unban", "mute": "unmute", "warn": "unwarn", "unban": "ban"}


def _undo_own_last(event: Instructed, view: View, voice: Voice) -> Decision:
    desk = view.get(DESK.of_group()) or NOTHING_PENDING
    for line in reversed(desk.latest):
        admin, subject, id_ = line.split("|")
        if admin == event.actor.account:
            left = replace(desk, latest=tuple(one for one in desk.latest if one != line))
            target = Actor(account=Account(subject))
            again = instructed(event, "undo", event.actor, target, {**event.arguments, "act": id_})
            return Decision(changes=(Put(DESK.of_group(), left),), follows=(again,), rule="undo")
    key = "undo_nothing_own_by_name" if voice.by_name else "undo_nothing_own"
    return _said(event, voice, key, "there is nothing to undo")


def _said(event: Instructed, voice: Voice, key: str, because: str, **values: object) -> Decision:
    about = event.target.account if event.target is not None else None
    words, where = (*_upheld(event), *voice.say(key, **values)), event.arguments
    answer = voice.answer(event, words)
    if where.get("place") == Place.DESK and not voice.group.desk and not _upheld(event):
        # A press, and no desk where all admins would read along: the others need no word of what was not done.
        answer = rights.to_them_alone(
            words, event.actor, str(where.get("message", "")), str(where.get("topic", "")) or None
        )
    return Decision(effects=(answer,), because=(because,), rule=event.verb, about=about)


def _upheld(event: Instructed) -> Words:
    """What admins are told of an appeal that was upheld, before why it could not be taken back."""
    words = event.arguments.get("upheld")
    return (f"{words}\n",) if words else ()

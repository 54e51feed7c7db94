"""A message that answers a question asked where there are no buttons is a press, before any workflow is asked."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from core.choices import OF_ADMINS, OPEN, Answer, answered, bare, may_answer, numbers
from core.decision import Decision, Put
from core.effects import Say, TellAdmins
from core.events import ButtonPressed, MessagePosted
from core.people import PERSON
from core.ports import Seat
from core.state import Key
from core.workflow import Group
from core.working import Working

NAME: Final = "choices"
"""As what it stands in the audit."""


class Pressed(NamedTuple):
    """The press that a message is, and what is decided at once; `refused` is written down if nothing comes of it. No
    press: whoever wrote it is asked what is meant."""

    event: ButtonPressed | None
    decision: Decision
    refused: Put | None


def reads(event: MessagePosted, group: Group) -> tuple[Key[Any], ...]:
    """The state that `press` will look at: none for what cannot be an answer."""
    if not may_answer(event.text, group.letters) or event.actor.kind is not PERSON or event.forwarded:
        return ()
    if event.id.partition(":")[0] not in group.numbered:
        return ()
    own: tuple[Key[Any], ...] = (OPEN.of(event.actor.account), OPEN.of_group())
    return (*own, OF_ADMINS.of_group()) if _steers(event, group) else own


def press(event: MessagePosted, group: Group, working: Working) -> Pressed | None:
    """The press that a message is; None for a message that is no answer."""
    found: list[tuple[Key[Any], Answer]] = []
    for key in reads(event, group):
        counting = numbers(key.name, group, private=event.private, desk=event.desk)
        answer = answered(working.read(group.key, key), event.text, event.at, counting)
        if answer is not None:
            found.append((key, answer))
    if not found:
        return None
    seat = working.known(group.key, event.actor.account) if not event.desk else None
    language = group.spoken(seat.language) if seat is not None else group.languages[0]
    if event.private and (unsure := _unsure(event, group, language, [one for _, one in found])) is not None:
        return Pressed(None, Decision(effects=(unsure,), because=("the number stands for several answers",)), None)
    # Members' own numbers and the group's are not counted together: the question asked last is meant, at the desk the
    # admins'.
    key, answer = max(found, key=lambda one: (event.desk and one[0].name == OF_ADMINS.name, one[1].question.at))
    others = [one for _, one in found if one is not answer and not _before(one, seat)] or answer.instead
    pressed = ButtonPressed(id=event.id, at=event.at, group=group.key, actor=event.actor, data=answer.choice.data)
    # What anybody may answer stays open for the others.
    shared = key.who is None and key.name == OPEN.name
    decision = Decision(
        changes=() if shared else (Put(key, answer.left),),
        effects=(_newest(event, group, language, answer),) if others else (),
        because=("answered by number or name", *(("the question asked last is meant",) if others else ())),
    )
    # Who has no right to answer takes nothing from the other admins.
    return Pressed(pressed, decision, Put(key, answer.refused) if key.name == OF_ADMINS.name else None)


def _steers(event: MessagePosted, group: Group) -> bool:
    """Whether what the admins are asked may be answered by this one, and here."""
    account = event.actor.account
    known = event.actor.admin or account in group.staff or account in group.owners or account in group.moderators
    return known and (event.desk or event.private or group.desk == group.key)


def _before(answer: Answer, seat: Seat | None) -> bool:
    """Whether it was asked before somebody came, who has not read it."""
    return seat is not None and seat.joined is not None and answer.question.at < seat.joined


def _newest(event: MessagePosted, group: Group, language: str, answer: Answer) -> Say | TellAdmins:
    """Several questions are open: say, where it was answered, which one was taken."""
    return _answering(event, group, language, "chosen_newest", label=answer.choice.label)


def _unsure(event: MessagePosted, group: Group, language: str, found: list[Answer]) -> Say | TellAdmins | None:
    """Ask back by which word a number is meant that could answer several questions, if a word tells them apart."""
    labels = [choice.label for answer in found for choice in (*answer.instead, answer.choice) if answer.bare]
    if len(labels) < 2 or len({bare(label) for label in labels}) < len(labels) or any(map(str.isdecimal, labels)):
        return None
    return _answering(event, group, language, "which_answer", number=event.text.strip(), labels=" / ".join(labels))


def _answering(event: MessagePosted, group: Group, language: str, key: str, **values: str) -> Say | TellAdmins:
    words = group.texts.say(f"delivery.{key}", language, {"delivery": values})
    if event.desk:
        return TellAdmins(words=words)
    to = event.actor.account if event.private else None
    return Say(words=words, to=to, reply_to=event.message, quiet=True)

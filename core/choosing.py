"""A message that answers a question asked where there are no buttons is a press, before any workflow is asked."""

from __future__ import annotations

from typing import Any, Final

from core.choices import OF_ADMINS, OPEN, Answer, answered, may_answer
from core.decision import Decision, Put
from core.effects import Say, TellAdmins
from core.events import ButtonPressed, MessagePosted
from core.people import PERSON
from core.state import Key
from core.workflow import Group
from core.working import Working

NAME: Final = "choices"
"""As what it stands in the audit."""


def reads(event: MessagePosted, group: Group) -> tuple[Key[Any], ...]:
    """The state that `press` will look at: none for what cannot be an answer."""
    if not may_answer(event.text, group.letters) or event.actor.kind is not PERSON or event.forwarded:
        return ()
    if event.id.partition(":")[0] not in group.numbered:
        return ()
    own: tuple[Key[Any], ...] = (OPEN.of(event.actor.account), OPEN.of_group())
    return (*own, OF_ADMINS.of_group()) if _steers(event, group) else own


def press(event: MessagePosted, group: Group, working: Working) -> tuple[ButtonPressed, Decision] | None:
    """The press that a message is, and what is decided about it; None for a message that is no answer."""
    for key in reads(event, group):
        answer = answered(working.read(group.key, key), event.text, event.at)
        if answer is None:
            continue
        pressed = ButtonPressed(id=event.id, at=event.at, group=group.key, actor=event.actor, data=answer.choice.data)
        # What anybody may answer stays open for the others.
        shared = key.who is None and key.name == OPEN.name
        return pressed, Decision(
            changes=() if shared else (Put(key, answer.left),),
            effects=(_newest(event, group, answer),) if answer.others else (),
            because=("answered by number or name", *(("the question asked last is meant",) if answer.others else ())),
        )
    return None


def _steers(event: MessagePosted, group: Group) -> bool:
    """Whether what the admins are asked may be answered by this one, and here."""
    account = event.actor.account
    known = event.actor.admin or account in group.staff or account in group.owners or account in group.moderators
    return known and (event.desk or event.private or group.desk == group.key)


def _newest(event: MessagePosted, group: Group, answer: Answer) -> Say | TellAdmins:
    """Several questions are open: say, where it was answered, which one was taken."""
    values = {"delivery": {"label": answer.choice.label}}
    words = group.texts.say("delivery.chosen_newest", group.languages[0], values)
    if event.desk:
        return TellAdmins(words=words)
    to = event.actor.account if event.private else None
    return Say(words=words, to=to, reply_to=event.message, quiet=True)

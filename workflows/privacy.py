"""`/mydata`: what is stored about a member is handed to them. In private only.

It takes longer than a decision may, and sees more than one group: a decision only asks for it, and a task does it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from core.decision import Decision, Put, Task
from core.effects import Choice, Say, Words, plain
from core.events import MessagePosted
from core.people import ActorKind
from core.state import Key, Slot
from core.workflow import View
from workflows import rights
from workflows.commands import Call, Place, place

MYDATA: Final = "mydata"
"""The kind of the task, and the command's name."""
AGAIN: Final = timedelta(days=1)
"""Between two dossiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """When a member asked for their data."""

    data: datetime | None = None


ASKED: Final = Slot("privacy.asked", Asked)


def reads(event: MessagePosted) -> Iterable[Key[Any]]:
    return (ASKED.of(event.actor.account),)


def decide(call: Call, event: MessagePosted, view: View) -> Decision:
    """The answer to `/mydata`."""
    name = call.command.name
    if event.actor.kind is not ActorKind.PERSON:
        return Decision(because=(f"/{name} refused: no person",), rule=name)
    if place(event) is not Place.PRIVATE:
        return _elsewhere(call, event, view)
    asked = view.get(ASKED.of(event.actor.account)) or Asked()
    return _data(event, view, asked)


def _elsewhere(call: Call, event: MessagePosted, view: View) -> Decision:
    """What others would read with them is said in private, after one press."""
    name = call.command.name
    said = rights.answer(call, event, view, _say(event, view, "in_private", name=name))
    if isinstance(said, Say):
        choice = Choice(label=plain(_say(event, view, "open")), data=name, private=True)
        said = replace(said, choices=(choice,), chooser=event.actor.account)
    return Decision(effects=(said,), because=("asked where others read along: shown the way",), rule=name)


def _data(event: MessagePosted, view: View, asked: Asked) -> Decision:
    who = event.actor.account
    if asked.data is not None and event.at < asked.data + AGAIN:
        again = f"{view.group.local(asked.data + AGAIN):%m-%d %H:%M}"
        return _told(event, _say(event, view, "data_again", at=again), "asked for their data twice in a day", MYDATA)
    task = Task(
        kind=MYDATA,
        key=event.id,
        expires=event.at + AGAIN,
        data={"account": who, "language": rights.language(event, view)},
    )
    told = _told(event, _say(event, view, "data_begun"), "asked for their data", MYDATA)
    return replace(told, changes=(Put(ASKED.of(who), replace(asked, data=event.at)), task))


def _told(event: MessagePosted, words: Words, because: str, rule: str) -> Decision:
    said = Say(words=words, to=event.actor.account, urgency="now", confidential=True)
    return Decision(effects=(said,), because=(because,), rule=rule)


def _say(event: MessagePosted, view: View, key: str, **values: object) -> Words:
    return view.group.texts.say(f"privacy.{key}", rights.language(event, view), {"command": values})

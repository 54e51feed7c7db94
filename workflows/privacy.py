"""`/mydata` and `/forgetme`: what is stored about a member is handed to them, or deleted. In private only.

Both take longer than a decision may, and see more than one group: a decision only asks for them, and a task does it.
Who wants to be forgotten types a word to confirm it, once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2s
from typing import Any, Final

from core.decision import NOTHING, Decision, Put, Task
from core.directory import CODE_BITS, read_code, spelled
from core.effects import Choice, Say, Words, plain
from core.events import Instructed, MessagePosted
from core.people import ActorKind
from core.state import Key, Slot
from core.workflow import View
from workflows import rights
from workflows.commands import Call, Place, place
from workflows.member_commands import COMMANDS

MYDATA: Final = "mydata"
FORGET: Final = "forgetme"
EXPORT: Final = "export"
"""The kinds of the tasks; they are the commands' names too."""
AGAIN: Final = timedelta(days=1)
"""Between two dossiers, and between being forgotten twice, which the task sees to: nothing of it may stay."""
WORD_LASTS: Final = timedelta(minutes=10)
BEGUN_WITHIN: Final = timedelta(days=7)
"""From then on a task is not begun any more: something is wrong here, and the member has asked again long ago."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """When a member asked for their data; the word that they are to type to be forgotten, and until when it counts."""

    data: datetime | None = None
    word: str = ""
    until: datetime | None = None


ASKED: Final = Slot("privacy.asked", Asked)
_FORGETME: Final = next(command for command in COMMANDS if command.name == FORGET)


def reads(event: MessagePosted) -> Iterable[Key[Any]]:
    return (ASKED.of(event.actor.account),)


def decide(call: Call, event: MessagePosted, view: View) -> Decision:
    """The answer to `/mydata` or `/forgetme`."""
    name = call.command.name
    if event.actor.kind is not ActorKind.PERSON:
        return Decision(because=(f"/{name} refused: no person",), rule=name)
    if place(event) is not Place.PRIVATE:
        return _elsewhere(call, event, view)
    asked = view.get(ASKED.of(event.actor.account)) or Asked()
    return _data(event, view, asked) if name == MYDATA else _forget(call, event, view, asked)


def _elsewhere(call: Call, event: MessagePosted, view: View) -> Decision:
    """What others would read with them is said in private, after one press."""
    name = call.command.name
    said = rights.answer(call, event, view, _say(event, view, "in_private", name=call.command.called))
    if isinstance(said, Say):
        choice = Choice(label=plain(_say(event, view, "open")), data=name, private=True)
        said = replace(said, choices=(choice,), chooser=event.actor.account)
    return Decision(effects=(said,), because=("asked where others read along: shown the way",), rule=name)


def _data(event: MessagePosted, view: View, asked: Asked) -> Decision:
    who = event.actor.account
    if asked.data is not None and event.at < asked.data + AGAIN:
        again = view.group.moment(asked.data + AGAIN)
        return _told(event, _say(event, view, "data_again", at=again), "asked for their data twice in a day", MYDATA)
    task = Task(
        kind=MYDATA,
        key=event.id,
        expires=event.at + AGAIN,
        data={"account": who, "language": view.language()},
    )
    told = _told(event, _say(event, view, "data_begun"), "asked for their data", MYDATA)
    return replace(told, changes=(Put(ASKED.of(who), replace(asked, data=event.at)), task))


def _forget(call: Call, event: MessagePosted, view: View, asked: Asked) -> Decision:
    who = event.actor.account
    typed = read_code(call.rest)
    counts = bool(asked.word) and asked.until is not None and event.at < asked.until
    if not (counts and typed == asked.word):
        word = asked.word if counts else _word(event)
        first = not call.rest or not asked.word
        key = "forget_asked" if first else "forget_wrong" if counts else "forget_late"
        words = _say(event, view, key, word=word, minutes=int(WORD_LASTS.total_seconds() // 60))
        because = "wants to be forgotten: asked to confirm" if first else "typed another word: asked again"
        put = Put(ASKED.of(who), replace(asked, word=word, until=event.at + WORD_LASTS))
        return replace(_told(event, words, because, FORGET), changes=(put,))
    task = Task(
        kind=FORGET,
        key=event.id,
        expires=event.at + BEGUN_WITHIN,
        data={"account": who, "language": view.language()},
    )
    told = _told(event, _say(event, view, "forget_begun"), "confirmed to be forgotten", FORGET)
    return replace(told, changes=(Put(ASKED.of(who), replace(asked, word="", until=None)), task))


def confirmed(event: MessagePosted, view: View) -> Decision:
    """The answer to who types nothing but the word that they were given to be forgotten; nothing for other texts."""
    asked, code = view.get(ASKED.of(event.actor.account)), read_code(event.text)
    if asked is None or code is None or asked.word != code:
        return NOTHING
    return _forget(Call(command=_FORGETME, rest=code), event, view, asked)


def books(event: Instructed, language: str) -> Task:
    """The work of handing a group's books to its owner."""
    return Task(
        kind=EXPORT,
        key=event.id,
        expires=event.at + AGAIN,
        data={"account": event.actor.account, "language": language},
    )


def _word(event: MessagePosted) -> str:
    """A word that nobody types by mistake. It is no secret: only who is asked can type it where it counts."""
    digest = blake2s(f"{event.id}|{event.at.isoformat()}".encode(errors="replace"), digest_size=CODE_BITS // 8).digest()
    return spelled(int.from_bytes(digest))


def _told(event: MessagePosted, words: Words, because: str, rule: str) -> Decision:
    said = Say(words=words, to=event.actor.account, urgency="now", confidential=True)
    return Decision(effects=(said,), because=(because,), rule=rule)


def _say(event: MessagePosted, view: View, key: str, **values: object) -> Words:
    return view.group.texts.say(f"privacy.{key}", view.language(), {"command": values})

"""What nothing comes of: who writes so in private is shown the way to `/help`, once in a while, so that nobody thinks
the assistant dead; who gives a command that the group has no use for, behind a slash, is told that. A word that
somebody was given to be forgotten, and types without the command, counts.

It is asked when all others decided nothing. Thanks and the like want no answer, nor does who is not let in yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.decision import NOTHING, Decision, Put
from core.directory import read_code
from core.effects import Say
from core.events import Event, MessagePosted
from core.pausing import PAUSED, lasts
from core.people import PERSON
from core.state import Key, Slot
from core.workflow import View, Workflow
from workflows import privacy, rights
from workflows.command_list import ALL
from workflows.commands import GROUP, SLASHES, TRAILING, Book, Call, is_start, place
from workflows.courtesies import POLITE
from workflows.onboarding_knocking import DOOR, KNOCKING, outside
from workflows.rights import Refused

AGAIN: Final = timedelta(days=1)
"""Between two of them to the same member: nobody is answered line by line, and two assistants never talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost:
    """Every group that somebody can write about in private."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """When the member was last shown the way."""

    at: datetime


SHOWN: Final = Slot("signpost.shown", Shown)
TOLD: Final = Slot("signpost.told", Shown)
"""When the member was last told in the group that it has no use for a command: it may have been meant for another
assistant."""


def reads(event: Event, options: Signpost) -> Iterable[Key[Any]] | None:
    assert isinstance(event, MessagePosted)
    who = event.actor.account
    keys = (SHOWN.of(who), DOOR.of(who), KNOCKING.of(who), PAUSED.of_group())
    if event.actor.kind is PERSON and event.text[:1] in SLASHES and _OPTIONAL.heard(event) is not None:
        return (*keys, TOLD.of(who))
    text = event.text.strip()
    if not event.private or event.desk or event.kind != "text" or event.actor.kind is not PERSON or not text:
        return None
    if is_start(text) or text.rstrip(TRAILING).casefold() in POLITE:
        return None
    return (*keys, *privacy.reads(event)) if read_code(text) is not None else keys


def decide(event: Event, options: Signpost, view: View) -> Decision:
    assert isinstance(event, MessagePosted)
    who, group = event.actor.account, view.group
    call = _OPTIONAL.heard(event) if event.text[:1] in SLASHES else None
    if call is not None and not call.command.answered(group.bound):
        return _not_here(call, event, view)
    if not event.private or event.desk:
        return NOTHING
    if read_code(event.text) is not None and (forgotten := privacy.confirmed(event, view)) is not NOTHING:
        return forgotten
    if outside(view.actor(), view):
        return NOTHING
    shown = view.get(SHOWN.of(who))
    if (shown is not None and event.at - shown.at < AGAIN) or lasts(view.get(PAUSED.of_group()), event.at):
        return NOTHING
    language = view.language()
    words = group.texts.say("members.signpost", language, {"command": {"name": group.called(language)}})
    return Decision(
        changes=(Put(SHOWN.of(who), Shown(at=event.at)),),
        effects=(Say(words=words, to=who, urgency="now", confidential=True),),
        because=("wrote what nothing comes of: shown the way to /help",),
        rule="signpost",
    )


def _not_here(call: Call, event: MessagePosted, view: View) -> Decision:
    """For who could give the command if it were one here; others hear nothing, as ever."""
    name, language = call.command.name, rights.language(event, view)
    if isinstance(rights.verdict(call.command, event.actor, view.group, place(event)), Refused):
        return NOTHING
    told = TOLD.of(event.actor.account)
    changes: tuple[Put, ...] = ()
    if place(event) is GROUP:
        last = view.get(told)
        if last is not None and event.at - last.at < AGAIN:
            return NOTHING
        changes = (Put(told, Shown(at=event.at)),)
    words = view.group.texts.say("members.not_used", language, {"command": {"name": call.command.called}})
    answer = rights.answer(call, event, view, words)
    return Decision(changes=changes, effects=(answer,), because=(f"the group has no use for /{name}",), rule=name)


_OPTIONAL: Final = Book(command for command in ALL if command.workflow)
"""The commands that not every group answers."""


def _deaf(opening: str, options: Signpost) -> bool:
    return opening[:1] not in SLASHES or _OPTIONAL.deaf(opening)


workflow = Workflow(
    "signpost",
    Signpost,
    frozenset((MessagePosted,)),
    reads,
    decide,
    unheard=True,
    deaf=_deaf,
)

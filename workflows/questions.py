"""Questions that nobody has answered yet, so that a digest can point to them. Runs only where a digest tells them.

A question is a message that ends in a question mark. It is answered by a reply to it from somebody else; an answer that
replies to nothing cannot be told from talk, so a question may look open though it is not. Kept are the id of the
message and when it came, for seven days at most: no text, and not who asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.decision import NOTHING, Decision, Put
from core.events import Event, MessageDeleted, MessagePosted
from core.people import ActorKind
from core.state import Key, Slot
from core.workflow import View, Workflow

KEPT: Final = timedelta(days=7)
MOST_OPEN: Final = 200
_MARKS: Final = ("?", "？")
_SHORTEST: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """There is nothing to choose."""


@dataclass(frozen=True, slots=True)
class Open:
    """A question without an answer. `platform` is where the message is."""

    message: str
    at: datetime
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """The open questions of a group, oldest first."""

    open: tuple[Open, ...] = ()


QUESTIONS: Final = Slot("questions.open", Questions)


def reads(event: Event, options: Asking) -> Iterable[Key[Any]] | None:
    if type(event) is MessagePosted:
        if event.reply_to is None and not event.text.endswith(_MARKS) and not event.text.rstrip().endswith(_MARKS):
            return None
        if event.private or event.actor.kind is not ActorKind.PERSON:
            return None
    return (QUESTIONS.of_group(),)


def decide(event: Event, options: Asking, view: View) -> Decision:
    kept = view.get(QUESTIONS.of_group()) or Questions()
    found = kept.open
    if isinstance(event, MessageDeleted):
        found = tuple(one for one in found if one.message != event.message)
    elif isinstance(event, MessagePosted):
        reply = event.reply_to
        if reply is not None and (reply.author is None or reply.author.account != event.actor.account):
            found = tuple(one for one in found if one.message != reply.message)
        if _asks(event) and event.actor.account not in view.group.staff and not event.actor.admin:
            found = (*found, Open(event.message, event.at, event.actor.account.partition(":")[0]))
    if found == kept.open:
        return NOTHING
    found = tuple(one for one in found if event.at - one.at < KEPT)[-MOST_OPEN:]
    return Decision(changes=(Put(QUESTIONS.of_group(), Questions(found) if found else None),))


def _asks(event: MessagePosted) -> bool:
    text = event.text.strip()
    return len(text) >= _SHORTEST and text.endswith(_MARKS) and text[0] != "/" and not event.forwarded


workflow = Workflow("questions", Asking, frozenset((MessagePosted, MessageDeleted)), reads, decide)

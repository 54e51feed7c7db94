"""Who is who: accounts and chats that come back under another id, told apart or recognized by the admins' word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.decision import NOTHING, Decision
from core.events import ButtonPressed, ChatLookedAlike, Event
from core.state import Key
from core.workflow import View, Workflow
from workflows import identity_likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """There is nothing to choose."""


def reads(event: Event, options: Identity) -> Iterable[Key[Any]] | None:
    if type(event) is ButtonPressed:
        return identity_likeness.reads(event) if event.data.startswith(identity_likeness.PRESSED) else None
    if type(event) is ChatLookedAlike:
        return identity_likeness.reads(event)
    return None


def decide(event: Event, options: Identity, view: View) -> Decision:
    match event:
        case ButtonPressed():
            return identity_likeness.answered(event, view)
        case ChatLookedAlike():
            return identity_likeness.chat(event, view)
    return NOTHING


workflow = Workflow("identity", Identity, frozenset((ButtonPressed, ChatLookedAlike)), reads, decide, steers=True)

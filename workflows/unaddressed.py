"""A command in the chat of several groups' admins that does not say which group it is about: it is asked back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from core.decision import NOTHING, Decision
from core.effects import Say
from core.events import Event, MessagePosted
from core.interest import SLASHES
from core.state import Key
from core.workflow import View, Workflow
from workflows.command_list import BOOK

_LISTED: Final = 12
"""Groups that are named at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unaddressed:
    """`groups` are the keys of those whose desk this is."""

    groups: tuple[str, ...] = ()


def reads(event: Event, options: Unaddressed) -> Iterable[Key[Any]] | None:
    if not isinstance(event, MessagePosted) or event.text[:1] not in SLASHES:
        return None
    return () if BOOK.heard(event) is not None else None


def decide(event: Event, options: Unaddressed, view: View) -> Decision:
    call = BOOK.heard(event)
    if call is None or not isinstance(event, MessagePosted):
        return NOTHING
    group, language = view.group, view.group.languages[0]
    comma, more = ("、", "……") if language == "zh" else (", ", ", …")
    named = comma.join(f"#{key}" for key in options.groups[:_LISTED])
    values = {
        "groups": named if len(options.groups) <= _LISTED else f"{named}{more}",
        "example": f"{event.text.split()[0]} #{options.groups[0]}",
    }
    words = group.texts.say("commands.which_group", language, {"command": values})
    answer = Say(words=words, reply_to=event.message, topic=event.topic, urgency="now", language=language)
    return Decision(effects=(answer,), because=("does not say which group it is about",), rule=call.command.name)


workflow = Workflow("unaddressed", Unaddressed, frozenset((MessagePosted,)), reads, decide)

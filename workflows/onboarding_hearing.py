"""What a newcomer writes that is no answer to what they were asked: it is meant for somebody else, who answers it."""

from __future__ import annotations

from typing import Any, Final

from core.events import MessagePosted
from core.state import Key
from core.workflow import Group, View
from workflows import appeal_book, member_commands
from workflows.appeal_book import APPEALED
from workflows.commands import Book
from workflows.meant import commanded, meant_otherwise
from workflows.onboarding_answers import Given, Unfit
from workflows.onboarding_entry_options import Question
from workflows.onboarding_knocking import fits


def for_others(found: Given | Unfit, event: MessagePosted, view: View) -> bool:
    """Whether a message that looks like an answer to a step is none. What names an option is one. In private, the keys
    of `reads` are looked at."""
    if isinstance(found, Given) and found.option is not None:
        return False
    appealing = view.get(APPEALED.of(event.actor.account)) if event.private else None
    return (appealing is not None and appealing.asked(event.at)) or meant_otherwise(event, view.group)


def reads(event: MessagePosted) -> tuple[Key[Any], ...]:
    """What tells that an appeal is being written."""
    return (APPEALED.of(event.actor.account),) if event.private else ()


def for_others_at_door(question: Question, event: MessagePosted, group: Group) -> bool:
    """Whether somebody at the door asks for something else than to be let in: for their data, for help. What names one
    of the options is an answer, and so are the words that are right."""
    found = fits(question, event.text)
    named = found is not None and (bool(question.options) or (bool(question.accept) and found[1]))
    return not named and commanded(_OUTSIDE, event, group)


_OUTSIDE: Final = Book((*member_commands.COMMANDS, *appeal_book.COMMANDS))
"""The commands that are answered to somebody who is not let in yet."""

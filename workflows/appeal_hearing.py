"""Words in private that are meant for somebody else than the appeal that is being written."""

from __future__ import annotations

from core.events import MessagePosted
from core.workflow import Group
from workflows.check_in_options import CheckIns
from workflows.command_list import BOOK
from workflows.faq_options import Faq


def meant_otherwise(event: MessagePosted, group: Group) -> bool:
    """Whether a text is a command, a word of the check-ins that is answered in private, or a question that has its
    answer, word for word. Words inside a longer text are the member's own."""
    call = BOOK.heard(event)
    if call is not None and call.command.answered(group.bound):
        return True
    for bound in group.runs:
        if isinstance(bound.options, CheckIns):
            if any(ask.what not in _OF_THE_GROUP for ask in bound.options.lexicon.heard(event.text)):
                return True
        elif isinstance(bound.options, Faq) and bound.options.index.means(event.text):
            return True
    return False


_OF_THE_GROUP = frozenset(("check_in", "late"))

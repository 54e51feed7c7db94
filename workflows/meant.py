"""Words that are meant for somebody else than whoever waits for some: the appeal that is being written, a question to a
newcomer."""

from __future__ import annotations

from typing import Any

from core.events import MessagePosted
from core.workflow import Bound, Group
from workflows import digest_wishes, quiet_wishes
from workflows.check_in_options import CheckIns
from workflows.check_in_words import OF_THE_GROUP
from workflows.command_list import BOOK
from workflows.commands import SLASHES, TRAILING, Book, Call
from workflows.digest_options import Digests
from workflows.event_options import Events
from workflows.event_questions import asked_of_events
from workflows.faq_options import Faq
from workflows.members import LANGUAGES
from workflows.quiet import Reminded
from workflows.referral_book import code_in
from workflows.referral_options import Referrals
from workflows.tier_options import Tiers


def meant_otherwise(event: MessagePosted, group: Group) -> bool:
    """Whether a text is a command, or words that another workflow answers there: those of check-ins and tiers, a wish,
    an invitation's code, a question that has its answer or that events answer. Words inside a longer text are the
    member's own."""
    return commanded(BOOK, event, group) or any(_answers(bound, event, group) for bound in group.runs)


def commanded(book: Book, event: MessagePosted, group: Group) -> bool:
    """Whether a text is one of some commands, and somebody answers it in this group."""
    call = book.heard(event)
    return call is not None and call.command.answered(group.bound) and not _own_words(call, event)


def _own_words(call: Call, event: MessagePosted) -> bool:
    """Whether somebody only begins with the word for help or a language: `help is not what I wanted`."""
    if not call.rest or event.text[:1] in SLASHES:
        return False
    rest = call.rest.strip(TRAILING)
    if call.command.name == "help":
        return BOOK.named(rest) is None
    return call.command.name == "language" and rest.casefold() not in LANGUAGES


def _answers(bound: Bound[Any], event: MessagePosted, group: Group) -> bool:
    match bound.options:
        case CheckIns() as check_ins:
            return any(not event.private or ask.what not in OF_THE_GROUP for ask in check_ins.lexicon.heard(event.text))
        case Tiers() as tiers:
            return tiers.asks(event)
        case Faq() as faq:
            return faq.index.means(event.text)
        case Digests():
            return digest_wishes.wish_in(event.text) is not None
        case Reminded():
            return quiet_wishes.wish_in(event.text, private=event.private) is not None
        case Referrals():
            return not event.forwarded and code_in(event.text) is not None
        case Events():
            return asked_of_events(event, group) is not None
    return False

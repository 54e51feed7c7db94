"""Who is who: accounts bound by proof from both sides, and accounts and chats that come back under another id.

Nothing is bound by likeness alone. Rooms: `identity_offers` (codes), `identity_links` (/link, /unlink),
`identity_parting` (an admin's /separate), `identity_likeness` (what the admins are asked).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.decision import NOTHING, Decision
from core.events import AccountLookedAlike, ButtonPressed, ChatLookedAlike, Event, Instructed, MessagePosted, TimerDue
from core.state import Key
from core.workflow import View, Workflow
from workflows import identity_likeness, identity_links, identity_parting, rights
from workflows.commands import SLASHES, Call
from workflows.folding import compatible
from workflows.identity_commands import BOOK, NO, SEPARATE, YES
from workflows.identity_links import IDENTITY
from workflows.identity_offers import OFFERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """There is nothing to choose."""


def reads(event: Event, options: Identity) -> Iterable[Key[Any]] | None:
    if type(event) is MessagePosted:
        call = _heard(event)
        if call is None:
            return None
        return call.reads if call.command.name == SEPARATE.name else identity_links.reads(event)
    if type(event) is ButtonPressed:
        if event.data.startswith(identity_links.PRESSED):
            return (OFFERS.of_house(),)
        return identity_likeness.reads(event) if event.data.startswith(identity_likeness.PRESSED) else None
    if type(event) is TimerDue:
        return (OFFERS.of_house(),)
    if type(event) is Instructed:
        return tuple(identity_parting.reads(event))
    if isinstance(event, AccountLookedAlike | ChatLookedAlike):
        return identity_likeness.reads(event)
    return None


def decide(event: Event, options: Identity, view: View) -> Decision:
    match event:
        case MessagePosted():
            return _commanded(event, view)
        case ButtonPressed():
            links = event.data.startswith(identity_links.PRESSED)
            return identity_links.pressed(event, view) if links else identity_likeness.answered(event, view)
        case TimerDue():
            return identity_links.over(event, view)
        case Instructed():
            parting = event.verb == SEPARATE.name
            return identity_parting.ordered(event, view) if parting else identity_links.told(event, view)
        case AccountLookedAlike():
            return identity_likeness.account(event, view)
        case ChatLookedAlike():
            return identity_likeness.chat(event, view)
    return NOTHING


def _heard(event: MessagePosted) -> Call | None:
    """The command that a message is. `绑定 手机号怎么操作` is talk: in the group a spoken word with more behind it is a
    command only if that may be a code, or a yes."""
    call = BOOK.heard(event)
    if call is None or not call.rest or event.private or event.text[:1] in SLASHES:
        return call
    return call if compatible(call.rest).isascii() or call.rest in YES | NO else None


def _commanded(event: MessagePosted, view: View) -> Decision:
    call = _heard(event)
    if call is None:
        return NOTHING
    if call.command.name == SEPARATE.name:
        return identity_parting.commanded(call, event, view)
    return rights.refused(call, event, view) or identity_links.commanded(call, event, view)


workflow = Workflow(
    IDENTITY,
    Identity,
    frozenset((MessagePosted, ButtonPressed, TimerDue, Instructed, AccountLookedAlike, ChatLookedAlike)),
    reads,
    decide,
    steers=True,
    deaf=BOOK.deaf,
)

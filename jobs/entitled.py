"""Who steers the group in a history without rights: whom the file lists as an admin, or the history calls one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from core.events import ButtonPressed, Event, MessageEdited, MessagePosted
from core.people import ActorKind
from core.workflow import Group

_RIGHTS: Final = frozenset(("restrict", "delete", "promote", "change_info", "invite", "pin"))


def entitled(event: Event, group: Group) -> Event:
    """The same event; an admin's is as of somebody who has every right, as the platform would have been asked."""
    if not isinstance(event, MessagePosted | MessageEdited | ButtonPressed):
        return event
    who = event.actor
    if who.kind is not ActorKind.PERSON or not (who.admin or who.account in group.staff):
        return event
    return replace(event, actor=replace(who, admin=True, rights=_RIGHTS | who.rights, vouched=True))

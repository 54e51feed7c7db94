"""By whose link somebody joined: a link outlives its owner's stay, and must not bring back who was forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from core.directory import Directory
from core.events import Event, MemberJoined
from core.people import Account


async def still_here(events: Sequence[Event], directory: Directory) -> Sequence[Event]:
    """The events; whose link it was is left out of joins, unless they are an admin or known as a member of the group.

    Raises StoreUnavailable, StoreBusy.
    """
    asked = {place for event in events if (place := _owner(event)) is not None}
    if not asked:
        return events
    here = await asyncio.to_thread(lambda: {place for place in asked if directory.member(*place)})
    return [_by_nobody(event) if _owner(event) in asked - here else event for event in events]


def _owner(event: Event) -> tuple[Account, str] | None:
    """Whose link it was, by hearsay only, and in which group."""
    if not isinstance(event, MemberJoined) or event.invite is None or event.by is None or event.by.admin:
        return None
    return event.by.account, event.group


def _by_nobody(event: Event) -> Event:
    return replace(event, by=None) if isinstance(event, MemberJoined) else event

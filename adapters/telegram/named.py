"""Who is meant by `@name`: Telegram tells no id with it, so whoever bore the name when last seen is looked up."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.events import Event, MessageEdited, MessagePosted
from core.people import Account, Actor
from core.ports import Store

_BY_NAME: Final = "telegram:@"
Known = Mapping[tuple[str, str], Account]
"""By group and name in lower case."""


async def recognised(events: Sequence[Event], store: Store) -> Sequence[Event]:
    """The events, with the accounts of those who are mentioned by a name that somebody in the group bears.

    Others keep the account `telegram:@name`. Raises StoreUnavailable, StoreBusy.
    """
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for event in events:
        for name in _names(event):
            wanted[event.group].add(name)
    if not wanted:
        return events
    known = await asyncio.to_thread(_looked_up, store, wanted)
    return [_with(event, known | _seen_in(events)) if _names(event) else event for event in events]


def _names(event: Event) -> Sequence[str]:
    mentions: Sequence[Actor] = getattr(event, "mentions", ())
    return [who.account.removeprefix(_BY_NAME) for who in mentions if who.account.startswith(_BY_NAME)]


def _looked_up(store: Store, wanted: Mapping[str, Collection[str]]) -> dict[tuple[str, str], Account]:
    found = {}
    with store.unit() as unit:
        unit.lock(sorted(wanted))
        for group, names in wanted.items():
            for name, seat in unit.find_named(group, sorted(names)).items():
                if (seat.username or "").casefold() == name:
                    found[group, name] = seat.account
    return found


def _seen_in(events: Iterable[Event]) -> dict[tuple[str, str], Account]:
    """Those who speak in the same batch: the store does not know them yet."""
    spoken = ((event.group, getattr(event, "actor", None)) for event in events)
    return {
        (group, who.username.casefold()): who.account
        for group, who in spoken
        if isinstance(who, Actor) and who.username
    }


def _with(event: Event, known: Known) -> Event:
    assert isinstance(event, MessagePosted | MessageEdited)
    meant = tuple(
        replace(who, account=known.get((event.group, who.account.removeprefix(_BY_NAME)), who.account))
        for who in event.mentions
    )
    return replace(event, mentions=meant)

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
Known = Mapping[tuple[str, str], tuple[Account, str]]
"""By group and username in lower case: the account, and what whoever bears it is called."""


async def recognised(events: Sequence[Event], store: Store) -> Sequence[Event]:
    """The events, with the accounts and names of those who are mentioned by a username that somebody in the group
    bears: nobody is called by their username for that.

    Others keep the account `telegram:@name`. Raises StoreUnavailable, StoreBusy.
    """
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for event in events:
        for name in _names(event):
            wanted[event.group].add(name)
    if not wanted:
        return events
    known = _as_told(events, await asyncio.to_thread(_looked_up, store, wanted))
    return [_with(event, known) if _names(event) else event for event in events]


def _names(event: Event) -> Sequence[str]:
    mentions: Sequence[Actor] = getattr(event, "mentions", ())
    return [who.account.removeprefix(_BY_NAME) for who in mentions if who.account.startswith(_BY_NAME)]


def _looked_up(store: Store, wanted: Mapping[str, Collection[str]]) -> dict[tuple[str, str], tuple[Account, str]]:
    found = {}
    with store.unit() as unit:
        unit.lock(sorted(wanted))
        for group, names in wanted.items():
            for name, seat in unit.find_named(group, sorted(names), shown=False).items():
                found[group, name] = seat.account, seat.name
    return found


def _as_told(events: Iterable[Event], known: Known) -> Known:
    """With those who speak in the same batch: the store does not know yet what they are called now."""
    bears: dict[Account, str] = {}
    seen: dict[tuple[str, str], tuple[Account, str]] = {}
    for event in events:
        who = getattr(event, "actor", None)
        if isinstance(who, Actor) and who.username is not None:
            bears[who.account] = name = who.username.casefold()
            seen[event.group, name] = who.account, who.name
    return {at: found for at, found in {**known, **seen}.items() if bears.get(found[0], at[1]) == at[1]}


def _with(event: Event, known: Known) -> Event:
    assert isinstance(event, MessagePosted | MessageEdited)
    return replace(event, mentions=tuple(_met(who, event.group, known) for who in event.mentions))


def _met(who: Actor, group: str, known: Known) -> Actor:
    found = known.get((group, who.account.removeprefix(_BY_NAME))) if who.account.startswith(_BY_NAME) else None
    return who if found is None else replace(who, account=found[0], name=found[1] or who.name)

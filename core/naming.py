"""Whom an event speaks of: an account as the people it names, with their names."""

from __future__ import annotations

from functools import cache
from typing import Final

from core.events import Event, MessageEdited, MessagePosted
from core.people import Account, Actor
from core.quick import maker

_an_actor: Final = maker(Actor)


def actor_of(event: Event, account: Account) -> Actor:
    """The account as an actor, with the name that the event knows for it."""
    return named(event, account) or _an_actor(account=account)


def named(event: Event, account: Account) -> Actor | None:
    """Whoever the event itself speaks of by that account."""
    actor: Actor | None = getattr(event, "actor", None)
    if actor is not None and actor.account == account:
        return actor
    if type(event) is not MessagePosted and type(event) is not MessageEdited:
        kind: type = type(event)
        for name in _speaks_of(kind):
            actor = getattr(event, name)
            if actor is not None and actor.account == account:
                return actor
        return None
    for mentioned in event.mentions:
        if mentioned.account == account:
            return mentioned
    author = event.reply_to.author if event.reply_to is not None else None
    return author if author is not None and author.account == account else None


@cache
def _speaks_of(kind: type) -> tuple[str, ...]:
    """The fields in which events of a type hold an actor besides their own."""
    return tuple(name for name in ("author", "by", "target") if hasattr(kind, name))

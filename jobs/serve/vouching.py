"""Who gives an order: what the platform says of them, asked for this very message where the order weighs much."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from adapters.telegram.addresses import Addresses
from adapters.telegram.admins import Admins
from core.delivery import Inlet
from core.events import ButtonPressed, Event, MessagePosted
from core.people import Account, Actor, ActorKind
from jobs.serve.bearing import Bearing
from jobs.serve.roster import TELEGRAM

Order = MessagePosted | ButtonPressed


class Vouching:
    """An inlet before the inlet, for one bot. `weight` tells how much an event weighs: 0, 1, or 2 for asking now.

    Telegram is asked once for each chat and batch. Somebody who is no admin by all that is known is not worth asking
    for: who floods a group with commands costs no calls. `bearing` looks at whom an order names, if it weighs so much.
    """

    def __init__(
        self,
        inlet: Inlet,
        admins: Admins,
        chats: Addresses,
        weight: Callable[[Event], int],
        bearing: Bearing | None = None,
    ) -> None:
        self._inlet = inlet
        self._bearing = bearing
        self._admins = admins
        self._chats = chats
        self._weight = weight

    async def take(self, events: Sequence[Event]) -> None:
        """See `core.delivery.Inlet.take`."""
        if not any(map(self._weight, events)):
            await self._inlet.take(events)
            return
        weighty = [
            (event, weight)
            for event in events
            if isinstance(event, MessagePosted | ButtonPressed) and (weight := self._weight(event))
        ]
        asked = await self._asked(weighty)
        told = {id(event): self._vouched(event, asked) for event, _ in weighty}
        if self._bearing is not None:
            naming = {
                at: order
                for event, weight in weighty
                if weight > 1 and isinstance(order := told[at := id(event)], MessagePosted) and order.mentions
            }
            told |= zip(naming, await self._bearing.of(tuple(naming.values())), strict=True)
        await self._inlet.take([told.get(id(event), event) for event in events])

    def is_admin(self, actor: Actor, group: str) -> bool:
        """Whether somebody is an admin of a group, as far as Telegram told."""
        chat = self._chats.chat_of(group)
        platform, _, native = actor.account.partition(":")
        known = self._admins.ids.get(chat, ()) if chat is not None else ()
        return platform == TELEGRAM and native.isdecimal() and int(native) in known

    async def _asked(self, weighty: Sequence[tuple[Order, int]]) -> Mapping[int, bool]:
        """Ask about all chats at once. Answers of which of them Telegram told who their admins are at this moment."""
        lately, now = set[int](), set[int]()
        for event, weight in weighty:
            chat, user = self._chats.chat_of(event.group), _user(event.actor)
            if chat is None or user is None:
                continue
            if self._admins.stale(chat, user) or user in self._admins.ids.get(chat, ()):
                (lately if weight == 1 else now).add(chat)
        lately -= now
        told, _ = await asyncio.gather(
            asyncio.gather(*(self._admins.asked(chat) for chat in now)),
            asyncio.gather(*(self._admins.fresh(chat) for chat in lately)),
        )
        return dict(zip(now, told, strict=True))

    def _vouched(self, event: Order, asked: Mapping[int, bool]) -> Order:
        chat = self._chats.chat_of(event.group)
        if chat is None or not event.actor.account.startswith(f"{TELEGRAM}:"):
            return event
        actor, user = event.actor, _user(event.actor)
        if user is not None:
            actor = replace(
                actor,
                admin=user in self._admins.ids.get(chat, ()),
                rights=self._admins.rights(chat, user),
                vouched=asked.get(chat, False),
            )
        if isinstance(event, ButtonPressed):
            return replace(event, actor=actor)
        known = frozenset(Account(f"{TELEGRAM}:{user}") for user in self._admins.ids.get(chat, ()))
        return replace(event, actor=actor, admins=known)


def _user(actor: Actor) -> int | None:
    """The number of a person of Telegram's; None for everybody else."""
    platform, _, native = actor.account.partition(":")
    person = platform == TELEGRAM and actor.kind is ActorKind.PERSON and native.isdecimal()
    return int(native) if person else None

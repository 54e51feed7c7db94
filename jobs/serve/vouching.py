"""Who gives an order: what the platform says of them, asked for this very message where the order weighs much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from adapters.telegram.addresses import Addresses
from adapters.telegram.admins import Admins
from core.delivery import Inlet
from core.events import ButtonPressed, Event, MessagePosted
from core.people import Account, Actor, ActorKind
from jobs.serve.roster import TELEGRAM


class Vouching:
    """An inlet before the inlet, for one bot. `weight` tells how much an event weighs: 0, 1, or 2 for asking now.

    Telegram is asked once for each chat and batch. Somebody who is no admin by all that is known is not worth asking
    for: who floods a group with commands costs no calls.
    """

    def __init__(self, inlet: Inlet, admins: Admins, chats: Addresses, weight: Callable[[Event], int]) -> None:
        self._inlet = inlet
        self._admins = admins
        self._chats = chats
        self._weight = weight

    async def take(self, events: Sequence[Event]) -> None:
        """See `core.delivery.Inlet.take`."""
        if not any(map(self._weight, events)):
            await self._inlet.take(events)
            return
        asked: dict[int, bool] = {}
        told: list[Event] = []
        for event in events:
            if isinstance(event, MessagePosted | ButtonPressed) and (weight := self._weight(event)):
                told.append(await self._vouched(event, weight, asked))
            else:
                told.append(event)
        await self._inlet.take(told)

    def is_admin(self, actor: Actor, group: str) -> bool:
        """Whether somebody is an admin of a group, as far as Telegram told."""
        chat = self._chats.chat_of(group)
        platform, _, native = actor.account.partition(":")
        known = self._admins.ids.get(chat, ()) if chat is not None else ()
        return platform == TELEGRAM and native.isdecimal() and int(native) in known

    async def _vouched(
        self, event: MessagePosted | ButtonPressed, weight: int, asked: dict[int, bool]
    ) -> MessagePosted | ButtonPressed:
        chat = self._chats.chat_of(event.group)
        platform, _, native = event.actor.account.partition(":")
        if chat is None or platform != TELEGRAM:
            return event
        actor = event.actor
        if actor.kind is ActorKind.PERSON and native.isdecimal():
            user = int(native)
            if self._admins.stale(chat, user) or user in self._admins.ids.get(chat, ()):
                if weight == 1:
                    await self._admins.fresh(chat)
                elif chat not in asked:
                    asked[chat] = await self._admins.asked(chat)
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

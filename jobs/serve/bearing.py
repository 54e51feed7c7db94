"""Whom an order names by a username: Telegram is asked whether they still bear it, before anything is done to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import msgspec

from adapters.telegram.addresses import Addresses
from adapters.telegram.admins import PATIENCE
from adapters.telegram.calling import Caller
from adapters.telegram.calls import CallFailed, result_of
from adapters.telegram.updates import ChatMember
from core.events import MessagePosted
from core.people import Account, Actor, native_of, only_called
from core.ports import Seat, Store
from core.workflow import Group
from jobs.serve.roster import TELEGRAM


class Bearing:
    """Looks at the first username in the orders of one bot's groups. Members who steer nothing cost no calls."""

    def __init__(
        self, calls: Caller, chats: Addresses, store: Store, groups: Callable[[], Mapping[str, Group]]
    ) -> None:
        self._calls = calls
        self._chats = chats
        self._store = store
        self._groups = groups

    async def of(self, orders: Sequence[MessagePosted]) -> Sequence[MessagePosted]:
        """The orders, each with whom Telegram says that the username means. If it is not theirs any more, nobody is
        meant: the mention is `only_called` so, by the name of who was known by it, and vouched for."""
        return await asyncio.gather(*map(self._looked_at, orders))

    async def _looked_at(self, order: MessagePosted) -> MessagePosted:
        who = next((one for one in order.mentions if one.username), None)
        if who is None or not self._steers(order):
            return order
        found = await self._who(order.group, who)
        return replace(order, mentions=tuple(found if one is who else one for one in order.mentions))

    def _steers(self, order: MessagePosted) -> bool:
        group, account = self._groups().get(order.group), order.actor.account
        if order.actor.admin or group is None:
            return order.actor.admin
        return account in group.moderators or account in group.staff or account in group.owners

    async def _who(self, group: str, who: Actor) -> Actor:
        name, chat = (who.username or "").casefold(), self._chats.chat_of(group)
        if only_called(who.account, name):
            borne, seat = await asyncio.to_thread(self._looked_up, group, name)
            if seat is None:
                return who
            known = replace(who, account=seat.account, name=seat.name)
        else:
            borne, known = True, who
        bears = None if chat is None else await self._bears(chat, known.account)
        if bears == name or (bears is None and borne):
            return known
        return replace(known, account=Account(f"{TELEGRAM}:@{name}"), vouched=True) if bears is not None else who

    def _looked_up(self, group: str, name: str) -> tuple[bool, Seat | None]:
        """Who is known by a name, and whether as their username."""
        with self._store.unit() as unit:
            unit.lock((group,))
            bearer = unit.find_named(group, (name,), shown=False).get(name)
            if bearer is not None:
                return True, bearer
            return False, unit.find_named(group, (name,)).get(name)

    async def _bears(self, chat: int, account: Account) -> str | None:
        """The casefolded username that an account has now, "" for none; None where Telegram does not say."""
        native = native_of(account)
        if not native.isdecimal():
            return None
        asking = {"chat_id": chat, "user_id": int(native)}
        try:
            standing = result_of(await self._calls.call("getChatMember", asking, timeout=PATIENCE), ChatMember)
        except (CallFailed, msgspec.DecodeError):
            return None
        return (standing.user.username or "").casefold()

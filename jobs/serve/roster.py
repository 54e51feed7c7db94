"""Which groups are served now, by which bot, and in which chats: the configuration and what the store knows, as one.

The store's word counts for where a group lives, because groups move and are bound at run time. A new word of the
operator's wins over it: what was written last is kept beside, so that an old one is not taken for new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from adapters.telegram.addresses import Addresses
from config.home import Deployment
from core.ports import Books
from core.workflow import Group

TELEGRAM: Final = "telegram"
_WRITTEN: Final = "telegram:written"
"""Stands for a platform in the store's table of addresses: what the operator wrote when it was last taken over."""


class Roster:
    """Lives in the event loop's thread. `bots` are the names of those that are served, the default one first.

    `chats` are the addresses that each bot looks up, the same objects all along.
    """

    def __init__(self, books: Books, deployment: Deployment, bots: Sequence[str]) -> None:
        self._books = books
        self._bots = tuple(bots)
        self._deployment = deployment
        self.chats: Mapping[str, Addresses] = {bot: Addresses() for bot in bots}
        self.groups: Mapping[str, Group] = {}

    @property
    def deployment(self) -> Deployment:
        """The configuration that is in use."""
        return self._deployment

    def use(self, deployment: Deployment) -> None:
        """Take another configuration; `refresh` afterwards."""
        self._deployment = deployment

    def bot_of(self, group: str) -> str:
        """The bot that serves a group."""
        for chapter in self._deployment.communities.values():
            written = chapter.community.groups.get(group)
            named = written.bot if written is not None else None
            if named is not None and named in self.chats:
                return named
        return self._bots[0]

    def served(self, bot: str) -> Sequence[str]:
        """The groups of a bot that have a chat."""
        return sorted(self.chats[bot].groups)

    async def settle(self, resolved: Mapping[str, str]) -> None:
        """Take over addresses that the operator wrote anew. `resolved` are the numbers of those written as `@name`."""
        await asyncio.to_thread(self._settle, resolved)

    def _settle(self, resolved: Mapping[str, str]) -> None:
        known = self._books.addresses()
        taken = {group: address for (platform, address), group in known.items() if platform == _WRITTEN}
        for group, address in self.written().items():
            number = resolved.get(address, address)
            if taken.get(group) != address and not number.startswith("@"):
                self._books.set_address(group, TELEGRAM, number)
                self._books.set_address(group, _WRITTEN, address)

    def written(self) -> Mapping[str, str]:
        """The Telegram address of each group as the operator wrote it, where there is one."""
        return {group: at for (platform, at), group in self._deployment.addresses.items() if platform == TELEGRAM}

    async def refresh(self) -> bool:
        """Read where groups live now. Whether the groups are others than before, so that the engine needs them."""
        known = await asyncio.to_thread(self._books.addresses)
        chats: dict[str, dict[int, str]] = {bot: {} for bot in self._bots}
        for (platform, address), group in known.items():
            if platform == TELEGRAM and group in self._deployment.groups and _is_number(address):
                chats[self.bot_of(group)][int(address)] = group
        everywhere = {chat for held in chats.values() for chat in held}
        for bot, held in chats.items():
            self.chats[bot].replace(held, everywhere - held.keys())
        live = {group for held in chats.values() for group in held.values()}
        groups = {
            key: replace(group, platforms=(TELEGRAM,) if key in live else ())
            for key, group in self._deployment.groups.items()
        }
        changed = groups != self.groups
        self.groups = groups
        return changed

    def desks(self, group: str) -> Sequence[str]:
        """Where the admins of a group are told things: the chat of their desk, or those of each of them in private."""
        held = self.groups.get(group)
        if held is None:
            return ()
        desk = self.chats[self.bot_of(group)].address_of(held.desk) if held.desk else None
        if desk is not None:
            return (desk,)
        accounts = (account.partition(":") for account in sorted(held.staff))
        return tuple(native for platform, _, native in accounts if platform == TELEGRAM)


def _is_number(address: str) -> bool:
    return address.lstrip("-").isdecimal()

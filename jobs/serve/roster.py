"""Which groups are served now, by which account, and in which chats: the configuration and what the store knows, as
one.

The store's word counts for where a group lives, because groups move and are bound at run time. A new word of the
operator's wins over it: what was written last is kept beside, so that an old one is not taken for new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from adapters.telegram.addresses import Addresses
from config.community import Addresses as Written
from config.connections import accounts, gateways
from config.deployment import Settings
from config.home import Deployment
from core.books import Books
from core.directory import moved_on, numbered_on, written_on
from core.workflow import Group
from jobs.living import PLATFORMS, living
from jobs.serve.rooms import Rooms

TELEGRAM: Final = "telegram"
WECHAT: Final = "wechat"


class Seat(NamedTuple):
    """An account that groups can be served by: its platform, and what the operator calls it there."""

    platform: str
    bot: str

    @property
    def name(self) -> str:
        """What its connection is called: a Telegram bot by its own name, others with their platform before it."""
        return self.bot if self.platform == TELEGRAM else f"{self.platform}:{self.bot}"


def seat_named(name: str) -> Seat:
    """The account of a connection; see `Seat.name`."""
    platform, colon, bot = name.partition(":")
    return Seat(platform, bot) if colon else Seat(TELEGRAM, name)


def seats_of(settings: Settings) -> tuple[Seat, ...]:
    """The accounts that are written, of each platform the default first."""
    bots, rooms = accounts(settings), gateways(settings)
    return (*(Seat(TELEGRAM, one) for one in bots), *(Seat(WECHAT, one) for one in rooms))


class Places(Protocol):
    """The groups of one account and where they live, both as known at this moment."""

    @property
    def groups(self) -> Collection[str]:
        """The groups that have an address."""
        ...

    def address_of(self, group: str) -> str | None:
        """Where a group lives, as addresses are stored; None if it lives nowhere."""
        ...


class Roster:
    """Lives in the event loop's thread. `seats` are the accounts that are served, of each platform the default first.

    `chats` and `rooms` are the addresses that each account looks up, the same objects all along.
    """

    def __init__(self, books: Books, deployment: Deployment, seats: Sequence[Seat], secret: bytes = b"") -> None:
        self._books = books
        self._secret = secret
        self._seats = tuple(seats)
        self._deployment = deployment
        self.chats: Mapping[str, Addresses] = {one.name: Addresses() for one in seats if one.platform == TELEGRAM}
        self.rooms: Mapping[str, Rooms] = {one.name: Rooms() for one in seats if one.platform == WECHAT}
        self.groups: Mapping[str, Group] = {}
        self._lived: tuple[Deployment | None, Mapping[str, Collection[str]]] = (None, {})
        """What the groups were made of."""

    @property
    def deployment(self) -> Deployment:
        """The configuration that is in use."""
        return self._deployment

    def use(self, deployment: Deployment) -> None:
        """Take another configuration; `refresh` afterwards."""
        self._deployment = deployment

    def places(self, account: str) -> Places:
        """Where the groups of a connection live."""
        return self.chats[account] if account in self.chats else self.rooms[account]

    def account_of(self, group: str, platform: str = TELEGRAM) -> str | None:
        """The connection by which a group is served on a platform; None where the platform is not served."""
        seats = [one for one in self._seats if one.platform == platform]
        named = self._named(group, platform)
        return next((one.name for one in seats if one.bot == named), seats[0].name if seats else None)

    def _named(self, group: str, platform: str) -> str | None:
        written = self._written(group)
        if written is None:
            return None
        return written.bot if platform == TELEGRAM else written.gateway

    def _written(self, group: str) -> Written | None:
        for chapter in self._deployment.communities.values():
            if group in chapter.community.groups:
                return chapter.community.groups[group]
        return None

    def served(self, account: str) -> Sequence[str]:
        """The groups of a connection that have an address."""
        return sorted(self.places(account).groups)

    def written(self, group: str, platform: str) -> str | None:
        """What the operator wrote as a group's address on a platform: a number, or a name; None where nothing is."""
        addresses = self._deployment.addresses.items()
        return next((address for (on, address), key in addresses if (on, key) == (platform, group)), None)

    async def settle(self, resolved: Mapping[tuple[str, str], str | None]) -> None:
        """Take over addresses that the operator wrote anew. `resolved` tells those written as names, by platform and
        group; None for names that lead nowhere now."""
        await asyncio.to_thread(self._settle, resolved)

    def _settle(self, resolved: Mapping[tuple[str, str], str | None]) -> None:
        for (platform, group), address in self.anew().items():
            found = resolved.get((platform, group), None) if is_name(platform, address) else address
            if found is not None:
                self._books.set_address(group, platform, found)
                self._books.set_address(group, written_on(platform), address)

    def anew(self) -> Mapping[tuple[str, str], str]:
        """The addresses that the operator wrote and that were not taken over yet, by platform and group."""
        taken = {(platform, group): address for (platform, address), group in self._books.addresses().items()}
        return {
            (platform, group): address
            for (platform, address), group in self._deployment.addresses.items()
            if self.account_of(group, platform) is not None and taken.get((written_on(platform), group)) != address
        }

    async def refresh(self) -> bool:
        """Read where groups live now. Whether the groups are others than before, so that the engine needs them."""
        known = await asyncio.to_thread(self._books.addresses)
        live: dict[str, set[str]] = {}
        held: dict[str, dict[str, str]] = {one.name: {} for one in self._seats}
        for (platform, address), group in known.items():
            account = self.account_of(group, platform) if platform in PLATFORMS else None
            if account is not None and group in self._deployment.groups and _is_address(platform, address):
                held[account][address] = group
                live.setdefault(group, set()).add(platform)
        numbered = {
            group: int(left.partition(" ")[0])
            for (on, left), group in known.items()
            if on == numbered_on(TELEGRAM) and _is_address(TELEGRAM, left.partition(" ")[0])
        }
        moves = [told.split() for on, told in known if on == moved_on(TELEGRAM)]
        moved = {int(old): int(new) for old, new in moves if _is_address(TELEGRAM, old) and _is_address(TELEGRAM, new)}
        everywhere = {address for one in self.chats for address in held[one]}
        for one, chats in self.chats.items():
            elsewhere = {int(address) for address in everywhere - held[one].keys()}
            chats.replace({int(address): group for address, group in held[one].items()}, elsewhere, numbered, moved)
        for one, rooms in self.rooms.items():
            rooms.replace(held[one])
        before, lived = self._lived
        if before is self._deployment and lived == live:
            return False
        self._lived = self._deployment, live
        alive = living(self._deployment.groups, live)
        groups = {key: replace(group, secret=self._secret) for key, group in alive.items()}
        changed = groups != self.groups
        self.groups = groups
        return changed

    def desks(self, group: str, platform: str = TELEGRAM) -> Sequence[str]:
        """Where the admins of a group are told things on a platform: the chat of their desk, or those of each of them
        in private."""
        held = self.groups.get(group)
        account = self.account_of(group, platform)
        if held is None or account is None:
            return ()
        desk = self.places(account).address_of(held.desk) if held.desk else None
        if desk is not None:
            return (desk,)
        accounts = (one.partition(":") for one in sorted(held.staff))
        return tuple(native for named, _, native in accounts if named == platform)


def _is_address(platform: str, address: str) -> bool:
    """Whether something can be looked up in a chat as it is. Rooms are written by topic and kept by id."""
    return platform != TELEGRAM or address.lstrip("-").isdecimal()


def is_name(platform: str, address: str) -> bool:
    """Whether an address that an operator wrote is a name, which the platform has to be asked about."""
    return platform != TELEGRAM or address.startswith("@")

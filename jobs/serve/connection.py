"""What serving asks of a connection: one account on a platform, whichever that is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from adapters.sql.connections import Who
from config.problems import Language
from core.budget import Budget
from core.delivery import Ability, Platform
from core.events import BotStanding, GroupMoved
from core.pacing import Limits
from core.workflow import Group


class Connection(Protocol):
    """An account that is let in. `abilities` by group is live: what it may do there, as last heard."""

    @property
    def name(self) -> str:
        """What operators call it; no two connections of a process share one."""
        ...

    @property
    def account(self) -> str:
        """`platform:native id` of the account, by which its courier is known."""
        ...

    @property
    def platform(self) -> Platform: ...

    @property
    def abilities(self) -> dict[str, frozenset[Ability]]: ...

    @property
    def who(self) -> Who | None:
        """Who is let in, where another account may be another time; None where nobody is, or it is always the same."""
        ...

    @property
    def let_in(self) -> bool:
        """Whether the platform lets the account in, as far as anybody knows; where not, this process says nothing."""
        ...

    @property
    def heard_since(self) -> datetime | None:
        """Since when all that people write arrives, without a break; None while it does not."""
        ...

    @property
    def heard_before(self) -> datetime | None:
        """Until when that was so before it broke off, where that was noticed late only; None where nothing was."""
        ...

    @property
    def keeps(self) -> timedelta:
        """How long the platform keeps what it could not deliver."""
        ...

    @property
    def budget(self) -> Budget | None:
        """How much the account may say in a day, where that is bounded."""
        ...

    @property
    def one_way(self) -> bool:
        """Whether what is heard comes over a connection of its own; else it is kept until all was said."""
        ...

    @property
    def limits(self) -> Limits:
        """How fast the account may speak."""
        ...

    @property
    def grantable(self) -> bool:
        """Whether admins of a group can grant it rights there."""
        ...

    @property
    def how(self) -> str:
        """How receiving goes, in a word: "running", "delivered", or what is wrong."""
        ...

    @property
    def well(self) -> bool:
        """Whether what people write arrives, as far as is known."""
        ...

    @property
    def behind(self) -> bool:
        """Whether something may have been written that is not handled yet, as far as the platform keeps and tells that:
        nothing is received, or what was kept meanwhile has yet to come."""
        ...

    async def standing(self, group: str, address: str, id_: str, at: datetime) -> BotStanding | GroupMoved | None:
        """What the account may do in a group, asked of the platform now, or where the group is instead; None if it does
        not say."""
        ...

    def follow(self, moved: GroupMoved) -> None:
        """A group of the account has another address: what is known of the old one holds for the new one."""
        ...

    async def resolved(self, group: str, written: str) -> str | None:
        """The address of a group that the operator wrote as a name; None if that is no place of this account's now."""
        ...

    def told(self, groups: Iterable[str], language: Language) -> str:
        """A line for the operator: which account this is, and the groups that it serves."""
        ...

    async def show_menus(self, groups: Mapping[str, Group]) -> bool:
        """Tell the platform which commands there are, where it has a place for them and shows others. False if it is
        worth trying again."""
        ...

    async def receive(self, language: Language, turn: asyncio.Event) -> None:
        """Receive until cancelled. Raises CannotServe if the account is not let in any more.

        `turn` is set while this process is the one that speaks for the account. What only one may do, waits for it.
        """
        ...

    async def farewell(self) -> None:
        """Say what is left to say."""
        ...

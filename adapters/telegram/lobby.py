"""What all parts of a bot's reception have at hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from adapters.telegram.actors import BotIdentity
from adapters.telegram.addresses import Addresses
from adapters.telegram.admins import Admins
from adapters.telegram.asides import Asides
from adapters.telegram.calling import Caller
from adapters.telegram.said import Sentences
from core.directory import Directory
from core.workflow import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Lobby:
    """One bot with its chats, as they are at this moment; shared by the parts of its reception.

    `groups` are those that the bot is to serve, with or without a chat. `refresh` reads the addresses again.
    """

    calls: Caller
    bot: BotIdentity
    admins: Admins
    addresses: Addresses
    directory: Directory
    sentences: Sentences
    asides: Asides
    groups: Callable[[], Mapping[str, Group]]
    refresh: Callable[[], Awaitable[object]]
    now: Callable[[], datetime]

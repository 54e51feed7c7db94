"""What a gateway tells, as plain values: the shapes of Wechaty's payloads, without Wechaty.

Ids are the gateway's own. Instants are UTC. An empty string stands for what a gateway does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message. `kind` is the number of `wechaty-puppet`'s MessageType; `at` None if the gateway does not date it.

    `room` is empty for a private message, `listener` is who received it then. `mentions` are ids of contacts.
    """

    id: str
    kind: int
    talker: str
    room: str = ""
    listener: str = ""
    text: str = ""
    filename: str = ""
    mentions: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody whom the account can see. `alias` is what the account itself calls them, `friend` that it may write."""

    id: str
    name: str = ""
    alias: str = ""
    friend: bool = False
    official: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody in a room, or beside one. `alias` is the name that they gave themselves in the room."""

    id: str
    name: str = ""
    alias: str = ""
    inviter: str = ""

    @property
    def shown(self) -> str:
        """The name that others read in the room."""
        return self.alias or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room as it is now. `owner` is empty where the gateway does not tell."""

    id: str
    topic: str = ""
    owner: str = ""
    admins: frozenset[str] = frozenset()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """The account is asked to join a room."""

    id: str
    inviter: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Friendship:
    """Somebody asks to be a contact (`asks`), or became one."""

    id: str
    contact: str
    hello: str = ""
    asks: bool = False


# What happened, in the order in which the gateway told it, with the names that belong to it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message came. `ours` are the names under which the account itself is known where it was written; `own` says
    that it wrote the message itself: what it posts comes back, also after it was logged out. `quotes` is the message
    that seems to be quoted, if one is.
    """

    message: Message
    sender: Member
    mentioned: tuple[Member, ...] = ()
    ours: frozenset[str] = frozenset()
    own: bool = False
    quotes: str = ""
    arrived: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """People are in a room from now on. The gateway often does not know `by` whom, and seldom not who."""

    room: str
    members: tuple[Member, ...]
    by: Member | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """People left a room, or were removed `by` somebody."""

    room: str
    members: tuple[Member, ...]
    by: Member | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitled:
    """A room has another topic."""

    room: str
    topic: str
    was: str = ""
    by: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The account is asked into a room."""

    invitation: Invitation
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Befriended:
    """Somebody asks to be a contact, or became one."""

    friendship: Friendship
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Something happened and the gateway could not say what: `id` is the message's or the request's."""

    id: str
    why: str
    at: datetime


Happening = Posted | Entered | Departed | Retitled | Invited | Befriended | Unread
"""All that a gateway hands over; `match` over it ends in `assert_never`."""

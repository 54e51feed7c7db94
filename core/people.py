"""Who acts: accounts on platforms, the actors of events, and members as workflows see them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NewType

from core.quick import quick

Account = NewType("Account", str)
"""`platform:native id`, for example `telegram:10001`. The platform part never holds a colon."""

PersonId = NewType("PersonId", int)
"""A human (or channel, or bot) across accounts. Given by the store; 0 stands for nobody."""

NOBODY = PersonId(0)

ADMIN = "admin"
"""The role of staff: listed under `community.admins`, or a live admin of the platform's group."""

MODERATOR = "moderator"
"""The role of those whom the operator lets warn and mute; they are judged and win prizes like all members."""

OWNER = "owner"
"""The role of who owns the group: listed under `community.owners`, or the platform's creator. Owners are staff."""


class ActorKind(enum.StrEnum):
    """Decided once, in `translate`; nothing later guesses from ids."""

    PERSON = "person"
    BOT = "bot"
    CHANNEL = "channel"
    ANONYMOUS_ADMIN = "anonymous_admin"


PERSON: Final = ActorKind.PERSON
ANONYMOUS_ADMIN: Final = ActorKind.ANONYMOUS_ADMIN
"""The kinds that every message is asked about. On Python 3.11 an enum's attribute takes 0.2 us each time."""


def platform_of(account: str) -> str:
    """The platform that an account is on."""
    return account.partition(":")[0]


def native_of(account: str) -> str:
    """The platform's own id of an account."""
    return account.partition(":")[2]


def only_called(account: Account, name: str) -> bool:
    """Whether an account is a name that somebody wrote, and nobody who was ever seen."""
    return native_of(account).casefold() == f"@{name}".casefold()


def borne(account: Account, username: str | None) -> tuple[str, str] | None:
    """The platform and the casefolded username that an account takes from all others of the platform, once it is seen
    with it; None without one. A name that somebody wrote takes nothing, and nothing is taken from it."""
    if not username or only_called(account, username):
        return None
    return platform_of(account), username.casefold()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who caused an event, as the platform told it. `name` is shown to people and may hold anything.

    `username` is "" where the platform tells that there is none, None where it does not tell.
    `rights` are told with commands only: what an admin may do by the platform (restrict, delete, promote, change_info,
    invite, pin), and `owner`. `vouched` says that the platform was asked for this very event; of who is `only_called`
    so, that whoever was known by that username (`name`) does not bear it any more.
    """

    account: Account
    name: str = ""
    kind: ActorKind = ActorKind.PERSON
    username: str | None = None
    language: str | None = None
    admin: bool = False
    rights: frozenset[str] = frozenset()
    vouched: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in one group, as workflows see them.

    `joined` is None when nobody saw the person join: they were here before us, and are not newcomers.
    `seen` is the first time anything of them was observed in the group. All instants are UTC.
    """

    person: PersonId
    account: Account
    name: str
    kind: ActorKind = ActorKind.PERSON
    seen: datetime
    joined: datetime | None = None
    left: datetime | None = None
    inviter: PersonId | None = None
    language: str | None = None
    roles: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    @property
    def staff(self) -> bool:
        """Whether the member may steer the group; staff are never judged and win no prizes."""
        return ADMIN in self.roles

"""What a workflow may know: typed keys that it declares in `reads` and looks up in its `View`.

All state belongs to one group and, mostly, to one person in it. A key names an *account*; the engine
finds the person behind it, so two accounts of one person share one streak.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from core.people import Account, ActorKind, Member, PersonId
from core.quick import filled

if TYPE_CHECKING:
    from core.parts import Presence

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

POINTS: Final = "points"
WARNING: Final = "warning"
HOUSE: Final = ""
"""The key of no group: what belongs to the house lies there."""
_JOINER: Final = "\u2060"


class Entry(NamedTuple):
    """One fact of the ledger. `amount` counts in the units of `kind`; `by` caused it; `rule` explains it.

    `about` is the local day that the fact is for, where it has one (a check-in made up later). Where a person was bound
    together of several accounts, `own` says which of them the fact is of, `by_own` the same of who caused it; a fact
    with `own` 0 is of the bond itself, and goes with it.
    """

    kind: str
    key: str
    at: datetime
    person: PersonId
    amount: int
    by: PersonId | None
    event: str
    rule: str
    reason: str
    expires: datetime | None = None
    about: date | None = None
    own: PersonId | None = None
    by_own: PersonId | None = None

    def live(self, at: datetime) -> bool:
        """Whether the fact still counts at that instant."""
        return self.expires is None or self.expires > at


class Day(NamedTuple):
    """What one person did in one group on one local day. The base of every metric; holds no text."""

    day: date
    messages: int = 0
    replies_given: int = 0
    replies_received: int = 0
    reactions_given: int = 0
    reactions_received: int = 0
    check_ins: int = 0

    @property
    def active(self) -> bool:
        """Posted, reacted or checked in; being answered is not activity, and reading is invisible."""
        return bool(self.messages or self.reactions_given or self.check_ins)


class Bond(NamedTuple):
    """Two accounts that are one person. Where the ids of a platform changed, `gone` is the account that was."""

    id: int
    one: Account
    other: Account
    at: datetime
    gone: Account | None = None

    def partner(self, account: Account) -> Account:
        """The other one."""
        return self.other if account == self.one else self.one


class Standing(NamedTuple):
    """One line of a leaderboard: `amount` is the sum, `facts` how many there are, `reached` the last fact's instant."""

    person: PersonId
    account: Account
    name: str
    kind: ActorKind
    amount: int
    facts: int
    reached: datetime


class Key(NamedTuple, Generic[T_co]):
    """A piece of state to read. Make one with `Slot.of`, `balance`, `entries`, `days` ..., never by hand.

    `what` tells the kind, `who` the account ("" for the group itself), the rest depends on the kind.
    """

    what: str
    who: Account | None
    name: str = ""
    since: datetime | date | None = None
    slot: Slot[Any] | None = None
    limit: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Slot(Generic[T]):
    """A workflow's own small record: a name for ever (rows hold it) and a dataclass that can be JSON.

    Dictionaries in it come back in their order; sets, which have none, are no part of it: the same record is the same
    text in every process. A field added later needs a default: old rows lack it. There is one `Slot` of a name, so it
    equals itself alone.
    """

    name: str
    type: type[T]

    def of(self, account: Account) -> Key[T | None]:
        """The record of one member, None if there is none yet."""
        return filled(Key, ("record", account, self.name, None, self, 0))

    def of_group(self) -> Key[T | None]:
        """The record of the group itself."""
        return filled(Key, ("record", None, self.name, None, self, 0))

    def of_house(self) -> Key[T | None]:
        """The record of the house, beyond all groups. Writing it holds every group: for what is rare."""
        return Key("house", None, self.name, slot=self)

    def kept(self, side: int) -> Key[T | None]:
        """The record that one side had before it was bound (`Linked.sides`), None if it had none."""
        return Key("kept", None, self.name, slot=self, limit=side)

    def of_all(self) -> Key[tuple[tuple[Member, T], ...]]:
        """Every member's record in this group, for timers that settle or remind. Ordered by person."""
        return Key("everyone", None, self.name, slot=self)


def member(account: Account) -> Key[Member | None]:
    """Somebody else than the event's actor: who they are in this group, None if never seen here."""
    return filled(Key, ("member", account, "", None, None, 0))


def bonds(account: Account) -> Key[tuple[Bond, ...]]:
    """What binds the accounts of somebody's person together, oldest first; nothing for nearly everybody."""
    return filled(Key, ("bonds", account, "", None, None, 0))


def presences(account: Account) -> Key[Mapping[Account, Presence]]:
    """When each account of somebody's person came to this group and left it. Those that were never seen here are not
    in it."""
    return filled(Key, ("presences", account, "", None, None, 0))


def named(name: str) -> Key[Member | None]:
    """The member whose username or shown name is `name` (without @, case ignored); None if unknown or ambiguous. It may
    be as the assistant says it, with the joiners by which a name leads nowhere."""
    return Key("named", None, name.replace(_JOINER, "").casefold())


def balance(kind: str, account: Account) -> Key[int]:
    """The sum of all facts of a kind, expired ones included. 0 if there are none."""
    return filled(Key, ("balance", account, kind, None, None, 0))


def entries(kind: str, account: Account, since: datetime | None = None) -> Key[tuple[Entry, ...]]:
    """The facts of a kind about one member, oldest first, from `since` on (all if None)."""
    return filled(Key, ("entries", account, kind, since, None, 0))


def given(kind: str, account: Account, since: datetime) -> Key[tuple[Entry, ...]]:
    """The facts of a kind that one member *caused* about others, oldest first, from `since` on."""
    return Key("given", account, kind, since)


def days(account: Account, since: date) -> Key[tuple[Day, ...]]:
    """The member's days from `since` on, oldest first; days without anything are left out."""
    return filled(Key, ("days", account, "", since, None, 0))


def standings(kind: str, top: int, since: datetime | None = None) -> Key[tuple[Standing, ...]]:
    """The `top` people by the sum of a kind since an instant (ever, if None).

    Ties: the one who reached the sum first stands first. People who left are left out.
    """
    return Key("standings", None, kind, since, limit=top)


def everybody() -> Key[tuple[Member, ...]]:
    """Everybody who is in the group, as far as they were seen there, ordered by person."""
    return Key("present", None)


def regulars(since: date, top: int) -> Key[tuple[Account, ...]]:
    """The `top` people who took part on the most days from `since` on, by one account each. Who left is left out."""
    return Key("regulars", None, "", since, limit=top)


def timers(workflow: str) -> Key[frozenset[str]]:
    """The keys of a workflow's own timers that are set: one that rang, or that an operator cancelled, is no more."""
    return Key("timers", None, workflow)

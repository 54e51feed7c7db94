"""What becomes of effects: parcels on their way to a platform, what a platform answers, and what it can do.

The outbox row is the truth. A courier takes parcels that wait, asks the platform to perform them, and settles each:
done, later, never, or unsure. Only the courier that holds the lease of a bot account performs for it.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, Protocol

from core.effects import Effect
from core.events import Event
from core.people import Account

Ability = Literal[
    "say", "react", "delete", "mute", "remove", "ban", "pin", "approve", "edit", "buttons", "private", "picture",
    "file", "invite", "hear", "announce",
]  # fmt: skip
"""What an assistant may do in a group at this moment. `private` is writing to members who allow it, `file` is handing
them one there; `hear` is seeing every message, not only those meant for the assistant; `announce` is setting the one
announcement that a group has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """It happened. `message` is the platform's id of what was posted, `result` what was made (an invite link).

    `posts` is how many messages this took: all count against the limits of the chat; of an act it is how many requests,
    which count against those of the account. `left` is how many more it takes
    (a long text is split): asked again, the platform goes on with the next one, when its time has come.
    """

    message: str | None = None
    result: str | None = None
    note: str = ""
    posts: int = 1
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now: try again after `after`. It is certain that nothing happened.

    `whole_bot` says that every chat of the bot has to wait, not this one only. `flood` says that the platform itself
    asked for the pause: it is there, and it is kept over a restart. `requests` is how many were made until then.
    """

    after: timedelta
    why: str
    whole_bot: bool = False
    flood: bool = False
    requests: int = 1


class Refusal(enum.StrEnum):
    """Why a platform will never do it. What follows depends on it."""

    NO_RIGHT = "no_right"
    """The assistant lacks a right in the group; the admins are told once which."""
    NOT_THERE = "not_there"
    """The assistant is not in the group (kicked, group deleted): the group's parcels are parked until it is back."""
    UNREACHABLE = "unreachable"
    """The person cannot be written to in private (never began, blocked, deleted)."""
    GONE = "gone"
    """What it was about is no longer there: the message, the request, the member. Nothing is left to do."""
    SHUT = "shut"
    """The part of the group that it goes to (a topic) is closed or gone; the admins are told."""
    IMMUNE = "immune"
    """The member is an admin or owner of the group: nobody can act on them."""
    MOVED = "moved"
    """The group has a new address; `Never.moved_to` tells it. The parcel goes there, once more."""
    MALFORMED = "malformed"
    """The platform does not accept what we made: our mistake, shown to the operator."""
    UNABLE = "unable"
    """The platform has no such thing."""
    CREDENTIALS = "credentials"
    """The bot's token is not accepted: nothing can be performed until the operator mends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """It did not happen and never will this way. `why` is the platform's own text, `needs` the right to grant.

    `requests` is how many were made until then.
    """

    refusal: Refusal
    why: str
    needs: Ability | None = None
    moved_to: str | None = None
    requests: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """Nobody knows whether it happened: the answer was lost after the request had gone out, the last of `requests`."""

    why: str
    requests: int = 1


Answer = Done | Later | Never | Unsure
"""What a platform answers to a parcel; `match` over it ends in `assert_never`."""


class Parcel(NamedTuple):
    """An effect on its way. `id` is the outbox row's; `platform` where it goes; times are UTC.

    `attempts` counts how often it was begun before, `unsure` how many of those ended without anybody knowing.
    `began` is set if an earlier courier began it and never settled it (it was killed): that attempt counts as unsure,
    beside those in `unsure`. `in_hand` is set if it was written as begun by this courier and has not gone yet: this
    attempt is in `attempts` already. `asker` is the member whose own message it answers, if it answers one.
    """

    id: str
    group: str
    platform: str
    event: str
    workflow: str
    effect: Effect
    at: datetime
    expires: datetime | None = None
    attempts: int = 0
    unsure: int = 0
    began: bool = False
    in_hand: bool = False
    asker: Account | None = None


class Destination(NamedTuple):
    """Where in a platform a parcel is performed: the chat's own address, as the platform writes it."""

    group: str
    chat: str


class State(enum.StrEnum):
    """The states of an outbox row. `waiting` and `sending` are on their way; `parked` waits for the assistant's
    return to the group; all others are final."""

    WAITING = "waiting"
    SENDING = "sending"
    PARKED = "parked"
    DONE = "done"
    UNSURE = "unsure"
    DEAD = "dead"
    DROPPED = "dropped"

    @property
    def final(self) -> bool:
        """Whether nothing more becomes of the row."""
        return self not in _OPEN


_OPEN: Final = (State.WAITING, State.SENDING, State.PARKED)


class Settled(NamedTuple):
    """What became of a parcel, to be written. `outcome` is read by people; `message` is the platform's id of a post.

    `not_before` is for `waiting` and `parked` (when to ask again). `instead` are effects that take its place (told in
    the group because the private chat is closed), written in the same transaction under ids derived from the parcel's.
    `line` is one more such effect, written unless a line was written under the same name `once` before and nobody
    forgot it. An attempt that does not count (`counts`) is taken off `attempts`: no fault of the parcel's.
    `sent` is when it was said, or may have been: the next courier keeps the same limits. Whom it answers is forgotten
    once it is final and was never said: it counts for nobody's share.
    """

    id: str
    state: State
    outcome: str
    message: str | None = None
    not_before: datetime | None = None
    unsure: bool = False
    instead: tuple[Effect, ...] = ()
    line: Effect | None = None
    once: str = ""
    counts: bool = True
    sent: datetime | None = None


class Said(NamedTuple):
    """Something that an account said: `effect` in a group (or to somebody there), and when.

    `at` is None for what was begun and not settled: it may have happened at any moment until now, and need be nothing
    that is said. There may be `copies` of it. `asker` as in `Parcel`.
    """

    group: str
    effect: Effect
    at: datetime | None
    copies: int = 1
    asker: Account | None = None


class Waiting(NamedTuple):
    """Something that waits for an instant, as the last attempt left it."""

    group: str
    effect: Effect
    outcome: str
    until: datetime


class Parking(NamedTuple):
    """A group with parked parcels: why, and when to ask again whether the assistant is back."""

    why: str
    again: datetime | None


class Addressee(NamedTuple):
    """Somebody whom a parcel is about: the name that others know, and whether they are a member of the group."""

    name: str
    member: bool


class Dispatch(Protocol):
    """The outbox as couriers use it. Each call is its own transaction; all may raise StoreBusy or StoreUnavailable."""

    def take_lease(self, name: str, holder: str, span: timedelta) -> bool:
        """Take or prolong a named lease. False while another holder has it (leases run by the store's clock)."""
        ...

    def drop_lease(self, name: str, holder: str) -> None:
        """Give a lease back, so that another need not wait for its end. Nothing happens if it is not held."""
        ...

    def waiting(
        self,
        platform: str,
        groups: Collection[str],
        now: datetime,
        *,
        per_group: int,
        most: int,
        besides: Collection[str] = (),
    ) -> Sequence[Parcel]:
        """Parcels to perform now: of each group the most urgent first, then the oldest, `per_group` of them.

        Those whose `not_before` is after `now` are left out, those left `sending` by a courier that is gone are in.
        `besides` are ids that the caller has already: they fill their group's share and are not answered again. Where
        there are more than `most`, the most urgent go first, and the groups take turns.
        """
        ...

    def pending(self, platform: str, groups: Collection[str]) -> Mapping[str, int]:
        """How many parcels of each group are still on their way; groups without any are left out."""
        ...

    def begin(self, ids: Sequence[str], holder: str) -> Collection[str]:
        """Write down that these are being performed from now on, by this courier. Answers which it may perform.

        None if it holds no lease. Those that are settled already, or that another living courier performs, are left.
        """
        ...

    def settle(self, settled: Sequence[Settled], holder: str) -> int:
        """Write what became of parcels, in one transaction. Rows that another courier began since are left alone.

        Answers how many rows were written.
        """
        ...

    def turn(self, settled: Sequence[Settled], ids: Sequence[str], holder: str) -> Collection[str]:
        """`settle` and `begin` in one transaction. Answers what `begin` does."""
        ...

    def park(self, platform: str, group: str, why: str, again: datetime | None = None) -> int:
        """The assistant is not in the group: what waits for it there is parked, all but lines to the admins.

        `again` is when to ask whether it is back.
        """
        ...

    def unpark(self, platform: str, group: str) -> int:
        """The assistant is back: what is parked or put off waits for nothing more."""
        ...

    def parked(self, platform: str, groups: Collection[str]) -> Mapping[str, Parking]:
        """The groups that have parked parcels."""
        ...

    def told(self, prefix: str) -> Collection[str]:
        """The names of lines that were written once (`Settled.once`) and begin with this."""
        ...

    def said(self, platform: str, since: datetime) -> Sequence[Said]:
        """What was settled with an instant (`Settled.sent`) from `since` on, the oldest first; then what was begun."""
        ...

    def put_off(self, platform: str, outcome: str, now: datetime) -> Sequence[Waiting]:
        """What waits for an instant after `now` with an outcome that begins with this."""
        ...

    def forget(self, names: Collection[str]) -> None:
        """The lines of these names may be written again."""
        ...

    def addressee(self, group: str, account: Account, at: datetime) -> Addressee | None:
        """What is known of somebody in a group; None for an account never seen."""
        ...


class Platform(Protocol):
    """A live connection to a platform through one bot account. Never raises for what a platform can answer."""

    @property
    def name(self) -> str:
        """ "telegram" or "wechat"."""
        ...

    def abilities(self, group: str) -> frozenset[Ability] | None:
        """What the assistant may do in the group now; None if nobody has said yet (then everything is tried)."""
        ...

    def parts(self, effect: Effect, to: Destination) -> int:
        """How many messages it takes to post an effect: all count against the limits. 0 for what posts nothing."""
        ...

    async def perform(self, effect: Effect, to: Destination) -> Answer:
        """Do it, with a deadline; of what takes several messages the next one (`Done.left`). Cancelling it in the
        middle is an unsure outcome for the caller."""
        ...

    def forget(self, effect: Effect, to: Destination) -> None:
        """It is over, whether or not all of its messages were posted: the same words later are others."""
        ...


class Inlet(Protocol):
    """Where events go in: the engine behind a queue."""

    async def take(self, events: Sequence[Event]) -> None:
        """Returns when all of these are committed (or set aside). Raises StoreUnavailable: nothing was committed."""
        ...

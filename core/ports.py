"""What the engine asks of the world. Owned here, kept small, implemented in adapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from core.effects import Effect
from core.events import GroupMoved, TimerDue
from core.people import NOBODY, Account, Actor, ActorKind, PersonId
from core.quick import filled
from core.state import HOUSE, Bond, Day, Entry, Key, Slot, Standing


class Newcomer(NamedTuple):
    """An account to be known by the store, with what the platform last said about it."""

    account: Account
    name: str
    kind: ActorKind
    username: str | None
    language: str | None


def newcomer(actor: Actor) -> Newcomer:
    """What the store is told of an actor."""
    return Newcomer(actor.account, actor.name, actor.kind, actor.username or None, actor.language)


@dataclass(slots=True)
class Seat:
    """A person's row in a group, as loaded and as it will be written; the working set edits it in place.

    `person` is never 0. `seen` is None for somebody not seen in this group before. `first_joined` is when they joined
    for the first time, None if that is not known. `own` is the person that the account is without its bonds, if it has
    any. `records` are those that were asked for with the seat, by slot, as far as they can be read; None without any.
    """

    person: PersonId
    account: Account
    name: str
    kind: ActorKind
    username: str | None
    language: str | None
    seen: datetime | None = None
    joined: datetime | None = None
    left: datetime | None = None
    inviter: PersonId | None = None
    tags: frozenset[str] = frozenset()
    own: PersonId | None = None
    first_joined: datetime | None = None
    records: Mapping[str, object | None] | None = None
    renamed: bool = False
    dirty: bool = False


class AuditRow(NamedTuple):
    """A decision as it is remembered. `mode` is on, shadow or fault; `then` names what was done; `because` says why."""

    at: datetime
    group: str
    event: str
    workflow: str
    rule: str
    person: PersonId
    mode: str
    then: tuple[str, ...]
    because: tuple[str, ...]


class OutboxRow(NamedTuple):
    """An effect to perform. `id` is derived from the event, so that it exists once whatever happens.

    `platform` is where it goes; empty where the group is served nowhere (a simulation). `courier` is the holder of a
    lease that performs it as soon as it is written: it is written as begun. Empty for what waits to be fetched.
    `asker` is the member whose own message it answers; None for what the clock, admins or other happenings brought.
    """

    id: str
    at: datetime
    group: str
    event: str
    workflow: str
    kind: str
    effect: Effect
    expires: datetime | None
    platform: str = ""
    courier: str = ""
    asker: Account | None = None


class TimerRow(NamedTuple):
    """A promise to wake `workflow` at `at`.

    `ring` tells promises for the same instant apart: a timer set again for a moment at which it rang is another ring.
    """

    group: str
    workflow: str
    key: str
    at: datetime
    member: Account | None
    data: Mapping[str, object]
    ring: str = ""

    def due(self, at: datetime) -> TimerDue:
        """The event that this timer becomes at an instant."""
        return TimerDue(
            id=f"timer:{self.group}:{self.workflow}:{self.key}:{self.at.isoformat()}:{self.ring}",
            at=max(at, self.at),
            group=self.group,
            workflow=self.workflow,
            key=self.key,
            due=self.at,
            member=self.member,
            data=self.data,
        )


class TaskRow(NamedTuple):
    """Work that was asked for at `at`, and is not begun any more from `expires` on."""

    group: str
    kind: str
    key: str
    at: datetime
    expires: datetime | None
    data: Mapping[str, object]


class RecordAt(NamedTuple):
    """Where a record lies. `person` 0 is the group itself."""

    group: str
    person: PersonId
    slot: str


def record_at(group: str, person: PersonId, key: Key[Any]) -> RecordAt:
    """Where the record of a key lies: the member's or group's, the house's, or one that was kept aside."""
    if key.what == "record":
        return filled(RecordAt, (group, person, key.name))
    return RecordAt(HOUSE, NOBODY, key.name) if key.what == "house" else RecordAt(group, PersonId(key.limit), key.name)


class BalanceAt(NamedTuple):
    """Where a balance lies."""

    group: str
    person: PersonId
    kind: str


class DayAt(NamedTuple):
    """Where an activity row lies."""

    group: str
    person: PersonId
    day: date


class Fact(NamedTuple):
    """A ledger entry with its group."""

    group: str
    entry: Entry


class Tie(NamedTuple):
    """A bond as the store has it: between what two accounts are by themselves. The first is of the side that leads."""

    id: int
    one: PersonId
    other: PersonId
    gone: PersonId | None
    bond: Bond


def sides_of(bond: int) -> tuple[PersonId, PersonId]:
    """Under which numbers the records of both sides are kept. People's are above 0, the group's own is at 0."""
    return PersonId(-2 * bond), PersonId(-2 * bond - 1)


@dataclass(slots=True)
class Writes:
    """Everything that a batch decided, to be written in one go. `days` and `balances` are increments.

    `shares` are what single accounts of a bound person did, by what each is by itself: counted in `days` too. A move
    counts if the old address is the group's.
    """

    seats: list[tuple[str, Seat]] = field(default_factory=list)
    days: dict[DayAt, list[int]] = field(default_factory=dict)
    shares: dict[DayAt, list[int]] = field(default_factory=dict)
    records: dict[RecordAt, object | None] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    timers: dict[tuple[str, str, str], TimerRow | None] = field(default_factory=dict)
    audit: list[AuditRow] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    moves: list[GroupMoved] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(
            self.seats
            or self.days
            or self.records
            or self.facts
            or self.timers
            or self.audit
            or self.outbox
            or self.moves
            or self.tasks
        )


class UnitOfWork(Protocol):
    """One transaction. Leaving it without `commit` undoes everything.

    Reads see what was `save`d before in the same unit. Groups not known to the store are made on `lock`.
    """

    def lock(self, groups: Sequence[str]) -> None:
        """Hold these groups until the end, in one global order, so that no other process interleaves with them."""
        ...

    def lock_all(self, groups: Sequence[str]) -> None:
        """As `lock`, and every other group there is, too. To be called instead of it."""
        ...

    def unseen(self, ids: Sequence[str], at: datetime) -> set[str]:
        """Write the event ids down as seen and return those that were new."""
        ...

    def seats(
        self, wanted: Sequence[tuple[str, Newcomer | Actor]], slots: Sequence[Slot[Any]] = ()
    ) -> Mapping[tuple[str, Account], Seat]:
        """The seat of each account in each group; accounts never seen get a new person (made in the order given).

        With the records that they have of some slots.
        """
        ...

    def find(self, group: str, accounts: Sequence[Account]) -> Mapping[Account, Seat]:
        """The seats of accounts that some person already has; `seen` is None for those never seen in this group."""
        ...

    def rebind(self, was: Account, now: Newcomer) -> bool:
        """Give `now` to the person of `was`, who keeps both.

        False, and nothing done, if `now` has a person already or `was` has none.
        """
        ...

    def ties(self, persons: Sequence[PersonId]) -> Mapping[PersonId, Sequence[Tie]]:
        """What binds the accounts of each person together, oldest first."""
        ...

    def tie(self, one: PersonId, other: PersonId, at: datetime, gone: PersonId | None) -> int:
        """Write down that two are bound, and answer the bond's id. `regroup` must follow, with every group held."""
        ...

    def untie(self, bond: int) -> None:
        """Forget a bond. `regroup` must follow."""
        ...

    def regroup(self, persons: Mapping[PersonId, PersonId]) -> None:
        """Give what several accounts are by themselves to persons: their accounts, facts, sums and days in all groups.

        Names everybody who is bound to somebody now or was before. A fact's key that its person has already is kept
        apart, and is whole again when it is alone again; facts of bonds themselves go. Seats and records of the persons
        that were are taken away: whoever calls has read them, and writes the new ones.
        """
        ...

    def whereabouts(self, persons: Sequence[PersonId]) -> Sequence[str]:
        """The groups in which any of these persons was seen, in order."""
        ...

    def every_slot(self, group: str, person: PersonId) -> Mapping[str, object]:
        """All records that one person has in a group, by slot, as they are stored: to be compared and put again."""
        ...

    def find_named(self, group: str, names: Sequence[str], *, shown: bool = True) -> Mapping[str, Seat]:
        """Seats by casefolded username, or name where `shown` says so, if exactly one member of the group has it.

        Of one person's accounts it is the one that has the username, if any has. Where `shown` does not say so, who is
        `only_called` by it bears no username.
        """
        ...

    def records(self, wanted: Sequence[tuple[RecordAt, Slot[Any]]]) -> Mapping[RecordAt, object]: ...

    def everyone(self, group: str, slot: Slot[Any]) -> Sequence[tuple[Seat, Any]]:
        """Every member's record of a slot, members who left excluded, ordered by person."""
        ...

    def present(self, group: str) -> Sequence[Seat]:
        """Everybody who was seen in the group and did not leave it, ordered by person."""
        ...

    def balances(self, wanted: Sequence[BalanceAt]) -> Mapping[BalanceAt, int]: ...

    def entries(
        self, wanted: Sequence[tuple[BalanceAt, datetime | None]]
    ) -> Mapping[tuple[BalanceAt, datetime | None], list[Entry]]:
        """Facts about a person, oldest first (by instant, then key)."""
        ...

    def given(self, wanted: Sequence[tuple[BalanceAt, datetime]]) -> Mapping[tuple[BalanceAt, datetime], list[Entry]]:
        """Facts that a person caused, oldest first."""
        ...

    def days(self, wanted: Sequence[tuple[str, PersonId, date]]) -> Mapping[tuple[str, PersonId, date], list[Day]]:
        """Days of a person from a date on, oldest first."""
        ...

    def standings(self, group: str, kind: str, top: int, since: datetime | None) -> Sequence[Standing]: ...

    def regulars(self, group: str, top: int, since: date) -> Sequence[Account]:
        """Who took part (`Day.active`) on the most days from a date on, the earlier person first among equals."""
        ...

    def timers_until(self, groups: Sequence[str], until: datetime) -> Sequence[TimerRow]:
        """Timers of these groups that are due at or before an instant, by time, then workflow, then key."""
        ...

    def timers(self, group: str, workflow: str) -> set[str]:
        """The keys of a workflow's timers that are set in a group."""
        ...

    def timer_stands(self, wanted: Sequence[TimerDue]) -> set[str]:
        """The ids of those events whose timer is still set for exactly that instant."""
        ...

    def save(self, writes: Writes) -> None:
        """Write, without committing. A fact whose key exists raises StoreError."""
        ...

    def commit(self) -> None: ...


class DeadLetter(NamedTuple):
    """An event that could not be processed: kept whole, never retried by itself, shown to the operator."""

    id: str
    at: datetime
    group: str
    event: str
    why: str


class Store(Protocol):
    """Where all state lives. Safe to share between threads; each unit of work belongs to one thread."""

    def unit(self, *, lasting: bool = True) -> AbstractContextManager[UnitOfWork]:
        """One transaction; undone unless committed. Raises StoreBusy, StoreUnavailable.

        What is committed outlives a power cut, and with it everything that was committed before. Not `lasting`:
        everybody sees it, and a killed process leaves it, but a power cut may undo it until `flush` has returned.
        """
        ...

    def flush(self) -> None:
        """Make everything last that was committed before this was called. Raises StoreUnavailable: then nobody may
        believe that it does; StoreSpoiled if this process never may."""
        ...

    def bury(self, letters: Sequence[DeadLetter], timers: Sequence[TimerDue] = ()) -> None:
        """Set events aside: written as dead letters and as seen, their timers dropped, in a transaction of its own."""
        ...

    def close(self) -> None: ...

"""All that is stored about one person, as stores tell it: for the person themself, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from core.effects import Words
from core.people import Account, PersonId
from core.ports import AuditRow, Newcomer, Seat, TaskRow, TimerRow
from core.state import Day, Entry
from core.traces import Traces

Marks = Callable[[str, Account], str]
"""What stands for an account in the records of a group."""


def unmarked(group: str, account: Account) -> str:
    """Nothing but the account does."""
    return account


class Known(NamedTuple):
    """A person with all their accounts, the first one first, and the groups in which anything is stored about them."""

    person: PersonId
    accounts: tuple[Newcomer, ...]
    groups: tuple[str, ...]


class Told(NamedTuple):
    """What was said to the person in private, or is about to be. `state` is how far it has come."""

    at: datetime
    words: Words
    state: str


class Chapter(NamedTuple):
    """One group's part of a dossier. `records` are by slot, as JSON holds them; `caused` counts facts about others
    that this person caused; `shared` is what the group's own records hold about them."""

    group: str
    seat: Seat | None
    facts: Sequence[Entry]
    caused: int
    days: Sequence[Day]
    records: Mapping[str, Any]
    timers: Sequence[TimerRow]
    tasks: Sequence[TaskRow]
    audit: Sequence[AuditRow]
    said: Sequence[Told]
    shared: Mapping[str, Any]


class Dossier(NamedTuple):
    """Everything about one person. `talks` is the group that they talk about in private, and since when; `house` is
    what the records of no group hold about them."""

    known: Known
    talks: tuple[str, datetime] | None
    chapters: tuple[Chapter, ...]
    house: Mapping[str, Any]


def marked(known: Known, group: str, marks: Marks) -> Traces:
    """Somebody as the records of a group tell them."""
    accounts = [each.account for each in known.accounts]
    return Traces(accounts, marks=[marks(group, each) for each in accounts])


class Dossiers(Protocol):
    """Reading all of it. Takes no lock; may take seconds, as what was said and decided is looked through whole."""

    def known(self, account: Account) -> Known | None:
        """The person behind an account; None if nobody has it."""
        ...

    def dossier(self, account: Account, marks: Marks = unmarked) -> Dossier | None:
        """All that is stored about the person behind an account; `marks` are words for an account in a group's own
        records."""
        ...

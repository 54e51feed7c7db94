"""All that is stored about one person, as stores tell it: for the person themself, and for nobody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from core.effects import Words
from core.people import Account, PersonId
from core.ports import AuditRow, Newcomer, Seat, TaskRow, TimerRow
from core.state import Day, Entry


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
    """One group's part of a dossier. `records` are by slot, as JSON holds them; `thanked` counts facts about others
    that this person caused."""

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


class Dossier(NamedTuple):
    """Everything about one person. `talks` is the group that they talk about in private, and since when."""

    known: Known
    talks: tuple[str, datetime] | None
    chapters: tuple[Chapter, ...]


class Dossiers(Protocol):
    """Reading all of it. Takes no lock; may take seconds, as what was said and decided is looked through whole."""

    def known(self, account: Account) -> Known | None:
        """The person behind an account; None if nobody has it."""
        ...

    def dossier(self, account: Account) -> Dossier | None:
        """All that is stored about the person behind an account."""
        ...

"""Forgetting a person: what goes, what stays of them without them, and how stores are asked.

What others' facts tell of somebody forgotten (who thanked, who invited) is told of a person that nobody is: a random
number in each group. What still counts against abuse waits under another such number. It is found again by a keyed hash
of the account, never by the account, and is theirs again when the account is seen next.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from core.dossier import Known
from core.people import Account, PersonId
from core.ports import UnitOfWork
from core.state import Entry
from core.traces import Traces

Recognise = Callable[[Account], str]
"""The keyed hash of an account: the same for the same account and key, and nothing can be told from it."""
FORGOTTEN: Final = "forgotten"
"""The reason in place of reasons about somebody forgotten, and why what waited for them is not sent."""
PARTS: Final = ("names", "facts", "days", "records", "reminders", "messages", "decisions", "letters")
"""What is counted when somebody is forgotten."""


class Kept(NamedTuple):
    """What stays of somebody in one group. `nobody` stands for them where others' facts name them; `held` has `facts`
    and `records` (by slot), which still count against abuse. `marks` are words for them in records."""

    group: str
    nobody: PersonId
    held: PersonId
    facts: tuple[Entry, ...] = ()
    records: Mapping[str, object] = {}
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Somebody to be forgotten in every group where anything is stored about them. `hashes` are of their accounts;
    `shown` are their names as sentences show them, which may be other than the platform tells."""

    known: Known
    kept: tuple[Kept, ...]
    hashes: tuple[str, ...]
    shown: tuple[str, ...] = ()

    def traces(self, kept: Kept | None = None) -> Traces:
        """How they are told in texts, everywhere or in one group."""
        accounts = self.known.accounts
        names = [*self.shown, *(name for each in accounts for name in (each.name, each.username) if name)]
        return Traces([each.account for each in accounts], names, kept.marks if kept is not None else ())


@dataclass(slots=True)
class Erased:
    """How many rows went or were changed, by part."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    def add(self, part: str, rows: int) -> None:
        self.counts[part] += rows


class Forgetting(UnitOfWork, Protocol):
    """A unit of work that can forget."""

    def known(self, account: Account) -> Known | None:
        """The person behind an account, as of this transaction."""
        ...

    def forget(self, erasure: Erasure) -> Erased:
        """Delete the person. The groups of the erasure are locked, and are all in which they are a member or were."""
        ...

    def reached(self, name: str, number: int = 0) -> int:
        """How far the store has come in a list, by its name: raised to a number. Nobody else raises it meanwhile."""
        ...


class ForgettingStore(Protocol):
    """A store whose units can forget."""

    def unit(self) -> AbstractContextManager[Forgetting]: ...

    def recognise_by(self, recognise: Recognise) -> None:
        """How accounts of people who were forgotten are known again."""
        ...


def recogniser(key: bytes) -> Recognise:
    """The keyed hash of accounts, by the deployment's secret."""
    own = hmac.digest(key, b"yaji forgotten", "sha256")
    return lambda account: hmac.digest(own, account.encode(errors="replace"), "sha256").hex()

"""What is remembered of surveys: when each is asked, who answered what while it is open, and what came of the last one.

An answer is a member's own record and no fact of the ledger: it can be changed, and goes when the survey closes. From
then on it is known how many gave which answer, of each member when they last answered, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from core.people import Account, Member
from core.state import Slot

LISTENS: Final = timedelta(days=1)
"""How long a member's own words are waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A survey that is asked now. `run` names this time in buttons and answers, `shape` is what can be answered.
    `counting` are the timers that still count who could have answered, and `could` those counted who did not, by their
    tiers and by their times in the group, too: then it is closed, and nobody can answer any more."""

    run: str
    at: datetime
    closes: datetime
    shape: str
    closed: bool = False
    counting: tuple[str, ...] = ()
    could: int = 0
    tiers: dict[str, int] = field(default_factory=dict)
    tenures: dict[str, int] = field(default_factory=dict)

    def uncounted(self) -> Opened:
        """As it was before anybody was counted."""
        return replace(self, counting=(), could=0, tiers={}, tenures={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a survey is asked next, if its time is written, and what is open of it now."""

    due: datetime | None = None
    opened: Opened | None = None


@dataclass(frozen=True, slots=True)
class Plans:
    """Each survey of the group, by id."""

    of: dict[str, Plan] = field(default_factory=dict)

    def having(self, id_: str, plan: Plan | None) -> Plans:
        """With one plan, or without."""
        rest = {known: kept for known, kept in self.of.items() if known != id_}
        return Plans(rest if plan is None else {**rest, id_: plan})

    def open_(self, id_: str, at: datetime) -> Opened | None:
        """What of a survey can be answered at an instant."""
        plan = self.of.get(id_)
        opened = plan.opened if plan is not None else None
        return opened if opened is not None and not opened.closed and at < opened.closes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One account's answer. `n` is its place among the answers, from 0; `tier` and `days` are how the member stood.
    `asked`: since when their own words are waited for, and `words` are those. `before`: when it last answered anything
    else."""

    survey: str
    run: str
    account: str
    n: int
    at: datetime
    tier: str = ""
    days: int = 0
    asked: datetime | None = None
    words: str = ""
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a member's accounts answered to what is open, and when each last answered anything."""

    given: tuple[Given, ...] = ()
    last: dict[str, datetime] = field(default_factory=dict)

    def to(self, survey: str, run: str) -> tuple[Given, ...]:
        """The answers to one survey, the last one last: that counts."""
        return tuple(sorted((one for one in self.given if (one.survey, one.run) == (survey, run)), key=_by_time))

    def having(self, one: Given) -> Answers:
        """With an account's answer in the place of its last one."""
        rest = tuple(kept for kept in self.given if (kept.survey, kept.account) != (one.survey, one.account))
        had = next((kept for kept in self.given if kept not in rest), None)
        one = replace(one, before=had.before if had is not None else self.last.get(one.account))
        return Answers(given=(*rest, one), last={**self.last, one.account: one.at})

    def without(self, surveys: Collection[str], *, forget: bool = False) -> Answers:
        """Without the answers to some surveys. `forget`: what is known is when they answered before those."""
        given = tuple(one for one in self.given if one.survey not in surveys)
        last = dict(self.last)
        for one in self.given if forget else ():
            if one.survey in surveys and last.get(one.account) == one.at:
                del last[one.account]
                last |= {one.account: one.before} if one.before is not None else {}
        return Answers(given=given, last=last)

    def left_by(self, account: Account) -> Answers | None:
        """Without what an account answered to what is open. None, so that the record goes, if nothing is left."""
        gone = {one.at for one in self.given if one.account == account}
        given = tuple(one for one in self.given if one.account != account)
        last = {who: at for who, at in self.last.items() if who != account or at not in gone}
        return Answers(given=given, last=last) if given or last else None

    def among(self, accounts: Iterable[Account]) -> Answers:
        """What some of the accounts answered."""
        kept = frozenset[str](accounts)
        given = tuple(one for one in self.given if one.account in kept)
        return Answers(given=given, last={who: at for who, at in self.last.items() if who in kept})

    def since(self, at: datetime) -> Answers | None:
        """Without what was long ago; None, so that the record goes, if nothing is left."""
        last = {who: when for who, when in self.last.items() if when > at}
        return replace(self, last=last) if last or self.given else None

    def awaited(self, account: Account, at: datetime) -> bool:
        """Whether an account was asked for its own words, and is listened to."""
        return any(one.account == account and one.asked is not None and at < one.asked + LISTENS for one in self.given)

    @property
    def lately(self) -> datetime | None:
        """When they last answered anything."""
        return max(self.last.values(), default=None)


def _by_time(one: Given) -> tuple[datetime, str]:
    return one.at, one.account


def united(several: Iterable[Answers]) -> Answers:
    """The answers of accounts that are one person's."""
    given: list[Given] = []
    last: dict[str, datetime] = {}
    for one in several:
        given += one.given
        last |= one.last
    return Answers(given=tuple(given), last=last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a survey that was asked on a day, and told on one: how many gave each answer, and how many could
    have. Who gave which is not in it."""

    day: date
    shape: str
    counts: tuple[int, ...]
    could: int
    told: date


@dataclass(frozen=True, slots=True)
class Results:
    """What came of each survey when it was last told, by id."""

    of: dict[str, Result] = field(default_factory=dict)


PLANS: Final = Slot("surveys.plans", Plans)
ANSWERS: Final = Slot("surveys.answers", Answers)
RESULTS: Final = Slot("surveys.results", Results)

Everybody = tuple[tuple[Member, Answers], ...]


def counted(everybody: Everybody, survey: str, run: str) -> list[tuple[Member, Given]]:
    """The answers that count, one of each person, with what they wrote with any account: staff's do not."""
    found = []
    for member, answers in everybody:
        given = answers.to(survey, run)
        if given and not member.staff:
            words = next((one.words for one in reversed(given) if one.words), "")
            found.append((member, replace(given[-1], words=words)))
    return found

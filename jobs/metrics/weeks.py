"""Who joined in each of the last weeks, and what became of them: whether they stay, take part and bring others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from core.reckoning import FULL, SOON, Began, Invited, Kinds, Reckoning, Since
from core.turnout import REMAINS, RETURNS, STARTS, Asked, Cohort, Days, Turnout
from core.workflow import Group
from jobs.digest.figures import options_of
from jobs.metrics.period import days_of, weeks_until
from workflows.check_in_book import days_kind
from workflows.check_in_options import CheckIns
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS, Progress
from workflows.referral_book import COUNTED, INVITED, MADE
from workflows.referral_options import Referrals

WEEKS: Final = 12
"""Weeks of joining that are told about."""
INVITATIONS: Final = Kinds(MADE, INVITED, COUNTED)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Who joined in a week, and how many of them did what.

    None is what not all of them have had the time for, or what the group does not run. `begun` and `completed` are of
    the onboarding as of now; `soon` and `often` of check-ins; `made`, `brought` and `counted` of invitations within
    their first `FULL` days: who has a link or a code, who joined by them, and who of those counts.
    """

    first: date
    last: date
    joined: int
    started: int | None
    returned: int | None
    remained: int | None
    left: int
    again: int
    begun: int | None = None
    completed: int | None = None
    soon: int | None = None
    often: int | None = None
    made: int | None = None
    brought: int | None = None
    counted: int | None = None

    @property
    def checks_in(self) -> bool:
        """Whether anything is known of check-ins."""
        return self.soon is not None or self.often is not None

    @property
    def viral(self) -> float | None:
        """How many members who count each of them brought; None where that is not known, or of nobody."""
        return self.counted / self.joined if self.counted is not None and self.joined else None


def weeks_of(group: Group, asked: Asked, since: date, turnout: Turnout, reckoning: Reckoning) -> tuple[Week, ...]:
    """The last weeks of joining that are over, from the first of which anything is known."""
    mondays = [day for day in weeks_until(asked.now.last, WEEKS) if day + 6 * _DAY >= since]
    days = [days_of(day, day, group.zone) for first in mondays for day in (first + n * _DAY for n in range(7))]
    joined = turnout.cohorts(asked, days)
    began, onboarded, invited = _began(group, asked, days, reckoning), None, None
    if options_of(group, Onboarding) is not None:
        onboarded = reckoning.records(asked, days, PROGRESS)
    if options_of(group, Referrals) is not None:
        until = [Since(day, days_of(day.first, day.first + (FULL - 1) * _DAY, group.zone).ends) for day in days]
        invited = reckoning.invited(asked, until, INVITATIONS)

    def week(n: int, first: date) -> Week:
        known = _Known(first + 6 * _DAY, asked.now.last)
        part = slice(7 * n, 7 * n + 7)
        told: dict[str, Any] = _stayed(known, joined[part])
        if began is not None:
            told |= _checked_in(known, began[part])
        if onboarded is not None:
            told |= _onboarded(onboarded[part])
        if invited is not None:
            told |= _brought(known, invited[part])
        return Week(first=first, last=known.newest, **told)

    return tuple(week(n, first) for n, first in enumerate(mondays))


def challenges(group: Group) -> tuple[str, ...]:
    """The kinds of facts that are days checked in to."""
    options = options_of(group, CheckIns)
    return tuple(map(days_kind, options)) if options is not None else ()


def _began(group: Group, asked: Asked, days: Sequence[Days], reckoning: Reckoning) -> Sequence[Began] | None:
    kinds = challenges(group)
    return reckoning.began(asked, days, kinds) if kinds else None


@dataclass(frozen=True, slots=True)
class _Known:
    """The last day on which somebody of a week joined, and the last one that is told about."""

    newest: date
    until: date

    def told(self, count: int, length: int) -> int | None:
        """A count, once everybody has had so many days."""
        return count if self.newest + (length - 1) * _DAY <= self.until else None


def _stayed(known: _Known, days: Sequence[Cohort]) -> dict[str, int | None]:
    total = Cohort(*map(sum, zip(*days, strict=True)))
    return {
        "joined": total.joined,
        "started": known.told(total.started, STARTS.stop),
        "returned": known.told(total.returned, RETURNS.stop),
        "remained": known.told(total.remained, REMAINS.stop),
        "left": total.left,
        "again": total.again,
    }


def _checked_in(known: _Known, days: Sequence[Began]) -> dict[str, int | None]:
    total = Began(*map(sum, zip(*days, strict=True)))
    return {"soon": known.told(total.soon, SOON), "often": known.told(total.often, FULL)}


def _onboarded(days: Sequence[Sequence[Progress]]) -> dict[str, int | None]:
    everybody = [one for day in days for one in day if one.stage != "skipped"]
    return {"begun": len(everybody), "completed": sum(one.stage == "done" for one in everybody)}


def _brought(known: _Known, days: Sequence[Invited]) -> dict[str, int | None]:
    total = Invited(*map(sum, zip(*days, strict=True)))
    return {
        "made": known.told(total.made, FULL),
        "brought": known.told(total.joined, FULL),
        "counted": known.told(total.counted, FULL),
    }

"""Who joined in each of the last weeks, and what became of them: whether they stay, take part and bring others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from core.reckoning import FULL, SOON, Began, Gained, Reckoning, Since
from core.turnout import Asked, Days, Turnout
from core.workflow import Group
from jobs.metrics.period import days_of, weeks_until
from jobs.metrics.staying import WEEKS, Known, days_of_week, stayed
from workflows import conversions
from workflows.check_in_book import days_kind
from workflows.check_in_options import CheckIns
from workflows.conversion_options import Conversions
from workflows.onboarding_options import Onboarding
from workflows.onboarding_state import PROGRESS, Progress
from workflows.referral_book import COUNTED, INVITED, MADE
from workflows.referral_options import Referrals

INVITATIONS: Final = (MADE, INVITED, COUNTED)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Who joined in a week, and how many of them did what.

    None is what not all of them have had the time for, or what the group does not run. `begun` and `completed` are of
    the onboarding as of now; `soon` and `often` of check-ins; `made`, `brought` and `counted` of invitations within
    their first `FULL` days: who has a link or a code, who joined by them, and who of those counts. `converted` tells by
    goal who came to it within the same days.
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
    converted: Mapping[str, int | None] = field(default_factory=dict)

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
    days = [day for first in mondays for day in days_of_week(first, group.zone)]
    joined = turnout.cohorts(asked, days)
    began, onboarded = _began(group, asked, days, reckoning), None
    if group.options(Onboarding) is not None:
        onboarded = reckoning.records(asked, days, PROGRESS)
    invites, goals = group.options(Referrals) is not None, goals_of(group)
    until = [Since(day, days_of(day.first, day.first + (FULL - 1) * _DAY, group.zone).ends) for day in days]
    gained = reckoning.gained(asked, until, (*(INVITATIONS if invites else ()), *goals.values()))

    def week(n: int, first: date) -> Week:
        known = Known(first + 6 * _DAY, asked.now.last)
        part = slice(7 * n, 7 * n + 7)
        told: dict[str, Any] = stayed(known, joined[part])
        if began is not None:
            told |= _checked_in(known, began[part])
        if onboarded is not None:
            told |= _onboarded(onboarded[part])
        if invites:
            told |= _brought(known, gained[part])
        told["converted"] = {goal: known.told(_sum(gained[part], kind).people, FULL) for goal, kind in goals.items()}
        return Week(first=first, last=known.newest, **told)

    return tuple(week(n, first) for n, first in enumerate(mondays))


def challenges(group: Group) -> tuple[str, ...]:
    """The kinds of facts that are days checked in to."""
    options = group.options(CheckIns)
    return tuple(map(days_kind, options)) if options is not None else ()


def goals_of(group: Group) -> Mapping[str, str]:
    """The kinds of facts that are conversions, by goal."""
    options = group.options(Conversions)
    return {goal: conversions.kind(goal) for goal in options} if options is not None else {}


def _began(group: Group, asked: Asked, days: Sequence[Days], reckoning: Reckoning) -> Sequence[Began] | None:
    kinds = challenges(group)
    return reckoning.began(asked, days, kinds) if kinds else None


def _checked_in(known: Known, days: Sequence[Began]) -> dict[str, int | None]:
    total = Began(*map(sum, zip(*days, strict=True)))
    return {"soon": known.told(total.soon, SOON), "often": known.told(total.often, FULL)}


def _onboarded(days: Sequence[Sequence[Progress]]) -> dict[str, int | None]:
    everybody = [one for day in days for one in day if one.stage != "skipped"]
    return {"begun": len(everybody), "completed": sum(one.stage == "done" for one in everybody)}


def _brought(known: Known, days: Sequence[Mapping[str, Gained]]) -> dict[str, int | None]:
    made, joined, counted = (_sum(days, kind) for kind in INVITATIONS)
    return {
        "made": known.told(made.people, FULL),
        "brought": known.told(joined.total, FULL),
        "counted": known.told(counted.total, FULL),
    }


def _sum(days: Sequence[Mapping[str, Gained]], kind: str) -> Gained:
    found = [day.get(kind, Gained()) for day in days]
    return Gained(sum(one.people for one in found), sum(one.total for one in found))

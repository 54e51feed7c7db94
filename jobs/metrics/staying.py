"""Whether those who joined in a week stayed. A window is told of once it is over for everybody of the week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.turnout import REMAINS, RETURNS, STARTS, Cohort, Days
from jobs.metrics.period import days_of

WEEKS: Final = 12
"""Weeks of joining that are told about."""
_DAY: Final = timedelta(days=1)


def days_of_week(monday: date, zone: ZoneInfo) -> list[Days]:
    """The seven days from a Monday on."""
    return [days_of(day, day, zone) for day in (monday + n * _DAY for n in range(7))]


@dataclass(frozen=True, slots=True)
class Known:
    """The last day on which somebody of a week joined, and the last one that is told about."""

    newest: date
    until: date

    def told(self, count: int, length: int) -> int | None:
        """A count, once everybody has had so many days."""
        return count if self.newest + (length - 1) * _DAY <= self.until else None


def stayed(known: Known, days: Sequence[Cohort]) -> dict[str, int | None]:
    """How many joined in a week, and what they did on the days since then."""
    total = Cohort(*map(sum, zip(*days, strict=True)))
    return {
        "joined": total.joined,
        "started": known.told(total.started, STARTS.stop),
        "returned": known.told(total.returned, RETURNS.stop),
        "remained": known.told(total.remained, REMAINS.stop),
        "left": total.left,
        "again": total.again,
    }

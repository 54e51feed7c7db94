"""What a digest is about: whole local days of a group, and as many before them to compare with.

A digest told in the afternoon is about the day it is told on, one told before noon about the day before. A weekly one
is about the seven days up to then, a monthly one about the last calendar month that was over or ends on that day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from core.occurrences import Monthly, Recurrence, Weekly, instant

Span = Literal["day", "week", "month"]
_DAY = timedelta(days=1)
_NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Local days from `first` to `last`, both included."""

    span: Span
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + n * _DAY for n in range(self.days))

    @property
    def before(self) -> Period:
        """The period of the same kind that ends where this one begins."""
        last = self.first - _DAY
        first = last.replace(day=1) if self.span == "month" else last - (self.days - 1) * _DAY
        return Period(span=self.span, first=first, last=last)

    def instants(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """When it begins, and when it is over, in UTC. A week in which the clocks change is an hour longer or less."""
        return instant(self.first, time(), zone), instant(self.last + _DAY, time(), zone)


def told_on(recurrence: Recurrence, day: date) -> Period:
    """The period of the digest that is told on a local day."""
    last = day if recurrence.clock >= _NOON else day - _DAY
    if isinstance(recurrence, Monthly):
        if (last + _DAY).day != 1:
            last = last.replace(day=1) - _DAY
        return Period(span="month", first=last.replace(day=1), last=last)
    if span_of(recurrence) == "week":
        return Period(span="week", first=last - 6 * _DAY, last=last)
    return Period(span="day", first=last, last=last)


def span_of(recurrence: Recurrence) -> Span:
    """What kind of period a digest is about: one that comes on a single day of the week tells of the week."""
    if isinstance(recurrence, Monthly):
        return "month"
    return "week" if isinstance(recurrence, Weekly) and len(recurrence.weekdays) == 1 else "day"

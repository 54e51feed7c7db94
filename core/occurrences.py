"""When something that is said to happen at a local time really happens: every day, some weekdays, once a month.

An occurrence belongs to a local day and has one instant, whatever the clocks do on that day. A time that spring skips
is read as if the clocks had not changed yet (02:30 is 03:30); of a time that autumn repeats, the first run is meant. A
day that a place left out altogether (Samoa, 30 December 2011) has no occurrence. The day names the occurrence: who
keeps the last day that was done runs each once, and never runs one twice because the clocks went back.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_NOON = time(12)
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """At `clock` on some days of the week (Monday is 0); on every day if none are named."""

    clock: time
    weekdays: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError("weekdays are some of 0 (Monday) to 6 (Sunday)")

    def falls_on(self, day: date) -> bool:
        """Whether there is an occurrence on a day of the calendar."""
        return day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """At `clock` on a day of the month from 1 to 31; in months that are shorter, on their last day."""

    clock: time
    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 31:
            raise ValueError("the day of a month is one of 1 to 31")

    def falls_on(self, day: date) -> bool:
        """Whether there is an occurrence on a day of the calendar."""
        return day.day == min(self.day, calendar.monthrange(day.year, day.month)[1])


Recurrence = Weekly | Monthly


class Hours(NamedTuple):
    """A stretch of each day from `start` up to `end`, over midnight if `end` is earlier; none if they are equal."""

    start: time
    end: time


class Occurrence(NamedTuple):
    """The local day that it is for, and the UTC instant at which it happens."""

    day: date
    at: datetime


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time on a local day, as `core.workflow.Group.instant` has it."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def first_after(recurrence: Recurrence, zone: ZoneInfo, at: datetime) -> Occurrence:
    """The first occurrence that happens later than an instant."""
    # A day earlier than the local one: its occurrence may be skipped by the clocks into today.
    return next(found for found in _from(recurrence, zone, at.astimezone(zone).date() - _DAY) if found.at > at)


def between(recurrence: Recurrence, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """The occurrences later than `after`, up to and with `until`, in order."""
    for found in _from(recurrence, zone, after.astimezone(zone).date() - _DAY):
        if found.at > until:
            return
        if found.at > after:
            yield found


def newest(recurrence: Recurrence, zone: ZoneInfo, after: datetime, until: datetime) -> Occurrence | None:
    """Of the occurrences that were missed since `after`, the only one still worth running; None if none was."""
    day = until.astimezone(zone).date() + _DAY
    earliest = after.astimezone(zone).date() - _DAY
    while day >= earliest:
        if recurrence.falls_on(day) and _exists(day, zone):
            at = instant(day, recurrence.clock, zone)
            if at <= after:
                return None
            if at <= until:
                return Occurrence(day, at)
        day -= _DAY
    return None


def asleep(at: datetime, quiet: Hours | None, zone: ZoneInfo) -> bool:
    """Whether an instant falls into the quiet hours."""
    if quiet is None:
        return False
    clock = at.astimezone(zone).time().replace(fold=0)
    if quiet.start <= quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def awake(at: datetime, quiet: Hours | None, zone: ZoneInfo) -> datetime:
    """The instant itself, or the end of the quiet hours that it falls into: shifted, never lost."""
    if quiet is None or not asleep(at, quiet, zone):
        return at
    local = at.astimezone(zone)
    evening = quiet.start > quiet.end and local.time().replace(fold=0) >= quiet.start
    day = local.date() + (_DAY if evening else timedelta())
    over = instant(day, quiet.end, zone)
    # An end that autumn repeats lies behind an instant of the second run: then its second run is the end.
    if over <= at:
        over = datetime.combine(day, quiet.end, zone).replace(fold=1).astimezone(UTC)
    return max(at, over)


def in_time(at: datetime, quiet: Hours | None, zone: ZoneInfo, opens: datetime, closes: datetime) -> datetime:
    """When something comes that is of use from `opens` up to `closes`, and falls into the quiet hours.

    At their end; in the last minute before them if that were too late; and at its own time if neither is of use.
    """
    later = awake(at, quiet, zone)
    if quiet is None or later == at or later < closes:
        return later
    local = at.astimezone(zone)
    morning = quiet.start > quiet.end and local.time().replace(fold=0) < quiet.end
    before = instant(local.date() - (_DAY if morning else timedelta()), quiet.start, zone) - _MINUTE
    return before if opens <= before < at else at


def _from(recurrence: Recurrence, zone: ZoneInfo, day: date) -> Iterator[Occurrence]:
    while True:
        if recurrence.falls_on(day) and _exists(day, zone):
            yield Occurrence(day, instant(day, recurrence.clock, zone))
        day += _DAY


def _exists(day: date, zone: ZoneInfo) -> bool:
    """Whether a place has a day: noon is in it. Only a place that changed sides of the date line left one out."""
    return instant(day, _NOON, zone).astimezone(zone).date() == day

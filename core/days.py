"""Local days: which day an instant falls on, and what is counted on a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.state import Day
from core.workflow import Group

COUNTERS = len(Day._fields) - 1
_MOMENT = timedelta(microseconds=1)


class GroupClock:
    """The local day of instants. Remembers the last hour of each zone: live events are mostly of one."""

    def __init__(self) -> None:
        self._hours: dict[ZoneInfo, tuple[datetime, datetime, date]] = {}

    def day(self, group: Group, at: datetime) -> date:
        """The group's local day of an instant."""
        known = self._hours.get(group.zone)
        if known is not None and known[0] <= at < known[1]:
            return known[2]
        day, zone = group.day(at), group.zone
        start = at.replace(minute=0, second=0, microsecond=0)
        end = start + timedelta(hours=1)
        first, last = start.astimezone(zone), (end - _MOMENT).astimezone(zone)
        if first.date() == last.date() == day and first.utcoffset() == last.utcoffset():
            self._hours[zone] = (start, end, day)
        return day


def bump(held: list[Day], day: date, counter: int) -> None:
    """Add one to a counter (its position in `Day` after the date) in days that are sorted, oldest first."""
    for i in range(len(held) - 1, -1, -1):
        if held[i].day == day:
            counters = list(held[i][1:])
            counters[counter] += 1
            held[i] = Day(day, *counters)
            return
        if held[i].day < day:
            held.insert(i + 1, _one(day, counter))
            return
    held.insert(0, _one(day, counter))


def _one(day: date, counter: int) -> Day:
    counters = [0] * COUNTERS
    counters[counter] = 1
    return Day(day, *counters)

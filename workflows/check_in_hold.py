"""How long a streak holds, on the group's clock as it is now.

A record tells the instant as it was when it was put. Where the operator has moved the group to another time zone since,
or lets its days begin at another hour, that is no end of a day any more; and nobody pays for the move.
"""

from __future__ import annotations

from datetime import date, datetime

from core.workflow import Group
from workflows.check_in_hours import day_end
from workflows.check_in_options import Challenge, CheckIns
from workflows.streaks import DAY, LOOKS_AHEAD, Calendar, Streak, Streaks, holds_until


def ends(group: Group, challenge: Challenge, streak: Streak) -> datetime | None:
    """The instant from which a streak is lost unless somebody checks in before; None if there is none."""
    if streak.run is None:
        return None
    excused = streak.excused
    if (spared := lost_to_a_move(group, challenge.calendar, streak)) is not None:
        excused = (*excused, spared)
    return day_end(group, challenge, holds_until(challenge.calendar, streak.run, excused))


def live(group: Group, challenge: Challenge, streak: Streak, at: datetime) -> int:
    """The length of a running streak; 0 once it is lost."""
    end = ends(group, challenge, streak)
    return streak.run.streak if streak.run is not None and end is not None and at < end else 0


def longest(group: Group, streaks: Streaks, at: datetime) -> int:
    """The longest running streak of a member. Only where the group has moved more is looked at than the record."""
    zone, found = group.zone.key, 0
    for id_, streak in streaks.of.items():
        length = _moved(group, id_, streak, at) if streak.zone and streak.zone != zone else streak.live(at)
        found = max(found, length)
    return found


def lost_to_a_move(group: Group, calendar: Calendar, streak: Streak) -> date | None:
    """The first day to be missed since the last check-in, if the group's zone has changed since."""
    run = streak.run
    if run is None or not streak.zone or streak.zone == group.zone.key:
        return None
    days = (run.last + n * DAY for n in range(1, LOOKS_AHEAD))
    return next((day for day in days if calendar.asks_for(day) and day not in streak.excused), None)


def _moved(group: Group, id_: str, streak: Streak, at: datetime) -> int:
    options = group.options(CheckIns)
    challenge = options.root.get(id_) if options is not None else None
    return live(group, challenge, streak, at) if challenge is not None else streak.live(at)

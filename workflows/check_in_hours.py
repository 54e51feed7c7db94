"""The hours of a challenge's day: when it is over, and when check-ins count. A day has them whatever its clocks do.

A window that spring skips opens as if the clocks had not changed yet: 00:00-00:45 is 01:00-01:45 on that day. What
autumn repeats of a window counts both times.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from core.workflow import Group
from workflows.check_in_options import Challenge
from workflows.streaks import DAY

_A_MINUTE: Final = timedelta(seconds=59)
"""The last minute of a window belongs to it."""


def day_end(group: Group, challenge: Challenge, day: date) -> datetime:
    """The instant at which a challenge's day is over."""
    return group.instant(day + DAY, challenge.day_start)


def instant(group: Group, challenge: Challenge, day: date, clock: time) -> datetime:
    """A clock time of a challenge's day."""
    return group.instant(day + DAY if clock < challenge.day_start else day, clock)


def opens(group: Group, challenge: Challenge, day: date) -> datetime:
    """When the first check-in of a day can be sent."""
    window = challenge.window
    return instant(group, challenge, day, window.start if window is not None else challenge.day_start)


def closes(group: Group, challenge: Challenge, day: date) -> datetime:
    """When the last check-in of a day can be sent."""
    window = challenge.window
    if window is None:
        return day_end(group, challenge, day)
    return instant(group, challenge, day, window.end) + _A_MINUTE


def within(group: Group, challenge: Challenge, at: datetime) -> bool:
    """Whether check-ins count at an instant, as far as the hour goes."""
    window = challenge.window
    if window is None or window.holds(group.local(at).time()):
        return True
    day = group.day(at, challenge.day_start)
    return opens(group, challenge, day) <= at <= closes(group, challenge, day)

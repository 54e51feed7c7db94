"""The days of a period one by one: who was active, and what was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.turnout import Asked, Daily, Turnout


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day: how many members were active, without staff, and how many messages there were of all."""

    day: date
    active: int
    messages: int


def days_since(since: date, asked: Asked, turnout: Turnout) -> tuple[Day, ...]:
    """Every day of the period of which something is known, those on which nobody was active among them."""
    found = {one.day: one for one in turnout.daily(asked)}
    first = max(since, asked.now.first)
    days = (first + timedelta(days=n) for n in range((asked.now.last - first).days + 1))
    told = (found.get(day, Daily(day, 0, 0)) for day in days)
    return tuple(Day(day=one.day, active=one.people, messages=one.messages) for one in told)

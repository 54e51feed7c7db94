"""Timers by the clock, each of which sets its successor: which of them have to be set by whoever starts the clock.

What was promised is remembered beside the timers, as a timer can be gone: its workflow crashed on it, or an operator
cancelled it. The first is made good by the next promise; the second is one occurrence left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.events import Event, Instructed
from core.occurrences import Recurrence, first_after

ARM: Final = "arm"
"""The order that sets the timers: given by whoever starts the clock, as nobody may ever say a word in a group."""
BACK: Final = "back"
"""Its argument, where the clock was ahead until now: then a promise may stand for years later, and no time between."""
A_MOMENT: Final = timedelta(seconds=1)
AWAY: Final = timedelta(minutes=2)
"""What rings so late came due while the assistant was away, and could not be answered."""


def strayed(order: Event, promised: datetime | None, first: datetime | None) -> bool:
    """Whether a clock that was ahead promised something for later than the first time that comes now. See `BACK`."""
    ahead = promised is not None and first is not None and promised > first
    return ahead and isinstance(order, Instructed) and BACK in order.arguments


def amiss(
    wanted: Mapping[str, Recurrence],
    promised: Mapping[str, datetime],
    standing: Collection[str],
    zone: ZoneInfo,
    order: Event,
    *,
    put_off: Collection[str] = (),
) -> dict[str, datetime]:
    """When the timers are due that do not stand as they should. Those that are `put_off` may stand at any time."""
    at = order.at
    found: dict[str, datetime] = {}
    for id_, recurrence in wanted.items():
        then, after = promised.get(id_), at
        if then is not None and not strayed(order, then, first_after(recurrence, zone, at).at):
            occurs = first_after(recurrence, zone, then - A_MOMENT).at == then
            # One that is due and was not rung for yet is left to ring: what it was for is told late.
            if id_ in standing and (occurs or then <= at or id_ in put_off):
                continue
            if id_ not in standing and occurs:
                after = max(at, then)
        found[id_] = first_after(recurrence, zone, after).at
    return found

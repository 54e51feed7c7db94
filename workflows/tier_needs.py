"""How far a member is from what a tier asks, honestly for windows that roll on: how much more, and by when.

A window of 30 days forgets a day each midnight. So "2 more active days" is only true for a while; later it takes more.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`amount` more, within `days` days (today counts while it can still help), the last of which is `until`."""

    amount: int
    days: int
    until: date


def active_days(active: frozenset[date], wanted: int, span: int, today: date) -> Need | None:
    """How many more active days reach `wanted` in a window of `span` days; None if they are there already.

    The fewest days that are possible at all, and the latest day by which that number still does. One day counts once:
    who was active today can only go on tomorrow.
    """
    tomorrow_only, known = today in active, sorted(day for day in active if day <= today)
    first = today - timedelta(days=span - 1)
    missing = [wanted - len(known) + bisect_left(known, first + timedelta(days=ahead)) for ahead in range(span)]

    def room(ahead: int) -> int:
        return ahead if tomorrow_only else ahead + 1

    if missing[0] <= 0:
        return None
    fits = [ahead for ahead in range(span) if 0 < missing[ahead] <= room(ahead)]
    assert fits, "a window cannot hold more active days than it has; the options refuse such a tier"
    fewest = missing[fits[0]]
    last = max(ahead for ahead in fits if missing[ahead] == fewest)
    return Need(amount=fewest, days=room(last), until=today + timedelta(days=last))


def rolling_sum(counts: Mapping[date, int], wanted: int, span: int, today: date) -> Need | None:
    """How much more reaches `wanted` as the sum over `span` days, and by when that much still does."""

    def missing(ahead: int) -> int:
        first = today + timedelta(days=ahead - span + 1)
        return wanted - sum(count for day, count in counts.items() if first <= day <= today)

    return _while_it_lasts(missing, span, today)


def rolling_distinct(last_days: Mapping[object, date], wanted: int, span: int, today: date) -> Need | None:
    """As `rolling_sum` for a count of different people: each counts while their last day is within the window."""

    def missing(ahead: int) -> int:
        first = today + timedelta(days=ahead - span + 1)
        return wanted - sum(1 for day in last_days.values() if day >= first)

    return _while_it_lasts(missing, span, today)


def _while_it_lasts(missing: Callable[[int], int], span: int, today: date) -> Need | None:
    """Of what is `missing` some days ahead, which only ever becomes more."""
    amount = missing(0)
    if amount <= 0:
        return None
    last = bisect_right(range(span), amount, key=missing) - 1
    return Need(amount=amount, days=last + 1, until=today + timedelta(days=last))

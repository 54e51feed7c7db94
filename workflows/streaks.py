"""The arithmetic of streaks: local days in, a run out. No clocks, no zones, no people.

A day is *missed* when the calendar asks for it and nobody checked in on it or excused it. The first N days missed
in a calendar month are frozen: they neither count nor break. The next one breaks the run. So more check-ins never
make a streak shorter, and the same log always gives the same run, however it came to be.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Final

from core.quick import maker, quick

DAY = timedelta(days=1)
LOOKS_AHEAD = 366
"""How many days `holds_until` looks ahead at most; the next check-in looks further."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Calendar:
    """Which days are asked for: weekdays (Monday 0) from `first` to `last`, and how many a month may be missed. There
    is one of a challenge, so it equals itself alone."""

    weekdays: frozenset[int] = frozenset(range(7))
    first: date | None = None
    last: date | None = None
    freezes: int = 0

    def asks_for(self, day: date) -> bool:
        """Whether a check-in is asked for on a day."""
        return day.weekday() in self.weekdays and self.runs_on(day)

    def runs_on(self, day: date) -> bool:
        """Whether a day lies within the challenge, rest days included."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def length(self) -> int | None:
        """How many days are asked for in all; None without an end."""
        if self.first is None or self.last is None:
            return None
        return sum(self.asks_for(self.first + n * DAY) for n in range((self.last - self.first).days + 1))

    @cached_property
    def rules(self) -> str:
        """What a run was counted by. Runs counted by other rules are never counted again by these."""
        days = "".join(str(day) for day in sorted(self.weekdays))
        return f"{days}/{self.first or ''}/{self.last or ''}/{self.freezes}"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Where somebody stands after the check-in of `last`.

    `streak` days in a row were checked in since `start`, frozen and excused days between them not counted. `missed` is
    how many days of the month of `last` were missed before it. `best` and `total` go over everything.
    """

    start: date
    last: date
    streak: int = 1
    best: int = 1
    total: int = 1
    missed: int = 0


_run: Final = maker(Run)


def step(calendar: Calendar, run: Run | None, day: date, excused: Container[date] = ()) -> Run:
    """The run after one more check-in. `day` must be later than the last one."""
    if run is None:
        return _run(start=day, last=day)
    assert day > run.last, "a check-in comes after the last one; others need a recount"
    missed, broken = _misses(calendar, run, day, excused)
    streak = 1 if broken else run.streak + 1
    return _run(
        start=day if broken else run.start,
        last=day,
        streak=streak,
        best=max(run.best, streak),
        total=run.total + 1,
        missed=missed,
    )


def recount(
    calendar: Calendar, days: Iterable[date], excused: Container[date] = (), base: Run | None = None
) -> Run | None:
    """The run that a whole log of checked-in days gives.

    With a `base`, counting goes on from there: days up to it only count in the total.
    """
    present = sorted(set(days))
    run = base
    if base is not None:
        run = replace(base, total=sum(day <= base.last for day in present))
    for day in present:
        if base is None or day > base.last:
            run = step(calendar, run, day, excused)
    return run


def holds_until(calendar: Calendar, run: Run, excused: Iterable[date] = ()) -> date:
    """The last day on which a check-in still continues the run."""
    return _held_until(calendar, run.last, run.missed, frozenset(excused))


@lru_cache(maxsize=1024)
def _held_until(calendar: Calendar, day: date, missed: int, excused: frozenset[date]) -> date:
    """Nearly all check-ins of a day ask for the same few."""
    for _ in range(LOOKS_AHEAD):
        day += DAY
        if calendar.last is not None and day > calendar.last:
            return calendar.last
        if day.day == 1:
            missed = 0
        if calendar.asks_for(day) and day not in excused:
            missed += 1
            if missed > calendar.freezes:
                return day
    return day


def freezes_left(calendar: Calendar, run: Run | None, today: date, excused: Container[date] = ()) -> int:
    """How many days of this month may still be missed, those missed before `today` taken off."""
    if not calendar.freezes:
        return 0
    if run is None:
        missed = 0
    elif run.last < today:
        missed, _ = _misses(calendar, run, today, excused)
    else:
        missed = run.missed if run.last == today or _month(run.last) == _month(today) else 0
    return max(0, calendar.freezes - missed)


def missed_days(
    calendar: Calendar, days: Container[date], excused: Container[date], first: date, last: date
) -> list[date]:
    """The days from `first` to `last` that were asked for and missed, latest first. Frozen ones are among them."""
    span = ((last - n * DAY) for n in range((last - first).days + 1))
    return [day for day in span if calendar.asks_for(day) and day not in days and day not in excused]


def _misses(calendar: Calendar, run: Run, day: date, excused: Container[date]) -> tuple[int, bool]:
    """How many days of the month of `day` were missed before it, and whether the run broke on the way."""
    missed, broken, at = run.missed, False, run.last + DAY
    while at <= day:
        if at.day == 1:
            missed = 0
        if at < day and calendar.asks_for(at) and at not in excused:
            missed += 1
            broken = broken or missed > calendar.freezes
        at += DAY
    return missed, broken


def _month(day: date) -> tuple[int, int]:
    return (day.year, day.month)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """What is kept of one member in one challenge. Small, and all but `message` can be had again from the ledger.

    `until` is the instant from which the streak is lost (None: no run). `excused` are leave days that may still matter.
    `base` is the run as it was when the `rules` of counting last changed. `bonuses` tells for which day each bonus was
    last paid, by its length. `made_up` are the days *on which* something was made up this month. `revision` counts what
    was taken back, so that keys in the ledger stay unique. `message` is the message of the last check-in, `reached` the
    instant at which the streak got its length.
    """

    run: Run | None = None
    until: datetime | None = None
    excused: tuple[date, ...] = ()
    rules: str = ""
    base: Run | None = None
    zone: str = ""
    bonuses: dict[str, date] = field(default_factory=dict)
    made_up: tuple[date, ...] = ()
    revision: int = 0
    message: str = ""
    reached: datetime | None = None
    joined: date | None = None
    finished: date | None = None

    def live(self, at: datetime) -> int:
        """The length of the running streak; 0 once it is lost."""
        return self.run.streak if self.run is not None and self.until is not None and at < self.until else 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Streaks:
    """One member's streaks, by challenge."""

    of: dict[str, Streak] = field(default_factory=dict)

    def live(self, at: datetime) -> int:
        """The longest running streak over all challenges."""
        return max((streak.live(at) for streak in self.of.values()), default=0)

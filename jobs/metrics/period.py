"""Which days are told about: whole local days that are over, and as many before them to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.problems import Said
from core.errors import InputRefused
from core.occurrences import instant
from core.turnout import Days

USUAL: Final = 30
MOST: Final = 366
"""Days of a period. Two of the longest are what stores keep of single people, unless told otherwise."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for: days by their dates, or how many; what is left out is the newest."""

    first: date | None = None
    last: date | None = None
    days: int | None = None

    @classmethod
    def read(cls, first: str | None, last: str | None, days: int | None) -> Wanted:
        """The wish of whoever wrote `--from`, `--to` and `--days`. Raises InputRefused."""
        if first is not None and days is not None:
            raise InputRefused(*_EITHER)
        wanted = cls(first=_day("--from", first), last=_day("--to", last), days=days)
        if wanted.first is not None and wanted.last is not None and wanted.first > wanted.last:
            raise InputRefused(*_BACKWARDS.filled(first=wanted.first, last=wanted.last))
        return wanted

    def within(self, zone: ZoneInfo, over: date) -> tuple[Days, Days]:
        """The days, and as many before them. `over` is the last local day that is over. Raises InputRefused."""
        last = self.last or over
        if last > over:
            raise InputRefused(*_NOT_OVER.filled(option="--to", day=last, zone=zone, over=over))
        if self.days is not None and self.days > MOST:
            raise InputRefused(*_TOO_MANY.filled(days=self.days, most=MOST))
        first = self.first or last - ((self.days or USUAL) - 1) * _DAY
        if first > last:
            raise InputRefused(*_NOT_OVER.filled(option="--from", day=first, zone=zone, over=over))
        length = last - first + _DAY
        if length > MOST * _DAY:
            raise InputRefused(*_TOO_LONG.filled(first=first, last=last, days=length.days, most=MOST))
        return days_of(first, last, zone), days_of(first - length, first - _DAY, zone)


def days_of(first: date, last: date, zone: ZoneInfo) -> Days:
    """Local days with their instants. One on which the clocks change is longer or shorter."""
    return Days(first, last, instant(first, time(), zone), instant(last + _DAY, time(), zone))


def last_over(at: datetime, zone: ZoneInfo) -> date:
    """The last local day that is over at an instant."""
    return at.astimezone(zone).date() - _DAY


def weeks_until(last: date, count: int) -> list[date]:
    """The Mondays of the last weeks that are over by the end of a day, oldest first."""
    newest = last - timedelta(days=(last.weekday() + 1) % 7 + 6)
    return [newest - timedelta(weeks=n) for n in range(count - 1, -1, -1)]


def _day(option: str, written: str | None) -> date | None:
    if written is None:
        return None
    try:
        found = date.fromisoformat(written)
    except ValueError:
        raise InputRefused(*_NO_DAY.filled(option=option, written=repr(written))) from None
    if not _EARLIEST <= found <= _LATEST:
        raise InputRefused(*_NO_DAY.filled(option=option, written=repr(written)))
    return found


_EARLIEST: Final = date(1990, 1, 1)
_LATEST: Final = date(9000, 1, 1)
_EITHER: Final = Said(
    "--from and --days both say where the period begins; leave one of them out.",
    "--from 和 --days 都在说从哪天起；请去掉一个。",
)
_NO_DAY: Final = Said(
    "{option} {written} is no day; write it as year-month-day, like 2026-03-31.",
    "{option} {written} 不是日期；请写成 年-月-日，比如 2026-03-31。",
)
_BACKWARDS: Final = Said(
    "--from {first} is after --to {last}; swap them.", "--from {first} 晚于 --to {last}；请把两个对调。"
)
_NOT_OVER: Final = Said(
    "{option} {day} is not over in {zone}; the last whole day there is {over}.",
    "{option} {day} 在 {zone} 还没过完；那里最近的完整一天是 {over}。",
)
_TOO_MANY: Final = Said(
    "--days {days} is too many; at most {most} can be told about.", "--days {days} 太多；最多能看 {most} 天。"
)
_TOO_LONG: Final = Said(
    "{first} to {last} are {days} days; at most {most} can be told about.",
    "{first} 到 {last} 有 {days} 天；最多能看 {most} 天。",
)

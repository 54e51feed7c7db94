"""The numbers of a group over a period, worked out from what the store sums up. Nothing here is text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, NamedTuple

from core.reckoning import Reckoning
from core.turnout import MONTH, WEEK, Asked, Days, Habit, Heads, Turnout, Wrote
from core.workflow import Group
from jobs.metrics.asked import Inquiry, inquiries_of
from jobs.metrics.days import Day, days_since
from jobs.metrics.hearing import Unheard, unheard_in
from jobs.metrics.posted import Piece, posted
from jobs.metrics.totals import Totals, totals_of
from jobs.metrics.weeks import Week, weeks_of
from workflows.gaps import GAPS, Gaps

LEAST: Final = 14
"""Days that classes need: of fewer, one day a week tells nothing."""

Class = Literal["new", "casual", "regular", "core", "silent", "left"]
CLASSES: Final[tuple[Class, ...]] = ("new", "casual", "regular", "core")
"""Of those who were active. `silent` and `left` are where somebody can come from, or go to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Of one period. People are without staff, but in `staff` and where messages are counted.

    `per_day` is a mean over `days`; `week` and `month` are those active in the last 7 and 30 days, `there` those of the
    latter who were there at the end, of `members`, and `month_per_day` is a mean over those 30. Of them `week_days` and
    `month_days` are known; of the period before, what is not known whole is None. `half` is how few people wrote half
    of the messages, `half_staff` of them staff; None where nobody wrote.
    """

    days: int
    per_day: float
    week: int | None
    week_days: int
    month: int | None
    month_days: int
    month_per_day: float | None
    there: int | None
    members: int
    staff: int
    messages: int
    by_staff: int
    half: int | None
    half_staff: int | None

    @property
    def ratio(self) -> float | None:
        """People a day of those in thirty days, a mean of the same days; None where there was nobody."""
        return self.month_per_day / self.month if self.month_per_day is not None and self.month else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """People by how many days they were active: `regular` and `core` begin with so many. `moved` tells how many went
    from a class of the period before (`silent`: not active then, or not there yet) to one of this; None where the
    period before is not known."""

    regular: int
    core: int
    now: Mapping[Class, int]
    before: Mapping[Class, int] | None
    moved: Mapping[Class, Mapping[Class, int]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Everything about one group, or about all of a community as one: then `groups` are their keys, and what is counted
    for each group alone is left out. `since` is the first day of which anything is known, None if there is none; of the
    days before it there are no numbers, and nothing is compared with them."""

    group: str
    community: str
    zone: str
    first: date
    last: date
    first_before: date
    last_before: date
    since: date | None
    activity: Activity | None = None
    activity_before: Activity | None = None
    classes: Classes | None = None
    weeks: tuple[Week, ...] = ()
    totals: Totals | None = None
    daily: tuple[Day, ...] = ()
    content: tuple[Piece, ...] = ()
    surveys: tuple[Inquiry, ...] = ()
    unheard: Unheard | None = None
    unheard_before: Unheard | None = None
    groups: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """How many days were asked for."""
        return (self.last - self.first).days + 1


def measured(
    group: Group,
    now: Days,
    before: Days,
    turnout: Turnout,
    reckoning: Reckoning,
    language: str,
    beside: Sequence[str] = (),
) -> Metrics:
    """The numbers of a group over a period that is over. With groups of the same community `beside` it, those of all of
    them as one."""
    asked = Asked(group=group.key, staff=group.staff, now=now, before=before, beside=tuple(beside))
    since = turnout.since(*asked.groups)
    told = Metrics(
        group=group.key if not beside else "",
        groups=asked.groups if beside else (),
        community=group.called(language),
        zone=str(group.zone),
        first=now.first,
        last=now.last,
        first_before=before.first,
        last_before=before.last,
        since=since,
        content=posted(group, reckoning) if not beside else (),
        surveys=inquiries_of(group, reckoning, language) if not beside else (),
    )
    if since is None or since > now.last:
        return told
    return _told(told, group, asked, since, turnout, reckoning)


def _told(told: Metrics, group: Group, asked: Asked, since: date, turnout: Turnout, reckoning: Reckoning) -> Metrics:
    compared = since <= asked.before.first
    days = (asked.now.last - max(asked.now.first, since)).days + 1
    habits, wrote = turnout.habits(asked), turnout.wrote(asked)
    heads, heads_before = turnout.heads(asked)
    gaps = _gaps([reckoning.record(key, GAPS) or Gaps() for key in asked.groups])
    return replace(
        told,
        unheard=unheard_in(asked.now, gaps),
        unheard_before=unheard_in(asked.before, gaps) if compared else None,
        activity=_activity(
            _Known(days, asked.now.last, since), habits, [one for one in wrote if not one.before], heads
        ),
        activity_before=(
            _whole(
                _activity(
                    _Known(told.days, asked.before.last, since),
                    [_before(one) for one in habits],
                    [one for one in wrote if one.before],
                    heads_before,
                )
            )
            if compared
            else None
        ),
        classes=_classes(days, habits, compared=compared) if days >= LEAST else None,
        weeks=weeks_of(group if not asked.beside else replace(group, runs=()), asked, since, turnout, reckoning),
        daily=days_since(since, asked, turnout),
        totals=totals_of(group, asked, reckoning, compared=compared),
    )


def _gaps(found: Sequence[Gaps]) -> Gaps:
    """When some group was not heard, and since when that is known of all."""
    latest = sorted((gap for one in found for gap in one.latest), key=lambda gap: gap.since)
    return Gaps(tuple(latest), max((one.cut for one in found if one.cut is not None), default=None))


class _Known(NamedTuple):
    """So many days of a period, up to the last one; nothing is known from before `since`."""

    days: int
    last: date
    since: date

    def of(self, length: int) -> int:
        """How many of the last so many days are known."""
        return min(length, (self.last - self.since).days + 1)


def _activity(known: _Known, habits: Iterable[Habit], wrote: Sequence[Wrote], heads: Heads) -> Activity:
    people = [one for one in habits if not one.staff]
    half = _half(wrote)
    return Activity(
        days=known.days,
        per_day=sum(one.people * one.days for one in people) / known.days,
        week=sum(one.people for one in people if one.week),
        week_days=known.of(WEEK),
        month=sum(one.people for one in people if one.month),
        month_days=known.of(MONTH),
        month_per_day=sum(one.people * one.month for one in people) / known.of(MONTH),
        there=sum(one.people for one in people if one.month and one.here),
        members=heads.people - heads.staff,
        staff=heads.staff,
        messages=sum(one.people * one.messages for one in wrote),
        by_staff=sum(one.people * one.messages for one in wrote if one.staff),
        half=half[0] if half is not None else None,
        half_staff=half[1] if half is not None else None,
    )


def _whole(before: Activity) -> Activity:
    """Without what is not known of all the days that it is of: nothing is compared with that."""
    if before.week_days < WEEK:
        before = replace(before, week=None)
    if before.month_days < MONTH:
        before = replace(before, month=None, month_per_day=None, there=None)
    return before


def _before(one: Habit) -> Habit:
    """What it was in the period before."""
    return one._replace(
        days=one.days_before,
        week=one.week_before,
        month=one.month_before,
        here=one.here_before,
        joined="now" if one.joined == "before" else "other",
    )


def _half(wrote: Sequence[Wrote]) -> tuple[int, int] | None:
    """The fewest people who wrote half of the messages, and how many of them are staff. Who wrote as much as somebody
    else is taken as staff last."""
    missing = -(-sum(one.people * one.messages for one in wrote) // 2)
    if not missing:
        return None
    people = staff = 0
    for one in sorted(wrote, key=lambda one: (-one.messages, one.staff)):
        taken = min(one.people, -(-missing // one.messages))
        people, staff = people + taken, staff + taken * one.staff
        missing -= taken * one.messages
        if missing <= 0:
            break
    return people, staff


def thresholds(days: int) -> tuple[int, int]:
    """From how many active days on somebody is regular, and core: one in a week, and every other one."""
    return -(-days // 7), -(-days // 2)


def _classes(days: int, habits: Iterable[Habit], *, compared: bool) -> Classes:
    regular, core = thresholds(days)

    def class_of(one: Habit) -> Class:
        if not one.days:
            return "silent" if one.here else "left"
        if one.joined == "now":
            return "new"
        return "core" if one.days >= core else "regular" if one.days >= regular else "casual"

    now, before = Counter[Class](), Counter[Class]()
    moved: dict[Class, Counter[Class]] = {}
    for one in habits:
        if one.staff or not (one.days or one.days_before):
            continue
        was = class_of(_before(one)) if one.days_before else "silent"
        now[class_of(one)] += one.people
        before[was] += one.people
        moved.setdefault(was, Counter())[class_of(one)] += one.people
    return Classes(
        regular=regular,
        core=core,
        now={each: now[each] for each in CLASSES},
        before={each: before[each] for each in CLASSES} if compared else None,
        moved={was: dict(moved.get(was, {})) for was in (*CLASSES, "silent")} if compared else None,
    )

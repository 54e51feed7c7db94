"""What comes of events and surveys in both homes, time by time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from jobs.report.against.counts import Count, presence
from jobs.report.against.shape_attended import AskingChange, EventChange, OccasionChange, SurveyChange
from jobs.report.against.side import QUOTED, Side
from jobs.report.summary import Asking, Gathering, Occasion

T = TypeVar("T", Occasion, Asking)


def event_changes(before: Side, after: Side) -> tuple[tuple[EventChange, ...], set[str]]:
    """Every event that stands in either home, by id; and the accounts of those who have another place in one."""
    old, new = ({one.event: one for one in side.summary.gatherings} for side in (before, after))
    found, moved = [], set[str]()
    for id_ in sorted({*old, *new}):
        was, now = (side.get(id_, Gathering(event=id_, times=())) for side in (old, new))
        changed = [
            OccasionChange(day=day, before=one, after=other) for day, one, other in _differing(was.times, now.times)
        ]
        sums = zip(("coming", "waiting", "reminders"), was.sums, now.sums, strict=True)
        counts = {name: Count(before=one, after=other) for name, one, other in sums}
        for one in changed:
            moved |= {account for account, _ in _places(one.before) ^ _places(one.after)}
        found.append(
            EventChange(
                event=id_,
                presence=presence(id_, old, new),
                announced=Count(before=len(was.times), after=len(now.times)),
                coming=counts["coming"],
                waiting=counts["waiting"],
                reminders=counts["reminders"],
                otherwise=len(changed),
                changed=tuple(changed[:QUOTED]),
            )
        )
    return tuple(found), moved


def survey_changes(before: Side, after: Side) -> tuple[SurveyChange, ...]:
    """Every survey that stands in either home, by id."""
    old, new = ({one.survey: one.times for one in side.summary.surveys} for side in (before, after))
    found = []
    for id_ in sorted({*old, *new}):
        earlier, later = old.get(id_, ()), new.get(id_, ())
        changed = [AskingChange(day=day, before=one, after=other) for day, one, other in _differing(earlier, later)]
        found.append(
            SurveyChange(
                survey=id_,
                presence=presence(id_, old, new),
                asked=Count(before=len(earlier), after=len(later)),
                answered=_sums(earlier, later, lambda one: one.answered),
                could=_sums(earlier, later, lambda one: one.could),
                otherwise=len(changed),
                changed=tuple(changed[:QUOTED]),
            )
        )
    return tuple(found)


def _differing(before: Sequence[T], after: Sequence[T]) -> list[tuple[str, T | None, T | None]]:
    """The times that are not the same, by day; of several on a day, in their order."""
    was: Mapping[tuple[str, int], T] = _by_day(before)
    now: Mapping[tuple[str, int], T] = _by_day(after)
    days = sorted({*was, *now})
    return [(day, was.get((day, n)), now.get((day, n))) for day, n in days if was.get((day, n)) != now.get((day, n))]


def _by_day(times: Sequence[T]) -> Mapping[tuple[str, int], T]:
    found: dict[tuple[str, int], T] = {}
    for one in times:
        n = 0
        while (one.day, n) in found:
            n += 1
        found[one.day, n] = one
    return found


def _sums(before: Sequence[Asking], after: Sequence[Asking], number: Callable[[Asking], int]) -> Count:
    return Count(before=sum(map(number, before)), after=sum(map(number, after)))


def _places(one: Occasion | None) -> set[tuple[str, bool]]:
    """Who has a seat, and who waits."""
    if one is None:
        return set()
    return {(guest.account, True) for guest in one.coming} | {(guest.account, False) for guest in one.waiting}

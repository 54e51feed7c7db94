"""Metrics as JSON: every number by its name, what each means, and what was counted of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import msgspec

from config.problems import Language
from jobs.metrics import words
from jobs.metrics.figures import Activity, Metrics
from jobs.metrics.totals import Totals

PATHS: Final = {
    "since": "since",
    "unheard": "unheard",
    "activity.days": "days",
    "activity.per_day": "per_day",
    "activity.week": "week",
    "activity.week_days": "days",
    "activity.month": "month",
    "activity.month_days": "days",
    "activity.month_per_day": "month_per_day",
    "activity.there": "there",
    "activity.members": "there",
    "activity.staff": "by_staff",
    "activity.messages": "messages",
    "activity.by_staff": "by_staff",
    "activity.half": "half",
    "activity.half_staff": "half",
    "activity.ratio": "ratio",
    "classes.regular": "thresholds",
    "classes.core": "thresholds",
    "classes.now": "classes",
    "classes.before": "classes",
    "classes.moved": "moved",
    **{
        f"weeks.{key}": key
        for key in (
            *("joined", "started", "returned", "remained", "left", "again", "begun", "completed", "soon", "often"),
            *("made", "brought", "counted", "viral"),
        )
    },
    "daily.active": "by_day",
    "daily.messages": "by_day",
    "content.posted": "content",
    "content.waiting": "content",
    "weeks.converted": "conversions",
    "totals.warnings": "warnings",
    "totals.warnings_per_1000": "warnings",
    "totals.checked_in": "checked_in_sum",
    "totals.checked_in_per_day": "checked_in",
    "totals.invitations.made": "total_made",
    "totals.invitations.joined": "total_joined",
    "totals.invitations.came": "total_came",
    "totals.invitations.taken_back": "taken_back",
    "totals.invitations.counted": "left_of_it",
    "totals.points_given": "points_given",
    "totals.points_taken": "points_taken",
    "totals.conversions": "conversions",
    "totals.conversions.taken_back": "taken_back",
    "totals.conversions.times": "left_of_it",
    "totals.conversions.before": "left_of_it",
    "totals.tiers": "tiers",
    "surveys.least": "surveys",
    "surveys.came.answered": "answered",
    "surveys.came.could": "answered",
    "surveys.came.counts": "counts",
    "surveys.came.nps": "nps",
    "surveys.came.promoters": "nps",
    "surveys.came.passives": "nps",
    "surveys.came.detractors": "nps",
    "surveys.came.margin": "margin",
    "surveys.came.mean": "mean",
}
"""What tells the meaning of each number, by where it stands; a period's number is that of the one before it, too."""


def encoded(told: Sequence[Metrics], language: Language) -> bytes:
    """The same bytes for the same numbers. What is not known is null."""
    together = [_without(_group(one), *_OF_GROUPS) for one in told if one.groups]
    paths = PATHS | ({"together": "together"} if together else {})
    whole = {
        "groups": [_without(_group(one), "groups") for one in told if not one.groups],
        "together": together,
        "definitions": {path: words.DEFINITIONS[key].in_(language) for path, key in paths.items()},
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _group(one: Metrics) -> dict[str, Any]:
    """Whatever the terminal works out of the numbers is worked out here, too."""
    told = asdict(one)
    for end, activity in (("", one.activity), ("_before", one.activity_before)):
        if activity is not None:
            told[f"activity{end}"]["ratio"] = activity.ratio
        if (totals := told["totals"]) is not None:
            totals[f"checked_in_per_day{end}"] = _per(totals[f"checked_in{end}"], activity, 1)
            totals[f"warnings_per_1000{end}"] = _per(totals[f"warnings{end}"], activity, 1000)
    if one.totals is not None:
        _less_taken_back(told["totals"], one.totals)
    for week, each in zip(told["weeks"], one.weeks, strict=True):
        week["viral"] = each.viral
    return told


def _less_taken_back(told: dict[str, Any], totals: Totals) -> None:
    """What is left of what was counted, beside it."""
    for goal, each in zip(told["conversions"], totals.conversions, strict=True):
        goal |= {"times": each.times, "before": each.before}
    for end, invitations in (("", totals.invitations), ("_before", totals.invitations_before)):
        if invitations is not None:
            told[f"invitations{end}"]["counted"] = invitations.counted


_OF_GROUPS: Final = ("group", "content", "surveys")
"""What is told of each group alone."""


def _without(told: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in names}


def _per(sum_: int | None, activity: Activity | None, many: int) -> float | None:
    """Of each day, or of each so many messages; None where there were none."""
    of = None if activity is None else activity.days if many == 1 else activity.messages
    return sum_ * many / of if sum_ is not None and of else None

"""What is written otherwise in two homes while a history shows no difference: so that nobody takes it for no change."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from core.workflow import Group
from jobs.report.against.shape import AnswerChange, Subject, TimersChange
from jobs.report.against.shape_people import PointsChange
from workflows import features
from workflows.options import Options

COMMUNITY: Final = "community"
"""Stands for what is no workflow's: the zone, the languages, the staff, the quiet hours."""
_OF: Final[dict[Subject, str]] = {
    "rules": "rules",
    "check_ins": "check_in",
    "tiers": "tiers",
    "onboarding": "onboarding",
    "digests": "digests",
    "events": "events",
    "surveys": "surveys",
}
"""The workflow that a subject tells of."""
_SERVING: Final = ("steering", "members", "tidy")
"""The workflows whose options are made of what stands under `community:` and of those of others."""


def showing(
    same: Collection[Subject], answers: Iterable[AnswerChange], timers: TimersChange, points: PointsChange
) -> set[str]:
    """The workflows of which something differs: what they do, or what comes of it."""
    shown = {name for subject, name in _OF.items() if subject not in same}
    shown |= {answer.workflow for answer in answers if answer.differs}
    shown |= {name for name, count in timers.sent.items() if not count.same}
    return shown | {_giver(rule) for rule, count in points.by_rule.items() if not count.same}


def unshown(before: Group, after: Group, shown: Collection[str], *, alike: bool) -> tuple[str, ...]:
    """The workflows that are written otherwise, or in one home only, and are not among those `shown` to differ. Where
    the homes do `alike` and none is, those that serve others, and `COMMUNITY`."""
    were, are = ({bound.name: bound.options for bound in group.runs} for group in (before, after))
    moved = before.quiet != after.quiet
    differing = [
        name
        for name in (*were, *(are.keys() - were.keys()))
        if _own(were.get(name), moved) != _own(are.get(name), moved)
    ]
    found = tuple(name for name in features.FEATURES if name in differing)
    if found or not alike:
        return tuple(name for name in found if name not in shown)
    heading = (COMMUNITY,) if _heading(before) != _heading(after) else ()
    return (*heading, *(name for name in _SERVING if name in differing))


def _own(options: Any, moved: bool) -> object:
    """Options as far as they are written where they stand: where other hours are quiet in the community (`moved`),
    without those that were handed down."""
    if moved and isinstance(options, Options) and "quiet_hours" in type(options).model_fields:
        return options.model_copy(update={"quiet_hours": None})
    return options


def _heading(group: Group) -> tuple[object, ...]:
    people = group.staff, group.moderators, group.owners
    where = group.platforms, group.said_on, group.topic, group.desk
    return group.community, str(group.zone), group.languages, people, where, group.report, group.quiet


def _giver(rule: str) -> str:
    """The workflow that gives points under a rule of the ledger."""
    first = rule.partition(":")[0].partition(".")[0].partition(" ")[0]
    return {"survey": "surveys", "tier": "tiers"}.get(first, first)

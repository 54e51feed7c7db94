"""What a rehearsal on a history cannot show: challenges whose days it lacks, and what the clock alone begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.workflow import Group
from jobs.report.summary import Elsewhen
from workflows.check_in_options import CheckIns
from workflows.content_options import Contents
from workflows.digest_options import Digests
from workflows.event_options import Events
from workflows.survey_options import Surveys


def elsewhen(group: Group, first: str, last: str) -> tuple[Elsewhen, ...]:
    """Challenges whose days lie before or after the local days of a history."""
    begin, end = (date.fromisoformat(day) if day else None for day in (first, last))
    return tuple(
        Elsewhen(challenge=id_, first=from_.isoformat() if from_ else "", last=to.isoformat() if to else "")
        for id_, from_, to in _challenges(group)
        if (from_ is not None and end is not None and from_ > end)
        or (to is not None and begin is not None and to < begin)
    )


def unrehearsed(group: Group) -> tuple[str, ...]:
    """The workflows whose beginning is the clock's alone; what a history itself begins of them is rehearsed."""
    return tuple(bound.name for bound in group.runs if _begins_alone(bound.options))


def _begins_alone(options: object) -> bool:
    match options:
        case Contents():
            return bool(options.content)
        case Surveys():
            return any(survey.at is not None for _, survey in options.items())
        case Digests() | Events():
            return bool(options.root)
        case _:
            return False


def _challenges(group: Group) -> Iterator[tuple[str, date | None, date | None]]:
    for options in (bound.options for bound in group.runs):
        if isinstance(options, CheckIns):
            for id_, challenge in options.items():
                yield id_, challenge.starts, challenge.calendar.last

"""What has days of its own, none of which a history holds: a rehearsal on it cannot show what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.workflow import Group
from jobs.report.summary import Elsewhen
from workflows.check_in_options import CheckIns
from workflows.event_options import Events, Once
from workflows.survey_options import Surveys


def elsewhen(group: Group, first: str, last: str) -> tuple[Elsewhen, ...]:
    """Challenges, and events and surveys of one day, that lie before or after the local days of a history."""
    if not first or not last:
        return ()
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return tuple(
        Elsewhen(what=what, id=id_, first=from_.isoformat() if from_ else "", last=to.isoformat() if to else "")
        for what, id_, from_, to in _dated(group)
        if (from_ is not None and from_ > end) or (to is not None and to < begin)
    )


def _dated(group: Group) -> Iterator[tuple[str, str, date | None, date | None]]:
    for options in (bound.options for bound in group.runs):
        match options:
            case CheckIns():
                for id_, challenge in options.items():
                    yield "challenge", id_, challenge.starts, challenge.calendar.last
            case Events():
                for id_, event in options.root.items():
                    if isinstance(event.at, Once) and event.is_for(group):
                        yield "event", id_, event.at.day, event.at.day
            case Surveys():
                for id_, survey in options.items():
                    if isinstance(survey.at, Once) and (not survey.to or group.key in survey.to):
                        yield "survey", id_, survey.at.day, survey.at.day

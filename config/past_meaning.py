"""What is over already on the day on which a home is looked at: a year that was not changed, a camp that has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from config.chapter import Chapter
from config.places import Step
from config.problems import Problem, Said, said
from workflows.check_in_options import CheckIns
from workflows.event_options import Events, Once
from workflows.survey_options import Surveys


def gone_by(chapter: Chapter, at: datetime) -> Iterator[Problem]:
    """A note for each day that is named and is over."""
    for path, why in _over(chapter, at.astimezone(chapter.community.timezone)):
        spot, known = chapter.spot.at_path(path), chapter.spot.known(path)
        yield Problem(place=spot.at, path=known, why=why, weight="note")


def _over(chapter: Chapter, here: datetime) -> Iterator[tuple[tuple[Step, ...], Said]]:
    today = here.date()
    check_ins = chapter.options.get("check_in")
    for id_, challenge in check_ins.items() if isinstance(check_ins, CheckIns) else ():
        last, join = challenge.calendar.last, challenge.join
        if last is not None and last < today:
            key = "ends" if challenge.ends is not None else "length"
            yield ("check_ins", id_, key), _ENDED.filled(day=last)
        elif join is not None and join.until is not None and join.until < today:
            yield ("check_ins", id_, "join", "until"), (_SHUT if join.required else _CLOSED).filled(day=join.until)
    events, surveys = chapter.options.get("events"), chapter.options.get("surveys")
    for section, options in (("events", events), ("surveys", surveys)):
        for id_, one in options.items() if isinstance(options, Events | Surveys) else ():
            if isinstance(one.at, Once) and datetime.combine(one.at.day, one.at.clock) < here.replace(tzinfo=None):
                why = _WAS if section == "events" else _ASKED
                yield (section, id_, "at"), why.filled(when=f"{one.at.day} {one.at.clock:%H:%M}")


_ENDED = said(
    "it was over on {day}: nothing counts for it now; for a new season write new days and a new id",
    "它在 {day} 已经结束，现在打卡不算数；新的一期请写新的日期、换一个新的 id",
)
_SHUT = said(
    "signing up ended on {day}: who did not sign up cannot check in now",
    "报名在 {day} 已经截止，没报名的人现在打不了卡",
)
_CLOSED = said("signing up ended on {day}", "报名在 {day} 已经截止")
_WAS = said("{when} is over, so this is not announced", "{when} 已经过去，不会再公告")
_ASKED = said("{when} is over, so this is not asked by itself", "{when} 已经过去，不会自己发出")

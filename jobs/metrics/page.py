"""Metrics as one HTML file that is complete in itself, in the frame of the other pages; it tells what the terminal
tells, with charts, and what a group does not run, too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from markupsafe import Markup

from config.problems import Language
from jobs.metrics import telling, words
from jobs.metrics.days import Day
from jobs.metrics.figures import CLASSES, Metrics
from jobs.metrics.parts import Grid, Heading, Line, Note, Row, Section, Voice, share
from jobs.metrics.telling_surveys import result, sides
from jobs.report.charts import Series, bars, by_day, days_a_bar
from jobs.report.frame import templates
from jobs.report.names import Names
from jobs.report.words import Words

_HEADLINE: Final = ("per_day", "month", "messages", "checked_in")
"""The rows that stand at the top, too."""
_WIDTH: Final = 460
"""Of charts: readable across a phone, and side by side on a wide screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A number at the top: what it is called, how it went, and which row below tells how it is counted."""

    value: str
    name: str
    aside: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Rows beneath what their columns are; whether any of them tells how it went."""

    heading: Heading
    rows: Sequence[Row]

    @property
    def changes(self) -> bool:
        """Whether there is a column for it."""
        return any(row.change for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing with its title, and what is to be known to read it."""

    title: str
    drawn: Markup
    note: str = ""


def render(told: Sequence[tuple[Metrics, Names]], language: Language) -> str:
    """The page as text, one group after another. `Names` are what the operator calls a group's parts."""
    voice = Voice(language)
    chapters = [_chapter(one, names, voice) for one, names in told]
    pages = templates("jobs.metrics")
    pages.filters["code"] = _code
    return pages.get_template("metrics.html").render(
        chapters=chapters, say=voice.say, words=words, t=Words(language), lang=language
    )


def _code(text: str) -> Markup:
    """A sentence of ours, what is to be written in the community file set apart."""
    return Markup(re.sub("`([^`]*)`", r"<code>\1</code>", escape(text)))  # noqa: S704 (escaped)


def _chapter(told: Metrics, names: Names, voice: Voice) -> Mapping[str, object]:
    sections = list(telling.sections(told, names, voice))
    charts = dict(_charts(told, voice))
    return {
        "community": told.community,
        "called": telling.called(told),
        "key": told.group,
        "period": telling.period(told, voice),
        "compared": telling.compared(told, voice),
        "title": voice.say(words.TITLE_TOGETHER if told.groups else words.TITLE),
        "how": list(telling.how(told, voice)),
        "lacking": list(telling.lacking(told, voice)),
        "nothing": telling.nothing(told, voice),
        "tiles": list(_tiles(told, sections, voice)),
        "sections": [(one, charts.get(one.key, ()), list(_blocks(one))) for one in sections],
        "daily": told.daily,
    }


def _blocks(section: Section) -> Iterator[Listing | Grid | Note | Line]:
    """The parts of a section, its rows gathered beneath their heading."""
    rows: list[Row] = []
    for part in section.parts:
        match part:
            case Heading():
                yield Listing(heading=part, rows=rows)
            case Row():
                rows.append(part)
            case _:
                yield part


def _tiles(told: Metrics, sections: Sequence[Section], voice: Voice) -> Iterator[Tile]:
    rows = {part.key: part for one in sections for part in one.parts if isinstance(part, Row) and part.key}
    for key in _HEADLINE:
        if (row := rows.get(key)) is not None:
            was = voice.say(words.WAS, told=row.before) if row.change else ""
            yield Tile(value=row.now, name=row.name, aside=" · ".join(filter(None, (row.change, was))), place=key)
    known = [week for week in told.weeks if week.returned is not None and week.joined]
    for week in known[-1:]:
        first = f"{week.first:%m-%d}"
        before = [
            voice.say(words.STAYED_BEFORE, day=f"{one.first:%m-%d}", told=share(one.returned or 0, one.joined))
            for one in known[-2:-1]
        ]
        told_of = share(week.returned or 0, week.joined)
        yield Tile(value=told_of, name=voice.say(words.STAYED, day=first), aside="".join(before), place="retention")
    for one in told.surveys:
        if one.came is not None and one.came.nps is not None:
            of = voice.say(words.OF_ANSWERS, points=one.came.margin, told=share(one.came.answered, one.came.could))
            yield Tile(value=result(one.came), name=one.question, aside=of, place="surveys")


def _charts(told: Metrics, voice: Voice) -> Iterator[tuple[str, Sequence[Chart]]]:
    """The charts of sections by their keys."""
    if told.daily:
        yield "activity", _by_day(told.daily, voice)
    if told.classes is not None:
        now = [(voice.say(words.CLASS[each]), told.classes.now[each], 0) for each in CLASSES]
        yield "classes", [_bars(now, voice.say(words.CLASSES_NOW))]
    yield (
        "surveys",
        [
            _bars([(name, count, 0) for name, count in sides(one, one.came, voice).items()], one.question)
            for one in told.surveys
            if one.came is not None
        ],
    )


def _by_day(daily: Sequence[Day], voice: Voice) -> Sequence[Chart]:
    days = [f"{one.day}" for one in daily]
    series = (
        (words.DAILY_ACTIVE, "c", [one.active for one in daily]),
        (words.DAILY_MESSAGES, "a", [one.messages for one in daily]),
    )
    span = days_a_bar(len(days))
    note = voice.say(words.SEVERAL_DAYS, days=span) if span > 1 else ""

    def chart(name: str, tone: str, values: Sequence[int]) -> Chart:
        drawn = by_day(days, [Series(name=name, values=values, tone=tone, mean=True)], name, 150, _WIDTH)
        return Chart(title=name, drawn=drawn, note=note)

    return [chart(voice.say(said), tone, values) for said, tone, values in series]


def _bars(rows: Sequence[tuple[str, int, int]], title: str) -> Chart:
    return Chart(title=title, drawn=bars(rows, ("", ""), title, _WIDTH))

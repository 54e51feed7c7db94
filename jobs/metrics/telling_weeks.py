"""What became of who joined, week by week: whether they stayed, what they came to do, whom they brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.problems import Said
from jobs.metrics import words
from jobs.metrics.parts import FEW, Cell, Grid, Line, Note, Part, Section, Voice, count, number
from jobs.metrics.weeks import Week


def retention(weeks: Sequence[Week], voice: Voice) -> Section:
    """Who stays."""
    again = sum(week.again for week in weeks)
    parts: list[Part] = []
    if not weeks:
        parts.append(Line(text=voice.say(words.NO_WEEKS)))
    elif not _joined(weeks):
        parts.append(Line(text=voice.say(words.NO_JOINS)))
    else:
        parts += _shares(weeks, ("started", "returned", "remained", "left"), voice)
        parts.append(Note(text=voice.say(words.YOUNG)))
    if again:
        parts.append(Note(text=voice.say(words.AGAIN, count=again)))
    return voice.section("retention", words.RETENTION, parts)


def journeys(weeks: Sequence[Week], voice: Voice) -> Section:
    """Who was taken all the way: only the steps that the group has."""
    steps = [key for key in ("begun", "completed") if weeks and weeks[0].begun is not None]
    if any(week.checks_in for week in weeks):
        steps += ["soon", "often"]
    if steps and _joined(weeks):
        return voice.section("journeys", words.JOURNEY, _shares(weeks, steps, voice))
    return voice.idle("journeys", words.JOURNEY, words.NO_JOINS if steps else words.NO_JOURNEY)


def brought(weeks: Sequence[Week], voice: Voice) -> list[Part]:
    """Whom those who joined brought. Nothing where nobody joined."""
    if not _joined(weeks):
        return []
    columns = (words.JOINED, words.SIZE, words.MADE, words.BROUGHT, words.COUNTED, words.VIRAL)
    grid = Grid(
        columns=tuple(map(voice.say, columns)),
        rows=tuple(
            (
                *(Cell(text=text) for text in (_day(week), count(week.joined))),
                *(voice.known(count(n), n, week.joined) for n in (week.made, week.brought, week.counted)),
                voice.known(_each(week), week.viral, week.joined),
            )
            for week in weeks
        ),
    )
    legend = ((words.MADE, "made"), (words.BROUGHT, "brought"), (words.COUNTED, "counted"), (words.VIRAL, "viral"))
    return [grid, *voice.legend(legend)]


def converted(weeks: Sequence[Week], goals: Mapping[str, str], voice: Voice) -> list[Part]:
    """Who of each week came to each goal; `goals` are their names by id. Nothing where nobody joined."""
    if not _joined(weeks):
        return []
    return [
        Grid(
            columns=(voice.say(words.JOINED), voice.say(words.SIZE), *goals.values()),
            rows=tuple(_row(week, {goal: week.converted[goal] for goal in goals}, voice) for week in weeks),
        )
    ]


def _each(week: Week) -> str:
    """How many each of them brought; of few people, all that they brought and how many they are."""
    if week.viral is None or week.joined >= FEW:
        return number(week.viral, ".2f")
    return f"{week.counted:,}/{week.joined:,}"


def _joined(weeks: Sequence[Week]) -> bool:
    return any(week.joined for week in weeks)


def _shares(weeks: Sequence[Week], keys: Sequence[str], voice: Voice) -> list[Part]:
    """A table of how many of each week did what, with what that means."""
    names: list[tuple[Said, str]] = [(words.STEPS[key], key) for key in keys]
    grid = Grid(
        columns=(voice.say(words.JOINED), voice.say(words.SIZE), *(voice.say(name) for name, _ in names)),
        rows=tuple(_row(week, {key: getattr(week, key) for key in keys}, voice) for week in weeks),
    )
    return [grid, *voice.legend(((words.JOINED, "joined"), *names))]


def _row(week: Week, counts: Mapping[str, int | None], voice: Voice) -> tuple[Cell, ...]:
    first = (Cell(text=_day(week)), Cell(text=count(week.joined)))
    return (*first, *(voice.shared(each, week.joined, loss=key == "left") for key, each in counts.items()))


def _day(week: Week) -> str:
    return f"{week.first:%m-%d}"

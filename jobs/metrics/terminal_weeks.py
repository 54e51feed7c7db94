"""What became of who joined, week by week: whether they stayed, what they came to do, whom they brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from config.problems import Said
from jobs.metrics import words
from jobs.metrics.layout import NONE, Voice, aside, count, share, table
from jobs.metrics.weeks import Week


def retention(weeks: Sequence[Week], voice: Voice) -> RenderableType:
    """Who stays."""
    again = sum(week.again for week in weeks)
    lines: list[RenderableType] = []
    if not weeks:
        lines.append(Text(voice.say(words.NO_WEEKS)))
    elif not any(week.joined for week in weeks):
        lines.append(Text(voice.say(words.NO_JOINS)))
    else:
        columns = ("started", "returned", "remained", "left")
        lines += _shares(weeks, columns, voice)
        lines.append(aside(voice.say(words.YOUNG)))
    if again:
        lines.append(aside(voice.say(words.AGAIN, count=again)))
    return voice.section(words.RETENTION, *lines)


def journeys(weeks: Sequence[Week], voice: Voice) -> Iterator[RenderableType]:
    """Who was taken all the way: only the steps that the group has, and nothing where nobody joined."""
    if not any(week.joined for week in weeks):
        return
    steps = [key for key in ("begun", "completed") if weeks[0].begun is not None]
    if any(week.checks_in for week in weeks):
        steps += ["soon", "often"]
    if steps:
        yield voice.section(words.JOURNEY, *_shares(weeks, steps, voice))


def brought(weeks: Sequence[Week], voice: Voice) -> Iterator[RenderableType]:
    """Whom those who joined brought."""
    if not any(week.joined for week in weeks):
        return
    columns = (words.JOINED, words.SIZE, words.MADE, words.BROUGHT, words.COUNTED, words.VIRAL)
    made = table(tuple(map(voice.say, columns)))
    for week in weeks:
        viral = NONE if week.viral is None else f"{week.viral:.2f}"
        made.add_row(_day(week), *map(count, (week.joined, week.made, week.brought, week.counted)), viral)
    yield Text()
    yield made
    yield from voice.legend(((words.MADE, "made"), (words.BROUGHT, "brought"), (words.COUNTED, "counted")))
    yield from voice.legend(((words.VIRAL, "viral"),))


def _shares(weeks: Sequence[Week], keys: Sequence[str], voice: Voice) -> Iterator[RenderableType]:
    """A table of how many of each week did what, with what that means."""
    names: list[tuple[Said, str]] = [(words.STEPS[key], key) for key in keys]
    made = table((voice.say(words.JOINED), voice.say(words.SIZE), *(voice.say(name) for name, _ in names)))
    for week in weeks:
        counts = (getattr(week, key) for key in keys)
        cells = (NONE if each is None else share(each, week.joined) for each in counts)
        made.add_row(_day(week), count(week.joined), *cells)
    yield made
    yield from voice.legend(((words.JOINED, "joined"), *names))


def _day(week: Week) -> str:
    return f"{week.first:%m-%d}"


def converted(weeks: Sequence[Week], goals: Mapping[str, str], voice: Voice) -> Iterator[RenderableType]:
    """Who of each week came to each goal; `goals` are their names by id."""
    if not any(week.joined for week in weeks):
        return
    made = table((voice.say(words.JOINED), voice.say(words.SIZE), *goals.values()))
    for week in weeks:
        counts = (week.converted[goal] for goal in goals)
        cells = (NONE if each is None else share(each, week.joined) for each in counts)
        made.add_row(_day(week), count(week.joined), *cells)
    yield Text()
    yield made

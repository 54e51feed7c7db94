"""Metrics in the terminal, the numbers of one group after another's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from config.problems import Language
from jobs.metrics import telling, words
from jobs.metrics.figures import Metrics
from jobs.metrics.parts import Grid, Heading, Line, Note, Part, Row, Section, Voice
from jobs.report.names import Names

WIDTH = 100


def show(told: Metrics, names: Names, language: Language, console: Console) -> None:
    """Print the numbers of one group. `names` are what its operator calls its parts."""
    width, voice = min(WIDTH, console.width), Voice(language)
    for part in _whole(told, names, voice):
        console.print(part, width=width)
        console.print()


def _whole(told: Metrics, names: Names, voice: Voice) -> Iterator[RenderableType]:
    yield _head(told, voice)
    if lack := telling.nothing(told, voice):
        yield Text(lack)
    yield from (_section(one) for one in telling.sections(told, names, voice) if not one.idle)


def _head(told: Metrics, voice: Voice) -> RenderableType:
    lines = Text()
    lines.append(telling.called(told), style="bold")
    lines.append(f"\n{telling.period(told, voice)}")
    if beside := telling.compared(told, voice):
        lines.append(f"\n{beside}", style="dim")
    for line in telling.how(told, voice):
        lines.append(f"\n{line}", style="dim")
    for line in telling.lacking(told, voice):
        lines.append(f"\n{line}", style="yellow")
    title = words.TITLE_TOGETHER if told.groups else words.TITLE
    return Panel(lines, title=voice.say(title), border_style="cyan")


def _section(one: Section) -> RenderableType:
    shown = (each for part in one.parts for each in _part(part))
    return Group(Text(one.title, style="bold"), *(Padding(each, (0, 0, 0, 2)) for each in shown))


def _part(part: Part) -> Iterator[RenderableType]:
    match part:
        case Heading():
            yield _line("", part.now, part.before)
        case Row():
            if not part.idle:
                yield _line(part.name, part.now, part.before)
                yield from map(_aside, part.beneath)
        case Grid():
            yield from (Text(), Text(part.title, style="bold")) if part.title else ()
            yield _table(part)
        case Note():
            yield _aside(part.text)
        case Line():
            yield Text(part.text)
        case _:
            assert_never(part)


def _line(name: str, value: str, before: str) -> RenderableType:
    """A line of the list; all lines have the same columns."""
    line = Table.grid(padding=(0, 2, 0, 0), expand=True)
    line.add_column(ratio=1, overflow="fold", style="bold")
    line.add_column(width=16, justify="right", overflow="fold", style="bold cyan")
    line.add_column(width=16, justify="right", overflow="fold", style="dim")
    line.add_row(Text(name), Text(value), Text(before))
    return line


def _aside(text: str) -> RenderableType:
    """What stands beneath something."""
    return Padding(Text(text, style="dim"), (0, 0, 0, 2))


def _table(grid: Grid) -> Table:
    """A table of numbers, with what they are of in the first column."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for n, heading in enumerate(grid.columns):
        made.add_column(heading, justify="right" if n else "left", overflow="fold")
    for row in grid.rows:
        made.add_row(*(Text(cell.text) for cell in row))
    return made

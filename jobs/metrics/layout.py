"""How numbers stand in the terminal: a name, the number, the one before, and beneath them what it means."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from config.problems import Language, Said
from jobs.metrics import words

FEW: Final = 5
"""Of fewer people than this no share is told, only how many of how many."""
NONE: Final = "–"


def share(part: float, of: int) -> str:
    """`8/20 40%`, halves up. Without the share where that is of few people, or of fewer than the part is; a dash of
    nobody."""
    if not of:
        return NONE
    told = f"{part:,}" if isinstance(part, int) else f"{part:,.1f}"
    return f"{told}/{of:,}" + (f" {floor(100 * part / of + 0.5)}%" if of >= FEW and part <= of else "")


def count(number: int | None) -> str:
    """A number in a table; a dash for what is not known, and hardly anything for zero."""
    return NONE if number is None else f"{number:,}" if number else "·"


def row(name: str, value: str, before: str) -> RenderableType:
    """A line of the list; all lines have the same columns."""
    line = Table.grid(padding=(0, 2, 0, 0), expand=True)
    line.add_column(ratio=1, overflow="fold", style="bold")
    line.add_column(width=16, justify="right", overflow="fold", style="bold cyan")
    line.add_column(width=16, justify="right", overflow="fold", style="dim")
    line.add_row(Text(name), Text(value), Text(before))
    return line


def aside(text: str) -> RenderableType:
    """What stands beneath something."""
    return Padding(Text(text, style="dim"), (0, 0, 0, 2))


def table(columns: Sequence[str]) -> Table:
    """A table of numbers, with what they are of in the first column."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for n, heading in enumerate(columns):
        made.add_column(heading, justify="right" if n else "left", overflow="fold")
    return made


class Voice:
    """The sentences of one language, and what is made of them."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def say(self, said: Said, **values: object) -> str:
        """A sentence with its values."""
        return said.filled(**values).in_(self.language)

    def section(self, title: Said, *lines: RenderableType) -> RenderableType:
        """A title with what it is about."""
        return Group(Text(self.say(title), style="bold"), *(Padding(line, (0, 0, 0, 2)) for line in lines))

    def heading(self) -> RenderableType:
        """What the columns of a list are."""
        return row("", self.say(words.NOW), self.say(words.BEFORE))

    def meaning(self, key: str) -> RenderableType:
        """What a number of the list means."""
        return aside(self.say(words.DEFINITIONS[key]))

    def legend(self, columns: Sequence[tuple[Said, str]]) -> list[RenderableType]:
        """What the columns of a table mean."""
        return [
            aside(self.say(words.MEANING, name=self.say(name), meaning=self.say(words.DEFINITIONS[key])))
            for name, key in columns
        ]

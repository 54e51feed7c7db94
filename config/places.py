"""Where things stand in the files of an operator: a place, and the tree of places beside a file's plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Step = str | int
"""One step from a value to a value inside it: a key, or a position in a list."""

NO_CHILDREN: Mapping[Step, Spot] = MappingProxyType({})


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; line and column start at 1, columns count characters. `str()` is what editors can jump to.

    Line 0 is the file or folder as a whole.
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where one value was written, and where the values inside it were.

    `key` is the place of its key in the mapping around it. `written` is a scalar as it stands in the file, `style` how
    (`|`, `>`, `'`, `"`, `!file`, or nothing). `broken` marks a value that was refused: nothing more is said of it.
    """

    at: Place
    key: Place | None = None
    children: Mapping[Step, Spot] = field(default_factory=lambda: NO_CHILDREN)
    written: str = ""
    style: str = ""
    broken: bool = False
    source: tuple[str, ...] = ()

    def deepest(self, path: Iterable[Step]) -> tuple[Spot, int]:
        """The spot at `path`, or of its deepest parent that exists, and how many steps led there."""
        spot, steps = self, 0
        for step in path:
            below = spot.below(step)
            if below is None:
                break
            spot, steps = below, steps + 1
        return spot, steps

    def below(self, step: Step) -> Spot | None:
        """The spot one step further in. Keys of mappings are texts here, whatever YAML took them for."""
        return self.children.get(step) or self.children.get(str(step))

    def known(self, path: Iterable[Step]) -> tuple[Step, ...]:
        """As much of `path` as stands in the file, with keys as they stand there."""
        spot, found = self, []
        for step in path:
            below = spot.below(step)
            if below is None:
                break
            found.append(step if step in spot.children else str(step))
            spot = below
        return tuple(found)

    def at_path(self, path: Iterable[Step]) -> Spot:
        """The spot at `path`, or of its deepest parent that exists."""
        return self.deepest(path)[0]

    @property
    def name(self) -> Place:
        """Where the key stands, or the value where there is no key."""
        return self.key or self.at

    def inside(self, value: str, offset: int) -> Place:
        """The place of a character of this scalar's value. Falls back to the scalar's start where YAML folded lines."""
        before = value[:offset]
        line, column = before.count("\n"), offset - (before.rfind("\n") + 1)
        if self.style == "!file":
            return Place(self.at.file, line + 1, column + 1)
        if self.style == "|":
            return self._inside_block(value, line, column)
        if self.style in ("", "'", '"') and "\n" not in value:
            return self._inside_line(value, offset)
        return self.at

    def _inside_block(self, value: str, line: int, column: int) -> Place:
        first = self.at.line  # the line after the indicator, counted from 0
        for i, text in enumerate(value.split("\n")):
            if text.strip() and first + i < len(self.source):
                indent = len(self.source[first + i].rstrip("\r")) - len(text)
                return Place(self.at.file, self.at.line + 1 + line, max(indent, 0) + column + 1)
        return self.at

    def _inside_line(self, value: str, offset: int) -> Place:
        if self.at.line > len(self.source):
            return self.at
        line = self.source[self.at.line - 1]
        column = self.at.column - 1 + (1 if self.style else 0)
        for char in value[:offset]:
            if column >= len(line):
                return self.at
            if line[column] == char and not (self.style == '"' and char == "\\") and not (self.style == "'" == char):
                column += 1
            elif line[column : column + 2] == "''" or (self.style == '"' and line[column] == "\\"):
                column += 2
            else:
                return self.at
        return Place(self.at.file, self.at.line, column + 1)


def shown(path: Iterable[Step]) -> str:
    """A path as people read it: `check_ins.morning.keywords[2]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text

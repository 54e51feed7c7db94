"""What is told of a group, before it is known where: sections of numbers, each with what it means.

The terminal and the page show the same of it. What is `idle` the group does not run, or it did not happen: the page
says so, and what would have to be switched on; the terminal leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

from config.problems import Language, Said
from jobs.metrics import words
from workflows.survey_results import percent

FEW: Final = 5
"""Of fewer people than this no share is told, only how many of how many."""
NONE: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list: what it is called, the number, that of the period before, and what is said beneath.

    `key` is what its meaning is kept under, "" where it has none of its own; `change` is how it went, "" where that is
    not known.
    """

    name: str
    now: str
    before: str
    beneath: tuple[str, ...] = ()
    key: str = ""
    change: str = ""
    idle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the columns of a list are."""

    now: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A number of a table. `part` is what share it is, None where none is told; `loss` is what a group would rather not
    have, `young` what cannot be told yet."""

    text: str
    part: float | None = None
    loss: bool = False
    young: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table of numbers, with what they are of in the first column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What stands beneath a whole list or table."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence in the place of numbers."""

    text: str


Part = Row | Heading | Grid | Note | Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A title with what it is about."""

    key: str
    title: str
    parts: tuple[Part, ...]
    idle: bool = False


def share(part: float, of: int) -> str:
    """`8/20 40%`, halves up; `1/300 <1%`. Without the share where that is of few people, or of fewer than the part
    is; a dash of nobody."""
    if not of:
        return NONE
    told = f"{part:,}" if isinstance(part, int) else f"{part:,.1f}"
    return f"{told}/{of:,}" + (f" {percent(part, of)}%" if tells(part, of) else "")


def tells(part: float, of: int) -> bool:
    """Whether a share is told of a part."""
    return of >= FEW and part <= of


def count(number: int | None) -> str:
    """A number in a table; a dash for what is not known, and hardly anything for zero."""
    return NONE if number is None else f"{number:,}" if number else "·"


def number(value: float | None, form: str = ",") -> str:
    """A number of a list; a dash for what is not known."""
    return NONE if value is None else format(value, form)


class Voice:
    """The sentences of one language, and what is made of them."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def say(self, said: Said, **values: object) -> str:
        """A sentence with its values."""
        return said.filled(**values).in_(self.language)

    def meaning(self, key: str) -> str:
        """How a number is counted."""
        return self.say(words.DEFINITIONS[key])

    def named(self, name: Said, key: str) -> Note:
        """How a column is counted."""
        return Note(text=self.say(words.MEANING, name=self.say(name), meaning=self.meaning(key)))

    def section(self, key: str, title: Said, parts: Iterable[Part]) -> Section:
        """A section with its title."""
        return Section(key=key, title=self.say(title), parts=tuple(parts))

    def idle(self, key: str, title: Said, why: Said) -> Section:
        """A section of which there is nothing, and why."""
        return Section(key=key, title=self.say(title), parts=(Line(text=self.say(why)),), idle=True)

    def heading(self) -> Heading:
        """Over a list of numbers with those of the period before."""
        return Heading(now=self.say(words.NOW), before=self.say(words.BEFORE))

    def legend(self, columns: Sequence[tuple[Said, str]]) -> list[Note]:
        """How the columns of a table are counted."""
        return [self.named(name, key) for name, key in columns]

    def shared(self, part: int | None, of: int, *, loss: bool = False) -> Cell:
        """A part of who joined in a week, with its share."""
        if part is None:
            return self.known(NONE, part, of)
        return Cell(text=share(part, of), part=part / of if tells(part, of) else None, loss=loss)

    def known(self, told: str, value: float | None, joined: int) -> Cell:
        """A number of who joined in a week as it is told; what is not known of all of them is too early to tell."""
        early = value is None and joined > 0
        return Cell(text=self.say(words.EARLY) if early else told, young=early)

    def change(self, now: float | None, before: float | None) -> str:
        """How a number went: in percent of the one before, as it is where that one is of few; "" where it is not
        known."""
        if now is None or before is None:
            return ""
        if before < FEW:
            return _signed(now - before, "" if isinstance(now, int) and isinstance(before, int) else ".1f")
        return _signed(floor(100 * (now - before) / before + 0.5), "") + "%"

    def moved(self, now: tuple[float | None, int | None], before: tuple[float | None, int | None]) -> str:
        """How a share went, in points of a hundred, by what is of how many; "" where either share is not told."""
        shares = _hundredths(*now), _hundredths(*before)
        if shares[0] is None or shares[1] is None:
            return ""
        return self.say(words.POINTS_OF_HUNDRED, points=_signed(shares[0] - shares[1], ""))


def _hundredths(part: float | None, of: int | None) -> int | None:
    return floor(100 * part / of + 0.5) if part is not None and of and tells(part, of) else None


def _signed(value: float, form: str) -> str:
    told = format(abs(value), form)
    return f"{'+' if value > 0 else '−'}{told}" if float(told) else "±0"

"""Letters of a Chinese keyboard where YAML needs others: blamed for an error only where it is gone without them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

import yaml

from config.places import Place
from config.problems import Said, said
from config.yaml_events import events

SPACES: Final = said("spaces", "空格")
WIDE_SPACE: Final = said("a wide space in the indentation", "缩进里的全角空格")
_MOST_TRIED: Final = 24
"""Texts that are read anew for one error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """How such a letter looks in a line, and the line with what YAML takes in its place."""

    looks: re.Pattern[str]
    mended: Callable[[str, int], str]
    found: Said
    wanted: Said

    def columns(self, line: str) -> list[int]:
        return [each.start(1) for each in self.looks.finditer(line)]


def blamed(source: Sequence[str], at: Place, opened: Place, *, flow: bool) -> tuple[Place, Said, Said] | None:
    """The letter without which the error at `at` is gone, or comes later: where it is, its name, and what to write."""
    reached = _reach(source, at.line, at.column)
    for place, letter, mended in islice(_tried(source, at, opened, flow=flow), _MOST_TRIED):
        if _passes(mended, reached):
            return place, letter.found, letter.wanted
    return None


def _tried(
    source: Sequence[str], at: Place, opened: Place, *, flow: bool
) -> Iterator[tuple[Place, _Letter, Sequence[str]]]:
    """The text without one such letter near the error, or without those of the lines above that have it, too."""
    before = next((n for n in range(min(at.line - 1, len(source)), 0, -1) if source[n - 1].strip()), at.line)
    for number in sorted(n for n in {before, at.line, opened.line} if n <= len(source)):
        for letter in (*_LETTERS, *([_COMMA] if flow else [])):
            for column in reversed(letter.columns(source[number - 1])):
                mended = letter.mended(source[number - 1], column)
                yield Place(at.file, number, column + 1), letter, (*source[: number - 1], mended, *source[number:])
            alike = list(takewhile(letter.columns, reversed(source[:number])))[::-1]
            if len(alike) > 1:
                first = number - len(alike)
                lines = [letter.mended(line, letter.columns(line)[0]) for line in alike]
                place = Place(at.file, first + 1, letter.columns(alike[0])[0] + 1)
                yield place, letter, (*source[:first], *lines, *source[number:])


def _passes(source: Sequence[str], reached: tuple[int, int]) -> bool:
    """Whether the parser comes further than it did."""
    try:
        for event in events("\n".join(source)):
            if _reach(source, event.start_mark.line + 1, event.start_mark.column + 1) > reached:
                return True
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        unclosed = "quoted scalar" in str(error.context)
        return mark is not None and not unclosed and _reach(source, mark.line + 1, mark.column + 1) > reached
    return True


def _reach(source: Sequence[str], line: int, column: int) -> tuple[int, int]:
    """How far a place is, counted from the end of its line: what is mended before it moves it."""
    return line, column - len(source[line - 1] if line <= len(source) else "")


def _in_its_place(sign: str) -> Callable[[str, int], str]:
    return lambda line, column: line[:column] + sign + line[column + 1 :]


def _indented(spaces: str) -> Callable[[str, int], str]:
    def mended(line: str, _: int) -> str:
        text = line.lstrip()
        return line[: len(line) - len(text)].replace("\u3000", spaces) + text

    return mended


def _quoted(line: str, column: int) -> str:
    """The line with plain quotes from the one at `column` to the last one after it."""
    text = line[column + 1 :]
    last = max(text.rfind(quote) for quote in "“”‘’")
    return f'{line[:column]}"{text}' if last < 0 else f'{line[:column]}"{text[:last]}"{text[last + 1 :]}'


_LETTERS: Final = (
    _Letter(
        looks=re.compile(r"^\s*(?:- +)*[A-Za-z0-9_.-]+\s*(：)"),
        mended=_in_its_place(": "),
        found=said("the wide colon `：` after a key", "键后面的全角冒号 `：`"),
        wanted=said("`: `, a plain colon and a space", "半角冒号加空格 `: `"),
    ),
    *(
        _Letter(looks=re.compile(r"^\s*?(\u3000)"), mended=_indented(spaces), found=WIDE_SPACE, wanted=SPACES)
        for spaces in ("  ", " ")
    ),
    _Letter(
        looks=re.compile(r"(?::\s*|-\s+|[\[{,]\s*)([“”‘’])"),
        mended=_quoted,
        found=said("a quote that YAML takes for a letter", "YAML 不认的引号"),
        wanted=said('`"`, the plain quote', '半角引号 `"`'),
    ),
)
"""What a Chinese keyboard writes and YAML does not know."""
_COMMA: Final = _Letter(
    looks=re.compile("(，)"),
    mended=_in_its_place(", "),
    found=said("the wide comma `，`", "全角逗号 `，`"),
    wanted=said("`, `, a plain comma", "半角逗号 `, `"),
)
"""It is one inside brackets only."""

"""What somebody wrote that YAML reads otherwise: blamed for an error only where that is gone once it is mended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Final

import yaml

from config.places import Place
from config.problems import Said
from config.yaml_events import events
from config.yaml_slips import COMMA, SLIPS, Slip

_MOST_TRIED: Final = 48
"""Texts that are read anew for one error."""


def blamed(source: Sequence[str], at: Place, opened: Place, *, flow: bool) -> tuple[Place, Said, Said] | None:
    """The slip without which the error at `at` is gone, or comes later: where it is, its name, and what to write."""
    reached = _reach(source, at.line, at.column)
    for place, slip, mended in islice(_tried(source, at, opened, flow=flow), _MOST_TRIED):
        if _passes(mended, reached):
            return place, slip.found, slip.wanted
    return None


def _tried(
    source: Sequence[str], at: Place, opened: Place, *, flow: bool
) -> Iterator[tuple[Place, Slip, Sequence[str]]]:
    """The text without one such slip near the error, or without those of the lines above that have it, too."""
    before = next((n for n in range(min(at.line - 1, len(source)), 0, -1) if source[n - 1].strip()), at.line)
    for number in sorted(n for n in {before, at.line, opened.line} if n <= len(source)):
        for slip in (*SLIPS, *([COMMA] if flow else [])):
            for column in reversed(slip.columns(source[number - 1])):
                mended = slip.mended(source[number - 1], column)
                yield Place(at.file, number, column + 1), slip, (*source[: number - 1], mended, *source[number:])
            alike = list(takewhile(slip.columns, reversed(source[:number])))[::-1]
            if len(alike) > 1:
                first = number - len(alike)
                lines = [slip.mended(line, slip.columns(line)[0]) for line in alike]
                place = Place(at.file, first + 1, slip.columns(alike[0])[0] + 1)
                yield place, slip, (*source[:first], *lines, *source[number:])


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

"""Wide brackets inside plain ones: `{when: 【join, edit】}` is a text and a key to YAML, one list to who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from config.faults import Fault
from config.places import Place, Spot, Step
from config.problems import Problem, said
from config.yaml_slips import in_wide_brackets, plainly

_BRACKETS: Final = re.compile(r":\s*([【［〔｛][^【】［］〔〕｛｝\[\]{}]*,[^【】［］〔〕｛｝\[\]{}]*[】］〕｝])")


def mended(faults: Sequence[Fault], spot: Spot, above: tuple[Step, ...]) -> tuple[list[Fault], list[Problem]]:
    """The faults that are no part of such a list, and a problem for each of these lists; `spot` is the value that has
    the faults, `above` the path to it."""
    torn: dict[Place, Problem] = {}
    inside: list[tuple[Place, int]] = []
    for fault in faults:
        if fault.kind != "extra_forbidden":
            continue
        for begin, text in _around(fault.spot):
            owner = fault.path[:-1]
            key = next((key for key, below in spot.at_path(owner).children.items() if below.at == begin), None)
            if key is not None:
                found = said(f"`{text}`, which YAML takes apart", f"`{text}`，会被 YAML 拆开")
                path = (*above, *owner, key)
                torn[begin] = Problem(place=begin, path=path, found=found, wanted=_WANTED, guess=f"`{plainly(text)}`")
                inside.append((begin, begin.column + len(text)))
    return [fault for fault in faults if not any(_within(fault, *each) for each in inside)], list(torn.values())


def _around(spot: Spot) -> Iterator[tuple[Place, str]]:
    """The wide brackets around a key, if there are: where they begin, and what they hold."""
    at = spot.name
    line = spot.source[at.line - 1] if at.line <= len(spot.source) else ""
    for found in _BRACKETS.finditer(line):
        if found.start(1) < at.column - 1 < found.end(1) and in_wide_brackets(found[1]):
            yield Place(at.file, at.line, found.start(1) + 1), found[1]


def _within(fault: Fault, begin: Place, end: int) -> bool:
    at = fault.spot.name if fault.about_key else fault.spot.at
    return (at.file, at.line) == (begin.file, begin.line) and begin.column <= at.column < end


_WANTED: Final = said("plain brackets, `[` `]` or `{` `}`", "半角括号 `[` `]` 或 `{` `}`")

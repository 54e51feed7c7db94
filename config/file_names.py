"""Names of files that stand where a text or a list is wanted, alone or behind a `file` without its sign: members would
read the name, and not what is in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from config.chapter import Chapter
from config.places import Spot, Step
from config.problems import Problems, said

_FILE: Final = re.compile(
    r"(?:[!！]\s*(?:file|include)\s*[:：]?\s*|(?:file|include)(?:\s*[:：]\s*|\s+))?(?P<name>[\w./-]+\.(?:txt|md|csv))",
    re.IGNORECASE,
)
_HOSTS: Final = ("domains", "allowed_domains")
"""`x.md` may be one."""


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each, with how a file is named."""
    for path, spot in _leaves(chapter.spot, ()):
        named = _FILE.fullmatch(spot.written) if spot.style == "" else None
        if named is not None and not set(_HOSTS).intersection(map(str, path)):
            why = _A_NAME.filled(name=spot.written)
            problems.tell("warning", spot.at, path, why, guess=f"`!file {named['name']}`")


def _leaves(spot: Spot, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Spot]]:
    for step, below in spot.children.items():
        yield from _leaves(below, (*path, step))
    if not spot.children and spot.written and path:
        yield path, spot


_A_NAME: Final = said(
    "`{name}` is taken as a word, not as the file of that name; in quotes it is surely meant so",
    "`{name}` 会当成文字，不会去读这个文件；如果就要这几个字，请加引号",
)

"""Texts that a comment cuts short: `answer: 请看 #置顶` is `请看` to YAML, and members never read the rest."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from config.chapter import Chapter
from config.placeholders import of_heading
from config.powers import values
from config.problems import Problems, said
from workflows.texts import Text

_REST: Final = re.compile(r"\s+(#[^\s#].*)")
"""A remark has a space behind its `#`."""


def consider(chapter: Chapter, problems: Problems) -> None:
    """Warn of each text that goes on behind a `#`, at that sign."""
    for path, text in (*values(chapter), *of_heading(chapter)):
        for language in text.sources if isinstance(text, Text) else ():
            at = (*path, language) if language else path
            spot = chapter.spot.at_path(at)
            if spot.style or not spot.written or not 0 < spot.at.line <= len(spot.source):
                continue
            line, before = spot.source[spot.at.line - 1], spot.at.column - 1
            if not line.startswith(spot.written, before):
                continue
            end = before + len(spot.written)
            if (rest := _REST.fullmatch(line, end)) is not None:
                place = replace(spot.at, column=rest.start(1) + 1)
                whole = line[before:].rstrip()
                guess = f'`"{whole}"`' if '"' not in whole and "\\" not in whole else ""
                why = _CUT.filled(rest=rest[1].rstrip())
                problems.tell("warning", place, chapter.spot.known(at), why, guess=guess)


_CUT: Final = said(
    "`{rest}` is a comment to YAML, and nobody reads it: put the whole text in quotes, or a space behind `#`",
    "`{rest}` 在 YAML 里是注释，谁也看不到：整段文字加上引号；真是注释就在 `#` 后面空一格",
)

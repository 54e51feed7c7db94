"""What the group posts by the clock."""

from __future__ import annotations

from collections.abc import Sequence

from jobs.metrics import words
from jobs.metrics.parts import NONE, Cell, Grid, Note, Section, Voice
from jobs.metrics.posted import Piece


def content(pieces: Sequence[Piece], voice: Voice) -> Section:
    """Each post, with the day for which it was last posted."""
    if not pieces:
        return voice.idle("content", words.CONTENT, words.NO_CONTENT)
    grid = Grid(
        columns=(voice.say(words.POST), voice.say(words.LAST_POSTED), ""),
        rows=tuple(
            (
                Cell(text=one.post),
                Cell(text=NONE if one.posted is None else f"{one.posted}"),
                Cell(text=voice.say(words.WAITS) if one.waiting else ""),
            )
            for one in pieces
        ),
    )
    return voice.section("content", words.CONTENT, [grid, Note(text=voice.meaning("content"))])

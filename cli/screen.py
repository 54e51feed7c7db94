"""What commands print for people: nothing that a member wrote steers the terminal or turns the order of letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

_STEERING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
"""Control characters but line breaks and tabs, and marks of direction; none of them takes a place in a line."""


def harmless(text: str) -> str:
    """The text without what steers a terminal: `\\x1b[31mred` is `[31mred`."""
    return _STEERING.sub("", text)


def echo(text: object = "", *, err: bool = False) -> None:
    """A line on the terminal, harmless."""
    typer.echo(harmless(str(text)), err=err)


class Screen(Console):
    """A console whose texts are harmless, and stay as they are: `:100:` is a line of a file, and no picture. Its own
    colours stay."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**{"emoji": False, **how})

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """See `Console.render`."""
        for segment in super().render(renderable, options):
            if segment.control or _STEERING.search(segment.text) is None:
                yield segment
            else:
                yield Segment(harmless(segment.text), segment.style)


def screen(**how: Any) -> Screen:
    """A screen for lines, which the terminal itself wraps."""
    return Screen(highlight=False, soft_wrap=True, **how)

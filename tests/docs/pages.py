"""The pages of the project, taken apart: fenced blocks, links, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = tuple(
    sorted(
        str(page.relative_to(ROOT))
        for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
        if not any(part.startswith(".") for part in page.relative_to(ROOT).parts)
    )
)
READMES = ("README.md", "README.zh.md")
CHINESE = tuple(page for page in PAGES if page.endswith(".zh.md"))
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block: what it is marked as, its text, and the line it begins on."""

    mark: str
    text: str
    line: int


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, mark: str) -> list[Block]:
    """The fenced blocks of a page that are marked so."""
    text = text_of(page)
    return [
        Block(found[1], found[2], text.count("\n", 0, found.start()) + 2)
        for found in _FENCE.finditer(text)
        if found[1] == mark
    ]


def all_blocks(mark: str) -> Iterator[tuple[str, Block]]:
    """(page, block) over all pages."""
    for page in PAGES:
        for block in blocks(page, mark):
            yield page, block


def links(page: str) -> list[str]:
    """Where a page's links lead, as written; fenced blocks and code have none."""
    prose = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", text_of(page)))
    return _LINK.findall(prose)


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    titles = re.findall(r"^#+ (.*)$", _FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}

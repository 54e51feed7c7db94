"""Names in what people write: a tier, a goal, a kind is named by its id or by what people call it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

QUOTES: Final = '「」“”"'
"""What names stand in where they are told."""


def leading(written: str, names: Mapping[str, str]) -> tuple[str | None, str]:
    """What words begin with, by one of its names, of several words perhaps: the longest that fits; and what follows.
    `names` are case-folded. None where no name stands first: then all of it follows."""
    words = written.split()
    longest = max((len(name.split()) for name in names), default=0)
    for several in range(min(len(words), longest), 0, -1):
        found = names.get(" ".join(words[:several]).strip(QUOTES).casefold())
        if found is not None:
            return found, " ".join(words[several:])
    return None, written

"""A member's own name before what they ask for: `小王 打卡`, `【小王】第3天打卡`, `Ada: check-in`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from workflows.folding import normalized

_PARTS: Final = re.compile(r"[\W\d_]+")
_APART: Final = re.compile(r"[\W_]+")
"""What stands between a name and what is asked for; Chinese leaves it out."""
_OF_MANY: Final = frozenset("班组队群级届系部区市店")
"""On what ends the part of a name that others have in theirs, too: `三班 打卡` may be a call to them."""
_MOST_NAMES: Final = 1_024


def behind_ones_name(text: str, name: str) -> str:
    """What follows its author's name at the start of a text; nothing where it does not begin so."""
    apart = _APART.match(text)
    start = text[apart.end() :] if apart is not None else text
    for own in _spellings(name):
        if normalized(start[: len(own)]) != own:
            continue
        rest = start[len(own) :]
        apart = _APART.match(rest)
        if apart is not None:
            return rest[apart.end() :]
        if len(own) > 1 and not own[-1].isascii():
            return rest
    return ""


@lru_cache(maxsize=_MOST_NAMES)
def _spellings(name: str) -> tuple[str, ...]:
    """How somebody may write their name, the longest first: whole, or a part of it (`小王` of `小王-三班`)."""
    whole = normalized(name).strip()
    parts = [part for part in _PARTS.split(whole) if len(part) > 1 and part[-1] not in _OF_MANY]
    return tuple(sorted({one for one in (whole, *parts) if one}, key=len, reverse=True))

"""What is posted for words: texts with mentions, in pieces that a reader takes in and WeChat lets through."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from core.effects import Mention, Words
from core.people import Account

LONGEST: Final = 2000
"""Characters in one message. WeChat tells no limit; clients fold longer texts away, and gateways differ above it."""
AFTER_MENTION: Final = "\u2005"
_ENDINGS: Final = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？；…]|[.!?]\s"),
    re.compile(r"\s|[，、]"),
)
_FULL: Final = 0.5
"""A piece is filled to this share before a pause counts."""


class Piece(NamedTuple):
    """One message: its text, and the ids of those mentioned in it."""

    text: str
    mentions: tuple[str, ...] = ()


class _Named(NamedTuple):
    start: int
    end: int
    id: str


def native(account: Account) -> str:
    """The contact id of an account of WeChat's; empty for others."""
    platform, _, id = account.partition(":")
    return id if platform == "wechat" else ""


def mentioned(words: Words) -> tuple[str, ...]:
    """The contact ids of all who are mentioned."""
    return tuple(
        dict.fromkeys(native(part.account) for part in words if isinstance(part, Mention) and native(part.account))
    )


def pieces(words: Words, names: Mapping[str, str], *, longest: int = LONGEST) -> Sequence[Piece]:
    """The words as messages, none of them blank. `names` are what people are called where it is posted, by id.

    WeChat only marks a mention if the text holds the name that is shown there. People of other platforms are named
    without a mark. No mention is cut. Where it is cut hangs on the names that are written and not on those in the room,
    which may change between two pieces.
    """
    text, named = _written(words)
    found: list[Piece] = []
    start = 0
    while start < len(text):
        end = _end(text, start, longest, named)
        there = [one for one in named if start <= one.start < end]
        piece = _renamed(text, start, end, there, names).strip("\n ")
        if any(not letter.isspace() for letter in piece):
            found.append(Piece(piece, tuple(dict.fromkeys(one.id for one in there))))
        start = end
    return found


def _written(words: Words) -> tuple[str, list[_Named]]:
    text, named = "", []
    for part in words:
        if isinstance(part, str):
            text += part.removeprefix(" ") if text.endswith(AFTER_MENTION) else part
            continue
        id = native(part.account)
        if id:
            named.append(_Named(len(text), len(text) + len(part.name) + 2, id))
            text += f"@{part.name}{AFTER_MENTION}"
        else:
            text += part.name
    return text, named


def _renamed(text: str, start: int, end: int, named: Sequence[_Named], names: Mapping[str, str]) -> str:
    """A part of the text, with those mentioned as they are called."""
    found = ""
    for one in named:
        shown = names.get(one.id)
        found += text[start : one.start] + (f"@{shown}{AFTER_MENTION}" if shown else text[one.start : one.end])
        start = one.end
    return found + text[start:end]


def _end(text: str, start: int, longest: int, named: Sequence[_Named]) -> int:
    """Where a piece ends that begins at `start`: at a pause if there is one, never in a mention or a character."""
    latest = start + longest
    if latest >= len(text):
        return len(text)
    for ending in _ENDINGS:
        ends = [match.end() for match in ending.finditer(text, start + int(longest * _FULL), latest)]
        if best := next((end for end in reversed(ends) if _may_cut(text, end, named)), 0):
            return best
    return next((end for end in range(latest, start, -1) if _may_cut(text, end, named)), latest)


def _may_cut(text: str, at: int, named: Sequence[_Named]) -> bool:
    after, before = text[at], text[at - 1]
    joined = unicodedata.category(after) in ("Mn", "Me", "Mc") or "\U0001f3fb" <= after <= "\U0001f3ff"
    return not (joined or "\u200d" in (before, after)) and not any(one.start < at < one.end for one in named)

"""Long texts in pieces that Telegram takes: 4096 UTF-16 units a message, 1024 under a picture, after entity parsing.

A piece ends where a reader would pause: after a paragraph, a line, a sentence, a word; at worst between two characters
as people see them (grapheme clusters, after Unicode's UAX #29, joined rather too often than not often enough). The
pieces together are the whole text, and no mention is cut.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from adapters.telegram.markup import Link, Visible, part_of

MESSAGE: Final = 4096
CAPTION: Final = 1024
LINKS: Final = 100
"""Telegram ignores entities after the hundredth of a message."""

_ENDINGS: Final = (
    re.compile(r"\n\s*\n+"),
    re.compile(r"\n+"),
    re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？；…]+[”’」』）】]*\s*"),
    re.compile(r"\s+|[，、：]"),
)
"""Where a piece may end, best first: paragraphs, lines, sentences, words (and Chinese commas)."""
_CUT: Final = "…"
_CLOSER: Final = 0.5
"""A piece is filled to this share before a pause counts, so that no piece is a stump."""

_ZWJ: Final = "\u200d"
_SARA_AM: Final = frozenset("\u0e33\u0eb3")
_PREPENDED: Final = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd"
)
_INITIALS: Final = (("\u1100", "\u115f"), ("\ua960", "\ua97c"))
_VOWELS: Final = (("\u1160", "\u11a7"), ("\ud7b0", "\ud7c6"))
_FINALS: Final = (("\u11a8", "\u11ff"), ("\ud7cb", "\ud7fb"))
_SYLLABLES: Final = (("\uac00", "\ud7a3"),)
_VIRAMA: Final = 9
"""The canonical combining class of signs that join consonants into one character in Indic scripts."""


def units(text: str) -> int:
    """The length of a text as Telegram counts: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def pages(whole: Visible, first: int = MESSAGE, rest: int = MESSAGE) -> tuple[Visible, ...]:
    """The text in pieces of at most `first` units, then `rest`. An empty text is one empty piece.

    A mention that no piece could hold is cut like other text, and leads nowhere.
    """
    text = whole.text
    if units(text) <= first and len(whole.links) <= LINKS:
        return (whole,)
    links = [link for link in whole.links if units(text[link.start : link.end]) <= min(first, rest)]
    found: list[Visible] = []
    start, room = 0, first
    while start < len(text):
        end = _reach(text, start, room)
        inside = [link for link in links if start <= link.start < end]
        if len(inside) > LINKS:
            end, inside = inside[LINKS].start, inside[:LINKS]
        if end < len(text):
            end = _pause(text, start, end, inside)
        found.append(part_of(whole, start, end, inside))
        start, room = end, rest
    return tuple(found) or (whole,)


def clipped(whole: Visible, room: int) -> Visible:
    """The text as it is if it fits into `room` units, else as much of it as does, and an ellipsis."""
    if units(whole.text) <= room:
        return whole
    first = pages(whole, room - len(_CUT))[0]
    return Visible(
        first.text.rstrip() + _CUT, tuple(link for link in first.links if link.end <= len(first.text.rstrip()))
    )


def _reach(text: str, start: int, room: int) -> int:
    """The furthest end of a piece from `start` that fits into `room` units."""
    end = min(len(text), start + room)
    over = units(text[start:end]) - room
    while over > 0:
        end -= 1
        over -= 2 if text[end] > "\uffff" else 1
    return end


def _pause(text: str, start: int, end: int, links: list[Link]) -> int:
    """The best place to end a piece, at `end` at the latest and after `start`."""
    least = start + int((end - start) * _CLOSER)
    for ending in _ENDINGS:
        best = 0
        for match in ending.finditer(text, least, end):
            if _may_cut(text, match.end(), links):
                best = match.end()
        if best > start:
            return best
    for at in range(end, start, -1):
        if _may_cut(text, at, links):
            return at
    return end  # one character, as people see it, is longer than a message


def _may_cut(text: str, at: int, links: list[Link]) -> bool:
    return boundary(text, at) and not any(link.start < at < link.end for link in links)


def boundary(text: str, at: int) -> bool:
    """Whether a character, as people see it, ends before `at`."""
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return False
    if before in "\n\r" or after in "\n\r":
        return True
    if _extends(after) or before in _PREPENDED:
        return False
    if before == _ZWJ:  # a family, a profession: 👩‍🚀
        return False
    if _regional(before) and _regional(after):  # flags are pairs
        return _run_of_regional(text, at) % 2 == 0
    if _one_syllable(before, after):
        return False
    return not (unicodedata.combining(before) == _VIRAMA and unicodedata.category(after) == "Lo")


def _extends(letter: str) -> bool:
    """Whether it belongs to the letter before it: accents, vowel signs, variation selectors, skin tones, tags."""
    if letter < "\u0300":
        return False
    return (
        unicodedata.category(letter) in ("Mn", "Mc", "Me")
        or letter in "\u200c\u200d\uff9e\uff9f"
        or letter in _SARA_AM
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
        or "\U000e0020" <= letter <= "\U000e007f"
    )


def _regional(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _run_of_regional(text: str, at: int) -> int:
    start = at
    while start and _regional(text[start - 1]):
        start -= 1
    return at - start


def _one_syllable(before: str, after: str) -> bool:
    """Whether two Korean letters stand in one syllable: initials, then vowels, then finals, or a whole one first."""
    if _is_one_of(after, _VOWELS):
        return _is_one_of(before, _INITIALS) or _is_one_of(before, _VOWELS) or _is_one_of(before, _SYLLABLES)
    if _is_one_of(after, _FINALS):
        return _is_one_of(before, _VOWELS) or _is_one_of(before, _FINALS) or _is_one_of(before, _SYLLABLES)
    return _is_one_of(before, _INITIALS) and (_is_one_of(after, _INITIALS) or _is_one_of(after, _SYLLABLES))


def _is_one_of(letter: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= letter <= last for first, last in ranges)

"""One spelling for texts that look alike, so that a word list is not evaded by how a word is typed.

Per character: compatibility forms (NFKC), accents dropped, case folded, look-alikes made Latin, curly apostrophes made
straight, traditional Chinese made simplified; invisible and control characters dropped. Japanese voicing marks stay:
they make other words. The table is filled as characters are met, so it holds what the groups really write.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

import opencc

from workflows.confusables import LATIN

_DROPPED: Final = frozenset(("Cf", "Mn", "Me", "Cc", "Cs"))
_VOICING: Final = "\u3099\u309a"
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
"""Letters by category that show nothing; used to break words."""
_APOSTROPHES: Final = "\u2018\u2019\u02bc"
"""As phones write the one of `I'm` by themselves."""
_BREAKS: Final = {
    "\t": " ",
    "\n": "\n",
    "\x0b": "\n",
    "\x0c": "\n",
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u1680": " ",
}
_MOST_KEPT: Final = 200_000
_SIMPLIFIED: Final = opencc.OpenCC("t2s")
_HAN: Final = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


class _Fold(dict[int, str | int]):
    """For `str.translate`: what each character folds to, worked out when it is first met."""

    def __missing__(self, point: int) -> str | int:
        folded = _folded(chr(point))
        kept: str | int = point if folded == chr(point) else folded
        if len(self) < _MOST_KEPT:
            self[point] = kept
        return kept


_FOLD: Final = _Fold()
_ASCII: Final = {point: _BREAKS.get(chr(point), "") for point in (*range(32), 127)}


def normalized(text: str) -> str:
    """The text in the one spelling that word lists are compared in. Never raises; doing it twice changes nothing.

    Spaces and line breaks stay (tabs become spaces). The result can be encoded whatever came in.
    """
    if text.isascii():
        lower = text.lower()
        return lower if lower.isprintable() else lower.translate(_ASCII)
    found = _UNSURE.search(text)
    while found is not None and found[0] in _WIDE:
        # Most Chinese messages hold nothing to fold but their punctuation.
        text = text.replace(found[0], _WIDE[found[0]])
        found = _UNSURE.search(text, found.start())
    if found is None:
        return text.lower()
    folded = text.translate(_FOLD)
    if folded.isascii():
        return folded
    folded = unicodedata.normalize("NFC", folded)
    while _VOICING[0] in folded or _VOICING[1] in folded:
        folded = unicodedata.normalize("NFC", folded.replace(_VOICING[0], "").replace(_VOICING[1], ""))
    return folded


def holds_one(text: str, words: Iterable[str]) -> bool:
    """Whether a text holds one of some words of small letters: a glance that spares most texts their pattern, for a
    small part of what it costs. Of other spellings it knows capitals and a curly `’` alone."""
    small = text.lower().replace("\u2019", "'")
    for word in words:  # noqa: SIM110 (a generator takes twice as long)
        if word in small:
            return True
    return False


def compatible(text: str) -> str:
    """The text in compatibility forms (NFKC). What most Chinese messages have of others is their punctuation."""
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFKC", text):
        text = _narrow(text)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _narrow(text: str) -> str:
    for wide in set(_WIDE_SIGNS.findall(text)):
        text = text.replace(wide, _WIDE[wide])
    return text


def _folded(char: str) -> str:
    """What one character folds to, worked out until nothing changes any more."""
    for _ in range(5):
        once = "".join(_fold_once(part) for part in unicodedata.normalize("NFKC", char))
        if once == char:
            break
        char = once
    return char


def _fold_once(char: str) -> str:
    if char in _BREAKS:
        return _BREAKS[char]
    if char in _VOICING:
        return char
    if char in _APOSTROPHES:
        return "'"
    if char in _BLANK or unicodedata.category(char) in _DROPPED:
        return ""
    bare = LATIN.get(char) or LATIN.get(_without_accents(char).casefold()) or _without_accents(char).casefold()
    if len(bare) == 1 and any(first <= ord(bare) <= last for first, last in _HAN):
        return str(_SIMPLIFIED.convert(bare))
    return bare


def _without_accents(char: str) -> str:
    parts = unicodedata.normalize("NFD", char)
    if len(parts) == 1:
        return char
    kept = "".join(part for part in parts if part in _VOICING or unicodedata.category(part) not in ("Mn", "Me"))
    return unicodedata.normalize("NFC", kept)


def _unsure() -> re.Pattern[str]:
    """A character that may fold to more than its small letter: all but ASCII and simplified Chinese, which is most."""
    others = frozenset("".join(_TRADITIONAL.values()))
    kept = "".join(char for char in map(chr, range(0x4E00, 0x9FA6)) if char not in others)
    return re.compile(f"[^\n -~。、“”《》{kept}\U0001f300-\U0001f64f]")


def _traditional() -> dict[str, str]:
    """The traditional letters of each simplified one that has others."""
    common = [chr(point) for point in range(0x4E00, 0x9FA6)]
    found: dict[str, str] = {}
    for char, simple in zip(common, _SIMPLIFIED.convert("\n".join(common)).split("\n"), strict=True):
        if char != simple:
            found[simple] = found.get(simple, "") + char
    return found


@cache
def spellings(letter: str) -> frozenset[str]:
    """The letters that are written for one in its one spelling: great and small, wide and traditional ones."""
    wide = (chr(ord(one) + 0xFEE0) for one in (letter, letter.upper()) if "!" <= one <= "~")
    return frozenset((letter, letter.upper(), *wide, *_TRADITIONAL.get(letter, "")))


_WIDE: Final = {"，": ",", "！": "!", "？": "?", "：": ":", "；": ";", "（": "(", "）": ")", "～": "~", "…": "..."}
_WIDE_SIGNS: Final = re.compile(f"[{''.join(_WIDE)}]")
_TRADITIONAL: Final = _traditional()
_UNSURE: Final = _unsure()

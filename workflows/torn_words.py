"""What is put between the letters of a Chinese word so that no list finds it: `代.购`, `代💰购`, `加 微 信`.

Signs, emoji and spaces between two Han letters are gaps. What ends or parts sentences keeps words apart, or `现代，购`
would hold 代购: so do brackets, quotation marks and line breaks. Many write a space for a comma; so spaces alone are a
gap only beside a letter that stands alone.
"""

from __future__ import annotations

import re
from typing import Final

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_APART: Final = re.escape("\n,!?;:。、()[]{}<>《》〈〉“”‘’\"'「」『』【】〔〕")
_ANY: Final = rf"(?![{_APART}])[\W_]"
_SPACES: Final = rf"(?:(?<=(?<![{_HAN}])[{_HAN}] )(?= {{0,3}}[{_HAN}])|(?= {{0,3}}[{_HAN}](?![{_HAN}])))"
"""Behind a letter and a space: that the letter stands alone, or the next one does."""
_WITH_SIGNS: Final = rf"(?:(?<! )| {{0,3}}(?! ){_ANY})(?:{_ANY}){{0,15}}(?=[{_HAN}])"
_GAP: Final = re.compile(
    rf"[\W_](?<=[{_HAN}].)(?<![{_APART}])(?!(?<=\.)\.\.|(?<=—)—)(?:(?<= ){_SPACES} *|{_WITH_SIGNS})"
)

_ODD: Final = re.compile(rf"[^{_HAN}a-z0-9 {_APART}]")
_ALONE: Final = re.compile(rf" (?<=[{_HAN}] ){_SPACES}")
odd_in: Final = _ODD.search
"""A sign that may be in a gap, of a text in the one spelling (`normalized`). Most texts have none, nor `alone_in`."""
alone_in: Final = _ALONE.search
"""A gap of spaces. Asked of texts that have some."""


def closed(folded: str) -> str:
    """The text with its gaps closed."""
    return _GAP.sub("", folded)


def is_han(word: str) -> bool:
    """Whether a word is several Han letters and nothing else: what a gap may be in."""
    return _WORD.fullmatch(word) is not None


_WORD: Final = re.compile(rf"[{_HAN}]{{2,}}")

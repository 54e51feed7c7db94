"""How the words to check in are mistyped: `打咔` says nothing else and counts, `大卡` may and is asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from workflows.folding import normalized

_SURE: Final[Mapping[str, tuple[str, ...]]] = {
    "打卡": ("打咔", "打咭", "打ka"),
    "签到": ("签道", "签倒"),
    "checkin": ("chekin", "chekcin", "checkn"),
}
"""What is no other word, by the word that is meant."""
_LIKELY: Final[Mapping[str, tuple[str, ...]]] = {
    "打卡": ("达卡", "大卡", "打k", "dk"),
    "checkin": ("checked in", "checked-in"),
}
"""What is another word, too, or tells of something else: `达卡` is a city, and at a hotel one has checked in."""
_OF_CHINESE: Final = frozenset(("dk",))
"""The first letters of a word. In English they say that somebody does not know."""
SLIPS_OF_DONE: Final = tuple(slip for word in ("打卡", "签到") for slip in _SURE[word])


def sure(words: Iterable[str], given: Collection[str]) -> tuple[str, ...]:
    """The slips of some words that check in as they do. Those that are `given` a meaning by the group are none."""
    return _of(_SURE, words, given)


def likely(words: Iterable[str], given: Collection[str]) -> tuple[str, ...]:
    """The slips of some words that are asked about where they stand alone."""
    return _of(_LIKELY, words, given)


def is_one_in(text: str, language: str) -> bool:
    """Whether a text that is a likely slip is one where somebody speaks a language."""
    return language == "zh" or normalized(text).strip(" !.~") not in _OF_CHINESE


def _of(slips: Mapping[str, tuple[str, ...]], words: Iterable[str], given: Collection[str]) -> tuple[str, ...]:
    return tuple(slip for word in words for slip in slips.get(normalized(word), ()) if slip not in given)

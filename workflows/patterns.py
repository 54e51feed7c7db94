"""Word lists and patterns: which of them a message matches, found in one pass however many there are.

Words and patterns are compared in the folded spelling (`normalized`), and are folded the same way when they are built.

A word that begins or ends with a Latin (or other spaced) letter, a digit or "_" must stand alone on that side: `cow` is
not in "scowl". A Chinese, Japanese, Korean or Thai neighbour counts as a boundary: `vip` is in "加vip群". Words of
those scripts match anywhere, because nothing separates them. In patterns `\\b` is RE2's and follows the same rule: it
knows ASCII letters only.

Where a word has a space, any white space may stand in the text, as much as there is: spaces, line breaks, wide spaces.
Words of Han letters are found with gaps between the letters, too (`torn_words`).

Patterns are RE2: no look-behind, no back-references, and no pattern can hang the assistant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ahocorasick_rs
import re2

from workflows.folding import normalized
from workflows.pattern_gates import gates
from workflows.torn_words import alone_in, closed, is_han, odd_in

__all__ = ["LONGEST_SEARCHED", "Automaton", "Pattern", "WordSet", "normalized"]

LONGEST_SEARCHED: Final = 8192
"""Patterns look at so many characters of a text; more than any platform lets a member write at once."""
LONGEST_WORD: Final = 200
LONGEST_PATTERN: Final = 1000
_MOST_STEPS: Final = 20_000
"""The size of a compiled pattern, in RE2's instructions: `\\pL{1,15}` still fits."""
_SET_MEMORY: Final = 256 << 20
_PATTERN_MEMORY: Final = 32 << 20
_UNSPACED: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul letters
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0xA4CF),  # Han, kana, bopomofo, Yi
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),
    (0x1B000, 0x1B2FF),  # old kana
    (0x20000, 0x3FFFF),  # rare Han
)


def _options(memory: int, *, ignore_case: bool) -> re2.Options:
    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    options.case_sensitive = not ignore_case
    return options


def _checked(pattern: str, *, ignore_case: bool) -> None:
    """Refuse a pattern that RE2 cannot run, in RE2's own words."""
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"the pattern {_shown(pattern)} is longer than {LONGEST_PATTERN} characters")
    try:
        compiled = re2.compile(pattern, _options(_PATTERN_MEMORY, ignore_case=ignore_case))
    except (re2.error, UnicodeEncodeError) as error:
        why = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        hint = "; RE2 has no look-around" if "(?<" in why or "(?=" in why or "(?!" in why else ""
        raise ValueError(f"the pattern {_shown(pattern)} cannot be used: {why}{hint}") from None
    if compiled.programsize > _MOST_STEPS:
        raise ValueError(f"the pattern {_shown(pattern)} is too big; make its repetitions smaller")
    if compiled.search("") is not None:
        raise ValueError(f"the pattern {_shown(pattern)} matches every message, the empty one too")


class Pattern:
    """One pattern of a condition: `msg.text.matches("...")`. Searches the text as given, case counts."""

    __slots__ = ("_set", "source")

    def __init__(self, source: str) -> None:
        _checked(source, ignore_case=False)
        self.source = source
        self._set = re2.Set.SearchSet(_options(_PATTERN_MEMORY, ignore_case=False))
        self._set.Add(source)
        self._set.Compile()

    def found_in(self, text: str) -> bool:
        """Whether the pattern matches somewhere in the first `LONGEST_SEARCHED` characters."""
        return self._set.Match(text[:LONGEST_SEARCHED].encode("utf-8", "replace")) is not None


class Automaton:
    """Plain substrings, looked for all at once."""

    __slots__ = ("_all",)

    def __init__(self, words: Sequence[str]) -> None:
        kept = [word for word in dict.fromkeys(words) if word]
        self._all = ahocorasick_rs.AhoCorasick(kept) if kept else None

    def any_in(self, text: str) -> bool:
        """Whether one of the words occurs in the text, boundaries or not."""
        return self._all is not None and bool(self._all.find_matches_as_indexes(text))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of some lists: `alone_left` and `alone_right` say on which sides it needs a boundary."""

    word: str
    written: str
    lists: frozenset[str]
    alone_left: bool
    alone_right: bool

    def stands(self, text: str, start: int, end: int) -> bool:
        """Whether the occurrence from `start` to `end` counts."""
        if self.alone_left and start and _spaced(text[start - 1]):
            return False
        return not (self.alone_right and end < len(text) and _spaced(text[end]))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Patterns compiled together; `sources` are (name, pattern as written)."""

    sources: tuple[tuple[str, str], ...]
    search: Any

    def matching(self, folded: str) -> list[tuple[str, str]]:
        """The sources of those that match."""
        return [self.sources[index] for index in self.search.Match(folded[:LONGEST_SEARCHED].encode()) or ()]


class WordSet:
    """All word lists and patterns of a group, compiled together. Make one with `build`."""

    __slots__ = ("_alone", "_always", "_find", "_gated", "_odd", "_phrase_automaton", "_phrases", "_words")

    def __init__(
        self, words: tuple[_Word, ...], gates: Iterable[str], gated: _Patterns | None, always: _Patterns | None
    ):
        """`gates` open the `gated` patterns; `always` are those that are tried on every text."""
        self._words = words
        sought = [*(word.word for word in words), *gates]
        self._find = ahocorasick_rs.AhoCorasick(sought).find_matches_as_indexes
        self._phrases = tuple(word for word in words if " " in word.word)
        self._phrase_automaton = ahocorasick_rs.AhoCorasick([word.word for word in self._phrases])
        torn = any(is_han(word.word) for word in words)
        self._odd, self._alone = (odd_in, alone_in) if torn else (_NOWHERE, _NOWHERE)
        self._gated = gated
        self._always = always

    @classmethod
    def build(cls, lists: Mapping[str, Sequence[str]], patterns: Mapping[str, Sequence[str]]) -> WordSet:
        """Compile lists of words and named lists of patterns; their names share one space.

        Raises ValueError naming the list and the word or pattern that cannot be used.
        """
        for name in lists:
            if name in patterns:
                raise ValueError(f'"{name}" is both a word list and a pattern; give one of them another name')
        opening: dict[str, None] = {}
        gated: list[tuple[str, str, str]] = []
        always: list[tuple[str, str, str]] = []
        for name, pattern in ((name, pattern) for name, listed in patterns.items() for pattern in listed):
            folded = _folded_pattern(pattern)
            try:
                _checked(folded, ignore_case=True)
            except ValueError as error:
                raise ValueError(f'in "{name}": {error}') from None
            words = gates(folded)
            opening.update(dict.fromkeys(words))
            (gated if words else always).append((name, pattern, folded))
        return cls(_words(lists), opening, _together(gated), _together(always))

    def hits(self, text: str) -> frozenset[str]:
        """The names of all lists and patterns that match the text."""
        return self.hits_in(normalized(text))

    def hits_in(self, folded: str) -> frozenset[str]:
        """The same for a text that was folded already."""
        found = self._find(folded, True)
        if not (
            found
            or self._always
            or self._odd(folded)
            or self._alone(folded)
            or (self._phrases and ("\n" in folded or "  " in folded))
        ):
            return _NONE
        names: set[str] = set()
        opened = False
        for index, start, end in found:
            if index >= len(self._words):
                opened = True
                continue
            word = self._words[index]
            if not word.lists <= names and word.stands(folded, start, end):
                names |= word.lists
        if self._odd(folded) or self._alone(folded):
            for word in self._torn(folded):
                names |= word.lists
        if self._phrases:
            for word in self._spread(folded):
                names |= word.lists
        if opened and self._gated is not None:
            names.update([name for name, _ in self._gated.matching(folded)])
        if self._always is not None:
            for name, _ in self._always.matching(folded):
                names.add(name)
        return frozenset(names) if names else _NONE

    def found(self, text: str) -> tuple[tuple[str, str], ...]:
        """What matched, for reasons: (list, word as written) and (pattern's name, pattern), each once, sorted."""
        return self.found_in(normalized(text))

    def found_in(self, folded: str) -> tuple[tuple[str, str], ...]:
        """The same for a text that was folded already."""
        pairs: set[tuple[str, str]] = set()
        opened = False
        for index, start, end in self._find(folded, True):
            if index >= len(self._words):
                opened = True
            elif self._words[index].stands(folded, start, end):
                word = self._words[index]
                pairs.update((name, word.written) for name in word.lists)
        for word in (*self._torn(folded), *self._spread(folded)):
            pairs.update((name, word.written) for name in word.lists)
        for patterns in (self._gated if opened else None, self._always):
            if patterns is not None:
                pairs.update(patterns.matching(folded))
        return tuple(sorted(pairs))

    def _spread(self, folded: str) -> list[_Word]:
        """The words of several parts that stand in the text once every run of white space is one space."""
        if not self._phrases or not ("\n" in folded or "  " in folded):
            return []
        text = " ".join(folded.split())
        found = self._phrase_automaton.find_matches_as_indexes(text, True)
        return [word for index, start, end in found if (word := self._phrases[index]).stands(text, start, end)]

    def _torn(self, folded: str) -> list[_Word]:
        """The words of Han letters that stand in the text once its gaps are closed."""
        whole = closed(folded)
        if whole == folded:
            return []
        found = {index for index, _, _ in self._find(whole, True) if index < len(self._words)}
        return [self._words[index] for index in found if is_han(self._words[index].word)]


_NONE: Final[frozenset[str]] = frozenset()
_NOWHERE: Final = re.compile("(?!)").match


def _words(lists: Mapping[str, Sequence[str]]) -> tuple[_Word, ...]:
    owners: dict[str, set[str]] = {}
    written: dict[str, str] = {}
    for name, words in lists.items():
        for word in words:
            folded = " ".join(normalized(word).split())
            if not folded:
                raise ValueError(f'the list "{name}" holds an empty word ({_shown(word)})')
            if len(folded) > LONGEST_WORD:
                raise ValueError(
                    f'the list "{name}" holds a word of more than {LONGEST_WORD} characters: {_shown(word)}'
                )
            owners.setdefault(folded, set()).add(name)
            written.setdefault(folded, word)
    return tuple(
        _Word(word, written[word], frozenset(names), _spaced(word[0]), _spaced(word[-1]))
        for word, names in owners.items()
    )


def _together(patterns: list[tuple[str, str, str]]) -> _Patterns | None:
    """Patterns as (name, as written, folded), each of which RE2 took alone, as one set."""
    if not patterns:
        return None
    search = re2.Set.SearchSet(_options(_SET_MEMORY, ignore_case=True))
    for _, _, folded in patterns:
        search.Add(folded)
    try:
        search.Compile()
    except re2.error:
        name, written, _ = max(patterns, key=lambda pattern: len(pattern[2]))
        raise ValueError(f'the patterns are too big together; the longest is in "{name}": {_shown(written)}') from None
    return _Patterns(tuple((name, written) for name, written, _ in patterns), search)


def _folded_pattern(pattern: str) -> str:
    """The pattern with its traditional, wide and look-alike letters folded one by one; its syntax is untouched."""
    if pattern.isascii():
        return pattern
    return "".join(char if char.isascii() else _folded_letter(char) for char in pattern)


def _folded_letter(char: str) -> str:
    folded = normalized(char)
    if len(folded) != 1:
        return char
    return folded if folded.isalnum() or not folded.isascii() else re2.escape(folded)


def _spaced(char: str) -> bool:
    """Whether the character is a letter or digit of a script that puts spaces between words."""
    if char.isascii():
        return char.isalnum() or char == "_"
    if not char.isalnum():
        return False
    point = ord(char)
    return not any(first <= point <= last for first, last in _UNSPACED)


def _shown(text: str) -> str:
    safe = "".join(char if unicodedata.category(char)[0] != "C" else "?" for char in text[:60])
    return f'"{safe}"' + ("…" if len(text) > 60 else "")

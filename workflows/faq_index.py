"""Which answer a message asks for: by its exact words, by words inside a question, and in spite of a slip of the pen.

The index is built when options are loaded. Most messages are turned away by their length and their first and last
letter. Slips are found by deletions: two words that are one edit apart share a form with one letter left out, so a
table of such forms of all words answers with a few look-ups, however many words there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from workflows.asking import asks, ends, may_ask
from workflows.faq_fillers import unsaid
from workflows.folding import normalized

LONGEST_QUESTION: Final = 80
"""Characters of a question in which words are looked for; what is longer is a story."""
_SURE: Final = 4
"""Of so few letters (two Chinese ones) no slip is forgiven: another word is as near."""
_TWO_SLIPS: Final = 10
_MOST_HELD: Final = 1_000
_PARTS: Final = re.compile(r"[一-鿿㐀-䶿]|[^\W_]+")
_HAN: Final = re.compile(r"[一-鿿㐀-䶿]")
_NAMED: Final = re.compile(r"@\S+")
_DENYING: Final = frozenset("没不别未无非免")
_SAYING: Final = _DENYING | frozenset(
    "早晚先后再又也还就才都只太最更很大小多少长短高低新旧老好坏快慢空满忙差全半有在去到来想要会能可得该花省看找给让帮替我你他她您们谁上下前每某这那"
)
"""Letters that change what is said where they are put in or stand in place of another."""


def folded(text: str) -> str:
    """The words of a text in one spelling, without punctuation, Chinese letter by letter."""
    return _joined(_PARTS.findall(normalized(text)))


def _joined(parts: Iterable[str]) -> str:
    """Words with a space between two that are not Chinese."""
    made = ""
    for part in parts:
        gap = made and not (_HAN.match(made[-1]) or _HAN.match(part))
        made += f" {part}" if gap else part
    return made


class Index:
    """All the words that ask, each with the id of what it asks for."""

    def __init__(self, asking: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[str, str] = {}
        self._forms: dict[str, set[str]] = {}
        for word, id_ in asking:
            self._exact.setdefault(folded(word), id_)
        for word in self._exact:
            for form in _forms(word, _slips(word)):
                self._forms.setdefault(form, set()).add(word)
        self._longest = max(map(len, self._exact), default=0)
        self._most_parts = max((len(_PARTS.findall(word)) for word in self._exact), default=0)
        self._heads = frozenset(letter for word in self._exact for letter in (word[0], word[0].upper()))
        self._tails = frozenset(word[-1] for word in self._exact)
        self._held: dict[tuple[str, bool], str] = {}

    def asked(self, text: str, *, closely: bool = False) -> str | None:
        """The id of what a message asks for; None for nearly all messages. `closely`: it is spoken to us alone.

        Each is asked about twice, when state is read and when it is decided: what was found is kept until then.
        """
        found = self._held.pop((text, closely), None) if self._held else None
        if found is None:
            found = self._found(text, closely)
            if found is not None:
                if len(self._held) >= _MOST_HELD:
                    self._held.clear()
                self._held[text, closely] = found
        return found

    def means(self, text: str) -> bool:
        """Whether a text is one of our questions, word for word or a slip away, and nothing more."""
        words = folded(text.strip())
        return len(text) <= LONGEST_QUESTION and (words in self._exact or self._nearly(words) is not None)

    def whole(self, text: str) -> bool:
        """Whether a message that asks for one of ours asks for that alone, and not for something beside it."""
        words = folded(_NAMED.sub(" ", text.strip()))
        id_ = self._inside(words) if words not in self._exact else None
        return id_ is None or unsaid(self._beside(words, id_))

    def _beside(self, words: str, id_: str) -> list[str]:
        """What stands beside the words that ask for an answer, in pieces."""
        parts, pieces, at = _PARTS.findall(words), [""], 0
        while at < len(parts):
            ends = range(min(len(parts), at + self._most_parts), at, -1)
            end = next((end for end in ends if self._exact.get(_joined(parts[at:end])) == id_), None)
            if end is None:
                pieces[-1] = _joined((pieces[-1], parts[at]))
            else:
                pieces.append("")
            at = end or at + 1
        return pieces

    def _found(self, text: str, closely: bool) -> str | None:
        text = text.strip()
        size = len(text)
        if not text or size > LONGEST_QUESTION:
            return None
        question = closely or may_ask(text) or (ends(text[-10:]) is not None and asks(text))
        if not question and (size > self._longest + 3 or not (text[0] in self._heads or text[-1] in self._tails)):
            return None
        words = folded(text)
        found = self._exact.get(words)
        if found is None and question:
            found = self._inside(words)
        return found if found is not None else self._nearly(words)

    def _inside(self, words: str) -> str | None:
        """The longest of our words that stands in it as whole words; None if two different ones are as long."""
        parts = _PARTS.findall(words)
        best: set[str] = set()
        longest = 0
        for first in range(len(parts)):
            for last in range(first + 1, min(len(parts), first + self._most_parts) + 1):
                piece = _joined(parts[first:last])
                if len(piece) >= longest and (id_ := self._exact.get(piece)) is not None:
                    best = {id_} if len(piece) > longest else best | {id_}
                    longest = len(piece)
        return best.pop() if len(best) == 1 else None

    def _nearly(self, words: str) -> str | None:
        """The one that is a slip away; None if there are several."""
        slips = _slips(words)
        if not slips or len(words) > self._longest + slips:
            return None
        near = {word for form in _forms(words, slips) for word in self._forms.get(form, ())}
        ranked: dict[int, set[str]] = {}
        for word in near:
            apart = _apart(words, word)
            if apart <= min(slips, _slips(word)) and not _says_else(words, word):
                ranked.setdefault(apart, set()).add(self._exact[word])
        best = ranked[min(ranked)] if ranked else set()
        return best.pop() if len(best) == 1 else None


def _weight(word: str) -> int:
    """How many letters a word is worth: a Chinese one says as much as two."""
    return len(word) + len(_HAN.findall(word))


def _slips(word: str) -> int:
    """How many slips are forgiven in a word of this length."""
    weight = _weight(word)
    if weight <= _SURE + 1:
        return 0
    return 2 if weight >= _TWO_SLIPS and not _HAN.search(word) else 1


def _forms(word: str, slips: int) -> Iterator[str]:
    """The word, and what is left of it without up to so many of its letters."""
    for count in range(slips + 1):
        for out in combinations(range(len(word)), count):
            yield "".join(letter for at, letter in enumerate(word) if at not in out)


def _says_else(written: str, word: str) -> bool:
    """Whether what makes a text another one than a word of ours says something: `晚点打卡` is no slip of `几点打卡`."""
    put, left = Counter(written) - Counter(word), Counter(word) - Counter(written)
    return not _SAYING.isdisjoint(put) or not _DENYING.isdisjoint(left)


def _apart(one: str, other: str) -> int:
    """How many letters have to be put in, left out, changed, or swapped with the next."""
    rows = [list(range(len(other) + 1))]
    for at, letter in enumerate(one, 1):
        last, row = rows[-1], [at]
        for to, wanted in enumerate(other, 1):
            cost = min(last[to] + 1, row[to - 1] + 1, last[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, rows[-2][to - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]

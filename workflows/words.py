"""The words of a message, Chinese and English: the only importer of the word cutter.

Words that say nothing by themselves are left out: the commonest function words of both languages, what people say in
every chat, how many and on which day. The lists are short and our own (`locale/stop_words.yaml`).

Chinese is cut by the dictionary alone: what the cutter's model guesses beside it is half of a word as often as not
(线上共读 becomes 线 and 上共读). Between the words of the dictionary single characters are left over. Of these, every
piece may be a word that neither begins nor ends with a character that only joins others; which of them are, the use of
many people tells (`topics.hottest`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

LONGEST_TEXT: Final = 400
"""Characters of a message that are looked at: a pasted article is no conversation."""
MOST_WORDS: Final = 12
"""Different words of one message that count."""
MOST_GUESSED: Final = 6
"""Of these, so many pieces of what the dictionary does not know, unless there is room for more: a row of odd characters
is cut into many."""

_NOISE: Final = re.compile(r"https?://\S+|www\.\S+|[@#/]\S+|\S+@\S+|```.*?```", re.DOTALL)
_MAY_BE_NOISE: Final = frozenset("@#/`.")
_RUN: Final = re.compile(r"[一-鿿]+|[a-z][a-z'’\-]*[a-z]")
_COUNT_BEGINS: Final = frozenset("第这那哪每上下本几两半一二三四五六七八九十百千万周星礼昨今明前后")
_COUNT: Final = re.compile(
    "(?:第?[几两半一二三四五六七八九十百千万]+|[这那哪每上下])"
    "(?:[点天年月日个次位人遍句章回部本期页字周岁块元分秒集首篇条份杯种群名度]|小时|分钟|个月)"
    "|[上下这本]?(?:周|星期|礼拜)[一二三四五六日天末]|[昨今明前后][天晚早]"
)
"""How many, which one, on which day."""
_LONGEST_REST: Final = 8
_LONGEST_PIECE: Final = 4


def words(text: str) -> tuple[str, ...]:
    """The different words of a text that may be a topic, in order; Chinese ones of two to six characters."""
    plain = text[:LONGEST_TEXT].lower()
    if not _MAY_BE_NOISE.isdisjoint(plain):
        plain = _NOISE.sub(" ", plain)
    found: dict[str, bool] = {}
    for run in _RUN.findall(plain):
        if run[0] >= "一":
            for word, known in _chinese(run) if len(run) > 1 else ():
                found[word] = known or found.get(word, False)
        elif 3 <= len(run) <= 20 and run not in STOP_WORDS:
            found[run] = True
        if sum(found.values()) >= MOST_WORDS:
            break
    if len(found) <= MOST_WORDS:
        return tuple(found)
    guessed = [word for word, known in found.items() if not known]
    too_many = frozenset(guessed[max(MOST_GUESSED, MOST_WORDS - (len(found) - len(guessed))) :])
    return tuple(word for word in found if word not in too_many)[:MOST_WORDS]


def _chinese(run: str) -> Iterator[tuple[str, bool]]:
    """Words, and whether the dictionary knows them."""
    rest = ""
    for word in (*_cutter()(run, False), ""):
        if len(word) == 1:
            rest += word
            continue
        if len(rest) > 1:
            yield from ((piece, False) for piece in _pieces(rest))
        rest = ""
        if 2 <= len(word) <= 6 and not _says_nothing(word):
            yield word, True


def _pieces(rest: str) -> Iterator[str]:
    """What may be a word among characters that make none in the dictionary."""
    for part in _PARTICLES.split(rest):
        part = part[:_LONGEST_REST]
        for start in range(len(part) - 1):
            for end in range(start + 2, min(start + _LONGEST_PIECE, len(part)) + 1):
                piece = part[start:end]
                if not (piece[0] in _NOT_FIRST or piece[-1] in _NOT_LAST or _says_nothing(piece)):
                    yield piece


def _says_nothing(word: str) -> bool:
    return word in STOP_WORDS or (word[0] in _COUNT_BEGINS and _COUNT.fullmatch(word) is not None)


@cache
def _cutter() -> Callable[[str, bool], list[str]]:
    """Its dictionary takes 33 MB and a tenth of a second, and most commands and communities cut no words."""
    import rjieba  # noqa: PLC0415

    return rjieba.cut


def _lists() -> dict[str, str]:
    source = (files("workflows") / "locale" / "stop_words.yaml").read_text(encoding="utf-8")
    written: dict[str, str] = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 (makes strings only)
    return written


_LISTS: Final = _lists()
STOP_WORDS: Final = frozenset(word for language in ("zh", "en") for word in _LISTS[language].split())
_PARTICLES: Final = re.compile(f"[{_LISTS['particles']}]+")
_NOT_LAST: Final = frozenset(_LISTS["joining"])
_NOT_FIRST: Final = _NOT_LAST | frozenset(_LISTS["governing"])

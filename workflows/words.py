"""The words of a message, Chinese and English: the only importer of the word cutter.

Words that say nothing by themselves are left out. The list is short and our own: the commonest function words of both
languages, and what people say in every chat.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

LONGEST_TEXT: Final = 400
"""Characters of a message that are looked at: a pasted article is no conversation."""
MOST_WORDS: Final = 12
"""Different words of one message that count."""

_NOISE: Final = re.compile(r"https?://\S+|www\.\S+|[@#/]\S+|\S+@\S+|```.*?```", re.DOTALL)
_MAY_BE_NOISE: Final = frozenset("@#/`.")
_RUN: Final = re.compile(r"[一-鿿]+|[a-z][a-z'’\-]*[a-z]")


def words(text: str) -> tuple[str, ...]:
    """The different words of a text that may be a topic, in order; Chinese ones of two to six characters."""
    plain = text[:LONGEST_TEXT].lower()
    if not _MAY_BE_NOISE.isdisjoint(plain):
        plain = _NOISE.sub(" ", plain)
    found: dict[str, None] = {}
    for run in _RUN.findall(plain):
        if run[0] >= "一":
            for word in _cutter()(run) if len(run) > 1 else ():
                if 2 <= len(word) <= 6 and word not in STOP_WORDS:
                    found[word] = None
        elif 3 <= len(run) <= 20 and run not in STOP_WORDS:
            found[run] = None
        if len(found) >= MOST_WORDS:
            break
    return tuple(found)[:MOST_WORDS]


@cache
def _cutter() -> Callable[[str], list[str]]:
    """Its dictionary takes 33 MB and a tenth of a second, and most commands and communities cut no words."""
    import rjieba  # noqa: PLC0415

    return rjieba.cut


def _stop_words() -> frozenset[str]:
    source = (files("workflows") / "locale" / "stop_words.yaml").read_text(encoding="utf-8")
    written: dict[str, str] = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506 (makes strings only)
    return frozenset(word for listed in written.values() for word in listed.split())


STOP_WORDS: Final = _stop_words()

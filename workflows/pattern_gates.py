"""Words without which a pattern cannot match, so that patterns are only tried on messages that hold one of them.

`加.{0,3}微信` needs "微信"; `(?i)free\\s+(money|gift)` needs "free". Found by a cautious reading of the pattern: what
is not surely understood has no gate, and a pattern without a gate is always tried.
"""

from __future__ import annotations

import re
from typing import Final

_SHORTEST: Final = 2
_SHORTEST_ASCII: Final = 3
_SINGLE_ESCAPES: Final = frozenset("bBdDwWsSAznrtfv")
_GROUP_START: Final = re.compile(r"\(\?(?:[imsU\-]*:|P?<[A-Za-z0-9_]+>)|\((?!\?)")
_FLAGS: Final = re.compile(r"\(\?[imsU\-]+\)")
_CLASS: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\\[])*\]", re.DOTALL)
_COUNT: Final = re.compile(r"\{\d+(?:,\d*)?\}")

Gates = frozenset[str]


class _NotUnderstood(Exception):
    """The pattern uses something that this reading does not know."""


def gates(pattern: str) -> Gates:
    """Words of which every match holds at least one, in lower case; empty if none are known."""
    try:
        found, end = _alternatives(pattern, 0)
    except _NotUnderstood:
        return frozenset()
    return found if end == len(pattern) else frozenset()


def _alternatives(pattern: str, at: int) -> tuple[Gates, int]:
    """Branches up to the end or a closing bracket: all of them need a gate."""
    all_found: Gates | None = frozenset()
    while True:
        found, at = _branch(pattern, at)
        all_found = all_found | found if all_found is not None and found else None
        if not pattern.startswith("|", at):
            return all_found or frozenset(), at
        at += 1


def _branch(pattern: str, at: int) -> tuple[Gates, int]:
    """One sequence: the best of its own runs of letters and of its groups."""
    best: Gates = frozenset()
    run = ""
    while at < len(pattern) and pattern[at] not in "|)":
        char = pattern[at]
        required: Gates = frozenset()
        letter = ""
        if (flags := _FLAGS.match(pattern, at)) is not None:
            at = flags.end()
            continue
        if char == "(":
            start = _GROUP_START.match(pattern, at)
            if start is None:
                raise _NotUnderstood
            required, at = _alternatives(pattern, start.end())
            if not pattern.startswith(")", at):
                raise _NotUnderstood
            at += 1
        elif char == "[":
            found = _CLASS.match(pattern, at)
            if found is None:
                raise _NotUnderstood
            at = found.end()
        elif char == "\\":
            letter, at = _escape(pattern, at)
        else:
            letter, at = ("" if char in ".^$" else char), at + 1
        optional, repeated, at = _quantifier(pattern, at)
        if optional:
            letter, required = "", frozenset()
        run += letter
        if not letter or repeated or optional:
            best, run = _better(best, _gate(run)), ""
        best = _better(best, required)
    return _better(best, _gate(run)), at


def _escape(pattern: str, at: int) -> tuple[str, int]:
    char = pattern[at + 1 : at + 2]
    if not char or (char.isalnum() and char not in _SINGLE_ESCAPES):
        raise _NotUnderstood
    return ("" if char.isalnum() else char), at + 2


def _quantifier(pattern: str, at: int) -> tuple[bool, bool, int]:
    """Whether what stands before may be missing, whether it may be repeated, and where it goes on."""
    count = _COUNT.match(pattern, at)
    if count is not None:
        optional, end = True, count.end()
    elif pattern[at : at + 1] in ("*", "?"):
        optional, end = True, at + 1
    elif pattern.startswith("+", at):
        optional, end = False, at + 1
    elif pattern.startswith("{", at):
        raise _NotUnderstood
    else:
        return False, False, at
    return optional, True, end + pattern.startswith("?", end)


def _gate(run: str) -> Gates:
    if len(run) < (_SHORTEST_ASCII if run.isascii() else _SHORTEST):
        return frozenset()
    return frozenset((run.lower(),))


def _better(one: Gates, other: Gates) -> Gates:
    """The gates that open less often, judged by their commonest word."""
    return max((one, other), key=lambda found: min(map(_rarity, found), default=0))


def _rarity(word: str) -> int:
    """A Chinese character tells more than a digit, a digit more than a letter."""
    return sum(1 if char.isascii() and char.isalpha() else 2 if char.isascii() else 3 for char in word)

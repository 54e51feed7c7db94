"""A rule's condition cut into the parts that must all hold, so that the cheap ones are asked first.

`a && b && c` holds when each part holds; a condition with `||` or `?` outside brackets is one part. A part that only
speaks of the event is asked before any state is loaded, and of some parts a plain look at the event tells that they
cannot hold: those never reach CEL. A gate may let a part through that fails; it never stops one that would hold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from workflows.expression_source import tokens
from workflows.expressions import Condition

FROM_EVENT: Final = frozenset(("msg", "event", "lists", "now", "check_in", "tier", "warning"))
"""What is known before any state is."""

_LISTS: Final = frozenset(("domains", "links", "mentions", "hits"))
_PLAIN_STRING: Final = re.compile(r"""(?:"([^"\\]*)"|'([^'\\]*)')""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What an event must have so that a part can hold; every field that is set must be met.

    `whole` says that an event which has it makes the part hold, so that CEL need not be asked.
    """

    filled: frozenset[str] = frozenset()
    hit: str | None = None
    kinds: frozenset[str] | None = None
    listed: str | None = None
    whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.filled or self.hit or self.kinds is not None or self.listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One part: its source, itself ready to be asked, and what must be there for it to hold."""

    source: str
    condition: Condition
    gate: Gate = field(default_factory=Gate)

    @property
    def early(self) -> bool:
        """Whether it speaks of the event alone."""
        return all(name.partition(".")[0] in FROM_EVENT for name in self.condition.names)


def parts(source: str) -> tuple[str, ...]:
    """The sources of the parts."""
    words = list(tokens(source))
    depth, cuts = 0, []
    for at, word in enumerate(words):
        if word.text in ("(", "[", "{"):
            depth += 1
        elif word.text in (")", "]", "}"):
            depth -= 1
        elif depth == 0 and word.kind == "mark":
            if word.text in ("||", "?"):
                return (_without_comments(source, 0, len(source)),)
            if word.text == "&&":
                cuts.append(at)
    edges = [0, *(words[cut].end for cut in cuts)]
    ends = [*(words[cut].start for cut in cuts), len(source)]
    found: list[str] = []
    for start, end in zip(edges, ends, strict=True):
        part = _without_comments(source, start, end)
        inner = _unwrapped(part)
        found += parts(inner) if inner != part else (part,)
    return tuple(found)


def gate(source: str) -> Gate:
    """What a part needs, as far as its shape is known; an empty gate otherwise."""
    words = [word.text for word in tokens(source)]
    match words:
        case ["msg", ".", name, ".", "exists" | "exists_one", "(", *rest] if name in _LISTS and _closes(rest):
            return Gate(filled=frozenset((name,)))
        case ["msg", ".", name, ".", "size", "(", ")", sign, number] if name in _LISTS and _some(sign, number):
            return Gate(filled=frozenset((name,)), whole=name == "mentions" and _any(sign, number))
        case ["size", "(", "msg", ".", name, ")", sign, number] if name in _LISTS and _some(sign, number):
            return Gate(filled=frozenset((name,)), whole=name == "mentions" and _any(sign, number))
        case [wanted, "in", "msg", ".", "hits"] if (hit := _string(wanted)) is not None:
            return Gate(hit=hit, whole=True)
        case ["msg", ".", "kind", "==", wanted] if (kind := _string(wanted)) is not None:
            return Gate(kinds=frozenset((kind,)), whole=True)
        case ["msg", ".", "kind", "in", "[", *listed, "]"]:
            kinds = [_string(word) for word in listed if word != ","]
            return Gate(kinds=frozenset(k for k in kinds if k), whole=True) if None not in kinds else Gate()
        case [
            "lists",
            ".",
            name,
            ".",
            "exists",
            "(",
            w,
            ",",
            "msg",
            ".",
            "normalized",
            ".",
            "contains",
            "(",
            v,
            ")",
            ")",
        ]:
            return Gate(listed=name, whole=True) if w == v else Gate()
        case _:
            return Gate()


def _some(sign: str, number: str) -> bool:
    """Whether `size <sign> number` says that there is something."""
    if not number.isdecimal():
        return False
    n = int(number)
    return (sign == ">" and n >= 0) or (sign in (">=", "==") and n >= 1) or (sign == "!=" and n == 0)


def _any(sign: str, number: str) -> bool:
    """Whether `size <sign> number` says no more than that there is something."""
    return (sign, int(number)) in ((">", 0), (">=", 1), ("!=", 0))


def _closes(rest: Sequence[str]) -> bool:
    """Whether the bracket that was opened before closes with the last word and not earlier."""
    depth = 1
    for at, word in enumerate(rest):
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if depth == 0:
            return at == len(rest) - 1
    return False


def _string(word: str) -> str | None:
    found = _PLAIN_STRING.fullmatch(word)
    if found is None:
        return None
    return found[1] if found[1] is not None else found[2]


def _without_comments(source: str, start: int, end: int) -> str:
    """The stretch as one line; spaces inside strings stay."""
    words = [word for word in tokens(source) if start <= word.start < end]
    if not words:
        return source[start:end].strip()
    told = words[0].text
    for before, word in pairwise(words):
        told += (" " if word.start > before.end else "") + word.text
    return told


def _unwrapped(part: str) -> str:
    words = list(tokens(part))
    if len(words) > 2 and words[0].text == "(" and _closes([word.text for word in words[1:]]):
        return part[words[0].end : words[-1].start].strip()
    return part

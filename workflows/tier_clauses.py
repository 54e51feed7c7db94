"""The plain comparisons inside a tier's condition, so that it can be explained, relaxed, and found impossible.

`member.warnings == 0 && member.active_days_30d >= 10` is two clauses. Whatever is not `member.x <sign> whole number`
stays a clause of its own, known only by its source text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

Sign = Literal[">=", ">", "==", "<", "<="]

_PLAIN: Final = re.compile(r"member\.(\w+)\s*(>=|<=|==|>|<)\s*(-?\d+)")
_MIRRORED: Final = re.compile(r"(-?\d+)\s*(>=|<=|==|>|<)\s*member\.(\w+)")
_FLIPPED: Final[Mapping[str, Sign]] = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "=="}
_SIGNS: Final[Mapping[str, Sign]] = {">=": ">=", "<=": "<=", ">": ">", "<": "<", "==": "=="}
_OPPOSITES: Final[Mapping[str, Sign]] = {">=": "<", ">": "<=", "<": ">=", "<=": ">"}
_WINDOW: Final = re.compile(r"\w+_(\d+)d")
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`member.<field> <sign> <bound>`."""

    field: str
    sign: Sign
    bound: int
    source: str

    @property
    def least(self) -> int | None:
        """The smallest whole number that will do; None if there is no lower bound."""
        match self.sign:
            case ">=" | "==":
                return self.bound
            case ">":
                return self.bound + 1
            case _:
                return None

    @property
    def most(self) -> int | None:
        """The largest whole number that will do; None if there is no upper bound."""
        match self.sign:
            case "<=" | "==":
                return self.bound
            case "<":
                return self.bound - 1
            case _:
                return None

    def holds(self, value: int, share: int = 100) -> bool:
        """Whether a value will do. `share` (percent) lowers what `>=` and `>` ask for; other signs stay strict."""
        if self.sign in (">=", ">"):
            assert self.least is not None
            return value * 100 >= self.least * share
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A clause that is known by its text only."""

    source: str


Clause = Comparison | Other


def clauses(source: str) -> tuple[Clause, ...]:
    """The clauses of a condition that must all hold. A condition with `||` or `?` outside brackets is one clause."""
    text = _bare(source.strip())
    parts = _conjuncts(text)
    if len(parts) > 1:
        return tuple(clause for part in parts for clause in clauses(part))
    if plain := _PLAIN.fullmatch(text):
        field, sign, bound = plain.groups()
        return (Comparison(field=field, sign=_SIGNS[sign], bound=int(bound), source=text),)
    if mirrored := _MIRRORED.fullmatch(text):
        bound, sign, field = mirrored.groups()
        return (Comparison(field=field, sign=_FLIPPED[sign], bound=int(bound), source=text),)
    return (Other(source=" ".join(text.split())),)


def negated(source: str) -> Clause:
    """What must hold so that a condition does not."""
    parts = clauses(source)
    only = parts[0]
    if len(parts) == 1 and isinstance(only, Comparison) and only.sign != "==":
        sign = _OPPOSITES[only.sign]
        return replace(only, sign=sign, source=f"member.{only.field} {sign} {only.bound}")
    return Other(source=f"!({' '.join(source.split())})")


def window(field: str) -> int | None:
    """The days that a rolling fact looks back: 30 for `active_days_30d`, None for facts without a window."""
    found = _WINDOW.fullmatch(field)
    return int(found.group(1)) if found else None


def impossible(parts: Sequence[Clause], points: int) -> str | None:
    """Why nobody with at least `points` points can ever meet these clauses; None if nothing speaks against it."""
    low: dict[str, int] = {"points": points}
    high: dict[str, int] = {}
    for clause in parts:
        if not isinstance(clause, Comparison):
            continue
        field = clause.field
        low.setdefault(field, -(10**18) if field == "points" else 0)
        days = window(field)
        if days is not None and field.startswith("active_days_"):
            high.setdefault(field, days)
        if clause.least is not None:
            low[field] = max(low[field], clause.least)
        if clause.most is not None:
            high[field] = min(high.get(field, clause.most), clause.most)
        if field in high and low[field] > high[field]:
            if field == "points" and low[field] == points:
                return f"{clause.source} cannot hold from {points} points on"
            return f"member.{field} would have to be at least {low[field]} and at most {high[field]}"
    return None


def _conjuncts(text: str) -> list[str]:
    """The text cut at each `&&` outside brackets and quotes; whole if `||` or `?` stands there too."""
    depth, start, quote, parts = 0, 0, "", []
    i = 0
    while i < len(text):
        char = text[i]
        if quote:
            if char == "\\":
                i += 1
            elif char == quote:
                quote = ""
        elif char in "\"'":
            quote = char
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
        elif depth == 0 and (char == "?" or text.startswith("||", i)):
            return [text]
        elif depth == 0 and text.startswith("&&", i):
            parts.append(text[start:i])
            start = i + 2
            i += 1
        i += 1
    return [*parts, text[start:]]


def _bare(text: str) -> str:
    """The text without brackets that enclose all of it."""
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        for i, char in enumerate(text):
            depth += (char == "(") - (char == ")")
            if depth == 0 and i < len(text) - 1:
                return text
        text = text[1:-1].strip()
    return text

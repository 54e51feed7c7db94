"""Finding and hiding one person in what was written down: their accounts, and the names that they go by. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from core.people import native_of

HIDDEN: Final = "—"
"""What stands in the place of somebody who was forgotten."""
_SHORTEST_NUMBER: Final = 5
"""Shorter numbers of accounts are searched together with their platform only: they could be anything."""
_ACCOUNT: Final = re.compile(r"[a-z]+:.")
_SHORTEST_NAME: Final = 2
"""A name of one letter is found only where it stands alone."""


class Traces:
    """One person, as texts tell them. `marks` are words that stand for them in records, exactly as they stand there.

    An account is found anywhere in a text, with or without its platform. A name is found as a word where it is written
    in Latin letters, and anywhere where it is not.
    """

    def __init__(self, accounts: Iterable[str], names: Iterable[str] = (), marks: Iterable[str] = ()) -> None:
        self.accounts = tuple(sorted(set(accounts)))
        self.names = tuple(sorted({name for name in names if name}, key=lambda name: (-len(name), name)))
        self.marks = frozenset(marks)
        natives = {native_of(account) for account in self.accounts}
        ids = [*self.accounts, *(native for native in natives if len(native) >= _SHORTEST_NUMBER)]
        self.ids = tuple(ids)
        """The accounts with their platform, and the numbers alone."""
        self._id = _any(r"(?<![\w]){}(?![\w])", ids)
        self._name = _any("{}", [name for name in self.names if len(name) >= _SHORTEST_NAME], bounded=True)

    @property
    def needles(self) -> tuple[str, ...]:
        """Every text that holds the person, marks aside, holds one of these, whatever its case. As few as can be."""
        found = sorted({*self.ids, *self.names}, key=len)
        return tuple(text for n, text in enumerate(found) if not any(shorter in text for shorter in found[:n]))

    def means(self, text: str) -> bool:
        """Whether it is about the person: an account of theirs stands in it."""
        return text in self.marks or (self._id is not None and self._id.search(text) is not None)

    def tells(self, text: str) -> bool:
        """Whether the person can be told from it: by an account or by a name."""
        return text in self.names or self.means(text) or (self._name is not None and bool(self._name.search(text)))

    def hidden(self, text: str) -> str:
        """The text without the person; nothing of it stays if it is an account of theirs."""
        if text in self.accounts:
            return ""
        if text in self.names or text in self.marks:
            return HIDDEN
        for pattern in (self._id, self._name):
            text = pattern.sub(HIDDEN, text) if pattern is not None else text
        return text

    def cleared(self, value: Any) -> Any:
        """A record, as a value or as JSON, without the person: of lists and tables what is about them goes, in texts
        they are hidden.

        In JSON a table is told from a value with named parts by its names, which are never an account. What somebody
        gave as a reason (`because`) goes with their name.
        """
        if isinstance(value, str):
            return self.hidden(value)
        if isinstance(value, list | tuple):
            return type(value)([self.cleared(held) for held in value if not self.inside(held)])
        if isinstance(value, Mapping):
            value = self._unreasoned(value)
            return {
                name: self.cleared(held)
                for name, held in value.items()
                if not self.tells(name) and not self._theirs(held)
            }
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{name: self.cleared(held) for name, held in self._unreasoned(value).items()})
        return value

    def part_of(self, value: Any) -> Any:
        """What of JSON is about the person: entries of lists and tables, whole, and texts; None if nothing is."""
        if isinstance(value, str):
            return value if self.means(value) else None
        if isinstance(value, list | tuple):
            return [held for held in value if self.inside(held)] or None
        if not isinstance(value, Mapping):
            return None
        if self._theirs(value):
            return value
        parts = {name: held if self.means(name) else self.part_of(held) for name, held in value.items()}
        return {name: held for name, held in parts.items() if held is not None} or None

    def inside(self, value: Any) -> bool:
        """Whether anything that a value or JSON holds is about the person."""
        return _any_text(value, self.means)

    def named_inside(self, value: Any) -> bool:
        """Whether the person can be told from anything that it holds."""
        return _any_text(value, self.tells)

    def _unreasoned(self, value: Any) -> Mapping[str, Any]:
        parts = _parts(value)
        if "because" in parts and any(held in self.names for held in parts.values() if isinstance(held, str)):
            return {**parts, "because": type(parts["because"])()}
        return parts

    def _theirs(self, value: Any) -> bool:
        """Whether an entry of a table is about the person, or marked with nobody else. A part of a value that is an
        account goes like one: it has a default for being nobody's. Whose doing it was (`giver`) only goes from it."""
        if isinstance(value, str):
            return value in self.accounts
        if _has_parts(value):
            if isinstance(value, Mapping) and all(map(_is_account, value.values())):
                return False  # a table of accounts, whose other entries are about others
            parts = _parts(value).items()
            return any(isinstance(held, str) and name != "giver" and self.means(held) for name, held in parts)
        return isinstance(value, list | tuple) and bool(value) and self.marks.issuperset(map(str, value))


def _is_account(value: Any) -> bool:
    return isinstance(value, str) and _ACCOUNT.match(value) is not None


def _any_text(value: Any, holds: Callable[[str], bool]) -> bool:
    if isinstance(value, str):
        return holds(value)
    if isinstance(value, list | tuple):
        return any(_any_text(held, holds) for held in value)
    return _has_parts(value) and any(holds(name) or _any_text(held, holds) for name, held in _parts(value).items())


def _has_parts(value: Any) -> bool:
    return isinstance(value, Mapping) or (is_dataclass(value) and not isinstance(value, type))


def _parts(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _any(pattern: str, words: Iterable[str], *, bounded: bool = False) -> re.Pattern[str] | None:
    found = [pattern.format(_bounded(word) if bounded else re.escape(word)) for word in words]
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _bounded(name: str) -> str:
    """`Li` is not found in `Lisa`, but 小明 is found in 欢迎小明加入."""
    before = r"(?<![A-Za-z0-9_])" if name[0].isascii() and name[0].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + re.escape(name) + after

"""The smallest parts of a comparison: one number in both homes, and in which of them something is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Presence = Literal["both", "new", "gone"]
"""Whether something is written in both homes, only in the changed one, or only in the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One number in both homes."""

    before: int
    after: int

    @property
    def same(self) -> bool:
        """Whether it is the same in both."""
        return self.before == self.after


def presence(name: str, before: Iterable[str], after: Iterable[str]) -> Presence:
    """In which of both something is written. What is written in neither counts as being in both."""
    old, new = name in before, name in after
    return "new" if new and not old else "gone" if old and not new else "both"


def counted(before: dict[str, int], after: dict[str, int]) -> dict[str, Count]:
    """Both homes' numbers by name, in order of the names."""
    return {name: Count(before=before.get(name, 0), after=after.get(name, 0)) for name in sorted({*before, *after})}

"""Writing into what a store in memory holds, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Undoing:
    """Keeps for each write how it is undone, until it is to stay."""

    def __init__(self) -> None:
        self._journal: list[Callable[[], object]] = []

    def commit(self) -> None:
        """Keep what was saved."""
        self._journal.clear()

    def undo(self) -> None:
        """Take back what was not committed."""
        while self._journal:
            self._journal.pop()()

    def _set(self, held: MutableMapping[K, V], key: K, value: V | None) -> None:
        if key in held:
            old = held[key]
            self._journal.append(lambda: held.__setitem__(key, old))
        else:
            self._journal.append(lambda: held.pop(key, None))
        if value is None:
            held.pop(key, None)
        else:
            held[key] = value

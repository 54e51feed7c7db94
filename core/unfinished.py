"""Messages of several parts that are not finished, so that they go on where they are when they are performed again.

Kept in memory, until they are finished or too many others are not. A restart forgets them: then a message is posted
from its beginning, as after any unsure outcome.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from core.effects import Effect

MOST: Final = 100


class Unfinished:
    """What is posted already, by the chat and the effect."""

    def __init__(self, most: int = MOST) -> None:
        self._held: OrderedDict[tuple[str, Effect], tuple[int, str | None]] = OrderedDict()
        self._most = most

    def resumed(self, chat: str, effect: Effect) -> tuple[int, str | None]:
        """How many parts are posted, and the first one's id if it is known. It is not held any more."""
        return self._held.pop((chat, effect), (0, None))

    def forget(self, chat: str, effect: Effect) -> None:
        """It does not go on any more."""
        self._held.pop((chat, effect), None)

    def broke_off(self, chat: str, effect: Effect, posted: int, message: str | None = None) -> None:
        """So many parts are posted, and the next one is not, or nobody knows."""
        if posted:
            self._held[chat, effect] = (posted, message)
            if len(self._held) > self._most:
                self._held.popitem(last=False)

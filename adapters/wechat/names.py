"""The names of people in rooms, asked of the gateway once and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from adapters.wechat.payloads import Member

MOST: Final = 20_000
LASTS: Final = 3600.0


class Names:
    """Members by room and id; a private chat is the room "". The oldest go when there are too many."""

    def __init__(self, most: int = MOST, lasts: float = LASTS) -> None:
        self._held: OrderedDict[tuple[str, str], tuple[float, Member]] = OrderedDict()
        self._most = most
        self._lasts = lasts

    def get(self, room: str, id: str, now: float) -> Member | None:
        """Somebody whose name is still fresh at `now` (seconds of any clock)."""
        found = self._held.get((room, id))
        return found[1] if found is not None and now - found[0] < self._lasts else None

    def put(self, room: str, member: Member, now: float) -> None:
        """Keep a name."""
        key = (room, member.id)
        self._held.pop(key, None)
        self._held[key] = (now, member)
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def forget(self, id: str) -> None:
        """A room or a person is not as it was: ask anew for all that it is part of."""
        for key in [key for key in self._held if id in key]:
            del self._held[key]

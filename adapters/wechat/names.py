"""The names of people in rooms, asked of the gateway once and kept for a while."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import Final

from adapters.wechat.payloads import Member

MOST: Final = 20_000
LASTS: Final = 3600.0
_Key = tuple[str, str]


class Names:
    """Members by room and id; a private chat is the room "". The oldest go when there are too many."""

    def __init__(self, most: int = MOST, lasts: float = LASTS) -> None:
        self._held: OrderedDict[_Key, tuple[float, Member]] = OrderedDict()
        self._part_of: defaultdict[str, set[_Key]] = defaultdict(set)
        self._most = most
        self._lasts = lasts

    def get(self, room: str, id: str, now: float) -> Member | None:
        """Somebody whose name is still fresh at `now` (seconds of any clock)."""
        found = self._held.get((room, id))
        return found[1] if found is not None and now - found[0] < self._lasts else None

    def put(self, room: str, member: Member, now: float) -> None:
        """Keep a name."""
        key = (room, member.id)
        self._held[key] = (now, member)
        self._held.move_to_end(key)
        for part in key:
            self._part_of[part].add(key)
        if len(self._held) > self._most:
            self._drop(next(iter(self._held)))

    def forget(self, id: str) -> None:
        """A room or a person is not as it was: ask anew for all that it is part of."""
        for key in tuple(self._part_of.get(id, ())):
            self._drop(key)

    def _drop(self, key: _Key) -> None:
        del self._held[key]
        for part in key:
            self._part_of[part].discard(key)
            if not self._part_of[part]:
                del self._part_of[part]

"""Which WeChat rooms are groups of ours, as known at this moment by one account."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping


class Rooms:
    """Groups and their rooms, both ways. Lives in the event loop's thread."""

    def __init__(self, groups: Mapping[str, str] | None = None) -> None:
        self.moved: Callable[[], None] = lambda: None
        """Called when a group has another room than before: ids of its members may be other ones, too."""
        self._rooms: dict[str, str] = {}
        self.replace(groups or {})

    def replace(self, groups: Mapping[str, str]) -> None:
        """Take over what the store says: the group of each room."""
        before, self._rooms = self._rooms, {group: room for room, group in groups.items()}
        self._groups = dict(groups)
        if any(before.get(group, room) != room for group, room in self._rooms.items()):
            self.moved()

    def group_of(self, room: str) -> str | None:
        """The operator's key of a room; None for rooms that are no group of ours."""
        return self._groups.get(room)

    def address_of(self, group: str) -> str | None:
        """The room where a group lives now; None if it has none."""
        return self._rooms.get(group)

    @property
    def groups(self) -> Collection[str]:
        """The groups that have a room."""
        return self._rooms.keys()

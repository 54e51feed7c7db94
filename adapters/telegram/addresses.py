"""Which chats are groups of ours, as known at this moment by one bot."""

from __future__ import annotations

from collections.abc import Collection, Mapping


class Addresses:
    """Groups and their chats, both ways. Lives in the event loop's thread.

    A group that moved is still found by its old chat, so that what was on its way from there arrives; what is sent
    goes to the new one. `elsewhere` are chats that another bot of the deployment serves.
    """

    def __init__(self, groups: Mapping[int, str] | None = None, elsewhere: Collection[int] = ()) -> None:
        self._groups: dict[int, str] = {}
        self._chats: dict[str, int] = {}
        self._elsewhere: frozenset[int] = frozenset()
        self.replace(groups or {}, elsewhere)

    def replace(self, groups: Mapping[int, str], elsewhere: Collection[int] = ()) -> None:
        """Take over what the store says. Old chats of groups that moved stay known."""
        live = set(groups.values())
        kept = {chat: group for chat, group in self._groups.items() if group in live}
        self._groups = {**kept, **groups}
        self._chats = {group: chat for chat, group in groups.items()}
        self._elsewhere = frozenset(elsewhere)

    def group_of(self, chat: int) -> str | None:
        """The operator's key of a chat; None for chats that are no group of ours."""
        return self._groups.get(chat)

    def chat_of(self, group: str) -> int | None:
        """Where a group lives now; None if it has no chat."""
        return self._chats.get(group)

    def address_of(self, group: str) -> str | None:
        """As `chat_of`, in the way addresses are stored."""
        chat = self._chats.get(group)
        return None if chat is None else str(chat)

    def served_by_others(self, chat: int) -> bool:
        """Whether another bot of the deployment serves the chat."""
        return chat in self._elsewhere

    @property
    def groups(self) -> Collection[str]:
        """The groups that have a chat."""
        return self._chats.keys()

    @property
    def chats(self) -> Collection[int]:
        """Where they live now."""
        return self._chats.values()

    def bind(self, group: str, chat: int) -> None:
        """The group lives in this chat from now on; an earlier chat of it is no longer ours."""
        for old in [held for held, key in self._groups.items() if key == group]:
            del self._groups[old]
        self._groups[chat] = group
        self._chats[group] = chat

    def move(self, old: int, new: int) -> bool:
        """A chat was given a new id. False if that is known already, or if it is no news of where a group lives.

        Telegram tells each move twice, in the old and in the new chat and in either order.
        """
        group = self._groups.get(old)
        if group is None or self._chats.get(group) != old:
            return False
        self._groups[new] = group
        self._chats[group] = new
        return True

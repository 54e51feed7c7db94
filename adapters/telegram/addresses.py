"""Which chats are groups of ours, as known at this moment by one bot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

_SUPERGROUPS: Final = -(10**12)


def is_supergroup(chat: int) -> bool:
    """Whether this is the number of a supergroup (or channel); those of basic groups are nearer to nought."""
    return chat < _SUPERGROUPS


def _followed(moves: Mapping[int, int]) -> dict[int, int]:
    """Where each chat that moved ended up, by way of all those between."""

    def end(chat: int) -> int:
        seen = set()
        while chat in moves and chat not in seen:
            seen.add(chat)
            chat = moves[chat]
        return chat

    ends = {old: end(new) for old, new in moves.items()}
    return {old: new for old, new in ends.items() if old != new}


def _nobody(old: int, new: int) -> None:
    """For addresses of which nobody wants to hear."""


class Addresses:
    """Groups and their chats, both ways. Lives in the event loop's thread.

    A group that moved is still found by its old chat, so that what was on its way from there arrives; what is sent
    goes to the new one. `elsewhere` are chats that another bot of the deployment serves. `numbered` tells which chat a
    group left first, where it was not moved from; `named` are the chats of those groups now, the same set all along.
    `moved` are the chats that became others, as the store tells it. `learned` hears of basic groups that became
    supergroups as the store tells it, because another process followed.
    """

    def __init__(
        self,
        groups: Mapping[int, str] | None = None,
        elsewhere: Collection[int] = (),
        numbered: Mapping[str, int] | None = None,
        moved: Mapping[int, int] | None = None,
    ) -> None:
        self._groups: dict[int, str] = {}
        self._chats: dict[str, int] = {}
        self._moved: dict[int, int] = {}
        self._elsewhere: frozenset[int] = frozenset()
        self._numbered: Mapping[str, int] = {}
        self.named: set[int] = set()
        self.learned: Callable[[int, int], None] = _nobody
        self.replace(groups or {}, elsewhere, numbered, moved)

    def replace(
        self,
        groups: Mapping[int, str],
        elsewhere: Collection[int] = (),
        numbered: Mapping[str, int] | None = None,
        moved: Mapping[int, int] | None = None,
    ) -> None:
        """Take over what the store says. Of moves that were told it may have still to hear; the old chats of those
        groups, and those that the store tells, stay known for as long as the groups live where they moved to."""
        self._moved = _followed({**(moved or {}), **self._moved})
        live = {self._moved.get(chat, chat): group for chat, group in groups.items()}
        self._groups = {**{old: live[new] for old, new in self._moved.items() if new in live}, **live}
        before, self._chats = self._chats, {group: chat for chat, group in live.items()}
        self._elsewhere = frozenset(elsewhere)
        self._numbered = numbered or {}
        self.named.clear()
        self.named.update(chat for chat, group in live.items() if self._numbered.get(group, chat) != chat)
        for group, old in before.items():
            new = self._chats.get(group, old)
            # a group that was given another chat has one that it left first
            if is_supergroup(new) and not is_supergroup(old) and group not in self._numbered:
                self.learned(old, new)

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

    def numbered(self, group: str) -> int | None:
        """The chat whose messages are called by a number alone; None where that is no question."""
        return self._numbered.get(group)

    def served_by_others(self, chat: int) -> bool:
        """Whether another bot of the deployment serves the chat."""
        return self._moved.get(chat, chat) in self._elsewhere

    @property
    def groups(self) -> Collection[str]:
        """The groups that have a chat."""
        return self._chats.keys()

    @property
    def chats(self) -> Collection[int]:
        """Where they live now."""
        return self._chats.values()

    def move(self, old: int, new: int) -> bool:
        """A chat was given a new id. False if that is known already, or if it is no news of where a group lives.

        Telegram tells each move twice, in the old and in the new chat and in either order.
        """
        group = self._groups.get(old)
        if group is None or self._chats.get(group) != old:
            return False
        self._moved = {chat: new if now == old else now for chat, now in self._moved.items() if chat != new} | {
            old: new
        }
        self._groups[new] = group
        self._chats[group] = new
        if self._numbered.get(group, new) != new:
            self.named.add(new)
        return True

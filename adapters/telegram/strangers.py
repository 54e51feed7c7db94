"""Chats that are no group of ours: one polite sentence, and `/bind CODE`, which makes such a chat a group."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from adapters.telegram.admins import own_standing
from adapters.telegram.calls import CallFailed
from adapters.telegram.lobby import Lobby
from adapters.telegram.moves import moved_here
from adapters.telegram.said import command
from adapters.telegram.updates import Chat, Message, Update, User
from core.directory import Binding, read_code
from core.events import Event, GroupMoved
from core.workflow import Group

log = logging.getLogger("yaji.telegram")

_K = TypeVar("_K")
_V = TypeVar("_V")

TRIES: Final = 10
"""Wrong codes from one chat, after which it is answered no more until the process restarts."""
_SOON: Final = timedelta(seconds=5)
_SAME_AGAIN: Final = timedelta(minutes=1)
"""How long the same is not said again in a chat, whoever sends `/bind` there."""
_ASKED_AGAIN: Final = timedelta(seconds=30)
"""How long Telegram is left alone after it did not say whether an unknown chat is a group of ours that moved."""
_MOST_REMEMBERED: Final = 10_000
_MOST_ASKED: Final = 100
"""Chats that are not ours whose admins are kept in mind, so that Telegram is not asked anew at each `/bind`."""


class Strangers:
    """The unknown chats of one bot.

    `patience` is how many seconds an unknown chat waits, once, for another process to write down whose it is; `pause`
    waits.
    """

    def __init__(self, lobby: Lobby, patience: float, pause: Callable[[float], Awaitable[None]]) -> None:
        self._lobby = lobby
        self._patience = patience
        self._pause = pause
        self._read: datetime | None = None
        self._waited: dict[int, None] = {}
        self._seeking: dict[int, asyncio.Task[GroupMoved | None]] = {}
        self._sought: dict[int, GroupMoved | None] = {}
        self._unsure: dict[int, datetime] = {}
        self._greeted: dict[int, None] = {}
        self._asked: dict[int, None] = {}
        self._replied: dict[tuple[int, str], datetime] = {}
        self._wrong: Counter[int] = Counter()

    async def refreshed(self, chat: Chat) -> bool:
        """Whether the chat is a group of ours by the latest word, which another process may have written."""
        if not _is_group(chat):
            return False
        now = self._lobby.now()
        if self._read is None or now - self._read >= _SOON:
            self._read = now
            await self._lobby.refresh()
        if self._patience and chat.id not in self._waited and self._lobby.addresses.group_of(chat.id) is None:
            await self._pause(self._patience)
            await self._lobby.refresh()
            _keep(self._waited, chat.id, None)
        return self._lobby.addresses.group_of(chat.id) is not None

    async def moved(self, chat: Chat, id: str, at: datetime) -> GroupMoved | None:
        """The move of a group of ours into this chat, of which nobody told. Telegram is asked until it has answered;
        whoever wants to know meanwhile waits for the same answer. It may lie behind us."""
        if chat.id in self._sought:
            return self._sought[chat.id]
        if chat.id not in self._seeking:
            again = self._unsure.get(chat.id)
            if again is not None and self._lobby.now() < again:
                return None
            self._seeking[chat.id] = asyncio.create_task(self._seek(chat, id, at))
        return await asyncio.shield(self._seeking[chat.id])

    async def told(self, update: Update, arrived: datetime) -> Sequence[Event]:
        """Greet a stranger, or bind. The events are those of the binding."""
        if self.binds(update):
            assert update.message is not None
            return await self._bind(update.update_id, update.message, arrived)
        if (own := update.my_chat_member) is not None:
            if own.new_chat_member.present and _is_group(own.chat):
                await self._greet(own.chat, own.from_)
        elif update.message is not None and _is_group(update.message.chat):
            await self._greet(update.message.chat, update.message.from_)
        return ()

    async def close(self) -> None:
        """Give up what is being asked."""
        tasks = list(self._seeking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def binds(self, update: Update) -> bool:
        """Whether it is a `/bind` in a group."""
        message = update.message
        return (
            message is not None and _is_group(message.chat) and command(message, self._lobby.bot.username)[0] == "bind"
        )

    def bound_already(self, update: Update) -> None:
        """Answer a `/bind` in a chat that is a group of ours."""
        assert update.message is not None
        group = self._lobby.addresses.group_of(update.message.chat.id)
        self._reply_once(update.message, "bind_already", {"group": group or ""})

    async def _seek(self, chat: Chat, id: str, at: datetime) -> GroupMoved | None:
        try:
            moved = await moved_here(self._lobby.calls, self._lobby.addresses, chat, id, at)
        except CallFailed as failed:
            log.warning("whether chat %d is a group that moved is not known: %s", chat.id, failed)
            _keep(self._unsure, chat.id, self._lobby.now() + _ASKED_AGAIN)
            return None
        finally:
            del self._seeking[chat.id]
        self._unsure.pop(chat.id, None)
        _keep(self._sought, chat.id, moved)
        return moved

    async def _greet(self, chat: Chat, user: User | None) -> None:
        if chat.id in self._greeted or chat.id in self._unsure:
            return
        if await asyncio.to_thread(self._lobby.directory.first_contact, "telegram", str(chat.id), self._lobby.now()):
            said = self._lobby.sentences.say("stranger", self._lobby.sentences.language(user, chat))
            self._lobby.asides.say(chat.id, said)
        _keep(self._greeted, chat.id, None)

    async def _bind(self, number: int, message: Message, at: datetime) -> Sequence[Event]:
        chat = message.chat
        if self._wrong[chat.id] >= TRIES or not await self._by_admin(message):
            return ()
        typed = command(message, self._lobby.bot.username)[1]
        code = read_code(typed)
        if not typed:
            self._reply_once(message, "bind_how")
            return ()
        binding = Binding("unknown")
        if code is not None:
            groups = list(self._lobby.groups())
            binding = await asyncio.to_thread(
                self._lobby.directory.spend_code, code, "telegram", str(chat.id), self._lobby.now(), groups
            )
        if binding.group is None:
            self._wrong[chat.id] += 1
            self._reply(message, f"bind_{binding.result}")
            return ()
        return await self._bound(number, message, binding.group, at)

    async def _bound(self, number: int, message: Message, group: str, at: datetime) -> Sequence[Event]:
        chat = message.chat.id
        self._wrong.pop(chat, None)
        self._asked.pop(chat, None)
        await self._lobby.refresh()
        self._reply(message, "bound", {"group": group}, self._lobby.groups().get(group))
        with contextlib.suppress(CallFailed):
            id_ = f"telegram:{self._lobby.bot.id}:{number}"
            standing = await own_standing(self._lobby.calls, self._lobby.bot, chat, group, id_, at)
            if standing is not None:
                return (standing,)
        return ()

    async def _by_admin(self, message: Message) -> bool:
        """Whether an admin of the chat sent it. Others are told."""
        chat = message.chat.id
        if message.sender_chat is not None:
            return message.sender_chat.id == chat
        if chat not in self._asked and (forgotten := _keep(self._asked, chat, None, _MOST_ASKED)) is not None:
            self._lobby.admins.forget(forgotten)
        admins = await self._lobby.admins.fresh(chat)
        if message.from_ is not None and message.from_.id in admins:
            return True
        self._reply_once(message, "bind_admins" if chat in self._lobby.admins.ids else "bind_unsure")
        return False

    def _reply_once(self, message: Message, key: str, gateway: Mapping[str, object] | None = None) -> None:
        now, said = self._lobby.now(), (message.chat.id, key)
        if now - self._replied.get(said, now - _SAME_AGAIN) < _SAME_AGAIN:
            return
        self._replied.pop(said, None)
        _keep(self._replied, said, now)
        self._reply(message, key, gateway)

    def _reply(
        self, message: Message, key: str, gateway: Mapping[str, object] | None = None, group: Group | None = None
    ) -> None:
        language = self._lobby.sentences.language(
            message.from_ if message.sender_chat is None else None, message.chat, group
        )
        topic = message.message_thread_id if message.is_topic_message else None
        text = self._lobby.sentences.say(key, language, gateway)
        self._lobby.asides.say(message.chat.id, text, reply_to=message.message_id, topic=topic)


def _is_group(chat: Chat) -> bool:
    return chat.type in ("group", "supergroup") and not chat.is_direct_messages


def _keep(held: dict[_K, _V], key: _K, value: _V, most: int = _MOST_REMEMBERED) -> _K | None:
    """Keep in mind; answers what was forgotten for it, as no more than so many are remembered."""
    oldest = next(iter(held)) if len(held) >= most else None
    if oldest is not None:
        del held[oldest]
    held[key] = value
    return oldest

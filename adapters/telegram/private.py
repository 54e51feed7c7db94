"""What people write to the bot in private: about which group it is, and a polite word to those of no group."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

from adapters.telegram import translate
from adapters.telegram.admins import PATIENCE
from adapters.telegram.calls import CallFailed, result_of
from adapters.telegram.lobby import Lobby
from adapters.telegram.said import command, needs_admins
from adapters.telegram.updates import ChatMember, Update, User
from core.events import Event, MessagePosted
from core.people import Account

_AT_ONCE: Final = 8
FEW: Final = 3
"""Groups that are asked of Telegram for somebody whom nobody has seen: most deployments have no more."""
HUSH: Final = timedelta(seconds=5)
"""How long somebody who was answered gets no other sentence of ours."""
_AGAIN: Final = timedelta(minutes=1)
_MOST_REMEMBERED: Final = 10_000


class PrivateChats:
    """The private chats of one bot."""

    def __init__(self, lobby: Lobby) -> None:
        self._lobby = lobby
        self._answered: dict[int, datetime] = {}
        self._strange: dict[int, datetime] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def ask_about(self, updates: Sequence[Update]) -> None:
        """Find out all at once which groups those belong to whom nobody has seen, so that none waits for another. Who
        is not found within PATIENCE is in no group for a minute."""
        writers = [update.message.from_ for update in updates if update.message is not None]
        unknown = {user.id: user for user in writers if user is not None and not user.is_bot}
        asked = {user: asyncio.create_task(self._meant(who)) for user, who in unknown.items()}
        if not asked:
            return
        _, late = await asyncio.wait(asked.values(), timeout=PATIENCE)
        for user, task in asked.items():
            if task in late:
                task.cancel()
                _remember(self._strange, user, self._lobby.now())
        await asyncio.gather(*asked.values(), return_exceptions=True)  # what was wrong is met again, one by one

    async def told(self, update: Update, arrived: datetime) -> Sequence[Event]:
        """The events of an update from a private chat, for the group that is meant."""
        message = update.message
        if message is None:
            return ()  # edits, and whether they block the bot
        chat, user = message.chat, message.from_
        if user is None or user.is_bot:
            return ()
        name, rest = command(message, self._lobby.bot.username)
        if name == "bind":
            self._say(user, "bind_here")
            return ()
        linked = rest if name == "start" and rest in self._served() else None
        if linked is not None and not await self._may_talk_about(user, linked):
            self._say(user, "not_member", linked)
            return ()
        group = linked or await self._meant(user) or await self._left(user)
        if group is None:
            await self._hello(user, asked=name == "start")
            return ()
        if name == "start" and await self._begins(user, group, by_link=linked is not None):
            self._say(user, "hello_member", group)
        home = self._lobby.addresses.chat_of(group)
        if home is not None and needs_admins(update) and self._lobby.admins.stale(home, user.id):
            await self._lobby.admins.fresh(home)
        known = self._lobby.admins.ids.get(home, frozenset[int]()) if home is not None else frozenset[int]()
        told = translate.events(update, replace(self._lobby.bot, admins={chat.id: known}), lambda _chat: group, arrived)
        return [_without_link(event) for event in told] if linked is not None else told

    def _served(self) -> Collection[str]:
        """The groups that people may talk about: those with a chat, without the desks of admins."""
        groups = self._lobby.groups()
        desks = {group.desk for key, group in groups.items() if group.desk != key}
        return [key for key in self._lobby.addresses.groups if key in groups and key not in desks]

    async def _meant(self, user: User) -> str | None:
        account, served = account_of(user), self._served()
        group = await asyncio.to_thread(self._lobby.directory.group_meant, account, served)
        if group is not None or len(served) > FEW:
            return group
        now = self._lobby.now()
        if now - self._strange.get(user.id, now - _AGAIN) < _AGAIN:
            return None
        found = await asyncio.gather(*(self._in(user, key) for key in served))
        group = next((key for key, there in zip(served, found, strict=True) if there), None)
        if group is None:
            _remember(self._strange, user.id, now)
        else:
            await asyncio.to_thread(self._lobby.directory.remember, [(account, group)], now)
        return group

    async def _left(self, user: User) -> str | None:
        """For those who are in no group any more: the one they left last. What is heard of them, the core says."""
        return await asyncio.to_thread(self._lobby.directory.group_left, account_of(user), self._served())

    async def _begins(self, user: User, group: str, *, by_link: bool) -> bool:
        """Whether a start is all that they say. By its link who asked to be let in comes for the questions of a group,
        and whoever left it for an appeal."""
        if not await self._never_left(user, group):
            return False
        known = not by_link or await asyncio.to_thread(self._lobby.directory.member, account_of(user), group)
        return known or await self._in(user, group)

    async def _never_left(self, user: User, group: str) -> bool:
        """Whether nobody saw them leave the group."""
        left = await asyncio.to_thread(self._lobby.directory.group_left, account_of(user), (group,))
        return left is None

    async def _may_talk_about(self, user: User, group: str) -> bool:
        """Members may, who asked to be let in, and who was removed. From then on they talk about this group."""
        account = account_of(user)
        meant = await asyncio.to_thread(self._lobby.directory.group_meant, account, (group,))
        if meant is None and await self._never_left(user, group) and not await self._in(user, group):
            return False
        await asyncio.to_thread(self._lobby.directory.remember, [(account, group)], self._lobby.now())
        return True

    async def _in(self, user: User, group: str) -> bool:
        """Whether Telegram says that they are in the group: who never spoke there is in no book of ours."""
        chat = self._lobby.addresses.chat_of(group)
        try:
            async with self._turns, asyncio.timeout(PATIENCE):
                body = await self._lobby.calls.call("getChatMember", {"chat_id": chat, "user_id": user.id})
            return result_of(body, ChatMember).present
        except (CallFailed, TimeoutError, msgspec.DecodeError):
            return False

    async def _hello(self, user: User, asked: bool) -> None:
        first = await asyncio.to_thread(
            self._lobby.directory.first_contact, "telegram", str(user.id), self._lobby.now()
        )
        if asked or first:
            self._say(user, "hello")

    def _say(self, user: User, key: str, about: str = "") -> None:
        now = self._lobby.now()
        if now - self._answered.get(user.id, now - HUSH) < HUSH:
            return
        _remember(self._answered, user.id, now)
        group = self._lobby.groups().get(about)
        language = self._lobby.sentences.language(user, None, group)
        called = group.called(language) if group is not None else about
        self._lobby.asides.say(user.id, self._lobby.sentences.say(key, language, {"group": called}))


def account_of(user: User) -> Account:
    """A user's account."""
    return Account(f"telegram:{user.id}")


def _without_link(event: Event) -> Event:
    """`/start <group>` without the group: it was for us."""
    return replace(event, text="/start") if isinstance(event, MessagePosted) else event


def _remember(held: dict[int, datetime], user: int, at: datetime) -> None:
    held.pop(user, None)
    held[user] = at
    if len(held) > _MOST_REMEMBERED:
        del held[next(iter(held))]

"""Who are the admins of each chat: asked of Telegram, kept up by its updates, asked again before it gets stale."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from typing import Final

import msgspec

from adapters.telegram.actors import BotIdentity
from adapters.telegram.calling import Caller
from adapters.telegram.calls import ApiError, CallFailed, result_of
from adapters.telegram.standing import abilities
from adapters.telegram.updates import ChatMember, ChatMemberUpdated
from core.events import BotStanding
from core.people import OWNER

FRESH: Final = 60.0
"""How many seconds an admin's word is taken without asking Telegram again."""

PATIENCE: Final = 5.0
"""How long a batch of updates waits for an answer, in seconds; after that it goes on with what is known."""

_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
_AT_ONCE: Final = 8
_NOBODY: Final[Mapping[int, ChatMember]] = {}


_RIGHTS: Final[Mapping[str, Callable[[ChatMember], bool]]] = {
    "restrict": lambda admin: admin.can_restrict_members,
    "delete": lambda admin: admin.can_delete_messages,
    "promote": lambda admin: admin.can_promote_members,
    "change_info": lambda admin: admin.can_change_info,
    "invite": lambda admin: admin.can_invite_users,
    "pin": lambda admin: admin.can_pin_messages,
}
_ALL_RIGHTS: Final = frozenset((*_RIGHTS, OWNER))


class Admins:
    """The admins of each chat with their rights, anonymous ones too, bots other than our own not.

    `ids` is live: the same dict all along. A chat that is not in it was never loaded. `clock` counts seconds.
    """

    def __init__(self, calls: Caller, bot: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.ids: dict[int, frozenset[int]] = {}
        self._calls = calls
        self._bot = bot
        self._clock = clock
        self._standings: dict[int, dict[int, ChatMember]] = {}
        self._loaded: dict[int, float] = {}
        self._failed: dict[int, tuple[float, float]] = {}
        self._told: dict[int, int] = {}
        self._loading: dict[int, asyncio.Task[bool]] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def of(self, chat: int) -> Mapping[int, ChatMember]:
        """The admins of a chat with their rights, as known now."""
        return self._standings.get(chat, _NOBODY)

    def stale(self, chat: int, user: int) -> bool:
        """Whether Telegram must be asked before a command of this user counts.

        Where the bot is an admin every change is told at once, so a member who is none is believed to be none.
        """
        known = self.ids.get(chat)
        if known is None:
            return True
        return self._clock() - self._loaded.get(chat, 0.0) > FRESH and (user in known or self._bot not in known)

    async def first(self, chats: Collection[int]) -> None:
        """Load those chats that were never loaded. Waits PATIENCE at most; a failed load is tried again later."""
        await self._within([chat for chat in chats if chat not in self.ids])

    async def fresh(self, chat: int) -> frozenset[int]:
        """The admins of a chat, loaded less than FRESH seconds ago if Telegram answers in time."""
        if chat not in self.ids or self._clock() - self._loaded.get(chat, 0.0) > FRESH:
            await self._within([chat])
        return self.ids.get(chat, frozenset())

    def rights(self, chat: int, user: int) -> frozenset[str]:
        """What an admin may do in a chat, as known now: restrict, delete, promote, change_info, invite, pin; and owner.

        Nothing for who is no admin.
        """
        known = self.of(chat).get(user)
        if known is None:
            return frozenset()
        if known.status == "creator":
            return _ALL_RIGHTS
        return frozenset(right for right, has in _RIGHTS.items() if has(known))

    async def asked(self, chat: int) -> bool:
        """Ask Telegram now who the admins are. False if no answer came within PATIENCE: nothing new is known."""
        done, _ = await asyncio.wait([asyncio.ensure_future(self.load(chat))], timeout=PATIENCE)
        return any(not task.cancelled() and task.exception() is None and task.result() for task in done)

    async def load(self, chat: int) -> bool:
        """Ask Telegram, whatever is known. False if it did not answer: what was known stays."""
        task = self._loading.get(chat)
        if task is None:
            task = self._loading[chat] = asyncio.create_task(self._load(chat))
            task.add_done_callback(lambda _done: self._loading.pop(chat, None))
        return await asyncio.shield(task)

    def observe(self, changed: ChatMemberUpdated) -> None:
        """A chat_member or my_chat_member update: take it over at once. Chats never loaded stay so."""
        chat, now = changed.chat.id, changed.new_chat_member
        self._told[chat] = self._told.get(chat, 0) + 1
        if now.user.id == self._bot and not now.present:
            self.forget(chat)
            return
        known = self._standings.get(chat)
        if known is None:
            return
        if now.status in ("creator", "administrator"):
            known[now.user.id] = now
        else:
            known.pop(now.user.id, None)
        self.ids[chat] = frozenset(known)

    def move(self, old: int, new: int) -> None:
        """A chat was given a new id: its admins are the same."""
        if old in self._standings and new not in self._standings:
            self._standings[new] = dict(self._standings[old])
            self.ids[new] = self.ids[old]
            self._loaded[new] = float("-inf")

    def forget(self, chat: int) -> None:
        """Know nothing of a chat any more."""
        for held in (self._standings, self.ids, self._loaded, self._failed):
            held.pop(chat, None)

    async def close(self) -> None:
        """Give up what is being asked."""
        tasks = list(self._loading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _within(self, chats: Collection[int]) -> None:
        now = self._clock()
        asked: list[Awaitable[bool]] = [
            self.load(chat) for chat in chats if chat not in self._failed or self._failed[chat][0] <= now
        ]
        if asked:
            await asyncio.wait([asyncio.ensure_future(one) for one in asked], timeout=PATIENCE)

    async def _load(self, chat: int) -> bool:
        async with self._turns:
            told = self._told.get(chat, 0)
            asked = self._clock()
            try:
                found = result_of(await self._calls.call("getChatAdministrators", {"chat_id": chat}), list[ChatMember])
            except (CallFailed, msgspec.DecodeError):
                _, pause = self._failed.get(chat, (0.0, _FIRST_PAUSE / 2))
                pause = min(_LONGEST_PAUSE, pause * 2)
                self._failed[chat] = (asked + pause, pause)
                return False
            self._failed.pop(chat, None)
            if self._told.get(chat, 0) != told and chat in self._standings:
                # A change was told while the answer was on its way: the answer may be older than the change.
                self._loaded[chat] = float("-inf")
                return True
            self._standings[chat] = {one.user.id: one for one in found}
            self.ids[chat] = frozenset(self._standings[chat])
            self._loaded[chat] = asked
            return True


async def own_standing(
    calls: Caller, bot: BotIdentity, chat: int, group: str, id: str, at: datetime
) -> BotStanding | None:
    """The bot's standing in a chat as Telegram tells it now, as the event `id`; None if it does not say.

    A chat that the bot is not in, or that is gone, is told as absence. Raises NotSent, AnswerLost, and ApiError for
    what is no word about the chat (429, 5xx).
    """
    try:
        found = result_of(await calls.call("getChatMember", {"chat_id": chat, "user_id": bot.id}), ChatMember)
    except msgspec.DecodeError:
        return None
    except ApiError as error:
        if error.migrate_to is not None:
            return None
        if error.code not in (400, 403):
            raise
        return BotStanding(id=id, at=at, group=group, platform="telegram", present=False)
    kind = "supergroup" if str(chat).startswith("-100") else "group"
    can = abilities(found, kind, bot)
    return BotStanding(id=id, at=at, group=group, platform="telegram", present=found.present, abilities=can)

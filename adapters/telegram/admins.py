"""Who are the admins of each chat: asked of Telegram, kept up by its updates, asked again before it gets stale."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from math import ceil
from typing import Final

import msgspec

from adapters.telegram.actors import BotIdentity
from adapters.telegram.addresses import is_supergroup
from adapters.telegram.calling import Caller
from adapters.telegram.calls import ApiError, CallFailed, result_of
from adapters.telegram.standing import abilities
from adapters.telegram.updates import ChatMember, ChatMemberUpdated
from core.events import BotStanding, GroupMoved
from core.people import OWNER

FRESH: Final = 60.0
"""How many seconds an admin's word is taken without asking Telegram again."""

PATIENCE: Final = 5.0
"""How long a batch of updates waits for an answer, in seconds; after that it goes on with what is known."""

_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0
"""After how many seconds a chat whose admins could not be loaded is tried again: after twice as many each time."""
_LONGEST_SILENCE: Final = 30.0
"""The longest of these pauses for an order that weighs much: after so many seconds Telegram is asked again."""
_SWEEP: Final = 5.0
"""How many seconds lie between two sweeps (`Admins.sweep`)."""
_LINKED: Final = 600.0
"""How many seconds it is believed which channel a chat discusses; where Telegram does not say, FRESH more."""
_AT_ONCE: Final = 8
"""About how many chats Telegram is asked at the same time."""
_STAFF: Final = ("creator", "administrator")
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

    `ids` is live: the same dict all along. A chat that is not in it was never loaded. `known` are those of which
    nobody needs to ask; `since` is from when on the bot is known to be an admin, in Unix seconds. Where the updates of
    the bot are `shared` with other processes, changes are told to any of them: what is known holds for a while only.
    `linked` are the channels that chats discuss. `before` says where the bot was an admin already when it was last
    heard: there a start is no promotion. `clock` counts seconds, `now` is the time.
    """

    def __init__(
        self,
        calls: Caller,
        bot: int,
        *,
        shared: bool = False,
        before: Callable[[int], bool] = lambda chat: False,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.ids: dict[int, frozenset[int]] = {}
        self.known: set[int] = set()
        self.since: dict[int, int] = {}
        self.linked: dict[int, int] = {}
        self._calls = calls
        self._bot = bot
        self._shared = shared
        self._before = before
        self._clock = clock
        self._now = now
        self._swept = clock()
        self._standings: dict[int, dict[int, ChatMember]] = {}
        self._loaded: dict[int, float] = {}
        self._failed: dict[int, tuple[float, float]] = {}
        self._looked: dict[int, float] = {}
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
        if chat not in self.known:
            return True
        admins = self.ids[chat]
        return self._old(chat) and (self._shared or user in admins or self._bot not in admins)

    def sweep(self) -> None:
        """Where others are told of changes, too: what was asked a while ago is known no more."""
        if not self._shared or self._clock() - self._swept < _SWEEP:
            return
        self._swept = self._clock()
        self.known -= {chat for chat in self.known if self._old(chat)}

    def doubt(self) -> None:
        """Another process was told of changes until now: nothing is known for sure. What was known holds meanwhile."""
        self.known.clear()
        self._loaded.clear()

    async def first(self, chats: Collection[int]) -> None:
        """Load those chats that are not known. Waits PATIENCE at most, and only for those never loaded; a failed load
        is tried again later."""
        asked = self._asked([chat for chat in chats if chat not in self.known])
        if never := [task for chat, task in asked.items() if chat not in self.ids]:
            await asyncio.wait(never, timeout=PATIENCE)

    async def fresh(self, chat: int) -> frozenset[int]:
        """The admins of a chat, loaded less than FRESH seconds ago if Telegram answers in time."""
        if (chat not in self.known or self._old(chat)) and (asked := self._asked([chat])):
            await asyncio.wait(asked.values(), timeout=PATIENCE)
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

    def perhaps_parted(self, chat: int, channel: int) -> bool:
        """Whether Telegram must be asked before a channel that the chat discussed counts as staff."""
        return self.linked.get(chat) == channel and self._link_is_old(chat)

    async def look_at_link(self, chat: int) -> None:
        """Learn which channel the chat discusses, now and then; without an answer that stays as it was for a while."""
        if not self._link_is_old(chat):
            return
        self._looked[chat] = self._clock() - _LINKED + FRESH
        with contextlib.suppress(CallFailed, msgspec.DecodeError):
            found = result_of(await self._calls.call("getChat", {"chat_id": chat}, timeout=PATIENCE), _Chat)
            self._looked[chat] = self._clock()
            if found.linked_chat_id is None:
                self.linked.pop(chat, None)
            else:
                self.linked[chat] = found.linked_chat_id

    async def asked(self, chat: int) -> bool:
        """Ask Telegram now who the admins are. False if no answer came within PATIENCE, or none a moment ago: nothing
        new is known."""
        again, pause = self._failed.get(chat, (0.0, 0.0))
        if self._clock() < again - max(0.0, pause - _LONGEST_SILENCE):
            return False
        done, _ = await asyncio.wait([self._load_of(chat)], timeout=PATIENCE)
        return any(not task.cancelled() and task.exception() is None and task.result() for task in done)

    async def load(self, chat: int) -> bool:
        """Ask Telegram, whatever is known. False if it did not answer: what was known stays."""
        return await asyncio.shield(self._load_of(chat))

    def observe(self, changed: ChatMemberUpdated) -> None:
        """A chat_member or my_chat_member update: take it over at once. Chats never loaded stay so."""
        chat, now = changed.chat.id, changed.new_chat_member
        self._told[chat] = self._told.get(chat, 0) + 1
        if now.user.id == self._bot:
            self._stands(chat, now, changed.date + 1)  # whatever happened within that second came before or after
            if not now.present:
                self.forget(chat)
                return
        known = self._standings.get(chat)
        if known is None:
            return
        if now.status in _STAFF:
            known[now.user.id] = now
        else:
            known.pop(now.user.id, None)
        self.ids[chat] = frozenset(known)

    def stands(self, chat: int, own: ChatMember) -> None:
        """The bot's own standing, as Telegram told when it was asked."""
        already = chat not in self._told and self._before(chat)
        self._stands(chat, own, 0 if already else ceil(self._now().timestamp()))

    def move(self, old: int, new: int) -> None:
        """A chat was given a new id: its admins are the same."""
        if old in self._standings and new not in self._standings:
            self._standings[new] = dict(self._standings[old])
            self.ids[new] = self.ids[old]
            if old in self.since:
                self.since[new] = ceil(self._now().timestamp())

    def forget(self, chat: int) -> None:
        """Know nothing of a chat any more."""
        self.known.discard(chat)
        for held in (self._standings, self.ids, self.since, self.linked, self._loaded, self._failed, self._looked):
            held.pop(chat, None)

    async def close(self) -> None:
        """Give up what is being asked."""
        tasks = list(self._loading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _old(self, chat: int) -> bool:
        return self._clock() - self._loaded.get(chat, float("-inf")) > FRESH

    def _stands(self, chat: int, own: ChatMember, at: int) -> None:
        if own.status in _STAFF:
            self.since.setdefault(chat, at)
        else:
            self.since.pop(chat, None)

    def _asked(self, chats: Collection[int]) -> dict[int, asyncio.Task[bool]]:
        """Those that Telegram is asked about, which are not those about which it gave no answer a while ago."""
        now = self._clock()
        return {chat: self._load_of(chat) for chat in chats if chat not in self._failed or self._failed[chat][0] <= now}

    def _load_of(self, chat: int) -> asyncio.Task[bool]:
        """The one load of a chat that is under way."""
        task = self._loading.get(chat)
        if task is None:
            task = self._loading[chat] = asyncio.create_task(self._load(chat))
            task.add_done_callback(lambda _done: self._loading.pop(chat, None))
        return task

    async def _load(self, chat: int) -> bool:
        async with self._turns:
            told = self._told.get(chat, 0)
            asked = self._clock()
            try:
                body, _ = await asyncio.gather(
                    self._calls.call("getChatAdministrators", {"chat_id": chat}), self.look_at_link(chat)
                )
                found = result_of(body, list[ChatMember])
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
            self.known.add(chat)
            if self._bot in self.ids[chat]:
                self.stands(chat, self._standings[chat][self._bot])
            else:
                self.since.pop(chat, None)
            return True

    def _link_is_old(self, chat: int) -> bool:
        return self._clock() - self._looked.get(chat, float("-inf")) > _LINKED


class _Chat(msgspec.Struct, gc=False):
    linked_chat_id: int | None = None


async def own_standing(
    calls: Caller, bot: BotIdentity, chat: int, group: str, id: str, at: datetime, admins: Admins | None = None
) -> BotStanding | GroupMoved | None:
    """The bot's standing in a chat as Telegram tells it now, as the event `id`; None if it does not say.

    A chat that the bot is not in, or that is gone, is told as absence, one that has another id as its move. `admins`
    hear of it. Raises NotSent, AnswerLost, and ApiError for what is no word of Telegram's about the chat (429, 5xx, a
    proxy's page).
    """
    kind = "supergroup" if is_supergroup(chat) else "group"
    try:
        if kind == "group":
            # Where a basic group has become a supergroup Telegram still tells the bot's own standing, but not this.
            await calls.call("getChatAdministrators", {"chat_id": chat})
        found = result_of(await calls.call("getChatMember", {"chat_id": chat, "user_id": bot.id}), ChatMember)
    except msgspec.DecodeError:
        return None
    except ApiError as error:
        if error.migrate_to is not None:
            new = str(error.migrate_to)
            return GroupMoved(id=id, at=at, group=group, platform="telegram", old=str(chat), new=new)
        if error.foreign or error.code not in (400, 403):
            raise
        return BotStanding(id=id, at=at, group=group, platform="telegram", present=False)
    if admins is not None:
        admins.stands(chat, found)
    can = abilities(found, kind, hears=bot.hears(chat))
    return BotStanding(id=id, at=at, group=group, platform="telegram", present=found.present, abilities=can)

"""Where the updates of one bot arrive: they become events for the engine, and everything around that is settled here.

`take` returns when all of a batch is committed. If the process dies before, Telegram brings the same updates again; the
inbox knows the events that were committed, and all else here may be done twice without harm.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec

from adapters.telegram import translate
from adapters.telegram.actors import BotIdentity
from adapters.telegram.addresses import Addresses
from adapters.telegram.admins import PATIENCE, Admins
from adapters.telegram.asides import Asides
from adapters.telegram.calling import Caller
from adapters.telegram.calls import CallFailed, Me, result_of
from adapters.telegram.inviters import still_here
from adapters.telegram.lobby import Lobby
from adapters.telegram.members import told_once
from adapters.telegram.named import recognised
from adapters.telegram.presses import Presses
from adapters.telegram.private import PrivateChats
from adapters.telegram.said import Sentences, chat_of, needs_admins
from adapters.telegram.strangers import Strangers
from adapters.telegram.updates import Chat, ChatMemberUpdated, Unreadable, Update
from core.delivery import Inlet
from core.directory import Directory
from core.events import Event, GroupMoved, JoinRequested, MemberJoined
from core.people import ActorKind
from core.ports import DeadLetter, Store
from core.workflow import Group, Phrasebook

log = logging.getLogger("yaji.telegram")

_SKEW: Final = 60.0
"""How many seconds Telegram's clock may be ahead of ours."""
LONGEST_LETTER: Final = 20_000
"""Characters of an update that are kept when it is set aside."""


class Reception:
    """Takes the updates of one bot. Lives in the event loop's thread; calls of `take` may overlap.

    `groups` are those that this bot is to serve, with or without a chat. `refresh` reads the addresses again, because
    a group was bound, or another process may have bound or moved one; `patience` is how many seconds a message from an
    unknown chat waits for that (processes that share a webhook hear of a move in any order). `counted` counts updates
    by kind.
    """

    def __init__(
        self,
        *,
        calls: Caller,
        bot: BotIdentity,
        admins: Admins,
        addresses: Addresses,
        inlet: Inlet,
        store: Store,
        directory: Directory,
        texts: Phrasebook,
        groups: Callable[[], Mapping[str, Group]],
        refresh: Callable[[], Awaitable[object]],
        patience: float = 0.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._calls = calls
        self._bot = bot
        self._admins = admins
        self._addresses = addresses
        self._inlet = inlet
        self._store = store
        self._directory = directory
        self._now = now
        self.asides = Asides(calls, pause=pause)
        lobby = Lobby(
            calls=calls,
            bot=bot,
            admins=admins,
            addresses=addresses,
            directory=directory,
            sentences=Sentences(texts),
            asides=self.asides,
            groups=groups,
            refresh=refresh,
            now=now,
        )
        self._presses = Presses(lobby)
        self._private = PrivateChats(lobby)
        self._strangers = Strangers(lobby, patience, pause)
        self._carried: dict[int, float] = {}
        addresses.learned = self._carry
        self._found: dict[str, GroupMoved] = {}
        self.counted: Counter[str] = Counter()

    async def take(self, updates: Sequence[Update], unreadable: Sequence[Unreadable] = ()) -> None:
        """Returns when everything that the updates tell is committed. Raises StoreUnavailable, StoreBusy."""
        arrived = self._now()
        await self._know_admins(updates)
        events: list[Event] = [*self._found.values()]
        letters = [self._letter(one, arrived) for one in unreadable]
        kinds = Counter([update.kind for update in updates])
        self.counted.update(kinds)
        for update in updates:
            try:
                told = self._plain(update)
                if told is None:
                    told = await self._told(update, arrived, events)
            except (OverflowError, ValueError, OSError, TypeError, LookupError, AttributeError) as error:
                # An instant no calendar has, a shape nobody thought of: it must not hold up the others.
                letters.append(self._strange(update, error, arrived))
                log.exception("update %d was set aside", update.update_id)
            else:
                events += told
        await self._commit(told_once(events) if kinds["chat_member"] else events)
        if letters:
            self.counted["unreadable"] += len(letters)
            await asyncio.to_thread(self._store.bury, letters)
        for update in updates if kinds["callback_query"] else ():
            if update.callback_query is not None:
                self._presses.answer(update.callback_query)

    def follow(self, old: int, new: int) -> None:
        """A chat has a new id: what is known of it holds for the new one. Nothing happens if that was told before."""
        if self._addresses.move(old, new):
            self._carry(old, new)

    def _carry(self, old: int, new: int) -> None:
        self._admins.move(old, new)
        self._bot.hears_in[new] = self._bot.hears(old)
        self._carried[new] = self._now().timestamp()

    async def close(self) -> None:
        """Say what is left to say, and ask no more."""
        await self.asides.close()
        await self._strangers.close()
        await self._admins.close()

    async def _know_admins(self, updates: Sequence[Update]) -> None:
        """Load the admins of groups that are not known, and again where an admin's word is about to count; ask whether
        a channel that writes is still the group's; and about all together who write in private."""
        self._admins.sweep()
        unknown, stale, parted = set(), set(), set()
        private: list[Update] = []
        for update in updates:
            chat, user = chat_of(update)
            if chat is None:
                continue
            posted = update.message or update.edited_message
            channel = posted.sender_chat if posted is not None else None
            if channel is not None and self._admins.perhaps_parted(chat.id, channel.id):
                parted.add(chat.id)
            known = chat.id in self._admins.known
            if known and not needs_admins(update):
                continue
            if self._addresses.group_of(chat.id) is None:
                if chat.type == "private":
                    private.append(update)
                continue
            if not known:
                unknown.add(chat.id)
            if user is not None and needs_admins(update) and self._admins.stale(chat.id, user.id):
                stale.add(chat.id)
        if unknown:
            await self._admins.first(unknown)
        if stale:
            await asyncio.gather(*(self._admins.fresh(chat) for chat in stale))
        if parted:
            await asyncio.gather(*(self._admins.look_at_link(chat) for chat in parted))
        if len(private) > 1:
            await self._private.ask_about(private)

    def _plain(self, update: Update) -> Sequence[Event] | None:
        """The events of a text in a group of ours that commands nothing, as most are: nobody needs to be asked about
        it. None for all else."""
        message = update.message
        if message is None or message.text is None or message.text.startswith("/") or message.chat.type == "private":
            return None
        if self._addresses.group_of(message.chat.id) is None:
            return None
        return translate.events(update, self._bot, self._addresses.group_of)

    async def _told(self, update: Update, arrived: datetime, before: list[Event]) -> Sequence[Event]:
        """The events of an update. `before` are those of the batch so far; they are committed first if need be."""
        changed = update.chat_member or update.my_chat_member
        if changed is not None:
            self._admins.observe(changed)
            if changed is update.my_chat_member:
                await self._look_at_privacy(changed)
        if update.callback_query is not None:
            return await self._presses.told(update.callback_query, update, arrived)
        chat, _ = chat_of(update)
        if chat is None:
            return ()
        if chat.type == "private":
            await self._remember(before)
            return await self._private.told(update, arrived)
        if self._addresses.group_of(chat.id) is None and not _moves(update):
            if self._addresses.served_by_others(chat.id):
                return ()
            if not await self._strangers.refreshed(chat) and not await self._moved_here(chat, update, arrived, before):
                if self._strangers.binds(update):
                    await self._commit(before)
                    before.clear()
                return await self._strangers.told(update, arrived)
            await self._admins.first((chat.id,))
        elif self._strangers.binds(update):
            self._strangers.bound_already(update)
        found = translate.events(update, self._bot, self._addresses.group_of, arrived)
        return [event for event in found if not isinstance(event, GroupMoved) or self._followed(event)]

    async def _moved_here(self, chat: Chat, update: Update, arrived: datetime, before: list[Event]) -> bool:
        """Whether the chat turns out to be a group of ours that became a supergroup. Its move goes first, and with each
        batch until one is committed: no update brings it again, for the chat is known from now on."""
        moved = await self._strangers.moved(chat, f"telegram:{self._bot.id}:{update.update_id}/moved", arrived)
        if moved is None or not self._followed(moved):
            return False
        self._found[moved.id] = moved
        before.append(moved)
        return True

    async def _look_at_privacy(self, own: ChatMemberUpdated) -> None:
        """Privacy mode holds as it was set when the bot came into a chat: on its coming it is asked about again.

        That it is in a supergroup which was a basic group is no coming; whatever is younger than the word of that is.
        """
        carried = own.date <= self._carried.pop(own.chat.id, 0.0) + _SKEW
        if carried or own.old_chat_member.present or not own.new_chat_member.present or own.chat.type == "private":
            return
        with contextlib.suppress(CallFailed, msgspec.DecodeError):
            me = result_of(await self._calls.call("getMe", timeout=PATIENCE), Me)
            self._bot.hears_in[own.chat.id] = me.can_read_all_group_messages

    def _followed(self, event: GroupMoved) -> bool:
        """Follow a move at once. False for one that lies behind us: the group lives in a third chat by now."""
        old, new = int(event.old), int(event.new)
        self.follow(old, new)
        return self._addresses.chat_of(event.group) in (old, new)

    async def _commit(self, events: Sequence[Event]) -> None:
        if events:
            await self._remember(events)
            known = await still_here(events, self._directory)
            await self._inlet.take(tuple(await recognised(known, self._store)))
            for event in events if self._found else ():
                self._found.pop(event.id, None)

    async def _remember(self, events: Sequence[Event]) -> None:
        """Whoever knocks or joins may be asked something in private, and the answer belongs to this group."""
        talks = [
            (event.actor.account, event.group)
            for event in events
            if isinstance(event, JoinRequested | MemberJoined) and event.actor.kind is ActorKind.PERSON
        ]
        if talks:
            await asyncio.to_thread(self._directory.remember, talks, self._now())

    def _letter(self, one: Unreadable, at: datetime) -> DeadLetter:
        number = str(one.update_id) if one.update_id is not None else f"?{hashlib.sha256(one.raw).hexdigest()[:16]}"
        text = one.raw.decode("utf-8", "replace")[:LONGEST_LETTER]
        return DeadLetter(f"telegram:{self._bot.id}:{number}", at, "", text, one.why)

    def _strange(self, update: Update, error: Exception, at: datetime) -> DeadLetter:
        chat, _ = chat_of(update)
        group = self._addresses.group_of(chat.id) if chat is not None else None
        why = f"{type(error).__name__}: {error}"
        id_ = f"telegram:{self._bot.id}:{update.update_id}"
        return DeadLetter(id_, at, group or "", repr(update)[:LONGEST_LETTER], why)


def _moves(update: Update) -> bool:
    """Whether this is Telegram's word that a chat was given a new id: it comes in both chats."""
    message = update.message
    return message is not None and (message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None)

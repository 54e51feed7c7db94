"""The scripted world: who and what there is, and the queue of updates of each bot. No I/O.

Everything may be called from any thread: acts and calls take `world.lock`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from tests.support.botapi.model import (
    ALL_RIGHTS,
    CHANNEL_BOT,
    GROUP_ANONYMOUS_BOT,
    TELEGRAM,
    Bot,
    Chat,
    Json,
    Link,
    Standing,
    User,
)

if TYPE_CHECKING:
    from tests.support.botapi.people import Person

DAY: Final = 86400
OPT_IN: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS: Final = OPT_IN | {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "managed_bot",
    "guest_message",
}
DEFAULT_KINDS: Final = KINDS - OPT_IN


class World:
    """People, bots and chats. `now()` is in Unix seconds."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.users: dict[int, User] = {}
        self.bots: dict[str, Bot] = {}
        """By token."""
        self.chats: dict[int, Chat] = {}
        self.privates: dict[tuple[int, int], Chat] = {}
        """(bot, person) -> their chat."""
        self.files: dict[str, tuple[str, bytes]] = {}
        """file_id -> (name, what is in it)."""
        self.member_updates_first = True
        """Whether chat_member comes before the service message that tells the same."""
        self.press_answerable_for = 60.0
        """Seconds until a callback query is too old. Telegram does not publish its own."""
        self.keeps_history = True
        """Whether `bot.history` is kept (switch off for benchmarks)."""
        self.on_update: Callable[[Bot, Json], None] | None = None
        """Called with each update made; the server's spec check."""
        self._next_user = 10001
        self._next_chat = 1
        self._next_link = 1
        self._next_query = 4_000_000_000_000_000
        self._next_album = 13_000_000_000_000_000
        for user_id, name, username in (
            (GROUP_ANONYMOUS_BOT, "Group", "GroupAnonymousBot"),
            (CHANNEL_BOT, "Channel", "Channel_Bot"),
            (TELEGRAM, "Telegram", None),
        ):
            self.users[user_id] = User(
                world=self, id=user_id, first_name=name, username=username, is_bot=user_id != TELEGRAM
            )

    def person(
        self,
        first_name: str,
        last_name: str | None = None,
        *,
        username: str | None = None,
        language: str | None = None,
        id: int | None = None,
    ) -> Person:
        """A new person."""
        from tests.support.botapi.people import Person

        with self.lock:
            person = Person(
                world=self,
                id=self._user_id(id),
                first_name=first_name,
                last_name=last_name,
                username=username,
                language=language,
            )
            self.users[person.id] = person
            return person

    def bot(
        self,
        username: str,
        *,
        token: str | None = None,
        first_name: str | None = None,
        reads_all: bool = False,
        id: int | None = None,
    ) -> Bot:
        """A new bot. `reads_all` is privacy mode switched off; as on Telegram it counts from when the bot is added."""
        with self.lock:
            user_id = self._user_id(int(token.split(":")[0]) if token else id)
            bot = Bot(
                world=self,
                id=user_id,
                first_name=first_name or username,
                username=username,
                is_bot=True,
                token=token or f"{user_id}:AA{'test-token-of-' + username:x<33}",
                reads_all=reads_all,
            )
            self.users[bot.id] = self.bots[bot.token] = bot
            return bot

    def _user_id(self, wanted: int | None) -> int:
        while wanted is None or wanted in self.users:
            if wanted is not None:
                raise ValueError(f"there is a user {wanted} already")
            wanted, self._next_user = (self._next_user, self._next_user + 1)
            wanted = None if wanted in self.users else wanted
        return wanted

    def group(self, title: str, *, owner: User) -> Chat:
        """A new basic group."""
        return self._chat("group", title, owner)

    def supergroup(self, title: str, *, owner: User, username: str | None = None, forum: bool = False) -> Chat:
        """A new supergroup."""
        chat = self._chat("supergroup", title, owner)
        chat.username, chat.is_forum = username, forum
        return chat

    def channel(self, title: str, *, owner: User, username: str | None = None) -> Chat:
        """A new channel."""
        chat = self._chat("channel", title, owner)
        chat.username = username
        return chat

    def _chat(self, kind: str, title: str, owner: User) -> Chat:
        with self.lock:
            number, self._next_chat = self._next_chat, self._next_chat + 1
            chat_id = -(4_000_000 + number) if kind == "group" else -1_001_000_000_000 - number
            chat = Chat(world=self, id=chat_id, type=kind, title=title)
            # Message 1 of supergroups and channels tells of their creation; 1 is also a forum's General topic.
            chat.next_message = 1 if kind == "group" else 2
            chat.standings[owner.id] = Standing(status="creator", rights=frozenset(ALL_RIGHTS))
            self.chats[chat.id] = chat
            return chat

    def joined(self, chat: Chat, *users: User, status: str = "member", rights: Iterable[str] = ()) -> None:
        """Makes them members (or admins) from the start: nobody is told."""
        with self.lock:
            for user in users:
                reads = isinstance(user, Bot) and user.reads_all
                chat.standings[user.id] = Standing(status=status, rights=frozenset(rights), reads_all=reads)

    def private(self, bot: Bot, person: User) -> Chat:
        """The private chat of the two."""
        with self.lock:
            chat = self.privates.get((bot.id, person.id))
            if chat is None:
                chat = Chat(world=self, id=person.id, type="private", person=person, bot=bot)
                self.privates[bot.id, person.id] = chat
            return chat

    def link(self, chat: Chat, creator: User, **options: Any) -> Link:
        """A new invite link."""
        with self.lock:
            number, self._next_link = self._next_link, self._next_link + 1
            link = Link(url=f"https://t.me/+{number:016x}", creator=creator, **options)
            chat.links[link.url] = link
            return link

    def message_id(self, chat: Chat) -> int:
        """The next message id of a chat."""
        number, chat.next_message = chat.next_message, chat.next_message + 1
        return number

    def new_query(self) -> str:
        """A callback query's id."""
        self._next_query += 7
        return str(self._next_query)

    def new_album(self) -> str:
        """A media group's id."""
        self._next_album += 3
        return str(self._next_album)

    def bots_in(self, chat: Chat) -> list[Bot]:
        """The bots that are in a chat, or the one of a private chat."""
        if chat.bot is not None:
            return [chat.bot]
        return [b for b in list(self.bots.values()) if chat.standing(b).present]

    def tell(self, bot: Bot, kind: str, body: Json, about: Iterable[User | None] = ()) -> None:
        """Queues an update for a bot, if it asked for this kind. It has met those it is told about."""
        bot.met.update(user.id for user in about if user is not None)
        if kind not in (DEFAULT_KINDS if bot.allowed is None else bot.allowed):
            return
        number, bot.next_update = bot.next_update, bot.next_update + 1
        update = {"update_id": number, kind: body}
        if self.on_update is not None:
            self.on_update(bot, update)
        raw = json.dumps(update, separators=(",", ":")).encode()
        if self.keeps_history:
            bot.history.append((number, raw))
        bot.queue.append((number, raw, self.now()))
        for wake in list(bot.wake):
            wake()

    def enqueue_raw(self, bot: Bot, bodies: Iterable[bytes]) -> None:
        """Queues updates encoded beforehand. Those without an update_id are numbered here."""
        with self.lock:
            at, number = self.now(), bot.next_update
            for body in bodies:
                if body.startswith(b'{"update_id":'):
                    number = int(body[13 : body.index(b",", 13)])
                else:
                    body = b'{"update_id":%d,%b' % (number, body[1:])
                bot.queue.append((number, body, at))
                number += 1
            bot.next_update = max(bot.next_update, number)
            for wake in list(bot.wake):
                wake()

    def renumber(self, bot: Bot, first: int) -> None:
        """Makes the next update_id another one, as after a week without updates."""
        with self.lock:
            bot.next_update = first

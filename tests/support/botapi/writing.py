"""What people do with messages: post, edit, delete, press, react, pin."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from tests.support.botapi import delivery, shapes
from tests.support.botapi.errors import NotAllowed
from tests.support.botapi.model import CHANNEL_BOT, GROUP_ANONYMOUS_BOT, TELEGRAM, Bot, Chat, Json, Message, User
from tests.support.botapi.text import with_found

_SIZES: Final = ((90, 60), (320, 213), (800, 533))
F = TypeVar("F", bound=Callable[..., Any])


def act(method: F) -> F:
    """An act takes the world's lock: calls of bots happen before or after it."""

    @functools.wraps(method)
    def locked(self: User, *args: Any, **kwargs: Any) -> Any:
        with self.world.lock:
            return method(self, *args, **kwargs)

    return cast(F, locked)


def photo(name: str) -> list[Json]:
    """Array of PhotoSize."""
    return [
        {"file_id": f"{name}-{w}", "file_unique_id": f"u{name}-{w}", "width": w, "height": h, "file_size": w * h // 4}
        for w, h in _SIZES
    ]


def document(name: str, size: int = 1024) -> Json:
    """Document."""
    return {"file_id": f"doc-{name}", "file_unique_id": f"udoc-{name}", "file_name": name, "file_size": size}


def may_write(chat: Chat, user: User, permission: str = "can_send_messages") -> bool:
    """Whether somebody may send this into the chat now."""
    if chat.type == "private":
        return True
    standing = chat.standing(user)
    if chat.type == "channel":
        return standing.may("can_post_messages")
    if standing.is_admin:
        return True
    return standing.present and standing.permissions[permission] and chat.permissions[permission]


@dataclass(slots=True, kw_only=True, eq=False)
class Writer(User):
    """Somebody who writes."""

    @act
    def posts(
        self,
        chat: Chat | Bot,
        text: str | None = None,
        *,
        photo: bool = False,
        document: str | None = None,
        content: Json | None = None,
        caption: str | None = None,
        entities: list[Json] | None = None,
        reply_to: Message | None = None,
        thread: int | None = None,
        album: str | None = None,
        as_chat: Chat | None = None,
        forwards: Message | None = None,
    ) -> Message:
        """Posts a text, a photo, a document, or any `content` as the Bot API shapes it. Given a bot: in private.

        Commands, mentions, hashtags and addresses are found by themselves; `entities` are added to them.
        Raises NotAllowed for those who are muted, banned or not there.
        """
        if isinstance(chat, Bot):
            chat = self.world.private(chat, self)
        holds = _content(self.world.message_id, chat, photo, document, content)
        permission = "can_send_photos" if photo else "can_send_documents" if document else "can_send_messages"
        sender, sender_chat = self._sender(chat, as_chat, permission)
        marked = text if text is not None else caption
        topic, thread = _thread(chat, thread, reply_to)
        message = delivery.post(
            self.world,
            chat,
            sender,
            quiet=chat.type == "private" and chat.blocked,
            sender_chat=sender_chat,
            text=text,
            caption=caption,
            entities=with_found(marked, entities or []) if marked is not None else [],
            content=holds,
            reply_to=reply_to,
            thread=thread,
            is_topic_message=topic,
            media_group_id=album,
            forward_origin=origin(forwards) if forwards is not None else None,
        )
        if chat.type == "channel" and chat.linked is not None:
            self._forward(message, chat, chat.linked)
        return message

    def _sender(self, chat: Chat, as_chat: Chat | None, permission: str) -> tuple[User | None, Chat | None]:
        if as_chat is not None and as_chat is not chat:
            if as_chat.id in chat.banned_chats or not chat.permissions[permission]:
                raise NotAllowed(f"{as_chat.title} may not write in {chat.title}")
            return self.world.users[CHANNEL_BOT], as_chat
        if chat.migrated_to is not None or chat.gone or not may_write(chat, self, permission):
            raise NotAllowed(f"{self.first_name} may not write in {chat.title} ({chat.standing(self).status})")
        if chat.type == "private":
            if not chat.started and not chat.blocked:
                chat.started = True
            return self, None
        if chat.type == "channel":
            return None, chat
        if as_chat is chat:
            if not chat.standing(self).is_admin:
                raise NotAllowed(f"{self.first_name} is no admin of {chat.title}")
            return self.world.users[GROUP_ANONYMOUS_BOT], chat
        return self, None

    def _forward(self, post: Message, channel: Chat, group: Chat) -> None:
        delivery.post(
            self.world,
            group,
            self.world.users[TELEGRAM],
            sender_chat=channel,
            text=post.text,
            caption=post.caption,
            entities=post.entities,
            content=post.content,
            media_group_id=post.media_group_id,
            forward_origin={"type": "channel", "date": post.date, "chat": channel.shape, "message_id": post.id},
            is_automatic_forward=True,
        )

    @act
    def posts_album(
        self, chat: Chat | Bot, count: int = 3, *, caption: str | None = None, **more: Any
    ) -> list[Message]:
        """Posts photos as one album; the caption is with the first."""
        album = self.world.new_album()
        return [self.posts(chat, photo=True, caption=None if n else caption, album=album, **more) for n in range(count)]

    @act
    def edits(self, message: Message, text: str) -> None:
        """Edits the text (or the caption) of one's own message."""
        if message.sender is not self and message.chat.type != "channel":
            raise NotAllowed(f"message {message.id} is not of {self.first_name}")
        old = message.text if message.text is not None else message.caption or ""
        message.edits.append(old)
        if message.text is not None:
            message.text = text
        else:
            message.caption = text
        message.entities = with_found(text, [])
        message.edit_date = int(self.world.now())
        delivery.tell_message(self.world, message, edited=True)

    @act
    def deletes(self, message: Message) -> None:
        """Deletes a message. No bot is told."""
        if message.sender is not self and not message.chat.standing(self).may("can_delete_messages"):
            raise NotAllowed(f"{self.first_name} may not delete message {message.id}")
        message.deleted = True

    @act
    def presses(self, message: Message, button: str) -> str:
        """Presses a button, by label or callback data. Returns the query's id: `bot.answers` tells what came back."""
        found = message.button(button)
        if "callback_data" not in found:
            raise LookupError(f"button {button!r} is a link")
        return delivery.tell_press(self.world, message, self, found["callback_data"])

    @act
    def reacts(self, message: Message, *emoji: str, as_chat: Chat | None = None) -> None:
        """Sets one's reactions to a message; none takes them away."""
        who = as_chat or self
        old = message.reactions.get(who.id, [])
        new: list[Json] = [{"type": "emoji", "emoji": one} for one in emoji]
        message.reactions[who.id] = new
        if old != new:
            delivery.tell_reaction(self.world, message, who, old, new)

    @act
    def pins(self, message: Message) -> None:
        """Pins a message."""
        message.pinned = True
        pin(self, message)


def pin(who: User, message: Message) -> None:
    """The service message of a pin."""
    content = {"pinned_message": shapes.message(message, reply=False)}
    sender_chat = message.chat if message.chat.type == "channel" else None
    sender = None if sender_chat is not None else who
    delivery.service(who.world, message.chat, sender, content, sender_chat=sender_chat)


def _content(
    number: Callable[[Chat], int], chat: Chat, with_photo: bool, file_name: str | None, content: Json | None
) -> Json:
    holds: Json = dict(content or {})
    if with_photo:
        holds["photo"] = photo(f"photo{abs(chat.id)}-{chat.next_message}")
    if file_name is not None:
        holds["document"] = document(file_name)
    return holds


def _thread(chat: Chat, thread: int | None, reply_to: Message | None) -> tuple[bool, int | None]:
    if chat.is_forum:
        thread = thread if thread is not None else (reply_to.thread if reply_to is not None else None)
        if thread is not None and thread not in chat.topics:
            raise NotAllowed(f"there is no topic {thread} in {chat.title}")
        return thread is not None, thread
    if chat.type == "supergroup" and reply_to is not None:
        # Telegram numbers ordinary threads of replies too, after their first message.
        return False, reply_to.thread or reply_to.id
    return False, None


def origin(message: Message) -> Json:
    """MessageOrigin of a message that is forwarded; one that was forwarded before keeps its own."""
    if message.forward_origin is not None:
        return message.forward_origin
    if message.sender_chat is not None and message.sender_chat.type == "channel":
        chat = message.sender_chat.shape
        return {"type": "channel", "date": message.date, "chat": chat, "message_id": message.id}
    if message.sender_chat is not None:
        return {"type": "chat", "date": message.date, "sender_chat": message.sender_chat.shape}
    if message.sender is None:
        return {"type": "hidden_user", "date": message.date, "sender_user_name": "?"}
    return {"type": "user", "date": message.date, "sender_user": message.sender.shape}

"""Which bot is told what: privacy mode, own messages, opt-in kinds.

Rules from core.telegram.org/bots/features#privacy-mode and need_skip_update_message of telegram-bot-api 10.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from tests.support.botapi import shapes
from tests.support.botapi.model import Bot, Chat, JoinRequest, Json, Link, Message, Standing, User
from tests.support.botapi.text import part
from tests.support.botapi.world import World

_OWN_SERVICE: Final = (
    "new_chat_title",
    "left_chat_member",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
)


def sees(bot: Bot, message: Message) -> bool:
    """Whether a bot is told of a message in a chat that it is in."""
    if message.sender is bot:
        return any(kind in message.content for kind in _OWN_SERVICE)
    chat = message.chat
    if chat.type in ("private", "channel") or message.service:
        return True
    if message.sender is not None and message.sender.is_bot and message.sender_chat is None:
        return False
    standing = chat.standing(bot)
    return standing.is_admin or standing.reads_all or _meant_for(bot, message)


def _meant_for(bot: Bot, message: Message) -> bool:
    if message.reply_to is not None and message.reply_to.sender is bot:
        return True
    text = message.text or message.caption or ""
    mine = f"@{bot.username}".lower()
    for entity in message.entities:
        marked = part(text, entity).lower()
        if entity["type"] == "mention" and marked == mine:
            return True
        if entity["type"] == "text_mention" and entity.get("user", {}).get("id") == bot.id:
            return True
        if entity["type"] == "bot_command":
            if marked.endswith(mine):
                return True
            if "@" not in marked and message.chat.last_bot in (0, bot.id):
                return True
    return False


def tell_message(world: World, message: Message, *, edited: bool = False, also: Iterable[Bot] = ()) -> None:
    """Tells the bots of a new or edited message. `also`: bots that have just gone."""
    channel = message.chat.type == "channel"
    kind = ("edited_" if edited else "") + ("channel_post" if channel else "message")
    body = shapes.message(message)
    about = [message.sender]
    if message.reply_to is not None:
        about.append(message.reply_to.sender)
    about += [world.users.get(shape["id"]) for shape in message.content.get("new_chat_members", [])]
    for bot in {*world.bots_in(message.chat), *also}:
        if sees(bot, message):
            world.tell(bot, kind, body, about)


def post(
    world: World, chat: Chat, sender: User | None, *, also: Iterable[Bot] = (), quiet: bool = False, **fields: Any
) -> Message:
    """A new message in a chat. `quiet`: no bot is told."""
    message = Message(chat=chat, id=world.message_id(chat), date=int(world.now()), sender=sender, **fields)
    chat.messages[message.id] = message
    if isinstance(sender, Bot) and not message.service:
        chat.last_bot = sender.id
    if not quiet:
        tell_message(world, message, also=also)
    return message


def service(world: World, chat: Chat, sender: User | None, content: Json, **fields: Any) -> Message:
    """A service message."""
    return post(world, chat, sender, content=content, service=True, **fields)


def tell_standing(
    world: World,
    chat: Chat,
    user: User,
    old: Standing,
    actor: User,
    *,
    link: Link | None = None,
    via_request: bool = False,
) -> None:
    """Tells of a changed standing: a bot of its own; of others', bots that are admins (and have asked for it)."""
    new = replace(chat.standing(user))
    told = [user] if isinstance(user, Bot) else []
    told += [bot for bot in world.bots_in(chat) if bot is not user and chat.standing(bot).is_admin]
    for bot in told:
        body: Json = {
            "chat": chat.shape,
            "from": actor.shape,
            "date": int(world.now()),
            "old_chat_member": shapes.member(chat, user, old, viewer=bot),
            "new_chat_member": shapes.member(chat, user, new, viewer=bot),
        }
        if link is not None:
            body["invite_link"] = shapes.link(link, viewer=bot)
        if via_request:
            body["via_join_request"] = True
        world.tell(bot, "my_chat_member" if bot is user else "chat_member", body, (user, actor))


def tell_request(world: World, chat: Chat, request: JoinRequest) -> None:
    """Tells bots that may let people in of a join request."""
    for bot in world.bots_in(chat):
        if chat.standing(bot).may("can_invite_users"):
            body = shapes.join_request(chat, request, viewer=bot)
            world.tell(bot, "chat_join_request", body, (request.user,))


def tell_reaction(world: World, message: Message, who: User | Chat, old: list[Json], new: list[Json]) -> None:
    """Tells bots that are admins of a changed reaction."""
    actor = {"user": who.shape} if isinstance(who, User) else {"actor_chat": who.shape}
    body = {
        "chat": message.chat.shape,
        "message_id": message.id,
        **actor,
        "date": int(world.now()),
        "old_reaction": old,
        "new_reaction": new,
    }
    for bot in world.bots_in(message.chat):
        if message.chat.type == "private" or message.chat.standing(bot).is_admin:
            world.tell(bot, "message_reaction", body, (who if isinstance(who, User) else None,))


def tell_press(world: World, message: Message, who: User, data: str) -> str:
    """Tells the bot under whose message a button was pressed; returns the query's id."""
    bot = message.sender
    if not isinstance(bot, Bot):
        raise LookupError(f"message {message.id} is no bot's")
    query = world.new_query()
    bot.queries[query] = world.now()
    gone = message.deleted or world.now() - message.date > 86400 * 365
    shown = shapes.inaccessible(message.chat, message.id) if gone else shapes.message(message)
    body = {
        "id": query,
        "from": who.shape,
        "message": shown,
        "chat_instance": str(abs(message.chat.id) * 7919 % (1 << 63)),
        "data": data,
    }
    world.tell(bot, "callback_query", body, (who,))
    return query

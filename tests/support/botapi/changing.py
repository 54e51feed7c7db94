"""Methods that change what was sent: edit, delete, pin, react, answer a button."""

from __future__ import annotations

from typing import Any, Final

from tests.support.botapi import shapes
from tests.support.botapi.access import EDIT, READ, chat_of, message_of
from tests.support.botapi.arguments import Args
from tests.support.botapi.errors import bad
from tests.support.botapi.model import Bot, Chat, Json, Message
from tests.support.botapi.sending import MAX_CAPTION, MAX_TEXT, formatted, markup
from tests.support.botapi.world import World
from tests.support.botapi.writing import pin

TWO_DAYS: Final = 48 * 3600
_NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_EMOJI: Final = frozenset(
    {
        *"❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍",
        *"🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡",
        *("❤\u200d🔥", "👨\u200d💻", "🤷\u200d♂", "🤷\u200d♀"),
    }
)


def _editable(world: World, bot: Bot, args: Args) -> Message:
    if args.text("inline_message_id"):
        raise bad("MESSAGE_ID_INVALID")
    chat = chat_of(world, bot, args, EDIT)
    message = message_of(world, chat, args.integer("message_id"), "message to edit")
    own = message.sender is bot or (chat.type == "channel" and chat.standing(bot).may("can_edit_messages"))
    if not own or message.service:
        raise bad("Message can't be edited")
    return message


def _edited(world: World, message: Message, text: str | None, entities: list[Json], buttons: Json | None) -> Json:
    old = message.text if message.text is not None else message.caption
    if (text, entities, buttons) == (old, message.entities, message.reply_markup):
        raise bad(_NOT_MODIFIED)
    if text != old:
        message.edits.append(old or "")
        message.edit_date = int(world.now())
    if message.text is not None:
        message.text = text
    else:
        message.caption = text or None
    message.entities, message.reply_markup = entities, buttons
    return shapes.message(message)


def edit_message_text(world: World, bot: Bot, args: Args) -> Json:
    """editMessageText. As on Telegram, buttons that are not given again are gone."""
    if not args.text("text"):
        raise bad("Message text is empty")
    text, entities = formatted(world, args, "text", limit=MAX_TEXT)
    if not text:
        raise bad("Text must be non-empty")
    buttons = markup(args, inline_only=True)
    message = _editable(world, bot, args)
    if message.text is None:
        raise bad("There is no text in the message to edit")
    return _edited(world, message, text, entities, buttons)


def edit_message_caption(world: World, bot: Bot, args: Args) -> Json:
    """editMessageCaption."""
    text, entities = formatted(world, args, "caption", limit=MAX_CAPTION)
    buttons = markup(args, inline_only=True)
    message = _editable(world, bot, args)
    if message.text is not None:
        raise bad("There is no caption in the message to edit")
    return _edited(world, message, text or None, entities, buttons)


def edit_message_reply_markup(world: World, bot: Bot, args: Args) -> Json:
    """editMessageReplyMarkup."""
    buttons = markup(args, inline_only=True)
    message = _editable(world, bot, args)
    old = message.text if message.text is not None else message.caption
    return _edited(world, message, old, message.entities, buttons)


def _deletable(world: World, bot: Bot, chat: Chat, message: Message) -> bool:
    if chat.type != "private" and chat.standing(bot).may("can_delete_messages"):
        return True
    if world.now() - message.date >= TWO_DAYS:
        return False
    if chat.type == "private":
        return True
    return message.sender is bot and not (
        "new_chat_members" in message.content or "left_chat_member" in message.content
    )


def delete_message(world: World, bot: Bot, args: Args) -> bool:
    """deleteMessage: one's own up to 48 hours, any with can_delete_messages."""
    if not args.text("chat_id"):
        raise bad("Chat identifier is not specified")
    if not args.integer("message_id"):
        raise bad("Message identifier is not specified")
    chat = chat_of(world, bot, args)
    message = message_of(world, chat, args.integer("message_id"), "message to delete")
    if not _deletable(world, bot, chat, message):
        raise bad("Message can't be deleted for everyone" if message.sender is bot else "Message can't be deleted")
    message.deleted = True
    return True


def delete_messages(world: World, bot: Bot, args: Args) -> bool:
    """deleteMessages: 1 to 100; unknown ones are skipped, one that may not be deleted fails all."""
    numbers = args.json("message_ids", "message_ids")
    if not numbers:
        raise bad("Message identifiers are not specified")
    if not isinstance(numbers, list):
        raise bad("Expected an Array of message identifiers")
    if len(numbers) > 100:
        raise bad("Too many message identifiers specified")
    chat = chat_of(world, bot, args)
    found = [m for n in numbers if (m := chat.messages.get(int(n))) is not None and not m.deleted]
    for message in found:
        if not _deletable(world, bot, chat, message):
            raise bad("Message can't be deleted")
    for message in found:
        message.deleted = True
    return True


def _may_pin(bot: Bot, chat: Chat) -> None:
    if chat.type == "private":
        return
    right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
    standing = chat.standing(bot)
    allowed = chat.type != "channel" and standing.permissions[right] and chat.permissions[right]
    if not (standing.may(right) or (allowed and standing.status == "member")):
        raise bad("Not enough rights to manage pinned messages in the chat")


def pin_chat_message(world: World, bot: Bot, args: Args) -> bool:
    """pinChatMessage."""
    chat = chat_of(world, bot, args)
    message = message_of(world, chat, args.integer("message_id"), "message to pin")
    _may_pin(bot, chat)
    if not message.pinned:
        message.pinned = True
        pin(bot, message)
    return True


def unpin_chat_message(world: World, bot: Bot, args: Args) -> bool:
    """unpinChatMessage: the one named, else the newest pinned."""
    chat = chat_of(world, bot, args)
    _may_pin(bot, chat)
    if args.integer("message_id"):
        message_of(world, chat, args.integer("message_id"), "message to unpin").pinned = False
        return True
    pinned = [m for m in chat.alive if m.pinned]
    if not pinned:
        raise bad("Message to unpin not found")
    pinned[-1].pinned = False
    return True


def set_message_reaction(world: World, bot: Bot, args: Args) -> bool:
    """setMessageReaction: a bot may set one. Other bots are not told."""
    wanted: list[Any] = args.json("reaction", "reaction types") or []
    chat = chat_of(world, bot, args, READ)
    message = message_of(world, chat, args.integer("message_id"), "message to react")
    if len(wanted) > 1:
        raise bad("REACTIONS_TOO_MANY")
    for reaction in wanted:
        if reaction.get("type") == "paid" or (
            reaction.get("type") == "emoji" and str(reaction.get("emoji")).replace("\ufe0f", "") not in _EMOJI
        ):
            raise bad("REACTION_INVALID")
    message.reactions[bot.id] = wanted
    return True


def answer_callback_query(world: World, bot: Bot, args: Args) -> bool:
    """answerCallbackQuery: once, and not too late."""
    if len(args.text("text")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query = args.text("callback_query_id")
    pressed = bot.queries.pop(query, None)
    if pressed is None or world.now() - pressed > world.press_answerable_for:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    bot.answers[query] = dict(args)
    return True

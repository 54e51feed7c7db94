"""Telegram's updates into events. Pure: the same update always gives the same events with the same ids.

Event ids are `telegram:<bot id>:<update id>`, with `/1`, `/2` ... behind if one update tells several things.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from adapters.telegram import entities, members
from adapters.telegram.actors import BotIdentity, chat_as_actor, person, sender
from adapters.telegram.contents import beside
from adapters.telegram.members import GroupOf, instant
from adapters.telegram.message_ids import id_of
from adapters.telegram.updates import (
    NOT_SENT,
    CallbackQuery,
    Elsewhere,
    Message,
    MessageReactionUpdated,
    Pressed,
    Preview,
    ReactionType,
    Replied,
    Update,
)
from core.effects import ASIDE
from core.events import (
    GENERAL,
    READ_OUT,
    ButtonPressed,
    Event,
    MessageEdited,
    MessageKind,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.people import Actor
from core.quick import maker

_posted: Final = maker(MessagePosted)

_CONTENTS: Final[tuple[tuple[str, MessageKind], ...]] = (
    ("photo", "photo"),
    ("sticker", "sticker"),
    ("animation", "animation"),  # comes with `document` too, so it is asked before it
    ("video", "video"),
    ("voice", "voice"),
    ("document", "file"),
    ("audio", "audio"),
    ("video_note", "video"),
    ("live_photo", "photo"),
    ("venue", "location"),  # comes with `location` too
    ("location", "location"),
    ("contact", "contact"),
    ("poll", "poll"),
    ("dice", "other"),
    ("game", "other"),
    ("story", "other"),
    ("paid_media", "other"),
    ("checklist", "other"),
    ("invoice", "other"),
    ("giveaway", "other"),
    ("rich_message", "other"),
)


def events(update: Update, bot: BotIdentity, group_of: GroupOf, arrived: datetime | None = None) -> tuple[Event, ...]:
    """What an update tells, in order; nothing for chats that are not ours and for kinds that mean nothing to us.

    `arrived` is when it was received. It dates the presses of buttons, of which Telegram tells no time;
    without it they bear the time of the message that they belong to.
    """
    id = f"telegram:{bot.id}:{update.update_id}"
    if (message := update.message) is not None:
        return _message(id, message, bot, group_of)
    if (edited := update.edited_message) is not None:
        return _edited(id, edited, bot, group_of)
    if (reaction := update.message_reaction) is not None:
        return _reaction(id, reaction, bot, group_of)
    if (changed := update.chat_member) is not None:
        return members.member(id, changed, bot, group_of)
    if (query := update.callback_query) is not None:
        return _press(id, query, bot, group_of, arrived)
    if (own := update.my_chat_member) is not None:
        return members.standing(id, own, bot, group_of)
    if (request := update.chat_join_request) is not None:
        return members.request(id, request, bot, group_of)
    return ()


def _message(id: str, message: Message, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    chat = message.chat.id
    group = group_of(chat)
    text = message.text
    kind: MessageKind = "text"
    if text is None:
        found = _kind(message)
        if found is None:
            return members.service(id, message, group, bot, group_of)
        kind, text = found, message.caption or ""
    if group is None:
        return ()
    from_ = message.from_
    if message.sender_chat is not None:
        actor = chat_as_actor(message.sender_chat, chat, bot, message.is_automatic_forward)
    elif from_ is not None and from_.id != bot.id:
        actor = person(from_, chat, bot)
    else:
        return ()
    at = instant(message.date)
    if (  # nothing but its text, and called by its number, as most are
        kind == "text"
        and message.entities is None
        and message.reply_to_message is None
        and message.forward_origin is NOT_SENT
        and not message.is_topic_message
        and not message.chat.is_forum
        and message.quote is None
        and message.link_preview_options is None
        and message.reply_markup is None
        and message.chat.type == "supergroup"
        and (not bot.named or chat not in bot.named)
    ):
        return (_posted(id=id, at=at, group=group, actor=actor, message=str(message.message_id), text=text),)
    shown, mentions, links = _marked(message, text, bot)
    return (
        _posted(
            id=id,
            at=at,
            group=group,
            actor=actor,
            message=id_of(message.message_id, message.chat, bot.named),
            text=shown,
            kind=kind,
            mentions=mentions,
            links=links,
            quoted=message.quote.text if message.quote is not None and message.external_reply is not NOT_SENT else "",
            reply_to=_reply(message, bot, group),
            forwarded=_forwarded(message),
            album=message.media_group_id,
            topic=_topic(message),
            private=message.chat.type == "private",
        ),
    )


def _edited(id: str, message: Message, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    if message.chat.type == "private":
        return ()  # an edit says nothing of where it was made, and would look like one in the group
    group = group_of(message.chat.id)
    kind: MessageKind | None = "text" if message.text is not None else _kind(message)
    actor = sender(message.from_, message.sender_chat, message.chat.id, message.is_automatic_forward, bot)
    if group is None or kind is None or actor is None or actor.account == f"telegram:{bot.id}":
        return ()
    text, mentions, links = _marked(message, message.text or message.caption or "", bot)
    return (
        MessageEdited(
            id=id,
            at=instant(message.edit_date or message.date),
            group=group,
            actor=actor,
            message=id_of(message.message_id, message.chat, bot.named),
            posted=instant(message.date),
            text=text,
            kind=kind,
            mentions=mentions,
            links=links,
            reply_to=_reply(message, bot, group),
            forwarded=_forwarded(message),
            topic=_topic(message),
        ),
    )


def _kind(message: Message) -> MessageKind | None:
    """What a message without text holds; None for service messages, and for contents newer than this file under which
    nothing is written."""
    for name, kind in _CONTENTS:
        if getattr(message, name) is not NOT_SENT:
            return kind
    return "other" if message.caption is not None else None


def _marked(message: Message, text: str, bot: BotIdentity) -> tuple[str, tuple[Actor, ...], tuple[str, ...]]:
    """The text with a command for us in short form and with what is said beside it, the people named there, and all
    links, hidden ones too."""
    marks = message.entities or message.caption_entities or ()
    found = list(entities.links(text, marks))
    if message.quote is not None and message.external_reply is not NOT_SENT:
        # What is quoted from another chat is shown like the message's own text: an old way to bring in a link.
        found += entities.links(message.quote.text, message.quote.entities or ())
    named = list(entities.mentions(text, marks, message.chat.id, bot))
    lines = [entities.without_us(entities.with_command(text, marks, bot), marks, bot) if marks else text]
    if message.text is None or message.reply_markup is not None:
        for part in beside(message):
            found += (*entities.links(part.text, part.marks), *part.links)
            named += entities.mentions(part.text, part.marks, message.chat.id, bot)
            lines.append(f"{READ_OUT}{part.text}" if part.text else "")
    found += _previewed(message.link_preview_options, found)
    return "\n".join(filter(None, lines)), tuple(named), tuple(dict.fromkeys(found))


def _previewed(preview: Preview | None, found: Sequence[str]) -> Sequence[str]:
    """The address that is shown below a message, if it stands nowhere in it."""
    if preview is None or preview.url is None or preview.is_disabled:
        return ()
    return (preview.url,) if _bare_address(preview.url) not in map(_bare_address, found) else ()


def _bare_address(url: str) -> str:
    return url.lower().removeprefix("https://").removeprefix("http://").rstrip("/")


def _reply(message: Message, bot: BotIdentity, group: str) -> Reply | None:
    replied = message.reply_to_message
    if replied is None:
        return None if message.external_reply is NOT_SENT else _across_topics(message, bot)
    if message.is_topic_message and replied.message_id == message.message_thread_id:
        # In a topic every message that answers nothing "answers" the topic's opening.
        return None
    author = sender(replied.from_, replied.sender_chat, message.chat.id, replied.is_automatic_forward, bot)
    answered = id_of(replied.message_id, message.chat, bot.named)
    return Reply(message=answered, author=author, data=_data(replied, message, bot, group))


def _across_topics(message: Message, bot: BotIdentity) -> Reply | None:
    """The message of another topic that is answered; None for one of another chat, or not shaped as documented."""
    try:
        found = msgspec.json.decode(message.external_reply, type=Elsewhere)
    except msgspec.DecodeError:
        return None
    if found.chat is None or found.chat.id != message.chat.id or found.message_id is None:
        return None
    author = sender(found.origin.sender_user, found.origin.sender_chat, message.chat.id, False, bot)
    return Reply(message=id_of(found.message_id, message.chat, bot.named), author=author)


def _data(replied: Replied, message: Message, bot: BotIdentity, group: str) -> str:
    """What the first button under a message of ours holds, if whoever answers it could press it."""
    ours = replied.from_ is not None and replied.from_.id == bot.id
    if not ours or replied.reply_markup is None or bot.seal is None or message.from_ is None:
        return ""
    for row in replied.reply_markup.inline_keyboard:
        for button in row:
            for key in (group, *bot.groups()) if button.callback_data else ():
                if data := bot.seal.opened(button.callback_data or "", message.from_.id, key):
                    return data
    return ""


def _forwarded(message: Message) -> bool:
    return message.forward_origin is not NOT_SENT and not message.is_automatic_forward


def _topic(message: Message | Pressed) -> str | None:
    """The topic, which plain reply threads are not, though they carry a thread id as well. What stands in none of a
    forum's topics is in General."""
    if message.is_topic_message and message.message_thread_id is not None:
        return str(message.message_thread_id)
    return GENERAL if message.chat.is_forum else None


def _reaction(id: str, reaction: MessageReactionUpdated, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    group = group_of(reaction.chat.id)
    chat = reaction.chat.id
    if group is None:
        return ()
    if reaction.actor_chat is not None:
        actor = chat_as_actor(reaction.actor_chat, chat, bot)
    elif reaction.user is not None and reaction.user.id != bot.id:
        actor = person(reaction.user, chat, bot)
    else:
        return ()
    emoji = tuple(_emoji(given) for given in reaction.new_reaction)
    message, at = id_of(reaction.message_id, reaction.chat, bot.named), instant(reaction.date)
    return (ReactionChanged(id=id, at=at, group=group, actor=actor, message=message, emoji=emoji),)


def _emoji(given: ReactionType) -> str:
    return given.emoji or (f"custom:{given.custom_emoji_id}" if given.custom_emoji_id else given.type)


def _press(
    id: str, query: CallbackQuery, bot: BotIdentity, group_of: GroupOf, arrived: datetime | None
) -> tuple[Event, ...]:
    """A press that bears our seal. An anonymous admin's press comes from the real account, and is that person's."""
    message = query.message
    group = group_of(message.chat.id) if message is not None else None
    if message is None or group is None or query.data is None or bot.seal is None:
        return ()
    data = bot.seal.opened(query.data, query.from_.id, group)
    at = arrived or (instant(message.date) if message.date else None)
    if data is None or at is None:
        return ()
    actor = person(query.from_, message.chat.id, bot)
    under = id_of(message.message_id, message.chat, bot.named)
    topic, press = _topic(message), query.id if data.startswith(ASIDE) else ""
    return (ButtonPressed(id=id, at=at, group=group, actor=actor, data=data, message=under, topic=topic, press=press),)

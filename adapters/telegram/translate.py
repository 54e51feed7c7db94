"""Telegram's updates into events. Pure: the same update always gives the same events with the same ids.

Event ids are `telegram:<bot id>:<update id>`, with `/1`, `/2` ... behind if one update tells several things.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from adapters.telegram import entities
from adapters.telegram.actors import BotIdentity, chat_as_actor, person, sender
from adapters.telegram.quick import quick
from adapters.telegram.updates import (
    NOT_SENT,
    CallbackQuery,
    ChatJoinRequest,
    ChatMember,
    ChatMemberUpdated,
    InviteLink,
    Message,
    MessageReactionUpdated,
    ReactionType,
    Update,
)
from core.events import (
    BotStanding,
    ButtonPressed,
    Event,
    GroupMoved,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessageKind,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.people import Actor

GroupOf = Callable[[int], str | None]
"""The operator's key of a chat id; None for chats that are no group of ours."""

_posted: Final = quick(MessagePosted)

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
        return _member(id, changed, bot, group_of)
    if (query := update.callback_query) is not None:
        return _press(id, query, bot, group_of, arrived)
    if (own := update.my_chat_member) is not None:
        return _standing(id, own, group_of)
    if (request := update.chat_join_request) is not None:
        return _request(id, request, bot, group_of)
    return ()


def _message(id: str, message: Message, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    chat = message.chat.id
    group = group_of(chat)
    text = message.text
    kind: MessageKind = "text"
    if text is None:
        found = _kind(message)
        if found is None:
            return _service(id, message, group, bot, group_of)
        kind, text = found, message.caption or ""
    if group is None:
        return ()
    from_ = message.from_
    if message.sender_chat is not None:
        actor = chat_as_actor(message.sender_chat, chat, message.is_automatic_forward)
    elif from_ is not None and from_.id != bot.id:
        actor = person(from_, chat, bot)
    else:
        return ()
    at = datetime.fromtimestamp(message.date, UTC)
    if kind == "text" and message.entities is None and message.reply_to_message is None and _bare(message):
        return (_posted(id=id, at=at, group=group, actor=actor, message=str(message.message_id), text=text),)
    shown, mentions, links = _marked(message, text, bot)
    return (
        _posted(
            id=id,
            at=at,
            group=group,
            actor=actor,
            message=str(message.message_id),
            text=shown,
            kind=kind,
            mentions=mentions,
            links=links,
            reply_to=_reply(message, bot),
            forwarded=_forwarded(message),
            album=message.media_group_id,
            topic=_topic(message),
            private=message.chat.type == "private",
        ),
    )


def _bare(message: Message) -> bool:
    """Whether a message has nothing but its text, as most have."""
    return (
        message.forward_origin is NOT_SENT
        and not message.is_topic_message
        and message.quote is None
        and message.reply_markup is None
        and message.chat.type != "private"
    )


def _edited(id: str, message: Message, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    group = group_of(message.chat.id)
    kind: MessageKind | None = "text" if message.text is not None else _kind(message)
    actor = sender(message.from_, message.sender_chat, message.chat.id, message.is_automatic_forward, bot)
    if group is None or kind is None or actor is None or actor.account == f"telegram:{bot.id}":
        return ()
    text, mentions, links = _marked(message, message.text or message.caption or "", bot)
    return (
        MessageEdited(
            id=id,
            at=_instant(message.edit_date or message.date),
            group=group,
            actor=actor,
            message=str(message.message_id),
            posted=_instant(message.date),
            text=text,
            kind=kind,
            mentions=mentions,
            links=links,
            reply_to=_reply(message, bot),
            forwarded=_forwarded(message),
            topic=_topic(message),
        ),
    )


def _kind(message: Message) -> MessageKind | None:
    """What a message without text holds; None for service messages, and for contents newer than this file."""
    for name, kind in _CONTENTS:
        if getattr(message, name) is not NOT_SENT:
            return kind
    return None


def _marked(message: Message, text: str, bot: BotIdentity) -> tuple[str, tuple[Actor, ...], tuple[str, ...]]:
    """The text with a command for us in short form, the people named in it, and all links, hidden ones too."""
    marks = message.entities or message.caption_entities or ()
    found = list(entities.links(text, marks))
    if message.quote is not None and message.external_reply is not NOT_SENT:
        # What is quoted from another chat is shown like the message's own text: an old way to bring in a link.
        found += entities.links(message.quote.text, message.quote.entities or ())
    if message.reply_markup is not None:
        found += [button.url for row in message.reply_markup.inline_keyboard for button in row if button.url]
    named = tuple(entities.mentions(text, marks, message.chat.id, bot))
    shown = entities.with_command(text, marks, bot) if marks else text
    return shown, named, tuple(dict.fromkeys(found))


def _reply(message: Message, bot: BotIdentity) -> Reply | None:
    replied = message.reply_to_message
    if replied is None:
        return None
    if message.is_topic_message and replied.message_id == message.message_thread_id:
        # In a topic every message that answers nothing "answers" the topic's opening.
        return None
    author = sender(replied.from_, replied.sender_chat, message.chat.id, replied.is_automatic_forward, bot)
    return Reply(message=str(replied.message_id), author=author)


def _forwarded(message: Message) -> bool:
    return message.forward_origin is not NOT_SENT and not message.is_automatic_forward


def _topic(message: Message) -> str | None:
    """The topic, which plain reply threads are not, though they carry a thread id as well."""
    return (
        str(message.message_thread_id) if message.is_topic_message and message.message_thread_id is not None else None
    )


def _service(id: str, message: Message, group: str | None, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    at = _instant(message.date)
    chat = message.chat.id
    if message.migrate_to_chat_id is not None:
        return _moved(id, at, group or group_of(message.migrate_to_chat_id), chat, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return _moved(id, at, group or group_of(message.migrate_from_chat_id), message.migrate_from_chat_id, chat)
    if group is None:
        return ()
    by = sender(message.from_, message.sender_chat, chat, False, bot)
    if message.new_chat_members is not None:
        newcomers = [user for user in message.new_chat_members if user.id != bot.id]
        several = len(newcomers) > 1
        return tuple(
            _joined(f"{id}/{n}" if several else id, at, group, person(user, chat, bot), by)
            for n, user in enumerate(newcomers, 1)
        )
    gone = message.left_chat_member
    if gone is not None and gone.id != bot.id:
        actor = person(gone, chat, bot)
        return (MemberLeft(id=id, at=at, group=group, actor=actor, by=_other(by, actor)),)
    return ()


def _moved(id: str, at: datetime, group: str | None, old: int, new: int) -> tuple[Event, ...]:
    if group is None:
        return ()
    return (GroupMoved(id=id, at=at, group=group, platform="telegram", old=str(old), new=str(new)),)


def _joined(
    id: str, at: datetime, group: str, actor: Actor, by: Actor | None, invite: str | None = None
) -> MemberJoined:
    by = _other(by, actor)
    added = invite is None and by is not None and by.admin
    return MemberJoined(id=id, at=at, group=group, actor=actor, by=by, added_by_admin=added, invite=invite)


def _other(by: Actor | None, actor: Actor) -> Actor | None:
    """Who did it, unless they did it themselves."""
    return None if by is None or by.account == actor.account else by


def _member(id: str, changed: ChatMemberUpdated, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    group = group_of(changed.chat.id)
    user = changed.new_chat_member.user
    before, after = changed.old_chat_member.present, changed.new_chat_member.present
    if group is None or before == after or user.id == bot.id:
        return ()
    chat, at = changed.chat.id, _instant(changed.date)
    actor, by = person(user, chat, bot), person(changed.from_, chat, bot)
    if not after:
        return (MemberLeft(id=id, at=at, group=group, actor=actor, by=_other(by, actor)),)
    link = changed.invite_link
    if link is not None:
        inviter = _inviter(link, chat, bot)
        return (_joined(id, at, group, actor, inviter, link.invite_link),)
    if changed.via_join_request:
        return (_joined(id, at, group, actor, None),)
    return (_joined(id, at, group, actor, by),)


def _inviter(link: InviteLink, chat: int, bot: BotIdentity) -> Actor | None:
    """Whose personal link it is. Everybody uses the group's main link, so that one tells nothing; nor does a bot's."""
    return None if link.is_primary or link.creator.is_bot else person(link.creator, chat, bot)


def _standing(id: str, own: ChatMemberUpdated, group_of: GroupOf) -> tuple[Event, ...]:
    group = group_of(own.chat.id)
    if group is None or own.chat.type == "private":
        return ()
    standing = own.new_chat_member
    abilities = _abilities(standing, own.chat.type) if standing.present else frozenset[str]()
    at = _instant(own.date)
    return (BotStanding(id=id, at=at, group=group, platform="telegram", present=standing.present, abilities=abilities),)


def _abilities(standing: ChatMember, chat_type: str) -> frozenset[str]:
    can = {"say", "react"} if standing.status != "restricted" or standing.can_send_messages else set()
    if standing.status == "creator" or standing.can_delete_messages:
        can.add("delete")
    if standing.status == "creator" or standing.can_restrict_members:
        can |= {"remove", "ban"}
        if chat_type == "supergroup":  # restrictChatMember exists in supergroups only
            can.add("mute")
    if standing.status == "creator" or (standing.status == "administrator" and standing.can_pin_messages):
        can.add("pin")
    if standing.status == "creator" or (standing.status == "administrator" and standing.can_invite_users):
        can.add("approve")
    return frozenset(can)


def _reaction(id: str, reaction: MessageReactionUpdated, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    group = group_of(reaction.chat.id)
    chat = reaction.chat.id
    if group is None:
        return ()
    if reaction.actor_chat is not None:
        actor = chat_as_actor(reaction.actor_chat, chat)
    elif reaction.user is not None and reaction.user.id != bot.id:
        actor = person(reaction.user, chat, bot)
    else:
        return ()
    emoji = tuple(_emoji(given) for given in reaction.new_reaction)
    message, at = str(reaction.message_id), _instant(reaction.date)
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
    data = bot.seal.opened(query.data, query.from_.id)
    at = arrived or (_instant(message.date) if message.date else None)
    if data is None or at is None:
        return ()
    actor = person(query.from_, message.chat.id, bot)
    return (ButtonPressed(id=id, at=at, group=group, actor=actor, data=data, message=str(message.message_id)),)


def _request(id: str, request: ChatJoinRequest, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    group = group_of(request.chat.id)
    if group is None:
        return ()
    link = request.invite_link
    return (
        JoinRequested(
            id=id,
            at=_instant(request.date),
            group=group,
            actor=person(request.from_, request.chat.id, bot),
            invite=link.invite_link if link is not None else None,
            words=request.bio or "",
        ),
    )


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

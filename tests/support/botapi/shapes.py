"""The world's records as the Bot API shapes them."""

from __future__ import annotations

from typing import Any

from tests.support.botapi.model import (
    ALL_RIGHTS,
    CHANNEL_RIGHTS,
    GROUP_RIGHTS,
    MEDIA,
    PERMISSIONS,
    Bot,
    Chat,
    JoinRequest,
    Json,
    Link,
    Message,
    Standing,
    User,
)


def message(m: Message, *, reply: bool = True) -> Json:
    """Message; the one it replies to is shown, without its own."""
    shape: Json = {"message_id": m.id}
    if m.sender is not None:
        shape["from"] = m.sender.shape
    if m.sender_chat is not None:
        shape["sender_chat"] = m.sender_chat.shape
    shape["chat"] = m.chat.shape
    shape["date"] = m.date
    optional: dict[str, Any] = {
        "edit_date": m.edit_date,
        "message_thread_id": m.thread,
        "is_topic_message": m.is_topic_message,
        "forward_origin": m.forward_origin,
        "is_automatic_forward": m.is_automatic_forward,
        "media_group_id": m.media_group_id,
        "text": m.text,
        "entities": m.entities if m.text is not None else None,
        "caption": m.caption,
        "caption_entities": m.entities if m.caption is not None else None,
        "reply_markup": m.reply_markup,
    }
    if reply and m.reply_to is not None and not m.reply_to.deleted:
        optional["reply_to_message"] = message(m.reply_to, reply=False)
    shape.update({name: value for name, value in optional.items() if value})
    shape.update(m.content)
    if m.text is None and m.caption is None and not m.content:
        shape["text"] = ""
    return shape


def inaccessible(chat: Chat, message_id: int) -> Json:
    """InaccessibleMessage."""
    return {"message_id": message_id, "chat": chat.shape, "date": 0}


def member(chat: Chat, user: User, standing: Standing, *, viewer: Bot | None = None) -> Json:
    """ChatMember. `can_be_edited` is true for those whom the viewing bot promoted."""
    shape: Json = {"user": user.shape, "status": standing.status}
    match standing.status:
        case "creator":
            shape["is_anonymous"] = standing.anonymous
        case "administrator":
            shape["can_be_edited"] = viewer is not None and standing.promoted_by == viewer.id
            shape.update(rights(chat, standing))
            shape["is_anonymous"] = standing.anonymous
        case "restricted":
            shape["until_date"] = standing.until
            shape.update(permissions(standing.permissions))
            shape["is_member"] = standing.is_member
        case "kicked":
            shape["until_date"] = standing.until
    if standing.title:
        shape["custom_title" if standing.is_admin else "tag"] = standing.title
    return shape


def rights(chat: Chat, standing: Standing) -> Json:
    """An administrator's rights, those that the kind of chat knows."""
    out = {}
    for right in ALL_RIGHTS:
        if (right in CHANNEL_RIGHTS and chat.type != "channel") or (right in GROUP_RIGHTS and chat.type == "channel"):
            continue
        if right == "can_manage_topics" and chat.type != "supergroup":
            continue
        out[right] = standing.may(right)
    return out


def permissions(held: dict[str, bool]) -> Json:
    """ChatPermissions."""
    return {
        "can_send_messages": held["can_send_messages"],
        "can_send_media_messages": any(held[medium] for medium in MEDIA),
        **{name: held[name] for name in PERMISSIONS[1:]},
    }


def link(found: Link, *, viewer: Bot | None) -> Json:
    """ChatInviteLink; of another admin's link a bot is shown a part."""
    url = found.url if viewer is None or found.creator is viewer else found.url[: len(found.url) - 8] + "..."
    shape: Json = {"invite_link": url, "creator": found.creator.shape}
    optional = {
        "name": found.name,
        "expire_date": found.expires,
        "member_limit": found.member_limit,
        "pending_join_request_count": found.pending,
    }
    shape.update({name: value for name, value in optional.items() if value})
    return {
        **shape,
        "creates_join_request": found.creates_join_request,
        "is_primary": found.is_primary,
        "is_revoked": found.is_revoked,
    }


def join_request(chat: Chat, request: JoinRequest, *, viewer: Bot) -> Json:
    """ChatJoinRequest."""
    shape: Json = {
        "chat": chat.shape,
        "from": request.user.shape,
        "user_chat_id": request.user.id,
        "date": int(request.at),
    }
    if request.bio:
        shape["bio"] = request.bio
    if request.link is not None:
        shape["invite_link"] = link(request.link, viewer=viewer)
    return shape


def full_chat(chat: Chat) -> Json:
    """ChatFullInfo."""
    nothing = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    shape: Json = {**chat.shape, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": nothing}
    if chat.type in ("group", "supergroup"):
        shape["permissions"] = permissions(chat.permissions)
    primary = next((x for x in chat.links.values() if x.is_primary and not x.is_revoked), None)
    if primary is not None:
        shape["invite_link"] = primary.url
    pinned = [m for m in chat.alive if m.pinned]
    if pinned:
        shape["pinned_message"] = message(pinned[-1], reply=False)
    if chat.linked is not None:
        shape["linked_chat_id"] = chat.linked.id
    return shape

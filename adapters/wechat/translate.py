"""What happened in WeChat into events. Pure: the same happening always gives the same events with the same ids.

Event ids are `wechat:<message id>` for messages, and made of room, person and instant for what has no id. A member is
`wechat:<contact id>`; such an id is the gateway's, and may be another one after a new login.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Final, assert_never

from adapters.wechat.payloads import (
    Befriended,
    Departed,
    Entered,
    Happening,
    Invited,
    Member,
    Message,
    Posted,
    Retitled,
    Unread,
)
from adapters.wechat.quotes import quote_in
from adapters.wechat.standing import MEMBER
from core.events import BotStanding, Event, MemberJoined, MemberLeft, MessageDeleted, MessageKind, MessagePosted, Reply
from core.people import Account, Actor, ActorKind

GroupOf = Callable[[str], str | None]
"""The operator's key of a room, or of the private chat with a contact; None for what is not ours."""

TEXT: Final = 7
_RECALLED: Final = 13
_URL: Final = 14
_CHAT_HISTORY: Final = 4
_KINDS: Final[dict[int, MessageKind]] = {
    1: "file",
    2: "voice",
    3: "contact",
    5: "sticker",
    6: "photo",
    TEXT: "text",
    8: "location",
    15: "video",
}
"""By the numbers of wechaty-puppet's MessageType. All others, those to come too, are "other": chat histories (4), mini
programs (9), what everybody adds a line to (10), transfers (11), red packets (12), links (14), posts (16), unknown
(0)."""
_UNTOLD: Final = frozenset((0, 10, _RECALLED))
"""The kinds under which gateways hand over what WeChat says by itself; puppet-padlocal calls all of it recalled."""
_NOTES: Final = ("<sysmsg", "<voipinvitemsg", "拍了拍", " tickled ")
"""What such a note holds: a pat, a to-do, who came or was put out, a call."""

_AFTER_MENTION: Final = "\u2005"
"""WeChat puts this narrow space behind each mention; some clients put a plain one."""
_OFFICIAL: Final = "gh_"
_SYSTEM: Final = frozenset(
    ("weixin", "fmessage", "medianote", "floatbottle", "filehelper", "newsapp", "qqmail", "tmessage", "notifymessage")
)
"""WeChat's own contacts. What they write is addressed to the owner of the account."""


def account(contact: str) -> Account:
    """The account of a contact id."""
    return Account(f"wechat:{contact}")


def actor(member: Member) -> Actor:
    """Somebody who acts. Official accounts are channels: nobody in person writes there."""
    kind = ActorKind.CHANNEL if member.id.startswith(_OFFICIAL) else ActorKind.PERSON
    return Actor(account=account(member.id), name=member.shown, kind=kind)


def events(happening: Happening, me: str, group_of: GroupOf) -> tuple[Event, ...]:
    """What it tells about groups of ours; nothing for what the account `me` did itself.

    Topics, invitations and friend requests concern the account and not a group: nothing either. So does what could not
    be read.
    """
    match happening:
        case Posted():
            return _posted(happening, me, group_of)
        case Entered(room=room, members=members, by=by, at=at):
            group = group_of(room)
            inviter = actor(by) if by is not None else None
            return () if group is None else tuple(_entered(room, one, inviter, at, group, me) for one in members)
        case Departed(room=room, members=members, by=by, at=at):
            group = group_of(room)
            remover = actor(by) if by is not None else None
            return () if group is None else tuple(_departed(room, one, remover, at, group, me) for one in members)
        case Retitled() | Invited() | Befriended() | Unread():
            return ()
        case _:
            assert_never(happening)


def _entered(room: str, who: Member, by: Actor | None, at: datetime, group: str, me: str) -> Event:
    id = _id("join", room, who, at)
    if who.id == me:
        return BotStanding(id=id, at=at, group=group, platform="wechat", present=True, abilities=frozenset(MEMBER))
    return MemberJoined(
        id=id, at=at, group=group, actor=actor(who), by=by if by and by.account != account(who.id) else None
    )


def _departed(room: str, who: Member, by: Actor | None, at: datetime, group: str, me: str) -> Event:
    id = _id("leave", room, who, at)
    if who.id == me:
        return BotStanding(id=id, at=at, group=group, platform="wechat", present=False)
    return MemberLeft(
        id=id, at=at, group=group, actor=actor(who), by=by if by and by.account != account(who.id) else None
    )


def _posted(posted: Posted, me: str, group_of: GroupOf) -> tuple[Event, ...]:
    message = posted.message
    if posted.own or message.talker == me or not message.talker or message.talker in _SYSTEM:
        return ()
    group = group_of(message.room or message.talker)
    if group is None:
        return ()
    id, at, who = f"wechat:{message.id}", message.at or posted.arrived, actor(posted.sender)
    if _by_itself(message):
        recalled = _recalled(message.text) if message.kind == _RECALLED and message.talker != message.room else ""
        return (MessageDeleted(id=id, at=at, group=group, message=recalled, actor=who),) if recalled else ()
    text, links, quoted = _content(message)
    return (
        MessagePosted(
            id=id,
            at=at,
            group=group,
            actor=who,
            message=message.id,
            text=_without_us(text, posted.ours),
            kind=_KINDS.get(message.kind, "other"),
            mentions=_mentions(posted, text, me),
            links=links,
            quoted=quoted,
            reply_to=Reply(message=posted.quotes) if quoted and posted.quotes else None,
            forwarded=message.kind == _CHAT_HISTORY,
            private=not message.room,
        ),
    )


def _by_itself(message: Message) -> bool:
    """Whether WeChat says it, and nobody in the room: gateways name as its author whoever was patted, or the room."""
    if message.talker == message.room or message.kind == _RECALLED:
        return True
    return message.kind in _UNTOLD and any(note in message.text for note in _NOTES)


def _id(what: str, room: str, member: Member, at: datetime) -> str:
    return f"wechat:{what}:{room}:{member.id}:{int(at.timestamp())}"


def _content(message: Message) -> tuple[str, tuple[str, ...], str]:
    """What somebody wrote, the links, and what is quoted. What WeChat's XML holds beside them nobody wrote."""
    if message.kind == TEXT:
        said, quoted = _said(message.text)
        return said, (), quoted
    if message.kind == _URL:
        title, url = _tag("title", message.text), _tag("url", message.text)
        return title or ("" if "<" in message.text else message.text), (url,) if url else (), ""
    return "", (), ""


def _said(text: str) -> tuple[str, str]:
    """What is said, and what is quoted."""
    found = quote_in(text)
    return (text, "") if found is None else (found.said, found.quoted)


def _mentions(posted: Posted, text: str, me: str) -> tuple[Actor, ...]:
    """Who is mentioned. Not all gateways tell that the account is; its name in the text says it too."""
    found = {one.id: actor(one) for one in posted.mentioned if one.id != me}
    if me in posted.message.mentions or any(_names(name, text) for name in posted.ours):
        name = next((one.shown for one in posted.mentioned if one.id == me), "")
        found[me] = Actor(account=account(me), name=name, kind=ActorKind.BOT)
    return tuple(found.values())


def _names(name: str, text: str) -> bool:
    """Whether somebody of this name is spoken to. A plain space ends a mention only where nothing is before it."""
    return f"@{name}{_AFTER_MENTION}" in text or text.startswith(f"@{name} ") or text == f"@{name}"


def _without_us(text: str, ours: frozenset[str]) -> str:
    """The text without the mention of the account itself, and with plain spaces behind the others."""
    for name in sorted(ours, key=len, reverse=True):
        text = text.replace(f"@{name}{_AFTER_MENTION}", " ")
        if text.startswith(f"@{name} ") or text == f"@{name}":
            text = text[len(name) + 1 :]
    return text.replace(_AFTER_MENTION, " ").strip() if _AFTER_MENTION in text or ours else text


def _recalled(text: str) -> str:
    """The id of the message that was taken back: told alone, or in a note of WeChat's. Empty if it is not told."""
    if found := _tag("newmsgid", text) or _tag("msgid", text):
        return found
    is_an_id = text.isascii() and text.isprintable() and not any(letter in " <>" for letter in text)
    return text if is_an_id else ""


def _tag(name: str, xml: str) -> str:
    """What stands in the first such element; found by its brackets, so that no document can be made to grow."""
    start = xml.find(f"<{name}>")
    end = xml.find(f"</{name}>", start)
    if start < 0 or end < 0:
        return ""
    inside = xml[start + len(name) + 2 : end].strip()
    if inside.startswith("<![CDATA[") and inside.endswith("]]>"):
        return inside[9:-3].strip()
    return unescape(inside)

"""Who comes and goes, and what becomes of the group and of the bot in it: updates and service messages into events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from adapters.telegram.actors import BotIdentity, mover, person, sender
from adapters.telegram.link_names import owner_of
from adapters.telegram.standing import abilities
from adapters.telegram.updates import ChatJoinRequest, ChatMember, ChatMemberUpdated, InviteLink, Message
from core.events import BotStanding, Event, GroupMoved, JoinRequested, MemberJoined, MemberLeft, MemberUnmuted
from core.people import Account, Actor

GroupOf = Callable[[int], str | None]
"""The operator's key of a chat id; None for chats that are no group of ours."""


def service(id: str, message: Message, group: str | None, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    """What a service message tells: joins, leaves, moves. The others mean nothing to us."""
    at = instant(message.date)
    chat = message.chat.id
    if message.migrate_to_chat_id is not None:
        return _moved(id, at, group or group_of(message.migrate_to_chat_id), chat, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return _moved(id, at, group or group_of(message.migrate_from_chat_id), message.migrate_from_chat_id, chat)
    if group is None or _told_otherwise(message, bot):
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


def _told_otherwise(message: Message, bot: BotIdentity) -> bool:
    """Whether a join or leave comes by chat_member, too, which tells more: it does where the bot was an admin then."""
    chat = message.chat.id
    return bot.id in bot.admins.get(chat, ()) and message.date >= max(bot.told_since, bot.admin_since.get(chat, 0))


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


def member(id: str, changed: ChatMemberUpdated, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    """Somebody's standing changed: they came, left, or may write again. Our own standing is told by `standing`."""
    group = group_of(changed.chat.id)
    old, new = changed.old_chat_member, changed.new_chat_member
    user = new.user
    if group is None or user.id == bot.id:
        return ()
    chat, at = changed.chat.id, instant(changed.date)
    actor, by = person(user, chat, bot), mover(changed.from_, changed.chat, bot)
    if old.present and new.present:
        lifted = _silenced(old) and not _silenced(new) and changed.from_.id != bot.id
        return (MemberUnmuted(id=id, at=at, group=group, actor=actor, by=_other(by, actor)),) if lifted else ()
    if old.present:
        return (MemberLeft(id=id, at=at, group=group, actor=actor, by=_other(by, actor)),)
    if not new.present:
        return ()
    link = changed.invite_link
    if link is not None:
        inviter = _inviter(link, chat, bot)
        return (_joined(id, at, group, actor, inviter, link.invite_link),)
    if changed.via_join_request:
        return (_joined(id, at, group, actor, None),)
    return (_joined(id, at, group, actor, by),)


def told_once(events: Sequence[Event]) -> Sequence[Event]:
    """The events of a batch, with the fuller word of a join first where Telegram told it twice: the other one is no
    news any more."""
    found, bare = list(events), dict[tuple[str, Account], int]()
    for n, event in enumerate(found):
        if isinstance(event, MemberLeft):
            bare.pop((event.group, event.actor.account), None)
        elif isinstance(event, MemberJoined) and event.invite is None:
            bare.setdefault((event.group, event.actor.account), n)
        elif isinstance(event, MemberJoined) and (at := bare.pop((event.group, event.actor.account), None)) is not None:
            found[at], found[n] = event, found[at]
    return found


def _silenced(standing: ChatMember) -> bool:
    return standing.status == "restricted" and not standing.can_send_messages


def _inviter(link: InviteLink, chat: int, bot: BotIdentity) -> Actor | None:
    """Whose personal link it is. Everybody uses the group's main link, so that one tells nothing; ours say whose in
    their name, and those of other bots tell nothing either."""
    if link.creator.id == bot.id:
        owner = owner_of(link.name or "")
        return Actor(account=Account(f"telegram:{owner}")) if owner is not None else None
    return None if link.is_primary or link.creator.is_bot else person(link.creator, chat, bot)


def standing(id: str, own: ChatMemberUpdated, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    """Our own standing changed."""
    group = group_of(own.chat.id)
    if group is None or own.chat.type == "private":
        return ()
    now, at = own.new_chat_member, instant(own.date)
    can = abilities(now, own.chat.type, hears=bot.hears(own.chat.id))
    return (BotStanding(id=id, at=at, group=group, platform="telegram", present=now.present, abilities=can),)


def request(id: str, request: ChatJoinRequest, bot: BotIdentity, group_of: GroupOf) -> tuple[Event, ...]:
    """Somebody asks to be let in."""
    group = group_of(request.chat.id)
    if group is None:
        return ()
    link = request.invite_link
    return (
        JoinRequested(
            id=id,
            at=instant(request.date),
            group=group,
            actor=person(request.from_, request.chat.id, bot),
            invite=link.invite_link if link is not None else None,
            words=request.bio or "",
        ),
    )


@lru_cache(maxsize=1024)
def instant(seconds: int) -> datetime:
    """Telegram's time, Unix seconds. Raises OverflowError, ValueError or OSError for what no calendar has."""
    return datetime.fromtimestamp(seconds, UTC)

"""How standings change, by people and by bots alike, and what Telegram tells about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.support.botapi import delivery
from tests.support.botapi.model import ALL_PERMISSIONS, Bot, Chat, JoinRequest, Link, Standing, User
from tests.support.botapi.world import DAY, World

NEVER: Final = 0


def until(world: World, wanted: int) -> int:
    """When a ban or a mute ends: less than 30 s or more than 366 days away is never."""
    left = wanted - world.now()
    return wanted if 30 <= left <= 366 * DAY else NEVER


def change(
    world: World,
    chat: Chat,
    user: User,
    new: Standing,
    actor: User,
    *,
    link: Link | None = None,
    via_request: bool = False,
) -> None:
    """Somebody's standing becomes another; bots are told by chat_member and by service message."""
    old = replace(chat.standing(user))
    if isinstance(user, Bot):
        new.reads_all = user.reads_all if new.present and not old.present else old.reads_all
    chat.standings[user.id] = new
    if old == new:
        return
    came, went = new.present and not old.present, old.present and not new.present
    if world.member_updates_first:
        delivery.tell_standing(world, chat, user, old, actor, link=link, via_request=via_request)
    if chat.tells_of_joins and chat.type in ("group", "supergroup"):
        if came:
            delivery.service(world, chat, actor, {"new_chat_members": [user.shape]})
        elif went:
            gone = [user] if isinstance(user, Bot) else []
            delivery.service(world, chat, actor, {"left_chat_member": user.shape}, also=gone)
    if not world.member_updates_first:
        delivery.tell_standing(world, chat, user, old, actor, link=link, via_request=via_request)


def come(
    world: World,
    chat: Chat,
    user: User,
    actor: User,
    *,
    link: Link | None = None,
    via_request: bool = False,
) -> None:
    """Somebody comes in. Whoever left muted is muted still."""
    chat.requests.pop(user.id, None)
    old = chat.standing(user)
    if old.present:
        return
    if old.status == "restricted":
        new = replace(old, is_member=True)
    else:
        new = Standing(status="member")
    if link is not None:
        link.used += 1
    change(world, chat, user, new, actor, link=link, via_request=via_request)


def go(world: World, chat: Chat, user: User, actor: User) -> None:
    """Somebody leaves, or is removed without a ban."""
    old = chat.standing(user)
    if old.status == "restricted":
        change(world, chat, user, replace(old, is_member=False), actor)
    else:
        change(world, chat, user, Standing(status="left"), actor)


def ban(world: World, chat: Chat, user: User, actor: User, ends: int) -> None:
    """Somebody is put out and may not come back before `ends`."""
    chat.requests.pop(user.id, None)
    change(world, chat, user, Standing(status="kicked", until=ends), actor)


def unban(world: World, chat: Chat, user: User, actor: User) -> None:
    """The ban is lifted; who was in the chat is put out."""
    go(world, chat, user, actor)
    if chat.standing(user).status != "left":
        change(world, chat, user, Standing(status="left"), actor)


def restrict(world: World, chat: Chat, user: User, actor: User, permissions: dict[str, bool], ends: int) -> None:
    """Somebody is muted, wholly or in part; with every permission the restriction is lifted."""
    old = chat.standing(user)
    if permissions == ALL_PERMISSIONS:
        new = Standing(status="member" if old.present else "left", title=old.title)
    else:
        new = Standing(
            status="restricted", permissions=dict(permissions), until=ends, is_member=old.present, title=old.title
        )
    change(world, chat, user, new, actor)


def ask(world: World, chat: Chat, user: User, link: Link | None, bio: str = "") -> JoinRequest:
    """Somebody asks to be let in."""
    request = JoinRequest(user=user, at=world.now(), link=link, bio=bio)
    chat.requests[user.id] = request
    if link is not None:
        link.pending += 1
    delivery.tell_request(world, chat, request)
    return request


def settle(world: World, chat: Chat, user: User, actor: User, *, approve: bool) -> bool:
    """A request is answered. False if there is none."""
    request = chat.requests.pop(user.id, None)
    if request is None:
        return False
    if request.link is not None:
        request.link.pending -= 1
    if approve:
        # The service message comes from the one who joined, chat_member from the admin who let them in.
        old = replace(chat.standing(user))
        new = replace(old, is_member=True) if old.status == "restricted" else Standing(status="member")
        if request.link is not None:
            request.link.used += 1
        first = world.member_updates_first
        chat.standings[user.id] = new
        if first:
            delivery.tell_standing(world, chat, user, old, actor, link=request.link, via_request=True)
        if chat.tells_of_joins and chat.type in ("group", "supergroup"):
            delivery.service(world, chat, user, {"new_chat_members": [user.shape]})
        if not first:
            delivery.tell_standing(world, chat, user, old, actor, link=request.link, via_request=True)
    return True

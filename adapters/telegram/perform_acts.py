"""Acts on messages and members, each so that repeating it does no harm and nobody is let in or put out by accident.

Three quirks of Telegram (Bot API; tdlib) shape them. Restricting somebody who is banned lifts the ban, so mutes look at
the standing first. Unbanning a member removes them unless `only_if_banned` is said. A restriction that ends in less
than 30 seconds or in more than 366 days lasts for ever, so spans are kept between.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Final, Protocol

from msgspec import Struct

from adapters.telegram.calls import ApiError, CallFailed, result_of
from adapters.telegram.link_names import named_after
from adapters.telegram.markup import Visible, clean
from adapters.telegram.message_ids import not_there, number_in
from adapters.telegram.refusals import answer_to
from adapters.telegram.splitting import clipped
from core.delivery import Ability, Answer, Done, Never, Refusal
from core.effects import Ban, Delete, Invite, Mute, Remove, Unban, Unmute
from core.people import Account, native_of, platform_of

LEAST: Final = timedelta(seconds=60)
"""The shortest restriction. Telegram's own limit is 30 seconds by its clock, which ours may be ahead of or behind."""
MOST: Final = timedelta(days=365)
AT_ONCE: Final = 100
"""Messages that one deleteMessages takes."""
FEW: Final = 10
"""So many are tried together where one of many cannot be deleted, before each is tried by itself."""
LINK_NAME: Final = 32

_PERMISSIONS: Final = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""All of them, Bot API 10.1: somebody is a plain member again only when each is given back."""
_NONE: Final = dict.fromkeys(_PERMISSIONS, False)
_ALL: Final = dict.fromkeys(_PERMISSIONS, True)
_STAFF: Final = ("creator", "administrator")


class Call(Protocol):
    """Makes one call of the Bot API; see `adapters.telegram.calls.BotCalls.call`."""

    async def __call__(self, method: str, params: dict[str, object], /) -> bytes:
        """The body of a successful answer. Raises CallFailed."""
        ...


class Counted:
    """Makes calls, and counts them."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self.made = 0

    async def __call__(self, method: str, params: dict[str, object], /) -> bytes:
        """See `Call`."""
        self.made += 1
        return await self._call(method, params)


class _Standing(Struct, gc=False):
    status: str
    is_member: bool = False

    @property
    def present(self) -> bool:
        return self.status in ("member", *_STAFF) or (self.status == "restricted" and self.is_member)


class _Link(Struct, gc=False):
    invite_link: str


async def delete(call: Call, chat: int | str, effect: Delete, able: frozenset[Ability] | None) -> Answer:
    """Delete messages, by the hundred. Those that are gone already are no obstacle."""
    numbers = (number_in(chat, message) for message in effect.messages)
    ids = sorted({number for number in numbers if number is not None})
    if not ids:
        return not_there(effect.messages[0] if effect.messages else "")
    refused: list[Answer] = []
    for start in range(0, len(ids), AT_ONCE):
        refused += await _delete_some(call, chat, ids[start : start + AT_ONCE], effect, able)
    if len(refused) == len(ids):
        return refused[0]
    return Done(note=f"{len(refused)} of {len(ids)} messages cannot be deleted" if refused else "")


async def _delete_some(
    call: Call, chat: int | str, ids: list[int], effect: Delete, able: frozenset[Ability] | None
) -> list[Answer]:
    """One that cannot be deleted keeps all of them: those around it are found in few requests."""
    try:
        await call("deleteMessages", {"chat_id": chat, "message_ids": ids})
    except ApiError as failed:
        answer = answer_to(failed, effect, able=able)
        if not _undeletable(answer):
            raise
    else:
        return []
    if len(ids) == 1:
        return [answer]
    if len(ids) <= FEW:
        return await _delete_singly(call, chat, ids, effect, able)
    refused: list[Answer] = []
    for start in range(0, len(ids), FEW):
        refused += await _delete_some(call, chat, ids[start : start + FEW], effect, able)
    return refused


async def _delete_singly(
    call: Call, chat: int | str, ids: list[int], effect: Delete, able: frozenset[Ability] | None
) -> list[Answer]:
    refused: list[Answer] = []
    for id in ids:
        try:
            await call("deleteMessage", {"chat_id": chat, "message_id": id})
        except ApiError as failed:
            answer = answer_to(failed, effect, able=able)
            if _undeletable(answer):
                refused.append(answer)
            elif not isinstance(answer, Done):
                raise
    return refused


def _undeletable(answer: Answer) -> bool:
    return isinstance(answer, Never) and answer.refusal in (Refusal.NO_RIGHT, Refusal.GONE)


async def mute(call: Call, chat: int | str, effect: Mute, now: datetime) -> Answer:
    """Take all permissions, each by itself: some of the older ones imply others."""
    user = _user(effect.member, chat)
    if isinstance(user, Never):
        return user
    standing = await _standing(call, chat, user)
    if standing is not None and standing.status in _STAFF:
        return Never(refusal=Refusal.IMMUNE, why="admins of the group cannot be muted")
    if standing is not None and standing.status == "kicked":
        return Never(refusal=Refusal.GONE, why="banned by now; a mute would let them back in")
    until, note = _until(effect.span, now)
    await call(
        "restrictChatMember",
        {
            "chat_id": chat,
            "user_id": user,
            "permissions": _NONE,
            "use_independent_chat_permissions": True,
            "until_date": until,
        },
    )
    return Done(note=note)


async def unmute(call: Call, chat: int | str, effect: Unmute) -> Answer:
    """Give all permissions back; the group's own still limit what members may do."""
    user = _user(effect.member, chat)
    if isinstance(user, Never):
        return user
    standing = await _standing(call, chat, user)
    if standing is not None and standing.status == "kicked":
        return Never(refusal=Refusal.GONE, why="banned by now; to unmute would let them back in")
    if standing is not None and standing.status in ("member", *_STAFF):
        return Done(note="was not muted")
    await call(
        "restrictChatMember",
        {"chat_id": chat, "user_id": user, "permissions": _ALL, "use_independent_chat_permissions": True},
    )
    return Done()


async def remove(call: Call, chat: int | str, effect: Remove, now: datetime) -> Answer:
    """Ban for a minute and unban at once: if the second call is never made, the ban ends by itself.

    Somebody who is out already, banned or not, is left as they are.
    """
    user = _user(effect.member, chat)
    if isinstance(user, Never):
        return user
    standing = await _standing(call, chat, user)
    if standing is not None and standing.status in _STAFF:
        return Never(refusal=Refusal.IMMUNE, why="admins of the group cannot be removed")
    if standing is not None and not standing.present:
        return Done(note="was out already")
    until, _ = _until(LEAST, now)
    await call("banChatMember", {"chat_id": chat, "user_id": user, "until_date": until})
    try:
        await call("unbanChatMember", {"chat_id": chat, "user_id": user, "only_if_banned": True})
    except CallFailed as failed:
        # A basic group has no bans to lift; elsewhere it ends within the minute.
        meant = answer_to(failed, effect)
        unable = isinstance(meant, Never) and meant.refusal is Refusal.UNABLE
        return Done(note="" if unable else f"may come back in a minute ({failed})")
    return Done()


async def ban(call: Call, chat: int | str, effect: Ban, now: datetime) -> Answer:
    """Ban a person, for the span if there is one, or a channel, which knows no span."""
    native = _native(effect.member)
    if isinstance(native, Never):
        return native
    if native < 0:
        if native == chat:
            return _own(effect.member)
        answer = await _sender_chat(call, "banChatSenderChat", chat, native)
        unlimited = "channels are banned for good" if effect.span is not None else ""
        return Done(note=unlimited) if answer is None else answer
    until, note = _until(effect.span, now)
    await call("banChatMember", {"chat_id": chat, "user_id": native, "until_date": until})
    return Done(note=note)


async def unban(call: Call, chat: int | str, effect: Unban) -> Answer:
    """Lift a ban. Members stay where they are."""
    native = _native(effect.member)
    if isinstance(native, Never):
        return native
    if native < 0:
        return await _sender_chat(call, "unbanChatSenderChat", chat, native) or Done()
    await call("unbanChatMember", {"chat_id": chat, "user_id": native, "only_if_banned": True})
    return Done()


async def invite(call: Call, chat: int | str, effect: Invite) -> Answer:
    """Make a link that anybody may join by, under a name that only admins see; it ends in whose link it is."""
    owner = named_after(int(native_of(effect.member)))
    name = clipped(Visible(" ".join(clean(effect.name).split())), LINK_NAME - len(owner)).text
    body = await call("createChatInviteLink", {"chat_id": chat, "name": f"{name}{owner}".strip()})
    return Done(result=result_of(body, _Link).invite_link)


async def settle_request(call: Call, method: str, chat: int | str, member: Account) -> Answer:
    """Approve or decline somebody who asked to be let in."""
    user = _user(member, chat)
    if isinstance(user, Never):
        return user
    await call(method, {"chat_id": chat, "user_id": user})
    return Done()


async def _sender_chat(call: Call, method: str, chat: int | str, channel: int) -> Never | None:
    """Ban or unban a channel. None if it is done."""
    try:
        await call(method, {"chat_id": chat, "sender_chat_id": channel})
    except ApiError as failed:
        if failed.code == 400 and failed.description.lower().endswith("chat not found"):
            return Never(refusal=Refusal.GONE, why=failed.description)  # the channel, not our group
        raise
    return None


async def _standing(call: Call, chat: int | str, user: int) -> _Standing | None:
    """Somebody's standing; None if Telegram does not tell (never seen there, hidden members)."""
    try:
        return result_of(await call("getChatMember", {"chat_id": chat, "user_id": user}), _Standing)
    except ApiError as failed:
        if failed.code != 400 or failed.migrate_to is not None or failed.description.endswith("chat not found"):
            raise
        return None


def _until(span: timedelta | None, now: datetime) -> tuple[int | None, str]:
    """When a restriction ends, in Unix seconds (None: never), and a note if that is not as asked."""
    if span is None:
        return None, ""
    kept = min(max(span, LEAST), MOST)
    note = "" if kept == span else f"for {int(kept.total_seconds())} s, the nearest span that Telegram keeps"
    return ceil((now + kept).timestamp()), note


def _native(member: Account) -> int | Never:
    native = native_of(member)
    if platform_of(member) != "telegram" or not native.removeprefix("-").isdecimal():
        return Never(refusal=Refusal.MALFORMED, why=f"{member} is no account of Telegram's with a number")
    return int(native)


def _user(member: Account, chat: int | str) -> int | Never:
    """The number of a person; channels and the group itself are refused."""
    native = _native(member)
    if isinstance(native, Never) or native > 0:
        return native
    if native == chat:
        return _own(member)
    return Never(refusal=Refusal.UNABLE, why="a channel can only be banned")


def _own(member: Account) -> Never:
    return Never(refusal=Refusal.IMMUNE, why=f"{member} is the group itself, which anonymous admins write as")

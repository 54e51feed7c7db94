"""Performs effects through one account of WeChat: one case per effect, and every failure becomes an answer.

A message of several parts that breaks off goes on where it broke off (`core/unfinished.py`). After a call that had no
answer nothing is sent until the gateway gives a sign of life, so that a fault leaves those parcels unsure that were on
their way, and no others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, NamedTuple, assert_never

from adapters.wechat.failures import AnswerLost, CallFailed, Refused
from adapters.wechat.gateway import Gateway
from adapters.wechat.library import LARGEST
from adapters.wechat.refusals import AWAY, answer_to
from adapters.wechat.standing import MEMBER
from adapters.wechat.translate import account
from adapters.wechat.wording import LONGEST, Piece, mentioned, native, pieces
from core.delivery import Ability, Answer, Destination, Done, Later, Never, Refusal, Unsure
from core.effects import (
    Approve,
    Ban,
    Decline,
    Delete,
    Edit,
    Effect,
    Invite,
    Mention,
    Mute,
    Pin,
    React,
    Remove,
    Say,
    TellAdmins,
    Unban,
    Unmute,
    Words,
    plain,
)
from core.people import Account
from core.unfinished import Unfinished

LARGEST_FILE: Final = (LARGEST - 64 * 1024) * 3 // 4
"""Bytes of a picture or file that fit into one gRPC message in base64, with room for what surrounds it."""
_NOBODY_HOME: Final = timedelta(seconds=30)


class _Shown(NamedTuple):
    """What is posted above the words, as a message of its own."""

    name: str
    data: bytes
    needs: Ability


class WeChatPlatform:
    """Implements `core.delivery.Platform`. Lives in one event loop.

    `abilities` is what was last seen that the account may do in each group (`standing.abilities`); it may change.
    """

    name: Final = "wechat"

    def __init__(self, gateway: Gateway, abilities: Mapping[str, frozenset[Ability]]) -> None:
        self._gateway = gateway
        self._abilities = abilities
        self._unfinished = Unfinished()

    def abilities(self, group: str) -> frozenset[Ability]:
        """What the account may do in the group now. What any member may do, where nobody has looked yet."""
        return self._abilities.get(group, MEMBER)

    def parts(self, effect: Effect, to: Destination) -> int:
        """How many messages it takes: a picture or file is one of its own, and a long text is several."""
        match effect:
            case Say(announce=True):
                return 1
            case Say():
                return len(pieces(effect.words, {})) + (_shown(effect) is not None)
            case TellAdmins():
                return len(pieces(effect.words, {}))
            case _:
                return 0

    def forget(self, effect: Effect, to: Destination) -> None:
        """See `Platform.forget`."""
        self._unfinished.forget(to.chat, effect)

    async def perform(self, effect: Effect, to: Destination) -> Answer:
        """Do it, a message at a time. Never raises for what the gateway can answer; ends within the deadlines of the
        calls."""
        if not self._gateway.connected:
            return Later(after=AWAY, why="there is no connection to the gateway", whole_bot=True)
        if self._gateway.doubted:
            return Later(after=AWAY, why="the gateway does not answer", whole_bot=True)
        if self._gateway.me is None:
            return Later(after=_NOBODY_HOME, why="the account is not logged in", whole_bot=True)
        try:
            return await self._performed(effect, to)
        except CallFailed as failed:
            return answer_to(failed, effect)

    async def _performed(self, effect: Effect, to: Destination) -> Answer:
        match effect:
            case Say(announce=True):
                return await self._announced(effect, to.chat)
            case Say():
                return await self._said(effect, to)
            case TellAdmins():
                return await self._posted(effect, to, None)
            case Remove():
                return await self._removed(effect.member, to.chat)
            case (
                Approve() | Ban() | Decline() | Delete() | Edit() | Invite() | Mute() | Pin() | React()
                | Unban() | Unmute()
            ):  # fmt: skip
                return Never(refusal=Refusal.UNABLE, why=f"WeChat has nothing like {type(effect).__name__.lower()}")
            case _:
                assert_never(effect)

    async def _said(self, say: Say, to: Destination) -> Answer:
        if say.to is not None and not await self._is_friend(to.chat):
            return Never(refusal=Refusal.UNREACHABLE, why="they are no contact of the account")
        shown = _shown(say)
        if shown is not None and len(shown.data) > LARGEST_FILE:
            why = f"{len(shown.data)} bytes are more than the {LARGEST_FILE} that a gateway takes"
            return Never(refusal=Refusal.UNABLE, why=why, needs=shown.needs)
        return await self._posted(say, to, shown)

    async def _announced(self, say: Say, room: str) -> Answer:
        """Set the room's announcement unless it stands: each time that it is set, everybody is notified."""
        text = plain(say.words).strip()
        if not text:
            return Never(refusal=Refusal.MALFORMED, why="there is nothing to say")
        try:
            if await self._announcement(room) == text:
                return Done(note="it stands already")
        except AnswerLost as lost:
            return Later(after=AWAY, why=str(lost), whole_bot=True)
        except Refused:
            pass  # what cannot be read may be set all the same
        unclear: Unsure | None = None
        try:
            await self._gateway.call(lambda puppet: puppet.announce(room, text))
        except Refused as refused:
            answer = answer_to(refused, say)
            if not isinstance(answer, Unsure):
                return answer
            unclear = answer
        return await self._announcement_stands(room, text, unclear)

    async def _announcement_stands(self, room: str, text: str, unclear: Unsure | None) -> Answer:
        """Read it back: some gateways take an announcement, and nothing happens. `unclear` is how setting it failed."""
        try:
            stands = await self._announcement(room)
        except CallFailed as failed:
            return unclear or Done(note=f"it was set, and could not be read back: {failed}")
        if stands == text:
            return Done()
        return Never(refusal=Refusal.UNABLE, why="the announcement is not what was set", needs="announce")

    async def _announcement(self, room: str) -> str:
        return (await self._gateway.call(lambda puppet: puppet.announcement(room))).strip()

    async def _is_friend(self, contact: str) -> bool:
        try:
            return (await self._gateway.contact(contact)).friend
        except Refused:
            return False

    async def _posted(self, effect: Say | TellAdmins, to: Destination, shown: _Shown | None) -> Answer:
        """Post the first part that is not posted yet. The first one's id is the message's."""
        private = isinstance(effect, Say) and effect.to is not None
        words = effect.words if private else await self._addressed(effect, to.chat)
        names = {} if private else await self._names(words, to.chat)
        sends = [self._file(to.chat, shown)] if shown is not None else []
        sends += [self._text(to.chat, piece) for piece in pieces(words, names)]
        if not sends:
            return Never(refusal=Refusal.MALFORMED, why="there is nothing to say")
        at, message = self._unfinished.resumed(to.chat, effect)
        try:
            sent = await sends[at]()
        except CallFailed as failed:
            answer = answer_to(failed, effect)
            if isinstance(answer, Later | Unsure):
                self._unfinished.broke_off(to.chat, effect, at, message)
            return answer
        except asyncio.CancelledError:
            self._unfinished.broke_off(to.chat, effect, at, message)
            raise
        message, left = message or sent or None, len(sends) - at - 1
        if left:
            self._unfinished.broke_off(to.chat, effect, at + 1, message)
        return Done(message=message, left=left)

    async def _addressed(self, effect: Say | TellAdmins, room: str) -> Words:
        """The words, begun with whom they answer where nothing else in them says it: an account cannot quote. Not in
        what takes several messages: a message that broke off must be cut again where it was."""
        author = self._gateway.author(effect.reply_to or "") if isinstance(effect, Say) else ""
        if not author or mentioned(effect.words):
            return effect.words
        text, name = plain(effect.words), (await self._gateway.member(room, author)).shown
        if not text or not name or name in text or len(text) + len(name) + 2 > LONGEST:
            return effect.words
        return (Mention(account=account(author), name=name), *effect.words)

    async def _names(self, words: Words, room: str) -> Mapping[str, str]:
        """What those mentioned are called in the room. Whoever is not known keeps the name that was written."""
        found = [await self._gateway.member(room, id) for id in mentioned(words)]
        return {member.id: member.shown for member in found if member.shown}

    def _text(self, chat: str, piece: Piece) -> Callable[[], Awaitable[str]]:
        return lambda: self._gateway.call(lambda puppet: puppet.say(chat, piece.text, piece.mentions))

    def _file(self, chat: str, shown: _Shown) -> Callable[[], Awaitable[str]]:
        return lambda: self._gateway.call(lambda puppet: puppet.show(chat, shown.data, shown.name))

    async def _removed(self, member: Account, room: str) -> Answer:
        id = native(member)
        if not id:
            return Never(refusal=Refusal.GONE, why="they are not on WeChat")
        await self._gateway.call(lambda puppet: puppet.remove(room, id))
        return Done()


def _shown(say: Say) -> _Shown | None:
    if say.picture is not None:
        return _Shown("picture.png", say.picture, "picture")
    return _Shown(say.file.name, say.file.data, "file") if say.file is not None else None

"""What the stream tells, made whole: it names messages and people by id only, so the gateway is asked what they are.

One after the other, so that the order stays and never more than one request is under way for what comes in: some
thousand at once slow everything to a crawl.
"""

from __future__ import annotations

import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from adapters.wechat.failures import Broken, CallFailed, NotSent
from adapters.wechat.library import Puppet, Told, instant
from adapters.wechat.names import Names
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
from adapters.wechat.quotes import Quotable, quote_in
from adapters.wechat.states import LoggedIn
from adapters.wechat.translate import TEXT
from core.interest import SLASHES

log = logging.getLogger("yaji.wechat")

_TRIES: Final = 5
REMEMBERED: Final = 5_000
"""Of how many messages it is remembered who wrote them."""
_QUOTED: Final = 3 * REMEMBERED
"""Of how many names and texts it is remembered which message had them last: up to three for each message."""
_EVERYBODY: Final = re.compile(r"@(?:所有人|all\b)", re.IGNORECASE)
_T = TypeVar("_T")


class Source(Protocol):
    """A gateway, as far as reading needs it."""

    me: LoggedIn | None

    async def call(self, made: Callable[[Puppet], Coroutine[Any, Any, _T]]) -> _T:
        """See `Gateway.call`."""
        ...

    async def connected_again(self) -> None:
        """Returns once the gateway is heard."""
        ...


class Reader:
    """Reads for one gateway. `now` is the time in UTC, `clock` counts seconds."""

    def __init__(
        self,
        source: Source,
        names: Names,
        serves: Callable[[str], bool],
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._source = source
        self._names = names
        self._serves = serves
        self._now = now
        self._clock = clock
        self._own: set[str] = set()
        self._authors: OrderedDict[str, str] = OrderedDict()
        self._quotable = Quotable(_QUOTED)

    def author(self, message: str) -> str:
        """The contact id of who wrote one of the last messages; empty where that is not known."""
        return self._authors.get(message, "")

    async def read(self, told: Told) -> Happening | None:
        """What happened. None for what is nobody's business here."""
        says, at = told.says, instant(told.says.get("timestamp")) or self._now()
        room = _text(says, "roomId")
        match told.name:
            case "message":
                message = await self._asked(_text(says, "messageId"), lambda puppet, id: puppet.message(id))
                return message if isinstance(message, Unread) else await self._posted(message)
            case "room_join":
                self._names.forget(room)
                by = await self._one_of(room, _text(says, "inviterId"))
                return Entered(room=room, members=await self._people(room, says.get("inviteeIdList")), by=by, at=at)
            case "room_leave":
                by = await self._one_of(room, _text(says, "removerId"))
                return Departed(room=room, members=await self._people(room, says.get("removeeIdList")), by=by, at=at)
            case "room_topic":
                topic, was, by_id = _text(says, "newTopic"), _text(says, "oldTopic"), _text(says, "changerId")
                return Retitled(room=room, topic=topic, was=was, by=by_id, at=at)
            case "room_invite":
                asked = await self._asked(_text(says, "roomInvitationId"), lambda puppet, id: puppet.invitation(id))
                return asked if isinstance(asked, Unread) else Invited(invitation=asked, at=at)
            case "friendship":
                friend = await self._asked(_text(says, "friendshipId"), lambda puppet, id: puppet.friendship(id))
                return friend if isinstance(friend, Unread) else Befriended(friendship=friend, at=at)
            case "dirty":
                self._names.forget(_text(says, "payloadId"))
        return None

    async def member(self, room: str, id: str) -> Member:
        """Somebody with their names, as far as the gateway tells them. In a private chat (`room` empty) too."""
        held = self._names.get(room, id, self._clock())
        if held is not None:
            return held
        try:
            if room:
                found = await self._source.call(lambda puppet: puppet.member(room, id))
            else:
                contact = await self._source.call(lambda puppet: puppet.contact(id))
                found = Member(id=id, name=contact.name)
        except CallFailed as failed:
            log.info("somebody's name in %s is not known: %s", room or "private", str(failed).replace(id, "their id"))
            return Member(id=id)
        self._names.put(room, found, self._clock())
        return found

    async def _posted(self, message: Message) -> Posted:
        message = _meant(message)
        room, me = message.room, self._source.me
        if me is not None:
            self._own.add(me.id)
        if message.talker in self._own or (room and not self._serves(room)):
            own = message.talker in self._own
            return Posted(message=message, sender=Member(id=message.talker), own=own, arrived=self._now())
        self._authors[message.id] = message.talker
        if len(self._authors) > REMEMBERED:
            self._authors.popitem(last=False)
        sender = await self.member(room, message.talker)
        ours: frozenset[str] = frozenset()
        if me is not None and "@" in message.text:
            here = await self.member(room, me.id) if room else Member(id=me.id)
            ours = frozenset(name for name in (me.name, here.name, here.alias) if name)
        mentioned = [await self._mentioned(room, id, message.text) for id in message.mentions]
        quotes = self._quoted(message, sender) if room and message.kind == TEXT else ""
        return Posted(
            message=message,
            sender=sender,
            mentioned=tuple(mentioned),
            ours=ours,
            quotes=quotes,
            arrived=self._now(),
        )

    async def _mentioned(self, room: str, id: str, text: str) -> Member:
        """Somebody who is mentioned. An order finds them by their name in the text: where that is another than the one
        known, they are asked about anew. A name that somebody only wrote is never taken for theirs."""
        known = await self.member(room, id)
        if text[:1] not in SLASHES or any(name and f"@{name}" in text for name in (known.alias, known.name)):
            return known
        self._names.forget(id)
        return await self.member(room, id)

    def _quoted(self, message: Message, sender: Member) -> str:
        """The message that one quotes, which may be quoted itself from now on."""
        quote = quote_in(message.text)
        found = self._quotable.message(message.room, quote) if quote is not None else ""
        names = {name for name in (sender.name, sender.alias) if name}
        self._quotable.put(message.room, names, message.text, message.id)
        return found

    async def _people(self, room: str, ids: object) -> tuple[Member, ...]:
        named = [str(id) for id in ids if id] if isinstance(ids, Sequence) and not isinstance(ids, str) else []
        return tuple([await self._named(room, id) for id in dict.fromkeys(named)])

    async def _one_of(self, room: str, id: str) -> Member | None:
        return await self._named(room, id) if id else None

    async def _named(self, room: str, id: str) -> Member:
        return await self.member(room, id) if self._serves(room) else Member(id=id)

    async def _asked(self, id: str, call: Callable[[Puppet, str], Coroutine[Any, Any, _T]]) -> _T | Unread:
        """What something is. It is asked twice, and again whenever the connection breaks."""
        why, refusals = "", 0
        for _ in range(_TRIES):
            try:
                return await self._source.call(lambda puppet: call(puppet, id))
            except (Broken, NotSent) as failed:
                why = str(failed)
                await self._source.connected_again()
            except CallFailed as failed:
                why, refusals = str(failed), refusals + 1
                if refusals == 2:  # all others wait behind it
                    break
        log.error("what %s was is lost: %s", id, why)
        return Unread(id=id, why=why, at=self._now())


def _meant(message: Message) -> Message:
    """Without those whom nobody mentioned: to call everybody, gateways give an id that is nobody's (`notify@all`), or
    the ids of all who are in the room."""
    if not message.mentions:
        return message
    ids = tuple(id for id in message.mentions if not id.endswith("@all"))
    if len(ids) > message.text.count("@") and _EVERYBODY.search(message.text):
        ids = ()
    return message if ids == message.mentions else replace(message, mentions=ids)


def _text(says: Mapping[str, Any], name: str) -> str:
    return str(says.get(name) or "")

"""The one door to Wechaty: its puppet, over a channel of our own, with every call kept within a deadline.

Of the package `wechaty` the puppet layer is used (`wechaty_puppet_service` and below). `Wechaty` itself stays outside:
it starts a scheduler, a plugin manager and a web server, gives up at the first trouble, and answers from caches that
are never renewed.

A stock puppet loses some of what a gateway of today says. Put right here: texts that `wechaty-grpc` 1.x moved to
another field (a topic, an announcement or an alias that is set is taken for a question by the gateway, and nothing
happens), and message types that Python's table does not have.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import ssl
import warnings
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Optional, TypeVar

import pyee
import pyee.asyncio
import urllib3
from urllib3.util import parse_url

from adapters.wechat.endpoint import Endpoint
from adapters.wechat.failures import AnswerLost, Broken, NotSent, Refused, Untrusted
from adapters.wechat.payloads import Contact, Friendship, Invitation, Member, Message, Room

# The puppet of Wechaty 0.10.7 looks for these where pyee 9 and urllib3 1 had them.
if not hasattr(pyee, "AsyncIOEventEmitter"):
    pyee.AsyncIOEventEmitter = pyee.asyncio.AsyncIOEventEmitter  # type: ignore[attr-defined]
if not hasattr(urllib3, "get_host"):
    urllib3.get_host = lambda url: parse_url(url)[:3]  # type: ignore[attr-defined]

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of telnetlib, with which a stock puppet would knock at ports
    import betterproto
    from grpclib.client import Channel
    from grpclib.config import Configuration
    from grpclib.exceptions import GRPCError, ProtocolError, StreamTerminatedError
    from grpclib.protocol import H2Protocol
    from h2.connection import H2Connection
    from wechaty_grpc.wechaty import PuppetStub
    from wechaty_grpc.wechaty.puppet import EventType, FriendshipType, PayloadType
    from wechaty_puppet import PuppetOptions
    from wechaty_puppet_service import PuppetService

for _name in ("PuppetService", "WechatyPuppetServiceConfig", "FileBox", "WechatyPuppet.Schema.Base",
              "WechatyPuppet.Schemas.Event"):  # fmt: skip
    # Each comes with a handler that writes to stderr, and PuppetService warns by printing the token.
    _logger = logging.getLogger(_name)
    _logger.handlers, _logger.propagate = [], True
    _logger.setLevel(logging.ERROR)

# Each message is a call, each call a stream, and a connection remembers how its last 65,536 were closed: some 12 MB.
# Asked is only about those whose last frames are still under way.
H2Connection.MAX_CLOSED_STREAMS = 1024  # type: ignore[misc]

LARGEST: Final = 4 * 1024 * 1024
"""The largest message of gRPC that a gateway takes, in bytes."""
_MILLISECONDS: Final = 100_000_000_000
_OFFICIAL: Final = 2
_BASE64: Final = 1
_T = TypeVar("_T")

EVENT_NAMES: Final = {int(kind): kind.name.removeprefix("EVENT_TYPE_").lower() for kind in EventType}


class Told(NamedTuple):
    """One event of the stream: its name (`message`, `room_join`, …; the number of one that is new) and what it says."""

    name: str
    says: dict[str, Any]


@dataclass(eq=False, repr=False)
class _IdAndText(betterproto.Message):
    """A request to set a text. Gateways before `wechaty-grpc` 1.0 read `old`, those of today `text`."""

    id: str = betterproto.string_field(1)
    old: Optional[str] = betterproto.message_field(2, wraps=betterproto.TYPE_STRING)  # noqa: UP045  # betterproto knows no other way
    text: str = betterproto.string_field(3)


@dataclass(eq=False, repr=False)
class _TextAnswer(betterproto.Message):
    old: Optional[str] = betterproto.message_field(1, wraps=betterproto.TYPE_STRING)  # noqa: UP045  # betterproto knows no other way
    text: str = betterproto.string_field(2)


class _Channel(Channel):
    """Once closed it stays closed. Stock ones connect again for a call that comes too late, and are forgotten so."""

    over = False

    def close(self) -> None:
        self.over = True
        super().close()

    async def _create_connection(self) -> H2Protocol:
        if not self.over:
            made = await super()._create_connection()
            if not self.over:
                return made
            made.processor.close()
        raise ConnectionError("the connection was closed")


class Puppet(PuppetService):
    """Wechaty's puppet over one channel. It never stops the gateway's puppet by itself, which would end its session.

    Every call but `told` ends within `deadline` seconds and raises NotSent, AnswerLost or Refused.
    """

    def __init__(self, endpoint: Endpoint, deadline: float) -> None:
        super().__init__(PuppetOptions(token=endpoint.token, end_point=str(endpoint)))
        self.channel = channel = _channel(endpoint)
        metadata = {"authorization": f"Wechaty {endpoint.token}"}
        if endpoint.tls is None:
            # Without TLS a gateway overwrites this by HTTP/2's :authority, where stock clients put the token.
            channel._authority = endpoint.token
        self._puppet_stub = PuppetStub(channel, timeout=deadline, metadata=metadata)
        self._stream = PuppetStub(channel, metadata=metadata)
        self.close = channel.close
        """Close the channel; calls under way are AnswerLost."""

    @property
    def cut_off(self) -> bool:
        """Whether a ping of HTTP/2 stands unanswered: the connection ended because nothing came over it any more."""
        protocol = self.channel._protocol if self.channel is not None else None
        return protocol is not None and protocol.connection._close_by_ping_handler is not None

    async def begin(self) -> None:
        """Have the gateway begin its session, if it has not."""
        await called(self.puppet_stub.start())

    async def free(self) -> None:
        """Make the gateway drop the stream that it holds, whosesoever it is. Its puppet is to be begun anew."""
        await called(self.puppet_stub.stop())

    async def told(self) -> AsyncIterator[Told]:
        """All that the gateway says, until it ends the stream. To be read in a task that ends with it."""
        async for response in self._stream.event():
            yield Told(EVENT_NAMES.get(int(response.type), str(int(response.type))), _object(response.payload))

    async def ring(self) -> None:
        """Ask for a `dong` over the stream."""
        await called(self.ding("yaji"))

    async def message(self, id: str) -> Message:
        """A message by its id."""
        found = await called(self.puppet_stub.message_payload(id=id))
        return Message(
            id=found.id or id,
            kind=int(found.type),
            talker=found.from_id,
            room=found.room_id,
            listener=found.to_id,
            text=found.text,
            filename=found.filename,
            mentions=tuple(found.mention_ids),
            at=instant(found.timestamp),
        )

    async def contact(self, id: str) -> Contact:
        """Somebody whom the account can see."""
        found = await called(self.contact_payload(id))
        return Contact(
            id=id, name=found.name, alias=found.alias, friend=found.friend, official=int(found.type) == _OFFICIAL
        )

    async def contact_now(self, id: str) -> Contact:
        """The same as they are now: a gateway keeps what it said of somebody once, also that they are no friend."""
        await self._forget(PayloadType.PAYLOAD_TYPE_CONTACT, id)
        return await self.contact(id)

    async def contacts(self) -> tuple[str, ...]:
        """The ids of all whom the account knows."""
        return tuple(await called(self.contact_list()))

    async def rooms(self) -> tuple[str, ...]:
        """The ids of the rooms that the account is in."""
        return tuple(await called(self.room_list()))

    async def title(self, id: str) -> str:
        """What a room is called now."""
        await self._forget(PayloadType.PAYLOAD_TYPE_ROOM, id)
        return str((await called(self.room_payload(id))).topic)

    async def room(self, id: str) -> Room:
        """A room as it is now, by the gateway's own list and not by what it remembers."""
        await self._forget(PayloadType.PAYLOAD_TYPE_ROOM, id)
        found = await called(self.room_payload(id))
        members = await called(self.room_members(id))
        return Room(
            id=id,
            topic=found.topic,
            owner=found.owner_id,
            admins=frozenset(found.admin_ids),
            members=tuple(members or found.member_ids),
        )

    async def member(self, room: str, id: str) -> Member:
        """Somebody in a room."""
        found = await called(self.room_member_payload(room, id))
        return Member(id=id, name=found.name, alias=found.room_alias, inviter=found.inviter_id)

    async def forget_members(self, room: str) -> None:
        """Have the gateway ask WeChat anew for the names in a room."""
        await self._forget(PayloadType.PAYLOAD_TYPE_ROOM_MEMBER, room)

    async def invitation(self, id: str) -> Invitation:
        """What a room invitation says."""
        found = await called(self.puppet_stub.room_invitation_payload(id=id))
        return Invitation(id=id, inviter=found.inviter_id, topic=found.topic)

    async def friendship(self, id: str) -> Friendship:
        """What a friend request says, or the confirmation of one."""
        found = await called(self.puppet_stub.friendship_payload(id=id))
        asks = int(found.type) != int(FriendshipType.FRIENDSHIP_TYPE_CONFIRM)
        return Friendship(id=id, contact=found.contact_id, hello=found.hello, asks=asks)

    async def say(self, conversation: str, text: str, mentions: tuple[str, ...] = ()) -> str:
        """Post a text. Answers the message's id, empty where the gateway does not tell it."""
        return await called(self.message_send_text(conversation, text, list(mentions))) or ""

    async def show(self, conversation: str, data: bytes, name: str) -> str:
        """Post a picture or another file; what it is, gateways see by its name. Answers as `say` does."""
        # `boxType` for gateways before file-box 1.0; Wechaty's own FileBox warns of itself at every use.
        box = {"type": _BASE64, "boxType": _BASE64, "name": name, "base64": base64.b64encode(data).decode()}
        call = self.puppet_stub.message_send_file(
            conversation_id=conversation, filebox=json.dumps(box | {"metadata": {}})
        )
        return (await called(call)).id or ""

    async def remove(self, room: str, member: str) -> None:
        """Take somebody out of a room."""
        await called(self.room_delete(room, member))

    async def accept_friendship(self, id: str) -> None:
        """Let somebody be a contact."""
        await called(self.friendship_accept(id))

    async def accept_invitation(self, id: str) -> None:
        """Join a room that the account was asked into."""
        await called(self.room_invitation_accept(id))

    async def topic(self, room: str, new: str = "") -> str:
        """The topic of a room as the gateway has it; set it first if one is given."""
        if new:
            await self._set("RoomTopic", room, new)
        return await self._text("RoomTopic", room)

    async def announcement(self, room: str) -> str:
        """The announcement of a room as the gateway has it."""
        return await self._text("RoomAnnounce", room)

    async def announce(self, room: str, text: str) -> None:
        """Set the announcement of a room, which notifies everybody in it."""
        await self._set("RoomAnnounce", room, text)

    async def alias(self, contact: str, new: str = "") -> str:
        """What the account calls a contact, as the gateway has it; set it first if a name is given."""
        if new:
            await self._set("ContactAlias", contact, new)
        return await self._text("ContactAlias", contact)

    async def _set(self, call: str, id: str, text: str) -> None:
        await self._asked(call, _IdAndText(id=id, old=text, text=text))

    async def _text(self, call: str, id: str) -> str:
        answer = await self._asked(call, _IdAndText(id=id))
        return str(answer.text or answer.old or "")

    async def _asked(self, call: str, request: _IdAndText) -> _TextAnswer:
        return await called(self.puppet_stub._unary_unary(f"/wechaty.Puppet/{call}", request, _TextAnswer))

    async def _forget(self, kind: PayloadType, id: str) -> None:
        await called(self.dirty_payload(kind, id))


def instant(told: object) -> datetime | None:
    """An instant as gateways write it: in seconds or milliseconds; None for none, and for what is no instant."""
    try:
        number = float(told or 0)  # type: ignore[arg-type]
        return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, UTC) if number > 0 else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def first_line(text: str | None) -> str:
    """What a gateway says, without the stack that it puts behind it."""
    return next((line.strip() for line in (text or "").splitlines() if line.strip()), "")[:300]


async def called(call: Coroutine[Any, Any, _T]) -> _T:
    """The answer to a call, made in a task of its own: grpclib ends a call by cancelling the task that waits for it."""
    task = asyncio.ensure_future(call)
    try:
        return await task
    except GRPCError as error:
        raise Refused(error.status.name, first_line(error.message)) from None
    except UnicodeDecodeError as error:
        raise Refused("DATA_LOSS", f"the answer cannot be read: {error}") from None
    except TimeoutError:
        raise AnswerLost("no answer within the deadline") from None
    except (StreamTerminatedError, ProtocolError) as error:
        raise Broken(first_line(str(error)) or type(error).__name__) from None
    except ssl.SSLError as error:
        raise Untrusted(first_line(str(error))) from None
    except OSError as error:
        raise NotSent(first_line(str(error)) or type(error).__name__) from None
    except asyncio.CancelledError:
        me = asyncio.current_task()
        if me is not None and me.cancelling():
            raise
        raise Broken("the connection was closed") from None


def _channel(endpoint: Endpoint) -> _Channel:
    keepalive: dict[str, Any] = {
        "_keepalive_time": 10.0,
        "_keepalive_timeout": 10.0,
        "_keepalive_permit_without_calls": True,
        "_http2_max_pings_without_data": 0,
        "_http2_min_sent_ping_interval_without_data": 9.0,
    }
    if endpoint.tls is None:
        return _Channel(endpoint.host, endpoint.port, config=Configuration(**keepalive))
    name = endpoint.tls.name or endpoint.host
    config = Configuration(ssl_target_name_override=name, **keepalive)
    return _Channel(endpoint.host, endpoint.port, ssl=endpoint.tls.context(), config=config)


def _object(text: str) -> dict[str, Any]:
    """A payload of the stream. What is no JSON object is kept under `text`: an error's text is no reason to stop."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {"text": text}
    return found if isinstance(found, dict) else {"text": text}

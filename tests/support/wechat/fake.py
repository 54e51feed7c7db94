"""A gateway in Python: the gRPC service that Wechaty's puppet servers offer, before a scripted world.

It behaves as `wechaty-puppet-service` 1.19 does, where it was looked at: one stream at a time, ALREADY_EXISTS for a
second one, what is told while nobody listens is lost, texts of set calls are read from field 3 only, errors of the
puppet are UNKNOWN with a stack behind them, and without TLS the token is HTTP/2's :authority.
"""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import betterproto
import grpclib.const
import grpclib.server
from grpclib.const import Status
from grpclib.exceptions import GRPCError
from grpclib.protocol import H2Protocol
from wechaty_grpc.wechaty import puppet as grpc

from adapters.wechat.endpoint import Endpoint
from tests.support.ports import HeldPort
from tests.support.wechat.certificates import Certificate
from tests.support.wechat.world import DONG, HEARTBEAT, LOGIN, SCAN, Sent, World

Answered = Callable[[Any], Any]


@dataclass(eq=False, repr=False)
class TextRequest(betterproto.Message):
    """RoomTopic, RoomAnnounce and ContactAlias as `wechaty-grpc` 1.x has them."""

    id: str = betterproto.string_field(1)
    text: str = betterproto.string_field(3)


@dataclass(eq=False, repr=False)
class TextResponse(betterproto.Message):
    text: str = betterproto.string_field(2)


class _Handler(grpclib.server.Handler):
    """Takes HTTP/2's :authority for the token where none is shown, as JavaScript's gateways do."""

    def accept(self, stream: Any, headers: Any, release_stream: Any) -> None:
        if not any(name == "authorization" for name, _ in headers):
            headers = [*headers, ("authorization", f"Wechaty {dict(headers).get(':authority', '')}")]
        super().accept(stream, headers, release_stream)


class _Server(grpclib.server.Server):
    def __init__(self, services: list[Any]) -> None:
        super().__init__(services)
        self.protocols: list[H2Protocol] = []

    def _protocol_factory(self) -> H2Protocol:
        handler = _Handler(self._mapping, self._codec, self._status_details_codec, self.__dispatch__)
        self._handlers.add(handler)
        self.protocols.append(H2Protocol(handler, self._config, self._h2_config))
        return self.protocols[-1]

    def die(self) -> None:
        """As the system ends a process: no connection says goodbye."""
        for protocol in self.protocols:
            if (transport := getattr(getattr(protocol, "connection", None), "_transport", None)) is not None:
                transport.abort()
        self.close()


class FakeGateway:
    """Serves one world on 127.0.0.1, on one port from start to start."""

    def __init__(
        self,
        world: World | None = None,
        *,
        token: str = "secret",
        certificate: Certificate | None = None,
        dongs: bool = True,
    ) -> None:
        self.world = world = world or World()
        self.token = token
        self._held = HeldPort()
        self.port = self._held.number
        self.dongs = dongs
        """Some puppets take a ding and answer nothing."""
        self.deaf = False
        """Nothing is told over the stream any more, and calls are taken as before."""
        self.holds = False
        """The stream of a client that is gone stays taken."""
        self.slow: asyncio.Event | None = None
        """While it is set to an event that is not, no call is answered."""
        self.stuck: set[str] = set()
        """What is asked about these ids is never answered."""
        self.asked: list[str] = []
        self._certificate = certificate
        self._server: _Server | None = None
        self._stream: asyncio.Queue[tuple[int, Mapping[str, object]] | None] | None = None
        world.tell = self._tell

    @property
    def endpoint(self) -> Endpoint:
        tls = self._certificate.tls if self._certificate is not None else None
        return Endpoint(host="127.0.0.1", port=self.port, token=self.token, tls=tls)

    async def start(self) -> None:
        self._server = _Server([self])
        # Said to be TCP in so many words, or asyncio leaves Nagle's algorithm on.
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        await self._server.start(
            sock=listening, ssl=self._certificate.context() if self._certificate is not None else None
        )

    async def stop(self) -> None:
        """The process is gone, with all connections."""
        assert self._server is not None
        self._server.die()
        await self._server.wait_closed()
        self._stream = None

    async def do(self, what: str, /, **arguments: Any) -> Any:
        """Have something happen, by the name that `World` has for it."""
        if what == "deafen":
            self.deaf = arguments["deaf"]
            return None
        return getattr(self.world, what)(**arguments)

    async def sent(self) -> list[Sent]:
        return list(self.world.sent)

    async def calls(self) -> list[str]:
        """The calls that begin or end the gateway's session, in order."""
        return [call for call in self.asked if call in ("Start", "Stop")]

    async def removed(self) -> list[tuple[str, str]]:
        return list(self.world.removed)

    async def accepted(self) -> list[str]:
        return list(self.world.accepted)

    def _tell(self, type: int, says: Mapping[str, object]) -> None:
        if self._stream is not None and not self.deaf:
            self._stream.put_nowait((type, says))

    def __mapping__(self) -> Mapping[str, grpclib.const.Handler]:
        world = self.world
        unary: Mapping[str, tuple[Answered, type, type]] = {
            "Start": (lambda _: grpc.StartResponse(), grpc.StartRequest, grpc.StartResponse),
            "Stop": (self._freed, grpc.StopRequest, grpc.StopResponse),
            "Ding": (self._ding, grpc.DingRequest, grpc.DingResponse),
            "DirtyPayload": (
                lambda _: grpc.DirtyPayloadResponse(),
                grpc.DirtyPayloadRequest,
                grpc.DirtyPayloadResponse,
            ),
            "MessagePayload": (self._message, grpc.MessagePayloadRequest, grpc.MessagePayloadResponse),
            "MessageSendText": (self._say, grpc.MessageSendTextRequest, grpc.MessageSendTextResponse),
            "MessageSendFile": (self._show, grpc.MessageSendFileRequest, grpc.MessageSendFileResponse),
            "ContactPayload": (self._contact, grpc.ContactPayloadRequest, grpc.ContactPayloadResponse),
            "ContactList": (
                lambda _: grpc.ContactListResponse(ids=list(world.contacts)),
                grpc.ContactListRequest,
                grpc.ContactListResponse,
            ),
            "RoomList": (
                lambda _: grpc.RoomListResponse(ids=[*world.rooms, *world.stale]),
                grpc.RoomListRequest,
                grpc.RoomListResponse,
            ),
            "RoomPayload": (self._room, grpc.RoomPayloadRequest, grpc.RoomPayloadResponse),
            "RoomMemberList": (
                lambda asked: grpc.RoomMemberListResponse(member_ids=list(_found(world.rooms, asked.id).members)),
                grpc.RoomMemberListRequest,
                grpc.RoomMemberListResponse,
            ),
            "RoomMemberPayload": (self._member, grpc.RoomMemberPayloadRequest, grpc.RoomMemberPayloadResponse),
            "RoomDel": (self._remove, grpc.RoomDelRequest, grpc.RoomDelResponse),
            "RoomInvitationPayload": (
                self._invitation,
                grpc.RoomInvitationPayloadRequest,
                grpc.RoomInvitationPayloadResponse,
            ),
            "RoomInvitationAccept": (
                self._accepts(grpc.RoomInvitationAcceptResponse),
                grpc.RoomInvitationAcceptRequest,
                grpc.RoomInvitationAcceptResponse,
            ),
            "FriendshipPayload": (self._friendship, grpc.FriendshipPayloadRequest, grpc.FriendshipPayloadResponse),
            "FriendshipAccept": (
                self._accepts(grpc.FriendshipAcceptResponse),
                grpc.FriendshipAcceptRequest,
                grpc.FriendshipAcceptResponse,
            ),
            "RoomTopic": (self._text("rooms", "topic"), TextRequest, TextResponse),
            "RoomAnnounce": (self._text("rooms", "announcement"), TextRequest, TextResponse),
            "ContactAlias": (self._text("contacts", "alias"), TextRequest, TextResponse),
        }
        routes = {
            f"/wechaty.Puppet/{name}": grpclib.const.Handler(
                self._handled(name, answered), grpclib.const.Cardinality.UNARY_UNARY, asked, answer
            )
            for name, (answered, asked, answer) in unary.items()
        }
        routes["/wechaty.Puppet/Event"] = grpclib.const.Handler(
            self._event, grpclib.const.Cardinality.UNARY_STREAM, grpc.EventRequest, grpc.EventResponse
        )
        return routes

    def _handled(self, name: str, answered: Answered) -> Callable[[Any], Awaitable[None]]:
        async def handle(stream: Any) -> None:
            self._let_in(stream)
            asked = await stream.recv_message()
            self.asked.append(name)
            if self.slow is not None:
                await self.slow.wait()
            if getattr(asked, "id", "") in self.stuck:
                await asyncio.Event().wait()
            if (why := self.world.refusing.get(name)) is not None:
                raise _puppet_error(why)
            await stream.send_message(answered(asked))

        return handle

    def _let_in(self, stream: Any) -> None:
        metadata = dict(stream.metadata or {})
        shown = metadata.get("authorization", "").removeprefix("Wechaty ")
        if shown != self.token:
            raise GRPCError(Status.UNAUTHENTICATED, f'Invalid Wechaty TOKEN "{shown}"')

    async def _event(self, stream: Any) -> None:
        self._let_in(stream)
        await stream.recv_message()
        if self._stream is not None:
            raise GRPCError(Status.ALREADY_EXISTS, "GrpcServerImpl.event() can not call twice.")
        mine: asyncio.Queue[tuple[int, Mapping[str, object]] | None] = asyncio.Queue()
        self._stream = mine
        mine.put_nowait((HEARTBEAT, {"data": "Wechaty Puppet gRPC stream connect successfully"}))
        if self.world.me is not None:
            mine.put_nowait((LOGIN, {"contactId": self.world.me}))
        if self.world.scan is not None:
            mine.put_nowait((SCAN, {"qrcode": self.world.scan[0], "status": self.world.scan[1]}))
        try:
            while (next_ := await mine.get()) is not None:
                type, says = next_
                await stream.send_message(grpc.EventResponse(type=type, payload=json.dumps(says)))  # type: ignore[arg-type]
        finally:
            if self._stream is mine and not self.holds:
                self._stream = None

    def _freed(self, _: Any) -> grpc.StopResponse:
        if self._stream is not None:
            self._stream.put_nowait(None)
        self._stream, self.holds = None, False
        return grpc.StopResponse()

    def _ding(self, asked: Any) -> grpc.DingResponse:
        if self.dongs:
            self._tell(DONG, {"data": asked.data})
        return grpc.DingResponse()

    def _message(self, asked: Any) -> grpc.MessagePayloadResponse:
        found = _found(self.world.messages, asked.id)
        return grpc.MessagePayloadResponse(
            id=found.id, filename=found.filename, text=found.text, timestamp=found.at * 1000, type=found.kind,
            from_id=found.talker, room_id=found.room, to_id="" if found.room else self.world.me or "",
            mention_ids=list(found.mentions),
        )  # fmt: skip

    def _say(self, asked: Any) -> grpc.MessageSendTextResponse:
        self._reachable(asked.conversation_id)
        self.world.sent.append(Sent(chat=asked.conversation_id, text=asked.text, mentions=tuple(asked.mentonal_ids)))
        return grpc.MessageSendTextResponse(id=self._echo(asked.conversation_id, asked.text))

    def _show(self, asked: Any) -> grpc.MessageSendFileResponse:
        self._reachable(asked.conversation_id)
        box = json.loads(asked.filebox)
        self.world.sent.append(
            Sent(chat=asked.conversation_id, picture=base64.b64decode(box["base64"]), name=box["name"])
        )
        return grpc.MessageSendFileResponse(id=self._echo(asked.conversation_id, "", kind=6))

    def _reachable(self, chat: str) -> None:
        if self.world.me is None:
            raise _puppet_error("not logged in")
        if chat not in self.world.rooms and not _found(self.world.contacts, chat).friend:
            raise _puppet_error("not friend")

    def _echo(self, chat: str, text: str, kind: int = 7) -> str:
        """What the account itself posts comes back over the stream, as from anybody."""
        assert self.world.me is not None
        return self.world.posts(self.world.me, text, chat if chat in self.world.rooms else "", kind=kind)

    def _contact(self, asked: Any) -> grpc.ContactPayloadResponse:
        found = _found(self.world.contacts, asked.id)
        return grpc.ContactPayloadResponse(
            id=found.id,
            name=found.name,
            alias=found.alias,
            friend=found.friend,
            type=found.type,  # type: ignore[arg-type]
        )

    def _room(self, asked: Any) -> grpc.RoomPayloadResponse:
        found = _found(self.world.rooms, asked.id)
        return grpc.RoomPayloadResponse(
            id=found.id, topic=found.topic, owner_id=found.owner, member_ids=list(found.members)
        )

    def _member(self, asked: Any) -> grpc.RoomMemberPayloadResponse:
        room = _found(self.world.rooms, asked.id)
        found = _found(self.world.contacts, asked.member_id)
        alias = room.members.get(asked.member_id, "")
        return grpc.RoomMemberPayloadResponse(id=found.id, name=found.name, room_alias=alias)

    def _remove(self, asked: Any) -> grpc.RoomDelResponse:
        room = _found(self.world.rooms, asked.id)
        if room.owner != self.world.me:
            raise _puppet_error("the room is not mine")
        if asked.contact_id not in room.members:
            raise _puppet_error("member not found")
        self.world.removed.append((asked.id, asked.contact_id))
        self.world.leaves(asked.id, asked.contact_id, by=self.world.me)
        return grpc.RoomDelResponse()

    def _invitation(self, asked: Any) -> grpc.RoomInvitationPayloadResponse:
        found = _found(self.world.invitations, asked.id)
        return grpc.RoomInvitationPayloadResponse(id=asked.id, inviter_id=found["inviter"], topic=found["topic"])

    def _friendship(self, asked: Any) -> grpc.FriendshipPayloadResponse:
        found = _found(self.world.friendships, asked.id)
        return grpc.FriendshipPayloadResponse(
            id=asked.id, contact_id=found["contact"], hello=found["hello"], type=found["type"]
        )

    def _accepts(self, answer: type) -> Answered:
        def accept(asked: Any) -> Any:
            self.world.accepted.append(asked.id)
            return answer()

        return accept

    def _text(self, where: str, name: str) -> Answered:
        def text(asked: Any) -> TextResponse:
            held = _found(getattr(self.world, where), asked.id)
            if asked.text:
                if name == "announcement" and held.owner != self.world.me:
                    raise _puppet_error("the room is not mine")
                if name not in self.world.ignoring:
                    setattr(held, name, asked.text)
                return TextResponse()
            if name in self.world.unreadable:
                raise _puppet_error("something")
            return TextResponse(text=getattr(held, name))

        return text


def _found(held: Mapping[str, Any], id: str) -> Any:
    if id not in held:
        raise _puppet_error(f"no payload found for id {id}")
    return held[id]


def _puppet_error(why: str) -> GRPCError:
    return GRPCError(Status.UNKNOWN, f"Error: {why}\n    at PuppetMock.call (/gateway/puppet.js:1:1)")

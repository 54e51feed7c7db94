"""A scripted WeChat behind a gateway: who there is, what they write, and what the account was made to do."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

ME = "wxid_yaji"
EPOCH = 1_764_000_000
"""The instant of the first message, in Unix seconds; each later one is a second after."""

MESSAGE, DONG, ERROR, HEARTBEAT = 2, 3, 16, 1
FRIENDSHIP, ROOM_INVITE, ROOM_JOIN, ROOM_LEAVE, ROOM_TOPIC, SCAN, READY, LOGIN, LOGOUT = (
    17,
    18,
    19,
    20,
    21,
    22,
    23,
    25,
    26,
)
TEXT = 7


@dataclass(kw_only=True)
class Contact:
    id: str
    name: str
    alias: str = ""
    friend: bool = False
    type: int = 1


@dataclass(kw_only=True)
class Room:
    id: str
    topic: str
    owner: str = ""
    members: dict[str, str] = field(default_factory=dict)
    """Ids, each with the name that they have in the room ("" for none of its own)."""
    announcement: str = ""


@dataclass(kw_only=True)
class Message:
    id: str
    kind: int
    talker: str
    room: str
    text: str
    at: int
    mentions: tuple[str, ...] = ()
    filename: str = ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What the account posted: a text with those mentioned, or a picture."""

    chat: str
    text: str = ""
    mentions: tuple[str, ...] = ()
    picture: bytes | None = None
    name: str = ""
    """Of the picture or file."""


class World:
    """What is told goes to `tell(event type, payload)`; nobody listens until somebody sets it."""

    def __init__(self) -> None:
        self.contacts: dict[str, Contact] = {}
        self.rooms: dict[str, Room] = {}
        self.messages: dict[str, Message] = {}
        self.invitations: dict[str, Mapping[str, str]] = {}
        self.friendships: dict[str, Mapping[str, object]] = {}
        self.sent: list[Sent] = []
        self.removed: list[tuple[str, str]] = []
        self.accepted: list[str] = []
        self.me: str | None = ME
        self.scan: tuple[str, int] | None = None
        self.stale: list[str] = []
        """Rooms that are listed and of which nothing is known."""
        self.refusing: dict[str, str] = {}
        """Calls that fail, with the text of the puppet's error."""
        self.ignoring: set[str] = set()
        """Texts that are taken when they are set, and not kept."""
        self.unreadable: set[str] = set()
        """Texts that can be set and not read."""
        self.tell: Callable[[int, Mapping[str, object]], None] = lambda _type, _payload: None
        self._numbers = itertools.count(1)
        self.contact(ME, "雅集")

    def dated(self, instant: int) -> None:
        """What happens next is a second after this instant, or as late as it would be."""
        self._numbers = itertools.count(max(next(self._numbers), instant - EPOCH + 1))

    def contact(self, id: str, name: str, *, friend: bool = False, alias: str = "", type: int = 1) -> Contact:
        self.contacts[id] = made = Contact(id=id, name=name, friend=friend, alias=alias, type=type)
        return made

    def room(self, id: str, topic: str, members: Mapping[str, str], owner: str = "") -> Room:
        self.rooms[id] = made = Room(id=id, topic=topic, owner=owner, members={ME: "", **members})
        return made

    def posts(
        self, talker: str, text: str, room: str = "", *, kind: int = TEXT, mentions: Sequence[str] = (), id: str = ""
    ) -> str:
        number = next(self._numbers)
        id = id or f"msg{number}"
        self.messages[id] = Message(
            id=id, kind=kind, talker=talker, room=room, text=text, at=EPOCH + number, mentions=tuple(mentions)
        )
        self.tell(MESSAGE, {"messageId": id})
        return id

    def burst(self, talker: str, room: str, count: int) -> None:
        for number in range(count):
            self.posts(talker, f"{number}", room)

    def enters(self, room: str, ids: Sequence[str], by: str | None = None) -> None:
        for id in ids:
            self.rooms[room].members[id] = ""
        says: dict[str, object] = {"inviteeIdList": list(ids), "roomId": room, "timestamp": self._now()}
        self.tell(ROOM_JOIN, says | ({"inviterId": by} if by else {}))

    def leaves(self, room: str, id: str, by: str | None = None) -> None:
        self.rooms[room].members.pop(id, None)
        says: dict[str, object] = {"removeeIdList": [id], "roomId": room, "timestamp": self._now()}
        self.tell(ROOM_LEAVE, says | ({"removerId": by} if by else {}))

    def retitles(self, room: str, topic: str, by: str) -> None:
        was, self.rooms[room].topic = self.rooms[room].topic, topic
        says = {"changerId": by, "newTopic": topic, "oldTopic": was, "roomId": room, "timestamp": self._now()}
        self.tell(ROOM_TOPIC, says)

    def invites(self, id: str, topic: str, by: str) -> None:
        self.invitations[id] = {"topic": topic, "inviter": by}
        self.tell(ROOM_INVITE, {"roomInvitationId": id, "timestamp": self._now()})

    def befriends(self, id: str, contact: str, hello: str) -> None:
        self.friendships[id] = {"contact": contact, "hello": hello, "type": 2}
        self.tell(FRIENDSHIP, {"friendshipId": id, "timestamp": self._now()})

    def asks_to_scan(self, url: str, status: int = 2) -> None:
        self.scan = (url, status)
        self.tell(SCAN, {"qrcode": url, "status": status})

    def logs_in(self, id: str = ME) -> None:
        self.me, self.scan = id, None
        self.tell(LOGIN, {"contactId": id})

    def readies(self) -> None:
        """The gateway knows all that there is now."""
        self.tell(READY, {"data": "ready"})

    def logs_out(self, why: str = "") -> None:
        gone, self.me = self.me, None
        self.tell(LOGOUT, {"contactId": gone, "data": why})

    def complains(self, text: str) -> None:
        """As JavaScript's gateways do: an error is an object with a serialised GError in it."""
        self.tell(ERROR, {"gerror": json.dumps({"message": text})})

    def forgets(self, id: str) -> None:
        """The gateway does not know the message any more."""
        del self.messages[id]

    def refuses(self, call: str, why: str) -> None:
        self.refusing[call] = why

    def _now(self) -> int:
        return EPOCH + next(self._numbers)

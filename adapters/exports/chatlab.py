"""ChatLab 0.0.x, JSON and JSONL: what third-party readers of WeChat, QQ and others write.

Source: the format's specification, version 0.0.2. Message types: 0 text, 1 image, 2 voice, 3 video, 4 file,
5 sticker, 7 link, 8 location, 25 reply, 26 forward, 27 contact card, 80 system, 81 recall. Times are seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.exports.history import LONGEST_LINE, Reading, Row, Skipped, Source, instant, sane
from adapters.exports.json_walk import BrokenValue, CutShort, Walker, refuse
from adapters.exports.links import links
from adapters.exports.names import Lately, Names
from adapters.exports.ordering import by_time
from adapters.exports.wechat_notes import moves
from core.events import Event, MessageDeleted, MessageKind, MessagePosted, Reply
from core.people import Actor

name = "chatlab"
_KINDS: dict[int, MessageKind] = {
    0: "text",
    1: "photo",
    2: "voice",
    3: "video",
    4: "file",
    5: "sticker",
    7: "text",
    8: "location",
    25: "text",
    26: "text",
    27: "contact",
}
_SYSTEM, _RECALL, _FORWARD = 80, 81, 26
_AT = re.compile(r"@([^\s@\u2005]{1,64})(?:\u2005|\s|$)")


class _Role(msgspec.Struct):
    id: str = ""


class _Member(msgspec.Struct, rename="camel"):
    platform_id: str
    account_name: str = ""
    group_nickname: str | None = None
    roles: list[_Role] = []


class _Message(msgspec.Struct, rename="camel"):
    sender: str
    timestamp: float
    type: int
    account_name: str = ""
    group_nickname: str | None = None
    content: str | None = None
    platform_message_id: str | int | None = None
    reply_to_message_id: str | int | None = None


_member = msgspec.json.Decoder(_Member)
_message = msgspec.json.Decoder(_Message)


def recognises(head: str) -> bool:
    """The object has `chatlab` and `meta`, or the first line is a header."""
    start = head[:4000]
    return start.lstrip().startswith(("{", "#")) and '"chatlab"' in start and ('"meta"' in start or '"_type"' in start)


def read(source: Source, reading: Reading) -> Iterator[Event | Skipped]:
    """See `history.Format.read`."""
    room = _Room(reading)
    rows = _lines(source, room) if _is_lines(source) else _document(source, room)
    for row in by_time(rows, source):
        if isinstance(row, Skipped):
            yield row
        else:
            yield from room.events(row)


def _is_lines(source: Source) -> bool:
    return '"_type"' in next(
        (line for line in source.head().splitlines() if line.strip() and not line.startswith("#")), ""
    )


class _Room:
    """Members and platform as the file names them, and who wrote the last messages."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.platform = "wechat"
        self._names = Names(self.platform)
        self._staff: set[str] = set()
        self._lately = Lately()

    def learn_platform(self, meta: Any) -> None:
        told = meta.get("platform") if isinstance(meta, dict) else None
        if isinstance(told, str) and told and ":" not in told:
            self.platform = told
            self._names = Names(told)

    def learn_member(self, text: str) -> None:
        """Raises msgspec.DecodeError."""
        told = _member.decode(text)
        account = f"{self.platform}:{told.platform_id}"
        self._names.saw(told.account_name, account)
        self._names.saw(told.group_nickname or "", account)
        if any(role.id in ("owner", "admin") for role in told.roles):
            self._staff.add(account)

    def row(self, seq: int, place: str, text: str) -> Row:
        """Raises msgspec.DecodeError, ValueError or OverflowError."""
        told = _message.decode(text)
        at = sane(round(told.timestamp * 1_000_000))
        if told.type not in (_SYSTEM, _RECALL):
            self._names.saw(told.group_nickname or told.account_name, f"{self.platform}:{told.sender}")
        return Row(at, seq, place, text)

    def events(self, row: Row) -> Iterator[Event]:
        told = _message.decode(row.data)
        at, group = instant(row.at), self._reading.group
        message = str(told.platform_message_id) if told.platform_message_id is not None else f"row-{row.seq}"
        ours = f"export:chatlab:{message}"
        if told.type == _SYSTEM:
            yield from moves(told.content or "", ours, at, self._names, self._reading)
            return
        actor = self._actor(told)
        if told.type == _RECALL:
            gone = str(told.reply_to_message_id) if told.reply_to_message_id is not None else message
            yield MessageDeleted(id=f"{ours}:recalled", at=at, group=group, message=gone, actor=actor)
            return
        text = told.content or ""
        reply = None
        if told.reply_to_message_id is not None:
            answered = str(told.reply_to_message_id)
            reply = Reply(message=answered, author=self._lately.author(answered))
        self._lately.wrote(message, actor)
        yield MessagePosted(
            id=ours,
            at=at,
            group=group,
            actor=actor,
            message=message,
            text=text,
            kind=_KINDS.get(told.type, "other"),
            mentions=tuple(self._names.actor(who, self._reading) for who in dict.fromkeys(_AT.findall(text)))
            if "@" in text
            else (),
            links=links(text),
            reply_to=reply,
            forwarded=told.type == _FORWARD,
        )

    def _actor(self, told: _Message) -> Actor:
        account = f"{self.platform}:{told.sender}"
        actor = self._reading.actor(account, told.group_nickname or told.account_name)
        if account in self._staff:
            return Actor(account=actor.account, name=actor.name, kind=actor.kind, admin=True)
        return actor


def _lines(source: Source, room: _Room) -> Iterator[Row | Skipped]:
    for number, line in source.lines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        place = f"line {number}"
        try:
            if len(line) >= LONGEST_LINE:
                raise ValueError(f"longer than {LONGEST_LINE} characters")
            kind = msgspec.json.decode(text, type=dict[str, Any]).get("_type")
            if kind == "header":
                room.learn_platform(msgspec.json.decode(text)["meta"])
            elif kind == "member":
                room.learn_member(text)
            elif kind == "message":
                yield room.row(number, place, text)
            else:
                raise ValueError(f"unknown _type {kind!r}")
        except (msgspec.DecodeError, ValueError, KeyError, OverflowError, RecursionError) as error:
            yield Skipped(place=place, why=str(error))


def _document(source: Source, room: _Room) -> Iterator[Row | Skipped]:
    begun = False
    with source.text() as file:
        walk = Walker(file)
        try:
            for key in walk.members():
                if key in ("members", "messages"):
                    begun = begun or key == "messages"
                    yield from _elements(walk, room, key)
                    continue
                try:
                    value, _ = walk.value()
                except BrokenValue as error:
                    yield Skipped(place=key, why=str(error))
                    continue
                if key == "meta":
                    room.learn_platform(value)
        except CutShort as error:
            if not begun:
                raise refuse(source.path.name, "ChatLab") from None
            yield Skipped(place="the end of the file", why=str(error))


def _elements(walk: Walker, room: _Room, key: str) -> Iterator[Row | Skipped]:
    for number in walk.elements():
        place = f"{key}[{number}]"
        try:
            _, text = walk.value()
            if key == "members":
                room.learn_member(text)
            else:
                yield room.row(number, place, text)
        except (BrokenValue, msgspec.DecodeError, ValueError, OverflowError) as error:
            yield Skipped(place=place, why=str(error))

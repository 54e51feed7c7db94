"""What the chatlog reader of WeChat writes, CSV and JSON.

CSV: `Time,SenderName,Sender,TalkerName,Talker,Content`, on the phone's wall clock, without ids. JSON: an array of
messages with `seq` (seconds and three digits), `time`, `talker`, `sender`, `type`, `subType`, `content`, `contents`.
Source: its model of a message.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.exports.history import Reading, Row, Skipped, Source, instant, micros, moment
from adapters.exports.json_walk import BrokenValue, CutShort, Walker, refuse
from adapters.exports.links import links
from adapters.exports.names import Names
from adapters.exports.ordering import by_time
from adapters.exports.records import records
from adapters.exports.wechat_notes import moves
from core.errors import InputRefused
from core.events import Event, MessageKind, MessagePosted, Reply
from core.people import Actor

name = "chatlog"
_ROW = re.compile(r'^"?\d{4}[-/]\d\d?[-/]\d\d?[ T]\d\d:\d\d')
_COLUMNS = ["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"]
_SYSTEM = 10_000
_SYSTEM_NAMES = frozenset(("系统消息", "system"))
_KINDS: dict[int, MessageKind] = {
    1: "text",
    3: "photo",
    34: "voice",
    42: "contact",
    43: "video",
    47: "sticker",
    48: "location",
    49: "text",
}
_SHOWN: tuple[tuple[str, MessageKind], ...] = (
    ("![图片]", "photo"),
    ("[图片]", "photo"),
    ("[语音]", "voice"),
    ("[视频]", "video"),
    ("[动画表情]", "sticker"),
    ("[文件", "file"),
    ("[名片]", "contact"),
    ("[位置", "location"),
)
_AT = re.compile(r"@([^\s@\u2005]{1,64})(?:\u2005|\s|$)")
_FIRST_KEYS = re.compile(r'^\s*\[\s*\{\s*"seq"\s*:')


class _Quoted(msgspec.Struct, rename="camel"):
    sender: str = ""
    sender_name: str = ""
    seq: int = 0


class _Contents(msgspec.Struct):
    title: str | None = None
    url: str | None = None
    refer: _Quoted | None = None


class _Message(msgspec.Struct, rename="camel"):
    seq: int
    time: str
    talker: str = ""
    talker_name: str = ""
    sender: str = ""
    sender_name: str = ""
    type: int = 1
    sub_type: int = 0
    content: str = ""
    contents: _Contents | None = None


_decoder = msgspec.json.Decoder(_Message)
_encoder = msgspec.json.Encoder()


def recognises(head: str) -> bool:
    """The header line of the CSV, or an array of objects with `seq`, `talker` and `sender`."""
    first = head.lstrip().partition("\n")[0].strip().strip('"')
    if first.replace('"', "").split(",") == _COLUMNS:
        return True
    return bool(_FIRST_KEYS.match(head)) and '"talker"' in head and '"sender"' in head


def read(source: Source, reading: Reading) -> Iterator[Event | Skipped]:
    """See `history.Format.read`."""
    room = _Room(source, reading)
    rows = _document(source, room) if source.head(2000).lstrip().startswith("[") else _table(source, room)
    for row in by_time(rows, source):
        if isinstance(row, Skipped):
            yield row
        else:
            yield from room.events(row)


class _Room:
    """Names, and the chats that the file holds."""

    def __init__(self, source: Source, reading: Reading) -> None:
        self.reading = reading
        self._source = source
        self._names = Names("wechat")
        self._chats: dict[str, str] = {}

    def row(self, told: _Message, seq: int, place: str) -> Row | None:
        """Raises ValueError or OverflowError for a time that is none. None for another chat than the one chosen."""
        at = micros(moment(told.time, self.reading.zone))
        self._chats[told.talker] = told.talker_name
        if self.reading.chat is not None and self.reading.chat not in (told.talker, told.talker_name):
            return None
        if not _system(told):
            self._names.saw(told.sender_name, f"wechat:{told.sender}")
        return Row(at, seq, place, _encoder.encode(told))

    def events(self, row: Row) -> Iterator[Event]:
        if self.reading.chat is None and len(self._chats) > 1:
            told = ", ".join(f"{name or '(no name)'} ({id_})" for id_, name in sorted(self._chats.items())[:40])
            raise InputRefused(
                f"{self._source.path.name} holds {len(self._chats)} chats; choose one with --chat: {told}.",
                f"{self._source.path.name} 里有 {len(self._chats)} 个聊天；请用 --chat 选一个：{told}。",
            )
        message = _decoder.decode(row.data)
        at = instant(row.at)
        native = str(message.seq) if message.seq else f"row-{row.seq}"
        ours = f"export:chatlog:{native}"
        if _system(message):
            yield from moves(message.content, ours, at, self._names, self.reading)
            return
        yield self._posted(message, native, row)

    def _posted(self, told: _Message, native: str, row: Row) -> MessagePosted:
        more = told.contents or _Contents()
        text = told.content or more.title or ""
        reply = None
        if more.refer is not None and more.refer.sender:
            quoted = more.refer
            reply = Reply(
                message=str(quoted.seq or ""), author=self.reading.actor(f"wechat:{quoted.sender}", quoted.sender_name)
            )
        hidden = (more.url,) if more.url else ()
        return MessagePosted(
            id=f"export:chatlog:{native}",
            at=instant(row.at),
            group=self.reading.group,
            actor=self.reading.actor(f"wechat:{told.sender}", told.sender_name),
            message=native,
            text=text,
            kind=_kind(told, text),
            mentions=self._mentions(text),
            links=tuple(dict.fromkeys((*links(text), *hidden))),
            reply_to=reply,
            forwarded=told.type == 49 and told.sub_type == 19,
        )

    def _mentions(self, text: str) -> tuple[Actor, ...]:
        if "@" not in text:
            return ()
        return tuple(self._names.actor(who, self.reading) for who in dict.fromkeys(_AT.findall(text)))


def _system(told: _Message) -> bool:
    return (
        told.type == _SYSTEM or told.sender in _SYSTEM_NAMES or (not told.sender and told.sender_name in _SYSTEM_NAMES)
    )


def _kind(told: _Message, text: str) -> MessageKind:
    """CSV has no types: its reader writes what is no text as `[语音]` and the like."""
    if told.type == 49 and told.sub_type == 6:
        return "file"
    if told.type == 1:
        return next((kind for shown, kind in _SHOWN if text.startswith(shown)), "text")
    return _KINDS.get(told.type, "other")


def _document(source: Source, room: _Room) -> Iterator[Row | Skipped]:
    with source.text() as file:
        walk = Walker(file)
        begun = False
        try:
            for number in walk.elements():
                place = f"[{number}]"
                begun = True
                try:
                    _, text = walk.value()
                    row = room.row(_decoder.decode(text), number, place)
                except (BrokenValue, msgspec.DecodeError, ValueError, OverflowError) as error:
                    yield Skipped(place=place, why=str(error))
                    continue
                if row is not None:
                    yield row
        except CutShort as error:
            if not begun:
                raise refuse(source.path.name, "chatlog") from None
            yield Skipped(place="the end of the file", why=str(error))


def _table(source: Source, room: _Room) -> Iterator[Row | Skipped]:
    for first, record in records(source, _ROW, head=1):
        place = f"line {first}"
        try:
            rows: list[list[Any]] = list(csv.reader(record, strict=True))
        except csv.Error as error:
            yield Skipped(place=place, why=f"no CSV row ({error})")
            continue
        for n, fields in enumerate(rows):
            if fields in (_COLUMNS, []):
                continue
            if len(fields) != len(_COLUMNS):
                yield Skipped(place=f"line {first + n}", why=f"expected {len(_COLUMNS)} columns, found {len(fields)}")
                continue
            time, sender_name, sender, talker_name, talker, content = fields
            told = _Message(0, time, talker, talker_name, sender or sender_name, sender_name, content=content)
            try:
                row = room.row(told, first, place)
            except (ValueError, OverflowError):
                yield Skipped(place=place, why=f"the time {time[:40]!r} cannot be read")
                continue
            if row is not None:
                yield row

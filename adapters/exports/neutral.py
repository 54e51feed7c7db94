"""The neutral form: JSON lines that can say whatever an event can say. See docs/neutral-format.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec

from adapters.exports import wire_faults
from adapters.exports.history import LONGEST_LINE, Reading, Row, Skipped, Source, micros
from adapters.exports.ordering import by_time
from core.events import (
    BotStanding,
    ButtonPressed,
    Event,
    GroupMoved,
    Instructed,
    JoinRequested,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberUnmuted,
    MessageDeleted,
    MessageEdited,
    MessageKind,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.happening import Happening
from core.people import Account, Actor, ActorKind

name = "yaji"
HEADER = b'{"yaji":"history","version":1}\n'
KINDS: dict[str, type[Happening]] = {
    "message": MessagePosted,
    "edited": MessageEdited,
    "deleted": MessageDeleted,
    "joined": MemberJoined,
    "left": MemberLeft,
    "unmuted": MemberUnmuted,
    "renamed": MemberRenamed,
    "requested": JoinRequested,
    "pressed": ButtonPressed,
    "reacted": ReactionChanged,
    "moved": GroupMoved,
    "standing": BotStanding,
    "instructed": Instructed,
}
"""The word of each event. What the engine itself makes (timers, follow-ups) is no part of a history."""
_WORDS = {kind: word for word, kind in KINDS.items()}


class _Actor(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    account: str
    name: str = ""
    kind: ActorKind = ActorKind.PERSON
    username: str | None = None
    language: str | None = None
    admin: bool = False


_Who = str | _Actor


class _Reply(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    message: str
    author: _Who | None = None


class _Line(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, rename={"from_": "from"}):
    """Every field that any event has; which of them an event takes is told by its dataclass in core.events."""

    event: str
    at: datetime
    id: str | None = None
    from_: _Who | None = None
    message: str | None = None
    text: str | None = None
    kind: MessageKind | None = None
    mentions: tuple[_Who, ...] | None = None
    links: tuple[str, ...] | None = None
    quoted: str | None = None
    reply_to: _Reply | None = None
    forwarded: bool | None = None
    album: str | None = None
    topic: str | None = None
    private: bool | None = None
    posted: datetime | None = None
    by: _Who | None = None
    added_by_admin: bool | None = None
    invite: str | None = None
    was: str | None = None
    words: str | None = None
    data: str | None = None
    emoji: tuple[str, ...] | None = None
    author: _Who | None = None
    platform: str | None = None
    old: str | None = None
    new: str | None = None
    present: bool | None = None
    abilities: frozenset[str] | None = None
    title: str | None = None
    workflow: str | None = None
    verb: str | None = None
    target: _Who | None = None
    arguments: dict[str, Any] | None = None
    reason: str | None = None


_decoder = msgspec.json.Decoder(_Line)
_encoder = msgspec.json.Encoder(order="deterministic")
_EVERY_LINE = ("event", "at", "id", "from_")
_NAMES = tuple(struct.encode_name for model in (_Line, _Actor, _Reply) for struct in msgspec.structs.fields(model))
_VALUES: dict[str, dict[str, str]] = {
    "kind": {kind: kind for kind in get_args(MessageKind)} | {"image": "photo", "picture": "photo", "图片": "photo"},
    "from.kind": {kind.value: kind.value for kind in ActorKind},
}
_FIELDS = tuple(field for field in _Line.__struct_fields__ if field not in _EVERY_LINE)


def recognises(head: str) -> bool:
    """The first line is our header, or an object with `event` and `at`."""
    first = next((line for line in head.splitlines() if line.strip()), "")
    try:
        value = msgspec.json.decode(first)
    except msgspec.DecodeError:
        return False
    return isinstance(value, dict) and (value.get("yaji") == "history" or ("event" in value and "at" in value))


def read(source: Source, reading: Reading) -> Iterator[Event | Skipped]:
    """See `history.Format.read`."""
    for row in by_time(_rows(source), source):
        if isinstance(row, Skipped):
            yield row
            continue
        try:
            yield event(_decoder.decode(row.data), reading, row.seq)
        except (msgspec.DecodeError, ValueError, TypeError, OverflowError) as error:
            yield Skipped(place=row.place, why=str(error))


def _rows(source: Source) -> Iterator[Row | Skipped]:
    for number, line in source.lines():
        text = line.strip()
        if not text or (number == 1 and '"yaji"' in text and '"event"' not in text):
            continue
        place = f"line {number}"
        if len(line) >= LONGEST_LINE:
            yield Skipped(place=place, why=f"longer than {LONGEST_LINE} characters")
            continue
        try:
            told = _decoder.decode(text)
            if told.at.tzinfo is None:
                raise ValueError("`at` names no zone; write 2026-03-01T08:00:00Z or with +08:00")
            yield Row(micros(told.at), number, place, text)
        except (msgspec.DecodeError, ValueError, OverflowError, RecursionError) as error:
            yield Skipped(place=place, why=_wrong(error, text))


def _wrong(error: Exception, text: str) -> str:
    """Why a line is skipped; of a line that is no JSON at all, no more than that."""
    if isinstance(error, msgspec.DecodeError) and not isinstance(error, msgspec.ValidationError):
        return wire_faults.no_json(text, error)
    return wire_faults.in_words(error, _NAMES, _VALUES)


def event(told: _Line, reading: Reading, number: int) -> Event:
    """The event of a line. Raises ValueError or TypeError for a line that lacks something or says too much."""
    kind = KINDS.get(told.event)
    if kind is None:
        guess = wire_faults.guessed(told.event, KINDS)
        raise ValueError(f"unknown event {told.event!r}{guess or '; known are ' + ', '.join(KINDS)}")
    values: dict[str, Any] = {}
    for field in _FIELDS:
        value = getattr(told, field)
        if value is not None:
            values[field] = value
    for field in ("by", "author", "target"):
        if field in values:
            values[field] = _actor(values[field], reading)
    if "mentions" in values:
        values["mentions"] = tuple(_actor(who, reading) for who in values["mentions"])
    if told.reply_to is not None:
        author = told.reply_to.author
        values["reply_to"] = Reply(
            message=told.reply_to.message, author=_actor(author, reading) if author is not None else None
        )
    if told.posted is not None:
        values["posted"] = told.posted.astimezone(UTC)
    if told.was is not None:
        values["was"] = _account(told.was)
    if told.from_ is not None:
        values["actor"] = _actor(told.from_, reading)
    allowed = kind.__dataclass_fields__
    strange = sorted(field for field in values if field not in allowed)
    if strange:
        named = ", ".join("from" if field == "actor" else field for field in strange)
        raise ValueError(f"an event {told.event!r} has no {named}")
    made_id = told.id or f"export:yaji:{told.event}:{told.message or number}"
    try:
        return kind(id=made_id, at=told.at.astimezone(UTC), group=reading.group, **values)  # type: ignore[return-value]
    except TypeError as error:
        lacking = str(error).partition(": ")[2].replace("'actor'", "'from'")
        raise ValueError(f"an event {told.event!r} needs {lacking}") from None


def line(happening: Event) -> bytes:
    """An event as one line of the neutral form, end included. Raises ValueError for what the engine makes itself."""
    word = _WORDS.get(type(happening))
    if word is None:
        raise ValueError(f"{type(happening).__name__} is made by the engine and no part of a history")
    told: dict[str, Any] = {"event": word, "at": happening.at.isoformat().replace("+00:00", "Z"), "id": happening.id}
    for field, spec in type(happening).__dataclass_fields__.items():
        if field in ("id", "at", "group"):
            continue
        value = getattr(happening, field)
        if value != spec.default and value not in ((), frozenset(), None) and value != {}:
            told["from" if field == "actor" else field] = _plain(value)
    return _encoder.encode(told) + b"\n"


def _plain(value: object) -> object:
    match value:
        case Actor():
            return msgspec.to_builtins(_Actor(**{f: getattr(value, f) for f in _Actor.__struct_fields__}))
        case Reply():
            told: dict[str, object] = {"message": value.message}
            return told | ({"author": _plain(value.author)} if value.author is not None else {})
        case tuple():
            return [_plain(part) for part in value]
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case frozenset():
            return sorted(value)
        case _:
            return value


def _actor(who: _Who, reading: Reading) -> Actor:
    if isinstance(who, str):
        return reading.actor(_account(who), "")
    return Actor(
        account=_account(who.account),
        name=who.name,
        kind=who.kind,
        username=who.username,
        language=who.language,
        admin=who.admin,
    )


def _account(told: str) -> Account:
    platform, colon, native = told.partition(":")
    if not (platform and colon and native):
        raise ValueError(f"{told!r} is no account; write platform:id, such as telegram:10001")
    return Account(told)

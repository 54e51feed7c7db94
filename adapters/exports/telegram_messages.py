"""One message of a Telegram Desktop export as events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from adapters.exports.history import Reading, Row, Skipped, instant
from adapters.exports.names import Lately, Names
from core.events import (
    Event,
    MemberJoined,
    MemberLeft,
    MessageEdited,
    MessageKind,
    MessagePosted,
    ReactionChanged,
    Reply,
)
from core.people import Actor, ActorKind

_MEDIA: dict[str, MessageKind] = {
    "sticker": "sticker",
    "video_message": "video",
    "voice_message": "voice",
    "animation": "animation",
    "video_file": "video",
    "audio_file": "audio",
}


class _Entity(msgspec.Struct):
    type: str = ""
    text: str = ""
    href: str | None = None
    user_id: int | str | None = None


class _Recent(msgspec.Struct, rename={"from_": "from"}):
    from_: str | None = None
    from_id: str | None = None


class _Reaction(msgspec.Struct):
    type: str = ""
    emoji: str | None = None
    recent: list[_Recent] = []


class _Message(msgspec.Struct, rename={"from_": "from"}):
    """The fields that are used; an export holds many more."""

    id: int
    type: str = "message"
    from_: str | None = None
    from_id: str | None = None
    actor: str | None = None
    actor_id: str | None = None
    action: str | None = None
    inviter: str | None = None
    members: list[str | None] | None = None
    text: str | list[str | _Entity] = ""
    text_entities: list[_Entity] | None = None
    reply_to_message_id: int | None = None
    reply_to_peer_id: str | None = None
    forwarded_from: str | None = None
    forwarded_from_id: str | None = None
    media_type: str | None = None
    photo: str | None = None
    file: str | None = None
    poll: object = None
    location_information: object = None
    contact_information: object = None
    reactions: list[_Reaction] = []

    def pieces(self) -> list[_Entity]:
        """The text in pieces. `text_entities` always are objects; older exports have only `text`."""
        if self.text_entities is not None:
            return self.text_entities
        parts = [self.text] if isinstance(self.text, str) else self.text
        return [_Entity(type="plain", text=part) if isinstance(part, str) else part for part in parts]

    def kind(self) -> MessageKind:
        if self.media_type is not None:
            return _MEDIA.get(self.media_type, "other")
        if self.photo is not None:
            return "photo"
        if self.poll is not None:
            return "poll"
        if self.location_information is not None:
            return "location"
        if self.contact_information is not None:
            return "contact"
        return "file" if self.file is not None else "text"


_decoder = msgspec.json.Decoder(_Message)


def account(from_id: str) -> tuple[str, ActorKind]:
    """`user123` and `channel123` as accounts, the way the Bot API numbers them."""
    if from_id.startswith("user"):
        return f"telegram:{from_id.removeprefix('user')}", ActorKind.PERSON
    if from_id.startswith("channel"):
        return f"telegram:-100{from_id.removeprefix('channel')}", ActorKind.CHANNEL
    if from_id.startswith("chat"):
        return f"telegram:-{from_id.removeprefix('chat')}", ActorKind.CHANNEL
    return f"telegram:{from_id}", ActorKind.PERSON


class Messages:
    """Rows in order of time become events. Remembers who wrote the last messages, for replies and reactions."""

    def __init__(self, chat: str, names: Names, reading: Reading) -> None:
        self._chat = chat
        self._names = names
        self._reading = reading
        self._lately = Lately()

    def events(self, row: Row) -> Iterator[Event | Skipped]:
        """The events of a row; a row that cannot be understood is Skipped."""
        what, *more, text = row.data
        try:
            told = _decoder.decode(text)
        except msgspec.DecodeError as error:
            if what == "message":
                yield Skipped(place=row.place, why=str(error))
            return
        at = instant(row.at)
        if what == "reaction":
            yield from self._reacted(told, at, more[0])
        elif told.type == "service":
            yield from self._served(told, at, row.place)
        elif told.type == "message":
            yield self._written(told, at, edited=what == "edited") or Skipped(
                place=row.place, why="its author has no id"
            )
        else:
            yield Skipped(place=row.place, why=f"unknown type {told.type!r}")

    def _written(self, told: _Message, at: datetime, edited: bool) -> Event | None:
        if told.from_id is None:
            return None
        actor = self._actor(told.from_, told.from_id)
        pieces = told.pieces()
        message = str(told.id)
        reply = None
        if told.reply_to_message_id is not None and told.reply_to_peer_id is None:
            answered = str(told.reply_to_message_id)
            reply = Reply(message=answered, author=self._lately.author(answered))
        content = {
            "group": self._reading.group,
            "actor": actor,
            "message": message,
            "text": "".join(piece.text for piece in pieces),
            "kind": told.kind(),
            "mentions": tuple(self._mentions(pieces)),
            "links": tuple(dict.fromkeys(_links(pieces))),
            "reply_to": reply,
            "forwarded": told.forwarded_from is not None or told.forwarded_from_id is not None,
        }
        if edited:
            return MessageEdited(id=f"export:telegram:{message}:edited", at=at, **content)  # type: ignore[arg-type]
        self._lately.wrote(message, actor)
        return MessagePosted(id=f"export:telegram:{message}", at=at, **content)  # type: ignore[arg-type]

    def _mentions(self, pieces: list[_Entity]) -> Iterator[Actor]:
        for piece in pieces:
            if piece.type == "mention_name" and piece.user_id is not None:
                yield self._reading.actor(
                    f"telegram:{str(piece.user_id).removeprefix('user')}", piece.text.removeprefix("@")
                )
            elif piece.type == "mention" and piece.text.startswith("@"):
                # Usernames are nowhere else in an export: the account is known only to a live connection.
                username = piece.text[1:]
                yield self._reading.actor(f"telegram:@{username.lower()}", username, username=username)

    def _reacted(self, told: _Message, at: datetime, where: str) -> Iterator[Event]:
        n, m = (int(part) for part in where.split("."))
        reaction, message = told.reactions[n], str(told.id)
        who = reaction.recent[m]
        if who.from_id is None:
            return
        yield ReactionChanged(
            id=f"export:telegram:{message}:reaction:{where}",
            at=at,
            group=self._reading.group,
            actor=self._actor(who.from_, who.from_id),
            message=message,
            emoji=(reaction.emoji or reaction.type,),
            author=self._actor(told.from_, told.from_id) if told.from_id is not None else None,
        )

    def _served(self, told: _Message, at: datetime, place: str) -> Iterator[Event | Skipped]:
        """Joins and leaves. Other service messages (pins, titles, the move to a supergroup) tell nothing."""
        ours = f"export:telegram:{told.id}"
        group = self._reading.group
        if told.action not in ("join_group_by_link", "join_group_by_request", "invite_members", "remove_members"):
            return
        if told.actor_id is None:
            yield Skipped(place=place, why=f"{told.action} by nobody")
            return
        actor = self._actor(told.actor, told.actor_id)
        if told.action == "join_group_by_link":
            inviter = self._names.actor(told.inviter, self._reading) if told.inviter else None
            yield MemberJoined(id=ours, at=at, group=group, actor=actor, by=inviter)
            return
        if told.action == "join_group_by_request":
            yield MemberJoined(id=ours, at=at, group=group, actor=actor)
            return
        for n, name in enumerate(told.members or ()):
            if name is None:
                yield Skipped(place=place, why=f"{told.action} of a deleted account")
                continue
            itself = name == told.actor
            who = actor if itself else self._names.actor(name, self._reading)
            id_ = ours if n == 0 else f"{ours}:{n}"
            if told.action == "invite_members":
                yield MemberJoined(id=id_, at=at, group=group, actor=who, by=None if itself else actor)
            else:
                yield MemberLeft(id=id_, at=at, group=group, actor=who, by=None if itself else actor)

    def _actor(self, name: str | None, from_id: str) -> Actor:
        """An admin who writes as the group itself is nobody's account."""
        if self._chat and from_id in (f"channel{self._chat}", f"chat{self._chat}"):
            return self._reading.actor(account(from_id)[0], name or "", ActorKind.ANONYMOUS_ADMIN)
        who, kind = account(from_id)
        return self._reading.actor(who, name or "", kind)


def _links(pieces: list[_Entity]) -> Iterator[str]:
    for piece in pieces:
        if piece.type == "link":
            yield piece.text
        elif piece.type == "text_link" and piece.href:
            yield piece.href

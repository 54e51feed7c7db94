"""Telegram Desktop's `result.json`: one chat, or a whole account with its chats, streamed.

Sources: the exporter of Telegram Desktop (export/output/export_output_json.cpp). Names in service messages come without
ids; deleted messages, bans and who is admin are not in an export. The text of an edited message is its last one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from adapters.exports.history import Reading, Row, Skipped, Source, micros, moment
from adapters.exports.json_walk import BrokenValue, CutShort, Walker, refuse
from adapters.exports.names import Names
from adapters.exports.ordering import by_time
from adapters.exports.telegram_messages import Messages, account
from core.errors import InputRefused
from core.events import Event

name = "telegram"
_SINGLE = re.compile(
    r'^\s*\{(?=[\s\S]{0,4000}?"messages"\s*:\s*\[)(?=[\s\S]{0,4000}?"type"\s*:\s*"[a-z_]+")(?=[\s\S]{0,4000}?"id"\s*:)'
)
_ACCOUNT = re.compile(r'^\s*\{[\s\S]*"chats"\s*:\s*\{')
_FOREIGN = re.compile(r'"(?:chatlab|_type)"\s*:')


def recognises(head: str) -> bool:
    """`{name, type, id, messages: []}`, or an object with `chats`. In a whole account the chats may come late."""
    if _FOREIGN.search(head[:2000]):
        return False
    return bool(
        _SINGLE.match(head)
        or _ACCOUNT.match(head)
        or (head.lstrip().startswith("{") and '"personal_information"' in head)
    )


def read(source: Source, reading: Reading) -> Iterator[Event | Skipped]:
    """See `history.Format.read`."""
    names = Names("telegram")
    chat = _Chat()
    wanted = _choose(source, reading.chat)
    messages: Messages | None = None
    for row in by_time(_rows(source, wanted, names, chat, reading.zone), source):
        if isinstance(row, Skipped):
            yield row
            continue
        if messages is None:
            messages = Messages(chat.id, names, reading)
        yield from messages.events(row)
    if not chat.found:
        raise refuse(source.path.name, "Telegram Desktop chat")


class _Chat:
    """What the file says of the chat that is read."""

    __slots__ = ("found", "id", "name", "type")

    def __init__(self) -> None:
        self.found = False
        self.id = self.name = self.type = ""

    def learn(self, key: str, value: object) -> None:
        if key in ("id", "name", "type"):
            setattr(self, key, str(value) if value is not None else "")


def _choose(source: Source, chat: str | None) -> int | None:
    """Which chat of a whole account to read, by its number in the list; None if the file is one chat.

    A file of several groups is refused, naming them, unless `chat` (a name or an id) says which.
    """
    found = list(_chats(source))
    if not found:
        return None
    groups = [(n, c) for n, c in found if "group" in c.type]
    if chat is None:
        if len(groups) == 1:
            return groups[0][0]
        told = ", ".join(f"{c.name or '(no name)'} (id {c.id})" for _, c in groups[:40])
        raise InputRefused(
            f"{source.path.name} is a whole account with {len(groups)} groups; choose one with --chat: {told}.",
            f"{source.path.name} 是整个账号的导出，里面有 {len(groups)} 个群；请用 --chat 选一个：{told}。",
        )
    same = [(n, c) for n, c in found if chat == c.id or f"-100{c.id}" == chat] or [
        (n, c) for n, c in found if c.name.casefold() == chat.casefold()
    ]
    if len(same) == 1:
        return same[0][0]
    if not same:
        told = ", ".join(c.name for _, c in found[:40] if c.name)
        raise InputRefused(
            f"{source.path.name} has no chat {chat!r}; it holds {told}.",
            f"{source.path.name} 里没有聊天 {chat!r}；有的是：{told}。",
        )
    ids = ", ".join(c.id for _, c in same)
    raise InputRefused(
        f"{source.path.name} has {len(same)} chats named {chat!r}; choose by id: {ids}.",
        f"{source.path.name} 里有 {len(same)} 个聊天叫 {chat!r}；请用编号选：{ids}。",
    )


def _chats(source: Source) -> Iterator[tuple[int, _Chat]]:
    """The chats of a whole account, without keeping their messages. Nothing for a file of one chat."""
    with Source(source.path).text() as file:
        walk = Walker(file)
        try:
            for key in walk.members():
                if key == "messages":
                    return
                if key != "chats":
                    _pass(walk)
                    continue
                for inner in walk.members():
                    if inner != "list":
                        _pass(walk)
                        continue
                    for number in walk.elements():
                        chat = _Chat()
                        for field in walk.members():
                            if field == "messages":
                                for _ in walk.elements():
                                    _pass(walk)
                            else:
                                chat.learn(field, _value(walk))
                        yield number, chat
                return
        except CutShort:
            return


def _pass(walk: Walker) -> None:
    try:
        walk.value()
    except BrokenValue:
        return


def _value(walk: Walker) -> Any:
    try:
        return walk.value()[0]
    except BrokenValue:
        return None


def _rows(source: Source, wanted: int | None, names: Names, chat: _Chat, zone: tzinfo) -> Iterator[Row | Skipped]:
    with source.text() as file:
        walk = Walker(file)
        try:
            for key in walk.members():
                if key == "messages" and wanted is None:
                    yield from _messages(walk, names, chat, zone)
                elif key == "chats" and wanted is not None:
                    yield from _of_account(walk, wanted, names, chat, zone)
                elif wanted is None:
                    chat.learn(key, _value(walk))
                else:
                    _pass(walk)
        except CutShort as error:
            if not chat.found:
                raise refuse(source.path.name, "Telegram Desktop chat") from None
            yield Skipped(place="the end of the file", why=str(error))


def _of_account(walk: Walker, wanted: int, names: Names, chat: _Chat, zone: tzinfo) -> Iterator[Row | Skipped]:
    for key in walk.members():
        if key != "list":
            _pass(walk)
            continue
        for number in walk.elements():
            for field in walk.members():
                if field != "messages":
                    value = _value(walk)
                    if number == wanted:
                        chat.learn(field, value)
                elif number == wanted:
                    yield from _messages(walk, names, chat, zone)
                else:
                    for _ in walk.elements():
                        _pass(walk)


def _messages(walk: Walker, names: Names, chat: _Chat, zone: tzinfo) -> Iterator[Row | Skipped]:
    """One row for each message, edit and reaction: these two happened later than the message they stand in."""
    chat.found = True
    seq = 0
    for number in walk.elements():
        place = f"messages[{number}]"
        try:
            value, text = walk.value()
        except BrokenValue as error:
            yield Skipped(place=place, why=str(error))
            continue
        if not isinstance(value, dict):
            yield Skipped(place=place, why="not an object")
            continue
        if "id" in value:
            place += f" (id {value['id']})"
        try:
            posted = _posted(value, zone)
            at = micros(posted)
            later = [(max(micros(when), at), what) for when, what in _later(value, posted, zone)]
        except (TypeError, ValueError, LookupError, OverflowError, AttributeError):
            yield Skipped(place=place, why="it has no date that can be read")
            continue
        for shown, who in (("from", "from_id"), ("actor", "actor_id")):
            if isinstance(value.get(shown), str) and isinstance(value.get(who), str):
                names.saw(value[shown], account(value[who])[0])
        seq += 1
        yield Row(at, seq, place, ["message", text])
        for when, what in later:
            seq += 1
            yield Row(when, seq, place, [*what, text])


def _posted(value: dict[str, Any], zone: tzinfo) -> datetime:
    """`date_unixtime` where there is one; older exports have only the exporter's wall clock."""
    told = value.get("date_unixtime")
    if told is not None:
        return datetime.fromtimestamp(int(told), UTC)
    return moment(value["date"], zone)


def _later(value: dict[str, Any], at: datetime, zone: tzinfo) -> list[tuple[datetime, list[str]]]:
    found: list[tuple[datetime, list[str]]] = []
    if value.get("type") == "message":
        edited = value.get("edited_unixtime") or value.get("edited")
        if edited:
            when = datetime.fromtimestamp(int(edited), UTC) if str(edited).isdigit() else moment(edited, zone)
            found.append((when, ["edited"]))
        wall = value.get("date")
        offset = moment(wall, UTC) - at if wall else None
        for n, reaction in enumerate(value.get("reactions") or ()):
            for m, recent in enumerate(reaction.get("recent") or ()):
                told = recent.get("date")
                when = moment(told, UTC) - offset if told and offset is not None else at
                found.append((when, ["reaction", f"{n}.{m}"]))
    return found

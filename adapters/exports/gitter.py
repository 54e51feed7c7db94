"""Gitter room histories: tab-separated with csv quoting, newest first, texts over several lines, no header.

Columns: room id, room uri, sent at (ISO, Z), user id, username, message id, text. Some rows come twice.
Members are keyed by username: that is all an @mention tells.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC

from adapters.exports.history import Reading, Row, Skipped, Source, instant, micros, moment
from adapters.exports.links import links, names
from adapters.exports.ordering import by_time
from adapters.exports.records import records
from core.errors import InputRefused
from core.events import Event, MessagePosted
from core.people import Actor

name = "gitter"
_ROW = re.compile(r'^"?[0-9a-f]{24}"?\t"?[^\t\n]+"?\t"?\d{4}-\d\d-\d\dT[^\t\n]+"?\t')
_COLUMNS = 7


def recognises(head: str) -> bool:
    """The first line has a room id, a room, a time."""
    return any(_ROW.match(line) for line in head.splitlines()[:20])


def read(source: Source, reading: Reading) -> Iterator[Event | Skipped]:
    """See `history.Format.read`."""
    rooms: dict[str, int] = {}
    spelled: dict[str, str] = {}
    actors: dict[str, Actor] = {}
    for row in by_time(_rows(source, reading, rooms, spelled), source):
        if isinstance(row, Skipped):
            yield row
            continue
        if reading.chat is None and len(rooms) > 1:
            raise InputRefused(
                f"{source.path.name} holds {len(rooms)} rooms ({', '.join(sorted(rooms))}); choose one with --chat.",
                f"{source.path.name} 里有 {len(rooms)} 个房间（{'、'.join(sorted(rooms))}）；请用 --chat 选一个。",
            )
        username, message, text = row.data
        yield MessagePosted(
            id=f"export:gitter:{message}",
            at=instant(row.at),
            group=reading.group,
            actor=_member(username, spelled, actors, reading),
            message=message,
            text=text,
            mentions=tuple(_member(who, spelled, actors, reading) for who in names(text)),
            links=links(text),
        )
    if reading.chat is not None and rooms and reading.chat not in rooms:
        raise InputRefused(
            f"{source.path.name} has no room {reading.chat}; it holds {', '.join(sorted(rooms))}.",
            f"{source.path.name} 里没有房间 {reading.chat}；有的是：{'、'.join(sorted(rooms))}。",
        )


def _member(username: str, spelled: dict[str, str], actors: dict[str, Actor], reading: Reading) -> Actor:
    key = username.lower()
    known = actors.get(key)
    if known is None:
        shown = spelled.get(key, username)
        known = actors[key] = reading.actor(f"gitter:{key}", shown, username=shown)
    return known


def _rows(source: Source, reading: Reading, rooms: dict[str, int], spelled: dict[str, str]) -> Iterator[Row | Skipped]:
    seq = 0
    for first, record in records(source, _ROW):
        place = f"line {first}"
        try:
            fields = list(csv.reader(record, delimiter="\t", strict=True))
        except csv.Error as error:
            yield Skipped(place=place, why=f"no tab-separated row ({error})")
            continue
        for row in fields:
            if len(row) != _COLUMNS:
                at = f"line {first + len(record) - 1}" if row is not fields[0] else place
                yield Skipped(place=at, why=f"expected {_COLUMNS} columns, found {len(row)}")
                continue
            _, room, sent, _, username, message, text = row
            try:
                at_micros = micros(moment(sent, UTC))
            except (ValueError, OverflowError):
                yield Skipped(place=place, why=f"the time {sent[:40]!r} cannot be read")
                continue
            if not username or not message:
                yield Skipped(place=place, why="the author or the message id is missing")
                continue
            rooms[room] = rooms.get(room, 0) + 1
            if reading.chat is not None and room != reading.chat:
                continue
            spelled.setdefault(username.lower(), username)
            seq += 1
            yield Row(at_micros, seq, place, [username, message, text])

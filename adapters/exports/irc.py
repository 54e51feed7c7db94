"""IRC logs: `[HH:MM] <nick> text`, and `=== ...` for joins, leaves, kicks, renames and actions.

The day is in the file's name; the clock passing midnight begins the next one, and not the clock that is put back in
autumn. A line without a clock happens when the line before it did. There are no message ids: a line's number is its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from adapters.exports.history import Reading, Skipped, Source
from adapters.exports.links import links
from core.errors import InputRefused
from core.events import Event, MemberJoined, MemberLeft, MemberRenamed, MessagePosted
from core.people import Account, Actor

name = "irc"
_DAY = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_SPOKEN = re.compile(r"^\[(\d\d):(\d\d)(?::(\d\d))?\]\s+(?:<[ @+%&~]?([^>]+)>|\*\s+(\S+))\s?(.*)$", re.DOTALL)
_JOINED = re.compile(r"^=== (.+?)(?:\s+\[\S*\])?\s+has joined [#&+!]\S*")
_LEFT = re.compile(r"^=== (.+?)(?:\s+\[\S*\])?\s+has (?:left [#&+!]|quit\b)")
_KICKED = re.compile(r"^=== (\S+) was kicked off \S+ by (\S+)")
_RENAMED = re.compile(r"^=== (\S+) is now known as (\S+)")
_CHANGED = re.compile(
    r"^(?:=== )?(?:mode/|topic|Topic|You are|ServerMode)|^=== \S+ (?:changed the topic|set(?:s)? mode|sets mode)"
)
_ACTION = re.compile(r"^=== (\S+)\s(.*)$", re.DOTALL)
_NEW_DAY = re.compile(r"^(?:--- |\*\*\*\* )")
_TO = re.compile(r"^([^\s:,]+)[:,]\s")


def recognises(head: str) -> bool:
    """Most of the first lines are spoken or `===`."""
    lines = [line for line in head.splitlines()[:40] if line.strip()]
    known = sum(bool(_SPOKEN.match(line) or line.startswith("=== ")) for line in lines)
    return len(lines) > 0 and any(_SPOKEN.match(line) for line in lines) and known * 2 >= len(lines)


def read(source: Source, reading: Reading) -> Iterator[Event | Skipped]:
    """See `history.Format.read`. The log is in order of time as it is."""
    found = _DAY.search(source.path.name)
    if found is None:
        raise InputRefused(
            f"{source.path.name} is an IRC log of an unknown day; put the day into its name, such as 2006-05-27.txt.",
            f"{source.path.name} 是 IRC 日志，看不出是哪一天的；请把日期写进文件名，例如 2006-05-27.txt。",
        )
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        raise InputRefused(
            f"{source.path.name} names a day that is none; put the day into the name as 2006-05-27.",
            f"{source.path.name} 文件名里的日期不存在；请写成 2006-05-27 这样。",
        ) from None
    log = _Log(day, reading)
    for number, line in source.lines():
        line = line.rstrip("\r\n")
        if line.strip():
            yield from log.events(number, line)


class _Log:
    """The clock of the log and the nicks seen, as far as it was read."""

    def __init__(self, day: date, reading: Reading) -> None:
        self._day = day
        self._clock = time()
        self._fold = 0
        self._began: date = day
        self._reading = reading
        self._latest: datetime | None = None
        self._nicks: dict[str, Actor] = {}

    def events(self, number: int, line: str) -> Iterator[Event | Skipped]:
        if spoken := _SPOKEN.match(line):
            hour, minute, second, nick, acting, text = spoken.groups()
            clock = _clock(hour, minute, second)
            if clock is None:
                yield Skipped(place=f"line {number}", why=f"no clock shows {hour}:{minute}")
                return
            if clock < self._clock:
                self._put_back_to(clock)
            self._clock = clock
            yield self._posted(number, nick or acting, text)
        elif joined := _JOINED.match(line):
            yield MemberJoined(
                id=self._id(number), at=self._at(), group=self._reading.group, actor=self._actor(joined[1])
            )
        elif left := _LEFT.match(line):
            yield MemberLeft(id=self._id(number), at=self._at(), group=self._reading.group, actor=self._actor(left[1]))
        elif kicked := _KICKED.match(line):
            who, by = self._actor(kicked[1]), self._actor(kicked[2])
            yield MemberLeft(id=self._id(number), at=self._at(), group=self._reading.group, actor=who, by=by)
        elif renamed := _RENAMED.match(line):
            was = _account(renamed[1])
            self._nicks.pop(renamed[2].lower(), None)
            now = self._actor(renamed[2])
            yield MemberRenamed(id=self._id(number), at=self._at(), group=self._reading.group, actor=now, was=was)
        elif line.startswith("=== "):
            if not _CHANGED.match(line.removeprefix("=== ")) and (action := _ACTION.match(line)):
                yield self._posted(number, action[1], action[2])
        elif not _NEW_DAY.match(line):
            yield Skipped(place=f"line {number}", why="neither a message nor a line that begins with ===")

    def _posted(self, number: int, nick: str, text: str) -> MessagePosted:
        actor = self._actor(nick)
        addressed = _TO.match(text)
        spoken_to = self._nicks.get(addressed[1].lower()) if addressed else None
        return MessagePosted(
            id=self._id(number),
            at=self._at(),
            group=self._reading.group,
            actor=actor,
            message=f"{self._began.isoformat()}:{number}",
            text=text,
            mentions=(spoken_to,) if spoken_to is not None else (),
            links=links(text),
        )

    def _id(self, number: int) -> str:
        return f"export:irc:{self._began.isoformat()}:{number}"

    def _put_back_to(self, clock: time) -> None:
        """A clock that shows less than before: autumn repeats what it shows, or midnight has passed."""
        first, again = (self._instant(clock, fold) for fold in (0, 1))
        if first < again and self._latest is not None and self._latest <= again:
            self._fold = 1
        else:
            self._day, self._fold = self._day + timedelta(days=1), 0

    def _at(self) -> datetime:
        """Never before the line above it."""
        at = self._instant(self._clock, self._fold)
        self._latest = max(self._latest or at, at)
        return self._latest

    def _instant(self, clock: time, fold: int) -> datetime:
        return datetime.combine(self._day, clock.replace(fold=fold), self._reading.zone).astimezone(UTC)

    def _actor(self, nick: str) -> Actor:
        """Nicks are equal whatever their case; the spelling of the moment is the name."""
        known = self._nicks.get(nick.lower())
        if known is None:
            known = self._nicks[nick.lower()] = self._reading.actor(_account(nick), nick, username=nick)
        return known


def _account(nick: str) -> Account:
    return Account(f"irc:{nick.lower()}")


def _clock(hour: str, minute: str, second: str | None) -> time | None:
    try:
        return time(int(hour), int(minute), int(second or 0))
    except ValueError:
        return None

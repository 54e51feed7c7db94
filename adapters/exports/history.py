"""What all export formats share: the file being read, one row of it, and what is told of a row that is broken."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from core.errors import InputRefused
from core.events import Event
from core.people import Account, Actor, ActorKind
from core.system_words import in_chinese

LONGEST_LINE = 8_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST, _LATEST = ((datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // _MICROSECOND for year in (1990, 2101))


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A part of the export that could not be understood: where it is, and why."""

    place: str
    why: str


class Row(NamedTuple):
    """One happening as the file holds it, before it is understood. `at` counts microseconds since 1970 in UTC.

    `data` is what the format's `events` needs, made of JSON values, so that rows can wait on disk.
    """

    at: int
    seq: int
    place: str
    data: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read: into which group, on which clock where the file names none, which chat of several, who is a bot."""

    group: str
    zone: tzinfo = UTC
    chat: str | None = None
    bots: frozenset[str] = frozenset()

    def actor(self, account: str, name: str, kind: ActorKind = ActorKind.PERSON, username: str | None = None) -> Actor:
        """The actor of an account; names and accounts listed under `bots` are bots (no export says who is one)."""
        if self.bots and (account in self.bots or name.casefold() in self.bots):
            kind = ActorKind.BOT
        return Actor(account=Account(account), name=name, kind=kind, username=username)


class Format(Protocol):
    """One export format. `rows` streams the file; `events` is given all rows in order of time."""

    name: str

    def recognises(self, head: str) -> bool:
        """Whether a file that begins with `head` (up to 64,000 characters) is of this format."""
        ...

    def read(self, source: Source, reading: Reading) -> Iterator[Event | Skipped]:
        """The history in order of time. Raises InputRefused if the file turns out to be something else."""
        ...


@dataclass(slots=True)
class Source:
    """A file to read. `told` hears how many bytes were read, whenever some were.

    `rows` is how many rows there are to come, known once the whole file was read.
    """

    path: Path
    told: Callable[[int], None] | None = None
    size: int = field(init=False)
    rows: int | None = None

    def __post_init__(self) -> None:
        try:
            self.size = self.path.stat().st_size
            with self.path.open("rb"):
                pass
        except OSError as error:
            raise InputRefused(
                f"{self.path} cannot be read ({error.strerror}); give the path of an export file.",
                f"{self.path} 读不了（{in_chinese(error)}）；请给一个导出文件的路径。",
            ) from None

    def text(self) -> io.TextIOWrapper:
        """The file as text. Bytes that are no UTF-8 become U+FFFD: one bad byte must not lose a history."""
        raw = io.BufferedReader(_Counted(self.path, self.told), 1 << 20)
        return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line numbers from 1 and lines with their ends. A line longer than LONGEST_LINE comes in pieces."""
        with self.text() as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                yield number, line

    def head(self, length: int = 64_000) -> str:
        """The beginning of the file."""
        with Source(self.path).text() as file:
            return file.read(length)


class _Counted(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, told: Callable[[int], None] | None) -> None:
        super().__init__(path, "rb")
        self._told = told

    def readinto(self, buffer: Any) -> int | None:
        got = super().readinto(buffer)
        if got and self._told is not None:
            self._told(got)
        return got


def micros(at: datetime) -> int:
    """An aware instant as microseconds since 1970. ValueError for one at which nobody chatted: see `sane`."""
    return sane((at - _EPOCH) // _MICROSECOND)


def sane(at: int) -> int:
    """The instant (microseconds since 1970), if it lies within 1990 to 2100; ValueError for another. One line with the
    year 1 would be a history of two thousand years, in which every day has its reminders."""
    if not _EARLIEST <= at < _LATEST:
        raise ValueError("the time lies outside the years 1990 to 2100")
    return at


def instant(at: int) -> datetime:
    """Microseconds since 1970 as an aware instant in UTC."""
    return _EPOCH + at * _MICROSECOND


def moment(told: str, zone: tzinfo) -> datetime:
    """A time as files write it (ISO 8601, a space for the T), on the clock of `zone` if it names none."""
    at = datetime.fromisoformat(told.strip().replace("/", "-"))
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)

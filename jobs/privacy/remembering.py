"""Who was forgotten, remembered outside the database: a backup that is older knows them still, and forgets them again.

Beside `data/secret` lies a list to which each forgetting adds a line for each account: its number, the instant, and the
account's keyed hash. The database keeps up to which number of this list it has come, in the transaction that forgets;
a backup has come less far. So before a store is used, what it lacks is done in it. Nobody who came back is forgotten
again: what their first forgetting is part of has come that far. Where a list was away meanwhile, the instants decide,
and somebody of whom nothing is older than the forgetting stays.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from adapters.sql import SqlStore
from config.problems import Language, Said, system_said
from core.forgetting import Forgetting, Recognise
from core.people import Account
from jobs.privacy.forgetting import Forgetter, Moved
from jobs.serve.refusing import CannotServe

try:
    import fcntl
except ImportError:  # Windows: whoever serves and whoever forgets in a terminal are not kept apart there
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("yaji.privacy")

VARIABLE: Final = "YAJI_FORGOTTEN"
"""Where the environment tells the name of the list, for homes that are only read."""
_HEAD: Final = "yaji forgotten "
_LINE: Final = re.compile(r"(\d{1,15}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) ([0-9a-f]{64})")
_LETTERS: Final = "abcdefghijklmnop"
_TRIES: Final = 5
RENEWED: Final = timedelta(days=1)
"""How old the line of somebody becomes who was forgotten and is still in a room."""


class Line(NamedTuple):
    """An account that was forgotten: the number of the forgetting, its instant, the keyed hash."""

    number: int
    at: datetime
    hash: str


class Remembered:
    """The list of a deployment. Any number of processes may add to it."""

    def __init__(self, home: Path, environment: Mapping[str, str], language: Language = "en") -> None:
        given = environment.get(VARIABLE)
        self.file = Path(given) if given else home / "data" / "forgotten"
        self._language = language

    def note(self, unit: Forgetting, hashes: Iterable[str], at: datetime) -> None:
        """Add a forgetting that `unit` is about to commit. That it cannot be written is told, and keeps nobody from
        being forgotten."""
        try:
            with self._held():
                name, lines = self._read()
                name = name or self._made()
                last = max((line.number for line in lines), default=0)
                number = max(last, unit.reached(_mark(name))) + 1
                self._add("".join(f"{number} {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {each}\n" for each in hashes))
                unit.reached(_mark(name), number)
        except (OSError, UnicodeDecodeError, Unreadable) as error:
            log.error("%s", _UNWRITTEN.filled(file=self.file, why=_why(error)).in_(self._language))

    def lacking(self, store: SqlStore) -> Collection[Line]:
        """What a store has not come to yet. Changes nothing. Raises CannotServe, StoreError."""
        name, lines = self._known()
        if not lines:
            return ()
        done = store.dossiers().reached(_mark(name))
        return tuple(line for line in lines if line.number > done)

    def apply(self, store: SqlStore, recognise: Recognise, now: datetime) -> int:
        """Forget again whom the store knows still; how many. Raises CannotServe, StoreError."""
        lacking = self.lacking(store)
        if not lacking:
            return 0
        due: dict[str, datetime] = {}
        for line in lacking:
            due[line.hash] = max(line.at, due.get(line.hash, line.at))
        accounts = [(each, due[hash_]) for each in store.dossiers().accounts() if (hash_ := recognise(each)) in due]
        forgetter, again = Forgetter(recognise), 0
        for account, at in accounts:
            since = store.dossiers().since(account)
            if since is None or since <= at:
                again += _forgotten(store, forgetter, account, now)
        with store.unit() as unit:
            unit.reached(_mark(self._known()[0]), max(line.number for line in lacking))
            unit.commit()
        if again:
            store.scour()
            log.warning("%s", _AGAIN.filled(count=again).in_(self._language))
        return again

    def still_there(
        self, accounts: Iterable[Account], recognise: Recognise, now: Callable[[], datetime]
    ) -> Collection[Account]:
        """Those of some accounts, all of which are in a room now and known to nobody, that were forgotten; none where
        the list cannot be read. They stay on the list for as long as they are there."""
        try:
            newest = {line.hash: line.at for line in sorted(self._read()[1], key=attrgetter("at"))}
            found = {each: hash_ for each in accounts if newest and (hash_ := recognise(each)) in newest}
        except (OSError, UnicodeDecodeError, Unreadable):
            return ()
        if old := {hash_ for hash_ in found.values() if now() - newest[hash_] >= RENEWED}:
            self._renew(old, now())
        return frozenset(found)

    def _renew(self, hashes: Collection[str], at: datetime) -> None:
        """Have lines begin anew: they are forgotten as of now. Says what is in the way, and goes on."""
        try:
            with self._held():
                name, lines = self._read()
                self._rewrite(name, [line._replace(at=at) if line.hash in hashes else line for line in lines])
        except (OSError, UnicodeDecodeError, Unreadable) as error:
            log.error("%s", _UNWRITTEN.filled(file=self.file, why=_why(error)).in_(self._language))

    def expire(self, before: datetime) -> int:
        """Drop what is older than any backup can be. How many lines went. Says what is in the way, and goes on."""
        try:
            name, lines = self._read()
            if not any(line.at < before for line in lines):
                return 0
            with self._held():
                name, lines = self._read()
                kept = [line for line in lines if line.at >= before]
                self._rewrite(name, kept)
        except (OSError, UnicodeDecodeError, Unreadable) as error:
            log.error("%s", _UNWRITTEN.filled(file=self.file, why=_why(error)).in_(self._language))
            return 0
        return len(lines) - len(kept)

    def _known(self) -> tuple[str, list[Line]]:
        try:
            return self._read()
        except (OSError, UnicodeDecodeError, Unreadable) as error:
            raise CannotServe(_UNREADABLE.filled(file=self.file, why=_why(error))) from None

    def _read(self) -> tuple[str, list[Line]]:
        """The name that the list was given when it was made, and its lines. A line that was torn is none. Raises
        OSError, UnicodeDecodeError, Unreadable."""
        try:
            written = self.file.read_text(encoding="ascii")
        except FileNotFoundError:
            return "", []
        head, *rest = written.split("\n")
        if not written:
            return "", []
        if not head.startswith(_HEAD):
            raise Unreadable
        found = (_LINE.fullmatch(line) for line in rest)
        return head.removeprefix(_HEAD), [
            Line(int(one[1]), datetime.fromisoformat(one[2]), one[3]) for one in found if one is not None
        ]

    def _made(self) -> str:
        name = "".join(secrets.choice(_LETTERS) for _ in range(12))
        _written(self.file, f"{_HEAD}{name}\n")
        return name

    def _rewrite(self, name: str, lines: Iterable[Line]) -> None:
        draft = self.file.with_name(f".{self.file.name}-{secrets.token_hex(4)}")
        _written(draft, _HEAD + name + "\n" + "".join(map(_told, lines)))
        draft.replace(self.file)

    def _add(self, lines: str) -> None:
        with self.file.open("rb") as before:
            before.seek(-1, os.SEEK_END)
            torn = before.read() != b"\n"
        _written(self.file, ("\n" if torn else "") + lines, os.O_APPEND)

    @contextmanager
    def _held(self) -> Iterator[None]:
        """The folder of the list, held against all others who write to it."""
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if fcntl is None:
            yield
            return
        folder = os.open(self.file.parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


class Unreadable(Exception):
    """What lies there is no list of ours."""


def _forgotten(store: SqlStore, forgetter: Forgetter, account: Account, now: datetime) -> bool:
    for _ in range(_TRIES):
        with store.unit() as unit:
            try:
                forgotten = forgetter.forget(unit, account, now)
            except Moved:
                continue
            unit.commit()
        return forgotten is not None
    raise CannotServe(_MOVED)


def _mark(name: str) -> str:
    """Under which name a store keeps how far it has come with a list."""
    return f"forgotten:{name}"


def _told(line: Line) -> str:
    return f"{line.number} {line.at:%Y-%m-%dT%H:%M:%SZ} {line.hash}\n"


def _written(file: Path, text: str, how: int = 0) -> None:
    """Written, and on the disk."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | how, 0o600), "w", encoding="ascii", newline="\n") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    with suppress(OSError):  # Windows opens no folders
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _why(error: Exception) -> Said:
    return system_said(error) if isinstance(error, OSError) else _NO_LIST


_NO_LIST: Final = Said("it is no such list", "不是这样的名单")
_UNWRITTEN: Final = Said(
    "{file} cannot be written ({why}): who is forgotten now would be known again if an older backup were restored; "
    f"mend the rights of its folder, or let {VARIABLE} name another file",
    "{file} 写不了（{why}）：要是恢复了更早的备份，现在忘记的人又会出现；请改好文件夹的权限，"
    f"或者用 {VARIABLE} 指定别的文件",
)
_UNREADABLE: Final = Said(
    "{file} cannot be used ({why}); it tells who was forgotten, so that no backup brings them back. Mend its rights, "
    "or put it back as it was.",
    "{file} 用不了（{why}）；里面记着谁被忘记过，免得备份把他们带回来。请改好权限，或者放回原来的文件。",
)
_AGAIN: Final = Said(
    "the database is of a backup: people who were forgotten after it are forgotten again: {count}",
    "数据库是恢复的备份：备份之后被忘记的人，又忘记了一次：{count} 人",
)
_MOVED: Final = Said(
    "Somebody who has to be forgotten again came to other groups meanwhile; stop what writes to the database, and "
    "begin again.",
    "要再忘记一次的人，刚好在换群；请先停掉写数据库的程序，再重新开始。",
)

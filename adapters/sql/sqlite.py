"""Sessions on an SQLite file, by prepared text through the standard library's driver."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from itertools import chain
from pathlib import Path
from typing import Any

from adapters.sql import sqlite_texts as texts
from adapters.sql.dialect import Row
from adapters.sql.logfile import PAGES, ROOM_BYTES, LogFile
from adapters.sql.mover import Mover
from adapters.sql.queries import Insert, Lookup, Remove
from core.errors import StoreBusy, StoreError, StoreUnavailable

BUSY_SECONDS = 15.0
SCOURED_BYTES = 64 << 20
"""Up to so large a file is written anew after somebody was forgotten: about a second in which nobody else writes."""
SCOUR_SECONDS = 1.0
"""How long that waits for another process that writes."""
"""How long to wait for another process's transaction."""
CACHE_KIB = 64 * 1024
THROW_AWAY_CACHE_KIB = 16 * 1024
"""A simulation has the machine to share with whatever else its operator does, and nobody waits for a single answer.
What it sorts for its report goes through a file, too."""
PATIENT = 4
"""How many times as long as its room the log may grow before whoever commits moves it into the file."""
_STREAMED = 1000
_MOST = 512
"""Rows wanted by one statement."""

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
_GONE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


_ALONE = nullcontext()

# Whatever is no plain number or text Python looks up an adapter for, NULLs too; where there is none it asks the value
# itself, over an error that is made and dropped. This one is found at once, and answers None.
_NOTHING_HELD: dict[None, None] = {}
sqlite3.register_adapter(type(None), _NOTHING_HELD.get)


class SqliteDatabase:
    """A file. Not `durable` means that a power cut may lose or spoil it: for throw-away files only."""

    dialect = "sqlite://"
    alone = ("BEGIN IMMEDIATE",)
    shared = False

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.path = path
        self._durable = durable
        self._log = LogFile(path)
        self._mover = Mover(
            lambda: self._connected("NORMAL"), self._log.heard, lambda: self._log.longer(PATIENT * ROOM_BYTES)
        )
        self._turn = threading.Lock()
        self._process = os.getpid()

    def connect(self, *, lasting: bool = True) -> SqliteSession:
        """See `Database.connect`."""
        # NORMAL: the log is on the disk before anything of it is moved into the file. A commit that is to last waits
        # for the disk by itself, when others may write again.
        connection = self._connected("NORMAL")
        if self._process != os.getpid():  # whoever held it in the parent does not give it back here
            self._turn, self._process = threading.Lock(), os.getpid()
            self._log.renew()
        if not self._durable:
            return SqliteSession(connection, self._turn)
        _make_room(connection, self.path)
        self._log.hold()
        return SqliteSession(connection, self._turn, self._log, self._mover, lasting=lasting)

    def close(self) -> None:
        """See `Database.close`."""
        self._mover.wait()
        self._log.close()

    def raw(self) -> sqlite3.Connection:
        """See `Database.raw`."""
        return self._connected("FULL")

    def _connected(self, waits: str) -> sqlite3.Connection:
        self._log.look()
        # For its owner alone, wherever it is; SQLite makes the files beside it likewise. Only a file that is new may be
        # opened for that: to close it again would give up the locks that this process has on it.
        with suppress(OSError):
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=1024
            )
            try:
                _use_wal(connection)
                connection.execute(f"PRAGMA synchronous={waits if self._durable else 'OFF'}")
                connection.execute(f"PRAGMA cache_size=-{CACHE_KIB if self._durable else THROW_AWAY_CACHE_KIB}")
                connection.execute(f"PRAGMA wal_autocheckpoint={PATIENT * PAGES}")
                connection.execute(f"PRAGMA journal_size_limit={PATIENT * ROOM_BYTES}")
                connection.execute(f"PRAGMA temp_store={'MEMORY' if self._durable else 'FILE'}")
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise told(error) from error
        return connection

    def told(self, error: BaseException) -> BaseException:
        """See `Database.told`."""
        return told(error) if isinstance(error, sqlite3.Error) else error


class SqliteSession:
    """Implements `Session`. All writers of the file take turns, from `begin` on.

    Those of one process wait for each other at `turn`, which wakes the next one at once. SQLite looks again now and
    then, and ever more rarely.
    """

    usable = True
    like = "LIKE"

    def __init__(
        self,
        connection: sqlite3.Connection,
        turn: threading.Lock,
        log: LogFile | None = None,
        mover: Mover | None = None,
        *,
        lasting: bool = True,
    ) -> None:
        """`log` and `mover` are those of the file, unless a power cut may lose it."""
        self.connection = connection
        self._turn = turn
        self._log = log
        self._mover = mover
        self._lasting = lasting
        self._changes = connection.total_changes
        self._holds = False

    def begin(self) -> None:
        """See `Session.begin`."""
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise StoreBusy("another thread holds the database; try again", "另一个线程占着数据库；请再试一次")
        self._holds = True
        try:
            if self._log is not None:
                self._log.check()
            self.connection.execute("BEGIN IMMEDIATE")
        except BaseException as error:
            self._let_go()
            if isinstance(error, sqlite3.Error):
                raise told(error) from error
            raise

    def commit(self) -> None:
        """See `Session.commit`. While it waits for the disk, others may write."""
        try:
            self.connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._log is not None:
                self._log.heard(error)
            raise told(error) from error
        if self._mover is not None:
            changes = self.connection.total_changes
            self._mover.wrote(changes - self._changes)
            self._changes = changes
        self._let_go()
        if self._lasting:
            self.flush()

    def rollback(self) -> None:
        """See `Session.rollback`. A full disk has undone the transaction before anybody asks."""
        try:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.usable = False
        self._let_go()

    def _let_go(self) -> None:
        if self._holds:
            self._holds = False
            self._turn.release()

    def look_up(self, query: Lookup, wanted: Sequence[Row]) -> list[Row]:
        """See `Session.look_up`. Short sets are filled up with NULLs, so that a few prepared texts serve all sizes."""
        if len(wanted) > _MOST:
            return self._look_up_parts(query, wanted)
        if not wanted:
            return []
        values: Sequence[Any]
        if len(wanted) == 1 and (text := texts.single(query)) is not None:
            values = wanted[0]
        else:
            size = 1 << (len(wanted) - 1).bit_length()
            values = list(chain.from_iterable(wanted))
            values += [None] * ((size - len(wanted)) * len(query.wanted))
            text = texts.lookup(query, size)
        try:
            return self.connection.execute(text, values).fetchall()
        except sqlite3.Error as error:
            raise told(error) from error

    def write(self, statement: Insert | Remove, rows: Sequence[Row]) -> None:
        """See `Session.write`."""
        try:
            if len(rows) == 1:
                self.connection.execute(texts.written(statement), rows[0])
            elif isinstance(statement, Remove):
                self.connection.executemany(texts.written(statement), rows)
            else:
                for some in texts.powers(rows):
                    self.connection.execute(texts.written(statement, len(some)), list(chain.from_iterable(some)))
        except sqlite3.Error as error:
            raise told(error) from error

    def write_new(self, statement: Insert, rows: Sequence[Row]) -> list[Any]:
        """See `Session.write_new`. Mostly all are new, and go in at once; else one by one, which tells them apart."""
        new: list[Any] = []
        try:
            for some in texts.powers(rows):
                new += self._new(statement, some)
        except sqlite3.Error as error:
            raise told(error) from error
        return new

    def _new(self, statement: Insert, rows: Sequence[Row]) -> list[Any]:
        text, execute = texts.written(statement), self.connection.execute
        if len(rows) > 1:
            with suppress(sqlite3.IntegrityError):  # then nothing of it was written
                execute(texts.strict(statement, len(rows)), list(chain.from_iterable(rows)))
                return [row[0] for row in rows]
        return [row[0] for row in rows if execute(text, row).rowcount]

    def together(self) -> AbstractContextManager[None]:
        """See `Session.together`. There is nobody to wait for."""
        return _ALONE

    def ask(self, text: str, parameters: Row = ()) -> list[Row]:
        """See `Session.ask`."""
        try:
            return self.connection.execute(text, parameters).fetchall()
        except sqlite3.Error as error:
            raise told(error) from error

    def stream(self, text: str, parameters: Row = ()) -> Iterator[Row]:
        """See `Session.stream`."""
        try:
            cursor = self.connection.execute(text, parameters)
            try:
                while rows := cursor.fetchmany(_STREAMED):
                    yield from rows
            finally:
                cursor.close()
        except sqlite3.Error as error:
            raise told(error) from error

    @contextmanager
    def wiping(self) -> Iterator[None]:
        """See `Session.wiping`."""
        self.ask("PRAGMA secure_delete=ON")
        try:
            yield
        finally:
            self.ask("PRAGMA secure_delete=OFF")

    def flush(self) -> None:
        """See `Session.flush`."""
        if self._log is not None:
            self._log.flush()

    def scour(self) -> bool:
        """See `Session.scour`. What SQLite copied when it made room in its pages is gone with the pages."""
        with self._turn:
            if self._mover is not None:
                self._mover.wait()
            ((bytes_,),) = self.ask("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            small = int(bytes_) <= SCOURED_BYTES
            if small:
                self.ask(f"PRAGMA busy_timeout={SCOUR_SECONDS * 1000:.0f}")
                try:
                    self.ask("VACUUM")
                finally:
                    self.ask(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
        self.empty_log()
        return small

    def empty_log(self) -> None:
        """See `Session.empty_log`. Nobody is waited for, but who moves it into the file."""
        with self._turn:
            if self._mover is not None:
                self._mover.wait()
            self.ask("PRAGMA busy_timeout=0")
            try:
                self.ask("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                self.ask(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
        if self._log is not None:
            _make_room(self.connection, self._log.file)

    def lock_groups(self, keys: Sequence[str]) -> None:
        """The transaction holds the whole file already."""

    def lock_all_groups(self) -> None:
        """So it does."""

    def new_ids(self, count: int) -> Sequence[int]:
        """See `Session.new_ids`."""
        last = self.ask("SELECT coalesce(max(id), 0) FROM accounts")[0][0]
        return range(last + 1, last + 1 + count)

    def close(self) -> None:
        """See `Session.close`."""
        try:
            self.connection.close()
        finally:
            self._let_go()

    def _look_up_parts(self, query: Lookup, wanted: Sequence[Row]) -> list[Row]:
        size = _MOST
        counted = query.text.startswith("SELECT w.n")
        found: list[Row] = []
        for start in range(0, len(wanted), size):
            rows = self.look_up(query, wanted[start : start + size])
            found += [(row[0] + start, *row[1:]) for row in rows] if counted else rows
        return found


def told(error: sqlite3.Error) -> Exception:
    """The error in the words of core.errors; those that are bugs of ours stay as they are."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return StoreBusy(
            f"another process holds the database ({error}); try again", f"另一个进程占着数据库（{error}）；请再试一次"
        )
    if code in _DAMAGED:
        return StoreUnavailable(
            f"the file is damaged, or is no database ({error}); put a backup in its place",
            f"文件坏了，或者根本不是数据库（{error}）；请用备份换掉它",
        )
    if code in _GONE or isinstance(error, sqlite3.OperationalError):
        return StoreUnavailable(
            f"the database cannot be used now: {error}; look at the disk and the file's rights",
            f"数据库现在用不了：{error}；请看看磁盘和文件的权限",
        )
    if isinstance(error, sqlite3.IntegrityError):
        return StoreError(f"a row exists already: {error}", f"这一行已经有了：{error}")
    return error


def _use_wal(connection: sqlite3.Connection) -> None:
    """Two processes that make the file at once get in each other's way here without SQLite waiting by itself."""
    patience = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() > patience:
                raise
            time.sleep(0.01)


def _make_room(connection: sqlite3.Connection, path: Path) -> None:
    """Let the log have its size from the start: pages spill into it, and the rollback leaves them to be overwritten.

    Whoever is writing meanwhile makes that room too, and a full disk is told by the first commit.
    """
    log = Path(f"{path}-wal")
    try:
        if log.exists() and log.stat().st_size >= ROOM_BYTES:
            return
        connection.execute("PRAGMA busy_timeout=0")
        connection.execute("PRAGMA cache_size=10")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE room (bytes BLOB)")
        connection.execute("INSERT INTO room VALUES (zeroblob(?))", (ROOM_BYTES,))
    except (sqlite3.Error, OSError):
        pass
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")

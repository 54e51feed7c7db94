"""The log of an SQLite file, brought to the disk by whoever wants to know that a commit lasts."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

from core.errors import StoreSpoiled, StoreUnavailable

PAGES = 2000
ROOM_BYTES = PAGES * 4096
"""How much of the log lies ready, as a commit that overwrites waits half as long for the disk as one that appends."""

_sync = getattr(os, "fdatasync", os.fsync)


class LogFile:
    """The log beside an SQLite file. Commits that do not wait for the disk are in it, one after another.

    After a flush that failed nobody knows what is on the disk, and asking again does not tell: the kernel says so once,
    to those who had the file open then. So it is open as long as anybody commits, and from then on every
    flush fails, and `check` says that nothing more may be committed here. The cure is to write all of it into the file
    anew, which whoever serves the file next does first.

    What is committed to a file that is not where it was nobody reads again: so a flush looks whether it is there.
    """

    def __init__(self, path: Path) -> None:
        """`path` is the database's own."""
        self.file = path
        self._path = f"{path}-wal"
        self._turn = threading.Lock()
        self._log = -1
        self._place: tuple[int, int] | None = None
        self._spoiled: StoreSpoiled | None = None

    def renew(self) -> None:
        """After a fork: whoever flushed in the parent at that moment does not end here."""
        self._turn = threading.Lock()

    def hold(self) -> None:
        """Have it open from now on, to hear of what goes wrong with it. The database is where it is now. Raises
        StoreUnavailable."""
        with self._turn:
            self._opened()
            if self._place is None:
                self._place = self._found()

    def flush(self) -> None:
        """Return when everything lasts that was committed before. Raises StoreUnavailable, StoreSpoiled."""
        with self._turn:
            self.look()
            if not self._opened():
                return  # it went with the last connection, which brings all of it to the disk first
            try:
                _sync(self._log)
            except OSError as error:
                self.spoil(error)
                self.check()

    def longer(self, size: int) -> bool:
        """Whether it has more than so many bytes."""
        try:
            return os.stat(self._path).st_size > size
        except OSError:
            return False

    def spoil(self, error: Exception) -> None:
        """The disk failed to store something: nothing is committed here any more."""
        self._spoiled = StoreSpoiled(*(sentence.format(error=error) for sentence in _NOT_KEPT))

    def heard(self, error: Exception) -> None:
        """What SQLite tells of the file: whatever the disk failed at, it may not have stored."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR:
            self.spoil(error)

    def check(self) -> None:
        """Raises StoreSpoiled if the disk has failed, or the file is not where it was."""
        if self._spoiled is not None:
            raise self._spoiled

    def look(self) -> None:
        """Raises StoreSpoiled as `check`, and if the file is not where it was: whoever opened what is there now would
        read the log into it, which belongs to the other."""
        self.check()
        if self._place is not None and self._found() not in (self._place, None):
            self._spoiled = StoreSpoiled(*(sentence.format(file=self.file) for sentence in _MOVED))
            raise self._spoiled

    def close(self) -> None:
        """Let go of it."""
        with self._turn:
            self._let_go()
            self._place = None

    def _found(self) -> tuple[int, int] | None:
        """Which file is there, `_NOTHING` where there is none; None if nobody can tell."""
        try:
            seen = os.stat(self.file)
        except FileNotFoundError:
            return _NOTHING
        except OSError:
            return None
        return seen.st_dev, seen.st_ino

    def _opened(self) -> bool:
        try:
            if self._log >= 0 and not os.path.samestat(os.stat(self._path), os.fstat(self._log)):
                self._let_go()
            if self._log < 0:
                self._log = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            self._let_go()
        except OSError as error:
            raise StoreUnavailable(
                f"the database's log cannot be opened: {error}", f"数据库的日志文件打不开：{error}"
            ) from error
        return self._log >= 0

    def _let_go(self) -> None:
        if self._log >= 0:
            os.close(self._log)
            self._log = -1


_NOTHING = (-1, -1)
_NOT_KEPT = (
    "the disk did not keep what was committed ({error}); look at it, then start anew",
    "写进数据库的，磁盘没有存住（{error}）；请检查磁盘，再重新启动",
)
_MOVED = (
    "{file} was taken away, or another file was put in its place, while it was in use. Nothing more is stored: put the "
    "right one there, then start anew",
    "{file} 正在用，却被拿走或换成了别的文件。不再往里写了：请把对的文件放好，再重新启动",
)

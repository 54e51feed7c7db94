"""The log of an SQLite file, brought to the disk by whoever wants to know that a commit lasts."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import StoreSpoiled, StoreUnavailable

PAGES = 2000
ROOM_BYTES = PAGES * 4096
"""How much of the log lies ready, as a commit that overwrites waits half as long for the disk as one that appends; and
how much of it is moved into the file at once."""

_sync = getattr(os, "fdatasync", os.fsync)


class LogFile:
    """The log beside an SQLite file. Commits that do not wait for the disk are in it, one after another.

    After a flush that failed nobody knows what is on the disk, and asking again does not tell: the kernel forgets that
    it failed. The cure is to read the log anew, which whoever opens the file next does. So from then on every flush
    fails, and `check` says that nothing more may be committed here.
    """

    def __init__(self, path: Path) -> None:
        """`path` is the database's own."""
        self._path = f"{path}-wal"
        self._spoiled = ""
        self._moved: int | None = None

    def flush(self) -> bool:
        """Return when everything lasts that was committed before. Raises StoreUnavailable, StoreSpoiled.

        True if the log has grown so much that it is time to move it into the file, which whoever writes would do else.
        """
        self.check()
        try:
            log = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            return False  # it went with the last connection, which brings all of it to the disk first
        except OSError as error:
            raise StoreUnavailable(f"the database's log cannot be opened: {error}") from error
        try:
            _sync(log)
            length = os.fstat(log).st_size
        except OSError as error:
            self._spoiled = f"the disk did not keep what was committed ({error}); look at it, then start anew"
            self.check()
        finally:
            os.close(log)
        if self._moved is None or length < self._moved:  # seen for the first time, or begun anew and cut to its room
            self._moved = length
        if length - self._moved < ROOM_BYTES:
            return False
        self._moved = length
        return True

    def check(self) -> None:
        """Raises StoreSpoiled if a flush has failed."""
        if self._spoiled:
            raise StoreSpoiled(self._spoiled)

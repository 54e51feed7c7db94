"""The log of an SQLite file, brought to the disk by whoever wants to know that a commit lasts."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import StoreSpoiled, StoreUnavailable

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

    def flush(self) -> None:
        """Return when everything lasts that was committed before. Raises StoreUnavailable, StoreSpoiled."""
        self.check()
        try:
            log = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            return  # it went with the last connection, which brings all of it to the disk first
        except OSError as error:
            raise StoreUnavailable(f"the database's log cannot be opened: {error}") from error
        try:
            _sync(log)
        except OSError as error:
            self._spoiled = f"the disk did not keep what was committed ({error}); look at it, then start anew"
            self.check()
        finally:
            os.close(log)

    def check(self) -> None:
        """Raises StoreSpoiled if a flush has failed."""
        if self._spoiled:
            raise StoreSpoiled(self._spoiled)

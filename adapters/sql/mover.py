"""Moves the log of an SQLite file into the file, in a thread of its own."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Final

from adapters.sql.logfile import PAGES
from core.errors import StoreError

MANY: Final = 2 * PAGES
"""Rows after which it is time to move the log. A page holds several of them, and is in it anew for each commit."""


class Mover:
    """Counts what is written, and moves the log now and then: that takes the disk as long as dozens of commits, for
    which nobody has to wait. Whoever commits does it else, once the log has grown long all the same.

    `connect` gives a connection for a moment, `failed` hears of what went wrong with it, `long` says that the log has
    grown long. They are called in any thread.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        failed: Callable[[Exception], object],
        long: Callable[[], bool],
    ) -> None:
        self._connect = connect
        self._long = long
        self._failed = failed
        self._rows = 0
        self._thread: threading.Thread | None = None
        self._process = os.getpid()

    def wrote(self, rows: int) -> None:
        """So many rows were committed. Called by whoever has the turn to write."""
        self._rows += rows
        if self._at_work():
            if self._long():  # a slow disk is never done with a log that goes on growing
                self.wait()
                self._move()  # all of it, as nobody writes meanwhile: the next commit begins the log anew
                self._rows = 0
        elif self._rows >= MANY:
            self._rows = 0
            self._process = os.getpid()
            thread = threading.Thread(target=self._move, name="log", daemon=True)
            with suppress(RuntimeError):  # no thread is to be had: whoever commits does it in the end
                thread.start()
                self._thread = thread

    def wait(self) -> None:
        """Return when it is not at work. Whoever holds the turn to write has it stay so."""
        if self._thread is not None and self._process == os.getpid():
            self._thread.join()

    def _at_work(self) -> bool:
        return self._thread is not None and self._process == os.getpid() and self._thread.is_alive()

    def _move(self) -> None:
        try:
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except (sqlite3.Error, StoreError) as error:  # it waits for another time; what was committed lasts in any case
            self._failed(error)

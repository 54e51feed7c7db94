"""Sessions that rest between transactions."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from adapters.sql.dialect import Database, Session

MOST_IDLE = 8


def host_clock() -> datetime:
    """The instant, by this machine."""
    return datetime.now(UTC)


class Pool:
    """Lends sessions to threads, one at a time each. As many as are asked for; a few are kept.

    Not `lasting`: commits of its sessions do not wait for the disk.
    """

    def __init__(self, database: Database, *, lasting: bool = True) -> None:
        self._database = database
        self._lasting = lasting
        self._idle: deque[Session] = deque()
        self._inherited: list[deque[Session]] = []
        self._process = os.getpid()
        self._closed = False
        self.clock: Callable[[], datetime] = host_clock
        """The instant that counts where the database is a file: the machine's, unless a process has a better one."""

    @property
    def shared(self) -> bool:
        """Whether other machines use the database too: then its clock is the one that counts."""
        return self._database.shared

    def take(self) -> Session:
        """A session that no other thread has. Raises StoreUnavailable."""
        if self._process != os.getpid():
            self._forked()
        while self._idle:
            try:
                session = self._idle.pop()
            except IndexError:
                break
            if session.usable:
                return session
            session.close()
            self._close_idle()
        return self._database.connect(lasting=self._lasting)

    def give_back(self, session: Session) -> None:
        """Return a session outside any transaction."""
        usable = session.usable
        if usable and not self._closed and len(self._idle) < MOST_IDLE:
            self._idle.append(session)
            return
        session.close()
        if not usable:
            self._close_idle()

    @contextmanager
    def lent(self) -> Iterator[Session]:
        """A session for the length of the block; what was begun and not committed is undone.

        Who only reads begins nothing, and waits for no writer.
        """
        session = self.take()
        try:
            yield session
        finally:
            session.rollback()
            self.give_back(session)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """The same, with a transaction begun."""
        with self.lent() as session:
            session.begin()
            yield session

    def close(self) -> None:
        """Close what rests; sessions lent out are closed when they come back."""
        self._closed = True
        self._close_idle()

    def _close_idle(self) -> None:
        """What happened to one of them happened to the others as well: to find out takes as long for each."""
        with suppress(IndexError):  # others take and give back meanwhile
            while True:
                self._idle.pop().close()

    def _forked(self) -> None:
        """The parent goes on using its connections: the child neither uses nor closes them."""
        self._inherited.append(self._idle)
        self._idle = deque()
        self._process = os.getpid()

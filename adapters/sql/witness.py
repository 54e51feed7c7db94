"""Makes what was committed last, where a server holds the store, and finds out where that was lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from adapters.sql.dialect import Session


class Witness:
    """A connection that was there before anything was committed that does not last yet.

    A server that begins anew, or another one that takes over, ends every connection and has lost what did not last. A
    new connection would flush whatever it finds and say that all is well: this one is never replaced in silence.
    Threads may share it.
    """

    def __init__(self, connect: Callable[[], Session]) -> None:
        self._connect = connect
        self._session: Session | None = None
        self._inherited: list[Session | None] = []
        self._turn = threading.Lock()
        self._process = os.getpid()

    def attend(self) -> None:
        """To be called before what does not last is committed. May raise StoreUnavailable."""
        if self._session is None or self._process != os.getpid():
            with self._mine():
                if self._session is None:
                    self._session = self._connect()

    def flush(self) -> None:
        """Make all last that was committed before. Raises StoreUnavailable, also where some of it may be lost.

        Who commits meanwhile does not wait for it.
        """
        with self._mine():
            session = self._session = self._session or self._connect()
            try:
                session.flush()
            except BaseException:
                self._session = None
                session.close()
                raise

    def close(self) -> None:
        """Close the connection."""
        with self._mine():
            session, self._session = self._session, None
            if session is not None:
                session.close()

    def _mine(self) -> threading.Lock:
        """After a fork the child neither uses nor closes what is the parent's."""
        if self._process != os.getpid():
            self._inherited.append(self._session)
            self._session, self._turn, self._process = None, threading.Lock(), os.getpid()
        return self._turn

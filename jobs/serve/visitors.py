"""Whoever connects and asks nothing does not keep the process from its work: connections are few, and none waits long.

A process that has no file left to open can neither send nor store. So it closes whoever takes too long to say what is
wanted, however busily, and whoever comes when all places are taken.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

MOST: Final = 400
"""Connections at once. Telegram makes 40 for each bot at most; a process may have a thousand files, as systems go."""
AT_ONCE: Final = 100
"""Connections that wait to be looked at; so many are opened before any of them can be closed."""
PATIENCE: Final = 10.0
"""Seconds until the head of a request must be there, from connecting or from the answer before."""


def bounded(protocol: type[Any], most: int, patience: float) -> type[asyncio.Protocol]:
    """One of uvicorn's protocols, with these bounds."""

    class Bounded(protocol):  # type: ignore[misc]
        deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            if len(self.connections) > most:
                transport.abort()
            else:
                self.await_request()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                self.await_nothing()  # how long a body may take is for whoever reads it to say

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if self.cycle is None or self.cycle.response_complete:
                self.await_request()

        def connection_lost(self, exc: Exception | None) -> None:
            self.await_nothing()
            super().connection_lost(exc)

        def await_request(self) -> None:
            self.await_nothing()
            if not self.transport.is_closing():
                self.deadline = self.loop.call_later(patience, self.transport.abort)

        def await_nothing(self) -> None:
            if self.deadline is not None:
                self.deadline.cancel()
                self.deadline = None

    return Bounded

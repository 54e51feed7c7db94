"""The clock of the day: it runs as fast as any other, and is put forward when the script says so.

Everybody who takes part reads the same file, so that Telegram's dates and the assistant's never differ. Only what
people call the time is moved; how long a request takes stays real.
"""

from __future__ import annotations

import asyncio
import mmap
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

_HELD = struct.Struct("=d")


class DayClock:
    """Implements `jobs.serve.clock.Clock`; called, it answers in Unix seconds, as the world wants it."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as held:
            self._ahead = mmap.mmap(held.fileno(), _HELD.size)

    @classmethod
    def begin(cls, file: Path, start: datetime) -> DayClock:
        """A clock that shows `start` now."""
        file.write_bytes(_HELD.pack(start.timestamp() - time.time()))
        return cls(file)

    def __call__(self) -> float:
        ahead: float = _HELD.unpack_from(self._ahead)[0]
        return time.time() + ahead

    def forward(self, seconds: float) -> None:
        """Put it forward, for everybody at once."""
        ahead: float = _HELD.unpack_from(self._ahead)[0]
        _HELD.pack_into(self._ahead, 0, ahead + seconds)

    def now(self) -> datetime:
        """The instant, aware, UTC."""
        return datetime.fromtimestamp(self(), UTC)

    def monotonic(self) -> float:
        """Seconds that never run backwards."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        await asyncio.sleep(seconds)

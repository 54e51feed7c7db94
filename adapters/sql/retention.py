"""What goes when its time has come: in small pieces, found without a lock and deleted by key."""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from typing import Final

from adapters.sql import rows
from adapters.sql.pool import Pool
from adapters.sql.queries import Remove

_SETTLED: Final = "state IN ('done', 'unsure', 'dead', 'dropped')"
_PASSED: Final = f"SELECT id FROM outbox WHERE id >= ? AND id < ? AND {_SETTLED} LIMIT ?"
_DROP_SAID: Final = Remove("outbox", (("id", "text"),))
PIECE: Final = 500
"""Rows that go in one transaction."""


class SqlRetention:
    """The clearing away of a store. Every call is its own transaction; all may raise StoreBusy or StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def drop_passing(self, prefix: str) -> int:
        """Delete the outbox rows that are settled and whose ids begin so; how many there were."""
        first, end = rows.named(prefix), rows.named(prefix[:-1] + chr(ord(prefix[-1]) + 1))
        with self._pool.lent() as session:
            found = session.ask(_PASSED, (first, end, PIECE))
            if found:
                session.begin()
                session.write(_DROP_SAID, sorted(found))
                session.commit()
        return len(found)

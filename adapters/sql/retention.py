"""What goes when its time has come: in small pieces, found without a lock and deleted by key."""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from datetime import datetime
from typing import Final

from adapters.sql import rows
from adapters.sql.dialect import Row
from adapters.sql.pool import Pool
from adapters.sql.queries import Remove

_SETTLED: Final = "state IN ('done', 'unsure', 'dead', 'dropped')"
_PASSED: Final = f"SELECT id FROM outbox WHERE id >= ? AND id < ? AND {_SETTLED} LIMIT ?"
_DROP_SAID: Final = Remove("outbox", (("id", "text"),))
_OVER: Final = "SELECT group_id, kind, key FROM tasks WHERE state NOT IN ('waiting', 'running') AND at < ? LIMIT ?"
_DROP_TASK: Final = Remove("tasks", (("group_id", "bigint"), ("kind", "text"), ("key", "text")))
PIECE: Final = 500
"""Rows that go in one transaction."""


class SqlRetention:
    """The clearing away of a store. Every call is its own transaction; all may raise StoreBusy or StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def drop_passing(self, prefix: str) -> int:
        """Delete the outbox rows that are settled and whose ids begin so; how many there were."""
        first, end = rows.named(prefix), rows.named(prefix[:-1] + chr(ord(prefix[-1]) + 1))
        return self._drop(_DROP_SAID, _PASSED, (first, end))

    def drop_tasks(self, before: datetime) -> int:
        """Delete tasks that were asked for before an instant and are over; how many there were."""
        return self._drop(_DROP_TASK, _OVER, (rows.micros(before),))

    def _drop(self, statement: Remove, over: str, parameters: Row) -> int:
        with self._pool.lent() as session:
            found = session.ask(over, (*parameters, PIECE))
            if found:
                session.begin()
                session.write(statement, sorted(found))
                session.commit()
        return len(found)

"""What a running process asks of the database besides batches: which timers are due, and forgetting what is old."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice

from adapters.sql import queries, rows
from adapters.sql.dialect import Row
from adapters.sql.pool import Pool
from adapters.sql.unit import timer
from core.ports import TimerRow


class SqlUpkeep:
    """Implements `core.upkeep.Upkeep`. Threads may share it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def due(self, groups: Collection[str], now: datetime, most: int) -> Sequence[TimerRow]:
        """See `Upkeep.due`. Timers of groups that nobody serves now stay, and are passed over."""
        found = self._first(queries.TIMERS_BY_TIME, (rows.micros(now),), groups, most)
        return [timer(row) for row in found]

    def next_due(self, groups: Collection[str]) -> datetime | None:
        """See `Upkeep.next_due`."""
        return next((rows.instant(at) for _, at in self._first(queries.NEXT_TIMERS, (), groups, 1)), None)

    def forget_seen(self, before: datetime, most: int) -> int:
        """See `Upkeep.forget_seen`. The search holds up nobody; the deleting is by key, and short."""
        old = list(self._read(queries.SEEN_BEFORE, (rows.micros(before), most)))
        with self._pool.writing() as session:
            session.write(queries.FORGET, sorted(old))
            session.commit()
        return len(old)

    def end_leases(self) -> None:
        """Free everything that is leased: for whoever knows that no other process can be at work."""
        self._change(queries.END_LEASES)
        self.free_tasks()

    def free_tasks(self) -> None:
        """Let tasks be claimed again that somebody has in hand: for whoever knows that a claimant has died.

        One that is still at work does it in vain: only the latest claim of a task may finish it.
        """
        self._change(queries.FREE_TASKS)

    def _change(self, text: str) -> None:
        with self._pool.writing() as session:
            session.ask(text)
            session.commit()

    def _first(self, text: str, parameters: Row, groups: Collection[str], most: int) -> list[Row]:
        """The first rows that are about these groups; all are looked through only where others stand before them."""
        found = list(self._read(f"{text} LIMIT {most}", parameters))
        served = [row for row in found if row[0] in groups]
        if len(found) < most or len(served) == most:
            return served
        return list(islice((row for row in self._read(text, parameters) if row[0] in groups), most))

    def _read(self, text: str, parameters: Row = ()) -> Iterator[Row]:
        with self._pool.lent() as session:
            yield from session.stream(text, parameters)

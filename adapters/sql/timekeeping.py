"""What a store tells of the time, for whoever cannot trust the machine's clock alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from adapters.sql import rows
from adapters.sql.dialect import Session
from adapters.sql.pool import Pool
from adapters.sql.queries import Insert, Remove

_NEWEST: Final = (
    "SELECT at FROM connections UNION ALL SELECT at FROM (SELECT at FROM audit ORDER BY seq DESC LIMIT 1) AS a "
    "UNION ALL SELECT at FROM (SELECT at FROM outbox ORDER BY seq DESC LIMIT 1) AS o"
)
_SERVED: Final = "SELECT max(at) FROM connections WHERE how <> 'stopped'"
_LEAP: Final = "clock:"
_LEAPS: Final = "SELECT name FROM notices WHERE name >= ? AND name < ?"
_NOTE: Final = Insert("notices", (("name", "text"), ("at", "bigint")))
_FORGET: Final = Remove("notices", (("name", "text"),))


class SqlTimekeeping:
    """Each call is a transaction and may raise StoreBusy, StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def newest(self) -> datetime | None:
        """The newest instant that is found without a search: of decisions, messages and connections."""
        with self._pool.lent() as session:
            return max((rows.instant(at) for (at,) in session.ask(_NEWEST)), default=None)

    def served(self) -> datetime | None:
        """When a process that serves wrote last how an account stands; it does so twice a minute."""
        with self._pool.lent() as session:
            return rows.instant_or_none(session.ask(_SERVED)[0][0])

    def note_leap(self, by: timedelta | None, at: datetime) -> None:
        """Write down how far the machine's clock is from what the serving process goes by; None takes it away."""
        with self._pool.writing() as session:
            session.write(_FORGET, [(name,) for name in self._leaps(session)])
            if by is not None:
                session.write(_NOTE, [(f"{_LEAP}{round(by.total_seconds())}", rows.micros(at))])
            session.commit()

    def leap(self) -> timedelta | None:
        """What `note_leap` wrote last; of a process that was killed it may be of long ago."""
        with self._pool.lent() as session:
            return next((timedelta(seconds=int(name.removeprefix(_LEAP))) for name in self._leaps(session)), None)

    @staticmethod
    def _leaps(session: Session) -> list[str]:
        return [name for (name,) in session.ask(_LEAPS, (_LEAP, f"{_LEAP}\U0010ffff"))]

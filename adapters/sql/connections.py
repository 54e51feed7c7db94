"""How each account that is served stands, kept so that a restart knows when it was heard last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from adapters.sql import rows
from adapters.sql.pool import Pool
from adapters.sql.queries import Insert

_NOTE: Final = Insert(
    "connections",
    (("name", "text"), ("first", "bigint"), ("heard", "bigint"), ("how", "text"), ("at", "bigint"), ("held", "bigint")),
    "ON CONFLICT (name) DO UPDATE SET first = coalesce(connections.first, excluded.first), "
    "heard = coalesce(excluded.heard, connections.heard), how = excluded.how, at = excluded.at, "
    "held = excluded.held",
)
_ALL: Final = "SELECT name, first, heard, how, at, held FROM connections ORDER BY name"


class Stands(NamedTuple):
    """An account: when it was let in for the first time, until when it was heard, how it stood at `at`, and until when
    it does nothing because its platform complained (`held`)."""

    first: datetime | None
    heard: datetime | None
    how: str
    at: datetime
    held: datetime | None = None


class SqlConnections:
    """The table `connections`. Each call is a transaction and may raise StoreBusy, StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def note(self, name: str, stands: Stands) -> None:
        """Write down how an account stands. When it was first let in stays; None leaves `heard` as it was."""
        with self._pool.writing() as session:
            first, heard = rows.micros_or_none(stands.first), rows.micros_or_none(stands.heard)
            how, at, held = rows.shown(stands.how), rows.micros(stands.at), rows.micros_or_none(stands.held)
            session.write(_NOTE, [(rows.named(name), first, heard, how, at, held)])
            session.commit()

    def all(self) -> Mapping[str, Stands]:
        """Every account by name."""
        with self._pool.lent() as session:
            found = session.ask(_ALL)
        return {
            name: Stands(
                rows.instant_or_none(first),
                rows.instant_or_none(heard),
                how,
                rows.instant(at),
                rows.instant_or_none(held),
            )
            for name, first, heard, how, at, held in found
        }

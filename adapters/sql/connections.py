"""How each account that is served stands: a restart knows when it was heard last, and whether it is the same one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from adapters.sql import rows
from adapters.sql.pool import Pool
from adapters.sql.queries import Insert

_NOTE: Final = Insert(
    "connections",
    (
        ("name", "text"),
        ("first", "bigint"),
        ("heard", "bigint"),
        ("how", "text"),
        ("at", "bigint"),
        ("held", "bigint"),
        ("account", "text"),
        ("called", "text"),
    ),
    "ON CONFLICT (name) DO UPDATE SET first = CASE "
    "WHEN connections.account <> excluded.account AND connections.called <> excluded.called THEN excluded.first "
    "ELSE coalesce(connections.first, excluded.first) END, "
    "heard = coalesce(excluded.heard, connections.heard), how = excluded.how, at = excluded.at, "
    "held = excluded.held, account = coalesce(excluded.account, connections.account), "
    "called = coalesce(excluded.called, connections.called)",
)
_ALL: Final = "SELECT name, first, heard, how, at, held, account, called FROM connections ORDER BY name"
_ONE: Final = "SELECT name, first, heard, how, at, held, account, called FROM connections WHERE name = ?"


class Who(NamedTuple):
    """An account by the platform's own id and its name there. Ids may be other ones at each login."""

    id: str
    name: str


class Stands(NamedTuple):
    """A connection: when its account was let in for the first time, until when it was heard, how it stood at `at`,
    until when it does nothing because its platform complained (`held`), and `who` was let in last."""

    first: datetime | None
    heard: datetime | None
    how: str
    at: datetime
    held: datetime | None = None
    who: Who | None = None


class SqlConnections:
    """The table `connections`. Each call is a transaction and may raise StoreBusy, StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def note(self, name: str, stands: Stands) -> Stands:
        """Write down how a connection stands, and answer what is known now.

        `first` stays, unless somebody with another id and another name was let in; None leaves `heard` and `who` as
        they were.
        """
        first, heard = rows.micros_or_none(stands.first), rows.micros_or_none(stands.heard)
        how, at, held = rows.shown(stands.how), rows.micros(stands.at), rows.micros_or_none(stands.held)
        account, called = (rows.shown(stands.who.id), rows.shown(stands.who.name)) if stands.who else (None, None)
        with self._pool.writing() as session:
            session.write(_NOTE, [(rows.named(name), first, heard, how, at, held, account, called)])
            (kept,) = session.ask(_ONE, (rows.named(name),))
            session.commit()
        return _stands(*kept[1:])

    def all(self) -> Mapping[str, Stands]:
        """Every connection by name."""
        with self._pool.lent() as session:
            found = session.ask(_ALL)
        return {name: _stands(*kept) for name, *kept in found}


def _stands(
    first: int | None,
    heard: int | None,
    how: str,
    at: int,
    held: int | None,
    account: str | None,
    called: str | None,
) -> Stands:
    return Stands(
        rows.instant_or_none(first),
        rows.instant_or_none(heard),
        how,
        rows.instant(at),
        rows.instant_or_none(held),
        Who(account, called or "") if account is not None else None,
    )

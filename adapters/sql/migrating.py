"""Bring a database to the schema of this version, and refuse what another version made."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, NullPool, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from adapters.sql.dialect import Database
from adapters.sql.making import make
from adapters.sql.revision import REVISION
from adapters.sql.schema import METADATA
from core.errors import SchemaUnknown


def migrate(database: Database) -> None:
    """Bring the schema up to date in one transaction; whoever starts at the same time waits for it.

    Raises SchemaUnknown for a schema that is newer or not ours, before anything is changed.
    """
    with connected(database) as connection:
        if _version(connection, database) == REVISION:
            return
        for statement in database.alone:
            connection.exec_driver_sql(statement)
        if _version(connection, database) != REVISION:
            if inspect(connection).has_table("alembic_version"):
                from adapters.sql.upgrading import upgrade  # noqa: PLC0415 (see there)

                upgrade(connection)
            else:
                make(connection)
        connection.exec_driver_sql("COMMIT")


def revision(database: Database) -> str | None:
    """The schema that a database has, or None if it has none yet; nothing is changed. Raises SchemaUnknown."""
    with connected(database) as connection:
        return _version(connection, database)


@contextmanager
def connected(database: Database) -> Iterator[Connection]:
    """A connection that begins and commits where it is told to. Its errors are those of core.errors."""
    engine = create_engine(database.dialect, creator=database.raw, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        if error.orig is None:
            raise
        raise database.told(error.orig) from None
    finally:
        engine.dispose()


def _version(connection: Connection, database: Database) -> str | None:
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" not in tables:
        foreign = tables & METADATA.tables.keys() if database.shared else tables
        if foreign:
            raise _foreign(foreign)
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found is not None and not tables >= _EVER:  # it counts the migrations of another program
        raise _foreign(tables if not database.shared else ("alembic_version",))
    if found is None or found == REVISION:
        return found
    from adapters.sql.upgrading import revisions  # noqa: PLC0415 (see there)

    if found not in revisions(connection):
        raise SchemaUnknown(*(sentence.format(found=found, ours=REVISION) for sentence in _NEWER))
    return str(found)


def _foreign(tables: Collection[str]) -> SchemaUnknown:
    named = ", ".join(sorted(tables)[:3])
    return SchemaUnknown(*(sentence.format(tables=named) for sentence in _FOREIGN))


_EVER: Final = frozenset(("accounts", "ledger", "memberships"))
"""Tables that have been there since the first schema."""
_FOREIGN = (
    "the database holds tables that are not ours ({tables}); use another",
    "数据库里有不是雅集的表（{tables}）；请换一个数据库",
)
_NEWER = (
    "the database has schema {found}, newer than {ours} of this version; install the newer one",
    "数据库的结构是 {found}，比这个版本的 {ours} 新；请装新的版本",
)

"""Copy a whole database into an empty one: every row as it is, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select

from adapters.sql.dialect import Database
from adapters.sql.migrating import connected, migrate, revision
from adapters.sql.opening import database_at
from adapters.sql.schema import METADATA
from core.errors import StoreError

_COUNTED: Final = ("group_days", "group_sizes")
"""What triggers count while other tables are filled, where they cannot rest: these come last, and as they were."""
_AT_ONCE: Final = 1000


def copy_store(source: str, target: str) -> Mapping[str, int]:
    """Copy all that a store holds into an empty one, both at the schema of this version: how many rows of each table.

    Nobody may write to the source meanwhile. Raises as `open_store`, and StoreError where the source was never used or
    the target is not empty.
    """
    databases = [database_at(url, durable=True) for url in (source, target)]
    if revision(databases[0]) is None:
        raise StoreError(*_NOTHING_THERE)
    for database in databases:
        migrate(database)
    return _copied(*databases)


def _copied(source: Database, target: Database) -> Mapping[str, int]:
    """How many rows of each table were copied. Raises StoreError where the target holds any, and changes nothing then;
    StoreUnavailable."""
    tables = sorted(METADATA.sorted_tables, key=lambda table: table.name in _COUNTED)
    with connected(source) as read, connected(target) as written:
        read.exec_driver_sql("BEGIN")
        for statement in target.alone:
            written.exec_driver_sql(statement)
        if target.shared:
            _resting(tables, written)
        held = [table.name for table in tables if written.execute(select(table).limit(1)).first() is not None]
        if held:
            raise StoreError(*(sentence.format(tables=", ".join(held[:3])) for sentence in _NOT_EMPTY))
        rows = {table.name: _filled(table, read, written) for table in tables}
        if target.shared:
            for table in tables:
                _count_on(table, written)
                written.exec_driver_sql(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
        written.exec_driver_sql("COMMIT")
        read.exec_driver_sql("ROLLBACK")
    return rows


def _resting(tables: Iterable[Table], written: Connection) -> None:
    """Nothing is counted row by row, which takes ever longer in one transaction; whoever writes waits until it ends."""
    for table in tables:
        written.exec_driver_sql(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")


def _filled(table: Table, read: Connection, written: Connection) -> int:
    if table.name in _COUNTED:
        written.execute(delete(table))
    rows = 0
    for part in read.execute(select(table)).mappings().partitions(_AT_ONCE):
        written.execute(insert(table), [dict(row) for row in part])
        rows += len(part)
    return rows


def _count_on(table: Table, written: Connection) -> None:
    """New rows get the ids after those that were copied."""
    column: Any = table.autoincrement_column
    if column is None:
        return
    sequence = written.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    last = written.scalar(select(func.max(column)))
    if sequence is not None and last is not None:
        written.scalar(select(func.setval(sequence, last)))


_NOT_EMPTY: Final = (
    "the database is not empty ({tables}); copy into an empty one, before anything is served from it",
    "数据库不是空的（{tables}）；请拷进一个空的、还没有用来服务过的数据库",
)
_NOTHING_THERE: Final = (
    "there is nothing in the file that is to be copied; name the one that was served",
    "要拷贝的文件里什么都没有；请写一直在用的那个文件",
)

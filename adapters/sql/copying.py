"""Copy a whole database into an empty one: every row as it is, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select

from adapters.sql.dialect import Database
from adapters.sql.migrating import connected
from adapters.sql.schema import METADATA
from core.errors import StoreError

_COUNTED: Final = ("group_days", "group_sizes")
"""What triggers count while other tables are filled, where they cannot rest: these come last, and as they were."""
_AT_ONCE: Final = 1000


def copied(source: Database, target: Database) -> Mapping[str, int]:
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

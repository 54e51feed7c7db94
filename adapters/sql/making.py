"""A new database is given the schema at once. The migrations, one after another, are for those that hold something."""

from __future__ import annotations

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table

from adapters.sql.counters import count
from adapters.sql.revision import REVISION
from adapters.sql.schema import METADATA

_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def make(connection: Connection) -> None:
    """Make all that the migrations would, in the transaction of the connection. None of it may be there."""
    METADATA.create_all(connection, checkfirst=False)
    count(connection)
    _VERSION.create(connection)
    connection.execute(_VERSION.insert().values(version_num=REVISION))

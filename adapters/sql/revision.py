"""Which schema this version works with, and whether a database has it.

A store at work needs no SQLAlchemy, and to import that takes as long as all else that a store is made of: it is needed
where a schema is made, looked into or brought up to date, and for the address of a server.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import Final

from adapters.sql.dialect import Database

REVISION: Final = "0012"


def stands(database: Database) -> bool:
    """Whether a database has the schema of this version. Raises StoreUnavailable; nothing is changed."""
    with closing(database.raw()) as connection, suppress(Exception):  # what is wrong is told by what looks closer
        return bool(connection.execute(_VERSION).fetchall() == [(REVISION,)])
    return False


_VERSION: Final = "SELECT v.version_num FROM alembic_version v LEFT JOIN group_sizes s ON 1 = 0"
"""Other programs that share a database may keep their own version under that name, and it may be the same number: they
have no such table beside it."""

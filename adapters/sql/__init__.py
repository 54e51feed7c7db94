"""State in SQL: SQLite in a file of our own, PostgreSQL by URL."""

from adapters.sql.opening import open_as_it_is, open_store
from adapters.sql.store import SqlStore

__all__ = ["SqlStore", "open_as_it_is", "open_store"]

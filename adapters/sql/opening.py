"""Open a store by URL: the schema is brought up to date first, whoever else is starting at the same time."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.sql.dialect import Database
from adapters.sql.migrating import migrate
from adapters.sql.sqlite import SqliteDatabase
from adapters.sql.store import SqlStore
from core.errors import StoreError


def open_store(url: str, *, durable: bool = True) -> SqlStore:
    """The store at `sqlite:///path` (four slashes for an absolute one) or `postgresql://user:password@host/name`.

    `durable=False` is for throw-away files: a power cut may spoil them. Raises StoreUnavailable, SchemaUnknown
    (a newer or foreign schema; nothing was changed), StoreError (not a URL this knows). No error holds the password.
    """
    database = _database(url, durable)
    migrate(database)
    return SqlStore(database)


def _database(url: str, durable: bool) -> Database:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("the storage URL cannot be read; write sqlite:///path or postgresql://…") from None
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise StoreError("the storage URL names no file; write sqlite:///path")
        return SqliteDatabase(Path(parsed.database), durable=durable)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        return _postgres(parsed, durable)
    raise StoreError(f"storage on {parsed.get_backend_name()} is not known; write sqlite:///path or postgresql://…")


def _postgres(url: URL, durable: bool) -> Database:
    try:
        from adapters.sql.postgres import PostgresDatabase  # noqa: PLC0415 (an optional extra)
    except ImportError:
        raise StoreError("PostgreSQL needs the extra `postgres`; install yaji[postgres]") from None
    return PostgresDatabase(url, durable=durable)

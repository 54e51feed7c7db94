"""Open a store by URL: the schema is brought up to date first, whoever else is starting at the same time."""

from __future__ import annotations

from pathlib import Path

from adapters.sql.dialect import Database
from adapters.sql.revision import REVISION, stands
from adapters.sql.sqlite import SqliteDatabase
from adapters.sql.store import SqlStore
from core.errors import StoreError, StoreUnknown


def open_store(url: str, *, durable: bool = True) -> SqlStore:
    """The store at `sqlite:///path` (four slashes for an absolute one) or `postgresql://user:password@host/name`.

    `durable=False` is for throw-away files: a power cut may spoil them. Raises StoreUnavailable, SchemaUnknown
    (a newer or foreign schema; nothing was changed), StoreUnknown (not a URL this knows). No error holds the password.
    """
    database = database_at(url, durable=durable)
    if not stands(database):
        from adapters.sql.migrating import migrate  # noqa: PLC0415 (see `revision`)

        migrate(database)
    return SqlStore(database)


def open_as_it_is(url: str) -> SqlStore | None:
    """The store at a URL, to be read: its schema is not brought up to date. None if it has none yet.

    Raises as `open_store`, and StoreError where the schema is an older one.
    """
    database = database_at(url, durable=True)
    if not stands(database):
        from adapters.sql.migrating import revision  # noqa: PLC0415 (see `revision`)

        found = revision(database)
        if found is None:
            return None
        if found != REVISION:
            raise StoreError(*(sentence.format(found=found, ours=REVISION) for sentence in _BEHIND))
    return SqlStore(database)


def known(url: str) -> bool:
    """Whether there is a schema at a URL that this version knows, or can bring up to date. Nothing is changed. Raises
    StoreUnavailable, SchemaUnknown (a newer or foreign one), StoreUnknown."""
    database = database_at(url, durable=True)
    if stands(database):
        return True
    from adapters.sql.migrating import revision  # noqa: PLC0415 (see `revision`)

    return revision(database) is not None


def database_at(url: str, *, durable: bool) -> Database:
    """The database at a URL. Raises StoreUnknown."""
    kind, _, _ = url.partition(":")
    if kind.partition("+")[0] == "sqlite":
        path = url.partition(":///")[2]  # `?` and `#` are the file's own
        if path.partition("?")[0] in ("", ":memory:"):
            raise StoreUnknown(*_NO_FILE)
        return SqliteDatabase(Path(path), durable=durable)
    from adapters.sql.served import served  # noqa: PLC0415 (see there)

    return served(url, durable)


_BEHIND = (
    "the database has schema {found}; `yaji serve` brings it to {ours}",
    "数据库的结构还是 {found}；运行 `yaji serve` 会升级到 {ours}",
)
_NO_FILE = (
    "the address of the database names no file; write sqlite:///path",
    "数据库的地址里没有文件名；请写 sqlite:///文件",
)

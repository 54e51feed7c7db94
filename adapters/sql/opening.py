"""Open a store by URL: the schema is brought up to date first, whoever else is starting at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.sql.copying import copied
from adapters.sql.dialect import Database
from adapters.sql.migrating import migrate, revision
from adapters.sql.schema import REVISION
from adapters.sql.sqlite import SqliteDatabase
from adapters.sql.store import SqlStore
from core.errors import StoreError, StoreUnknown


def open_store(url: str, *, durable: bool = True) -> SqlStore:
    """The store at `sqlite:///path` (four slashes for an absolute one) or `postgresql://user:password@host/name`.

    `durable=False` is for throw-away files: a power cut may spoil them. Raises StoreUnavailable, SchemaUnknown
    (a newer or foreign schema; nothing was changed), StoreUnknown (not a URL this knows). No error holds the password.
    """
    database = _database(url, durable)
    migrate(database)
    return SqlStore(database)


def open_as_it_is(url: str) -> SqlStore | None:
    """The store at a URL, to be read: its schema is not brought up to date. None if it has none yet.

    Raises as `open_store`, and StoreError where the schema is an older one.
    """
    database = _database(url, durable=True)
    found = revision(database)
    if found is None:
        return None
    if found != REVISION:
        raise StoreError(*(sentence.format(found=found, ours=REVISION) for sentence in _BEHIND))
    return SqlStore(database)


def copy_store(source: str, target: str) -> Mapping[str, int]:
    """Copy all that a store holds into an empty one, both at the schema of this version: how many rows of each table.

    Nobody may write to the source meanwhile. Raises as `open_store`, and StoreError where the source was never used or
    the target is not empty.
    """
    databases = [_database(url, durable=True) for url in (source, target)]
    if revision(databases[0]) is None:
        raise StoreError(*_NOTHING_THERE)
    for database in databases:
        migrate(database)
    return copied(*databases)


def _database(url: str, durable: bool) -> Database:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreUnknown(*_UNREADABLE) from None
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise StoreUnknown(*_NO_FILE)
        return SqliteDatabase(Path(url.partition(":///")[2]), durable=durable)  # `?` and `#` are the file's own
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        if parsed.password and "@" in f"{parsed.host}{parsed.database}":  # what follows it is the rest of the password
            raise StoreUnknown(*_UNENCODED)
        return _postgres(parsed, durable)
    kind = parsed.get_backend_name()
    raise StoreUnknown(*(sentence.format(kind=kind) for sentence in _ANOTHER_KIND))


def _postgres(url: URL, durable: bool) -> Database:
    try:
        from adapters.sql.postgres import PostgresDatabase  # noqa: PLC0415 (an optional extra)
    except ImportError:
        raise StoreError(*_NO_DRIVER) from None
    return PostgresDatabase(url, durable=durable)


_BEHIND = (
    "the database has schema {found}; `yaji serve` brings it to {ours}",
    "数据库的结构还是 {found}；运行 `yaji serve` 会升级到 {ours}",
)
_NOTHING_THERE = (
    "there is nothing in the file that is to be copied; name the one that was served",
    "要拷贝的文件里什么都没有；请写一直在用的那个文件",
)
_UNREADABLE = (
    "the address of the database cannot be read; write sqlite:///path or postgresql://…",
    "数据库的地址读不懂；请写 sqlite:///文件 或 postgresql://…",
)
_UNENCODED = (
    "the address of the database has more than one @: write those of its password as %40, and a / as %2F",
    "数据库的地址里有不止一个 @：密码里的 @ 请写成 %40，/ 写成 %2F",
)
_NO_FILE = (
    "the address of the database names no file; write sqlite:///path",
    "数据库的地址里没有文件名；请写 sqlite:///文件",
)
_ANOTHER_KIND = (
    "no database on {kind} is known; write sqlite:///path or postgresql://…",
    "不认识 {kind} 数据库；请写 sqlite:///文件 或 postgresql://…",
)
_NO_DRIVER = (
    "PostgreSQL needs the extra `postgres`; install yaji[postgres]",
    "用 PostgreSQL 要装上附加部分 `postgres`：yaji[postgres]",
)

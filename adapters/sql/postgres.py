"""Sessions on PostgreSQL, by psycopg 3: sets go over as arrays, so that a batch costs a handful of round trips."""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors
from sqlalchemy import URL

from adapters.sql.dialect import Row
from adapters.sql.queries import Insert, Lookup, Remove
from core.errors import StoreBusy, StoreError, StoreUnavailable

LOCK_SECONDS = 15
"""How long to wait for another process's batch."""
CONNECT_SECONDS = 10
IDLE_SECONDS = 5.0
"""A connection that rested longer is asked whether it still lives."""
_STREAMED = 1000

_BUSY = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)
_OWN = ("22", "23", "54", "25P02")
"""Data, integrity, limits, and what follows one of them: all that what is written can be to blame for."""


class PostgresDatabase:
    """A database by URL. What it says about failures never holds the URL's password."""

    dialect = "postgresql+psycopg://"
    alone = ("BEGIN", "SELECT pg_advisory_xact_lock(8207402201)")
    shared = True

    def __init__(self, url: URL, *, durable: bool = True) -> None:
        self._url = url
        self._durable = durable

    def connect(self, *, lasting: bool = True) -> PostgresSession:
        """See `Database.connect`."""
        connection = self._connected(lasting)
        connection.autocommit = False
        # A snapshot per statement, whatever the server's default: what a group's lock was waited for must be seen.
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return PostgresSession(connection)

    def close(self) -> None:
        """See `Database.close`. There is nothing."""

    def raw(self) -> psycopg.Connection[Row]:
        """See `Database.raw`."""
        return self._connected(lasting=True)

    def _connected(self, lasting: bool) -> psycopg.Connection[Row]:
        conninfo = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            connection = psycopg.connect(conninfo, autocommit=True, connect_timeout=CONNECT_SECONDS)
        except psycopg.OperationalError as error:
            why = self._veiled(error)
            raise StoreUnavailable(
                f"PostgreSQL cannot be reached ({why}); see that it runs, and that its address is right: "
                "YAJI_DATABASE_URL, or storage.url in yaji.yaml",
                f"连不上 PostgreSQL（{why}）；请看它是否在运行，地址对不对：YAJI_DATABASE_URL，"
                "或 yaji.yaml 里的 storage.url",
            ) from None
        except psycopg.Error:
            raise StoreUnavailable(
                "PostgreSQL cannot be reached: the URL is not one it understands; percent-encode special characters",
                "连不上 PostgreSQL：这个地址它读不懂；特殊字符要用百分号编码",
            ) from None
        try:
            connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
            if not (self._durable and lasting):
                connection.execute("SET synchronous_commit = off")
        except psycopg.Error as error:
            connection.close()
            raise told(error) from error
        return connection

    def told(self, error: BaseException) -> BaseException:
        """See `Database.told`."""
        return told(error) if isinstance(error, psycopg.Error) else error

    def _veiled(self, error: psycopg.Error) -> str:
        text = " ".join(str(error).split())
        password = self._url.password
        return text.replace(str(password), "***") if password else text


class PostgresSession:
    """Implements `Session`."""

    like = "ILIKE"

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self.connection = connection
        self._cursor = connection.cursor()
        self._used = time.monotonic()

    @property
    def usable(self) -> bool:
        """See `Session.usable`."""
        if self.connection.closed or self.connection.broken:
            return False
        if time.monotonic() - self._used > IDLE_SECONDS:
            try:
                self.ask("SELECT 1")
                self.connection.rollback()
            except (StoreError, psycopg.Error):
                return False
        return True

    def begin(self) -> None:
        """The first statement begins."""

    def commit(self) -> None:
        """See `Session.commit`."""
        try:
            self.connection.commit()
        except psycopg.Error as error:
            raise told(error) from error
        self._used = time.monotonic()

    def rollback(self) -> None:
        """See `Session.rollback`."""
        try:
            self.connection.rollback()
        except psycopg.Error:
            self.connection.close()

    def look_up(self, query: Lookup, wanted: Sequence[Row]) -> list[Row]:
        """See `Session.look_up`."""
        if not wanted:
            return []
        return self._run(_lookup(query), _arrays(query.wanted, wanted))

    def write(self, statement: Insert | Remove, rows: Sequence[Row]) -> None:
        """See `Session.write`."""
        if rows:
            try:
                self._cursor.execute(_text(statement), _arrays(statement.columns, rows))
            except psycopg.Error as error:
                raise told(error) from error

    def write_new(self, statement: Insert, rows: Sequence[Row]) -> list[Any]:
        """See `Session.write_new`."""
        if not rows:
            return []
        returning = b" RETURNING " + statement.columns[0][0].encode()
        return [row[0] for row in self._run(_text(statement) + returning, _arrays(statement.columns, rows))]

    @contextmanager
    def together(self) -> Iterator[None]:
        """See `Session.together`. All writes go over in one round trip."""
        try:
            with self.connection.pipeline():
                yield
        except psycopg.Error as error:
            raise told(error) from error

    def wiping(self) -> AbstractContextManager[object]:
        """See `Session.wiping`. What was deleted goes with the next VACUUM, which the server runs by itself."""
        return nullcontext()

    def flush(self) -> None:
        """See `Session.flush`. A commit that waits for the disk, or for a standby, waits for all that came before it.

        A transaction that wrote nothing would wait for nothing: this one leaves a mark in the log that nobody reads.
        """
        self.ask("SELECT pg_logical_emit_message(true, 'yaji', '')")
        self.commit()

    def empty_log(self) -> None:
        """See `Session.empty_log`. The log is the server's own."""

    def scour(self) -> bool:
        """See `Session.scour`. The server does it by itself."""
        return False

    def ask(self, text: str, parameters: Row = ()) -> list[Row]:
        """See `Session.ask`."""
        return self._run(_marked(text), parameters)

    def stream(self, text: str, parameters: Row = ()) -> Iterator[Row]:
        """See `Session.stream`."""
        try:
            self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            with self.connection.cursor(name="books") as cursor:
                cursor.execute(_marked(text), parameters)
                while rows := cursor.fetchmany(_STREAMED):
                    yield from rows
        except psycopg.Error as error:
            raise told(error) from error

    def lock_groups(self, keys: Sequence[str]) -> None:
        """See `Session.lock_groups`."""
        self._run(b"SELECT 1 FROM groups WHERE key = ANY(%s) ORDER BY key FOR NO KEY UPDATE", (list(keys),))

    def lock_all_groups(self) -> None:
        """See `Session.lock_all_groups`. Whoever holds a group's row is waited for, and nobody gets one meanwhile."""
        try:
            self._cursor.execute(b"LOCK TABLE groups IN EXCLUSIVE MODE")
        except psycopg.Error as error:
            raise told(error) from error

    def new_ids(self, count: int) -> Sequence[int]:
        """See `Session.new_ids`."""
        rows = self._run(b"SELECT nextval('accounts_id_seq') FROM generate_series(1, %s)", (count,))
        return [row[0] for row in rows]

    def close(self) -> None:
        """See `Session.close`."""
        self.connection.close()

    def _run(self, text: bytes, parameters: Sequence[Any]) -> list[Row]:
        try:
            return self._cursor.execute(text, parameters).fetchall()
        except psycopg.Error as error:
            raise told(error) from error


def told(error: psycopg.Error) -> Exception:
    """The error in the words of core.errors; those that are bugs of ours stay as they are."""
    state = error.sqlstate or ""
    text = " ".join(str(error).split())
    if isinstance(error, _BUSY):
        return StoreBusy(
            f"another process was in the way ({text}); try again", f"有另一个进程挡着（{text}）；请再试一次"
        )
    if isinstance(error, errors.UniqueViolation):
        return StoreError(f"a row exists already: {text}", f"这一行已经有了：{text}")
    broken = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    if not state.startswith(_OWN) if state else broken:
        return StoreUnavailable(f"PostgreSQL cannot be used now: {text}", f"PostgreSQL 现在用不了：{text}")
    return error


def _arrays(columns: Sequence[tuple[str, str]], rows: Sequence[Row]) -> list[str]:
    """Each column as an array in PostgreSQL's own text form; psycopg's dumper takes five times as long."""
    return [_array(kind, column) for (_, kind), column in zip(columns, zip(*rows, strict=True), strict=True)]


def _array(kind: str, values: Sequence[Any]) -> str:
    if kind != "text":
        listed = str(list(values))
        return "{" + listed[1:-1].replace("None", "NULL").replace("True", "1").replace("False", "0") + "}"
    if None not in values:
        joined = '","'.join(values)
        if "\\" not in joined and joined.count('"') == 2 * (len(values) - 1):
            return f'{{"{joined}"}}'
    return f"{{{','.join(['NULL' if value is None else _quoted(value) for value in values])}}}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@lru_cache(maxsize=256)
def _marked(text: str) -> bytes:
    return text.replace("?", "%s").encode()


@lru_cache(maxsize=256)
def _lookup(query: Lookup) -> bytes:
    names = ", ".join(name for name, _ in query.wanted)
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in query.wanted)
    listed = f"SELECT q.n - 1 AS n, {names} FROM unnest({arrays}) WITH ORDINALITY AS q ({names}, n)"
    return f"WITH w AS ({listed}) {query.text}".encode()


@lru_cache(maxsize=256)
def _text(statement: Insert | Remove) -> bytes:
    names = [name for name, _ in statement.columns]
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in statement.columns)
    if isinstance(statement, Remove):
        same = " AND ".join(f"t.{name} = w.{name}" for name in names)
        return f"DELETE FROM {statement.table} t USING unnest({arrays}) AS w ({', '.join(names)}) WHERE {same}".encode()
    listed = ", ".join(names)
    return f"INSERT INTO {statement.table} ({listed}) SELECT * FROM unnest({arrays}) {statement.conflict}".encode()

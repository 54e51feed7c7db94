"""Stores for digests: every SQL store where the books are asked, SQLite where they are only the ground."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sql import SqlStore, open_store
from tests.digests.group import Week
from tests.support.databases import new_sqlite


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = open_store(new_sqlite(tmp_path / "books.sqlite3"), durable=False)
    yield opened
    opened.close()


@pytest.fixture
def every_store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url, durable=False)
    yield opened
    opened.close()


@pytest.fixture
def week(store: SqlStore) -> Week:
    return Week(store)

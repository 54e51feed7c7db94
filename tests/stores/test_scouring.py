"""What was deleted is nowhere in the file any more, also where SQLite copied it while it made room in its pages."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sql import open_store, sqlite
from tests.stores.people import START

CANARY = b"canary-in-the-mine"


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("store.sqlite3*"))


@pytest.fixture
def store(tmp_path):
    """A store in whose file a table was dropped that held the canary: its pages are free, and as they were."""
    file = tmp_path / "store.sqlite3"
    with closing(open_store(f"sqlite:///{file}")) as store:
        with closing(sqlite3.connect(file)) as other, other:
            other.execute("PRAGMA secure_delete=OFF")
            other.execute("CREATE TABLE gone (words BLOB)")
            other.executemany("INSERT INTO gone VALUES (?)", [(CANARY * 100,)] * 100)
            other.commit()
            other.execute("DROP TABLE gone")
        store.empty_log()
        assert CANARY in bytes_of(tmp_path)
        yield store


def kept(store) -> bool:
    """Whether the store still writes, and knows what it was told before."""
    with store.unit() as unit:
        first = unit.unseen(["before"], START)
        unit.commit()
    with store.unit() as unit:
        return bool(first == {"before"} and unit.unseen(["before"], START) == set())


def test_a_small_file_is_written_anew(store, tmp_path):
    assert store.scour()
    assert CANARY not in bytes_of(tmp_path)
    assert kept(store)


def test_a_large_one_would_hold_up_everybody_and_stays(store, tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "SCOURED_BYTES", 1)
    assert not store.scour()
    assert CANARY in bytes_of(tmp_path)
    assert kept(store)


def test_where_somebody_writes_it_is_left_to_the_next_time(store, tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "SCOUR_SECONDS", 0)
    with closing(sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not store.scour()
        other.execute("ROLLBACK")
    assert kept(store)
    assert store.scour()
    assert CANARY not in bytes_of(tmp_path)

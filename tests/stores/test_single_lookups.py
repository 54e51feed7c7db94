"""A look-up of one row goes by the same index as a look-up of many."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sql import open_store, queries
from adapters.sql.queries import Lookup
from adapters.sql.sqlite_texts import lookup, single
from tests.support.databases import new_sqlite

LOOKUPS = {name: held for name, held in vars(queries).items() if isinstance(held, Lookup)}
LOOKUPS |= {f"seats and {n} records": queries.seats(n) for n in range(4)}
ALONE = [name for name, query in LOOKUPS.items() if single(query) is not None]


def _searches(connection: sqlite3.Connection, text: str, count: int) -> list[str]:
    plan = connection.execute(f"EXPLAIN QUERY PLAN {text}", [None] * count).fetchall()
    return [row[3] for row in plan if row[3].startswith("SEARCH")]


@pytest.mark.parametrize("name", ALONE)
def test_one_row_is_found_as_many_are(name: str, tmp_path: Path) -> None:
    open_store(new_sqlite(tmp_path / "x.db")).close()
    query = LOOKUPS[name]
    alone = single(query)
    assert alone is not None
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        found = _searches(connection, alone, len(query.wanted))
        assert found == _searches(connection, lookup(query, 1), len(query.wanted))
        assert found


def test_what_every_message_looks_up_has_a_text_of_its_own_for_one() -> None:
    assert {"seats and 0 records", "seats and 2 records", "RECORDS", "BALANCES"} <= set(ALONE)


def test_rows_that_are_sorted_are_looked_up_as_a_set() -> None:
    assert single(queries.ENTRIES) is None
    assert single(queries.DAYS) is None

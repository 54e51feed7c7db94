"""The texts of statements as SQLite gets them, with a row of marks for each row of values."""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from adapters.sql.dialect import Row
from adapters.sql.queries import Insert, Lookup, Remove

_WRITTEN = 64
"""Rows written by one statement."""

_COLUMN_OF_W = re.compile(r"\bw\.(\w+)")
_W = re.compile(r"\bw\b")


@lru_cache(maxsize=1024)
def lookup(query: Lookup, size: int) -> str:
    marks = ", ".join("?" * len(query.wanted))
    rows = ", ".join(f"({n}, {marks})" for n in range(size))
    names = ", ".join(name for name, _ in query.wanted)
    return f"WITH w (n, {names}) AS (VALUES {rows}) {query.text}"


@lru_cache(maxsize=256)
def single(query: Lookup) -> str | None:
    """The text for one wanted row, whose values stand where `w` has them: half the work for SQLite.

    None where the text asks for them in another order or for `w` itself, and where rows are to be sorted: there SQLite
    would choose an index by the order it saves rather than by the rows it reads.
    """
    if not query.text.startswith("SELECT w.n, ") or "ORDER BY" in query.text:
        return None
    text = query.text.replace("SELECT w.n, ", "SELECT 0, ", 1).replace(" FROM w CROSS JOIN ", " FROM ", 1)
    in_order = _COLUMN_OF_W.findall(text) == [name for name, _ in query.wanted]
    text = _COLUMN_OF_W.sub("?", text)
    return text if in_order and not _W.search(text) else None


def powers(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """The rows in runs of 64, 32, 16 and so on, so that a few prepared texts serve all sizes."""
    start, left = 0, len(rows)
    while left:
        size = min(1 << (left.bit_length() - 1), _WRITTEN)
        yield rows[start : start + size]
        start, left = start + size, left - size


@lru_cache(maxsize=512)
def written(statement: Insert | Remove, rows: int = 1) -> str:
    if isinstance(statement, Remove):
        return f"DELETE FROM {statement.table} WHERE " + " AND ".join(f"{name} = ?" for name, _ in statement.columns)
    return f"{strict(statement, rows)} {statement.conflict}"


@lru_cache(maxsize=512)
def strict(statement: Insert, rows: int) -> str:
    """The text that writes all of the rows or, where one of them stands already, none."""
    names = ", ".join(name for name, _ in statement.columns)
    marks = f"({', '.join('?' * len(statement.columns))})"
    return f"INSERT INTO {statement.table} ({names}) VALUES {', '.join([marks] * rows)}"

"""The texts of statements as PostgreSQL gets them, and sets of values as arrays in its own text form."""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from adapters.sql.dialect import Row
from adapters.sql.queries import Insert, Lookup, Remove


def arrays(columns: Sequence[tuple[str, str]], rows: Sequence[Row]) -> list[str]:
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
def marked(text: str) -> bytes:
    """A text with psycopg's marks for parameters in place of `?`."""
    return text.replace("?", "%s").encode()


@lru_cache(maxsize=256)
def lookup(query: Lookup) -> bytes:
    """A query over the rows that it is handed as arrays: `w`, in which `n` counts them from 0."""
    names = ", ".join(name for name, _ in query.wanted)
    sets = ", ".join(f"%s::{kind}[]" for _, kind in query.wanted)
    listed = f"SELECT q.n - 1 AS n, {names} FROM unnest({sets}) WITH ORDINALITY AS q ({names}, n)"
    return f"WITH w AS ({listed}) {query.text}".encode()


@lru_cache(maxsize=256)
def written(statement: Insert | Remove) -> bytes:
    """A statement that writes, or removes, all the rows that it is handed as arrays."""
    names = [name for name, _ in statement.columns]
    sets = ", ".join(f"%s::{kind}[]" for _, kind in statement.columns)
    if isinstance(statement, Remove):
        same = " AND ".join(f"t.{name} = w.{name}" for name in names)
        return f"DELETE FROM {statement.table} t USING unnest({sets}) AS w ({', '.join(names)}) WHERE {same}".encode()
    listed = ", ".join(names)
    return f"INSERT INTO {statement.table} ({listed}) SELECT * FROM unnest({sets}) {statement.conflict}".encode()

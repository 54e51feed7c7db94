"""The page on privacy names all that is stored: every table, every column, every record."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import core
import workflows
from adapters.sql.schema import METADATA
from core.state import Slot
from tests.docs.pages import text_of

PAGE = text_of("docs/privacy.md")
ROWS = dict(re.findall(r"^\| `([\w.]+)` (\|.*)$", PAGE, re.MULTILINE))
COLUMNS = [(table.name, column.name) for table in METADATA.sorted_tables for column in table.columns]


def slots() -> set[str]:
    """The records that any module keeps."""
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in (core, workflows)
        for found in pkgutil.iter_modules(package.__path__)
    ]
    return {value.name for module in modules for value in vars(module).values() if isinstance(value, Slot)}


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table}.{column}" for table, column in COLUMNS])
def test_a_column_is_named(table: str, column: str):
    assert f"`{column}`" in ROWS[table]


@pytest.mark.parametrize("slot", sorted(slots()))
def test_a_record_is_named(slot: str):
    assert slot in ROWS


def test_nothing_is_named_that_is_not_stored():
    assert set(ROWS) == {table.name for table in METADATA.sorted_tables} | slots()


def test_no_column_is_named_that_is_not_there():
    for table in METADATA.sorted_tables:
        names = re.findall(r"`([a-z_]+)`", ROWS[table.name])
        assert set(names) - {column.name for column in table.columns} == set(), table.name

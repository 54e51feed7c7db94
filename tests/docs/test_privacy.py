"""The page on privacy names all that is stored, in both languages: every table, every column, every record."""

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

ROWS = {
    page: dict(re.findall(r"^\| `([\w.]+)` (\|.*)$", text_of(page), re.MULTILINE))
    for page in ("docs/privacy.md", "docs/privacy.zh.md")
}
COLUMNS = [(table.name, column.name) for table in METADATA.sorted_tables for column in table.columns]


def slots() -> set[str]:
    """The records that any module keeps."""
    modules = [
        importlib.import_module(f"{package.__name__}.{found.name}")
        for package in (core, workflows)
        for found in pkgutil.iter_modules(package.__path__)
    ]
    return {value.name for module in modules for value in vars(module).values() if isinstance(value, Slot)}


@pytest.mark.parametrize("page", ROWS)
@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table}.{column}" for table, column in COLUMNS])
def test_a_column_is_named(table: str, column: str, page: str):
    assert f"`{column}`" in ROWS[page][table]


@pytest.mark.parametrize("page", ROWS)
@pytest.mark.parametrize("slot", sorted(slots()))
def test_a_record_is_named(slot: str, page: str):
    assert slot in ROWS[page]


@pytest.mark.parametrize("page", ROWS)
def test_nothing_is_named_that_is_not_stored(page: str):
    assert set(ROWS[page]) == {table.name for table in METADATA.sorted_tables} | slots()


@pytest.mark.parametrize("page", ROWS)
def test_no_column_is_named_that_is_not_there(page: str):
    for table in METADATA.sorted_tables:
        names = re.findall(r"`([a-z_]+)`", ROWS[page][table.name])
        assert set(names) - {column.name for column in table.columns} == set(), table.name

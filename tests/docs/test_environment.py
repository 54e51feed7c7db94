"""Every environment variable that the program reads stands in one table of the page about running it, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.docs.pages import ROOT, text_of

LAYERS = ("cli", "jobs", "config", "adapters", "workflows", "core")
OURS = re.compile(r"(YAJI|TELEGRAM|WECHATY)_[A-Z_]+|LC_[A-Z]+|LANG")
MAY_ASK = re.compile("YAJI|TELEGRAM|WECHATY|LC_|LANG|environ|getenv")
"""Without one of these in it a file names no variable: only those that have one are parsed."""
ASKED = frozenset(("get", "setdefault", "pop"))
PAGES = {"docs/deploy.md": "## What the environment says", "docs/deploy.zh.md": "## 环境变量"}


@cache
def read() -> frozenset[str]:
    """The names that stand in the code: whatever looks like one of ours, and whatever the environment is asked for."""
    files = (file for layer in LAYERS for file in (ROOT / layer).rglob("*.py"))
    texts = (text for file in files if MAY_ASK.search(text := file.read_text(encoding="utf-8")))
    return frozenset(name for text in texts for name in _read(ast.parse(text)))


def _read(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(name)) if OURS.fullmatch(name):
                yield name
            case ast.Call(func=ast.Attribute(value=asked, attr=how), args=[ast.Constant(value=str(name)), *_]) if (
                how == "getenv" or (how in ASKED and "environ" in ast.unparse(asked))
            ):
                yield name
            case ast.Subscript(value=asked, slice=ast.Constant(value=str(name))) if "environ" in ast.unparse(asked):
                yield name


def told(page: str) -> list[str]:
    """The names in the first column of the page's table, in order."""
    section = text_of(page).partition(f"{PAGES[page]}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split(" | ")[0])]


@pytest.mark.parametrize("page", PAGES)
def test_what_is_read_is_told_and_what_is_told_is_read(page: str):
    assert sorted(told(page)) == sorted(read())


def test_both_languages_tell_it_in_the_same_order():
    first, second = map(told, PAGES)
    assert first == second


def test_a_name_is_found_however_the_environment_is_asked():
    lines = (
        "os.environ.get('A')", "environment['B']", "os.environ.setdefault('C', 1)", "os.getenv('E')",
        "URL = 'YAJI_D'", "shown = {'get': 1}.get('NO')", "words = 'set YAJI_NO, then'",
    )  # fmt: skip
    assert set(_read(ast.parse("\n".join(lines)))) == {"A", "B", "C", "E", "YAJI_D"}

"""What is filled at once has all the parts of its class, in order: the type checker does not look into these."""

from __future__ import annotations

import ast
import importlib
import types
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import pytest

import core
from core.people import Account
from core.state import Entry, Key, Slot, balance, bonds, days, entries, member, presences
from tests.workflows.check_in_camp import WANG, Camp

ROOT = Path(core.__file__).parents[1]
LAYERS = ("core", "adapters", "workflows", "config", "jobs", "cli")


class Use(NamedTuple):
    """A call of `filled`: the class, by the name it has there, and how many parts each way to it gives."""

    module: str
    line: int
    kind: str
    parts: tuple[int, ...]


def uses() -> Iterator[Use]:
    for file in sorted(file for layer in LAYERS for file in (ROOT / layer).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "from core.quick import" not in text:
            continue
        tree = ast.parse(text)
        if not any(isinstance(node, ast.ImportFrom) and _brings_it(node) for node in ast.walk(tree)):
            continue
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                if isinstance(call.func, ast.Name) and call.func.id == "filled":
                    yield Use(module, call.lineno, ast.unparse(call.args[0]), _counts(call.args[1], function))


def _brings_it(node: ast.ImportFrom) -> bool:
    return node.module == "core.quick" and any(name.name == "filled" for name in node.names)


def _counts(parts: ast.expr, function: ast.FunctionDef) -> tuple[int, ...]:
    """How many stand there, or in what was given that name in the same function."""
    if isinstance(parts, ast.Name):
        given = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == parts.id
        ]
    else:
        given = [parts]
    assert given, f"{function.name}: where do the parts come from?"
    rows = [one.elts for one in given if isinstance(one, ast.Tuple)]
    assert len(rows) == len(given), f"{function.name}: the parts are to stand there"
    assert not any(isinstance(each, ast.Starred) for row in rows for each in row), f"{function.name}: one by one"
    return tuple(len(row) for row in rows)


USES = list(uses())


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.module}:{use.line} {use.kind}")
def test_every_use_gives_as_many_parts_as_the_class_has(use: Use):
    kind = getattr(importlib.import_module(use.module), use.kind)
    assert set(use.parts) == {len(kind._fields)}, kind._fields


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (Entry, "kind key at person amount by event rule reason expires about own by_own"),
        (Key, "what who name since slot limit"),
    ],
)
def test_what_is_taken_apart_by_position_has_its_parts_in_that_order(kind: type[Entry] | type[Key[Any]], parts: str):
    """An entry in the store, a key in the working state: two parts of one type would change places unseen."""
    assert kind._fields == tuple(parts.split())


def fits(part: object, hint: Any) -> bool:
    """Whether a part may stand where the class says `hint`; what is inside of it is not looked at."""
    origin = get_origin(hint)
    if hint is Any or isinstance(hint, TypeVar):
        return True
    if origin is Literal:
        return part in get_args(hint)
    if origin in (Union, types.UnionType):
        return any(fits(part, one) for one in get_args(hint))
    if hint is None:
        return part is None
    return isinstance(part, origin or getattr(hint, "__supertype__", hint))


def test_every_part_is_of_the_type_that_the_class_says(monkeypatch: pytest.MonkeyPatch):
    made: set[str] = set()

    def checked(kind: Any, parts: tuple[object, ...]) -> Any:
        made.add(kind.__name__)
        hints = get_type_hints(kind)
        wrong = [name for name, part in zip(kind._fields, parts, strict=True) if not fits(part, hints[name])]
        assert wrong == [], f"{kind.__name__}: {parts}"
        return tuple.__new__(kind, parts)

    for module in {use.module for use in USES}:
        monkeypatch.setattr(importlib.import_module(module), "filled", checked)
    who, at, note = Account("telegram:1"), datetime(2026, 3, 2, tzinfo=UTC), Slot("tests.filled", int)
    for key in (note.of(who), note.of_group(), member(who), bonds(who), presences(who), balance("points", who)):
        assert key.what
    assert entries("points", who, at).since == at
    assert days(who, at.date()).since == at.date()
    camp = Camp(
        morning={
            "points": 5,
            "keywords": ["打卡"],
            "gather": {"every": "10m"},
            "late": {"within": "2d", "points": 2},
            "leave": {"per_month": 2},
        }
    )
    for text in ("打卡", "补卡", "请假 明天", "我的打卡", "hello"):
        camp.says("2026-03-04 07:00", text, WANG)
    camp.until("2026-03-04 08:00")
    assert made == {use.kind for use in USES}

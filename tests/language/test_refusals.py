"""Whoever reads Chinese is refused in Chinese: what is raised about a file or an option says both."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HAN = re.compile(r"[一-鿿]")
FILES = [file for folder in ("adapters", "config", "jobs", "cli") for file in sorted((ROOT / folder).rglob("*.py"))]


def refusals() -> list[tuple[str, ast.Call]]:
    """Everything that is raised as InputRefused, with where."""
    found = []
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        if "InputRefused(" in text:
            found += [
                (f"{file.relative_to(ROOT)}:{node.lineno}", node)
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "InputRefused"
            ]
    return found


REFUSALS = refusals()


def test_there_are_many():
    assert len(REFUSALS) > 20


@pytest.mark.parametrize(("where", "call"), REFUSALS, ids=[where for where, _ in REFUSALS])
def test_a_refusal_is_said_in_both_languages(where: str, call: ast.Call):
    if any(isinstance(each, ast.Starred) for each in call.args):
        return  # a phrase of both languages
    assert len(call.args) == 2, where
    assert HAN.search(ast.unparse(call.args[1])), where

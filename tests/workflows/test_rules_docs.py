"""The examples of docs/rules.md are rules that load."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from workflows.actions import Action
from workflows.rule_sections import When
from workflows.rules import Rule, Rules

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


class Loader(yaml.BaseLoader):
    """Scalars as they were written; a file is one word."""


Loader.add_constructor("!file", lambda loader, node: "a word")


def numbers(written: Any) -> Any:
    if isinstance(written, dict):
        return {int(key) if key.isdigit() else key: numbers(value) for key, value in written.items()}
    if isinstance(written, list):
        return [numbers(value) for value in written]
    return int(written) if re.fullmatch(r"-?\d+", written) else written


@pytest.mark.parametrize("block", BLOCKS, ids=[f"example {n}" for n in range(1, len(BLOCKS) + 1)])
def test_an_example_loads(block: str) -> None:
    written = numbers(yaml.load(block, Loader=Loader))
    lists = {"allowed_domains": ["github.com"], "hosts": {"domains": ["github.com"]}}
    Rules.model_validate({**written, "lists": {**lists, **written.get("lists", {})}})


@pytest.mark.parametrize("verb", list(Action.model_fields))
def test_every_verb_is_described(verb: str) -> None:
    assert f"`{verb}`" in PAGE


@pytest.mark.parametrize("event", get_args(When))
def test_every_event_is_described(event: str) -> None:
    assert f"`{event}`" in PAGE


@pytest.mark.parametrize("key", [field.alias or name for name, field in Rule.model_fields.items()])
def test_every_key_of_a_rule_is_described(key: str) -> None:
    assert f"| `{key}` |" in PAGE

"""What a record may be made of, so that it comes back as it was and is the same text in every process."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

import core
import workflows
from core.state import Slot

SLOTS = {
    value.name: value
    for package in (core, workflows)
    for found in pkgutil.iter_modules(package.__path__)
    for value in vars(importlib.import_module(f"{package.__name__}.{found.name}")).values()
    if isinstance(value, Slot)
}


def parts(kind: Any, known: set[Any]) -> Iterator[Any]:
    """A type and all that it is made of."""
    if kind in known:
        return
    known.add(kind)
    yield kind
    for part in get_args(kind):
        yield from parts(part, known)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        for field in fields(kind):
            yield from parts(hints[field.name], known)


@pytest.mark.parametrize("name", sorted(SLOTS))
def test_no_record_holds_a_set_whose_order_differs_between_processes(name):
    made_of = list(parts(SLOTS[name].type, set()))
    assert made_of[0] is SLOTS[name].type
    assert [
        part for part in made_of if str(part).startswith(("set", "frozenset", "<class 'set", "<class 'frozen"))
    ] == []

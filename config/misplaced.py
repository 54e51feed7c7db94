"""Keys at the wrong depth: a slip of indentation, or a level that is left out. Told is where they belong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel

from config import fields
from config.chapter import Heading
from config.faults import Fault
from config.places import Step
from config.problems import Problem, Said, said
from config.sections import SECTIONS, SHARED

_COMMUNITIES: Final = "communities/"
_MOST: Final = 3
"""So many places are named where a key may belong."""
_MAPPINGS: Final = ("dict_type", "model_type", "model_attributes_type")


def where(key: str, fault: Fault, model: type[BaseModel], guess: str) -> Said | None:
    """Where an unknown key belongs; None where that cannot be told, or where a slip of the pen is likelier."""
    around = fault.path[:-1]
    inside = sorted(name for name in _keys_at(model, around) if key in _keys_at(model, (*around, name)))
    a_section = fault.spot.at.file.startswith(_COMMUNITIES) and key in sections() and not inside
    if a_section and (not guess or fault.spot.children or key in SHARED):
        return _A_SECTION.filled(key=key)
    if guess:
        return None
    if around and key in _keys_at(model, around[:-1]):
        return _FURTHER_OUT.filled(key=key, beside=around[-1])
    if 0 < len(inside) <= _MOST:
        names = [f"`{name}:`" for name in inside]
        return _FURTHER_IN.filled(key=key, under=Said(" or ".join(names), " 或 ".join(names)))
    return None


def of_the_one_before(key: str, keys: list[str]) -> Said | None:
    """That an unknown section belongs into the section written before it."""
    before = next((name for name in reversed(keys[: keys.index(key)]) if name in sections()), "")
    for section in SECTIONS:
        if before in section.keys and key in _inner(section.model):
            return _INTO.filled(key=key, section=before)
    return None


def unnamed(faults: list[Fault], model: type[BaseModel]) -> tuple[list[Fault], list[Fault]]:
    """Those that come of a name left out, `check_ins: {keywords: ...}`, one for each place; and the others."""
    first: dict[tuple[Step, ...], Fault] = {}
    for fault in faults:
        if fault.kind in _MAPPINGS and not fault.about_key and _nameless(fault.path, model):
            first.setdefault(fault.path[:-1], fault)
    rest = [each for each in faults if not any(_within(each, above, model) for above in first)]
    return list(first.values()), rest


def nameless(fault: Fault, above: tuple[Step, ...]) -> Problem:
    """What is said of a name that was left out."""
    key = fault.path[-1]
    return Problem(place=fault.spot.name, path=above + fault.path, why=_UNNAMED.filled(key=key))


def _nameless(path: tuple[Step, ...], model: type[BaseModel]) -> bool:
    return bool(path) and named(model, path[:-1]) and str(path[-1]) in _keys_at(model, path)


def _within(fault: Fault, above: tuple[Step, ...], model: type[BaseModel]) -> bool:
    at = fault.path[: len(above) + 1]
    return len(at) > len(above) and at[:-1] == above and _nameless(at, model)


def named(model: type[BaseModel], path: Iterable[Step]) -> bool:
    """Whether names of the operator's own stand at a path, with keys below each."""
    shapes, _ = fields.at(model, path)
    origins = [get_origin(part) for shape in shapes for part in fields.members(shape)]
    return any(isinstance(origin, type) and issubclass(origin, Mapping) for origin in origins)


def _keys_at(model: type[BaseModel], path: tuple[Step, ...]) -> frozenset[str]:
    return frozenset(key for each in fields.models_at(model, path) for key in fields.keys_of(each))


def _inner(model: type[BaseModel], depth: int = 3) -> frozenset[str]:
    """The keys inside a section, the names of the operator's own passed over."""
    found = set[str]()
    shapes: list[Any] = [model]
    for _ in range(depth):
        models = [each for shape in shapes for each in _models(shape)]
        keys = [pair for each in models for pair in fields.keys_of(each).items()]
        found |= {key for key, _ in keys}
        shapes = [field.annotation for _, field in keys]
    return frozenset(found)


def _models(shape: Any) -> Iterator[type[BaseModel]]:
    for part in fields.members(shape):
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield part
        else:
            yield from (each for inner in get_args(part)[-1:] for each in _models(inner))


def sections() -> frozenset[str]:
    """The names that stand at the left margin of a community's file."""
    return frozenset((*fields.keys_of(Heading), *(key for section in SECTIONS for key in section.keys)))


_A_SECTION: Final = said(
    "`{key}` is a section of its own: it begins at the left margin, without spaces before it",
    "`{key}` 是单独的章节：要顶格写，前面不留空格",
)
_FURTHER_OUT: Final = said(
    "`{key}` belongs one level further out, in line with `{beside}`", "`{key}` 应往外退一层，和 `{beside}` 对齐"
)
_FURTHER_IN: Final = said(
    "`{key}` belongs one level further in, under {under}", "`{key}` 应往里进一层，写在 {under} 下面"
)
_INTO: Final = said(
    "`{key}` belongs into `{section}` above: indent it as its neighbours there",
    "`{key}` 是上面 `{section}` 里的键：请和那里的键一样缩进",
)
_UNNAMED: Final = said(
    "`{key}` stands where a name of your own belongs: write one, like `main:`, and the keys further in below it",
    "`{key}` 这里应先写一个自己起的名字，例如 `main:`，再把这些键缩进写在它下面",
)

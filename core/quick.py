"""Makes values that nobody changes at the speed of plain ones.

The constructor of a frozen dataclass sets each field through `object.__setattr__`, which costs more than all else about
it. A quick one opens the new value for as long as its fields are stored: it lends it a class of the same memory layout
that nobody froze, and gives it its own class back. The open class is made of its own one and adds no slot, so that
Python needs no look at their slots to know that one may take the place of the other.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any, Final, TypeVar, cast

filled: Final = tuple.__new__
"""Makes a named tuple from a tuple of all its parts, in less than half the time of calling it.

A part that a class gains later, with a default or not, is owed at every use: `tests/engine/test_filled.py` counts them.
"""

T = TypeVar("T", bound=type)
V = TypeVar("V")

_INIT = """
class Open(cls):
    __slots__ = ()
    __init__ = object.__init__
    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__

def __init__(self, {arguments}):
    become(self, Open)
    {stores}
    self.__class__ = cls

def renew(self, changes):
    if type(self) is not cls:
        raise TypeError(f"{{type(self).__name__}} is not quick")
    new = Open()
    {copies}
    for name in changes:
        setattr(new, name, changes[name])
    new.__class__ = cls
    return new

def __replace__(self, **changes):
    return renew(self, changes)

def maker({arguments}):
    new = Open()
    {settings}
    new.__class__ = cls
    return new
"""


def quick(cls: T) -> T:
    """For a frozen, slotted dataclass without `__post_init__`: the same constructor, more than twice as fast."""
    held = cast("type[Any]", cls)
    assert not hasattr(held, "__post_init__"), "the quick constructor would skip it"
    known = fields(held)
    source = _INIT.format(
        arguments=_arguments(known),
        stores="\n    ".join(f"self.{field.name} = {_value(field)}" for field in known),
        settings="\n    ".join(f"new.{field.name} = {_value(field)}" for field in known),
        copies="\n    ".join(f"new.{field.name} = self.{field.name}" for field in known),
    )
    scope: dict[str, Any] = {"cls": held, "become": object.__dict__["__class__"].__set__}
    scope["defaults"] = {field.name: field.default for field in known}
    scope["factories"] = {field.name: field.default_factory for field in known}
    scope["MISSING"] = MISSING
    exec(source, scope)  # noqa: S102 (made from the field names of a class of ours, as dataclasses themselves do)
    made = scope["__init__"]
    made.__qualname__, made.__doc__ = f"{held.__qualname__}.__init__", held.__init__.__doc__
    held.__init__ = made
    held.__replace__ = scope["__replace__"]
    held.__renew__ = scope["renew"]
    held.__maker__ = staticmethod(scope["maker"])
    return cls


def maker(cls: T) -> T:
    """A function that is called like a quick class and makes the same, in half the time: for what each message needs.

    Python hands what comes by name to a class in a dictionary, and to a function as it stands. TypeError for others.
    """
    if "__maker__" not in vars(cls):
        raise TypeError(f"{cls.__name__} is not quick")
    return cast(T, vars(cast(Any, cls))["__maker__"].__func__)


def renewed(value: V, **changes: Any) -> V:
    """A quick value with other fields, made in a quarter of the time of `dataclasses.replace`. TypeError for others."""
    return value.__renew__(changes)  # type: ignore[attr-defined, no-any-return]


def _arguments(known: tuple[Field[Any], ...]) -> str:
    """The parameters as the dataclass has them: those by position first.

    Where all are by name, nothing but the type checker holds callers to that: what is left out of a call costs Python
    a look-up for each parameter that comes by name alone, and nothing for others.
    """
    by_position = [_argument(field) for field in known if not field.kw_only]
    by_name = [_argument(field) for field in known if field.kw_only]
    if not by_position:
        return ", ".join(sorted(by_name, key=lambda one: "=" in one))
    return ", ".join([*by_position, "*", *by_name] if by_name else by_position)


def _argument(field: Field[Any]) -> str:
    if field.default is not MISSING:
        return f"{field.name}=defaults[{field.name!r}]"
    return f"{field.name}=MISSING" if field.default_factory is not MISSING else field.name


def _value(field: Field[Any]) -> str:
    if field.default_factory is MISSING:
        return field.name
    return f"factories[{field.name!r}]() if {field.name} is MISSING else {field.name}"

"""The reference of every option, made from the models that check them; `python -m config.reference` writes it anew."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config import fields
from config.chapter import Heading
from config.deployment import Settings
from config.rehearsals import Rehearsals
from config.secrets import Secret
from config.sections import SECTIONS
from core.occurrences import Monthly, Weekly
from workflows.actions import ALONE, Action
from workflows.expressions import Condition
from workflows.options import WEEKDAYS, ClockWindow, span_text
from workflows.texts import LocalName, Text
from workflows.vocabulary import PLAIN
from workflows.vocabulary import SECTIONS as SPOKEN

BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"
DOCS = Path(__file__).parent.parent / "docs" / "config.md"


def reference() -> str:
    """All tables, in the order in which a file is written."""
    parts = [*_tables("The heading", Heading)]
    for section in SECTIONS:
        title = section.under or ", ".join(section.keys)
        parts += _tables(f"`{title}`" if section.under else title, section.model)
    parts += ["### Actions", "", "One line under `then:`, `on_complete:` and their like.", "", *_actions(), ""]
    parts += ["### What conditions and texts may speak of", "", *_vocabulary(), ""]
    parts += _tables("`yaji.yaml`", Settings)
    parts += _tables("`tests/*.yaml`", Rehearsals)
    return "\n".join(parts).rstrip() + "\n"


def renewed(text: str) -> str:
    """A page with its generated part written anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{reference()}\n{END}{tail}"


def rows(model: type[BaseModel], above: str = "", seen: tuple[type, ...] = ()) -> Iterator[tuple[str, str, str, str]]:
    """Key, kind, default and meaning of every option of a model, the models inside it included."""
    if "root" in model.model_fields:
        yield from _inside(model.model_fields["root"].annotation, above, seen)
        return
    for name, field in fields.keys_of(model).items():
        path = f"{above}.{name}" if above else name
        yield path, _kind(field.annotation, field), _default(field), field.description or ""
        yield from _inside(field.annotation, path, (*seen, model))


def _inside(shape: Any, path: str, seen: tuple[type, ...]) -> Iterator[tuple[str, str, str, str]]:
    for part in fields.members(shape):
        origin = get_origin(part) or part
        if isinstance(part, type) and issubclass(part, BaseModel):
            if part is not Action and part not in seen:
                yield from rows(part, path, seen)
        elif isinstance(origin, type) and issubclass(origin, Mapping):
            yield from _inside(get_args(part)[-1], f"{path}.<name>" if path else "<id>", seen)
        elif isinstance(origin, type) and issubclass(origin, Sequence | Set) and origin is not str:
            yield from _inside((get_args(part) or (str,))[0], f"{path}[]", seen)


def _tables(title: str, model: type[BaseModel]) -> list[str]:
    lines = [f"### {title}", "", "| key | what | default | meaning |", "|---|---|---|---|"]
    lines += ["| " + " | ".join((f"`{key}`", *map(_cell, rest))) + " |" for key, *rest in rows(model)]
    return [*lines, ""]


def _actions() -> list[str]:
    lines = ["| verb | argument | meaning |", "|---|---|---|"]
    for verb, field in fields.keys_of(Action).items():
        kind = "none" if verb in ALONE else _kind(field.annotation, field)
        lines.append(f"| `{verb}` | {_cell(kind)} | {_cell(field.description or '')} |")
        lines += [
            f"| `{key}` | {_cell(kind)} | {_cell(meaning)} |"
            for key, kind, _, meaning in _inside(field.annotation, verb, (Action,))
        ]
    return lines


def _vocabulary() -> list[str]:
    lines = ["| name | type | meaning |", "|---|---|---|"]
    for section, known in SPOKEN.items():
        for name, entry in known.items():
            shown = section if name == PLAIN else f"{section}.{'<name>' if name == '*' else name}"
            lines.append(f"| `{shown}` | {entry.type} | {_cell(entry.doc)} |")
    return lines


def _kind(shape: Any, field: FieldInfo | None = None) -> str:
    """What may be written, in words."""
    kinds = [_one(part, field) for part in fields.members(shape) if part is not types.NoneType]
    return " or ".join(dict.fromkeys(kind for kind in kinds if kind))


def _one(part: Any, field: FieldInfo | None) -> str:
    origin = get_origin(part) or part
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(part))
    if part in KINDS:
        kind = KINDS[part]
        least, most = fields.bounds(field) if field is not None and part in (int, float) else (None, None)
        if least is not None or most is not None:
            kind += (
                f" {least}…{most}"
                if least is not None and most is not None
                else f" from {least}"
                if most is None
                else f" to {most}"
            )
        return kind
    if not isinstance(origin, type):
        return ""
    if origin is frozenset and get_args(part) == (int,):
        return "days"
    if part is Action:
        return "action"
    if issubclass(origin, BaseModel):
        return "keys"
    if issubclass(origin, Mapping):
        return f"name: {_kind(get_args(part)[-1])}"
    if origin is tuple and get_args(part)[-1:] != (...,):
        return "time of the week"
    if issubclass(origin, Sequence | Set):
        return f"list of {_kind(get_args(part)[0])}"
    return origin.__name__.lower()


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    return _written(field.get_default(call_default_factory=True, validated_data={}))


def _written(value: Any) -> str:
    """A default as operators would write it; nothing where it is a model or absent."""
    match value:
        case None | BaseModel() | () | {}:
            return ""
        case bool():
            return f"`{str(value).lower()}`"
        case timedelta():
            return f"`{span_text(value)}`"
        case time():
            return f"`{value:%H:%M}`"
        case Secret():
            return f"`${{env:{value.name}}}`"
        case frozenset() if value == frozenset(range(7)):
            return "every day"
        case frozenset():
            return ", ".join(f"`{WEEKDAYS[day]}`" for day in sorted(value))
        case tuple() | list():
            shown = [_written(each) for each in value[:6]]
            return ", ".join(shown) + (" …" if len(value) > 6 else "")
        case _:
            return f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


KINDS: Mapping[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true`, `false`",
    timedelta: "length of time",
    time: "time of day",
    date: "date",
    datetime: "date and time",
    ClockWindow: "window",
    Condition: "condition",
    Text: "text",
    Weekly: "time of the day or week",
    Monthly: "of the month",
    LocalName: "name",
    ZoneInfo: "time zone",
    Secret: "`${env:NAME}`",
}


if __name__ == "__main__":
    DOCS.write_text(renewed(DOCS.read_text(encoding="utf-8")), encoding="utf-8")

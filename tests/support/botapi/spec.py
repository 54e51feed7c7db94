"""Calls and answers against the machine-readable Bot API: $YAJI_REAL_DATA/telegram-bot-api/spec.json."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from tests.support.botapi.arguments import Upload

_TAGS: Final = ("type", "status", "source")
OLD_NAMES: Final = frozenset((kind, "can_send_media_messages") for kind in ("ChatMemberRestricted", "ChatPermissions"))
"""Fields that Telegram still sends for old clients and no longer documents."""


@cache
def whole() -> dict[str, Any] | None:
    """The specification, or None."""
    place = os.environ.get("YAJI_REAL_DATA")
    if not place:
        return None
    path = Path(place, "telegram-bot-api", "spec.json")
    if not path.is_file():
        return None
    spec: dict[str, Any] = json.loads(path.read_text())
    for group in (spec["methods"], spec["types"]):
        for entry in group.values():
            entry["by_name"] = {f["name"]: f for f in entry.get("fields", [])}
    return spec


def off_call(method: str, params: dict[str, Any]) -> list[str]:
    """What is wrong with a call's parameters: unknown, missing, of another type."""
    spec = whole()
    if spec is None:
        return []
    entry = spec["methods"].get(method)
    if entry is None:
        return [f"{method}: no such method"]
    attached = {
        v.removeprefix("attach://") for v in params.values() if isinstance(v, str) and v.startswith("attach://")
    }
    problems = [
        f"{method}: unknown parameter {name}"
        for name in params
        if name not in entry["by_name"] and name not in attached
    ]
    for name, wanted in entry["by_name"].items():
        if name not in params:
            if wanted["required"]:
                problems.append(f"{method}: {name} is missing")
            continue
        value = _read(params[name], wanted["types"])
        problems += off_value(value, wanted["types"], f"{method}.{name}")
    return problems


def off_answer(method: str, result: Any) -> list[str]:
    """What is wrong with the result of a method."""
    spec = whole()
    if spec is None or method not in spec["methods"]:
        return []
    return list(off_value(result, spec["methods"][method]["returns"], f"answer of {method}"))


def off_update(update: dict[str, Any]) -> list[str]:
    """What is wrong with an update."""
    return [] if whole() is None else list(off_value(update, ["Update"], "update"))


def _read(value: Any, types: list[str]) -> Any:
    """A parameter as it was meant: forms carry strings."""
    if not isinstance(value, str) or "String" in types:
        return value
    if any(t == "InputFile" for t in types):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def off_value(value: Any, types: list[str], where: str) -> Iterator[str] | list[str]:
    """What is wrong with a value: a list of words, empty if one of the types fits."""
    tries = [list(_off(value, kind, where)) for kind in types]
    if any(not problems for problems in tries):
        return []
    return min(tries, key=len)


def _off(value: Any, kind: str, where: str) -> Iterator[str]:
    spec = whole()
    assert spec is not None
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{where}: {value!r:.60} is no array"
            return
        for n, one in enumerate(value):
            yield from _off(one, kind.removeprefix("Array of "), f"{where}[{n}]")
    elif kind == "InputFile":
        if not isinstance(value, Upload | str):
            yield f"{where}: no file"
    elif kind in ("Integer", "Float", "String", "Boolean", "True"):
        fits = {
            "Integer": isinstance(value, int) and not isinstance(value, bool),
            "Float": isinstance(value, int | float) and not isinstance(value, bool),
            "String": isinstance(value, str),
            "Boolean": isinstance(value, bool),
            "True": value is True,
        }
        if not fits[kind]:
            yield f"{where}: {value!r:.60} is no {kind}"
    elif kind in spec["types"]:
        simple = [one for one in spec["types"][kind].get("subtypes") or () if one not in spec["types"]]
        if simple and not isinstance(value, dict):  # a RichText may be a string, or an array
            yield from off_value(value, simple, where)
            return
        yield from _off_object(value, kind, where, spec["types"])
    else:
        yield f"{where}: the specification has no {kind}"


def _off_object(value: Any, kind: str, where: str, types: dict[str, Any]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: {value!r:.60} is no {kind}"
        return
    entry = types[kind]
    if entry.get("subtypes"):
        chosen = _subtype(value, [one for one in entry["subtypes"] if one in types], types)
        if chosen is None:
            yield f"{where}: {value!r:.80} is no {kind}"
        else:
            yield from _off_object(value, chosen, where, types)
        return
    for name, inner in value.items():
        wanted = entry["by_name"].get(name)
        if wanted is None:
            if (kind, name) not in OLD_NAMES:
                yield f"{where}: {kind} has no {name}"
        else:
            yield from off_value(inner, wanted["types"], f"{where}.{name}")
    for name, wanted in entry["by_name"].items():
        if wanted["required"] and name not in value:
            yield f"{where}: {kind} lacks {name}"


def _subtype(value: dict[str, Any], names: list[str], types: dict[str, Any]) -> str | None:
    for tag in _TAGS:
        if tag in value:
            for name in names:
                wanted = types[name]["by_name"].get(tag)
                text = " ".join(wanted["description"].split()) if wanted else ""
                if wanted and (f"“{value[tag]}”" in text or text.endswith(f"must be {value[tag]}")):
                    return name
    return next((n for n in names if not list(_off_object(value, n, "", types))), None)

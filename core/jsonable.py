"""Values as JSON can hold them, for what people are to read: instants as text, sets in order."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any


def jsonable(value: Any) -> Any:
    """The value as JSON. An instant is `2026-03-02T10:00:00Z`, a length of time its seconds."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if is_dataclass(value):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): jsonable(held) for name, held in value.items()}
    if isinstance(value, Set):
        return sorted(map(jsonable, value))
    if isinstance(value, list | tuple):
        return [jsonable(held) for held in value]
    return str(value)

"""Other people, taken out of what is handed to somebody about themselves: who gave a sanction, who invited whom."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

SOMEBODY: Final = "somebody"
_PLATFORM: Final = "(?:telegram|wechat|wecom|operator)"
_ACCOUNT: Final = re.compile(rf"(?<=:){_PLATFORM}:[\w@.+-]+|{_PLATFORM}:[\w@.+-]+(?![\w@.+:-])")
"""An account where it stands in a text, or inside an id. Ids of events begin alike and have one more part."""
_CAME_OR_WENT: Final = re.compile(r"\b(wechat:(?:join|leave):[^:]*:)([^:]+)(?=:\d)")
"""The id of the event that somebody came into a room or left it, up to who."""
NAMING: Final = frozenset(("by", "giver", "undone"))
"""Parts of records that hold who did something, by name or account."""
NAMES: Final = NAMING | {"name", "taken_name"}
"""Parts of records that are about several people, with what they are called."""


def veiled(value: Any, own: Collection[str], naming: Collection[str] = NAMING) -> Any:
    """JSON without the accounts of others, and without who did what; `own` are the accounts and names that stay, and
    `naming` the parts that hold somebody."""
    if isinstance(value, str):
        told_of = _CAME_OR_WENT.sub(lambda found: found[1] + _of(found[2], f"wechat:{found[2]}", own), value)
        return _ACCOUNT.sub(lambda found: _of(found[0], found[0], own), told_of)
    if isinstance(value, list | tuple):
        return [veiled(one, own, naming) for one in value]
    if not isinstance(value, Mapping):
        return value
    told: dict[str, Any] = {}
    for name, held in value.items():
        shown = veiled(name, own)
        if shown in told:  # a table of several others
            shown = f"{shown} {len(told) + 1}"
        by = name in naming and isinstance(held, str) and held != "" and held not in own
        told[shown] = SOMEBODY if by else veiled(held, own, naming)
    return told


def unnamed(text: str) -> str:
    """A text without anybody's account: for logs."""
    return str(veiled(text, ()))


def _of(written: str, account: str, own: Collection[str]) -> str:
    return written if account in own else SOMEBODY

"""Other people, taken out of what is handed to somebody about themselves: who gave a sanction, who invited whom."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

SOMEBODY: Final = "somebody"
_ACCOUNT: Final = re.compile(r"(?:telegram|wechat|wecom|operator):[\w@.+-]+(?![\w@.+:-])")
"""An account where it stands in a text. Ids of events have one more part."""
_NAMING: Final = frozenset(("by", "giver", "undone"))
"""Parts of records that hold who did something, by name or account."""


def veiled(value: Any, own: Collection[str]) -> Any:
    """JSON without the accounts of others, and without who did what; `own` are the accounts and names that stay."""
    if isinstance(value, str):
        return _ACCOUNT.sub(lambda found: found[0] if found[0] in own else SOMEBODY, value)
    if isinstance(value, list | tuple):
        return [veiled(one, own) for one in value]
    if not isinstance(value, Mapping):
        return value
    told: dict[str, Any] = {}
    for name, held in value.items():
        shown = veiled(name, own)
        if shown in told:  # a table of several others
            shown = f"{shown} {len(told) + 1}"
        by = name in _NAMING and isinstance(held, str) and held != "" and held not in own
        told[shown] = SOMEBODY if by else veiled(held, own)
    return told

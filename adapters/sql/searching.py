"""Conditions that find rows by what stands in their texts. They find too much rather than too little: whoever asks
looks at each row again, as `core.traces.Traces` sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from adapters.sql import rows

_SPECIAL: Final = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
KNOWN_SLOTS: Final = (
    "WITH RECURSIVE known (slot) AS (SELECT min(slot) FROM records WHERE group_id = ? UNION ALL "
    "SELECT (SELECT min(slot) FROM records r WHERE r.group_id = ? AND r.slot > known.slot) FROM known "
    "WHERE known.slot IS NOT NULL) "
)
"""The slots that a group uses, one step in the key for each. Takes the group's id twice."""


def holding(columns: Sequence[str], needles: Iterable[str], *, like: str) -> tuple[str, tuple[str, ...]]:
    """A condition that one of the columns holds one of the texts, whatever its case, and its parameters.

    `like` is the session's own word for comparing so.
    """
    written = dict.fromkeys(form for needle in needles for form in (needle, rows.packed(needle)[1:-1]))
    patterns = [f"%{form.translate(_SPECIAL)}%" for form in written]
    tests = [f"{column} {like} ? ESCAPE '\\'" for column in columns for _ in patterns]
    return f"({' OR '.join(tests) or '1 = 0'})", tuple(patterns) * len(columns)

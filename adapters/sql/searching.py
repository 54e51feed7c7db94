"""Conditions that find rows by what stands in their texts. They find too much rather than too little: whoever asks
looks at each row again, as `core.traces.Traces` sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from adapters.sql import rows
from adapters.sql.dialect import Row, Session

_PAGE: Final = 1000
_SPECIAL: Final = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})
_ANY_CASE: Final = {"LIKE": "GLOB", "ILIKE": "~"}
"""What compares with a pattern of signs, each of which may be one of several, for each operator that ignores case."""
_MEANING: Final = {"GLOB": frozenset("*?["), "~": frozenset("\\.*+?(){}[]^$|")}
"""Signs that mean something else in such a pattern."""
_ALIKE: Final = {sign: signs for signs in ("iıİI", "sſS", "kKK", "åÅÅ", "µμΜ", "σςΣ") for sign in signs}
"""Letters of which more than two are the same in another case."""
KNOWN_SLOTS: Final = (
    "WITH RECURSIVE known (slot) AS (SELECT min(slot) FROM records WHERE group_id = ? UNION ALL "
    "SELECT (SELECT min(slot) FROM records r WHERE r.group_id = ? AND r.slot > known.slot) FROM known "
    "WHERE known.slot IS NOT NULL) "
)
"""The slots that a group uses, one step in the key for each. Takes the group's id twice."""


def holding(columns: Sequence[str], needles: Iterable[str], *, like: str) -> tuple[str, tuple[str, ...]]:
    """A condition that one of the columns holds one of the texts, whatever its case, and its parameters.

    `like` is the session's own word for comparing so. It knows the cases of Latin letters without accents; texts with
    others are looked for with every letter in all its cases, which takes five times as long.
    """
    written = dict.fromkeys(form for needle in needles for form in (needle, rows.packed(needle)[1:-1]))
    compared = [_compared(form, like) for form in written]
    tests = [f"{column} {test}" for column in columns for test, _ in compared]
    return f"({' OR '.join(tests) or '1 = 0'})", tuple(pattern for _, pattern in compared) * len(columns)


def _compared(form: str, like: str) -> tuple[str, str]:
    if not any(len(_cases(sign)) > 1 for sign in form if not sign.isascii()):
        return f"{like} ? ESCAPE '\\'", f"%{form.translate(_SPECIAL)}%"
    by = _ANY_CASE[like]
    pattern = "".join(_any_case(sign, by) for sign in form)
    return f"{by} ?", f"*{pattern}*" if by == "GLOB" else pattern


def _cases(sign: str) -> str:
    forms = {form for form in (sign, sign.lower(), sign.upper(), sign.title()) if len(form) == 1}
    return _ALIKE.get(sign) or "".join(sorted(forms))


def _any_case(sign: str, by: str) -> str:
    if len(cases := _cases(sign)) > 1:
        return f"[{cases}]"
    if sign not in _MEANING[by]:
        return sign
    return f"[{sign}]" if by == "GLOB" else f"\\{sign}"


def finding(needles: Iterable[str]) -> Callable[[Iterable[str | None]], bool]:
    """Whether one of some columns holds one of the texts, whatever its case: for tables that are looked through whole,
    where it takes a quarter of the time that a condition takes SQLite."""
    forms = {form.lower() for needle in needles for form in (needle, rows.packed(needle)[1:-1])}

    def found(columns: Iterable[str | None]) -> bool:
        text = "\n".join(column for column in columns if column).lower()
        return any(form in text for form in forms)

    return found


def paged(session: Session, text: str, gid: int) -> Iterator[Row]:
    """All rows of a group, by `seq`, which comes first; a thousand at a time. `text` takes the group, a row to go on
    after, and how many."""
    after = -1
    while page := session.ask(text, (gid, after, _PAGE)):
        yield from page
        after = page[-1][0]

"""What a decoder found wrong with a line, as whoever wrote it by hand can mend it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Final

import msgspec

_AT: Final = re.compile(r"(?P<what>.*?)(?: - at `\$?\.?(?P<path>[^`]*)`)?", re.DOTALL)
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.+)`")
_MISSING: Final = re.compile(r"Object missing required field `(.+)`")
_TYPE: Final = re.compile(r"Expected `(.+)`, got `(.+)`")
_VALUE: Final = re.compile(r"Invalid enum value '?(.+?)'?")
_TIME: Final = "Invalid RFC3339 encoded datetime"
_KINDS: Final = {
    "str": "a text in quotes",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "datetime": "a time like 2026-03-01T08:00:00+08:00",
    "null": "nothing",
}
_WIDE: Final = str.maketrans("，：“”｛｝［］", ',:""{}[]')


def in_words(
    error: Exception, fields: Collection[str] = (), values: Mapping[str, Mapping[str, str]] | None = None
) -> str:
    """What is wrong, in words. `fields` are those that there are; `values` are, by field, what it can be, by how
    it may be called."""
    found = _AT.fullmatch(str(error))
    if not isinstance(error, msgspec.ValidationError) or found is None:
        return str(error)
    what, path = found["what"], re.sub(r"\[\.*\d*\]$", "", found["path"] or "")
    if (unknown := _UNKNOWN.fullmatch(what)) is not None:
        inside = f" in `{path}`" if path else ""
        return f"unknown field `{unknown[1]}`{inside}{guessed(unknown[1], fields)}"
    if (missing := _MISSING.fullmatch(what)) is not None:
        return f"`{path}.{missing[1]}` is missing" if path else f"`{missing[1]}` is missing"
    if what == _TIME:
        return f"`{path}` is no time; write it like 2026-03-01T08:00:00+08:00"
    if (wrong := _TYPE.fullmatch(what)) is not None:
        wanted = " or ".join(dict.fromkeys(_KINDS.get(one, one) for one in wrong[1].split(" | ") if one != "null"))
        return f"`{path}` is {_KINDS.get(wrong[2], wrong[2])}; write {wanted}"
    if (value := _VALUE.fullmatch(what)) is not None:
        known = (values or {}).get(path, {})
        meant = known.get(value[1].casefold(), "")
        listed = ", ".join(dict.fromkeys(known.values()))
        can = f"; it can be {listed}" if listed else ""
        return f"`{path}` is never '{value[1]}'" + (f" (did you mean '{meant}'?)" if meant else can)
    return str(error)


def no_json(text: str, error: Exception) -> str:
    """Why a line is no JSON; what it holds instead is not repeated."""
    if "truncated" in str(error):
        return "not JSON: the line is cut off"
    try:
        msgspec.json.decode(text.translate(_WIDE))
    except (msgspec.DecodeError, RecursionError):
        return "not JSON"
    return "not JSON: commas, colons, quotes and brackets have to be plain ones"


def guessed(word: str, known: Collection[str]) -> str:
    """What may have been meant, to be put behind a sentence; "" where that cannot be told."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f" (did you mean `{near[0]}`?)" if near else ""

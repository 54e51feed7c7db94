"""Numbers in a condition that are no member's: `now.getHours(group.timezone) >= 23`, `msg.length > 100`, and whether
they leave anything."""

from __future__ import annotations

import re
from typing import Final

from workflows.tier_clauses import Other, clauses

BOUNDS: Final = {
    "getHours": (0, 23),
    "getMinutes": (0, 59),
    "getSeconds": (0, 59),
    "getDayOfWeek": (0, 6),
    "getDate": (1, 31),
    "getDayOfMonth": (0, 30),
    "getDayOfYear": (0, 365),
    "getMonth": (0, 11),
}
"""What each can be."""
FROM_0: Final = {
    "getDayOfWeek": "Sunday is 0",
    "getDayOfMonth": "the first is 0, and 1 with getDate",
    "getDayOfYear": "the first is 0",
    "getMonth": "January is 0",
}
"""What counts otherwise than people do."""
_COUNTS: Final = {
    "msg.length": 0,
    "msg.lines": 0,
    "check_in.streak": 1,
    "check_in.total": 1,
    "check_in.bonus": 0,
    "check_in.points": 0,
    "warning.live": 1,
}
"""What is counted, and the least it can be."""
_ASKED: Final = r"((?:msg|check_in|warning)\.\w+|now\.get\w+)\s*(\([^()]*\))?"
_ENDLESS: Final = 10**18
_SIGN: Final = r"\s*(>=|<=|==|>|<)\s*"
_PLAIN: Final = re.compile(f"{_ASKED}{_SIGN}(\\d+)")
_MIRRORED: Final = re.compile(f"(\\d+){_SIGN}{_ASKED}")
_FLIPPED: Final = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "=="}


def out_of_time(source: str) -> str:
    """Why nothing can ever meet a condition, as far as these numbers go; "" if nothing speaks against it."""
    left: dict[tuple[str, str], tuple[int, int]] = {}
    for part in clauses(source):
        if not isinstance(part, Other) or (compared := _compared(part.source)) is None:
            continue
        asked, zone, sign, number = compared
        bounds = (_COUNTS[asked], _ENDLESS) if asked in _COUNTS else BOUNDS.get(asked.removeprefix("now."))
        if bounds is None:
            continue
        least, most = left.get((asked, zone), bounds)
        if sign in (">=", ">", "=="):
            least = max(least, number + (sign == ">"))
        if sign in ("<=", "<", "=="):
            most = min(most, number - (sign == "<"))
        left[asked, zone] = least, most
        if least > most:
            (low, high), clock = bounds, asked.removeprefix("now.")
            found = f"{asked} would have to be at least {least} and at most {most}"
            if clock in BOUNDS and low <= least <= high and low <= most <= high:
                return f"{found}; write || where the time goes on past its end"
            return f"{found}; {FROM_0[clock]}" if clock in FROM_0 else found
    return ""


def _compared(source: str) -> tuple[str, str, str, int] | None:
    """What is asked of the clock, in which zone, the sign and the number."""
    if plain := _PLAIN.fullmatch(source):
        asked, zone, sign, number = plain.groups()
    elif mirrored := _MIRRORED.fullmatch(source):
        number, sign, asked, zone = mirrored.groups()
        sign = _FLIPPED[sign]
    else:
        return None
    return asked, (zone or "").strip("() "), sign, int(number)

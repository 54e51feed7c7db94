"""The clock in a condition: `now.getHours(group.timezone) >= 23`, and whether its numbers leave any hour."""

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
_ASKED: Final = r"now\.(get\w+)\s*\(([^()]*)\)"
_SIGN: Final = r"\s*(>=|<=|==|>|<)\s*"
_PLAIN: Final = re.compile(f"{_ASKED}{_SIGN}(\\d+)")
_MIRRORED: Final = re.compile(f"(\\d+){_SIGN}{_ASKED}")
_FLIPPED: Final = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "=="}


def out_of_time(source: str) -> str:
    """Why no moment can ever meet a condition, as far as its clock goes; "" if nothing speaks against it."""
    left: dict[tuple[str, str], tuple[int, int]] = {}
    for part in clauses(source):
        if not isinstance(part, Other) or (compared := _compared(part.source)) is None:
            continue
        asked, zone, sign, number = compared
        if asked not in BOUNDS:
            continue
        least, most = left.get((asked, zone), BOUNDS[asked])
        if sign in (">=", ">", "=="):
            least = max(least, number + (sign == ">"))
        if sign in ("<=", "<", "=="):
            most = min(most, number - (sign == "<"))
        left[asked, zone] = least, most
        if least > most:
            low, high = BOUNDS[asked]
            found = f"now.{asked} would have to be at least {least} and at most {most}"
            if low <= least <= high and low <= most <= high:
                return f"{found}; write || where the time goes on past its end"
            return f"{found}; {FROM_0[asked]}" if asked in FROM_0 else found
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
    return asked, zone.strip(), sign, int(number)

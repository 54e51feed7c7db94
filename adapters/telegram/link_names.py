"""The names of personal invite links: they end in whose link it is, so that a join by it tells who invited.

Telegram brings the name back with each join; nothing has to be remembered for it, and no table of links grows. Only
admins can see such a name, and only the bot that made a link can change it.
"""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_OWNER: Final = re.compile(r"(?:^| )#([0-9a-z]{1,11})\Z", re.ASCII)


def named_after(user: int) -> str:
    """The end of the name of a user's link: ` #5yc1s`, at most thirteen letters."""
    digits, left = "", user
    while left > 0:
        left, digit = divmod(left, 36)
        digits = _DIGITS[digit] + digits
    return f" #{digits or 0}"


def owner_of(name: str) -> int | None:
    """The user whose link has this name; None if it is nobody's."""
    found = _OWNER.search(name)
    return int(found[1], 36) if found is not None else None

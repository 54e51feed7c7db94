"""What members wish of digests: to have them in private, and whether their name may stand in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.state import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """One member's wishes in one group. Who never said anything is named, and gets nothing in private."""

    named: bool = True
    subscribed: bool = False


WISHES: Final = Slot("digests.wishes", Wishes)

WORDS: Final = {
    "on": ("/digest on", "订阅周报", "订阅摘要"),
    "off": ("/digest off", "退订周报", "退订摘要"),
    "hide": ("/digest hide", "周报不提我", "摘要不提我"),
    "show": ("/digest show", "周报可提我", "摘要可提我"),
}
"""What members write, alone in a message."""
ASKED: Final = {word: wish for wish, words in WORDS.items() for word in words}
INITIALS: Final = tuple({word[:2] for word in ASKED})


def wish_in(text: str) -> str | None:
    """The wish that a message says; None for nearly all messages."""
    return ASKED.get(text.strip().lower()) if text.startswith(INITIALS) else None

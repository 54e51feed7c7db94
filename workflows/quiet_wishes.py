"""Who does not want to be reminded: a wish of each member in each group, kept by all that reminds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.people import Member, PersonId
from core.state import Slot
from workflows.commands import SLASHES, TRAILING
from workflows.folding import normalized, spellings


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Who never said anything is reminded."""

    on: bool = False


QUIET: Final = Slot("settings.quiet", Quiet)

WORDS: Final = {
    True: (
        "/optout",
        "/optout on",
        "/退订",
        "/退订提醒",
        "/reminders off",
        "退订",
        "退订提醒",
        "别提醒我",
        "别再提醒我",
        "别再提醒我了",
        "不要提醒我",
        "关闭提醒",
        "stop reminders",
        "stop reminding me",
        "unsubscribe",
    ),
    False: (
        "/optin",
        "/optout off",
        "取消退订",
        "/取消退订",
        "/reminders on",
        "恢复提醒",
        "可以提醒我",
        "resume reminders",
    ),
}
"""What members write, alone in a message; a wide slash is a slash."""
ASKED: Final = {word: wish for wish, words in WORDS.items() for word in words}
INITIALS: Final = frozenset((*SLASHES, *(letter for word in ASKED for letter in spellings(word[:1]))))


def wish_in(text: str) -> bool | None:
    """The wish that a message says, whether not to be reminded; None for nearly all messages."""
    if len(text) > 40:
        return None
    words = " ".join(normalized(text.strip().rstrip(TRAILING)).split())
    return ASKED.get("/" + words[1:] if words.startswith(SLASHES) else words)


def unwilling(kept: Iterable[tuple[Member, Quiet]]) -> frozenset[PersonId]:
    """Those who are not to be reminded, from `QUIET.of_all()`."""
    return frozenset(member.person for member, wish in kept if wish.on)

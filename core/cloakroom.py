"""Where data is left that is too long for a button, which bears a token for it.

A platform gives a button little room (Telegram 64 bytes, and a seal takes some of them), while the account that a
question is about may be long. What is left is a record of the group, written in the transaction that asks; a press
bears the token back, and is one of the data itself before any workflow sees it.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from core.effects import Choice, Edit, Say, TellAdmins
from core.events import ButtonPressed, Event, MessagePosted
from core.quick import renewed
from core.state import Slot

KEPT_FOR: Final = timedelta(days=14)
"""As long as any question stays open; what is worth nothing after an instant, until then."""
MOST: Final = 200
"""Pieces of data kept for a group; the oldest go first."""
_MARK: Final = "="


@dataclass(frozen=True, slots=True)
class Left:
    """What a button stands for, and until when."""

    data: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Cloakroom:
    """What was left in a group, by token, the oldest first."""

    left: dict[str, Left] = field(default_factory=dict)


LEFT: Final = Slot("core.cloakroom", Cloakroom)
Asking = Say | Edit | TellAdmins


def too_long(effect: Asking, fits: Callable[[str], bool]) -> bool:
    """Whether a button of this effect has no room for what it stands for."""
    for choice in effect.choices:
        if choice.private or fits(choice.data):
            continue
        return True
    return False


def left(
    held: Cloakroom | None, effect: Asking, fits: Callable[[str], bool], at: datetime, of: str
) -> tuple[Cloakroom, tuple[Choice, ...]]:
    """What lies there then, and the choices with tokens where there is no room. `of` names the effect among all."""
    until = at + KEPT_FOR
    if isinstance(effect, Say) and effect.expires is not None:
        until = min(until, effect.expires)
    kept = {token: one for token, one in held.left.items() if at < one.until} if held is not None else {}
    choices: list[Choice] = []
    for n, choice in enumerate(effect.choices):
        if not choice.private and not fits(choice.data):
            token = _token(f"{of}/{n}")
            kept[token] = Left(choice.data, until)
            choice = renewed(choice, data=token)
        choices.append(choice)
    return Cloakroom(dict(list(kept.items())[-MOST:])), tuple(choices)


def redeemed(event: ButtonPressed | MessagePosted, held: Callable[[], Cloakroom | None]) -> Event:
    """A press, or an answer to a message with a button, with what the button's token stands for. `held` is asked only
    if there is one. Nothing comes of what lies there no more: a token means nothing to anybody."""
    reply = event.reply_to if isinstance(event, MessagePosted) else None
    data = event.data if isinstance(event, ButtonPressed) else reply.data if reply is not None else ""
    if not data.startswith(_MARK):
        return event
    room = held()
    found = room.left.get(data) if room is not None else None
    if found is None or found.until <= event.at:
        return event
    if isinstance(event, ButtonPressed):
        return renewed(event, data=found.data)
    return renewed(event, reply_to=renewed(reply, data=found.data))


def _token(of: str) -> str:
    """Nothing can be told from it, and nobody can send one back that has no seal."""
    return _MARK + urlsafe_b64encode(blake2b(of.encode(errors="replace"), digest_size=9).digest()).decode()

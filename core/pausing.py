"""A group that is paused: what happens is still written down, but nothing is said by itself, and nobody is punished.

What admins order is carried out, admins are told what they are told, and what was forbidden is still given back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from core.decision import Decision, Post
from core.effects import Ban, Decline, Delete, Edit, Invite, Mute, Pin, React, Remove, Say
from core.state import WARNING, Slot


@dataclass(frozen=True, slots=True)
class Paused:
    """Since when, until when (None: until somebody says so), and by whom."""

    since: datetime
    until: datetime | None = None
    by: str = ""


PAUSED: Final = Slot("core.paused", Paused)


def lasts(paused: Paused | None, at: datetime) -> bool:
    """Whether a group is paused at an instant, by its record."""
    return paused is not None and (paused.until is None or at < paused.until)


_AGAINST: Final = (Mute, Remove, Ban, Delete, Decline)
_SPOKEN: Final = (Say, React, Edit, Pin, Invite)


def held_back(decision: Decision) -> Decision:
    """What is left of a decision. One against somebody is only written down, as what would have been done."""
    if any(isinstance(effect, _AGAINST) for effect in decision.effects) or any(
        isinstance(change, Post) and change.kind == WARNING and change.amount > 0 for change in decision.changes
    ):
        return replace(decision, shadow=True, because=("paused", *decision.because))
    return replace(decision, effects=tuple(effect for effect in decision.effects if not isinstance(effect, _SPOKEN)))

"""An album is one act: if a rule deletes one part, the parts before it and those still to come go too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from core.decision import Decision, Put
from core.effects import Delete
from core.events import MessagePosted
from core.state import Slot
from core.workflow import View


@dataclass(frozen=True, slots=True)
class Album:
    """The album that a member posts now: its id, the messages seen of it, and which rule deleted it ("" if none)."""

    id: str
    parts: tuple[str, ...] = ()
    gone: str = ""


ALBUM: Final = Slot("rules.album", Album)
_MOST_PARTS: Final = 20


def whole(event: MessagePosted, view: View, made: list[Decision]) -> list[Decision]:
    """The decisions about one part, made to hold for the album."""
    assert event.album is not None
    key = ALBUM.of(event.actor.account)
    held = view.get(key)
    album = held if held is not None and held.id == event.album else Album(event.album)
    parts = (*album.parts, event.message)[-_MOST_PARTS:]
    gone = album.gone
    decided: list[Decision] = []
    for decision in made:
        deletes = not decision.shadow and any(isinstance(effect, Delete) for effect in decision.effects)
        if deletes and not gone:
            effects = tuple(Delete(messages=parts) if isinstance(e, Delete) else e for e in decision.effects)
            decision, gone = replace(decision, effects=effects), decision.rule
        decided.append(decision)
    if album.gone and not any(decision.effects for decision in decided if not decision.shadow):
        decided.append(
            Decision(
                effects=(Delete(messages=(event.message,)),),
                because=("part of an album that was deleted",),
                rule=album.gone,
                then=("delete",),
            )
        )
    decided.append(Decision(changes=(Put(key, Album(event.album, parts, gone)),)))
    return decided

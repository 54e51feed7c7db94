"""An album is one act: if a rule deletes one part, as it comes or once it is edited, all parts go with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from core.decision import Decision, Put
from core.effects import Delete
from core.events import MessageEdited, MessagePosted
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
    decided, gone = _with_all(parts, album.gone, made)
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


def edited(event: MessageEdited, view: View, made: list[Decision]) -> list[Decision]:
    """The decisions about an edit, made to hold for the album that the member posted last, if it is a part of that."""
    key = ALBUM.of(event.actor.account)
    album = view.get(key)
    if album is None or event.message not in album.parts:
        return made
    decided, gone = _with_all(album.parts, album.gone, made)
    if gone != album.gone:
        decided.append(Decision(changes=(Put(key, replace(album, gone=gone)),)))
    return decided


def _with_all(parts: tuple[str, ...], gone: str, made: list[Decision]) -> tuple[list[Decision], str]:
    """What was decided, with all parts deleted by the first rule that deletes one, and which rule that was."""
    decided: list[Decision] = []
    for decision in made:
        deletes = not decision.shadow and any(isinstance(effect, Delete) for effect in decision.effects)
        if deletes and not gone:
            effects = tuple(Delete(messages=parts) if isinstance(e, Delete) else e for e in decision.effects)
            decision, gone = replace(decision, effects=effects), decision.rule
        decided.append(decision)
    return decided, gone

"""Who wants to decide about an event, and on what: the answers of the workflows' `reads`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from core.events import Event, Instructed, MessagePosted, TimerDue
from core.state import Key
from core.workflow import Bound, Glance, Group, Seldom, Unmoved

Interest = tuple[Bound[Any], tuple[Key[Any], ...], Glance[Any] | Seldom | None, Exception | None]
"""A workflow that is asked about an event, the keys it declared, and what it seldom looks at beside them; or what it
depends on; or the error it raised."""

_Runs = tuple[Bound[Any], ...]
Scales = tuple[tuple[Any, Unmoved[Any]], ...]
"""The options of workflows, each with what may tell that nothing comes of a follow-up."""
_NO_KEYS: tuple[Key[Any], ...] = ()
_KEY: Final = frozenset((Key,))
SLASHES: Final = ("/", "／")
"""What commands begin with."""
_LONGEST = 40
"""Letters of a slashed word; no command has so many."""
_MOST_OPENINGS = 16_384
_NOWHERE: Final = "\0\0"
"""What no text holds."""


class Listeners:
    """Which workflows of a group hear an event type, in their order. Worked out once for each set of workflows."""

    def __init__(self) -> None:
        self._of: dict[tuple[int, type], tuple[_Runs, _Runs]] = {}
        self._addressed: dict[tuple[int, str], tuple[_Runs, _Runs]] = {}
        self._open_to: dict[tuple[int, str], tuple[_Runs, _Runs, str, _Runs]] = {}
        self._scales: dict[tuple[int, type], tuple[_Runs, Scales | None]] = {}

    def of(self, group: Group, kind: type) -> _Runs:
        """The workflows of the group that hear events of a type."""
        runs = group.runs
        held = self._of.get((id(runs), kind))
        if held is None or held[0] is not runs:
            held = self._of[id(runs), kind] = (runs, tuple(bound for bound in runs if _hears(bound, kind)))
        return held[1]

    def scales(self, group: Group, kind: type) -> Scales | None:
        """What tells of all workflows of the group that hear a type of follow-up whether it moves them; None if one of
        them has to be asked."""
        runs = group.runs
        held = self._scales.get((id(runs), kind))
        if held is None or held[0] is not runs:
            heard = [(bound.options, bound.workflow.weighs.get(kind)) for bound in self.of(group, kind)]
            found = tuple((options, unmoved) for options, unmoved in heard if unmoved is not None)
            held = self._scales[id(runs), kind] = (runs, found if len(found) == len(heard) else None)
        return held[1]

    def of_message(self, group: Group, message: MessagePosted) -> _Runs:
        """The workflows that a message may be for: those that are deaf to what begins like it are left out."""
        if message.private or message.kind != "text":
            return self.of(group, MessagePosted)
        runs, text = group.runs, message.text
        opening = text[:2]
        if opening.startswith(SLASHES):
            opening = text.split(None, 1)[0][:_LONGEST]
        held = self._open_to.get((id(runs), opening))
        if held is None or held[0] is not runs:
            if len(self._open_to) >= _MOST_OPENINGS:
                self._open_to.clear()
            held = self._open_to[id(runs), opening] = (runs, *_open_to(self.of(group, MessagePosted), opening))
        return held[3] if held[2] in text else held[1]

    def addressed(self, group: Group, event: TimerDue | Instructed) -> _Runs:
        """Whom an event is addressed to, if they hear its type."""
        heard, name = self.of(group, type(event)), event.workflow
        held = self._addressed.get((id(heard), name))
        if held is None or held[0] is not heard:
            found = tuple(bound for bound in heard if bound.name == name)
            held = self._addressed[id(heard), name] = (heard, found)
        return held[1]


def _hears(bound: Bound[Any], kind: type) -> bool:
    workflow = bound.workflow
    return kind in workflow.hears and (workflow.spares is None or not workflow.spares(kind, bound.options))


def _open_to(runs: _Runs, opening: str) -> tuple[_Runs, str, _Runs]:
    """Which workflows a text of an opening may be for, a word, and which a text may be for that holds the word."""
    found = tuple(bound for bound in runs if not _deaf(bound, opening))
    word = next((word for bound in runs if bound not in found and (word := _despite(bound)) is not None), None)
    if word is None:
        return found, _NOWHERE, found
    return found, word, tuple(bound for bound in runs if bound in found or _despite(bound) == word)


def _despite(bound: Bound[Any]) -> str | None:
    return bound.workflow.despite(bound.options) if bound.workflow.despite is not None else None


def _deaf(bound: Bound[Any], opening: str) -> bool:
    return bound.workflow.deaf is not None and bound.workflow.deaf(opening, bound.options)


def interest(event: Event, listeners: tuple[Bound[Any], ...]) -> list[Interest]:
    """The workflows that want to decide about an event, or may want to."""
    asked: list[Interest] = []
    for bound in listeners:
        try:
            keys = bound.workflow.reads(event, bound.options)
            if keys is None:
                continue
            if type(keys) is Glance:
                asked.append((bound, _NO_KEYS, keys, None))
            elif type(keys) is Seldom:
                asked.append((bound, declared(keys.first), keys, None))
            else:
                asked.append((bound, declared(keys), None, None))
        except Exception as error:
            asked.append((bound, _NO_KEYS, None, error))
    return asked


def declared(keys: Iterable[Key[Any]]) -> tuple[Key[Any], ...]:
    """The keys of one declaration. Raises what making them raises, and AttributeError for what is no key."""
    declared = keys if type(keys) is tuple else tuple(keys)
    if not _KEY.issuperset(map(type, declared)):
        for key in declared:
            key.what  # noqa: B018 (what is no key crashes here, where it is its workflow's own)
    return declared

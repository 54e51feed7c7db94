"""What has to go before what: the admins see a message before it is deleted, and people are told before they are sent
away. Other acts overtake words; these wait for them, a few seconds at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from core.delivery import Parcel
from core.effects import Approve, Ban, Decline, Delete, Effect, Remove, Say, TellAdmins

PATIENCE: Final = 3.0
"""Seconds that an act waits for words: a crowded desk must not keep spam in the group."""


class _Thing(NamedTuple):
    """A message or a person, in what one event led to."""

    event: str
    group: str
    what: str


class Order:
    """Remembers since when acts wait. `now` is on a clock that never runs backwards."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._since)

    def clear(self) -> None:
        """Nothing waits any more."""
        self._since.clear()

    def kept(self, found: Iterable[Parcel], at_hand: Iterable[Parcel], now: float) -> list[Parcel]:
        """Those of `found` that may go; `at_hand` are the others that are not done yet."""
        found = tuple(found)
        first = {thing for parcel in (*found, *at_hand) for thing in _told(parcel)}
        since: dict[str, float] = {}
        going = []
        for parcel in found:
            begun = self._since.get(parcel.id, now)
            if now - begun < PATIENCE and any(thing in first for thing in _ended(parcel)):
                since[parcel.id] = begun
            else:
                going.append(parcel)
        self._since = since
        return going


def _told(parcel: Parcel) -> Iterable[_Thing]:
    effect: Effect = parcel.effect
    if isinstance(effect, TellAdmins) and effect.evidence is not None:
        yield _Thing(parcel.event, parcel.group, effect.evidence)
    elif isinstance(effect, Say) and effect.to is not None:
        yield _Thing(parcel.event, parcel.group, effect.to)


def _ended(parcel: Parcel) -> Iterable[_Thing]:
    """What can be shown no more, or reached no more, after an act. A platform may let us write to somebody who asks to
    be let in only until that is decided, either way."""
    effect: Effect = parcel.effect
    if isinstance(effect, Delete):
        yield from (_Thing(parcel.event, parcel.group, message) for message in effect.messages)
    elif isinstance(effect, Approve | Decline | Remove | Ban):
        yield _Thing(parcel.event, parcel.group, effect.member)

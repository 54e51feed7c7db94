"""Who cannot be written to in private: noted when refused, forgotten when they write in private about that group.

Whoever chooses people to write to leaves them out, so that others hear in their place. After a while it is tried again:
who lets the assistant write again need not say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from core import state
from core.decision import NOTHING, Decision, Put
from core.events import Event, MessagePosted, Unreached
from core.people import ActorKind, Member, PersonId
from core.state import Key, Slot
from core.workflow import View, Workflow

AGAIN: Final = timedelta(days=30)
"""After so long it is tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """The day on which a private message to a member was refused."""

    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Only where something is said in private that nobody else may read."""


SHUT: Final = Slot("reach.shut", Shut)


def shut(kept: Iterable[tuple[Member, Shut]], today: date) -> frozenset[PersonId]:
    """Those who are not to be written to in private now, from `SHUT.of_all()`."""
    return frozenset(member.person for member, one in kept if today - one.since < AGAIN)


def reads(event: Event, options: Reach) -> Iterable[Key[Any]] | None:
    if isinstance(event, MessagePosted):
        alone = event.private and not event.desk and event.actor.kind is ActorKind.PERSON
        return (SHUT.of(event.actor.account),) if alone else None
    assert isinstance(event, Unreached)
    return (SHUT.of(event.member), state.member(event.member))


def decide(event: Event, options: Reach, view: View) -> Decision:
    if isinstance(event, MessagePosted):
        key = SHUT.of(event.actor.account)
        if view.get(key) is None:
            return NOTHING
        return Decision(changes=(Put(key, None),), because=("wrote in private, and can be written to again",))
    assert isinstance(event, Unreached)
    key, today = SHUT.of(event.member), view.group.day(event.at)
    kept = view.get(key)
    if view.get(state.member(event.member)) is None or (kept is not None and today - kept.since < AGAIN):
        return NOTHING
    return Decision(changes=(Put(key, Shut(since=today)),), because=("cannot be written to in private",))


workflow = Workflow(
    "reach",
    Reach,
    frozenset((MessagePosted, Unreached)),
    reads,
    decide,
    deaf=lambda opening, options: True,
)

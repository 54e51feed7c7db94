"""A tidy group: a newer welcome, or a newer answer to the same command, takes the place of the older one.

It runs where the operator wants it (`community.tidy`). A welcome with a question under it stays: somebody may still be
about to answer. Platforms let nobody delete what is old, so neither is that tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from core.decision import NOTHING, Decision, Put
from core.effects import Delete
from core.events import Event, Posted
from core.state import Key, Slot
from core.workflow import Group, View, Workflow

NAME: Final = "tidy"
WELCOME: Final = "welcome"
TOO_OLD: Final = timedelta(hours=47)
"""Telegram deletes what is younger than 48 hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """There is nothing to choose."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at a place: the message and when it was posted."""

    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Places:
    """What stands where, by "place@platform"."""

    of: dict[str, Standing] = field(default_factory=dict)


PLACES: Final = Slot("tidy.places", Places)


def place(group: Group, name: str) -> str:
    """The place of something that is said in a group; empty where nobody tidies up."""
    return name if NAME in group.bound else ""


def reads(event: Event, options: Tidied) -> Iterable[Key[Any]] | None:
    return (PLACES.of_group(),)


def decide(event: Event, options: Tidied, view: View) -> Decision:
    if not isinstance(event, Posted):
        return NOTHING
    kept = (view.get(PLACES.of_group()) or Places()).of
    key = f"{event.place}@{event.id.partition(':')[0]}"
    before = kept.get(key)
    recent = {name: one for name, one in kept.items() if event.at - one.at < TOO_OLD}
    recent[key] = Standing(event.message, event.at)
    gone = before is not None and event.at - before.at < TOO_OLD and before.message != event.message
    return Decision(
        changes=(Put(PLACES.of_group(), Places(recent)),),
        effects=(Delete(messages=(before.message,), own=True),) if gone and before is not None else (),
        because=("a newer one takes its place",) if gone else (),
        rule=event.place if gone else "",
    )


workflow = Workflow(NAME, Tidied, frozenset((Posted,)), reads, decide)

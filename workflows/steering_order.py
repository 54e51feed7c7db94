"""What a command comes to, as a value: orders to other workflows, the way back, and what is said; or what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from core.decision import Change, DropTimer, Line, SetTimer
from core.effects import Effect
from core.events import Instructed
from core.quick import maker, quick
from core.workflow import View
from workflows.plain_text import LONGEST_VALUE, one_line

_instructed: Final = maker(Instructed)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be done. `said` is the key of the line that tells it, `back` what takes it back (`way_back`), `stuck`
    what of it cannot be undone, `reason` why, where that is not all that follows the command. `effects` come before
    the line, `deeds` after it; `beside` is the part in it of another workflow, as the audit keeps it."""

    said: str
    did: str
    follows: tuple[Instructed, ...] = ()
    changes: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
    deeds: tuple[Effect, ...] = ()
    beside: Line | None = None
    timers: tuple[SetTimer | DropTimer, ...] = ()
    back: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """What is wrong with a command: the key of the sentence that helps."""

    says: str
    because: str
    values: Mapping[str, object] = field(default_factory=dict)


OVER: Final = Wrong(says="undo_over", because="it is over, or something newer took its place")
"""Why an act is not taken back that does not stand any more."""


def to(event: Instructed, workflow: str, verb: str, reason: str | None = None, **arguments: object) -> Instructed:
    """An order of the same admin, for the same reason unless it names another."""
    return _instructed(
        id=event.id,
        at=event.at,
        group=event.group,
        actor=event.actor,
        workflow=workflow,
        verb=verb,
        target=event.target,
        arguments=arguments,
        reason=reason_of(event) if reason is None else one_line(reason, LONGEST_VALUE),
    )


def runs(view: View, workflow: str) -> bool:
    """Whether the group runs a workflow."""
    return workflow in view.group.bound


def rest(event: Instructed) -> str:
    """What stands behind the command and whom it names."""
    return str(event.arguments.get("rest", ""))


def reason_of(event: Instructed) -> str:
    """Why it is ordered, in one line."""
    reason = event.reason or rest(event)
    return one_line(reason, LONGEST_VALUE) if reason else ""

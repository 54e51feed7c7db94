"""What a workflow answers: changes of state, effects, timers, follow-up events, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from core.effects import Effect
from core.events import NO_DATA, Event
from core.people import Account
from core.quick import quick
from core.state import Bond, Key


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Append a fact to the ledger.

    `key` makes it unique for (group, member, kind): derive it from what the fact is about
    (`morning:2026-03-02`), or leave it empty to derive it from the event. Posting a key that exists is a
    bug, and the whole event is set aside rather than counted twice. Facts of kind `points` lead to `PointsChanged`.
    A `joint` fact is of a person's accounts together and of none of them: it goes when they are bound or parted.
    """

    kind: str
    member: Account
    amount: int
    rule: str
    reason: str
    by: Account | None = None
    key: str = ""
    expires: datetime | None = None
    about: date | None = None
    joint: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Put:
    """Write a record; `value` None erases it."""

    key: Key[Any]
    value: object | None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """Give a member a tag, or take it."""

    member: Account
    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakTo:
    """Remember the language that a member chose."""

    member: Account
    language: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Ask for work that takes longer than a decision may (a digest). A task is named by kind and key, and done once.

    Asking again for one that is there changes nothing, whatever became of it. From `expires` on it is not begun any
    more. `data` is what JSON can hold.
    """

    kind: str
    key: str
    expires: datetime | None = None
    data: Mapping[str, object] = field(default_factory=lambda: NO_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """Two accounts are one person from now on, in every group. `gone`: `one` is no more, and `other` is what it became.

    Leads to `Linked` in every group where either was seen. Nothing happens if they are one person already.
    """

    one: Account
    other: Account
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The bond holds no longer: each side has what is its own. Leads to `Parted`, for each side in every group."""

    bond: Bond


Change = Post | Put | Tag | SpeakTo | Task | Bind | Part


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SetTimer:
    """Ask for a `TimerDue` at `at`. A timer of the same workflow and key in the group is replaced."""

    key: str
    at: datetime
    member: Account | None = None
    data: Mapping[str, object] = field(default_factory=lambda: NO_DATA)


@quick
@dataclass(frozen=True, slots=True)
class DropTimer:
    """Forget a timer; it is no error if there is none."""

    key: str


class Line(NamedTuple):
    """What the audit keeps of a workflow's part in the decision of another, about the same member."""

    workflow: str
    rule: str
    then: tuple[str, ...]
    because: tuple[str, ...]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One workflow's answer to one event.

    `because` is read by people: each reason is a short clause in plain words. `rule` names what decided
    (a rule's id, a challenge), `about` who it is about if not the event's actor. `shadow` decisions are written down
    and nothing else of them is carried out: they say what would have been done. `workflow` is whose decision it is if
    not that of the workflow which was asked: of one to whom an admin's order went without an event of its own. `heard`
    is what was made of the event before that (a command that may be given): a line of its own, about the actor.
    `beside` is the line of a workflow that had a part in it (the rules, by which an admin's mute is kept).
    """

    changes: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
    timers: tuple[SetTimer | DropTimer, ...] = ()
    follows: tuple[Event, ...] = ()
    because: tuple[str, ...] = ()
    rule: str = ""
    about: Account | None = None
    shadow: bool = False
    then: tuple[str, ...] = ()
    workflow: str = ""
    heard: tuple[str, ...] = ()
    beside: Line | None = None

    @property
    def does(self) -> bool:
        """Whether anything comes of it: else it says why not."""
        return bool(self.changes or self.effects or self.timers or self.follows)


NOTHING = Decision()
"""The usual answer."""

"""Where a newcomer stands, kept as a record so that restarts change nothing, and the one timer that wakes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal, Protocol, TypeVar

from core import occurrences
from core.decision import DropTimer, Put, SetTimer
from core.people import Account
from core.state import Key, Slot
from core.workflow import Group
from workflows.onboarding_options import Onboarding
from workflows.options import ClockWindow

Stage = Literal["steps", "tasks", "done", "skipped", "gave_up"]
"""`steps`: questions are open. `tasks`: they are answered, tasks are open. The rest is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One person's onboarding. Over for good only when the stage says so; leaving merely pauses it.

    `account` is the one that they last took part with: there they are reminded.
    `step` is the question that is open and `place` its position when it was asked. `asked` is when the member
    could first have read it. `due` holds the open tasks and `marks` what was counted for them. `paid` names rewards
    that were given: they are never given again, whatever is restarted. `album` is the one whose caption answered last:
    its other parts stay, or go, with it. `nudge`, `until` and `greet` are the next
    reminder, the end, and the welcome that still has to be said. `ordered` is the last order of an admin that nothing
    has come of since, and `before` where the member stood then: it can be put back.
    """

    account: Account
    began: datetime
    stage: Stage = "steps"
    step: str = ""
    place: int = 0
    asked: datetime | None = None
    hinted: bool = False
    answers: Mapping[str, str] = field(default_factory=dict)
    due: Mapping[str, datetime] = field(default_factory=dict)
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    finished: tuple[str, ...] = ()
    paid: tuple[str, ...] = ()
    album: str = ""
    album_stays: bool = False
    nudge: datetime | None = None
    nudged: int = 0
    until: datetime | None = None
    greet: datetime | None = None
    greeted: datetime | None = None
    away: bool = False
    ordered: str = ""
    before: Progress | None = None

    @property
    def running(self) -> bool:
        """Whether questions or tasks are open."""
        return self.stage in ("steps", "tasks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """People who joined in a wave and wait for one message to all of them.

    `named` are the first of them, to be named; `others` counts the rest: a wave of thousands stays small. `spoke` is
    when the last such message was sent.
    """

    began: datetime | None = None
    named: tuple[tuple[Account, str], ...] = ()
    others: int = 0
    spoke: datetime | None = None

    @property
    def count(self) -> int:
        """How many wait."""
        return len(self.named) + self.others


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """The joins of the last moments in a group, who waits for a gathered welcome or question, and a quieter time.

    `quiet` is until when the group is quieter, None when it is not; `joins` and `passed` count what happened in it.
    """

    recent: tuple[datetime, ...] = ()
    welcome: Crowd = field(default_factory=Crowd)
    door: Crowd = field(default_factory=Crowd)
    quiet: datetime | None = None
    joins: int = 0
    passed: int = 0


PROGRESS = Slot("onboarding.progress", Progress)
WAVE = Slot("onboarding.wave", Wave)

WAVE_OF_GROUP = WAVE.of_group()


@lru_cache(maxsize=20_000)
def progress_of(account: Account) -> Key[Progress | None]:
    """The key of somebody's progress. Remembered, because every message asks for one."""
    return PROGRESS.of(account)


_NEXT = "next:"


class Asked(Protocol):
    """A step or a question at the door."""

    @property
    def id(self) -> str: ...


A = TypeVar("A", bound=Asked)


def standing(steps: Sequence[A], step: str, place: int, answers: Mapping[str, str]) -> A | None:
    """The step that is open; None when nothing is left to ask.

    If the operator renamed or removed it meanwhile: the first unanswered one from its old place on.
    """
    for candidate in steps:
        if candidate.id == step:
            return candidate
    return next((candidate for candidate in steps[place:] if candidate.id not in answers), None)


def following(steps: Sequence[A], step: A, answers: Mapping[str, str]) -> A | None:
    """The first unanswered step after this one, None if it was the last."""
    after = position(steps, step) + 1
    return next((candidate for candidate in steps[after:] if candidate.id not in answers), None)


def position(steps: Sequence[A], step: A) -> int:
    """Where a step stands among the others."""
    return next(place for place, candidate in enumerate(steps) if candidate.id == step.id)


def untouched(progress: Progress | None, order: object) -> bool:
    """Whether an order of an admin was the last one and nothing has come of it since: then it can be put back."""
    return progress is not None and bool(progress.ordered) and progress.ordered == order


def met(progress: Progress, account: Account) -> Progress:
    """The progress of somebody who is here, with this account of theirs: itself, if it says so."""
    if progress.account == account and not progress.away:
        return progress
    return replace(progress, account=account, away=False)


def kept(progress: Progress) -> Put:
    """The change that remembers it."""
    return Put(PROGRESS.of(progress.account), progress)


def timer_of(account: Account) -> str:
    """The key of the one timer that a newcomer has."""
    return f"{_NEXT}{account}"


def wake(progress: Progress, options: Onboarding, group: Group) -> SetTimer | DropTimer:
    """The timer for the next thing to do about somebody, outside the quiet hours; none if there is nothing.

    A welcome is no reminder: it waits for nobody's quiet hours, because the newcomer is there.
    """
    key = timer_of(progress.account)
    moments = [awake(at, options.quiet_hours, group) for at in _moments(progress)]
    if progress.greet is not None and progress.running:
        moments.append(progress.greet)
    if not moments or progress.away:
        return DropTimer(key)
    return SetTimer(key=key, at=min(moments), member=progress.account)


def _moments(progress: Progress) -> list[datetime]:
    moments = [progress.nudge] if progress.running and progress.nudge is not None else []
    if progress.stage == "steps" and progress.until is not None:
        moments.append(progress.until)
    if progress.stage == "tasks":
        moments += progress.due.values()
    return moments


def quiet(at: datetime, hours: ClockWindow | None, group: Group) -> bool:
    """Whether an instant lies in the quiet hours of the group's wall clock."""
    return hours is not None and occurrences.asleep(at, hours.hours, group.zone)


def awake(at: datetime, hours: ClockWindow | None, group: Group) -> datetime:
    """The instant itself, or the end of the quiet hours that it falls into."""
    return at if hours is None else occurrences.awake(at, hours.hours, group.zone)

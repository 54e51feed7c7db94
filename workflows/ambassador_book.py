"""What is kept of ambassadors: how far each member has come, by kind, and when it is looked for new ones.

No texts and no names. Who said no, stepped down or shall never be asked is remembered, so that they are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from core.state import Slot

Stage = Literal["listed", "later", "never", "invited", "unreached", "declined", "active", "ended"]
STAGES: Final[tuple[Stage, ...]] = (
    "active",
    "invited",
    "listed",
    "unreached",
    "later",
    "declined",
    "ended",
    "never",
)
"""Those that mean more come first, as far as admins ask who there is."""
OPEN_FOR: Final = timedelta(days=14)
"""How long an invitation can be answered."""
_AGAIN: Final = {
    "listed": timedelta(days=30),
    "unreached": timedelta(days=30),
    "later": timedelta(days=90),
    "declined": timedelta(days=180),
    "ended": timedelta(days=180),
}
"""After how long somebody may be shown to the admins again; the others never are."""
_LEFT_ALONE: Final = frozenset(("declined", "ended"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How often a task was done in a period, when last, and a fingerprint of the words, so that they count once."""

    period: str = ""
    times: int = 0
    at: datetime | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """How far a member has come to be an ambassador of one kind: the `stage`, and since when.

    `order` is the id of the admin's order that led here, if one did, and `said` that of the event by which the
    invitation was said. `joined` is when they became one, and `tagged` whether they got the tag by that.
    `done` is what they did of each task, and `quiet` the last day on which they took part before they fell silent.
    `account` is which of theirs was asked, or said yes.
    """

    stage: Stage
    at: datetime
    order: str = ""
    said: str = ""
    joined: datetime | None = None
    tagged: bool = False
    done: dict[str, Done] = field(default_factory=dict)
    quiet: date | None = None
    account: str = ""

    def askable(self, at: datetime) -> bool:
        """Whether the admins may be shown the member again."""
        return self.stage in _AGAIN and at - self.at >= _AGAIN[self.stage]

    @property
    def left_alone_until(self) -> datetime | None:
        """Until when nobody may ask them, because they said no or were one before."""
        return self.at + _AGAIN[self.stage] if self.stage in _LEFT_ALONE else None


def led(before: Path | None, stage: Stage, at: datetime, order: str) -> Path:
    """Where an order of the admins' leads. What they did as an ambassador stays known: taken back order by order, they
    are what they were."""
    return (
        replace(before, stage=stage, at=at, order=order, said="") if before else Path(stage=stage, at=at, order=order)
    )


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths of one member, by kind."""

    of: dict[str, Path] = field(default_factory=dict)

    def having(self, id_: str, path: Path | None) -> Paths | None:
        """With one that changed; None, so that the record goes, if nothing is left."""
        rest = {known: one for known, one in self.of.items() if known != id_}
        now = rest if path is None else {**rest, id_: path}
        return Paths(now) if now else None

    def at(self, *stages: Stage) -> dict[str, Path]:
        """Those at some stages."""
        return {id_: path for id_, path in self.of.items() if path.stage in stages}


NONE: Final = Paths()


@dataclass(frozen=True, slots=True)
class Looks:
    """When it is looked for new ones next, by kind."""

    next: dict[str, datetime] = field(default_factory=dict)


PATHS: Final = Slot("ambassadors.paths", Paths)
LOOKS: Final = Slot("ambassadors.looks", Looks)


def together(first: Paths, second: Paths) -> Paths:
    """What two accounts came to, once they are one person's: of each kind what binds more."""
    both = {**second.of, **first.of}
    for id_ in first.of.keys() & second.of.keys():
        one = min((first.of[id_], second.of[id_]), key=lambda path: _BINDS.index(path.stage))
        other = second.of[id_] if one is first.of[id_] else first.of[id_]
        done = {**other.done, **{task: _more(held, other.done.get(task)) for task, held in one.done.items()}}
        both[id_] = replace(one, tagged=one.tagged or other.tagged, done=done)
    return Paths(both)


def _more(one: Done, other: Done | None) -> Done:
    """Of what was done of a task with either account, what leaves less to do."""
    return one if other is None or (one.period, one.times) >= (other.period, other.times) else other


_BINDS: Final[tuple[Stage, ...]] = (
    "active",
    "never",
    "declined",
    "ended",
    "invited",
    "later",
    "listed",
    "unreached",
)
"""Who was left alone with one account is left alone with the other."""

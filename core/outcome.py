"""What became of a batch."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field

from core.ports import DeadLetter, OutboxRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A workflow crashed on an event; the others went on. `where` ends in the line that raised."""

    event: str
    workflow: str
    error: str
    where: str

    @classmethod
    def of(cls, event: str, workflow: str, error: Exception) -> Fault:
        """What is told of an error that was raised."""
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        return cls(event=event, workflow=workflow, error=f"{type(error).__name__}: {error}", where=where)


@dataclass(slots=True)
class Outcome:
    """What became of a batch: `new + repeated + len(buried)` is its size. Timers fired by `replay` count apart.

    `taken` are the rows of the outbox that couriers have in hand from the start, `waiting` are the others.
    """

    new: int = 0
    repeated: int = 0
    timers: int = 0
    decisions: int = 0
    effects: int = 0
    taken: list[OutboxRow] = field(default_factory=list)
    waiting: list[OutboxRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    buried: list[DeadLetter] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.new += other.new
        self.repeated += other.repeated
        self.timers += other.timers
        self.decisions += other.decisions
        self.effects += other.effects
        self.waiting += other.waiting
        self.taken += other.taken
        self.faults += other.faults
        self.buried += other.buried

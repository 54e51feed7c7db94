"""What only the run itself can tell: how many messages were new, what the first hits were about, what was skipped.

Everything else is read back from the books afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from core.engine import Fault
from core.events import Event, MemberJoined, MemberLeft, MessageEdited, MessagePosted, TimerDue
from core.ports import AuditRow, DeadLetter, Store, UnitOfWork, Writes
from core.workflow import Group
from workflows import content

EXAMPLES = 3
MOST_LISTED = 10_000
"""Skipped parts beyond this many are counted and not listed."""

EXCERPT = 160
DayCount = Literal["joins", "leaves", "removals", "hits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A hit of a rule with the words of the message that it judged."""

    row: AuditRow
    text: str


@dataclass(slots=True)
class Tally:
    """What was counted while the history went by. Repeated events count in `repeated` and nowhere else. `posts` are
    counts of what came of each when it was due, and `waiting` those that were over budget the last time."""

    events: Counter[str] = field(default_factory=Counter)
    joins: int = 0
    leaves: int = 0
    removals: int = 0
    repeated: int = 0
    timers: int = 0
    onboardings: int = 0
    first: datetime | None = None
    last: datetime | None = None
    by_day: dict[str, Counter[str]] = field(default_factory=dict)
    examples: dict[str, list[Example]] = field(default_factory=dict)
    posts: dict[str, Counter[str]] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    buried: list[DeadLetter] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    skipped_count: int = 0

    @property
    def messages(self) -> int:
        """Distinct messages."""
        return self.events[MessagePosted.__name__]

    def skip(self, place: str, why: str) -> None:
        """A part of the export that was not understood."""
        self.skipped_count += 1
        if len(self.skipped) < MOST_LISTED:
            self.skipped.append((place, why))


class Witness:
    """A store that writes down what passes through it. Only what was committed counts."""

    def __init__(self, store: Store, group: Group) -> None:
        self._store = store
        self._group = group
        self._batch: dict[str, Event] = {}
        self.tally = Tally()

    def expect(self, batch: Sequence[Event]) -> None:
        """The events that are about to be processed."""
        self._batch = {}
        for event in batch:
            self._batch.setdefault(event.id, event)

    @contextmanager
    def unit(self, *, lasting: bool = True) -> Iterator[UnitOfWork]:
        """See `Store.unit`."""
        with self._store.unit(lasting=lasting) as unit:
            yield cast("UnitOfWork", _Unit(unit, self))

    def flush(self) -> None:
        """See `Store.flush`."""
        self._store.flush()

    def bury(self, letters: Sequence[DeadLetter], timers: Sequence[TimerDue] = ()) -> None:
        """See `Store.bury`."""
        self._store.bury(letters, timers)

    def close(self) -> None:
        """See `Store.close`."""
        self._store.close()

    def committed(self, fresh: Sequence[str], audit: Sequence[AuditRow]) -> None:
        """One transaction was committed: these events were new, these decisions were made."""
        for id_ in fresh:
            event = self._batch.get(id_)
            if event is not None:
                self._count(event)
        for row in audit:
            self._judge(row)

    def _count(self, event: Event) -> None:
        tally = self.tally
        tally.events[type(event).__name__] += 1
        tally.first = min(tally.first or event.at, event.at)
        tally.last = max(tally.last or event.at, event.at)
        if isinstance(event, MemberJoined):
            tally.joins += 1
            self._on_day(event.at, "joins")
        elif isinstance(event, MemberLeft):
            removed = event.by is not None and event.by.account != event.actor.account
            if removed:
                tally.removals += 1
            else:
                tally.leaves += 1
            self._on_day(event.at, "removals" if removed else "leaves")

    def _judge(self, row: AuditRow) -> None:
        root = self._batch.get(row.event.partition(">")[0])
        if row.workflow == "onboarding" and isinstance(root, MemberJoined):
            self.tally.onboardings += 1
        if row.workflow == content.NAME and (came := content.came_to(row.because)) is not None:
            self.tally.posts.setdefault(row.rule, Counter())[came] += 1
            (self.tally.waiting.add if came == "waited" else self.tally.waiting.discard)(row.rule)
        if not is_hit(row):
            return
        self._on_day(row.at, "hits")
        examples = self.tally.examples.setdefault(row.rule, [])
        if len(examples) < EXAMPLES:
            examples.append(Example(row=row, text=words_of(root)))

    def _on_day(self, at: datetime, what: DayCount) -> None:
        day = self._group.day(at).isoformat()
        self.tally.by_day.setdefault(day, Counter())[what] += 1


class _Unit:
    """A unit of work that tells its witness what was saved, once it is committed. All else goes to the real one."""

    def __init__(self, unit: UnitOfWork, witness: Witness) -> None:
        self._unit = unit
        self._witness = witness
        self._fresh: list[str] = []
        self._audit: list[AuditRow] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    def unseen(self, ids: Sequence[str], at: datetime) -> set[str]:
        fresh = self._unit.unseen(ids, at)
        self._fresh += [id_ for id_ in dict.fromkeys(ids) if id_ in fresh]
        return fresh

    def save(self, writes: Writes) -> None:
        self._unit.save(writes)
        self._audit += writes.audit

    def commit(self) -> None:
        self._unit.commit()
        self._witness.committed(self._fresh, self._audit)


def is_hit(row: AuditRow) -> bool:
    """Whether a decision is a hit of an operator's rule."""
    return row.workflow == "rules" and bool(row.rule) and row.mode != "fault"


def words_of(event: Event | None) -> str:
    """What an event said; a message without words is told by its kind."""
    if not isinstance(event, MessagePosted | MessageEdited):
        return ""
    return excerpt(event.text) or f"[{event.kind}]"


def excerpt(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"

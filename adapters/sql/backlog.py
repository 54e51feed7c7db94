"""What waits, what failed and what was set aside, as an operator sees and steers it. Never on the way of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from adapters.sql import rows
from core.delivery import State
from core.ports import DeadLetter

if TYPE_CHECKING:
    from adapters.sql.dialect import Row
    from adapters.sql.store import SqlStore

TIMER_COUNTS = (
    "SELECT count(*), coalesce(sum(CASE WHEN at <= ? THEN 1 ELSE 0 END), 0), "
    "coalesce(sum(CASE WHEN rings > 0 THEN 1 ELSE 0 END), 0), min(at) FROM timers"
)
TIMERS_DUE = "SELECT count(*), (SELECT min(at) FROM timers) FROM timers WHERE at <= ?"
TIMERS_SET = "SELECT count(*) FROM timers"
TIMERS = (
    "SELECT g.key, t.workflow, t.key, t.at, t.rings, t.ring_at FROM timers t CROSS JOIN groups g "
    "WHERE g.id = t.group_id ORDER BY t.at, g.key, t.workflow, t.key LIMIT ?"
)
OUTBOX_COUNTS = "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state"
OUTBOX_OPEN = "SELECT state, count(*) FROM outbox WHERE state IN ('waiting', 'sending', 'parked') GROUP BY state"
"""Word by word the condition of the index that holds nothing else."""
OUTBOX_OVERDUE = (
    "SELECT min(coalesce(not_before, at)) FROM outbox "
    "WHERE state IN ('waiting', 'sending', 'parked') AND state = 'waiting' AND coalesce(not_before, at) <= ?"
)
_OUTBOX = (
    "SELECT o.id, o.at, g.key, o.workflow, o.kind, o.platform, o.state, o.attempts, o.outcome, o.not_before, o.expires "
    "FROM outbox o CROSS JOIN groups g WHERE g.id = o.group_id AND o.state = ?"
)
OUTBOX = f"{_OUTBOX} ORDER BY o.seq DESC LIMIT ?"
OUTBOX_FIRST = f"{_OUTBOX} AND o.state IN ('waiting', 'sending', 'parked') ORDER BY o.seq LIMIT ?"
LETTER_COUNT = "SELECT count(*) FROM dead_letters"
LETTERS = "SELECT id, at, group_key, event, why FROM dead_letters ORDER BY seq DESC LIMIT ?"

STATE_OF = "SELECT state, expires FROM outbox WHERE id = ?"
STEER = (
    "UPDATE outbox SET state = ?, outcome = ?, attempts = 0, unsure = 0, courier = NULL, not_before = NULL "
    "WHERE id = ? AND state = ? RETURNING id"
)
RING_NOW = (
    "UPDATE timers SET ring_at = at, rings = 0 WHERE workflow = ? AND key = ? "
    "AND group_id = (SELECT id FROM groups WHERE key = ?) RETURNING key"
)
DROP_TIMER = (
    "DELETE FROM timers WHERE workflow = ? AND key = ? "
    "AND group_id = (SELECT id FROM groups WHERE key = ?) RETURNING key"
)
DROP_LETTER = "DELETE FROM dead_letters WHERE id = ? RETURNING id"

UNDERWAY = (State.WAITING, State.SENDING)
FAILED = (State.DEAD, State.UNSURE, State.DROPPED, State.PARKED)
RETRIED = frozenset({State.DEAD, State.UNSURE, State.PARKED})
"""What can be tried again. A dropped one was not wanted any more."""
CANCELLED = frozenset({State.WAITING, State.PARKED, State.DEAD, State.UNSURE})
"""What can be dropped. One that is just being sent is the courier's."""


class Timers(NamedTuple):
    """How many timers are set, due by now, and rung for at least once; when the first is due."""

    all: int
    due: int
    rung: int
    first: datetime | None


class Pressing(NamedTuple):
    """How many timers are due; when the first of all is due; since when the message that has waited longest might have
    been sent."""

    due: int
    first: datetime | None
    unsent: datetime | None


class Waiting(NamedTuple):
    """A timer that is set. `id` is how an operator names it."""

    id: str
    group: str
    at: datetime
    rings: int
    again: datetime


class Message(NamedTuple):
    """A row of the outbox. `outcome` is what became of it, or why it waits; it is tried `not_before` then."""

    id: str
    at: datetime
    group: str
    workflow: str
    kind: str
    platform: str
    state: State
    attempts: int
    outcome: str
    not_before: datetime | None
    expires: datetime | None


class Backlog:
    """The work of a store. All may raise StoreBusy or StoreUnavailable."""

    def __init__(self, store: SqlStore) -> None:
        self._pool = store.pool

    def timers(self, now: datetime) -> Timers:
        """The timers in numbers."""
        ((count, due, rung, first),) = self._ask(TIMER_COUNTS, (rows.micros(now),))
        return Timers(count, int(due), int(rung), rows.instant_or_none(first))

    def pressing(self, now: datetime) -> Pressing:
        """What should have been done by now. Costs what is due, and nothing for what is to come."""
        at = (rows.micros(now),)
        ((due, first),), ((unsent,),) = self._ask(TIMERS_DUE, at), self._ask(OUTBOX_OVERDUE, at)
        return Pressing(due, rows.instant_or_none(first), rows.instant_or_none(unsent))

    def timers_set(self) -> int:
        """How many timers are set. Every one of them is counted."""
        return int(self._ask(TIMERS_SET)[0][0])

    def waiting(self, most: int) -> Sequence[Waiting]:
        """The timers that are due first."""
        return [
            Waiting(f"{group}/{workflow}/{key}", group, rows.instant(at), rings, rows.instant(again))
            for group, workflow, key, at, rings, again in self._ask(TIMERS, (most,))
        ]

    def messages(self) -> Mapping[State, int]:
        """The outbox in numbers."""
        return {State(state): count for state, count in self._ask(OUTBOX_COUNTS)}

    def open(self) -> Mapping[State, int]:
        """What is on its way, in numbers; costs nothing for what is over."""
        return {State(state): count for state, count in self._ask(OUTBOX_OPEN)}

    def latest(self, state: State, most: int) -> Sequence[Message]:
        """The latest messages in a state; of those on their way, the ones that have waited longest."""
        text = OUTBOX_FIRST if state in UNDERWAY else OUTBOX
        return [
            Message(
                id_,
                rows.instant(at),
                group,
                workflow,
                kind,
                platform,
                State(now),
                attempts,
                outcome or "",
                rows.instant_or_none(again),
                rows.instant_or_none(expires),
            )
            for id_, at, group, workflow, kind, platform, now, attempts, outcome, again, expires in self._ask(
                text, (state.value, most)
            )
        ]

    def letters(self, most: int) -> tuple[int, Sequence[DeadLetter]]:
        """How many events were set aside, and the latest of them."""
        ((count,),) = self._ask(LETTER_COUNT)
        return count, [
            DeadLetter(id_, rows.instant(at), group, event, why)
            for id_, at, group, event, why in self._ask(LETTERS, (most,))
        ]

    def retry(self, id_: str, now: datetime) -> str | None:
        """Try a message again, or ring for a timer at once. None if it was done, else why not."""
        if (timer := _named(id_)) is not None and self._steered(RING_NOW, timer):
            return None
        found = self._ask(STATE_OF, (rows.named(id_),))
        if not found:
            return "unknown"
        state, expires = State(found[0][0]), rows.instant_or_none(found[0][1])
        if state not in RETRIED:
            return state.value
        if expires is not None and expires <= now:
            return "expired"
        told = (State.WAITING.value, "an operator asked for another try", rows.named(id_), state.value)
        return None if self._steered(STEER, told) else "changed"

    def cancel(self, id_: str) -> str | None:
        """Drop a message, a timer or a dead letter. None if it was done, else why not."""
        if (timer := _named(id_)) is not None and self._steered(DROP_TIMER, timer):
            return None
        if self._steered(DROP_LETTER, (rows.named(id_),)):
            return None
        found = self._ask(STATE_OF, (rows.named(id_),))
        if not found:
            return "unknown"
        state = State(found[0][0])
        if state not in CANCELLED:
            return state.value
        told = (State.DROPPED.value, "an operator cancelled it", rows.named(id_), state.value)
        return None if self._steered(STEER, told) else "changed"

    def _ask(self, text: str, parameters: Row = ()) -> list[Row]:
        with self._pool.lent() as session:
            return session.ask(text, parameters)

    def _steered(self, text: str, parameters: Row) -> bool:
        with self._pool.writing() as session:
            done = bool(session.ask(text, parameters))
            session.commit()
        return done


def _named(id_: str) -> tuple[str, str, str] | None:
    """A timer's place, in the order of the statements, from `group/workflow/key`."""
    group, _, rest = id_.partition("/")
    workflow, slash, key = rest.partition("/")
    return (rows.named(workflow), rows.named(key), rows.named(group)) if slash else None

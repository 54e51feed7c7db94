"""Tasks: work that decisions asked for, claimed by whoever has time, finished in the transaction that holds its result.

A claim is a lease: who dies leaves the task to the next one when it has run out, or at once where the death is known.
Each claim counts, and only the latest may finish: a claimant that was slow finds its result refused, whole. What was
asked for is done once.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from adapters.sql import rows
from adapters.sql.clock import now
from core.ports import Writes

if TYPE_CHECKING:
    from adapters.sql.store import SqlStore
    from adapters.sql.unit import SqlUnit

MOST_ATTEMPTS = 5
"""A task that was begun so often and never finished is to be given up (`Claimed.spent`)."""

OPEN: Final = ("waiting", "running")
WATCHED: Final = (*OPEN, "dead")
STATES: Final = (*OPEN, "dead", "dropped", "done")
"""What becomes of a task. `dead` was begun too often, `dropped` was not wanted any more."""
_OPEN = "state IN ('waiting', 'running')"
_READY = f"{_OPEN} AND kind = ? AND (lease IS NULL OR lease <= ?)"
WAITING = f"SELECT count(*) FROM tasks WHERE {_READY}"
_FIRST = f"SELECT group_id, kind, key FROM tasks WHERE {_READY} ORDER BY at LIMIT ?"
_TAKE = (
    "UPDATE tasks SET state = 'running', holder = ?, lease = ?, attempts = attempts + 1 FROM ({first}) AS w "
    "WHERE tasks.group_id = w.group_id AND tasks.kind = w.kind AND tasks.key = w.key "
    "RETURNING tasks.group_id, tasks.kind, tasks.key, tasks.at, tasks.expires, tasks.data, tasks.attempts, "
    "tasks.outcome"
)
TAKE = _TAKE.format(first=_FIRST)
TAKE_SHARED = _TAKE.format(first=_FIRST + " FOR UPDATE SKIP LOCKED")
END = (
    "UPDATE tasks SET state = ?, outcome = ?, lease = NULL WHERE kind = ? AND key = ? AND state = 'running' "
    "AND attempts = ? AND group_id = (SELECT id FROM groups WHERE key = ?) RETURNING key"
)
BACK = (
    "UPDATE tasks SET state = 'waiting', outcome = ?, lease = ? WHERE kind = ? AND key = ? AND state = 'running' "
    "AND attempts = ? AND group_id = (SELECT id FROM groups WHERE key = ?) RETURNING key"
)
PROLONG = (
    "UPDATE tasks SET lease = ? WHERE kind = ? AND key = ? AND state = 'running' "
    "AND attempts = ? AND group_id = (SELECT id FROM groups WHERE key = ?) RETURNING key"
)
_HELD = f"{_OPEN} AND state = 'running' AND lease > ?"
HOLDERS = f"SELECT DISTINCT holder FROM tasks WHERE {_HELD} AND holder IS NOT NULL"
FREE = f"UPDATE tasks SET lease = NULL WHERE {_HELD} AND holder = ? RETURNING key"
KEYS = "SELECT id, key FROM groups"
TOLD = (
    "SELECT g.key, t.kind, t.key, t.at, t.state, t.attempts, t.outcome FROM tasks t CROSS JOIN groups g "
    "WHERE g.id = t.group_id AND t.state = ? ORDER BY t.at DESC LIMIT ?"
)
DEAD_COUNT = "SELECT count(*) FROM tasks WHERE state = 'dead'"
COUNTS = "SELECT state, count(*) FROM tasks GROUP BY state"
OPEN_COUNTS = f"SELECT state, count(*) FROM tasks WHERE {_OPEN} GROUP BY state"
STATE_OF = "SELECT state FROM tasks WHERE kind = ? AND key = ? AND group_id = (SELECT id FROM groups WHERE key = ?)"
STEER = (
    "UPDATE tasks SET state = ?, outcome = ?, attempts = 0, lease = NULL WHERE kind = ? AND key = ? "
    "AND group_id = (SELECT id FROM groups WHERE key = ?) AND state = ? RETURNING key"
)


class Claimed(NamedTuple):
    """A task in our hands until its lease is over. `attempt` is the number of this claim, from 1; `last` is why the
    one before came to nothing, where that is known."""

    group: str
    kind: str
    key: str
    at: datetime
    expires: datetime | None
    data: Mapping[str, Any]
    attempt: int
    last: str = ""

    @property
    def spent(self) -> bool:
        """Whether it was begun too often, and is to be given up."""
        return self.attempt > MOST_ATTEMPTS


def never_finished(task: Claimed) -> str:
    """Why a task that is `spent` is given up, with what went wrong the last time that anybody could tell."""
    told = f"begun {MOST_ATTEMPTS} times and never finished"
    return f"{told}: {task.last}" if task.last else told


class TaskState(NamedTuple):
    """A task as an operator sees it."""

    group: str
    kind: str
    key: str
    at: datetime
    state: str
    attempts: int
    outcome: str


class SqlTasks:
    """The tasks of a store. Every call is its own transaction; all may raise StoreBusy or StoreUnavailable.

    `holder` is the name under which this process claims.
    """

    def __init__(self, store: SqlStore, holder: str = "") -> None:
        self._store = store
        self._holder = holder or None
        self._pool = store.pool

    def now(self) -> datetime:
        """The instant by which leases run: the server's on PostgreSQL, this machine's for a file."""
        return now(self._pool)

    def waiting(self, kind: str, now: datetime) -> int:
        """How many tasks of a kind nobody has in hand. Takes no lock."""
        with self._pool.lent() as session:
            return int(session.ask(WAITING, (kind, rows.micros(now)))[0][0])

    def claim(self, kind: str, now: datetime, lease: timedelta, most: int = 1) -> Sequence[Claimed]:
        """At most `most` tasks of a kind, oldest first; nobody else gets them before the lease is over.

        Those among them that are `spent` are for giving up.
        """
        take = TAKE_SHARED if self._pool.shared else TAKE
        with self._pool.writing() as session:
            found = session.ask(take, (self._holder, rows.micros(now + lease), kind, rows.micros(now), most))
            keys: dict[int, str] = dict(session.ask(KEYS)) if found else {}
            session.commit()
        return sorted(
            (
                Claimed(
                    keys[gid],
                    kind,
                    key,
                    rows.instant(at),
                    rows.instant_or_none(expires),
                    rows.unpacked(data, dict[str, Any]) if data else {},
                    attempts,
                    outcome or "",
                )
                for gid, kind, key, at, expires, data, attempts, outcome in found
            ),
            key=lambda task: (task.at, task.group, task.key),
        )

    def free(self, now: datetime, gone: Callable[[str], bool]) -> int:
        """Let tasks be claimed again whose holders are known to be dead; how many. Takes no lock if there are none."""
        at = rows.micros(now)
        with self._pool.lent() as session:
            dead = [holder for (holder,) in session.ask(HOLDERS, (at,)) if gone(holder)]
            session.rollback()
            if not dead:
                return 0
            session.begin()
            freed = sum(len(session.ask(FREE, (at, holder))) for holder in dead)
            session.commit()
        return freed

    def finish(self, task: Claimed, outcome: str, writes: Writes) -> bool:
        """Write what a task came to, and that it is done, in one transaction. False, and nothing written, if the
        task is another claimant's by now."""
        return self._end(task, "done", outcome, writes)

    def end_within(self, unit: SqlUnit, task: Claimed, outcome: str) -> bool:
        """As `finish`, in a unit of work that does more and holds the task's group. False if the task is another
        claimant's by now."""
        told = ("done", rows.shown(outcome), task.kind, task.key, task.attempt, rows.named(task.group))
        return bool(unit.session.ask(END, told))

    def drop(self, task: Claimed, why: str, writes: Writes) -> bool:
        """Write that a task is not to be done any more. See `finish`."""
        return self._end(task, "dropped", why, writes)

    def give_up(self, task: Claimed, why: str, writes: Writes) -> bool:
        """Write that a task failed too often, and is dead. See `finish`."""
        return self._end(task, "dead", why, writes)

    def put_back(self, task: Claimed, why: str, until: datetime) -> bool:
        """Let go of a task that could not be done now: it can be claimed again from `until` on."""
        return self._if_ours(BACK, task, rows.shown(why), rows.micros(until))

    def prolong(self, task: Claimed, until: datetime) -> bool:
        """Hold a task until then. False if it is another claimant's by now, or over."""
        return self._if_ours(PROLONG, task, rows.micros(until))

    def counts(self) -> Mapping[str, int]:
        """How many tasks are in each state."""
        with self._pool.lent() as session:
            return dict(session.ask(COUNTS))

    def watched(self) -> Mapping[str, int]:
        """How many wait, are in hand and are dead; costs nothing for those that are over otherwise."""
        with self._pool.lent() as session:
            return {**dict(session.ask(OPEN_COUNTS)), "dead": session.ask(DEAD_COUNT)[0][0]}

    def steer(self, group: str, kind: str, key: str, allowed: Collection[str], to: str, why: str) -> str | None:
        """Bring a task that is in one of the allowed states into another. None if it was done, else why not."""
        place = (rows.named(kind), rows.named(key), rows.named(group))
        with self._pool.writing() as session:
            found = session.ask(STATE_OF, place)
            if not found:
                return "unknown"
            (state,) = found[0]
            if state not in allowed:
                return str(state)
            done = session.ask(STEER, (to, why, *place, state))
            session.commit()
        return None if done else "changed"

    def told(self, state: str, most: int) -> Sequence[TaskState]:
        """The latest tasks in a state: waiting, running, done, dropped or dead."""
        with self._pool.lent() as session:
            found = session.ask(TOLD, (state, most))
        return [
            TaskState(group, kind, key, rows.instant(at), state_, attempts, outcome or "")
            for group, kind, key, at, state_, attempts, outcome in found
        ]

    def _end(self, task: Claimed, state: str, outcome: str, writes: Writes) -> bool:
        with self._store.unit() as unit:
            unit.lock(sorted({task.group, *_groups(writes)}))
            told = (state, rows.shown(outcome), task.kind, task.key, task.attempt, rows.named(task.group))
            if not unit.session.ask(END, told):
                return False
            unit.save(writes)
            unit.commit()
        return True

    def _if_ours(self, text: str, task: Claimed, *values: object) -> bool:
        with self._pool.writing() as session:
            told = (*values, task.kind, task.key, task.attempt, rows.named(task.group))
            done = bool(session.ask(text, told))
            session.commit()
        return done


def _groups(writes: Writes) -> Collection[str]:
    return {row.group for row in writes.outbox} | {row.group for row in writes.audit}

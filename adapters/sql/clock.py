"""The timers as schedulers and workers use them: claimed when due, found again by what was rung for.

A claim moves `ring_at` into the future and changes nothing else: a timer that was rung for still stands, and is rung
for again after a while, until the engine has spent it. Times are the database's own on PostgreSQL, where hosts may
disagree about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from adapters.sql import rows
from adapters.sql.queries import Lookup
from adapters.sql.unit import timer
from core.ports import TimerRow

if TYPE_CHECKING:
    from adapters.sql.pool import Pool
    from adapters.sql.store import SqlStore

_NOW = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
NEXT = "SELECT min(ring_at) FROM timers"

_DUE = "SELECT group_id, workflow, key FROM timers WHERE ring_at <= ? ORDER BY ring_at LIMIT ?"
_RUNG = (
    "UPDATE timers SET ring_at = ?, rings = rings + 1 FROM ({due}) AS due WHERE timers.group_id = due.group_id "
    "AND timers.workflow = due.workflow AND timers.key = due.key "
    "RETURNING timers.group_id, timers.workflow, timers.key, timers.at, timers.ring, timers.rings"
)
CLAIM = _RUNG.format(due=_DUE)
CLAIM_SHARED = _RUNG.format(due=_DUE + " FOR UPDATE SKIP LOCKED")

STANDING = Lookup(
    (("gkey", "text"), ("workflow", "text"), ("key", "text"), ("at", "bigint"), ("ring", "text")),
    "SELECT g.key, t.workflow, t.key, t.at, t.member, t.data, t.ring FROM w CROSS JOIN groups g CROSS JOIN timers t "
    "WHERE g.key = w.gkey AND t.group_id = g.id AND t.workflow = w.workflow AND t.key = w.key "
    "AND t.at = w.at AND t.ring = w.ring ORDER BY w.n",
)
PUT_OFF = "UPDATE timers SET ring_at = ?, rings = 0 WHERE group_id = ? AND workflow = ? AND key = ? AND at = ?"
GROUP_KEYS = Lookup((("gid", "bigint"),), "SELECT w.n, g.key FROM w CROSS JOIN groups g WHERE g.id = w.gid")
GROUP_ID = "SELECT id FROM groups WHERE key = ?"


class Due(NamedTuple):
    """A timer that is rung for: which one, for which instant, and how many times that was done."""

    group: str
    workflow: str
    key: str
    at: datetime
    ring: str
    rings: int


class SqlClock:
    """The timers of a store. Every call is its own transaction; all may raise StoreBusy or StoreUnavailable."""

    def __init__(self, store: SqlStore) -> None:
        self._pool = store.pool

    def now(self) -> datetime:
        """The instant by which timers are due: the server's on PostgreSQL, `Pool.clock` for a file."""
        return now(self._pool)

    def next_ring(self) -> datetime | None:
        """When there is something to claim, as things stand; None if no timer is set. Takes no lock."""
        with self._pool.lent() as session:
            return rows.instant_or_none(session.ask(NEXT)[0][0])

    def claim_due(self, now: datetime, limit: int, again_after: timedelta) -> list[Due]:
        """At most `limit` timers to ring for now, oldest first; nobody else gets them before `again_after` has passed.

        Timers that another scheduler is just claiming are left to it.
        """
        claim = CLAIM_SHARED if self._pool.shared else CLAIM
        with self._pool.writing() as session:
            found = session.ask(claim, (rows.micros(now + again_after), rows.micros(now), limit))
            ids = sorted({row[0] for row in found})
            groups = {ids[n]: key for n, key in session.look_up(GROUP_KEYS, [(gid,) for gid in ids])}
            session.commit()
        claimed = [
            Due(groups[gid], workflow, key, rows.instant(at), ring, rings)
            for gid, workflow, key, at, ring, rings in found
        ]
        return sorted(claimed, key=lambda due: (due.at, due[:3]))

    def standing(self, timers: Sequence[Due]) -> list[TimerRow]:
        """Those of the timers that still stand as they were rung for, with all they hold."""
        wanted = [(rows.named(t.group), t.workflow, t.key, rows.micros(t.at), t.ring) for t in timers]
        with self._pool.lent() as session:
            return [timer(row) for row in session.look_up(STANDING, wanted)]

    def put_off(self, timers: Sequence[Due], until: datetime) -> None:
        """Ring for these no earlier than `until`, as if for the first time. They stay due."""
        with self._pool.writing() as session:
            for due in sorted(timers):
                found = session.ask(GROUP_ID, (rows.named(due.group),))
                for (gid,) in found:
                    at = rows.micros(due.at)
                    session.ask(PUT_OFF + " RETURNING at", (rows.micros(until), gid, due.workflow, due.key, at))
            session.commit()


def now(pool: Pool) -> datetime:
    """The instant that counts for all who use a database: the server's, or `Pool.clock` where it is a file."""
    if not pool.shared:
        return pool.clock()
    with pool.lent() as session:
        return rows.instant(session.ask(_NOW)[0][0])

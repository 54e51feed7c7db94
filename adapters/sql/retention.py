"""What goes when its time has come: in small pieces, found without a lock and deleted by key, so that no message waits.

Rows of the outbox and the audit lie in the order in which they came: a piece begins where the last one ended, and the
first row that is too young ends it.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from adapters.sql import rows
from adapters.sql.dialect import Row
from adapters.sql.pool import Pool
from adapters.sql.queries import Lookup, Remove
from core.effects import Edit, Effect, React, Say, TellAdmins
from core.people import Account, PersonId
from core.state import Slot

PIECE: Final = 500
"""Rows looked at, or gone, at once."""
_SETTLED: Final = "state IN ('done', 'unsure', 'dead', 'dropped')"
_OPEN: Final = frozenset(("waiting", "sending", "parked"))
_PASSED: Final = f"SELECT id FROM outbox WHERE id >= ? AND id < ? AND {_SETTLED} LIMIT ?"
_DROP_PASSED: Final = Remove("outbox", (("id", "text"),))

_SILENT: Final[dict[str, Effect]] = {
    "Say": Say(words=()),
    "Edit": Edit(message="", words=()),
    "TellAdmins": TellAdmins(words=()),
    "React": React(message="", emoji=""),
}
_SPOKEN: Final = {kind: rows.packed(effect) for kind, effect in _SILENT.items()}
_MESSAGES: Final = f"SELECT seq, at, state, kind, effect FROM outbox WHERE seq > ? ORDER BY seq LIMIT {PIECE}"
_HUSH: Final = Lookup(
    (("seq", "bigint"), ("effect", "text")),
    "UPDATE outbox SET effect = w.effect, asker = NULL FROM w "
    f"WHERE outbox.seq = w.seq AND outbox.{_SETTLED} RETURNING outbox.seq",
)
_DROP_MESSAGE: Final = Remove("outbox", (("seq", "bigint"),))
_NOTES: Final = f"SELECT seq, at FROM audit ORDER BY seq LIMIT {PIECE}"
_DROP_NOTE: Final = Remove("audit", (("seq", "bigint"),))

_DAYS: Final = f"SELECT day, group_id, person FROM activity WHERE day < ? LIMIT {PIECE}"
_DROP_DAY: Final = Remove("activity", (("day", "int"), ("group_id", "bigint"), ("person", "bigint")))
_DROP_SHARES: Final = "DELETE FROM shares WHERE day < ? RETURNING 1"
"""What single accounts of bound people did. There are few."""
_TOTALS: Final = "SELECT messages, active, check_ins, day, group_id FROM group_days WHERE day = ? AND group_id = ?"
_AS_BEFORE: Final = (
    "UPDATE group_days SET messages = ?, active = ?, check_ins = ? WHERE day = ? AND group_id = ? RETURNING 1"
)

_LETTERS: Final = f"SELECT seq FROM dead_letters WHERE at < ? LIMIT {PIECE}"
_DROP_LETTER: Final = Remove("dead_letters", (("seq", "bigint"),))
_TASKS: Final = (
    f"SELECT group_id, kind, key FROM tasks WHERE state IN ('done', 'dropped', 'dead') AND at < ? LIMIT {PIECE}"
)
_DROP_TASK: Final = Remove("tasks", (("group_id", "bigint"), ("kind", "text"), ("key", "text")))
_TALKS: Final = f"SELECT account FROM conversations WHERE at < ? LIMIT {PIECE}"
_DROP_TALK: Final = Remove("conversations", (("account", "text"),))
_STRANGERS: Final = f"SELECT platform, address FROM strangers WHERE at < ? LIMIT {PIECE}"
_DROP_STRANGER: Final = Remove("strangers", (("platform", "text"), ("address", "text")))

_GONE: Final = (
    "SELECT a.account FROM groups g CROSS JOIN memberships m CROSS JOIN accounts a "
    "WHERE m.group_id = g.id AND m.left_at < ? AND a.id = m.person AND NOT EXISTS ("
    "SELECT 1 FROM groups h CROSS JOIN memberships o WHERE o.group_id = h.id AND o.person = m.person "
    "AND (o.left_at IS NULL OR o.left_at >= ?)) LIMIT ?"
)

_SHARING: Final = (
    "SELECT g.key FROM groups g CROSS JOIN records r WHERE r.group_id = g.id AND r.slot = ? AND r.person = 0 ORDER BY 1"
)
_SHARED: Final = (
    "SELECT r.value FROM groups g CROSS JOIN records r "
    "WHERE g.key = ? AND r.group_id = g.id AND r.slot = ? AND r.person = 0"
)

_HELD: Final = "SELECT DISTINCT g.key, h.person FROM held h CROSS JOIN groups g WHERE g.id = h.group_id ORDER BY 1, 2"
_DROP_HELD: Final = tuple(
    f"DELETE FROM {table} WHERE group_id = (SELECT id FROM groups WHERE key = ?) AND person = ? RETURNING 1"
    for table in ("ledger", "balances", "records", "held")
)


class Piece(NamedTuple):
    """How many rows were changed, where the next piece begins, and whether there may be one. `kept` is the last row
    before the first that is not settled: the next round begins there."""

    rows: int
    after: int
    more: bool
    kept: int


class SqlRetention:
    """The clearing away of a store. Every call is its own transaction; all may raise StoreBusy or StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def drop_passing(self, prefix: str) -> int:
        """Delete the outbox rows that are settled and whose ids begin so, without a trace; how many there were."""
        first, end = rows.named(prefix), rows.named(prefix[:-1] + chr(ord(prefix[-1]) + 1))
        with self._pool.lent() as session:
            old = session.ask(_PASSED, (first, end, PIECE))
            if old:
                session.begin()
                with session.wiping():
                    session.write(_DROP_PASSED, sorted(old))
                session.commit()
                session.empty_log()
        return len(old)

    def hush(self, before: datetime, after: int = 0) -> Piece:
        """Messages that were settled and are older than an instant lose their words, pictures, files and whom they were
        for; from a row on."""
        found, piece = self._messages(before, after)
        loud = [
            (seq, _SPOKEN[kind])
            for seq, _, state, kind, effect in found
            if state not in _OPEN and kind in _SPOKEN and effect != _SPOKEN[kind]
        ]
        if loud:
            with self._pool.writing() as session:
                session.look_up(_HUSH, loud)
                session.commit()
        return piece._replace(rows=len(loud))

    def drop_messages(self, before: datetime, after: int = 0) -> Piece:
        """Delete messages that were settled and are older than an instant, from a row on."""
        found, piece = self._messages(before, after)
        old = [(seq,) for seq, _, state, *_ in found if state not in _OPEN]
        self._remove(_DROP_MESSAGE, old)
        return piece._replace(rows=len(old))

    def drop_decisions(self, before: datetime) -> int:
        """Delete decisions that are older than an instant."""
        with self._pool.lent() as session:
            old = [(seq,) for seq, at in session.ask(_NOTES) if at < rows.micros(before)]
        self._remove(_DROP_NOTE, old)
        return len(old)

    def drop_days(self, before: date) -> int:
        """Delete what each person did on days before one; what the groups did stays, as sums."""
        with self._pool.lent() as session:
            old = sorted(session.ask(_DAYS, (before.toordinal(),)))
            if old:
                session.begin()
                totals = [row for day in sorted({row[:2] for row in old}) for row in session.ask(_TOTALS, day)]
                session.write(_DROP_DAY, old)
                for total in totals:
                    session.ask(_AS_BEFORE, total)
                session.ask(_DROP_SHARES, (before.toordinal(),))
                session.commit()
        return len(old)

    def drop_letters(self, before: datetime) -> int:
        """Delete events that were set aside before an instant."""
        return self._drop(_LETTERS, (rows.micros(before),), _DROP_LETTER)

    def drop_tasks(self, before: datetime) -> int:
        """Delete tasks that are over and were asked for before an instant."""
        return self._drop(_TASKS, (rows.micros(before),), _DROP_TASK)

    def drop_talks(self, before: datetime) -> int:
        """Forget about which group somebody talked in private who has not begun since an instant, and who was told that
        this is no group of ours before it."""
        old = (rows.micros(before),)
        return self._drop(_TALKS, old, _DROP_TALK) + self._drop(_STRANGERS, old, _DROP_STRANGER)

    def shared(self, slot: Slot[Any]) -> Iterator[tuple[str, Any]]:
        """The record of a slot in each group that has one: the group's own. Each is read when its turn comes: they may
        be large. What cannot be read is left out."""
        name = rows.named(slot.name)
        with self._pool.lent() as session:
            groups = session.ask(_SHARING, (name,))
        for (group,) in groups:
            with self._pool.lent() as session:
                found = session.ask(_SHARED, (group, name))
            for (value,) in found:
                if slot.name in (record := rows.readable((slot,), (value,))):
                    yield group, record[slot.name]

    def held(self) -> Sequence[tuple[str, PersonId]]:
        """Where something is held against people who were forgotten: the group, and the person that stands for each."""
        with self._pool.lent() as session:
            return [(group, PersonId(person)) for group, person in session.ask(_HELD)]

    def drop_held(self, group: str, person: PersonId) -> None:
        """Hold nothing against somebody who was forgotten any more."""
        with self._pool.writing() as session:
            for text in _DROP_HELD:
                session.ask(text, (rows.named(group), person))
            session.commit()

    def gone(self, before: datetime, most: int) -> Sequence[Account]:
        """Accounts of people who left every group of theirs before an instant."""
        old = rows.micros(before)
        with self._pool.lent() as session:
            return list(dict.fromkeys(rows.account_of(row[0]) for row in session.ask(_GONE, (old, old, most))))

    def _messages(self, before: datetime, after: int) -> tuple[list[Row], Piece]:
        with self._pool.lent() as session:
            found = session.ask(_MESSAGES, (after,))
        old = [row for row in found if row[1] < rows.micros(before)]
        last = old[-1][0] if old else after
        kept = next((row[0] - 1 for row in old if row[2] in _OPEN), last)
        return old, Piece(0, last, len(old) == PIECE, kept)

    def _drop(self, text: str, parameters: Sequence[Any], statement: Remove) -> int:
        with self._pool.lent() as session:
            old = session.ask(text, tuple(parameters))
        self._remove(statement, sorted(old))
        return len(old)

    def _remove(self, statement: Remove, old: Sequence[Row]) -> None:
        if old:
            with self._pool.writing() as session:
                session.write(statement, old)
                session.commit()

"""The directory on SQL: conversations, strangers and codes."""

# ruff: noqa: S608 (only marks are put together; every value is a parameter)

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from adapters.sql import rows
from adapters.sql.dialect import Session
from adapters.sql.pool import Pool
from adapters.sql.queries import Insert, marks
from adapters.sql.saving import set_address
from adapters.sql.unit import SqlUnit
from core.directory import CODE_BITS, Binding, Written, hashed, spelled, unwritten, written_on
from core.people import Account

ACTIVE_DAYS: Final = 30
"""How far back it is looked where somebody was active last."""
KEPT: Final = timedelta(days=30)
"""How long a code that is no longer good is remembered, so that its sender hears why."""

_REMEMBER = Insert(
    "conversations",
    (("account", "text"), ("group_id", "bigint"), ("at", "bigint")),
    "ON CONFLICT (account) DO UPDATE SET group_id = excluded.group_id, at = excluded.at "
    "WHERE excluded.at >= conversations.at",
)
_FIRST = "INSERT INTO strangers (platform, address, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1"
_TALK = "SELECT g.key, c.at FROM conversations c CROSS JOIN groups g WHERE c.account = ? AND g.id = c.group_id"
_SEATS = (
    "SELECT g.key, g.id, m.person, m.left_at FROM accounts a CROSS JOIN groups g CROSS JOIN memberships m "
    "WHERE a.account = ? AND m.group_id = g.id AND m.person = a.person AND m.seen IS NOT NULL"
)
_TODAY = "SELECT max(day) FROM activity"
_MAKE = Insert("bind_codes", (("hash", "text"), ("group_id", "bigint"), ("expires", "bigint")))
_SWEEP = "DELETE FROM bind_codes WHERE expires < ? RETURNING 1"
_SPEND = (
    "UPDATE bind_codes SET used_at = ?, platform = ?, address = ? "
    "WHERE hash = ? AND used_at IS NULL AND expires > ? RETURNING group_id"
)
_CODE = (
    "SELECT g.key, c.used_at, c.platform, c.address FROM bind_codes c CROSS JOIN groups g "
    "WHERE c.hash = ? AND g.id = c.group_id"
)
_KEY = "SELECT key FROM groups WHERE id = ?"
_LIVES = (
    "SELECT g.key FROM addresses a CROSS JOIN groups g WHERE a.platform = ? AND a.address = ? AND g.id = a.group_id"
)


class SqlDirectory:
    """Implements `core.directory.Directory`. `written`: see `Written`."""

    def __init__(self, pool: Pool, written: Written = unwritten) -> None:
        self._pool = pool
        self._written = written

    def group_meant(self, account: Account, among: Collection[str]) -> str | None:
        """See `Directory.group_meant`."""
        with self._pool.lent() as session:
            seats = {
                key: (gid, person, left)
                for key, gid, person, left in session.ask(_SEATS, (rows.kept(account),))
                if key in among
            }
            for key, at in session.ask(_TALK, (rows.kept(account),)):
                left = seats[key][2] if key in seats else None
                if key in among and (left is None or left < at):
                    return str(key)
            mine = sorted(key for key, (_, _, left) in seats.items() if left is None)
            if len(mine) < 2:
                return mine[0] if mine else None
            last = _last_day(session, {seats[key][0]: key for key in mine}, seats[mine[0]][1])
            return last or mine[0]

    def group_left(self, account: Account, among: Collection[str]) -> str | None:
        """See `Directory.group_left`."""
        with self._pool.lent() as session:
            seats = session.ask(_SEATS, (rows.kept(account),))
            return max(((left, key) for key, _, _, left in seats if left is not None and key in among), default=_NONE)[
                1
            ]

    def member(self, account: Account, group: str) -> bool:
        """See `Directory.member`."""
        with self._pool.lent() as session:
            return any(key == group and left is None for key, _, _, left in session.ask(_SEATS, (rows.kept(account),)))

    def remember(self, talks: Sequence[tuple[Account, str]], at: datetime) -> None:
        """See `Directory.remember`."""
        newest = dict(talks)
        if not newest:
            return
        with self._pool.writing() as session:
            ids = SqlUnit(session, {}).make_groups(newest.values())
            written = sorted((rows.kept(account), ids[group], rows.micros(at)) for account, group in newest.items())
            session.write(_REMEMBER, written)
            session.commit()

    def first_contact(self, platform: str, address: str, at: datetime) -> bool:
        """See `Directory.first_contact`."""
        with self._pool.writing() as session:
            new = session.ask(_FIRST, (rows.named(platform), rows.named(address), rows.micros(at)))
            session.commit()
        return bool(new)

    def make_code(self, group: str, at: datetime, expires: datetime) -> str:
        """See `Directory.make_code`."""
        code = spelled(secrets.randbits(CODE_BITS))
        with self._pool.writing() as session:
            gid = SqlUnit(session, {}).make_groups((group,))[group]
            session.ask(_SWEEP, (rows.micros(at - KEPT),))
            session.write(_MAKE, [(hashed(code), gid, rows.micros(expires))])
            session.commit()
        return code

    def spend_code(
        self, code: str, platform: str, address: str, at: datetime, among: Collection[str] | None = None
    ) -> Binding:
        """See `Directory.spend_code`."""
        now, here = rows.micros(at), (rows.named(platform), rows.named(address))
        with self._pool.writing() as session:
            spent = session.ask(_SPEND, (now, *here, hashed(code), now))
            if spent:
                group = str(session.ask(_KEY, spent[0])[0][0])
                if among is not None and group not in among:
                    return Binding("elsewhere")  # not committed
                unit, written = SqlUnit(session, {}), self._written(group, platform)
                set_address(unit, group, platform, address)
                if written is not None:
                    set_address(unit, group, written_on(platform), written)
                session.commit()
                return Binding("bound", group)
            for group, used, *where in session.ask(_CODE, (hashed(code),)):
                if used is None:
                    return Binding("expired")
                again = tuple(where) == here and session.ask(_LIVES, here) == [(group,)]
                return Binding("bound", group) if again else Binding("used")
        return Binding("unknown")


_NONE: Final = (0, None)


def _last_day(session: Session, groups: dict[int, str], person: int) -> str | None:
    """The group where somebody was active last: one look-up for each of the last days of the books and each group."""
    today = session.ask(_TODAY)[0][0]
    if today is None:
        return None
    days = range(today, today - ACTIVE_DAYS, -1)
    found = session.ask(
        f"SELECT day, group_id FROM activity WHERE day IN ({marks(days)}) AND group_id IN ({marks(groups)}) "
        "AND person = ?",
        (*days, *groups, person),
    )
    last = max((day for day, _ in found), default=None)
    return min((groups[gid] for day, gid in found if day == last), default=None)

"""Everything about one person, read from the tables. Nothing is locked: a dossier is of the moments of its reading."""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from adapters.sql import rows
from adapters.sql.dialect import Session
from adapters.sql.persons import GROUPS, known
from adapters.sql.pool import Pool
from adapters.sql.queries import KNOWN_DAYS, REACHED
from adapters.sql.rows import ENTRY, SEAT
from adapters.sql.searching import KNOWN_SLOTS, holding
from adapters.sql.unit import timer
from core.dossier import Chapter, Dossier, Known, Marks, Told, marked, unmarked
from core.effects import Say
from core.people import NOBODY, Account, PersonId
from core.ports import AuditRow, TaskRow, TimerRow
from core.state import HOUSE, Day
from core.traces import Traces

_ALL = "SELECT account FROM accounts"
_SINCE = (
    "SELECT min(coalesce(m.first_joined, m.joined, m.seen)) FROM accounts a CROSS JOIN memberships m "
    "WHERE a.account = ? AND m.person = a.person"
)
_SEAT = (
    f"SELECT {SEAT} FROM memberships m CROSS JOIN accounts a "
    "WHERE m.group_id = ? AND m.person = ? AND a.account = ? AND a.person = m.person"
)
_FACTS = f"SELECT {ENTRY} FROM ledger l WHERE l.group_id = ? AND l.person = ? ORDER BY l.at, l.key"
_CAUSED = "SELECT count(*) FROM ledger WHERE group_id = ? AND by_person = ? AND by_person IS NOT NULL"
_DAYS = (
    "SELECT d.day, d.messages, d.replies_given, d.replies_received, d.reactions_given, d.reactions_received, "
    f"d.check_ins FROM ({KNOWN_DAYS.format(since=0)}) k CROSS JOIN activity d "
    "WHERE d.day = k.day AND d.group_id = ? AND d.person = ? ORDER BY d.day"
)
_RECORDS = (
    f"{KNOWN_SLOTS}SELECT r.slot, r.value FROM known CROSS JOIN records r "
    "WHERE known.slot IS NOT NULL AND r.group_id = ? AND r.slot = known.slot AND r.person = ? ORDER BY r.slot"
)
_HOUSE = "SELECT id FROM groups WHERE key = ?"
_TIMERS = (
    "SELECT g.key, t.workflow, t.key, t.at, t.member, t.data, t.ring FROM timers t CROSS JOIN groups g "
    "WHERE t.group_id = ? AND g.id = t.group_id ORDER BY t.at, t.workflow, t.key"
)
_TASKS = "SELECT kind, key, at, expires, data FROM tasks WHERE group_id = ? ORDER BY kind, key"
_AUDIT = (
    "SELECT at, event, workflow, rule, mode, done, because FROM audit WHERE group_id = ? AND person = ? ORDER BY seq"
)
_SAID = "SELECT at, kind, effect, state FROM outbox WHERE group_id = ? AND kind = 'Say' AND {about} ORDER BY seq"
_AGAINST = (
    "SELECT 1 FROM outbox WHERE group_id = ? AND kind IN ('Ban', 'Mute', 'Remove') "
    "AND state IN ('waiting', 'sending', 'parked') AND {about} LIMIT 1"
)
_TALKS = "SELECT g.key, c.at FROM conversations c CROSS JOIN groups g WHERE c.account = ? AND g.id = c.group_id"


class SqlDossiers:
    """Implements `core.dossier.Dossiers`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def known(self, account: Account) -> Known | None:
        """See `Dossiers.known`."""
        with self._pool.lent() as session:
            return known(session, account)

    def accounts(self) -> Iterator[Account]:
        """Every account that the store knows."""
        with self._pool.lent() as session:
            for (stored,) in session.stream(_ALL, ()):
                yield rows.account_of(stored)

    def since(self, account: Account) -> datetime | None:
        """Since when the person behind an account is known in any group; None if they are in none. What is held
        against them may be older."""
        with self._pool.lent() as session:
            return rows.instant_or_none(session.ask(_SINCE, (rows.kept(account),))[0][0])

    def reached(self, name: str) -> int:
        """See `core.forgetting.Forgetting.reached`; nothing is raised."""
        with self._pool.lent() as session:
            return next((int(at) for (at,) in session.ask(REACHED, (rows.named(name),))), 0)

    def dossier(self, account: Account, marks: Marks = unmarked) -> Dossier | None:
        """See `Dossiers.dossier`."""
        with self._pool.lent() as session:
            who = known(session, account)
            if who is None:
                return None
            talks = [row for each in who.accounts for row in session.ask(_TALKS, (rows.kept(each.account),))]
            latest = max(talks, key=lambda row: row[1], default=None)
            ids: dict[str, int] = dict(session.ask(GROUPS, (who.person,)))
            return Dossier(
                known=who,
                talks=None if latest is None else (latest[0], rows.instant(latest[1])),
                chapters=tuple(self._chapter(session, who, group, ids[group], marks) for group in who.groups),
                house=next((_shared(session, who, HOUSE, gid, marks) for (gid,) in session.ask(_HOUSE, (HOUSE,))), {}),
            )

    def acted_on(self, account: Account) -> bool:
        """Whether a ban, a mute or a removal of the person is on its way."""
        with self._pool.lent() as session:
            who = known(session, account)
            if who is None:
                return False
            ids: dict[str, int] = dict(session.ask(GROUPS, (who.person,)))
            about, needles = holding(("effect",), [each.account for each in who.accounts], like=session.like)
            return any(session.ask(_AGAINST.format(about=about), (gid, *needles)) for gid in ids.values())

    def _chapter(self, session: Session, who: Known, group: str, gid: int, marks: Marks) -> Chapter:
        place, traces = (gid, who.person), Traces(each.account for each in who.accounts)
        seats = session.ask(_SEAT, (*place, rows.kept(who.accounts[0].account)))
        days = session.ask(_DAYS, place)
        return Chapter(
            group=group,
            seat=rows.seat(seats[0]) if seats else None,
            facts=[rows.entry(row) for row in session.ask(_FACTS, place)],
            caused=int(session.ask(_CAUSED, place)[0][0]),
            days=[Day(date.fromordinal(day), *counters) for day, *counters in days],
            records={
                slot: rows.unpacked(value, Any) for slot, value in session.ask(_RECORDS, (gid, gid, gid, who.person))
            },
            timers=list(_timers(session, gid, traces)),
            tasks=list(_tasks(session, group, gid, traces)),
            audit=[_note(row, group, who.person) for row in session.ask(_AUDIT, place)],
            said=list(self._said(session, gid, traces)),
            shared=_shared(session, who, group, gid, marks),
        )

    def _said(self, session: Session, gid: int, traces: Traces) -> Iterator[Told]:
        about, parameters = holding(("effect",), traces.accounts, like=session.like)
        for at, kind, written, state in session.ask(_SAID.format(about=about), (gid, *parameters)):
            effect = rows.effect(kind, written)
            if isinstance(effect, Say) and effect.to in traces.accounts:
                yield Told(rows.instant(at), effect.words, state)


def _shared(session: Session, who: Known, group: str, gid: int, marks: Marks) -> dict[str, Any]:
    """What the records that are nobody's tell of somebody."""
    traces = marked(who, group, marks)
    found = [
        (slot, traces.part_of(rows.unpacked(value, Any)))
        for slot, value in session.ask(_RECORDS, (gid, gid, gid, NOBODY))
    ]
    return {slot: part for slot, part in found if part is not None}


def _timers(session: Session, gid: int, traces: Traces) -> Iterator[TimerRow]:
    for row in session.ask(_TIMERS, (gid,)):
        _, _, key, _, member, data, _ = row
        if member in traces.accounts or traces.means(key) or traces.means(data or ""):
            yield timer(row)


def _tasks(session: Session, group: str, gid: int, traces: Traces) -> Iterator[TaskRow]:
    for kind, key, at, expires, data in session.ask(_TASKS, (gid,)):
        if traces.means(key) or traces.means(data or ""):
            held = rows.unpacked(data, dict[str, Any]) if data else {}
            yield TaskRow(group, kind, key, rows.instant(at), rows.instant_or_none(expires), held)


def _note(row: tuple[Any, ...], group: str, person: PersonId) -> AuditRow:
    at, event, workflow, rule, mode, done, because = row
    words = tuple[str, ...]
    then, why = rows.unpacked(done, words), rows.unpacked(because, words)
    return AuditRow(rows.instant(at), group, event, workflow, rule, person, mode, then, why)

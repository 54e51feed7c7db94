"""Accounts given to persons and taken again: whose facts, sums, days and seats are whose, in all groups at once.

This is rare and reaches far, so it goes person by person in plain statements; each finds its rows by the beginning of a
key, however much the tables hold.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from adapters.sql import rows
from adapters.sql.census import SqlCensus
from adapters.sql.queries import COUNTERS, KNOWN_DAYS
from adapters.sql.searching import KNOWN_SLOTS
from core.people import Account, PersonId
from core.ports import Newcomer, Tie, sides_of
from core.state import Bond

if TYPE_CHECKING:
    from adapters.sql.dialect import Session

_PERSON: Final = "SELECT person, own FROM accounts WHERE account = ?"
_TIES: Final = (
    "SELECT b.person, b.id, b.one, b.other, b.gone, b.at, x.account, y.account FROM bonds b "
    "CROSS JOIN accounts x CROSS JOIN accounts y WHERE b.person = ? AND x.id = b.one AND y.id = b.other ORDER BY b.id"
)
_NEXT_BOND: Final = "SELECT coalesce(max(id), 0) + 1 FROM bonds"
_TIE: Final = (
    "INSERT INTO bonds (id, person, one, other, gone, at) SELECT ?, person, ?, ?, ?, ? FROM accounts WHERE id = ?"
)
_WHEREABOUTS: Final = (
    "SELECT g.id, g.key FROM groups g CROSS JOIN memberships m WHERE m.group_id = g.id AND m.person = ?"
)
_RECORDS: Final = (
    "FROM records WHERE slot IN (SELECT slot FROM known WHERE slot IS NOT NULL) AND group_id = ? AND person = ?"
)
"""After `KNOWN_SLOTS`."""
_ACCOUNTS: Final = (
    "SELECT id, own FROM accounts WHERE id = ? UNION ALL SELECT id, own FROM accounts WHERE person = ? AND person <> id"
)
_OF_PERSON: Final = "WHERE group_id = ? AND person = ?"
_BY_PERSON: Final = "WHERE group_id = ? AND by_person = ?"
_DAYS: Final = f"FROM activity WHERE day IN ({KNOWN_DAYS.format(since=0)}) AND group_id = ? AND person = ?"
_COUNTERS: Final = ", ".join(COUNTERS)
_SUMS: Final = ", ".join(f"sum({counter})" for counter in COUNTERS)


class SqlPeople(SqlCensus):
    """The part of a `SqlUnit` that says who is who."""

    __slots__ = ()

    def rebind(self, was: Account, now: Newcomer) -> bool:
        """See `UnitOfWork.rebind`."""
        found = self.session.ask(_PERSON, (rows.kept(was),))
        if not found or self.session.ask(_PERSON, (rows.kept(now.account),)):
            return False
        return self._add([(now, *found[0])]) == 1

    def ties(self, persons: Sequence[PersonId]) -> Mapping[PersonId, Sequence[Tie]]:
        """See `UnitOfWork.ties`."""
        found: dict[PersonId, list[Tie]] = {}
        for asked in persons:
            for person, id_, one, other, gone, at, first, second in self.session.ask(_TIES, (asked,)):
                accounts = {one: rows.account_of(first), other: rows.account_of(second)}
                bond = Bond(id_, accounts[one], accounts[other], rows.instant(at), accounts.get(gone))
                found.setdefault(person, []).append(Tie(id_, one, other, gone, bond))
        return found

    def tie(self, one: PersonId, other: PersonId, at: datetime, gone: PersonId | None) -> int:
        """See `UnitOfWork.tie`."""
        id_ = int(self.session.ask(_NEXT_BOND)[0][0])
        self._do(_TIE, id_, one, other, gone, rows.micros(at), one)
        return id_

    def untie(self, bond: int) -> None:
        """See `UnitOfWork.untie`."""
        self._do("DELETE FROM bonds WHERE id = ?", bond)

    def whereabouts(self, persons: Sequence[PersonId]) -> Sequence[str]:
        """See `UnitOfWork.whereabouts`."""
        return sorted({key for person in persons for _, key in self.session.ask(_WHEREABOUTS, (person,))})

    def every_slot(self, group: str, person: PersonId) -> Mapping[str, object]:
        """See `UnitOfWork.every_slot`."""
        gid = self._id_of(group)
        found = self.session.ask(f"{KNOWN_SLOTS}SELECT slot, value {_RECORDS}", (gid, gid, gid, person))
        return {slot: rows.unpacked(value, object) for slot, value in found}

    def regroup(self, persons: Mapping[PersonId, PersonId]) -> None:
        """See `UnitOfWork.regroup`."""
        were = {own: self.session.ask("SELECT person FROM accounts WHERE id = ?", (own,))[0][0] for own in persons}
        apart = {person for person in were.values() if list(were.values()).count(person) == 1}
        sizes = Counter(persons.values())
        alone = {own for own, person in persons.items() if sizes[person] == 1}
        groups = {gid for person in were.values() for gid, _ in self.session.ask(_WHEREABOUTS, (person,))}
        for gid in sorted(groups):
            for person in sorted(set(were.values())):
                self._take_away(gid, person, shared=person not in apart)
            for own in sorted(persons):
                if were[own] != persons[own]:
                    self._move_facts(gid, own, were[own], persons[own])
            for own in sorted(alone):
                self._unmark(gid, own)
            for person in sorted(sizes):
                self._sum_up(gid, person, [own for own in persons if persons[own] == person])
            for own in sorted(alone):
                self._do("DELETE FROM shares WHERE own = ? AND group_id = ?", own, gid)
        for person in sorted(set(were.values())):
            for id_, own in self.session.ask(_ACCOUNTS, (person, person)):
                now = own if own is not None else person
                self._do(
                    "UPDATE accounts SET person = ?, own = ? WHERE id = ?",
                    persons[now],
                    None if now in alone else now,
                    id_,
                )
            for id_, one in self.session.ask("SELECT id, one FROM bonds WHERE person = ?", (person,)):
                self._do("UPDATE bonds SET person = ? WHERE id = ?", persons[one], id_)

    def _take_away(self, gid: int, person: PersonId, *, shared: bool) -> None:
        """Mark whose each fact and day is, and clear what is made anew."""
        self._do(f"DELETE FROM ledger {_OF_PERSON} AND own = 0", gid, person)
        self._do(f"UPDATE ledger SET own = person {_OF_PERSON} AND own IS NULL", gid, person)
        self._do(f"UPDATE ledger SET by_own = by_person {_BY_PERSON} AND by_own IS NULL", gid, person)
        if not shared:
            columns = f"group_id, day, {_COUNTERS}"
            self._do(f"INSERT INTO shares (own, {columns}) SELECT person, {columns} {_DAYS}", gid, person)
        self._do(f"DELETE {_DAYS}", gid, person)
        self._do(f"DELETE FROM memberships {_OF_PERSON}", gid, person)
        self._do(f"DELETE FROM balances {_OF_PERSON}", gid, person)
        self._do(f"{KNOWN_SLOTS}DELETE {_RECORDS}", gid, gid, gid, person)

    def _move_facts(self, gid: int, own: PersonId, was: PersonId, now: PersonId) -> None:
        self._do(
            f"UPDATE ledger SET key = key || ? {_OF_PERSON} AND own = ? AND EXISTS (SELECT 1 FROM ledger o "
            "WHERE o.group_id = ledger.group_id AND o.person = ? AND o.kind = ledger.kind AND o.key = ledger.key)",
            f"={own}",
            gid,
            was,
            own,
            now,
        )
        self._do(f"UPDATE ledger SET person = ? {_OF_PERSON} AND own = ?", now, gid, was, own)
        self._do(f"UPDATE ledger SET by_person = ? {_BY_PERSON} AND by_own = ?", now, gid, was, own)

    def _unmark(self, gid: int, own: PersonId) -> None:
        """Whoever is alone has no need to say which facts are theirs."""
        mark = f"={own}"
        self._do(
            f"UPDATE ledger SET key = substr(key, 1, length(key) - ?) {_OF_PERSON} AND key LIKE ?",
            len(mark),
            gid,
            own,
            f"%{mark}",
        )
        self._do(f"UPDATE ledger SET own = NULL {_OF_PERSON}", gid, own)
        self._do(f"UPDATE ledger SET by_own = NULL {_BY_PERSON}", gid, own)

    def _sum_up(self, gid: int, person: PersonId, owns: Sequence[PersonId]) -> None:
        self._do(
            "INSERT INTO balances (group_id, person, kind, amount, facts, reached) "
            f"SELECT group_id, person, kind, CAST(sum(amount) AS BIGINT), count(*), max(at) FROM ledger {_OF_PERSON} "
            "GROUP BY group_id, person, kind",
            gid,
            person,
        )
        marks = ", ".join("?" * len(owns))
        self._do(
            f"INSERT INTO activity (day, group_id, person, {_COUNTERS}) "
            f"SELECT day, group_id, CAST(? AS BIGINT), {_SUMS} FROM shares "
            f"WHERE own IN ({marks}) AND group_id = ? GROUP BY day, group_id",
            person,
            *owns,
            gid,
        )

    def _do(self, text: str, *parameters: Any) -> None:
        self.session.ask(f"{text} RETURNING 1", parameters)


def untie_all(session: Session, person: PersonId) -> None:
    """Take away what binds a person's accounts, what each did, and what each had before. The person is to go."""
    groups = session.ask(_WHEREABOUTS, (person,))
    for (bond,) in session.ask("DELETE FROM bonds WHERE person = ? RETURNING id", (person,)):
        for side in sides_of(bond):
            for gid, _ in groups:
                session.ask(f"{KNOWN_SLOTS}DELETE {_RECORDS} RETURNING 1", (gid, gid, gid, side))
    for id_, own in session.ask(_ACCOUNTS, (person, person)):
        if own is not None:
            session.ask("DELETE FROM shares WHERE own = ? RETURNING 1", (id_,))

"""What facts and records add up to, summed up by the database: one statement for each question."""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from adapters.sql import rows
from adapters.sql.dialect import Row
from adapters.sql.pool import Pool
from adapters.sql.queries import RECORDS, marks
from adapters.sql.turnout import group_id, group_ids, joins, staff_of, within
from core.reckoning import FULL, OFTEN, SOON, Began, Facts, Gained, Since
from core.state import Slot
from core.turnout import Asked, Days

T = TypeVar("T")

_COHORT: Final = (
    "WITH w (n, first, begins, ends, until) AS (VALUES {w}), "
    f"j (gid, person, at) AS (SELECT m.group_id, m.person, m.first_joined {joins('first_joined')}), "
    "c (n, first, until, gid, person) AS (SELECT w.n, w.first, w.until, j.gid, j.person FROM j CROSS JOIN w "
    "WHERE j.at >= w.begins AND j.at < w.ends)"
)
"""Who joined for the first time on each of the days."""
_FACTS: Final = (
    "SELECT l.kind, l.rule, l.amount, CASE WHEN l.at < ? THEN 1 ELSE 0 END AS before, count(*) FROM ledger l "
    "WHERE l.group_id IN ({groups}) AND l.kind IN ({kinds}) AND l.at >= ? AND l.at < ? "
    "AND l.person NOT IN (SELECT id FROM accounts WHERE kind <> 0) GROUP BY 1, 2, 3, 4"
)
_CHECKED_IN: Final = (
    "SELECT CASE WHEN about < ? THEN 1 ELSE 0 END AS before, count(*) FROM (SELECT DISTINCT person, about FROM ("
    "SELECT l.person AS person, l.kind AS kind, l.about AS about FROM ledger l WHERE l.group_id IN ({groups}) "
    "AND l.kind IN ({kinds}) AND l.at >= ? AND l.about >= ? AND l.about <= ? AND l.person NOT IN ({staff}) "
    "AND l.person IN (SELECT id FROM accounts WHERE kind = 0) "
    "GROUP BY l.person, l.group_id, l.kind, l.about HAVING sum(l.amount) > 0) k) d GROUP BY 1"
)
_BEGAN: Final = (
    f"{_COHORT} SELECT n, sum(soon), sum(CASE WHEN days >= {OFTEN} THEN 1 ELSE 0 END) FROM ("
    f"SELECT n, person, max(CASE WHEN about < first + {SOON} THEN 1 ELSE 0 END) AS soon, count(DISTINCT about) AS days "
    "FROM (SELECT c.n AS n, c.person AS person, c.first AS first, l.about AS about FROM c CROSS JOIN ledger l "
    "WHERE l.group_id = c.gid AND l.person = c.person AND l.kind IN ({kinds}) "
    f"AND l.about >= c.first AND l.about < c.first + {FULL} "
    "GROUP BY c.n, c.person, c.first, l.kind, l.about HAVING sum(l.amount) > 0) k GROUP BY n, person) d GROUP BY n"
)
_GAINED: Final = (
    f"{_COHORT} SELECT n, kind, sum(CASE WHEN amount > 0 THEN 1 ELSE 0 END), sum(amount) FROM ("
    "SELECT n, kind, CASE WHEN early < held THEN early ELSE held END AS amount FROM ("
    "SELECT c.n AS n, l.kind AS kind, l.person AS person, sum(l.amount) AS held, "
    "sum(CASE WHEN l.at < c.until THEN l.amount ELSE 0 END) AS early FROM c CROSS JOIN ledger l "
    "WHERE l.group_id = c.gid AND l.person = c.person AND l.kind IN ({kinds}) AND +l.at < ? "
    "GROUP BY c.n, c.until, l.kind, l.person HAVING min(l.at) < c.until) e) s GROUP BY n, kind"
)
_RECORDS: Final = (
    f"{_COHORT} SELECT c.n, r.value FROM c CROSS JOIN records r "
    "WHERE r.group_id = c.gid AND r.slot = ? AND r.person = c.person ORDER BY c.n, c.person"
)


class SqlReckoning:
    """Implements `core.reckoning.Reckoning`. Calls see one moment each; all may raise StoreBusy or StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def facts(self, asked: Asked, kinds: Collection[str]) -> Sequence[Facts]:
        """See `Reckoning.facts`."""
        if not kinds:
            return []
        begins, ends = rows.micros(asked.now.begins), rows.micros(asked.now.ends)
        with self._pool.lent() as session:
            groups = group_ids(session, asked)
            values = (begins, *groups, *_named(kinds), rows.micros(asked.before.begins), ends)
            found = session.ask(_FACTS.format(groups=marks(groups), kinds=marks(kinds)), values)
        return [Facts(kind, rule, amount, bool(before), count) for kind, rule, amount, before, count in found]

    def checked_in(self, asked: Asked, kinds: Collection[str]) -> tuple[int, int]:
        """See `Reckoning.checked_in`."""
        if not kinds:
            return 0, 0
        first, last = asked.before.first.toordinal(), asked.now.last.toordinal()
        with self._pool.lent() as session:
            staff, groups = staff_of(session, asked), group_ids(session, asked)
            values = (
                *(asked.now.first.toordinal(), *groups),
                *(*_named(kinds), rows.micros(asked.before.begins), first, last, *staff),
            )
            found: dict[int, int] = dict(
                session.ask(_CHECKED_IN.format(groups=marks(groups), kinds=marks(kinds), staff=marks(staff)), values)
            )
        return found.get(0, 0), found.get(1, 0)

    def began(self, asked: Asked, days: Sequence[Days], kinds: Collection[str]) -> Sequence[Began]:
        """See `Reckoning.began`."""
        if not kinds:
            return [Began()] * len(days)
        since = [Since(day, asked.now.ends) for day in days]
        told = {n: Began(int(soon), int(often)) for n, soon, often in self._of_cohorts(_BEGAN, asked, since, kinds)}
        return [told.get(n, Began()) for n in range(len(days))]

    def gained(self, asked: Asked, days: Sequence[Since], kinds: Collection[str]) -> Sequence[Mapping[str, Gained]]:
        """See `Reckoning.gained`."""
        told: list[dict[str, Gained]] = [{} for _ in days]
        stored = {rows.named(kind): kind for kind in kinds}
        ends = rows.micros(asked.now.ends)
        for n, kind, people, total in self._of_cohorts(_GAINED, asked, days, kinds, ends) if kinds else ():
            told[n][stored[kind]] = Gained(int(people), int(total))
        return told

    def records(self, asked: Asked, days: Sequence[Days], slot: Slot[T]) -> Sequence[Sequence[T]]:
        """See `Reckoning.records`."""
        told: list[list[T]] = [[] for _ in days]
        since = [Since(day, asked.now.ends) for day in days]
        for n, value in self._of_cohorts(_RECORDS, asked, since, (slot.name,)):
            told[n].append(rows.unpacked(value, slot.type))
        return told

    def record(self, group: str, slot: Slot[T]) -> T | None:
        """See `Reckoning.record`."""
        with self._pool.lent() as session:
            found = session.look_up(RECORDS, [(group_id(session, group), rows.named(slot.name), 0)])
        return rows.unpacked(found[0][1], slot.type) if found else None

    def _of_cohorts(
        self, text: str, asked: Asked, days: Sequence[Since], names: Collection[str], *more: int
    ) -> list[Row]:
        if not days:
            return []
        wanted = [
            (n, day.first.toordinal(), rows.micros(day.begins), rows.micros(day.ends), rows.micros(until))
            for n, (day, until) in enumerate(days)
        ]
        with self._pool.lent() as session:
            staff = staff_of(session, asked)
            shape = {"w": ", ".join(["(?, ?, ?, ?, ?)"] * len(wanted)), "staff": marks(staff), "kinds": marks(names)}
            values = (value for row in wanted for value in row)
            joined = (group_id(session, asked.group), *within([day for day, _ in days]), *staff)
            return session.ask(text.format(**shape), (*values, *joined, *_named(names), *more))


def _named(kinds: Iterable[str]) -> Row:
    return tuple(map(rows.named, kinds))

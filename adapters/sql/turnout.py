"""How a group is doing, summed up by the database: one statement for each question, however many people there are.

Every statement begins with the asked-for days as a row `p`, and the days from the first to the last of them as `span`:
activity lies by day, so a group's days are one look-up each.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final, Literal

from adapters.sql import rows
from adapters.sql.dialect import Row, Session
from adapters.sql.pool import Pool
from adapters.sql.queries import GROUP_IDS, KNOWN_DAYS, PERSONS, marks
from core.parts import ENTRY
from core.turnout import MONTH, REMAINS, RETURNS, STARTS, WEEK, Asked, Cohort, Daily, Days, Habit, Heads, Wrote

_ACTIVE: Final = "d.messages + d.reactions_given + d.check_ins > 0"
_P: Final = (
    "p (gid, earliest, first, last, begins, ends, first_before, last_before, begins_before, ends_before) "
    "AS (SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_SPAN: Final = (
    "span (day) AS (SELECT {first} FROM p UNION ALL SELECT day + 1 FROM span WHERE day < (SELECT last FROM p))"
)
_STAFF: Final = "CASE WHEN {person} IN ({staff}) THEN 1 ELSE 0 END"


def _here(before: str = "") -> str:
    return f"CASE WHEN m.seen < p.ends{before} AND (m.left_at IS NULL OR m.left_at >= p.ends{before}) THEN 1 ELSE 0 END"


def _on(first: str, last: str) -> str:
    return f"CASE WHEN d.day >= {first} AND d.day <= {last} THEN 1 ELSE 0 END"


def _lately(last: str, days: int) -> str:
    return _on(f"p.{last} - {days - 1}", f"p.{last}")


_GROUPS: Final = "g (gid) AS (VALUES {groups})"
_TOGETHER: Final = (
    "a (day, person, messages) AS (SELECT d.day, d.person, sum(d.messages) FROM span k CROSS JOIN g "
    f"CROSS JOIN activity d WHERE d.day = k.day AND d.group_id = g.gid AND {_ACTIVE} GROUP BY d.day, d.person)"
)
"""What everybody did on each day in all of the groups."""
_FIRST: Final = (
    f"CASE WHEN min(m.first_joined) - min(m.seen) <= {ENTRY // timedelta(microseconds=1)} THEN min(m.first_joined) END"
)
"""When somebody first joined any of the groups, where they were seen in none long before."""
_ANYWHERE: Final = (
    f"m (person, first_joined, here, here_before) AS (SELECT m.person, {_FIRST}, max({_here()}), "
    f"max({_here('_before')}) FROM p CROSS JOIN g CROSS JOIN memberships m WHERE m.group_id = g.gid GROUP BY m.person)"
)
"""Where everybody stands who was seen in any of the groups."""
_SINCE: Final = (
    f"SELECT min(k.day) FROM ({KNOWN_DAYS.format(since=0)}) k WHERE EXISTS "
    f"(SELECT 1 FROM activity d WHERE d.day = k.day AND d.group_id IN ({{groups}}) AND {_ACTIVE})"
)
_HEADS: Final = (
    f"WITH {_P} SELECT sum(here), sum(here * staff), sum(here_before), sum(here_before * staff) FROM ("
    f"SELECT {_here()} AS here, {_here('_before')} AS here_before, {_STAFF.format(person='m.person', staff='{staff}')} "
    "AS staff FROM p CROSS JOIN memberships m CROSS JOIN accounts a "
    "WHERE m.group_id = p.gid AND a.id = m.person AND a.kind = 0) s"
)
_HEADS_TOGETHER: Final = (
    f"WITH {_P}, {_GROUPS}, {_ANYWHERE} "
    "SELECT sum(here), sum(here * staff), sum(here_before), sum(here_before * staff) FROM ("
    f"SELECT m.here, m.here_before, {_STAFF.format(person='m.person', staff='{staff}')} AS staff "
    "FROM m CROSS JOIN accounts c WHERE c.id = m.person AND c.kind = 0) s"
)
_DID: Final = (
    f"s AS (SELECT d.person AS person, {_STAFF.format(person='d.person', staff='{staff}')} AS staff, "
    f"sum({_on('p.first', 'p.last')}) AS days, sum({_on('p.first_before', 'p.last_before')}) AS days_before, "
    f"max({_lately('last', WEEK)}) AS week, sum({_lately('last', MONTH)}) AS month, "
    f"max({_lately('last_before', WEEK)}) AS week_before, sum({_lately('last_before', MONTH)}) AS month_before "
)
_COUNTED: Final = (
    "SELECT count(*), staff, days, days_before, week, month, week_before, month_before, came, here, here_before FROM ("
    "SELECT s.*, CASE WHEN "
    "m.first_joined >= p.begins AND m.first_joined < p.ends THEN 'now' WHEN "
    "m.first_joined >= p.begins_before AND m.first_joined < p.ends_before THEN 'before' ELSE 'other' END AS came, "
)
_ALIKE: Final = "GROUP BY staff, days, days_before, week, month, week_before, month_before, came, here, here_before"
_HABITS: Final = (
    f"WITH RECURSIVE {_P}, {_SPAN.format(first='earliest')}, {_DID}FROM p CROSS JOIN span k CROSS JOIN activity d "
    f"WHERE d.day = k.day AND d.group_id = p.gid AND {_ACTIVE} GROUP BY d.person) {_COUNTED}"
    f"{_here()} AS here, {_here('_before')} AS here_before "
    "FROM p CROSS JOIN s CROSS JOIN memberships m CROSS JOIN accounts a "
    f"WHERE m.group_id = p.gid AND m.person = s.person AND a.id = s.person AND a.kind = 0) h {_ALIKE}"
)
_HABITS_TOGETHER: Final = (
    f"WITH RECURSIVE {_P}, {_GROUPS}, {_SPAN.format(first='earliest')}, {_TOGETHER}, {_ANYWHERE}, "
    f"{_DID}FROM p CROSS JOIN a d GROUP BY d.person) {_COUNTED}m.here AS here, m.here_before AS here_before "
    "FROM p CROSS JOIN s JOIN m ON m.person = s.person CROSS JOIN accounts c WHERE c.id = s.person AND c.kind = 0) h "
    f"{_ALIKE}"
)
_WROTE: Final = (
    f"WITH RECURSIVE {_P}, {_SPAN.format(first='first_before')} "
    "SELECT count(*), staff, before, messages FROM ("
    f"SELECT d.person, {_STAFF.format(person='d.person', staff='{staff}')} AS staff, "
    "CASE WHEN d.day < p.first THEN 1 ELSE 0 END AS before, sum(d.messages) AS messages "
    "FROM p CROSS JOIN span k CROSS JOIN activity d CROSS JOIN accounts a WHERE d.day = k.day AND d.group_id = p.gid "
    "AND d.messages > 0 AND a.id = d.person AND a.kind = 0 GROUP BY 1, 2, 3) s GROUP BY staff, before, messages"
)

_WROTE_TOGETHER: Final = (
    f"WITH RECURSIVE {_P}, {_GROUPS}, {_SPAN.format(first='first_before')}, {_TOGETHER} "
    "SELECT count(*), staff, before, messages FROM ("
    f"SELECT d.person, {_STAFF.format(person='d.person', staff='{staff}')} AS staff, "
    "CASE WHEN d.day < p.first THEN 1 ELSE 0 END AS before, sum(d.messages) AS messages "
    "FROM p CROSS JOIN a d CROSS JOIN accounts c WHERE d.messages > 0 AND c.id = d.person AND c.kind = 0 "
    "GROUP BY 1, 2, 3) s GROUP BY staff, before, messages"
)
_DAILY: Final = (
    f"WITH RECURSIVE {_P}, {_SPAN.format(first='first')} "
    f"SELECT d.day, sum(1 - {_STAFF.format(person='d.person', staff='{staff}')}), sum(d.messages) "
    "FROM p CROSS JOIN span k CROSS JOIN activity d CROSS JOIN accounts a WHERE d.day = k.day AND d.group_id = p.gid "
    f"AND {_ACTIVE} AND a.id = d.person AND a.kind = 0 GROUP BY d.day ORDER BY d.day"
)
_DAILY_TOGETHER: Final = (
    f"WITH RECURSIVE {_P}, {_GROUPS}, {_SPAN.format(first='first')}, {_TOGETHER} "
    f"SELECT d.day, sum(1 - {_STAFF.format(person='d.person', staff='{staff}')}), sum(d.messages) "
    "FROM a d CROSS JOIN accounts c WHERE c.id = d.person AND c.kind = 0 GROUP BY d.day ORDER BY d.day"
)


def _since_joining(offsets: range, groups: str = "j.gid") -> str:
    return (
        "CASE WHEN fresh = 1 AND EXISTS (SELECT 1 FROM offsets o CROSS JOIN activity d "
        f"WHERE o.n >= {offsets[0]} AND o.n <= {offsets[-1]} AND d.day = w.first + o.n AND d.group_id IN ({groups}) "
        f"AND d.person = j.person AND {_ACTIVE}) THEN 1 ELSE 0 END"
    )


def joins(at: str) -> str:
    """Who joined within some time, by the column `at`. It asks for the group, from when, up to when, and the staff."""
    return (
        f"FROM memberships m CROSS JOIN accounts a WHERE m.group_id = ? AND m.{at} >= ? AND m.{at} < ? "
        "AND a.id = m.person AND a.kind = 0 AND a.id NOT IN ({staff})"
    )


_COHORTS: Final = (
    "WITH RECURSIVE w (n, first, begins, ends) AS (VALUES {w}), "
    f"offsets (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM offsets WHERE n < {REMAINS[-1]}), "
    "j (gid, person, at, fresh, left_at) AS ("
    f"SELECT m.group_id, m.person, m.first_joined, 1, m.left_at {joins('first_joined')} UNION ALL "
    f"SELECT m.group_id, m.person, m.joined, 0, m.left_at {joins('joined')} "
    "AND (m.first_joined IS NULL OR m.first_joined <> m.joined)) "
    "SELECT n, sum(fresh), sum(started), sum(returned), sum(remained), sum(gone), sum(1 - fresh) FROM ("
    f"SELECT w.n AS n, fresh, {_since_joining(STARTS)} AS started, "
    f"{_since_joining(RETURNS)} AS returned, {_since_joining(REMAINS)} AS remained, "
    "CASE WHEN fresh = 1 AND j.left_at < ? THEN 1 ELSE 0 END AS gone "
    "FROM j CROSS JOIN w WHERE j.at >= w.begins AND j.at < w.ends) s GROUP BY n"
)
_COHORTS_TOGETHER: Final = (
    "WITH RECURSIVE w (n, first, begins, ends) AS (VALUES {w}), "
    f"offsets (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM offsets WHERE n < {REMAINS[-1]}), {_GROUPS}, "
    f"m (person, first_joined, left_at) AS (SELECT m.person, {_FIRST}, "
    "CASE WHEN count(m.left_at) = count(*) THEN max(m.left_at) END FROM g CROSS JOIN memberships m "
    "CROSS JOIN accounts a WHERE m.group_id = g.gid AND a.id = m.person AND a.kind = 0 AND a.id NOT IN ({staff}) "
    "GROUP BY m.person), "
    "j (person, at, fresh, left_at) AS (SELECT person, first_joined, 1, left_at FROM m "
    "WHERE first_joined >= {begins} AND first_joined < {ends} UNION ALL "
    "SELECT m.person, o.joined, 0, m.left_at FROM g CROSS JOIN memberships o JOIN m ON m.person = o.person "
    "WHERE o.group_id = g.gid AND o.joined >= {begins} AND o.joined < {ends} "
    "AND (m.first_joined IS NULL OR m.first_joined <> o.joined)) "
    "SELECT n, sum(fresh), sum(started), sum(returned), sum(remained), sum(gone), sum(1 - fresh) FROM ("
    f"SELECT w.n AS n, fresh, {_since_joining(STARTS, 'SELECT gid FROM g')} AS started, "
    f"{_since_joining(RETURNS, 'SELECT gid FROM g')} AS returned, "
    f"{_since_joining(REMAINS, 'SELECT gid FROM g')} AS remained, "
    "CASE WHEN fresh = 1 AND j.left_at < ? THEN 1 ELSE 0 END AS gone "
    "FROM j CROSS JOIN w WHERE j.at >= w.begins AND j.at < w.ends) s GROUP BY n"
)


class SqlTurnout:
    """Implements `core.turnout.Turnout`. Every call sees one moment; all may raise StoreBusy or StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def since(self, *groups: str) -> date | None:
        """See `Turnout.since`."""
        with self._pool.lent() as session:
            known = tuple(group_id(session, group) for group in groups)
            first = session.ask(_SINCE.format(groups=marks(known)), known)[0][0]
        return date.fromordinal(first) if first is not None else None

    def heads(self, asked: Asked) -> tuple[Heads, Heads]:
        """See `Turnout.heads`."""
        ((people, staff, people_before, staff_before),) = self._asked(
            _HEADS_TOGETHER if asked.beside else _HEADS, asked
        )
        return Heads(int(people or 0), int(staff or 0)), Heads(int(people_before or 0), int(staff_before or 0))

    def habits(self, asked: Asked) -> Sequence[Habit]:
        """See `Turnout.habits`."""
        found = self._asked(_HABITS_TOGETHER if asked.beside else _HABITS, asked)
        return [_habit(*row) for row in found]

    def wrote(self, asked: Asked) -> Sequence[Wrote]:
        """See `Turnout.wrote`."""
        found = self._asked(_WROTE_TOGETHER if asked.beside else _WROTE, asked)
        return [Wrote(people, bool(staff), bool(before), int(messages)) for people, staff, before, messages in found]

    def daily(self, asked: Asked) -> Sequence[Daily]:
        """See `Turnout.daily`."""
        found = self._asked(_DAILY_TOGETHER if asked.beside else _DAILY, asked)
        return [Daily(date.fromordinal(day), int(people), int(messages)) for day, people, messages in found]

    def cohorts(self, asked: Asked, days: Sequence[Days]) -> Sequence[Cohort]:
        """See `Turnout.cohorts`."""
        if not days:
            return []
        wanted = [
            (n, day.first.toordinal(), rows.micros(day.begins), rows.micros(day.ends)) for n, day in enumerate(days)
        ]
        with self._pool.lent() as session:
            staff, shape = staff_of(session, asked), {"w": ", ".join(["(?, ?, ?, ?)"] * len(wanted))}
            values = (value for row in wanted for value in row)
            if asked.beside:
                groups, (begins, ends) = group_ids(session, asked), within(days)
                shape |= {"groups": _each(groups), "begins": str(begins), "ends": str(ends)}
                joined: Row = (*groups, *staff)
            else:
                joined = (group_id(session, asked.group), *within(days), *staff) * 2
            text = (_COHORTS_TOGETHER if asked.beside else _COHORTS).format(**shape, staff=marks(staff))
            found = session.ask(text, (*values, *joined, rows.micros(asked.now.ends)))
        told = {n: Cohort(*map(int, counts)) for n, *counts in found}
        return [told.get(n, Cohort()) for n in range(len(days))]

    def _asked(self, text: str, asked: Asked) -> list[Row]:
        with self._pool.lent() as session:
            staff = staff_of(session, asked)
            windows = (value for span in (asked.now, asked.before) for value in _window(span))
            groups = group_ids(session, asked)
            values = (groups[0], _earliest(asked), *windows, *(groups if asked.beside else ()), *staff)
            return session.ask(text.format(groups=_each(groups), staff=marks(staff)), values)


def _habit(
    people: int,
    staff: int,
    days: int,
    days_before: int,
    week: int,
    month: int,
    week_before: int,
    month_before: int,
    joined: Literal["now", "before", "other"],
    here: int,
    here_before: int,
) -> Habit:
    return Habit(
        people=people,
        staff=bool(staff),
        days=int(days),
        days_before=int(days_before),
        week=bool(week),
        month=int(month),
        week_before=bool(week_before),
        month_before=int(month_before),
        joined=joined,
        here=bool(here),
        here_before=bool(here_before),
    )


def within(days: Sequence[Days]) -> Row:
    """From when and up to when days are, all of them."""
    return rows.micros(min(day.begins for day in days)), rows.micros(max(day.ends for day in days))


def _window(span: Days) -> Row:
    return span.first.toordinal(), span.last.toordinal(), rows.micros(span.begins), rows.micros(span.ends)


def _earliest(asked: Asked) -> int:
    """The first day that any of the windows has."""
    return min(asked.before.first.toordinal(), asked.before.last.toordinal() - MONTH + 1)


def group_id(session: Session, group: str) -> int:
    """The group's number; 0 if nothing was ever written about it."""
    found = session.look_up(GROUP_IDS, [(rows.named(group),)])
    return found[0][1] if found else 0


def group_ids(session: Session, asked: Asked) -> Row:
    """The numbers of all groups that are asked about, in order."""
    return tuple(group_id(session, group) for group in asked.groups)


def _each(values: Collection[object]) -> str:
    """A row of one mark for each value."""
    return ", ".join(["(?)"] * len(values))


def staff_of(session: Session, asked: Asked) -> Row:
    """Who the staff are, in order. There is always one number: an empty list is no list."""
    found = session.look_up(PERSONS, [(rows.kept(account),) for account in sorted(asked.staff)])
    return 0, *sorted({person for _, person in found})

"""How a group is doing, summed up by the database: one statement for each question, however many people there are.

Every statement begins with the asked-for days as a row `p`, and the days from the first to the last of them as `span`:
activity lies by day, so a group's days are one look-up each.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, Literal

from adapters.sql import rows
from adapters.sql.dialect import Row, Session
from adapters.sql.pool import Pool
from adapters.sql.queries import GROUP_IDS, KNOWN_DAYS, PERSONS
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


_SINCE: Final = (
    f"SELECT min(k.day) FROM ({KNOWN_DAYS.format(since=0)}) k WHERE EXISTS "
    f"(SELECT 1 FROM activity d WHERE d.day = k.day AND d.group_id = ? AND {_ACTIVE})"
)
_HEADS: Final = (
    f"WITH {_P} SELECT sum(here), sum(here * staff), sum(here_before), sum(here_before * staff) FROM ("
    f"SELECT {_here()} AS here, {_here('_before')} AS here_before, {_STAFF.format(person='m.person', staff='{staff}')} "
    "AS staff FROM p CROSS JOIN memberships m CROSS JOIN accounts a "
    "WHERE m.group_id = p.gid AND a.id = m.person AND a.kind = 0) s"
)
_HABITS: Final = (
    f"WITH RECURSIVE {_P}, {_SPAN.format(first='earliest')}, "
    f"s AS (SELECT d.person AS person, {_STAFF.format(person='d.person', staff='{staff}')} AS staff, "
    f"sum({_on('p.first', 'p.last')}) AS days, sum({_on('p.first_before', 'p.last_before')}) AS days_before, "
    f"max({_lately('last', WEEK)}) AS week, sum({_lately('last', MONTH)}) AS month, "
    f"max({_lately('last_before', WEEK)}) AS week_before, sum({_lately('last_before', MONTH)}) AS month_before "
    "FROM p CROSS JOIN span k CROSS JOIN activity d "
    f"WHERE d.day = k.day AND d.group_id = p.gid AND {_ACTIVE} GROUP BY d.person) "
    "SELECT count(*), staff, days, days_before, week, month, week_before, month_before, came, here, here_before FROM ("
    "SELECT s.*, CASE WHEN "
    "m.first_joined >= p.begins AND m.first_joined < p.ends THEN 'now' WHEN "
    "m.first_joined >= p.begins_before AND m.first_joined < p.ends_before THEN 'before' ELSE 'other' END AS came, "
    f"{_here()} AS here, {_here('_before')} AS here_before "
    "FROM p CROSS JOIN s CROSS JOIN memberships m CROSS JOIN accounts a "
    "WHERE m.group_id = p.gid AND m.person = s.person AND a.id = s.person AND a.kind = 0) h "
    "GROUP BY staff, days, days_before, week, month, week_before, month_before, came, here, here_before"
)
_WROTE: Final = (
    f"WITH RECURSIVE {_P}, {_SPAN.format(first='first_before')} "
    "SELECT count(*), staff, before, messages FROM ("
    f"SELECT d.person, {_STAFF.format(person='d.person', staff='{staff}')} AS staff, "
    "CASE WHEN d.day < p.first THEN 1 ELSE 0 END AS before, sum(d.messages) AS messages "
    "FROM p CROSS JOIN span k CROSS JOIN activity d CROSS JOIN accounts a WHERE d.day = k.day AND d.group_id = p.gid "
    "AND d.messages > 0 AND a.id = d.person AND a.kind = 0 GROUP BY 1, 2, 3) s GROUP BY staff, before, messages"
)

_DAILY: Final = (
    f"WITH RECURSIVE {_P}, {_SPAN.format(first='first')} "
    f"SELECT d.day, sum(1 - {_STAFF.format(person='d.person', staff='{staff}')}), sum(d.messages) "
    "FROM p CROSS JOIN span k CROSS JOIN activity d CROSS JOIN accounts a WHERE d.day = k.day AND d.group_id = p.gid "
    f"AND {_ACTIVE} AND a.id = d.person AND a.kind = 0 GROUP BY d.day ORDER BY d.day"
)


def _since_joining(offsets: range) -> str:
    return (
        "CASE WHEN fresh = 1 AND EXISTS (SELECT 1 FROM offsets o CROSS JOIN activity d "
        f"WHERE o.n >= {offsets[0]} AND o.n <= {offsets[-1]} AND d.day = w.first + o.n AND d.group_id = j.gid "
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


class SqlTurnout:
    """Implements `core.turnout.Turnout`. Every call sees one moment; all may raise StoreBusy or StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def since(self, group: str) -> date | None:
        """See `Turnout.since`."""
        with self._pool.lent() as session:
            gid = group_id(session, group)
            first = session.ask(_SINCE, (gid,))[0][0]
        return date.fromordinal(first) if first is not None else None

    def heads(self, asked: Asked) -> tuple[Heads, Heads]:
        """See `Turnout.heads`."""
        ((people, staff, people_before, staff_before),) = self._asked(_HEADS, asked)
        return Heads(int(people or 0), int(staff or 0)), Heads(int(people_before or 0), int(staff_before or 0))

    def habits(self, asked: Asked) -> Sequence[Habit]:
        """See `Turnout.habits`."""
        found = self._asked(_HABITS, asked)
        return [_habit(*row) for row in found]

    def wrote(self, asked: Asked) -> Sequence[Wrote]:
        """See `Turnout.wrote`."""
        found = self._asked(_WROTE, asked)
        return [Wrote(people, bool(staff), bool(before), int(messages)) for people, staff, before, messages in found]

    def daily(self, asked: Asked) -> Sequence[Daily]:
        """See `Turnout.daily`."""
        found = self._asked(_DAILY, asked)
        return [Daily(date.fromordinal(day), int(people), int(messages)) for day, people, messages in found]

    def cohorts(self, asked: Asked, days: Sequence[Days]) -> Sequence[Cohort]:
        """See `Turnout.cohorts`."""
        if not days:
            return []
        wanted = [
            (n, day.first.toordinal(), rows.micros(day.begins), rows.micros(day.ends)) for n, day in enumerate(days)
        ]
        with self._pool.lent() as session:
            staff = staff_of(session, asked)
            text = _COHORTS.format(w=", ".join(["(?, ?, ?, ?)"] * len(wanted)), staff=marks(staff))
            joined = (group_id(session, asked.group), *within(days), *staff)
            values = (value for row in wanted for value in row)
            found = session.ask(text, (*values, *joined, *joined, rows.micros(asked.now.ends)))
        told = {n: Cohort(*map(int, counts)) for n, *counts in found}
        return [told.get(n, Cohort()) for n in range(len(days))]

    def _asked(self, text: str, asked: Asked) -> list[Row]:
        with self._pool.lent() as session:
            staff = staff_of(session, asked)
            windows = (value for span in (asked.now, asked.before) for value in _window(span))
            values = (group_id(session, asked.group), _earliest(asked), *windows, *staff)
            return session.ask(text.format(staff=marks(staff)), values)


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


def staff_of(session: Session, asked: Asked) -> Row:
    """Who the staff are, in order. There is always one number: an empty list is no list."""
    found = session.look_up(PERSONS, [(rows.kept(account),) for account in sorted(asked.staff)])
    return 0, *sorted({person for _, person in found})


def marks(values: Collection[object]) -> str:
    """A mark for each value."""
    return ", ".join("?" * len(values))

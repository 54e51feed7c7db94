"""What digests ask of the books, for many groups in a handful of queries: sums and short lists, never histories.

Days are the group's own; a window of instants is given with the days, as the database knows no zones. All sums are of
persons: bots and channels have no activity, and are left out of what the ledger tells.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from adapters.sql import rows
from adapters.sql.queries import GROUP_IDS, RECORDS, Lookup
from core.people import Account, ActorKind, PersonId
from core.state import Slot
from core.turnout import Asked, Cohort, Days

if TYPE_CHECKING:
    from adapters.sql.dialect import Row, Session
    from adapters.sql.store import SqlStore


T = TypeVar("T")


class Window(NamedTuple):
    """The days of one group that are asked for: `first` to `last`, from the instant `begins` up to `ends`."""

    group: str
    first: date
    last: date
    begins: datetime
    ends: datetime


class DayCount(NamedTuple):
    """One day of a group: its messages, the people who did something, and the days checked in to."""

    day: date
    messages: int
    active: int
    check_ins: int


class Score(NamedTuple):
    """A person with a number: days checked in to, points, how many they helped."""

    person: PersonId
    account: Account
    name: str
    amount: int


class Tally(NamedTuple):
    """A board of a window: its first places, how many people have one, and the sum of all their numbers."""

    first: tuple[Score, ...] = ()
    people: int = 0
    total: int = 0


class Moved(NamedTuple):
    """A person's moves between tiers in a window: up or down in all, and where that led."""

    person: PersonId
    account: Account
    name: str
    kind: ActorKind
    steps: int
    tier: str


class Newcomer(NamedTuple):
    """Somebody who came in a window: whether for the first time, and whether they are gone again. `at` is when they
    came last, which may be after the window for who came in it for the first time."""

    person: PersonId
    account: Account
    name: str
    kind: ActorKind
    at: datetime
    first: bool
    gone: bool


class RuleCount(NamedTuple):
    """What one rule did: how often in each mode, and about how many people."""

    rule: str
    on: int
    shadow: int
    people: int


class Appealed(NamedTuple):
    """How often members appealed against what a rule did, and how often the admins agreed with them."""

    rule: str
    made: int
    upheld: int


_WINDOW = (("gid", "bigint"), ("begins", "bigint"), ("ends", "bigint"))
_KIND_WINDOW = (*_WINDOW, ("kind", "text"))
_BOARD = (*_KIND_WINDOW, ("most", "int"))
_DAYS = (("first", "int"), ("last", "int"))
_WHO = "a.person, a.account, a.name, a.kind"
_FACTS = (
    "FROM w CROSS JOIN ledger l WHERE l.group_id = w.gid AND l.kind = w.kind AND l.at >= w.begins AND l.at < w.ends"
)
_OTHERS = "AND l.by_person IS NOT NULL AND l.by_person <> l.person"
_CHECKED = (
    f"SELECT w.n AS n, l.person AS person, l.about AS day {_FACTS} "
    "AND l.about >= w.first AND l.about <= w.last GROUP BY w.n, l.person, l.about HAVING sum(l.amount) > 0"
)
"""A day that was struck out has a sum of nothing."""
_PEOPLE = "NOT IN (SELECT id FROM accounts WHERE kind <> 0)"
"""Bots and channels are few, and have an index of their own."""
_TALLY = (
    "SELECT r.n, r.person, a.account, a.name, r.amount, r.people, r.total FROM (SELECT n, person, amount, "
    "count(*) OVER (PARTITION BY n) AS people, CAST(sum(amount) OVER (PARTITION BY n) AS bigint) AS total, "
    "row_number() OVER (PARTITION BY n ORDER BY amount DESC, person) AS place FROM ({sums}) s "
    f"WHERE amount > 0 AND person {_PEOPLE}) r "
    "CROSS JOIN accounts a WHERE r.place <= (SELECT max(most) FROM w) AND a.id = r.person ORDER BY r.n, r.place"
)

DAYS = Lookup(
    (("gid", "bigint"), *_DAYS),
    "SELECT w.n, d.day, d.messages, d.active, d.check_ins FROM w CROSS JOIN (WITH RECURSIVE span (day) AS "
    "(SELECT min(first) FROM w UNION ALL SELECT day + 1 FROM span WHERE day < (SELECT max(last) FROM w)) "
    "SELECT day FROM span) k CROSS JOIN group_days d WHERE k.day >= w.first AND k.day <= w.last "
    "AND d.day = k.day AND d.group_id = w.gid AND d.active > 0 ORDER BY w.n, d.day",
)
SCORES = Lookup(
    _BOARD,
    _TALLY.format(
        sums="SELECT w.n AS n, l.person AS person, CAST(sum(l.amount) AS bigint) AS amount "
        f"{_FACTS} GROUP BY w.n, l.person"
    ),
)
CHECK_INS = Lookup(
    (*_BOARD, *_DAYS),
    _TALLY.format(sums=f"SELECT n, person, count(*) AS amount FROM ({_CHECKED}) c GROUP BY n, person"),
)
CHECKED_DAYS = Lookup(
    (*_KIND_WINDOW, *_DAYS),
    f"SELECT n, day, count(*) FROM ({_CHECKED}) c WHERE person {_PEOPLE} GROUP BY n, day ORDER BY n, day",
)
HELPERS = Lookup(
    _BOARD,
    _TALLY.format(
        sums="SELECT w.n AS n, l.person AS person, count(DISTINCT l.by_person) AS amount "
        f"{_FACTS} {_OTHERS} GROUP BY w.n, l.person"
    ),
)
GIVERS = Lookup(_KIND_WINDOW, f"SELECT w.n, count(DISTINCT l.by_person) {_FACTS} {_OTHERS} GROUP BY w.n")
MOVES = Lookup(
    _KIND_WINDOW,
    f"SELECT w.n, {_WHO}, l.amount, l.rule FROM w CROSS JOIN ledger l CROSS JOIN accounts a WHERE l.group_id = w.gid "
    "AND l.kind = w.kind AND l.at >= w.begins AND l.at < w.ends AND a.id = l.person ORDER BY w.n, l.at, l.key",
)
_FIRST = "m.first_joined >= w.begins AND m.first_joined < w.ends"
JOINED = Lookup(
    _WINDOW,
    f"SELECT w.n, {_WHO}, m.joined, CASE WHEN {_FIRST} THEN 1 ELSE 0 END, m.left_at "
    "FROM w CROSS JOIN memberships m CROSS JOIN accounts a "
    f"WHERE m.group_id = w.gid AND m.joined IS NOT NULL AND m.joined >= w.begins AND (m.joined < w.ends OR {_FIRST}) "
    "AND a.id = m.person ORDER BY w.n, m.joined, m.person",
)
LEFT = Lookup(
    _WINDOW,
    "SELECT w.n, m.left_at FROM w CROSS JOIN memberships m CROSS JOIN accounts a WHERE m.group_id = w.gid "
    "AND m.left_at IS NOT NULL AND m.left_at >= w.begins AND m.left_at < w.ends AND a.id = m.person AND a.kind = 0 "
    "ORDER BY w.n, m.left_at, m.person",
)
MEMBERS = Lookup((("gid", "bigint"),), "SELECT w.n, s.members FROM w CROSS JOIN group_sizes s WHERE s.group_id = w.gid")
RULES = Lookup(
    _WINDOW,
    "SELECT w.n, d.rule, sum(CASE WHEN d.mode = 'on' THEN 1 ELSE 0 END), "
    "sum(CASE WHEN d.mode = 'shadow' THEN 1 ELSE 0 END), count(DISTINCT d.person) FROM w CROSS JOIN audit d "
    "WHERE d.workflow = 'rules' AND d.group_id = w.gid AND d.at >= w.begins AND d.at < w.ends "
    "AND d.rule <> '' AND d.mode <> 'fault' AND d.done <> '[]' GROUP BY w.n, d.rule ORDER BY w.n, d.rule",
)
"""A rule that held and had nothing to do, as it was about staff, did not act."""
APPEALS = Lookup(
    (*_WINDOW, ("made", "text"), ("upheld", "text")),
    "SELECT w.n, l.rule, sum(CASE WHEN l.kind = w.made THEN 1 ELSE 0 END), "
    "sum(CASE WHEN l.kind = w.upheld THEN 1 ELSE 0 END) FROM w CROSS JOIN (SELECT 0 AS upheld UNION ALL SELECT 1) k "
    "CROSS JOIN ledger l WHERE l.group_id = w.gid AND l.kind = CASE WHEN k.upheld = 1 THEN w.upheld ELSE w.made END "
    "AND l.at >= w.begins AND l.at < w.ends GROUP BY w.n, l.rule ORDER BY w.n, l.rule",
)


class SqlRollups:
    """Reads the sums. Every call sees one moment; all may raise StoreBusy or StoreUnavailable.

    Answers have an entry for each group that was asked for and has something to tell.
    """

    def __init__(self, store: SqlStore) -> None:
        self._pool = store.pool
        self._turnout = store.turnout()

    def days(self, windows: Sequence[Window]) -> Mapping[str, Sequence[DayCount]]:
        """Each day on which somebody did something, in order."""
        found: dict[str, list[DayCount]] = {}
        for group, (day, messages, active, check_ins) in self._over(DAYS, windows, _days):
            found.setdefault(group, []).append(DayCount(date.fromordinal(day), messages, active, check_ins))
        return found

    def scores(self, windows: Sequence[Window], kind: str, most: int) -> Mapping[str, Tally]:
        """The sum of a kind of facts by person, the largest first; ties by who was known first."""
        return self._tallied(SCORES, windows, lambda window: (*_instants(window), kind, most))

    def check_ins(self, windows: Sequence[Window], kind: str, most: int) -> Mapping[str, Tally]:
        """How many days from `first` to `last` stand as checked in, as far as written from `begins` to `ends`.

        A day that is made up later counts for itself; one that was struck out does not count.
        """
        return self._tallied(CHECK_INS, windows, lambda window: (*_instants(window), kind, most, *_days(window)))

    def checked_days(self, windows: Sequence[Window], kind: str) -> Mapping[str, Mapping[date, int]]:
        """How many people stand as checked in to each day. See `check_ins`."""
        found: dict[str, dict[date, int]] = {}
        asked = self._over(CHECKED_DAYS, windows, lambda window: (*_instants(window), kind, *_days(window)))
        for group, (day, count) in asked:
            found.setdefault(group, {})[date.fromordinal(day)] = count
        return found

    def helpers(self, windows: Sequence[Window], kind: str, most: int) -> Mapping[str, Tally]:
        """How many different people caused facts of a kind about somebody, the most first."""
        return self._tallied(HELPERS, windows, lambda window: (*_instants(window), kind, most))

    def givers(self, windows: Sequence[Window], kind: str) -> Mapping[str, int]:
        """How many different people caused facts of a kind about others."""
        found = self._over(GIVERS, windows, _instants, kind)
        return {group: count for group, (count,) in found}

    def moves(self, windows: Sequence[Window], kind: str) -> Mapping[str, Sequence[Moved]]:
        """Who moved between tiers, and where that led; who is back where they were is left out."""
        found: dict[str, dict[PersonId, Moved]] = {}
        for group, (person, account, name, code, steps, tier) in self._over(MOVES, windows, _instants, kind):
            held = found.setdefault(group, {})
            before = held[person].steps if person in held else 0
            held[person] = Moved(person, rows.account_of(account), name, rows.KINDS[code], before + steps, tier)
        return {group: [one for one in held.values() if one.steps] for group, held in found.items()}

    def joined(self, windows: Sequence[Window]) -> Mapping[str, Sequence[Newcomer]]:
        """Who came, in order. Who came several times is told of once."""
        found: dict[str, list[Newcomer]] = {}
        for group, (person, account, name, code, at, first, left) in self._over(JOINED, windows, _instants):
            found.setdefault(group, []).append(
                Newcomer(
                    person,
                    rows.account_of(account),
                    name,
                    rows.KINDS[code],
                    rows.instant(at),
                    bool(first),
                    left is not None and left >= at,
                )
            )
        return found

    def left(self, windows: Sequence[Window]) -> Mapping[str, Sequence[datetime]]:
        """When people went, in order; of those who came back since then nothing is known here."""
        found: dict[str, list[datetime]] = {}
        for group, (at,) in self._over(LEFT, windows, _instants):
            found.setdefault(group, []).append(rows.instant(at))
        return found

    def since(self, group: str) -> date | None:
        """The first day of which anything is known. See `core.turnout.Turnout.since`."""
        return self._turnout.since(group)

    def members(self, groups: Sequence[str]) -> Mapping[str, int]:
        """How many people are in each group now, as far as anybody saw them."""
        with self._pool.lent() as session:
            ids = {rows.named(group): group for group in groups}
            known = session.look_up(GROUP_IDS, [(key,) for key in ids])
            found: dict[int, int] = dict(session.look_up(MEMBERS, [(gid,) for _, gid in known]))
        return {ids[key]: found.get(n, 0) for n, (key, _) in enumerate(known)}

    def cohorts(self, asked: Asked, days: Sequence[Days]) -> Sequence[Cohort]:
        """Those who joined on each of these days. See `core.turnout.Turnout.cohorts`."""
        return self._turnout.cohorts(asked, days)

    def rules(self, windows: Sequence[Window]) -> Mapping[str, Sequence[RuleCount]]:
        """What each rule did, by its id."""
        found: dict[str, list[RuleCount]] = {}
        for group, (rule, on, shadow, people) in self._over(RULES, windows, _instants):
            found.setdefault(group, []).append(RuleCount(rule, int(on), int(shadow), people))
        return found

    def appeals(self, windows: Sequence[Window], made: str, upheld: str) -> Mapping[str, Sequence[Appealed]]:
        """The appeals against each rule, by its id: facts of the kinds `made` and `upheld`."""
        found: dict[str, list[Appealed]] = {}
        for group, (rule, all_, agreed) in self._over(APPEALS, windows, _instants, made, upheld):
            found.setdefault(group, []).append(Appealed(rule, int(all_), int(agreed)))
        return found

    def records(self, groups: Sequence[str], slot: Slot[T]) -> Mapping[str, T]:
        """The groups' own records of a slot, of those that have one."""
        with self._pool.lent() as session:
            stored = {rows.named(group): group for group in groups}
            known = session.look_up(GROUP_IDS, [(key,) for key in stored])
            values = session.look_up(RECORDS, [(gid, rows.named(slot.name), 0) for _, gid in known])
        return {stored[known[n][0]]: rows.unpacked(value, slot.type) for n, value in values}

    def _tallied(
        self, query: Lookup, windows: Sequence[Window], values: Callable[[Window], Row]
    ) -> Mapping[str, Tally]:
        found: dict[str, list[Score]] = {}
        sums: dict[str, tuple[int, int]] = {}
        for group, (person, account, name, amount, people, total) in self._over(query, windows, values):
            if group not in found:
                found[group], sums[group] = [], (people, total)
            found[group].append(Score(person, rows.account_of(account), name, amount))
        return {group: Tally(tuple(first), *sums[group]) for group, first in found.items()}

    def _over(
        self, query: Lookup, windows: Sequence[Window], values: Callable[[Window], Row], *more: str
    ) -> Iterator[tuple[str, Row]]:
        """The rows of a query for each window, with the group that each is of."""
        with self._pool.lent() as session:
            ids = _ids(session, windows)
            asked = [window for window in windows if window.group in ids]
            found = session.look_up(query, [(ids[window.group], *values(window), *more) for window in asked])
        return ((asked[row[0]].group, row[1:]) for row in found)


def _instants(window: Window) -> Row:
    return rows.micros(window.begins), rows.micros(window.ends)


def _days(window: Window) -> Row:
    return window.first.toordinal(), window.last.toordinal()


def _ids(session: Session, windows: Sequence[Window]) -> dict[str, int]:
    """The groups' numbers; those that nothing was ever written about have none."""
    stored = {rows.named(window.group): window.group for window in windows}
    return {stored[key]: gid for key, gid in session.look_up(GROUP_IDS, [(key,) for key in stored])}

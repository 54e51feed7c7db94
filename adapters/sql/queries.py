"""Every statement, once for both databases.

Sets of keys come in as `w`, a table of the wanted rows with their position `n`; each dialect makes it in its own
way. `w CROSS JOIN t ... WHERE t.x = w.x` keeps SQLite at one primary-key look-up per wanted row
(`(a, b) IN (VALUES ...)` would scan), and is an ordinary join on PostgreSQL. `+l.at` keeps SQLite on the key of one
person's facts rather than on the index of everybody's; `+person` does the contrary where facts are grouped by person:
it would walk through all that a group ever had, as these are in that order.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from adapters.sql.rows import ENTRY, SEAT, SEAT_OF


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """A read over a set of wanted rows `w`, with the columns of `w` and their PostgreSQL types."""

    wanted: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Insert:
    """Rows into a table; `conflict` is the rest of the statement."""

    table: str
    columns: tuple[tuple[str, str], ...]
    conflict: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Remove:
    """Rows out of a table, by their key."""

    table: str
    columns: tuple[tuple[str, str], ...]


def _columns(declared: str) -> tuple[tuple[str, str], ...]:
    pairs = [column.split() for column in declared.split(",")]
    return tuple((name, kind) for name, kind in pairs)


@lru_cache(maxsize=16)
def seats(slots: int = 0) -> Lookup:
    """Seats, each with the values of its records in so many slots."""
    ns = range(slots)
    records = "".join(
        f"LEFT JOIN records r{n} ON r{n}.group_id = m.group_id AND r{n}.slot = w.slot{n} AND r{n}.person = m.person "
        for n in ns
    )
    return Lookup(
        (("gid", "bigint"), *((f"slot{n}", "text") for n in ns), ("account", "text")),
        f"SELECT w.n, {SEAT_OF}{''.join(f', r{n}.value' for n in ns)} FROM w CROSS JOIN accounts a "
        f"LEFT JOIN memberships m ON m.group_id = w.gid AND m.person = a.person {records}WHERE a.account = w.account",
    )


BEARERS = Lookup(
    _columns("gid bigint, hash int"),
    f"SELECT {SEAT} FROM w CROSS JOIN names o CROSS JOIN accounts a CROSS JOIN memberships m "
    "WHERE o.hash = w.hash AND a.id = o.account AND m.group_id = w.gid AND m.person = a.person ORDER BY a.id",
)

BORNE = Lookup(
    _columns("hash int"),
    "SELECT a.id, a.account, a.username FROM w CROSS JOIN names o CROSS JOIN accounts a "
    "WHERE o.hash = w.hash AND a.id = o.account AND a.username IS NOT NULL",
)
RELEASE = Lookup(
    _columns("id bigint, username text"),
    "UPDATE accounts SET username = NULL FROM w "
    "WHERE accounts.id = w.id AND accounts.username = w.username RETURNING accounts.id",
)

RECORDS = Lookup(
    _columns("gid bigint, slot text, person bigint"),
    "SELECT w.n, r.value FROM w CROSS JOIN records r "
    "WHERE r.group_id = w.gid AND r.slot = w.slot AND r.person = w.person",
)

BALANCES = Lookup(
    _columns("gid bigint, person bigint, kind text"),
    "SELECT w.n, b.amount FROM w CROSS JOIN balances b "
    "WHERE b.group_id = w.gid AND b.person = w.person AND b.kind = w.kind",
)

ENTRIES = Lookup(
    _columns("gid bigint, person bigint, kind text, since bigint"),
    f"SELECT w.n, {ENTRY} FROM w CROSS JOIN ledger l "
    "WHERE l.group_id = w.gid AND l.person = w.person AND l.kind = w.kind AND +l.at >= w.since "
    "ORDER BY w.n, l.at, l.key",
)

GIVEN = Lookup(
    _columns("gid bigint, person bigint, kind text, since bigint"),
    f"SELECT w.n, {ENTRY} FROM w CROSS JOIN ledger l WHERE l.group_id = w.gid AND l.by_person = w.person "
    "AND l.by_person IS NOT NULL AND l.kind = w.kind AND l.at >= w.since ORDER BY w.n, l.at, l.key",
)

KNOWN_DAYS = (
    "WITH RECURSIVE known (day) AS (SELECT min(day) FROM activity WHERE day >= {since} UNION ALL "
    "SELECT (SELECT min(day) FROM activity a WHERE a.day > known.day) FROM known WHERE known.day IS NOT NULL) "
    "SELECT day FROM known WHERE day IS NOT NULL"
)
"""The days on which anything happened, each found by one step in the key of the table."""

DAYS = Lookup(
    _columns("gid bigint, person bigint, since int"),
    "SELECT w.n, d.day, d.messages, d.replies_given, d.replies_received, d.reactions_given, d.reactions_received, "
    f"d.check_ins FROM w CROSS JOIN ({KNOWN_DAYS.format(since='(SELECT min(since) FROM w)')}) k CROSS JOIN activity d "
    "WHERE k.day >= w.since AND d.day = k.day AND d.day >= w.since AND d.group_id = w.gid AND d.person = w.person "
    "ORDER BY w.n, d.day",
)

TIMERS_AT = Lookup(
    _columns("gid bigint, workflow text, key text, at bigint"),
    "SELECT w.n FROM w CROSS JOIN timers t "
    "WHERE t.group_id = w.gid AND t.workflow = w.workflow AND t.key = w.key AND t.at = w.at",
)

GROUP_IDS = Lookup(_columns("key text"), "SELECT g.key, g.id FROM w CROSS JOIN groups g WHERE g.key = w.key")

PERSONS = Lookup(
    _columns("account text"), "SELECT w.n, a.person FROM w CROSS JOIN accounts a WHERE a.account = w.account"
)

LEADERS = (
    "SELECT b.person, a.account, a.name, a.kind, b.amount, b.facts, b.reached FROM balances b "
    "CROSS JOIN accounts a LEFT JOIN memberships m ON m.group_id = b.group_id AND m.person = b.person "
    "WHERE a.id = b.person AND b.group_id = ? AND b.kind = ? AND m.left_at IS NULL "
    "ORDER BY b.amount DESC, b.reached, b.person LIMIT ?"
)

LEADERS_SINCE = (
    "SELECT s.person, a.account, a.name, a.kind, s.amount, s.facts, s.reached FROM "
    "(SELECT +person AS person, CAST(sum(amount) AS BIGINT) AS amount, count(*) AS facts, max(at) AS reached "
    "FROM ledger WHERE group_id = ? AND kind = ? AND at >= ? GROUP BY 1) s "
    "CROSS JOIN accounts a LEFT JOIN memberships m ON m.group_id = ? AND m.person = s.person "
    "WHERE a.id = s.person AND m.left_at IS NULL "
    "ORDER BY s.amount DESC, s.reached, s.person LIMIT ?"
)

REGULARS = (
    "SELECT a.account FROM (SELECT d.person, count(*) AS days FROM "
    f"({KNOWN_DAYS.format(since='?')}) k CROSS JOIN activity d "
    "WHERE d.day = k.day AND d.group_id = ? AND d.day >= ? "
    "AND (d.messages > 0 OR d.reactions_given > 0 OR d.check_ins > 0) GROUP BY d.person) s "
    "CROSS JOIN accounts a LEFT JOIN memberships m ON m.group_id = ? AND m.person = s.person "
    "WHERE a.id = s.person AND m.left_at IS NULL ORDER BY s.days DESC, s.person LIMIT ?"
)

EVERYONE = (
    f"SELECT r.value, {SEAT} FROM records r CROSS JOIN accounts a CROSS JOIN memberships m "
    "WHERE r.group_id = ? AND r.slot = ? AND r.person > 0 AND a.id = r.person "
    "AND m.group_id = r.group_id AND m.person = r.person ORDER BY r.person"
)

PRESENT = (
    f"SELECT {SEAT} FROM memberships m CROSS JOIN accounts a WHERE m.group_id = ? AND a.id = m.person ORDER BY m.person"
)

TIMERS_DUE = (
    "SELECT g.key, t.workflow, t.key, t.at, t.member, t.data, t.ring FROM timers t CROSS JOIN groups g "
    "WHERE g.id = t.group_id AND t.at <= ? ORDER BY t.at, g.key, t.workflow, t.key"
)

TIMERS_OF = "SELECT key FROM timers WHERE group_id = ? AND workflow = ?"

ADD_GROUPS = Insert("groups", _columns("key text"), "ON CONFLICT DO NOTHING")
ADD_NAMES = Insert("names", _columns("hash int, account bigint"), "ON CONFLICT DO NOTHING")
ADD_ACCOUNTS = Insert(
    "accounts",
    _columns(
        "id bigint, account text, person bigint, name text, username text, kind smallint, language text, own bigint"
    ),
    "ON CONFLICT DO NOTHING",
)
RENAME = Lookup(
    _columns("account text, name text, username text, kind smallint, language text"),
    "UPDATE accounts SET name = w.name, username = w.username, kind = w.kind, language = w.language "
    "FROM w WHERE accounts.account = w.account RETURNING id, accounts.account",
)
SIT = Insert(
    "memberships",
    _columns(
        "group_id bigint, person bigint, seen bigint, joined bigint, left_at bigint, inviter bigint, tags text, "
        "first_joined bigint"
    ),
    "ON CONFLICT (group_id, person) DO UPDATE SET seen = excluded.seen, joined = excluded.joined, "
    "left_at = excluded.left_at, inviter = excluded.inviter, tags = excluded.tags, "
    "first_joined = excluded.first_joined",
)


def _counting(table: str, whose: str) -> Insert:
    """Counters of days, added to what is there."""
    sums = ", ".join(f"{counter} = {table}.{counter} + excluded.{counter}" for counter in COUNTERS)
    counters = ", ".join(f"{counter} int" for counter in COUNTERS)
    return Insert(
        table,
        _columns(f"day int, group_id bigint, {whose} bigint, {counters}"),
        f"ON CONFLICT (day, group_id, {whose}) DO UPDATE SET {sums}",
    )


COUNTERS = (
    "messages",
    "replies_given",
    "replies_received",
    "reactions_given",
    "reactions_received",
    "check_ins",
)
COUNT = _counting("activity", "person")
SHARE = _counting("shares", "own")
PUT = Insert(
    "records",
    _columns("group_id bigint, slot text, person bigint, value text"),
    "ON CONFLICT (group_id, slot, person) DO UPDATE SET value = excluded.value",
)
ERASE = Remove("records", _columns("group_id bigint, slot text, person bigint"))
POST = Insert(
    "ledger",
    _columns(
        "group_id bigint, person bigint, kind text, key text, at bigint, amount bigint, by_person bigint, "
        "event text, rule text, reason text, expires bigint, about int, own bigint, by_own bigint"
    ),
)
ADD_UP = Insert(
    "balances",
    _columns("group_id bigint, person bigint, kind text, amount bigint, facts bigint, reached bigint"),
    "ON CONFLICT (group_id, person, kind) DO UPDATE SET amount = balances.amount + excluded.amount, "
    "facts = balances.facts + excluded.facts, reached = "
    "CASE WHEN excluded.reached > balances.reached THEN excluded.reached ELSE balances.reached END",
)
SET_TIMER = Insert(
    "timers",
    _columns("group_id bigint, workflow text, key text, at bigint, member text, data text, ring text, ring_at bigint"),
    "ON CONFLICT (group_id, workflow, key) DO UPDATE SET at = excluded.at, member = excluded.member, "
    "data = excluded.data, ring = excluded.ring, ring_at = excluded.ring_at, rings = 0",
)
DROP_TIMER = Remove("timers", _columns("group_id bigint, workflow text, key text"))
ASK_FOR = Insert(
    "tasks",
    _columns("group_id bigint, kind text, key text, at bigint, expires bigint, data text"),
    "ON CONFLICT DO NOTHING",
)
NOTE = Insert(
    "audit",
    _columns(
        "at bigint, group_id bigint, event text, workflow text, rule text, person bigint, "
        "mode text, done text, because text"
    ),
)
SEND = Insert(
    "outbox",
    _columns(
        "id text, at bigint, group_id bigint, event text, workflow text, kind text, effect text, expires bigint, "
        "platform text, urgency smallint, state text, courier text, attempts int, asker text"
    ),
)
LEAVE_ADDRESS = Remove("addresses", _columns("platform text, group_id bigint"))
TAKE_ADDRESS = Insert(
    "addresses",
    _columns("platform text, address text, group_id bigint"),
    "ON CONFLICT (platform, address) DO UPDATE SET group_id = excluded.group_id",
)
SEEN = Insert("inbox", _columns("id text, at bigint"), "ON CONFLICT DO NOTHING")
BURY = Insert(
    "dead_letters",
    _columns("id text, at bigint, group_key text, event text, why text"),
    "ON CONFLICT DO NOTHING",
)

# Books: every text has the group's key as its first parameter.

PEOPLE = (
    f"SELECT {SEAT} FROM groups g CROSS JOIN memberships m CROSS JOIN accounts a "
    "WHERE g.key = ? AND m.group_id = g.id AND a.id = m.person ORDER BY m.person"
)
FACTS = (
    f"SELECT {ENTRY} FROM groups g CROSS JOIN ledger l WHERE g.key = ? AND l.group_id = g.id "
    "ORDER BY l.at, l.event, l.person, l.kind, l.key"
)
EVERY_DAY = (
    "SELECT d.person, d.day, d.messages, d.replies_given, d.replies_received, d.reactions_given, "
    f"d.reactions_received, d.check_ins FROM ({KNOWN_DAYS.format(since=0)}) k CROSS JOIN groups g "
    "CROSS JOIN activity d WHERE g.key = ? AND d.day = k.day AND d.group_id = g.id ORDER BY d.day, d.person"
)
NOTES = (
    "SELECT d.at, g.key, d.event, d.workflow, d.rule, d.person, d.mode, d.done, d.because "
    "FROM groups g CROSS JOIN audit d WHERE g.key = ? AND d.group_id = g.id ORDER BY d.seq"
)
SENT = (
    "SELECT o.id, o.at, g.key, o.event, o.workflow, o.kind, o.effect, o.expires, o.platform, o.asker "
    "FROM groups g CROSS JOIN outbox o WHERE g.key = ? AND o.group_id = g.id ORDER BY o.seq"
)
TIMERS = (
    "SELECT g.key, t.workflow, t.key, t.at, t.member, t.data, t.ring FROM groups g CROSS JOIN timers t "
    "WHERE g.key = ? AND t.group_id = g.id ORDER BY t.at, t.workflow, t.key"
)
LETTERS = "SELECT id, at, group_key, event, why FROM dead_letters WHERE group_key = ? ORDER BY seq"
EVERY_RECORD = (
    f"SELECT r.value, {SEAT} FROM groups g CROSS JOIN records r CROSS JOIN accounts a CROSS JOIN memberships m "
    "WHERE g.key = ? AND r.group_id = g.id AND r.slot = ? AND r.person > 0 AND a.id = r.person "
    "AND m.group_id = g.id AND m.person = r.person ORDER BY r.person"
)
ADDRESS_OF = "SELECT address FROM addresses WHERE platform = ? AND group_id = ?"
LEFT = (
    "SELECT a.address, g.key FROM addresses a CROSS JOIN groups g "
    "WHERE a.platform = ? AND g.id = a.group_id AND (g.key = ?) <> (a.address = ?)"
)
LIVES_AT = (
    "SELECT 1 FROM addresses a CROSS JOIN groups g "
    "WHERE a.platform = ? AND a.address = ? AND g.id = a.group_id AND g.key = ?"
)
GROUPS = "SELECT key FROM groups ORDER BY key"
ADDRESSES = "SELECT a.platform, a.address, g.key FROM addresses a CROSS JOIN groups g WHERE g.id = a.group_id"

# Upkeep.

TIMERS_BY_TIME = (
    "SELECT g.key, t.workflow, t.key, t.at, t.member, t.data, t.ring FROM timers t CROSS JOIN groups g "
    "WHERE t.at <= ? AND g.id = t.group_id ORDER BY t.at, g.key, t.workflow, t.key"
)
NEXT_TIMERS = "SELECT g.key, t.at FROM timers t CROSS JOIN groups g WHERE g.id = t.group_id ORDER BY t.at"
SEEN_BEFORE = "SELECT id FROM inbox WHERE at < ? LIMIT ?"
FORGET = Remove("inbox", _columns("id text"))
REACH = (
    "INSERT INTO notices (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = "
    "CASE WHEN excluded.at > notices.at THEN excluded.at ELSE notices.at END RETURNING at"
)
REACHED = "SELECT at FROM notices WHERE name = ?"
"""How far a list was gone through stands where other notices have their instant."""
END_LEASES = "DELETE FROM leases RETURNING name"
FREE_TASKS = "UPDATE tasks SET lease = NULL WHERE state = 'running' RETURNING key"


def marks(values: Collection[object]) -> str:
    """A mark for each value."""
    return ", ".join("?" * len(values))

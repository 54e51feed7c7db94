"""What couriers ask of the outbox. Every read of what is on its way goes through the index `outbox_open`, which holds
nothing else; SQLite uses it only where its condition stands in the statement word by word.
"""

# ruff: noqa: S608 (only constants of this package are put together; every value is a parameter)

from __future__ import annotations

from functools import lru_cache

from adapters.sql.queries import Lookup, Remove, _columns

_OPEN = "state IN ('waiting', 'sending', 'parked')"
_NOT_FINAL = "state NOT IN ('done', 'unsure', 'dead', 'dropped')"
"""The same where rows are found by their id: written so that PostgreSQL does not walk through all that is open."""
_GONE = "courier NOT IN (SELECT holder FROM leases WHERE until > w.clock)"
"""The courier that began it holds no lease any more: it was killed, or cut off."""

BUSY = (
    "WITH RECURSIVE busy (gid) AS ("
    f"SELECT min(o.group_id) FROM outbox o WHERE o.platform = ? AND o.{_OPEN} UNION ALL "
    f"SELECT (SELECT min(o.group_id) FROM outbox o WHERE o.platform = ? AND o.{_OPEN} AND o.group_id > busy.gid) "
    "FROM busy WHERE busy.gid IS NOT NULL) "
    "SELECT g.id, g.key, {clock} FROM busy CROSS JOIN groups g WHERE g.id = busy.gid"
)
"""The groups that have anything on its way, one step in the index for each; and the clock of leases."""

_DUE = (
    "(SELECT o.seq, o.id, o.urgency, o.state FROM outbox o WHERE o.platform = w.platform AND o.group_id = w.gid "
    f"AND o.{_OPEN} AND o.state <> 'parked' AND (o.not_before IS NULL OR o.not_before <= w.now) "
    f"AND (o.state = 'waiting' OR o.{_GONE}) ORDER BY o.urgency, o.seq LIMIT {{per_group}})"
)
_DUE_COLUMNS = _columns("gid bigint, platform text, now bigint, clock bigint")


@lru_cache(maxsize=64)
def due(per_group: int, *, lateral: bool) -> Lookup:
    """The first parcels of each group: group's position, row, id, urgency. SQLite has no lateral joins."""
    chosen = _DUE.format(per_group=int(per_group))
    if lateral:
        text = f"SELECT w.n, d.seq, d.id, d.urgency FROM w CROSS JOIN LATERAL {chosen} d"
    else:
        only = chosen.replace("o.seq, o.id, o.urgency, o.state FROM", "o.seq FROM", 1)
        text = f"SELECT w.n, d.seq, d.id, d.urgency FROM w CROSS JOIN outbox d WHERE d.seq IN {only}"
    return Lookup(_DUE_COLUMNS, f"{text} ORDER BY w.n, d.urgency, d.seq")


PARCELS = Lookup(
    _columns("seq bigint"),
    "SELECT w.n, o.id, o.group_id, o.platform, o.event, o.workflow, o.kind, o.effect, o.at, o.expires, o.attempts, "
    "o.unsure, o.state, o.asker FROM w CROSS JOIN outbox o WHERE o.seq = w.seq ORDER BY w.n",
)
PENDING = (
    "SELECT g.key, count(*) FROM outbox o CROSS JOIN groups g WHERE o.platform = ? AND g.id = o.group_id "
    f"AND o.{_OPEN} AND o.state <> 'parked' GROUP BY g.key"
)
PARKED = (
    "SELECT g.key, max(o.outcome), max(o.not_before) FROM outbox o CROSS JOIN groups g WHERE o.platform = ? "
    f"AND g.id = o.group_id AND o.{_OPEN} AND o.state = 'parked' GROUP BY g.key"
)

BEGIN = Lookup(
    _columns("id text, courier text, clock bigint"),
    "UPDATE outbox SET state = 'sending', courier = w.courier, attempts = attempts + 1, not_before = NULL, "
    "unsure = unsure + (CASE WHEN state = 'sending' AND outbox.courier <> w.courier THEN 1 ELSE 0 END) "
    f"FROM w WHERE outbox.id = w.id AND outbox.{_NOT_FINAL} AND outbox.state <> 'parked' "
    f"AND (outbox.state <> 'sending' OR outbox.courier = w.courier OR outbox.{_GONE}) RETURNING outbox.id",
)
"""What this courier itself began, it begins again only if it never learned that the first time was written."""

SETTLE = Lookup(
    _columns(
        "id text, state text, outcome text, message text, not_before bigint, unsure int, uncounted int, courier text, "
        "clock bigint, sent bigint, forget int"
    ),
    "UPDATE outbox SET state = w.state, outcome = w.outcome, message = coalesce(w.message, outbox.message), "
    "not_before = w.not_before, unsure = outbox.unsure + w.unsure, attempts = outbox.attempts - w.uncounted, "
    "sent = coalesce(w.sent, outbox.sent), "
    "asker = CASE WHEN w.forget = 1 AND outbox.sent IS NULL THEN NULL ELSE outbox.asker END "
    f"FROM w WHERE outbox.id = w.id AND outbox.{_NOT_FINAL} AND (outbox.state <> 'sending' "
    f"OR outbox.courier = w.courier OR outbox.{_GONE}) RETURNING outbox.id",
)
"""Whom something answered counts while it was said; else it is forgotten (`forget`) once the way is over."""

INSTEAD = Lookup(
    _columns("of text, id text, kind text, effect text, expires bigint, urgency int, answers int"),
    "INSERT INTO outbox (id, at, group_id, event, workflow, kind, effect, expires, platform, urgency, asker) "
    "SELECT w.id, o.at, o.group_id, o.event, o.workflow, w.kind, w.effect, w.expires, o.platform, w.urgency, "
    "CASE WHEN w.answers = 1 THEN o.asker END "
    "FROM w CROSS JOIN outbox o WHERE o.id = w.of ORDER BY w.n ON CONFLICT DO NOTHING RETURNING id",
)
UNASK = Lookup(
    _columns("id text"),
    "UPDATE outbox SET asker = NULL FROM w WHERE outbox.id = w.id AND outbox.sent IS NULL RETURNING outbox.id",
)
"""`forget` of `SETTLE`, for what others took the place of: they were told whom they answer before."""
ONCE = Lookup(
    _columns("name text, at bigint"),
    "INSERT INTO notices (name, at) SELECT w.name, w.at FROM w WHERE w.name IS NOT NULL "
    "ON CONFLICT DO NOTHING RETURNING name",
)
FORGET = Remove("notices", _columns("name text"))
TOLD = "SELECT name FROM notices WHERE name >= ? AND name < ?"

_SAID = (
    "SELECT g.key, o.kind, o.effect, o.sent, o.unsure, o.asker FROM outbox o CROSS JOIN groups g WHERE o.platform = ? "
)
SAID = (
    f"{_SAID} AND o.sent >= ? AND o.sent IS NOT NULL AND o.state <> 'sending' AND g.id = o.group_id "
    "ORDER BY o.sent, o.seq"
)
BEGUN = f"{_SAID} AND o.{_OPEN} AND o.state = 'sending' AND g.id = o.group_id ORDER BY o.seq"

PUT_OFF = (
    "SELECT g.key, o.kind, o.effect, o.outcome, o.not_before FROM outbox o CROSS JOIN groups g WHERE o.platform = ? "
    f"AND o.{_OPEN} AND o.state = 'waiting' AND o.not_before > ? AND substr(o.outcome, 1, ?) = ? AND g.id = o.group_id"
)

PARK = Lookup(
    _columns("platform text, gid bigint, outcome text, again bigint"),
    "UPDATE outbox SET state = 'parked', outcome = w.outcome, not_before = w.again FROM w "
    f"WHERE outbox.platform = w.platform AND outbox.group_id = w.gid AND outbox.{_OPEN} AND outbox.state = 'waiting' "
    "AND outbox.kind <> 'TellAdmins' RETURNING outbox.id",
)
UNPARK = Lookup(
    _columns("platform text, gid bigint"),
    "UPDATE outbox SET state = 'waiting', not_before = NULL FROM w "
    f"WHERE outbox.platform = w.platform AND outbox.group_id = w.gid AND outbox.{_OPEN} "
    "AND (outbox.state = 'parked' OR (outbox.state = 'waiting' AND outbox.not_before IS NOT NULL)) "
    "RETURNING outbox.id",
)

TAKE = (
    "INSERT INTO leases (name, holder, until) VALUES (?, ?, {clock} + ?) ON CONFLICT (name) DO UPDATE "
    "SET holder = excluded.holder, until = excluded.until "
    "WHERE leases.holder = excluded.holder OR leases.until <= {clock} RETURNING name"
)
DROP = Remove("leases", _columns("name text, holder text"))
HOLDER = "SELECT holder FROM leases WHERE name = ?"
HELD = "SELECT {clock}, until FROM leases WHERE holder = ?{hold}"
CLOCK = "SELECT {clock}"

"""The triggers that count a group's days and members, whoever writes the rows that are counted.

A trigger costs one step in the key of a small table. On SQLite it runs for each row, on PostgreSQL once for each
statement. Migration 0002 takes them from here as long as they are what it made: whoever changes one gives that
migration a copy of what is here now, and adds a migration that makes the change.
"""

# ruff: noqa: S608 (only constants of this file are put together)

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

ACTIVE: Final = "({0}.messages + {0}.reactions_given + {0}.check_ins > 0)"
_ADDED: Final = (
    "ON CONFLICT (day, group_id) DO UPDATE SET messages = group_days.messages + excluded.messages, "
    "active = group_days.active + excluded.active, check_ins = group_days.check_ins + excluded.check_ins"
)
_SIZED: Final = "ON CONFLICT (group_id) DO UPDATE SET members = group_sizes.members + excluded.members"
"""Members as digests count them: people, as far as anybody saw them, who have not left."""


def count(connection: Connection) -> None:
    """Have all that comes counted."""
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.exec_driver_sql(statement)  # not through text(): a colon or a percent sign in a trigger is its own


def _sized(change: str, row: str) -> str:
    return (
        f"INSERT INTO group_sizes SELECT {row}.group_id, {change} FROM accounts a WHERE a.id = {row}.person "
        f"AND a.kind = 0 {_SIZED};"
    )


_SQLITE: Final[Sequence[str]] = (
    "CREATE TRIGGER activity_begun AFTER INSERT ON activity BEGIN "
    f"INSERT INTO group_days VALUES (new.day, new.group_id, new.messages, {ACTIVE.format('new')}, new.check_ins) "
    f"{_ADDED}; END",
    "CREATE TRIGGER activity_went_on AFTER UPDATE ON activity BEGIN "
    "UPDATE group_days SET messages = messages + new.messages - old.messages, "
    f"active = active + {ACTIVE.format('new')} - {ACTIVE.format('old')}, "
    "check_ins = check_ins + new.check_ins - old.check_ins WHERE day = new.day AND group_id = new.group_id; END",
    "CREATE TRIGGER activity_gone AFTER DELETE ON activity BEGIN "
    f"UPDATE group_days SET messages = messages - old.messages, active = active - {ACTIVE.format('old')}, "
    "check_ins = check_ins - old.check_ins WHERE day = old.day AND group_id = old.group_id; END",
    f"CREATE TRIGGER member_came AFTER INSERT ON memberships WHEN new.left_at IS NULL BEGIN {_sized('1', 'new')} END",
    "CREATE TRIGGER member_moved AFTER UPDATE OF left_at ON memberships "
    "WHEN (new.left_at IS NULL) <> (old.left_at IS NULL) BEGIN "
    f"{_sized('CASE WHEN new.left_at IS NULL THEN 1 ELSE -1 END', 'new')} END",
    f"CREATE TRIGGER member_gone AFTER DELETE ON memberships WHEN old.left_at IS NULL BEGIN {_sized('-1', 'old')} END",
)


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"


def _days(sign: str, rows: str) -> str:
    return (
        f"SELECT day, group_id, {sign}messages AS messages, {sign}{ACTIVE.format(rows)}::int AS active, "
        f"{sign}check_ins AS check_ins FROM {rows}"
    )


def _counted(rows: str) -> str:
    """Groups in order of their ids, so that two transactions cannot hold each other up for ever."""
    return (
        f"INSERT INTO group_days SELECT day, group_id, sum(messages), sum(active), sum(check_ins) FROM ({rows}) r "
        f"GROUP BY day, group_id ORDER BY day, group_id {_ADDED};"
    )


def _moved(*sides: tuple[str, str]) -> str:
    """How the members of groups changed: `sides` are rows with the sign that they count by."""
    rows = " UNION ALL ".join(
        f"SELECT r.group_id, {sign}1 AS one FROM {rows} r JOIN accounts a ON a.id = r.person "
        "WHERE r.left_at IS NULL AND a.kind = 0"
        for sign, rows in sides
    )
    return (
        f"INSERT INTO group_sizes SELECT group_id, sum(one) FROM ({rows}) s GROUP BY group_id HAVING sum(one) <> 0 "
        f"ORDER BY group_id {_SIZED};"
    )


def _trigger(name: str, when: str, table: str, tables: str, function: str) -> str:
    return (
        f"CREATE TRIGGER {name} AFTER {when} ON {table} REFERENCING {tables} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )


_NEW, _OLD, _BOTH = "NEW TABLE AS fresh", "OLD TABLE AS former", "OLD TABLE AS former NEW TABLE AS fresh"

_POSTGRESQL: Final[Sequence[str]] = (
    _function("count_days_begun", _counted(_days("", "fresh"))),
    _function("count_days_changed", _counted(f"{_days('', 'fresh')} UNION ALL {_days('-', 'former')}")),
    _function("count_days_gone", _counted(_days("-", "former"))),
    _trigger("activity_begun", "INSERT", "activity", _NEW, "count_days_begun"),
    _trigger("activity_went_on", "UPDATE", "activity", _BOTH, "count_days_changed"),
    _trigger("activity_gone", "DELETE", "activity", _OLD, "count_days_gone"),
    _function("count_members_come", _moved(("", "fresh"))),
    _function("count_members_moved", _moved(("", "fresh"), ("-", "former"))),
    _function("count_members_gone", _moved(("-", "former"))),
    _trigger("member_came", "INSERT", "memberships", _NEW, "count_members_come"),
    _trigger("member_moved", "UPDATE", "memberships", _BOTH, "count_members_moved"),
    _trigger("member_gone", "DELETE", "memberships", _OLD, "count_members_gone"),
)

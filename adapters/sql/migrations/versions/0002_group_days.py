"""What a group did on a day, and how many members it has: kept by triggers, whoever writes what is counted."""

# ruff: noqa: S608 (only constants of this file are put together)

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.sql.counters import ACTIVE, count

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the counters, count what is there, and have all that comes counted."""
    op.create_table(
        "group_days",
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Column("active", sa.Integer, nullable=False),
        sa.Column("check_ins", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "group_sizes",
        sa.Column("group_id", BIG, primary_key=True),
        sa.Column("members", sa.Integer, nullable=False),
    )
    op.create_index(
        "accounts_others",
        "accounts",
        ["id"],
        sqlite_where=sa.text("kind <> 0"),
        postgresql_where=sa.text("kind <> 0"),
    )
    op.drop_index("ledger_window", "ledger")
    op.create_index("ledger_window", "ledger", ["group_id", "kind", "at", "person", "amount", "about"])
    op.execute(
        "INSERT INTO group_days SELECT day, group_id, sum(messages), "
        f"sum(CASE WHEN {ACTIVE.format('activity')} THEN 1 ELSE 0 END), sum(check_ins) "
        "FROM activity GROUP BY day, group_id"
    )
    op.execute(
        "INSERT INTO group_sizes SELECT m.group_id, count(*) FROM memberships m JOIN accounts a ON a.id = m.person "
        "WHERE m.left_at IS NULL AND a.kind = 0 GROUP BY m.group_id"
    )
    count(op.get_bind())

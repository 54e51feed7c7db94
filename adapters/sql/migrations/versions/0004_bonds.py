"""Accounts that are one person: what each is of, and what each did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns and tables."""
    op.add_column("accounts", sa.Column("own", sa.BigInteger))
    op.create_index(
        "accounts_more",
        "accounts",
        ["person"],
        sqlite_where=sa.text("person <> id"),
        postgresql_where=sa.text("person <> id"),
    )
    op.add_column("ledger", sa.Column("own", sa.BigInteger))
    op.add_column("ledger", sa.Column("by_own", sa.BigInteger))
    op.create_table(
        "shares",
        sa.Column("own", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Column("replies_given", sa.Integer, nullable=False),
        sa.Column("replies_received", sa.Integer, nullable=False),
        sa.Column("reactions_given", sa.Integer, nullable=False),
        sa.Column("reactions_received", sa.Integer, nullable=False),
        sa.Column("check_ins", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bonds",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("one", sa.BigInteger, nullable=False),
        sa.Column("other", sa.BigInteger, nullable=False),
        sa.Column("gone", sa.BigInteger),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("bonds_person", "bonds", ["person"])


def downgrade() -> None:
    """Take the columns and tables away. What is bound must be parted first."""
    op.drop_table("bonds")
    op.drop_table("shares")
    op.drop_column("ledger", "by_own")
    op.drop_column("ledger", "own")
    op.drop_index("accounts_more", "accounts")
    op.drop_column("accounts", "own")

"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "accounts",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("account", WORD, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.Column("username", WORD),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("language", WORD),
    )
    op.create_index("accounts_account", "accounts", ["account"], unique=True)
    op.create_table(
        "names",
        sa.Column("hash", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("account", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "groups",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("key", WORD, nullable=False),
    )
    op.create_index("groups_key", "groups", ["key"], unique=True)
    op.create_table(
        "addresses",
        sa.Column("platform", WORD, primary_key=True),
        sa.Column("address", WORD, primary_key=True),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "memberships",
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seen", sa.BigInteger),
        sa.Column("joined", sa.BigInteger),
        sa.Column("left_at", sa.BigInteger),
        sa.Column("inviter", sa.BigInteger),
        sa.Column("tags", WORD),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "memberships_joined",
        "memberships",
        ["group_id", "joined"],
        sqlite_where=sa.text("joined IS NOT NULL"),
        postgresql_where=sa.text("joined IS NOT NULL"),
    )
    op.create_index(
        "memberships_left",
        "memberships",
        ["group_id", "left_at"],
        sqlite_where=sa.text("left_at IS NOT NULL"),
        postgresql_where=sa.text("left_at IS NOT NULL"),
    )
    op.create_table(
        "ledger",
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", WORD, primary_key=True),
        sa.Column("key", WORD, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("by_person", sa.BigInteger),
        sa.Column("event", WORD, nullable=False),
        sa.Column("rule", WORD, nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.Column("about", sa.Integer),
        sqlite_with_rowid=False,
    )
    op.create_index("ledger_window", "ledger", ["group_id", "kind", "at", "person", "amount"])
    op.create_index(
        "ledger_given",
        "ledger",
        ["group_id", "by_person", "kind", "at"],
        sqlite_where=sa.text("by_person IS NOT NULL"),
        postgresql_where=sa.text("by_person IS NOT NULL"),
    )
    op.create_table(
        "balances",
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", WORD, primary_key=True),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("facts", sa.BigInteger, nullable=False),
        sa.Column("reached", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("balances_standing", "balances", ["group_id", "kind", sa.desc("amount"), "reached", "person"])
    op.create_table(
        "activity",
        sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Column("replies_given", sa.Integer, nullable=False),
        sa.Column("replies_received", sa.Integer, nullable=False),
        sa.Column("reactions_given", sa.Integer, nullable=False),
        sa.Column("reactions_received", sa.Integer, nullable=False),
        sa.Column("check_ins", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "records",
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("slot", WORD, primary_key=True),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("value", WORD, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "timers",
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("workflow", WORD, primary_key=True),
        sa.Column("key", WORD, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("member", WORD),
        sa.Column("data", WORD),
        sa.Column("ring", WORD, nullable=False),
        sa.Column("ring_at", sa.BigInteger, nullable=False),
        sa.Column("rings", sa.Integer, nullable=False, server_default="0"),
        sqlite_with_rowid=False,
    )
    op.create_index("timers_at", "timers", ["at"])
    op.create_index("timers_ring_at", "timers", ["ring_at"])
    op.create_table(
        "tasks",
        sa.Column("group_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", WORD, primary_key=True),
        sa.Column("key", WORD, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.Column("data", WORD),
        sa.Column("state", WORD, nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease", sa.BigInteger),
        sa.Column("outcome", WORD),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "tasks_open",
        "tasks",
        ["kind", "at"],
        sqlite_where=sa.text("state IN ('waiting', 'running')"),
        postgresql_where=sa.text("state IN ('waiting', 'running')"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", WORD, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("seq", BIG, primary_key=True),
        sa.Column("id", WORD, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("event", WORD, nullable=False),
        sa.Column("workflow", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("effect", WORD, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.Column("platform", WORD, nullable=False, server_default=""),
        sa.Column("urgency", sa.SmallInteger, nullable=False, server_default="1"),
        sa.Column("state", WORD, nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("unsure", sa.Integer, nullable=False, server_default="0"),
        sa.Column("courier", WORD),
        sa.Column("not_before", sa.BigInteger),
        sa.Column("message", WORD),
        sa.Column("outcome", WORD),
    )
    op.create_index("outbox_id", "outbox", ["id"], unique=True)
    op.create_index("outbox_group", "outbox", ["group_id", "seq"])
    op.create_index(
        "outbox_open",
        "outbox",
        ["platform", "group_id", "urgency", "seq"],
        sqlite_where=sa.text("state IN ('waiting', 'sending', 'parked')"),
        postgresql_where=sa.text("state IN ('waiting', 'sending', 'parked')"),
    )
    op.create_table(
        "leases",
        sa.Column("name", WORD, primary_key=True),
        sa.Column("holder", WORD, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notices",
        sa.Column("name", WORD, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "conversations",
        sa.Column("account", WORD, primary_key=True),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "strangers",
        sa.Column("platform", WORD, primary_key=True),
        sa.Column("address", WORD, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bind_codes",
        sa.Column("hash", WORD, primary_key=True),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger),
        sa.Column("platform", WORD),
        sa.Column("address", WORD),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit",
        sa.Column("seq", BIG, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("group_id", sa.BigInteger, nullable=False),
        sa.Column("event", WORD, nullable=False),
        sa.Column("workflow", WORD, nullable=False),
        sa.Column("rule", WORD, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("mode", WORD, nullable=False),
        sa.Column("done", WORD, nullable=False),
        sa.Column("because", WORD, nullable=False),
    )
    op.create_index("audit_group", "audit", ["group_id", "seq"])
    op.create_index(
        "audit_rules",
        "audit",
        ["group_id", "at"],
        sqlite_where=sa.text("workflow = 'rules'"),
        postgresql_where=sa.text("workflow = 'rules'"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("seq", BIG, primary_key=True),
        sa.Column("id", WORD, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("group_key", WORD, nullable=False),
        sa.Column("event", WORD, nullable=False),
        sa.Column("why", WORD, nullable=False),
    )
    op.create_index("dead_letters_id", "dead_letters", ["id"], unique=True)


def downgrade() -> None:
    """Drop every table."""
    for table in (
        "accounts",
        "names",
        "groups",
        "addresses",
        "memberships",
        "ledger",
        "balances",
        "activity",
        "records",
        "timers",
        "tasks",
        "inbox",
        "outbox",
        "leases",
        "notices",
        "conversations",
        "strangers",
        "bind_codes",
        "audit",
        "dead_letters",
    ):
        op.drop_table(table)

"""When each account was heard, and when something was said for one that may say so much in a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SENT = sa.text("sent IS NOT NULL")


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "connections",
        sa.Column("name", WORD, primary_key=True),
        sa.Column("first", sa.BigInteger),
        sa.Column("heard", sa.BigInteger),
        sa.Column("how", WORD, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.add_column("outbox", sa.Column("sent", sa.BigInteger))
    op.create_index("outbox_sent", "outbox", ["platform", "sent"], sqlite_where=_SENT, postgresql_where=_SENT)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("outbox_sent", "outbox")
    op.drop_column("outbox", "sent")
    op.drop_table("connections")

"""Which account was let in last, so that another one at the same gateway is known to be new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("connections", sa.Column("account", WORD))
    op.add_column("connections", sa.Column("called", WORD))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("connections", "called")
    op.drop_column("connections", "account")

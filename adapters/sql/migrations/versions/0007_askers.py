"""Whose message an answer answers, so that nobody is given all that an account may say in a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column."""
    op.add_column("outbox", sa.Column("asker", WORD))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("outbox", "asker")

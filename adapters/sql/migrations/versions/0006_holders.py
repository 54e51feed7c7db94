"""Who has a task in hand, so that nobody waits for a claimant that is known to be dead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column."""
    op.add_column("tasks", sa.Column("holder", WORD))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("tasks", "holder")

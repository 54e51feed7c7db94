"""Until when an account does nothing because its platform complained, so that a restart keeps the pause."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("connections", sa.Column("held", sa.BigInteger))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("connections", "held")

"""When somebody joined for the first time, which coming back does not change.

Of those who are here already it is known where nothing was seen of them more than three days before they joined: then
that join was the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ENTRY = 3 * 24 * 60 * 60 * 1_000_000


def upgrade() -> None:
    """Add the column, and fill it."""
    op.add_column("memberships", sa.Column("first_joined", sa.BigInteger))
    op.execute(f"UPDATE memberships SET first_joined = joined WHERE joined - seen <= {ENTRY}")  # noqa: S608 (a constant)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("memberships", "first_joined")

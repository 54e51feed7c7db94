"""Tasks that were given up are counted without a look at all that are over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_DEAD = sa.text("state = 'dead'")


def upgrade() -> None:
    """Add the index."""
    op.create_index("tasks_dead", "tasks", ["kind"], sqlite_where=_DEAD, postgresql_where=_DEAD)


def downgrade() -> None:
    """Drop it."""
    op.drop_index("tasks_dead", "tasks")

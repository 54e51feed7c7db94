"""What was done about each member stands in the order in which it was done, the oldest first.

Dictionaries were written with their keys sorted until then, and the keys of these are hashes. Whoever undid "the last"
took back any of them.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

RECORDS = sa.table("records", *(sa.column(name) for name in ("group_id", "slot", "person", "value")))


def upgrade() -> None:
    """Sort them by when they were done; those of one moment stay as they stand."""
    session = op.get_bind()
    held = session.execute(sa.select(RECORDS).where(RECORDS.c.slot == "steering.acts")).all()
    for group, slot, person, value in held:
        record: dict[str, Any] = json.loads(value)
        acts = sorted(record.get("last", {}).items(), key=_done)
        written = json.dumps(record | {"last": dict(acts)}, ensure_ascii=False, separators=(",", ":"))
        if written != value:
            whose = (RECORDS.c.group_id == group, RECORDS.c.slot == slot, RECORDS.c.person == person)
            session.execute(sa.update(RECORDS).where(*whose).values(value=written))


def _done(one: tuple[str, dict[str, Any]]) -> datetime:
    return datetime.fromisoformat(one[1]["at"])


def downgrade() -> None:
    """Nothing: the order is right for those before, too."""

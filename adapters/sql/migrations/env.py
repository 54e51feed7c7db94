"""Run by Alembic, with the connection that `adapters.sql.migrating` gives it."""

from __future__ import annotations

from alembic import context

from adapters.sql.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()

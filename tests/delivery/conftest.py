"""The stores' fixtures serve the outbox too."""

from tests.stores.conftest import migrated_postgres, new_url, postgres

__all__ = ["migrated_postgres", "new_url", "postgres"]

"""The stores' fixtures serve the engine too."""

from tests.stores.conftest import migrated_postgres, new_url, postgres, store

__all__ = ["migrated_postgres", "new_url", "postgres", "store"]

"""Every store there is, for what binds accounts."""

from tests.stores.conftest import migrated_postgres, new_url, postgres, store, url

__all__ = ["migrated_postgres", "new_url", "postgres", "store", "url"]

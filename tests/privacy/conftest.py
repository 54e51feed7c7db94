"""Every store, as in tests/stores; and coroutines, as in tests/serve."""

from tests.serve.conftest import pytest_pyfunc_call
from tests.stores.conftest import migrated_postgres, new_url, postgres, store, url

__all__ = ["migrated_postgres", "new_url", "postgres", "pytest_pyfunc_call", "store", "url"]

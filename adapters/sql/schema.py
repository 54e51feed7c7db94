"""The schema: all tables, once for both databases, and the migration that they correspond to."""

from __future__ import annotations

from typing import Final

from adapters.sql import columns, delivery_tables, member_tables  # noqa: F401 (each adds its tables)

REVISION: Final = "0012"
METADATA: Final = columns.METADATA

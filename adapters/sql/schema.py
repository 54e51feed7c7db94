"""The schema: all tables, once for both databases. The migration that they correspond to is `revision.REVISION`."""

from __future__ import annotations

from typing import Final

from adapters.sql import columns, delivery_tables, member_tables  # noqa: F401 (each adds its tables)

METADATA: Final = columns.METADATA

"""What the tables are made of, the same on both databases.

Instants are microseconds since 1970 in UTC, days are proleptic ordinals (`date.toordinal`): small, exact and ordered.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData, Text

METADATA = MetaData()
"""Holds each table once its module is imported; `schema` has them all."""

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""Where SQLite makes it the row's own id."""

WORD = Text().with_variant(Text(collation="C"), "postgresql")
"""Text ordered by code points on both databases, as Python orders it."""

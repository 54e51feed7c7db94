"""What all events share.

`id` is derived from the platform's own id, so that the same happening always has the same id.
`group` is the operator's key, never a platform's address. `at` is an aware UTC instant: the only
clock that a workflow has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.quick import quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What all events share."""

    id: str
    at: datetime
    group: str

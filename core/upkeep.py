"""What a running process asks of the store besides batches. Owned here, implemented in adapters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from core.ports import TimerRow


class Upkeep(Protocol):
    """All may raise StoreBusy or StoreUnavailable."""

    def due(self, groups: Collection[str], now: datetime, most: int) -> Sequence[TimerRow]:
        """At most `most` timers of these groups that are due at or before `now`, the oldest first."""
        ...

    def next_due(self, groups: Collection[str]) -> datetime | None:
        """When the next timer of these groups is due; None if there is none."""
        ...

    def forget_seen(self, before: datetime, most: int) -> int:
        """Forget ids that were seen before an instant, at most `most` of them. Answers how many there were."""
        ...

"""The timers of a history that is replayed: which one comes due next."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import datetime

from core.ports import TimerRow, UnitOfWork


class Wheel:
    """The timers that come due while a history is replayed, those set on the way included."""

    def __init__(self, unit: UnitOfWork, groups: Sequence[str], limit: datetime | None) -> None:
        rows = unit.timers_until(groups, limit) if limit is not None else ()
        self._limit = limit
        self._standing = {(row.group, row.workflow, row.key): row for row in rows}
        self._heap = [(row.at, row.group, row.workflow, row.key) for row in rows]
        heapq.heapify(self._heap)

    def set(self, place: tuple[str, str, str], row: TimerRow | None) -> None:
        self._standing.pop(place, None)
        if row is not None and self._limit is not None and row.at <= self._limit:
            self._standing[place] = row
            heapq.heappush(self._heap, (row.at, *place))

    def pop(self, until: datetime) -> TimerRow | None:
        while self._heap and self._heap[0][0] <= until:
            at, *place = heapq.heappop(self._heap)
            row = self._standing.get((place[0], place[1], place[2]))
            if row is not None and row.at == at:
                del self._standing[place[0], place[1], place[2]]
                return row
        return None

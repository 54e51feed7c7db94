"""Parcels that are born in a courier's hands.

The engine asks before it commits; what the courier promises to perform at once is written as begun by it, and handed
over in memory after the commit. So an answer waits neither for a look into the outbox nor for a commit of its own. The
row stays the truth: a courier that dies with such a parcel leaves one whose outcome nobody knows, as with any other
that it had begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from core.delivery import Parcel
from core.effects import Say
from core.ports import OutboxRow

Free = Callable[[str, Say], str]
"""The name under which a courier holds its lease, if it could post this message of a group at this moment."""


class Promises:
    """What one courier promised and was not handed yet. `promise` is called in the engine's thread, the others in the
    courier's; they take turns, as a batch is over before the next one begins."""

    def __init__(self, free: Free) -> None:
        self._free = free
        self._open: dict[str, OutboxRow] = {}
        self._groups: set[str] = set()

    def promise(self, row: OutboxRow) -> str:
        """The courier of a row that is about to be committed; empty if it shall wait to be fetched.

        Promised are messages that can wait least and may be repeated, one of a group at a time. What is asked for in
        vain costs nothing; what is promised and cannot go after all (the pace, a right that was lost) goes later.
        """
        effect = row.effect
        if not isinstance(effect, Say) or effect.urgency == "bulk" or effect.announce or row.group in self._groups:
            return ""
        if holder := self._free(row.group, effect):
            self._open[row.id] = row._replace(courier=holder)
            self._groups.add(row.group)
        return holder

    def kept(self, rows: Iterable[OutboxRow]) -> list[Parcel]:
        """The parcels among rows that were committed. Whatever else was promised was not written."""
        found = [waiting(row)._replace(attempts=1, in_hand=True) for row in rows if row.id in self._open]
        self._forget()
        return found

    def doubtful(self) -> list[Parcel]:
        """A commit has failed, or not: parcels to be begun like any others, which tells whether they are there."""
        found = [waiting(row) for row in self._open.values()]
        self._forget()
        return found

    def _forget(self) -> None:
        self._open.clear()
        self._groups.clear()


def waiting(row: OutboxRow) -> Parcel:
    """The parcel of a row that was just written, and that nobody has begun."""
    where = (row.id, row.group, row.platform, row.event, row.workflow, row.effect, row.at, row.expires)
    return Parcel(*where, asker=row.asker)

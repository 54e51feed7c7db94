"""The parcels that a courier has at hand, and when each may go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import count

from core.courier_judging import Trip, spoken_to
from core.lane import AT_ONCE
from core.pacing import Limits, Pacer
from core.people import Account
from core.routing import urgency


class Load:
    """Trips that wait for their moment or are on their way, by parcel."""

    def __init__(self, limits: Limits) -> None:
        self.pacer = Pacer(limits)
        self._trips: dict[str, Trip] = {}
        self._of_group: Counter[str] = Counter()
        self._of_asker: Counter[tuple[str, Account]] = Counter()
        self._asked_much: set[tuple[str, Account]] = set()
        """Whose answers wait with everybody, until none is left: what they asked for later would overtake them."""
        self._in_line: dict[str, tuple[str, Account]] = {}
        self._before: Counter[tuple[str, Account]] = Counter()
        """How much is for somebody in a chat and goes in its turn: no answer to them overtakes what it may refer to."""
        self._numbers = count(1)

    def clear(self) -> None:
        """Forget all that waits. What is on its way stays."""
        for trip in self.resting():
            self.drop(trip)

    def __len__(self) -> int:
        return len(self._trips)

    @property
    def ids(self) -> Collection[str]:
        return self._trips.keys()

    def __getitem__(self, id_: str) -> Trip:
        return self._trips[id_]

    def held(self, group: str) -> int:
        """How many parcels of a group are at hand."""
        return self._of_group[group]

    def take(self, trip: Trip) -> None:
        """One more to go."""
        trip.number = trip.number or next(self._numbers)
        self._trips[trip.id] = trip
        self._of_group[trip.parcel.group] += 1
        chat, public, asker = trip.to[0].chat, trip.public, trip.parcel.asker
        urgent, in_line = urgency(trip.effect), self._lines_up(trip, chat)
        if asker is not None:
            of_asker = (trip.parcel.group, asker)
            self._of_asker[of_asker] += 1
            if trip.posts and (self._of_asker[of_asker] > AT_ONCE or of_asker in self._asked_much):
                self._asked_much.add(of_asker)
                urgent = max(urgent, 1)
        self.pacer.offer(
            trip.id,
            chat,
            urgent,
            posts=trip.posts,
            group=public,
            lane=trip.lane,
            parts=trip.parts,
            answers=trip.answers and not in_line,
            whose=asker or "",
        )

    def _lines_up(self, trip: Trip, chat: str) -> bool:
        """Whether something that was said to the same member before still waits. What goes in its turn is noted."""
        whom = trip.parcel.asker if trip.answers else spoken_to(trip.effect)
        if whom is None or not trip.posts or (trip.answers and (chat, whom) not in self._before):
            return False
        self._in_line[trip.id] = (chat, whom)
        self._before[chat, whom] += 1
        return True

    def drop(self, trip: Trip) -> None:
        """It is out of our hands."""
        if trip.id in self.pacer:
            self.pacer.withdraw(trip.id)
        if (line := self._in_line.pop(trip.id, None)) is not None:
            self._before[line] -= 1
            if not self._before[line]:
                del self._before[line]
        if self._trips.pop(trip.id, None) is not None:
            self._of_group[trip.parcel.group] -= 1
            if not self._of_group[trip.parcel.group]:
                del self._of_group[trip.parcel.group]
            if trip.parcel.asker is not None:
                of_asker = (trip.parcel.group, trip.parcel.asker)
                self._of_asker[of_asker] -= 1
                if not self._of_asker[of_asker]:
                    del self._of_asker[of_asker]
                    self._asked_much.discard(of_asker)

    def resting(self) -> list[Trip]:
        """What is not on its way."""
        return [trip for trip in self._trips.values() if self.pacer.rests(trip.id)]

    def waiting(self, group: str) -> list[Trip]:
        """What is at hand for a group and not on its way, in order."""
        return sorted((trip for trip in self.resting() if trip.parcel.group == group), key=lambda trip: trip.number)

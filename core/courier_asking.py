"""Asking the platform for a parcel: message by message, one admin after the other, each when its time has come."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Final, assert_never

from core.budget import Budget, Sent
from core.courier_judging import Trip, shortened
from core.courier_lease import DEADLINE, Clock, Lease
from core.delivery import Answer, Destination, Done, Later, Never, Platform, Unsure
from core.pacing import Pacer
from core.routing import urgency

TOGETHER: Final = 300.0
"""Seconds that the rest of something that was begun waits on its way; if it were longer, it waits in the outbox."""
HASTE: Final = 1.0
"""Seconds that it waits on its way when the courier is about to end."""
BROKEN_OFF: Final = Later(after=timedelta(), why="the rest waits for whoever performs next")
_LEASE: Final = 0.5


class Asking:
    """Asks for all that a parcel takes. What was broken off between two messages goes on where it was, here at least:
    the platform remembers what is said of a text, and this which admins have heard a line."""

    def __init__(self, platform: Platform, pacer: Pacer, lease: Lease, clock: Clock, budget: Budget | None) -> None:
        self._platform = platform
        self._pacer = pacer
        self._lease = lease
        self._clock = clock
        self._budget = budget
        self._naps: set[asyncio.Future[None]] = set()
        self._told: dict[str, dict[Destination, Answer]] = {}
        self._in_haste = False

    @property
    def resting(self) -> int:
        """How many wait between two messages: nothing of theirs is on the wire."""
        return len(self._naps)

    def hurry(self) -> None:
        """Rest no more between messages, but where the platform wants it."""
        self._in_haste = True
        for nap in self._naps:
            nap.cancel()

    def over(self, trip: Trip) -> None:
        """If it is asked for again, then from its beginning."""
        self._told.pop(trip.id, None)

    async def ask(self, trip: Trip) -> Answer:
        """All its messages, to the admins one after the other; it is done if it reached one of them."""
        if len(trip.to) == 1:
            return await self._tell_one(trip, trip.to[0])
        told = self._told.setdefault(trip.id, {})
        for to in trip.to:
            if isinstance(told.get(to), Done | Unsure | Never):
                continue  # before it was broken off
            put_off = await self._turn(trip, to) if to != trip.to[0] else None
            best = max(told.values(), key=_worth, default=None)
            if put_off is not None and isinstance(best, Done):
                return replace(best, note=f"not told to all: {put_off.why}")
            told[to] = put_off or await self._tell_one(trip, to)
        return max(told.values(), key=_worth)

    async def _tell_one(self, trip: Trip, to: Destination) -> Answer:
        """In one chat, message by message."""
        answer = await self._request(trip, to)
        while isinstance(answer, Done) and answer.left:
            self._pacer.went(to.chat, self._clock.monotonic(), answer.posts, group=trip.public)
            answer = await self._turn(trip, to) or await self._request(trip, to)
        return answer

    async def _turn(self, trip: Trip, to: Destination) -> Later | None:
        """Wait until one message more may go to a chat; if that takes long, it is put off."""
        trip.between = True
        while wait := self._wait(trip, to):
            if wait > (HASTE if self._in_haste else TOGETHER):
                return Later(after=timedelta(seconds=wait), why="the rest waits for the end of a pause", flood=True)
            trip.deadline = self._clock.monotonic() + wait + DEADLINE
            await self._rest(wait)
        trip.between = False
        trip.deadline = self._clock.monotonic() + DEADLINE
        return None

    async def _rest(self, seconds: float) -> None:
        """So long, or until there is haste."""
        nap = asyncio.ensure_future(self._clock.sleep(seconds))
        self._naps.add(nap)
        try:
            await asyncio.wait((nap,))
        finally:
            self._naps.discard(nap)
            nap.cancel()

    def _wait(self, trip: Trip, to: Destination) -> float:
        if not self._lease.safe:
            return _LEASE
        held = self._budget.pause(self._clock.now()) if self._budget is not None else 0.0
        urgent, now = urgency(trip.effect), self._clock.monotonic()
        return held or self._pacer.more(to.chat, urgent, now, group=trip.public, in_haste=self._in_haste)

    async def _request(self, trip: Trip, to: Destination) -> Answer:
        """Ask once. What was said, or may have been, counts against the account's day."""
        answer: Answer = Unsure(why="no answer")
        try:
            effect = shortened(trip.effect, trip.parcel, self._clock.now())
            answer = await self._platform.perform(effect, to)
            return answer
        finally:
            if trip.posts and isinstance(answer, Done | Unsure):
                self._count(trip, to, answer.posts if isinstance(answer, Done) else 1)

    def _count(self, trip: Trip, to: Destination, posts: int) -> None:
        trip.said = True
        if self._budget is not None:
            # However many admins hear of somebody, it is one answer of those that they have a share in.
            asker = trip.parcel.asker if to == trip.to[0] else None
            self._budget.note(Sent(trip.parcel.group, trip.place.person(to), self._clock.now(), posts, asker))


def _worth(answer: Answer) -> int:
    """Of several answers the best counts; what may have happened counts more than what certainly did not."""
    match answer:
        case Done():
            return 3
        case Unsure():
            return 2
        case Later():
            return 1
        case Never():
            return 0
        case _:
            assert_never(answer)

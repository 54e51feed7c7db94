"""The work that rings ask for, and nothing else: what a worker finds in its list is what may run.

A ring carries the keys of timers, never what they hold. Whoever answers reads the rows again: those that were spent
meanwhile are gone, so that answering twice, late or never is harmless.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from adapters.queue.rings import QueueName, Work
from adapters.sql.clock import Due
from core.events import Event
from core.outcome import Outcome
from jobs.clock.premises import Premises
from jobs.mishaps import tell

log = logging.getLogger("yaji.clock")

FIRE = "timers.fire"
"""The name of `fire` in rings."""
MOST = 100
"""Timers in one transaction: messages of the same groups have their turn in between."""
STRAYS_WAIT = timedelta(hours=1)
"""A timer of a group that the configuration does not have now stands, and is looked at again this much later."""

HELD = timedelta(seconds=5)
"""A timer whose group waits for what was written to be heard is looked at again this much later: see `jobs.earshot`."""

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class Timers:
    """Fires timers: in a worker, or in the scheduler itself where nobody else does."""

    def __init__(
        self, premises: Premises, committed: Callable[[Sequence[Event], Outcome], object] = lambda events, outcome: None
    ) -> None:
        self._premises = premises
        self._committed = committed

    def fire(self, timers: Sequence[Due]) -> Outcome:
        """Process those of the timers that stand and are due. Raises StoreBusy, StoreUnavailable: some may be done."""
        clock, (engine, groups) = self._premises.clock, self._premises.current()
        outcome = Outcome()
        strays = [due for due in timers if due.group not in groups]
        if strays:
            clock.put_off(strays, clock.now() + STRAYS_WAIT)
        now = clock.now()
        waiting = self._premises.waiting(now)
        held = [due for due in timers if due.group in waiting and due.at > waiting[due.group]]
        if held:
            clock.put_off(held, now + HELD)
        off = {*strays, *held}
        for part in _parts([due for due in timers if due not in off] if off else timers):
            now = clock.now()
            rows = clock.standing(part)
            events = [row.due(now) for row in rows if row.at <= now]
            done = engine.process(events)
            self._committed(events, done)
            outcome.add(done)
        tell(outcome, log)
        return outcome

    def answer(self, written: Sequence[Sequence[object]]) -> None:
        """As `fire`, for what `ringing` wrote."""
        self.fire([_due(row) for row in written])


def works(timers: Timers) -> Mapping[QueueName, Mapping[str, Work]]:
    """What the workers of each queue may be asked for."""
    return {"timers": {FIRE: timers.answer}, "digests": {}}


def ringing(timers: Sequence[Due]) -> list[list[object]]:
    """Timers as a ring names them."""
    return [
        [due.group, due.workflow, due.key, (due.at - _EPOCH) // timedelta(microseconds=1), due.ring, due.rings]
        for due in timers
    ]


def _due(row: Sequence[object]) -> Due:
    group, workflow, key, at, ring, rings = row
    return Due(
        str(group), str(workflow), str(key), _EPOCH + timedelta(microseconds=_whole(at)), str(ring), _whole(rings)
    )


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a ring names a timer by {value!r}, which is no number")
    return value


def _parts(timers: Sequence[Due]) -> Iterator[list[Due]]:
    rest = iter(timers)
    while part := list(islice(rest, MOST)):
        yield part

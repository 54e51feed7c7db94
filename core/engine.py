"""The engine: a batch of events in, one commit out.

`process` drops what was seen, loads what the workflows declared, folds the events one after another and
saves everything that was decided in one transaction. Processing a batch twice equals once; a batch
equals its events one by one. A workflow that crashes is left out for that event and reported. An event
that cannot be processed at all is set aside as a dead letter and never blocks the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from core.applying import Takes, nobody
from core.batch import Batch
from core.days import GroupClock
from core.errors import HoldsTooLittle, StoreBusy, StoreUnavailable
from core.events import Event, TimerDue
from core.interest import Listeners
from core.outcome import Fault, Outcome
from core.ports import DeadLetter, Store, UnitOfWork
from core.workflow import Group

__all__ = ["Engine", "Fault", "Outcome"]

BUSY_TRIES = 5


class Engine:
    """Folds events for a set of groups into a store. Remembers nothing between batches but what it worked out.

    `takes` is asked about each effect of `process` whether a courier of this process has it in hand.
    """

    def __init__(self, store: Store, groups: Mapping[str, Group], takes: Takes = nobody) -> None:
        self._store = store
        self._takes = takes
        self._groups = groups
        self._listeners = Listeners()
        self._clock = GroupClock()

    def process(self, batch: Sequence[Event], *, lasting: bool = True) -> Outcome:
        """Process a batch. When this returns, every event of it is committed or set aside.

        Not `lasting`: believe so only after the store's `flush`. No courier is asked then: it may not perform yet.
        Raises StoreUnavailable (nothing was committed: keep the batch and try again) and StoreBusy
        after several tries.
        """
        outcome = self._run(list(batch), replaying=False, lasting=lasting)
        if lasting and outcome.repeated:
            self._store.flush()  # whoever committed them may not have waited for it
        return outcome

    def replay(self, batch: Sequence[Event], until: datetime | None = None) -> Outcome:
        """As `process`, on the events' own clock: timers that come due between them fire in between, in order.

        `until` lets time pass after the last event. Events must be in order of time.
        """
        return self._run(list(batch), replaying=True, until=until)

    def _run(
        self,
        batch: list[Event],
        replaying: bool,
        until: datetime | None = None,
        *,
        lasting: bool = True,
        last_try: bool = False,
    ) -> Outcome:
        known = [event for event in batch if event.group in self._groups]
        outcome = Outcome()
        if len(known) < len(batch):
            strays = [event for event in batch if event.group not in self._groups]
            self._bury(strays, outcome, "no community in the configuration has this group")
        if not known and until is None:
            return outcome
        everything, busy = False, 0
        takes = self._takes if lasting and not replaying else nobody
        while True:
            try:
                with self._store.unit(lasting=lasting) as unit:
                    done = self._batch(unit, replaying, takes).run(known, until, everything=everything)
                    unit.commit()
                outcome.add(done)
                return outcome
            except HoldsTooLittle:
                everything = True
            except StoreBusy:
                busy += 1
                if busy == BUSY_TRIES:
                    raise
            except StoreUnavailable:
                raise
            except Exception as error:
                if len(known) == 1 and not replaying and not last_try:
                    outcome.add(self._run(known, replaying=False, lasting=lasting, last_try=True))
                else:
                    outcome.add(self._halved(known, replaying, until, error, lasting=lasting))
                return outcome

    def _batch(self, unit: UnitOfWork, replaying: bool, takes: Takes) -> Batch:
        return Batch(unit, self._groups, self._listeners, self._clock, replaying=replaying, takes=takes)

    def _halved(
        self, batch: list[Event], replaying: bool, until: datetime | None, error: Exception, *, lasting: bool
    ) -> Outcome:
        """A batch failed as a whole: halve it until the culprit stands alone, and set that aside."""
        outcome = Outcome()
        if len(batch) > 1:
            middle = len(batch) // 2
            outcome.add(self._run(batch[:middle], replaying, lasting=lasting))
            outcome.add(self._run(batch[middle:], replaying, until, lasting=lasting))
        elif replaying:
            for event in batch:
                outcome.add(self._fire_singly([event.group], event.at))
                outcome.add(self._run([event], replaying=False))
            if until is not None:
                outcome.add(self._fire_singly(sorted(self._groups), until))
        else:
            self._bury(batch, outcome, f"{type(error).__name__}: {error}")
        return outcome

    def _fire_singly(self, groups: Sequence[str], until: datetime) -> Outcome:
        """Timers in transactions of their own, so that one that cannot be processed is set aside alone."""
        outcome = Outcome()
        while True:
            with self._store.unit() as unit:
                rows = unit.timers_until(groups, until)
            if not rows:
                return outcome
            fired = self._run([rows[0].due(rows[0].at)], replaying=False)
            outcome.timers += fired.new
            fired.new = 0
            outcome.add(fired)

    def _bury(self, events: Sequence[Event], outcome: Outcome, why: str) -> None:
        letters = [DeadLetter(event.id, _aware(event.at), event.group, repr(event), why) for event in events]
        self._store.bury(letters, [event for event in events if isinstance(event, TimerDue)])
        outcome.buried += letters


def _aware(at: datetime) -> datetime:
    """An instant that a dead letter can be written with, whatever the event had."""
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)

"""One transaction's work: a batch of events, prefetched, folded one after another, and written.

The order for each event: what the engine itself writes down, then every workflow that wants to decide, then
the follow-up events that their decisions made, oldest first. `applying` carries the decisions out.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from core import choosing
from core.applying import Applying
from core.chronicle import ALBUMS, observe
from core.days import GroupClock
from core.decision import NOTHING, Decision
from core.errors import RunawayFollowUps, StoreBusy, StoreError, StoreUnavailable
from core.events import (
    Event,
    Instructed,
    MemberJoined,
    MemberRenamed,
    MessagePosted,
    PointsChanged,
    ReactionChanged,
    TimerDue,
)
from core.outcome import Fault, Outcome
from core.people import ANONYMOUS_ADMIN, NOBODY, Actor
from core.ports import AuditRow, UnitOfWork
from core.state import Key
from core.view import LoadedView
from core.wheel import Wheel
from core.workflow import Bound, Group
from core.working import Working, newcomer

MOST_FOLLOW_UPS = 64


Interest = tuple[Bound[Any], tuple[Key[Any], ...], Exception | None]
"""A workflow that is asked about an event, the keys it declared, and the error it raised instead."""

_ADDRESSED = frozenset((TimerDue, Instructed))
_AGGREGATES = frozenset(("standings", "everyone", "named"))
_GLANCED = frozenset(("record", "balance"))


class Listeners:
    """Which workflows of a group hear an event type, in their order. Worked out once for each set of workflows."""

    def __init__(self) -> None:
        self._tables: dict[int, tuple[tuple[Bound[Any], ...], dict[type, tuple[Bound[Any], ...]]]] = {}

    def of(self, group: Group, kind: type) -> tuple[Bound[Any], ...]:
        """The workflows of the group that hear events of a type."""
        runs = group.runs
        held = self._tables.get(id(runs))
        if held is None or held[0] is not runs:
            held = self._tables[id(runs)] = (runs, {})
        found = held[1].get(kind)
        if found is None:
            found = held[1][kind] = tuple(bound for bound in runs if kind in bound.workflow.hears)
        return found


class Batch:
    """One transaction's work. Used once."""

    def __init__(
        self,
        unit: UnitOfWork,
        groups: Mapping[str, Group],
        listeners: Listeners,
        clock: GroupClock,
        *,
        replaying: bool = False,
    ) -> None:
        self.unit = unit
        self.groups = groups
        self.working = Working(unit, groups, clock)
        self.outcome = Outcome()
        self._applying = Applying(self.working, groups, self.outcome)
        self._listeners = listeners
        self._replaying = replaying
        self._interested: dict[int, list[Interest]] = {}

    def run(self, batch: list[Event], until: datetime | None) -> Outcome:
        """Everything but the commit."""
        touched = sorted({event.group for event in batch} if until is None else self.groups)
        self.unit.lock(touched)
        new = self._drop_seen(batch)
        wheel = self._applying.wheel = Wheel(self.unit, touched, _limit(new, until)) if self._replaying else None
        for segment in _segments(new):
            self._prefetch(segment)
            for event in segment:
                if wheel is not None:
                    self._fire(wheel, event.at)
                self._fold(event)
            self.working.flush()
        if wheel is not None and until is not None:
            self._fire(wheel, until)
            self.working.flush()
        return self.outcome

    def _drop_seen(self, batch: list[Event]) -> list[Event]:
        """The events that are new. A timer is new as long as it stands: being spent is its being seen."""
        if not batch:
            return []
        due = [event for event in batch if type(event) is TimerDue]
        ids = [event.id for event in batch if type(event) is not TimerDue] if due else [event.id for event in batch]
        fresh = self.unit.unseen(ids, batch[-1].at)
        if due:
            fresh |= self.unit.timer_stands(due)
        new = []
        for event in batch:
            if event.id in fresh:
                fresh.discard(event.id)
                new.append(event)
        self.outcome.new += len(new)
        self.outcome.repeated += len(batch) - len(new)
        return new

    def _prefetch(self, segment: list[Event]) -> None:
        """Load what the whole segment declared, with a handful of queries."""
        people: list[tuple[str, Actor]] = []
        wanted: list[tuple[str, Key[Any]]] = []
        for event in segment:
            key = event.group
            if type(event) is MemberRenamed:
                self.unit.rebind(event.was, newcomer(event.actor))
            actor = getattr(event, "actor", None)
            if actor is not None and actor.kind is not ANONYMOUS_ADMIN:
                people.append((key, actor))
            group, other = self.groups[key], None
            if type(event) is MessagePosted:
                if group.numbered:
                    wanted += [(key, k) for k in choosing.reads(event, group)]
                reply = event.reply_to
                other = reply.author if reply is not None else None
                if event.album is not None:
                    wanted.append((key, ALBUMS.of_group()))
            elif type(event) is ReactionChanged:
                other = event.author
            elif type(event) is MemberJoined:
                other = event.by
            if other is not None and other.kind is not ANONYMOUS_ADMIN:
                people.append((key, other))
            asked = self._interested[id(event)] = self._interest(event, group)
            for bound, keys, _ in asked:
                if keys:
                    wanted += [(key, k) for k in keys if k.what not in _AGGREGATES]
                    if bound.workflow.awards and actor is not None:
                        wanted += self._foreseen(group, event, actor)
        self.working.seat_all(people)
        if wanted:
            try:
                self.working.load(wanted)
            except StoreError:
                raise
            except Exception:  # noqa: S110 (one key cannot be read: each workflow meets it, or not, in its own look)
                pass

    def _interest(self, event: Event, group: Group) -> list[Interest]:
        """The workflows that want to decide about an event, each with the keys it declared or the error it raised."""
        asked: list[Interest] = []
        for bound in self._listeners.of(group, type(event)):
            workflow = bound.workflow
            try:
                keys = workflow.reads(event, bound.options)
                if keys is not None:
                    declared = keys if type(keys) is tuple else tuple(keys)
                    for key in declared:
                        key.what  # noqa: B018 (what is no key crashes here, where it is its workflow's own)
                    asked.append((bound, declared, None))
            except Exception as error:
                asked.append((bound, (), error))
        return asked

    def _foreseen(self, group: Group, event: Event, actor: Actor) -> list[tuple[str, Key[Any]]]:
        """What those who listen to points will look at first, should this event lead to some.

        Records and balances mostly tell that nothing changes; windows are long, and loaded when somebody looks at them.
        """
        change = PointsChanged(id=event.id, at=event.at, group=group.key, actor=actor, amount=0)
        return [
            (group.key, key) for _, keys, _ in self._interest(change, group) for key in keys if key.what in _GLANCED
        ]

    def _fire(self, wheel: Wheel, at: datetime) -> None:
        while (row := wheel.pop(at)) is not None:
            self.outcome.timers += 1
            self._fold(row.due(row.at))

    def _fold(self, root: Event) -> None:
        if not self._applying.begin(root) or not observe(root, self.working):
            return
        queue = deque(self._decide(self._meant(root)))
        done = 0
        while queue:
            done += 1
            if done > MOST_FOLLOW_UPS:
                error = RunawayFollowUps(f"{root.id} led to more than {MOST_FOLLOW_UPS} follow-up events")
                self._fault(root, "engine", error)
                return
            event = queue.popleft()
            if observe(event, self.working):
                queue += self._decide(event)

    def _meant(self, event: Event) -> Event:
        """The event itself; or, of a message that answers a question asked where there are no buttons, the press."""
        if type(event) is not MessagePosted or not self.groups[event.group].numbered:
            return event
        found = choosing.press(event, self.groups[event.group], self.working)
        if found is None:
            return event
        self._interested.pop(id(event), None)
        pressed, decision = found
        self._applying.apply(pressed, choosing.NAME, decision)
        return pressed

    def _decide(self, event: Event) -> list[Event]:
        group = self.groups[event.group]
        asked = self._interested.pop(id(event), None)
        if asked is None:
            asked = self._interest(event, group)
        follows: list[Event] = []
        if not asked:
            return follows
        if type(event) in _ADDRESSED:
            asked = [one for one in asked if one[0].name == event.workflow]  # type: ignore[union-attr]
        elif type(event) is MessagePosted and event.private and not event.desk and self._outside(event):
            asked = [one for one in asked if one[0].workflow.outsiders]
        view = LoadedView(self.working, group, getattr(event, "actor", None))
        for bound, keys, crash in asked:
            try:
                if crash is not None:
                    raise crash
                view.declare(keys)
                decided = bound.workflow.decide(event, bound.options, view)
                if decided is NOTHING:
                    continue
                decisions = (decided,) if isinstance(decided, Decision) else tuple(decided)
                for decision in decisions:
                    self._applying.check(event, decision)
            except (StoreUnavailable, StoreBusy):
                raise
            except Exception as error:  # broad catch 1 of 3: one workflow's crash is its own
                if self.working.spoiled:  # what broke is the writing of what others decided
                    raise
                self._fault(event, bound.name, error)
                continue
            for decision in decisions:
                if decision is not NOTHING:
                    follows += self._applying.apply(event, bound.name, decision)
        return follows

    def _outside(self, event: MessagePosted) -> bool:
        """Whether the author is in the group no more."""
        seat = self.working.known(event.group, event.actor.account)
        return seat is not None and seat.left is not None

    def _fault(self, event: Event, workflow: str, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        told = f"{type(error).__name__}: {error}"
        self.outcome.faults.append(Fault(event=event.id, workflow=workflow, error=told, where=where))
        self.working.writes.audit.append(
            AuditRow(event.at, event.group, event.id, workflow, "", NOBODY, "fault", (), (told, where))
        )


def _limit(batch: Sequence[Event], until: datetime | None) -> datetime | None:
    if until is not None:
        return until
    return max(event.at for event in batch) if batch else None


def _segments(batch: list[Event]) -> Iterator[list[Event]]:
    """Runs of events that can be loaded together: a change of identity stands alone."""
    run: list[Event] = []
    for event in batch:
        if isinstance(event, MemberRenamed):
            if run:
                yield run
            yield [event]
            run = []
        else:
            run.append(event)
    if run:
        yield run

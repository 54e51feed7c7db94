"""The engine: a batch of events in, one commit out.

`process` drops what was seen, loads what the workflows declared, folds the events one after another and
saves everything that was decided in one transaction. Processing a batch twice equals once; a batch
equals its events one by one. A workflow that crashes is left out for that event and reported. An event
that cannot be processed at all is set aside as a dead letter and never blocks the others.
"""

from __future__ import annotations

import heapq
import traceback
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from core import telling
from core.chronicle import baseline, observe
from core.decision import NOTHING, Decision, DropTimer, Post, Put, SetTimer, SpeakTo, Tag
from core.errors import RunawayFollowUps, StoreBusy, StoreUnavailable, UndeclaredRead
from core.events import Event, Instructed, MemberRenamed, PointsChanged, TimerDue
from core.people import NOBODY, Account, Actor, ActorKind, Member, PersonId
from core.ports import AuditRow, DeadLetter, OutboxRow, Store, TimerRow, UnitOfWork
from core.state import POINTS, Entry, Key
from core.workflow import Bound, Group
from core.working import Working, newcomer

BUSY_TRIES = 5
MOST_FOLLOW_UPS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A workflow crashed on an event; the others went on. `where` ends in the line that raised."""

    event: str
    workflow: str
    error: str
    where: str


@dataclass(slots=True)
class Outcome:
    """What became of a batch: `new + repeated + len(buried)` is its size. Timers fired by `replay` count apart."""

    new: int = 0
    repeated: int = 0
    timers: int = 0
    decisions: int = 0
    effects: int = 0
    faults: list[Fault] = field(default_factory=list)
    buried: list[DeadLetter] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.new += other.new
        self.repeated += other.repeated
        self.timers += other.timers
        self.decisions += other.decisions
        self.effects += other.effects
        self.faults += other.faults
        self.buried += other.buried


class Engine:
    """Folds events for a set of groups into a store. Holds no state of its own between batches."""

    def __init__(self, store: Store, groups: Mapping[str, Group]) -> None:
        self._store = store
        self._groups = groups
        self._tables: dict[int, tuple[tuple[Bound[Any], ...], dict[type, tuple[Bound[Any], ...]]]] = {}

    def process(self, batch: Sequence[Event]) -> Outcome:
        """Process a batch. When this returns, every event of it is committed or set aside.

        Raises StoreUnavailable (nothing was committed: keep the batch and try again) and StoreBusy
        after several tries.
        """
        return self._run(list(batch), replaying=False)

    def replay(self, batch: Sequence[Event], until: datetime | None = None) -> Outcome:
        """As `process`, on the events' own clock: timers that come due between them fire in between, in order.

        `until` lets time pass after the last event. Events must be in order of time.
        """
        return self._run(list(batch), replaying=True, until=until)

    def _run(self, batch: list[Event], replaying: bool, until: datetime | None = None) -> Outcome:
        known = [event for event in batch if event.group in self._groups]
        outcome = Outcome()
        if len(known) < len(batch):
            strays = [event for event in batch if event.group not in self._groups]
            self._bury(strays, outcome, "no community in the configuration has this group")
        if not known and until is None:
            return outcome
        for attempt in range(BUSY_TRIES):
            try:
                with self._store.unit() as unit:
                    done = _Batch(self, unit).run(known, replaying, until)
                    unit.commit()
                outcome.add(done)
                return outcome
            except StoreBusy:
                if attempt == BUSY_TRIES - 1:
                    raise
            except StoreUnavailable:
                raise
            except Exception as error:
                outcome.add(self._one_by_one(known, replaying, until, error))
                return outcome
        raise AssertionError("unreachable")

    def _one_by_one(self, batch: list[Event], replaying: bool, until: datetime | None, error: Exception) -> Outcome:
        """A batch failed as a whole: halve it until the culprit stands alone, and set that aside."""
        outcome = Outcome()
        if replaying:
            limit = until if until is not None else batch[0].at if len(batch) == 1 else None
            if limit is not None:
                outcome.add(self._fire_singly(batch, limit))
                if len(batch) == 1:
                    outcome.add(self._run(batch, replaying=False))
                return outcome
        if len(batch) == 1:
            self._bury(batch, outcome, f"{type(error).__name__}: {error}")
            return outcome
        middle = len(batch) // 2
        outcome.add(self._run(batch[:middle], replaying))
        outcome.add(self._run(batch[middle:], replaying, until))
        return outcome

    def _fire_singly(self, batch: list[Event], until: datetime) -> Outcome:
        groups = sorted({event.group for event in batch} or self._groups)
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
        letters = [DeadLetter(event.id, event.at, event.group, repr(event), why) for event in events]
        self._store.bury(letters, [event for event in events if isinstance(event, TimerDue)])
        outcome.buried += letters

    def listeners(self, group: Group, kind: type) -> tuple[Bound[Any], ...]:
        """The workflows of a group that hear an event type, in their order."""
        runs = group.runs
        held = self._tables.get(id(runs))
        if held is None or held[0] is not runs:
            held = (runs, {})
            self._tables[id(runs)] = held
        table = held[1]
        found = table.get(kind)
        if found is None:
            found = table[kind] = tuple(bound for bound in runs if kind in bound.workflow.hears)
        return found


class _View:
    """The declared state, as of one event, for one workflow."""

    __slots__ = ("_actor", "_declared", "_working", "group")

    def __init__(self, working: Working, group: Group, actor: Actor | None) -> None:
        self._working = working
        self.group = group
        self._actor = actor
        self._declared: frozenset[Key[Any]] | tuple[Key[Any], ...] = ()

    def declare(self, keys: tuple[Key[Any], ...]) -> None:
        self._declared = keys

    def get(self, key: Key[Any]) -> Any:
        if key not in self._declared:
            raise UndeclaredRead(f"{key} is not among the keys that `reads` declared; declare it there")
        return self._working.read(self.group.key, key)

    def actor(self) -> Member:
        actor = self._actor
        if actor is None:
            raise UndeclaredRead("this event has no actor; declare state.member(account) in `reads` instead")
        if actor.kind is ActorKind.ANONYMOUS_ADMIN:
            return _anonymous(actor)
        seat = self._working.known(self.group.key, actor.account)
        if seat is None or seat.seen is None:
            return _anonymous(actor)
        return self._working.member(self.group.key, seat, actor)


def _anonymous(actor: Actor) -> Member:
    """Somebody who is nobody's account: an admin writing as the group itself."""
    roles = frozenset(("admin",)) if actor.kind is ActorKind.ANONYMOUS_ADMIN or actor.admin else frozenset()
    return Member(
        person=NOBODY,
        account=actor.account,
        name=actor.name,
        kind=actor.kind,
        seen=datetime.min.replace(tzinfo=UTC),
        roles=roles,
    )


class _Batch:
    """One transaction's work."""

    def __init__(self, engine: Engine, unit: UnitOfWork) -> None:
        self.engine = engine
        self.unit = unit
        self.groups = engine._groups
        self.working = Working(unit, self.groups)
        self.outcome = Outcome()
        self.effects_of: dict[str, int] = {}
        self.timers: dict[tuple[str, str, str], TimerRow | None] = {}

    def run(self, batch: list[Event], replaying: bool, until: datetime | None) -> Outcome:
        touched = sorted({event.group for event in batch}) if batch or until is None else sorted(self.groups)
        self.unit.lock(touched)
        new = self._drop_seen(batch)
        wheel = _Wheel(self.unit, touched, _limit(new, until)) if replaying else None
        for segment in _segments(new):
            self._prefetch(segment)
            for event in segment:
                if wheel is not None:
                    self._fire(wheel, event.at)
                self._fold(event, wheel)
            self.working.flush()
        if wheel is not None and until is not None:
            self._fire(wheel, until)
        self.working.flush()
        return self.outcome

    def _drop_seen(self, batch: list[Event]) -> list[Event]:
        if not batch:
            return []
        fresh = self.unit.unseen([event.id for event in batch], batch[-1].at)
        new = []
        for event in batch:
            if event.id in fresh:
                fresh.discard(event.id)
                new.append(event)
            else:
                self.outcome.repeated += 1
        due = [event for event in new if isinstance(event, TimerDue)]
        if due:
            standing = self.unit.timer_stands(due)
            new = [event for event in new if not isinstance(event, TimerDue) or event.id in standing]
            self.outcome.repeated += len(due) - len(standing)
        self.outcome.new += len(new)
        return new

    def _prefetch(self, segment: list[Event]) -> None:
        """Load what the whole segment declared, with a handful of queries."""
        listeners = self.engine.listeners
        people: list[tuple[str, Actor]] = []
        wanted: list[tuple[str, Key[Any]]] = []
        for event in segment:
            if isinstance(event, MemberRenamed):
                self.unit.rebind(event.was, newcomer(event.actor))
            actor = getattr(event, "actor", None)
            if actor is not None and actor.kind is not ActorKind.ANONYMOUS_ADMIN:
                people.append((event.group, actor))
            reply = getattr(event, "reply_to", None)
            if reply is not None and reply.author is not None and reply.author.kind is not ActorKind.ANONYMOUS_ADMIN:
                people.append((event.group, reply.author))
            key = baseline(event)
            if key is not None:
                wanted.append((event.group, key))
            group = self.groups[event.group]
            for bound in listeners(group, type(event)):
                try:
                    keys = bound.workflow.reads(event, bound.options)
                    if keys:
                        wanted += [(group.key, k) for k in keys]
                        if bound.workflow.awards and actor is not None:
                            wanted += self._foreseen(group, event, actor)
                except Exception:  # noqa: S112 (reported when the event is folded)
                    continue
        self.working.seat_all(people)
        self.working.load([(g, k) for g, k in wanted if k.what not in ("standings", "everyone", "named")])

    def _foreseen(self, group: Group, event: Event, actor: Actor) -> list[tuple[str, Key[Any]]]:
        change = PointsChanged(id=event.id, at=event.at, group=group.key, actor=actor, amount=0)
        return [
            (group.key, key)
            for bound in self.engine.listeners(group, PointsChanged)
            for key in bound.workflow.reads(change, bound.options)
        ]

    def _fire(self, wheel: _Wheel, at: datetime) -> None:
        while (row := wheel.pop(at)) is not None:
            self.outcome.timers += 1
            self._fold(row.due(row.at), wheel)

    def _fold(self, root: Event, wheel: _Wheel | None) -> None:
        queue: deque[Event] = deque((root,))
        made = 0
        while queue:
            event = queue.popleft()
            if isinstance(event, TimerDue) and not self._spend_timer(event):
                continue
            if not observe(event, self.working):
                continue
            for follow in self._decide(event, wheel):
                made += 1
                if made > MOST_FOLLOW_UPS:
                    error = RunawayFollowUps(f"{root.id} led to more than {MOST_FOLLOW_UPS} follow-up events")
                    self._fault(event, "engine", error)
                    return
                queue.append(replace(follow, id=f"{root.id}>{made}"))

    def _decide(self, event: Event, wheel: _Wheel | None) -> list[Event]:
        group = self.groups[event.group]
        follows: list[Event] = []
        actor = getattr(event, "actor", None)
        addressee = event.workflow if isinstance(event, TimerDue | Instructed) else None
        view: _View | None = None
        for bound in self.engine.listeners(group, type(event)):
            if addressee is not None and bound.name != addressee:
                continue
            if view is None:
                view = _View(self.working, group, actor)
            try:
                view.declare(tuple(bound.workflow.reads(event, bound.options)))
                decided = bound.workflow.decide(event, bound.options, view)
                decisions = (decided,) if isinstance(decided, Decision) else decided
            except (StoreUnavailable, StoreBusy):
                raise
            except Exception as error:  # broad catch 1 of 3: one workflow's crash is its own
                self._fault(event, bound.name, error)
                continue
            for decision in decisions:
                if decision is not NOTHING:
                    follows += self._apply(event, bound.name, decision, wheel)
        return follows

    def _apply(self, event: Event, workflow: str, decision: Decision, wheel: _Wheel | None) -> list[Event]:
        working, group = self.working, event.group
        self.outcome.decisions += 1
        about = self._about(event, decision)
        mode = "shadow" if decision.shadow else "on"
        # A workflow that only notes something for itself (a count towards a limit) has decided nothing yet.
        noted = all(type(change) is Put for change in decision.changes)
        if decision.because or decision.effects or decision.rule or not noted:
            told = telling.then(decision)
            working.writes.audit.append(
                AuditRow(event.at, group, event.id, workflow, decision.rule, about, mode, told, decision.because)
            )
        if decision.shadow:
            return []
        gained: dict[Account, int] = {}
        for n, change in enumerate(decision.changes):
            if isinstance(change, Post):
                self._post(event, change, n)
                if change.kind == POINTS and change.amount:
                    gained[change.member] = gained.get(change.member, 0) + change.amount
            elif isinstance(change, Put):
                working.put(group, change.key, change.value)
            else:
                self._mark(event, change)
        for timer in decision.timers:
            self._time(event, workflow, timer, wheel)
        for effect in decision.effects:
            n = self.effects_of[event.id] = self.effects_of.get(event.id, 0) + 1
            working.writes.outbox.append(
                OutboxRow(
                    f"{event.id}/{n}",
                    event.at,
                    group,
                    event.id,
                    workflow,
                    type(effect).__name__,
                    effect,
                    getattr(effect, "expires", None),
                )
            )
        self.outcome.effects += len(decision.effects)
        points = [
            PointsChanged(id=event.id, at=event.at, group=group, actor=self._actor(event, account), amount=amount)
            for account, amount in gained.items()
        ]
        return [*points, *decision.follows]

    def _post(self, event: Event, post: Post, n: int) -> None:
        seat = self.working.seat(event.group, self._actor(event, post.member), event.at)
        by = self.working.seat(event.group, self._actor(event, post.by), event.at).person if post.by else None
        key = post.key or f"{event.id}#{post.rule}#{n}"
        entry = Entry(
            post.kind,
            key,
            event.at,
            seat.person,
            post.amount,
            by,
            event.id,
            post.rule,
            post.reason,
            post.expires,
            post.about,
        )
        self.working.post(event.group, entry)

    def _mark(self, event: Event, change: Tag | SpeakTo) -> None:
        seat = self.working.seat(event.group, self._actor(event, change.member), event.at)
        if isinstance(change, Tag):
            seat.tags = (seat.tags | change.add) - change.remove
        else:
            seat.language = change.language
            seat.renamed = True
        self.working.write_seat(event.group, seat)

    def _time(self, event: Event, workflow: str, timer: SetTimer | DropTimer, wheel: _Wheel | None) -> None:
        place = (event.group, workflow, timer.key)
        row = None
        if isinstance(timer, SetTimer):
            row = TimerRow(event.group, workflow, timer.key, timer.at, timer.member, timer.data)
        self.timers[place] = row
        self.working.writes.timers[place] = row
        if wheel is not None:
            wheel.set(place, row)

    def _spend_timer(self, event: TimerDue) -> bool:
        """A timer is spent by the event it becomes; one that was moved or dropped meanwhile does not count."""
        place = (event.group, event.workflow, event.key)
        if place in self.timers:
            changed = self.timers[place]
            if changed is None or changed.at != event.due:
                return False
        self.timers[place] = None
        self.working.writes.timers[place] = None
        return True

    def _about(self, event: Event, decision: Decision) -> PersonId:
        account = decision.about
        if account is None:
            actor: Actor | None = getattr(event, "actor", None)
            account = actor.account if actor is not None else getattr(event, "member", None)
        seat = self.working.known(event.group, account) if account is not None else None
        return seat.person if seat is not None else NOBODY

    def _actor(self, event: Event, account: Account) -> Actor:
        """The account as an actor, with the name that the event knows for it."""
        for actor in _actors(event):
            if actor.account == account:
                return actor
        return Actor(account=account)

    def _fault(self, event: Event, workflow: str, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
        told = f"{type(error).__name__}: {error}"
        self.outcome.faults.append(Fault(event=event.id, workflow=workflow, error=told, where=where))
        self.working.writes.audit.append(
            AuditRow(event.at, event.group, event.id, workflow, "", NOBODY, "fault", (), (told, where))
        )


class _Wheel:
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


def _actors(event: Event) -> Iterator[Actor]:
    for name in ("actor", "author", "by", "target"):
        actor = getattr(event, name, None)
        if isinstance(actor, Actor):
            yield actor
    yield from getattr(event, "mentions", ())
    reply = getattr(event, "reply_to", None)
    if reply is not None and reply.author is not None:
        yield reply.author


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

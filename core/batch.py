"""One transaction's work: a batch of events, prefetched, folded one after another, and written.

The order for each event: what the engine itself writes down, then every workflow that wants to decide, then
the follow-up events that their decisions made, oldest first.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from core import telling
from core.chronicle import ALBUMS, observe
from core.decision import NOTHING, Decision, DropTimer, Post, Put, SetTimer, SpeakTo, Tag
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
from core.people import NOBODY, Account, Actor, ActorKind, PersonId
from core.ports import AuditRow, OutboxRow, TimerRow, UnitOfWork
from core.routing import platforms
from core.state import POINTS, Entry, Key
from core.view import LoadedView
from core.wheel import Wheel
from core.workflow import Bound, Group
from core.working import Working, newcomer

MOST_FOLLOW_UPS = 64


Interest = tuple[Bound[Any], tuple[Key[Any], ...], Exception | None]
"""A workflow that is asked about an event, the keys it declared, and the error it raised instead."""

_ADDRESSED = frozenset((TimerDue, Instructed))
_AGGREGATES = frozenset(("standings", "everyone", "named"))


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
        self, unit: UnitOfWork, groups: Mapping[str, Group], listeners: Listeners, *, replaying: bool = False
    ) -> None:
        self.unit = unit
        self.groups = groups
        self.working = Working(unit, groups)
        self.outcome = Outcome()
        self._listeners = listeners
        self._replaying = replaying
        self._wheel: Wheel | None = None
        self._effects_of: dict[str, int] = {}
        self._timers: dict[tuple[str, str, str], TimerRow | None] = {}
        self._interested: dict[int, list[Interest]] = {}
        self._root = ""
        self._made = 0
        self._rang: datetime | None = None

    def run(self, batch: list[Event], until: datetime | None) -> Outcome:
        """Everything but the commit."""
        touched = sorted({event.group for event in batch} if until is None else self.groups)
        self.unit.lock(touched)
        new = self._drop_seen(batch)
        if self._replaying:
            self._wheel = Wheel(self.unit, touched, _limit(new, until))
        for segment in _segments(new):
            self._prefetch(segment)
            for event in segment:
                if self._wheel is not None:
                    self._fire(self._wheel, event.at)
                self._fold(event)
            self.working.flush()
        if self._wheel is not None and until is not None:
            self._fire(self._wheel, until)
        self.working.flush()
        return self.outcome

    def _drop_seen(self, batch: list[Event]) -> list[Event]:
        """The events that are new. A timer is new as long as it stands: being spent is its being seen."""
        if not batch:
            return []
        due = [event for event in batch if type(event) is TimerDue]
        fresh = self.unit.timer_stands(due) if due else set()
        fresh |= self.unit.unseen([event.id for event in batch if type(event) is not TimerDue], batch[-1].at)
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
            if actor is not None and actor.kind is not ActorKind.ANONYMOUS_ADMIN:
                people.append((key, actor))
            other = None
            if type(event) is MessagePosted:
                reply = event.reply_to
                other = reply.author if reply is not None else None
                if event.album is not None:
                    wanted.append((key, ALBUMS.of_group()))
            elif type(event) is ReactionChanged:
                other = event.author
            elif type(event) is MemberJoined:
                other = event.by
            if other is not None and other.kind is not ActorKind.ANONYMOUS_ADMIN:
                people.append((key, other))
            group = self.groups[key]
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
        """What those who listen to points will read, should this event lead to some."""
        change = PointsChanged(id=event.id, at=event.at, group=group.key, actor=actor, amount=0)
        return [
            (group.key, key)
            for _, keys, _ in self._interest(change, group)
            for key in keys
            if key.what not in _AGGREGATES
        ]

    def _fire(self, wheel: Wheel, at: datetime) -> None:
        while (row := wheel.pop(at)) is not None:
            self.outcome.timers += 1
            self._fold(row.due(row.at))

    def _fold(self, root: Event) -> None:
        self._root, self._made = root.id, 0
        self._rang = root.due if type(root) is TimerDue else None
        if type(root) is TimerDue and not self._spend_timer(root):
            return
        if not observe(root, self.working):
            return
        queue = deque(self._decide(root))
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
                    self._check(event, decision)
            except (StoreUnavailable, StoreBusy):
                raise
            except Exception as error:  # broad catch 1 of 3: one workflow's crash is its own
                if self.working.spoiled:  # what broke is the writing of what others decided
                    raise
                self._fault(event, bound.name, error)
                continue
            for decision in decisions:
                if decision is not NOTHING:
                    follows += self._apply(event, bound.name, decision)
        return follows

    def _check(self, event: Event, decision: Decision) -> None:
        """Refuse what cannot be carried out, before any of it is."""
        for follow in decision.follows:
            if follow.group != event.group:
                raise ValueError(f"a follow-up event for {follow.group} of an event in {event.group}")
        for timer in decision.timers:
            if not isinstance(timer, SetTimer):
                continue
            if timer.at.tzinfo is None:
                raise ValueError(f"timer {timer.key} is set for {timer.at}, which is in no time zone")
            if self._rang is not None and timer.at <= self._rang:
                raise ValueError(f"timer {timer.key} is set for {timer.at}, no later than the timer that sets it")

    def _apply(self, event: Event, workflow: str, decision: Decision) -> list[Event]:
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
                self._post(event, workflow, change, n)
                if change.kind == POINTS and change.amount:
                    gained[change.member] = gained.get(change.member, 0) + change.amount
            elif isinstance(change, Put):
                self._put(event, change)
            else:
                self._mark(event, change)
        for timer in decision.timers:
            self._time(event, workflow, timer)
        for effect in decision.effects:
            n = self._effects_of[event.id] = self._effects_of.get(event.id, 0) + 1
            served = platforms(effect, event, self.groups[group])
            working.writes.outbox += [
                OutboxRow(
                    f"{event.id}/{n}" if len(served) == 1 else f"{event.id}/{n}@{platform}",
                    event.at,
                    group,
                    event.id,
                    workflow,
                    type(effect).__name__,
                    effect,
                    getattr(effect, "expires", None),
                    platform,
                )
                for platform in served
            ]
        self.outcome.effects += len(decision.effects)
        follows: list[Event] = [
            PointsChanged(id=self._new_id(), at=event.at, group=group, actor=self._actor(event, account), amount=amount)
            for account, amount in gained.items()
        ]
        follows += [replace(follow, id=self._new_id()) for follow in decision.follows]
        return follows

    def _new_id(self) -> str:
        """The id of the next follow-up event, derived from the event that all this began with."""
        self._made += 1
        return f"{self._root}>{self._made}"

    def _post(self, event: Event, workflow: str, post: Post, n: int) -> None:
        seat = self.working.seat(event.group, self._actor(event, post.member), event.at)
        by = self._giver(event, post.by)
        key = post.key or f"{event.id}#{workflow}#{post.rule}#{n}"
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

    def _giver(self, event: Event, account: Account | None) -> PersonId | None:
        """Who caused a fact; the group itself, through an anonymous admin, is nobody."""
        actor = self._actor(event, account) if account is not None else None
        if actor is None or actor.kind is ActorKind.ANONYMOUS_ADMIN:
            return None
        return self.working.seat(event.group, actor, event.at).person

    def _put(self, event: Event, put: Put) -> None:
        who = put.key.who
        seat = self.working.known(event.group, who) if who is not None else None
        if who is not None and (seat is None or seat.seen is None):
            self.working.seat(event.group, self._actor(event, who), event.at)
        self.working.put(event.group, put.key, put.value)

    def _mark(self, event: Event, change: Tag | SpeakTo) -> None:
        seat = self.working.seat(event.group, self._actor(event, change.member), event.at)
        if isinstance(change, Tag):
            seat.tags = (seat.tags | change.add) - change.remove
        else:
            self.working.speak(seat, change.language)
        self.working.write_seat(event.group, seat)

    def _time(self, event: Event, workflow: str, timer: SetTimer | DropTimer) -> None:
        place = (event.group, workflow, timer.key)
        row = None
        if isinstance(timer, SetTimer):
            # Never for the past: a history is replayed forwards, and a scheduler would ring at once anyway.
            at, ring = max(timer.at, event.at), blake2b(event.id.encode(errors="replace"), digest_size=6).hexdigest()
            row = TimerRow(event.group, workflow, timer.key, at, timer.member, timer.data, ring)
        self._timers[place] = row
        self.working.writes.timers[place] = row
        if self._wheel is not None:
            self._wheel.set(place, row)

    def _spend_timer(self, event: TimerDue) -> bool:
        """A timer is spent by the event it becomes; one that was moved or dropped meanwhile does not count."""
        place = (event.group, event.workflow, event.key)
        if place in self._timers:
            changed = self._timers[place]
            if changed is None or changed.at != event.due:
                return False
        self._timers[place] = None
        self.working.writes.timers[place] = None
        return True

    def _about(self, event: Event, decision: Decision) -> PersonId:
        account = decision.about
        if account is None:
            actor: Actor | None = getattr(event, "actor", None)
            account = actor.account if actor is not None else getattr(event, "member", None)
        seat = self.working.known(event.group, account) if account is not None else None
        return seat.person if seat is not None and seat.seen is not None else NOBODY

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

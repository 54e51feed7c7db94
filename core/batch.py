"""One transaction's work: a batch of events, prefetched, folded one after another, and written.

The order for each event: what the engine itself writes down, then every workflow that wants to decide, then
the follow-up events that their decisions made, oldest first. `applying` carries the decisions out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from core import choosing
from core.applying import Applying, Follow, Gain, Takes, nobody
from core.binding import Binding
from core.chronicle import ALBUMS, observe
from core.cloakroom import LEFT, redeemed
from core.days import GroupClock
from core.decision import NOTHING, Decision
from core.errors import RunawayFollowUps, StoreBusy, StoreError, StoreUnavailable
from core.events import (
    ButtonPressed,
    Event,
    Instructed,
    MemberJoined,
    MemberRenamed,
    MessagePosted,
    ReactionChanged,
    TimerDue,
)
from core.follow_ups import Acted, PointsChanged
from core.interest import SLASHES, Interest, Listeners, declared, interest
from core.outcome import Fault, Outcome
from core.pausing import PAUSED
from core.people import ANONYMOUS_ADMIN, NOBODY, Actor
from core.ports import AuditRow, UnitOfWork
from core.quick import renewed
from core.segments import segments
from core.state import Slot
from core.view import LoadedView
from core.weighing import Wanted, Weighing
from core.wheel import Wheel
from core.workflow import Bound, Glance, Group, Seldom
from core.working import Working

MOST_FOLLOW_UPS = 64

Asking = list[tuple[Event, tuple[Bound[Any], ...]]]
"""Events, and who is asked about them."""

_LEFT = LEFT.of_group()
_ALBUMS = (ALBUMS.of_group(),)
_PAUSE = (PAUSED.of_group(),)


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
        takes: Takes = nobody,
    ) -> None:
        self.unit = unit
        self.groups = groups
        self.working = Working(unit, groups, clock)
        self.outcome = Outcome()
        self._applying = Applying(self.working, groups, self.outcome, takes)
        self._listeners = listeners
        self._weighing = Weighing(self.working, groups, listeners)
        self._replaying = replaying
        self._interested: dict[int, list[Interest]] = {}
        self._came = self._seen = False
        """Whether anything came of what is folded, and whether that can be seen on the platform."""

    def run(self, batch: list[Event], until: datetime | None, *, everything: bool = False) -> Outcome:
        """Everything but the commit. Raises HoldsTooLittle if something was decided that takes `everything` held."""
        touched = sorted({event.group for event in batch} if until is None else self.groups)
        if everything:
            self.unit.lock_all(touched)
            self._applying.binding = Binding(self.working)
        else:
            self.unit.lock(touched)
        new = self._drop_seen(batch)
        wheel = None
        if self._replaying:
            limit = until or max((event.at for event in new), default=None)
            wheel = self._applying.wheel = Wheel(self.unit, touched, limit)
        for segment in segments(new):
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
        wanted: Wanted = []
        asking, commands = Asking(), Asking()
        for event in segment:
            if type(event) is MemberRenamed:
                self.working.rebind(event.was, event.actor)
            key, actor = event.group, getattr(event, "actor", None)
            if actor is not None and actor.kind is not ANONYMOUS_ADMIN:
                people.append((key, actor))
            group, other = self.groups[key], None
            if type(event) is MessagePosted:
                if group.numbered:
                    wanted.append((key, choosing.reads(event, group)))
                reply = event.reply_to
                other = reply.author if reply is not None else None
                if event.album is not None:
                    wanted.append((key, _ALBUMS))
                among = commands if event.text[:1] in SLASHES else asking
                among.append((event, self._listeners.of_message(group, event)))
            else:
                if type(event) is ReactionChanged:
                    other = event.author
                elif type(event) is MemberJoined:
                    other = event.by
                asking.append((event, self._listening(event, group)))
            if other is not None and other.kind is not ANONYMOUS_ADMIN:
                people.append((key, other))
        # What reads a command is rarely at hand, so they are asked about one after the other.
        glanced: list[tuple[Event, list[Interest]]] = []
        slots: dict[Slot[Any], None] = {}
        for event, listening in (*asking, *commands):
            asked = self._interested[id(event)] = interest(event, listening)
            for one in asked:
                glance = one[2]
                if type(glance) is Glance:
                    glanced.append((event, asked))
                    slots |= dict.fromkeys(glance.slots)
                else:
                    self._want(event, one, wanted)
        if self.working.seat_all(people, tuple(slots)):
            for event, asked in glanced:
                for n, one in enumerate(asked):
                    if type(one[2]) is Glance and (met := self._met(event, one[0], one[2])) is not None:
                        asked[n] = met
                        self._want(event, met, wanted)
        if wanted:
            wanted += [(group, _PAUSE) for group in {group for group, _ in wanted} if self._applying.steered(group)]
            try:
                self.working.load(wanted)
                if further := self._weighing.nearer():
                    self.working.load(further)
            except StoreError:
                raise
            except Exception:  # noqa: S110 (one key cannot be read: each workflow meets it, or not, in its own look)
                pass

    def _want(self, event: Event, one: Interest, wanted: Wanted) -> None:
        """What a workflow declared, and what is looked at should it decide something."""
        workflow, keys = one[0].workflow, one[1]
        if keys:
            wanted.append((event.group, keys))
        if one[2] is not None:  # it seldom comes to more
            return
        actor = getattr(event, "actor", None) if workflow.awards or workflow.sanctions else None
        if actor is not None and actor.kind is not ANONYMOUS_ADMIN:
            if workflow.awards:
                self._weighing.foresee(event, actor, PointsChanged, wanted)
            if workflow.sanctions:
                self._weighing.foresee(event, actor, Acted, wanted)

    def _met(self, event: Event, bound: Bound[Any], glance: Glance[Any]) -> Interest | None:
        """The interest of a workflow once what it depends on was looked at; None if it has none."""
        actor = getattr(event, "actor", None)
        try:
            if actor is None or not self.working.meets(event.group, actor.account, glance):
                return None
            return (bound, declared(glance.then(event, bound.options)), None, None)
        except (StoreUnavailable, StoreBusy):
            raise
        except Exception as error:
            if self.working.spoiled:
                raise
            return (bound, (), None, error)

    def _moved(self, event: Event) -> Iterator[Interest]:
        """Who may have something to decide about a follow-up event, which those who decide before may be what moves."""
        group, kind = self.groups[event.group], type(event)
        actor: Actor | None = getattr(event, "actor", None)
        for bound in self._listening(event, group):
            try:
                if actor is not None and self._weighing.stays(bound, kind, group, actor.account, event.at):
                    continue
            except (StoreUnavailable, StoreBusy):
                raise
            except Exception as error:
                if self.working.spoiled:
                    raise
                self._fault(event, bound.name, error)
            else:
                yield from interest(event, (bound,))

    def _fire(self, wheel: Wheel, at: datetime) -> None:
        while (row := wheel.pop(at)) is not None:
            self.outcome.timers += 1
            self._fold(row.due(row.at))

    def _fold(self, root: Event) -> None:
        if not self._applying.begin(root) or not observe(root, self.working):
            return
        back, self.working.returned = self.working.returned, None
        follows = self._folded(root)
        if back is not None:
            follows = [self._applying.returned(root, back), *follows]
        if follows:
            self._follow(root, follows)
        for event in self._applying.elsewhere():
            self._fold(event)

    def _follow(self, root: Event, follows: list[Follow | Gain]) -> None:
        """What came of an event, and what comes of that, oldest first."""
        queue, done = deque(follows), 0
        while queue:
            done += 1
            if done > MOST_FOLLOW_UPS:
                why = f"{root.id} led to more than {MOST_FOLLOW_UPS} follow-up events"
                self._fault(root, "engine", RunawayFollowUps(why))
                break
            follow = queue.popleft()
            event = follow.event
            if type(follow) is Gain:
                if not self._weighing.moves(PointsChanged, event, follow.account):
                    continue
                event = self._applying.gained(follow)
            if not observe(event, self.working):
                continue
            if type(follow) is Follow:
                actor: Actor | None = getattr(event, "actor", None)
                if not self._weighing.moves(type(event), event, actor.account if actor is not None else None):
                    continue
                event = renewed(event, id=follow.id)
            queue += self._let_decide(event, self._moved(event))

    def _folded(self, event: Event) -> list[Follow | Gain]:
        """What an event leads to; a message that answers a question asked where there are no buttons is a press."""
        self._came = self._seen = False
        if type(event) is ButtonPressed or (type(event) is MessagePosted and event.reply_to is not None):
            event = self._meant(event)
        if type(event) is not MessagePosted or not self.groups[event.group].numbered:
            return self._decide(event)
        found = choosing.press(event, self.groups[event.group], self.working)
        if found is None:
            return self._decide(event)
        self._interested.pop(id(event), None)
        self._applying.apply(found.event or event, choosing.NAME, found.decision)
        follows = self._decide(found.event) if found.event is not None else []
        if found.refused is not None and not self._came:
            self.working.put(event.group, found.refused.key, found.refused.value)
        return follows

    def _meant(self, event: ButtonPressed | MessagePosted) -> Event:
        """The event with what a button stands for that was too small for it."""
        meant = redeemed(event, lambda: self.working.read(event.group, _LEFT))
        if meant is not event:
            self._interested.pop(id(event), None)
        return meant

    def _listening(self, event: Event, group: Group) -> tuple[Bound[Any], ...]:
        """The workflows that are asked about an event; of those it is addressed to, no other is."""
        if type(event) is MessagePosted:
            return self._listeners.of_message(group, event)
        if type(event) is TimerDue or type(event) is Instructed:
            return self._listeners.addressed(group, event)
        return self._listeners.of(group, type(event))

    def _decide(self, event: Event) -> list[Follow | Gain]:
        group = self.groups[event.group]
        asked = self._interested.pop(id(event), None)
        if asked is None:
            asked = interest(event, self._listening(event, group))
        if type(event) is MessagePosted and event.private and not event.desk and self._outside(event):
            asked = [one for one in asked if one[0].workflow.outsiders]
        return self._let_decide(event, asked) if asked else []

    def _let_decide(self, event: Event, asked: Iterable[Interest]) -> list[Follow | Gain]:
        """What comes of an event once those who are asked have decided, one after the other."""
        follows: list[Follow | Gain] = []
        view: LoadedView | None = None
        for one in asked:
            if type(one[2]) is Glance:
                met = self._met(event, one[0], one[2])
                if met is None:
                    continue
                one = met
            bound, keys, seldom, crash = one
            if bound.workflow.unheard and (self._came if getattr(event, "private", True) else self._seen):
                continue
            if view is None:
                view = LoadedView(self.working, self.groups[event.group], getattr(event, "actor", None))
            try:
                if crash is not None:
                    raise crash
                view.declare(keys, seldom.rest if type(seldom) is Seldom else None)
                decided = bound.workflow.decide(event, bound.options, view)
                if decided is NOTHING:
                    continue
                decisions = (decided,) if isinstance(decided, Decision) else tuple(decided)
                for decision in decisions:
                    if decision.follows or decision.timers:
                        self._applying.check(event, decision)
            except (StoreUnavailable, StoreBusy):
                raise
            except Exception as error:  # a broad catch: one workflow's crash is its own
                if self.working.spoiled:  # what broke is the writing of what others decided
                    raise
                self._fault(event, bound.name, error)
                continue
            for decision in decisions:
                if decision is not NOTHING:
                    self._came = self._came or decision.does
                    self._seen = self._seen or bool(decision.effects)
                    follows += self._applying.apply(event, bound.workflow.name, decision)
        return follows

    def _outside(self, event: MessagePosted) -> bool:
        """Whether the author is in the group no more."""
        seat = self.working.known(event.group, event.actor.account)
        return seat is not None and seat.left is not None

    def _fault(self, event: Event, workflow: str, error: Exception) -> None:
        self.outcome.faults.append(fault := Fault.of(event.id, workflow, error))
        row = AuditRow(event.at, event.group, event.id, workflow, "", NOBODY, "fault", (), (fault.error, fault.where))
        self.working.writes.audit.append(row)

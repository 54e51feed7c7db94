"""Decisions carried out: changes of state, timers, effects and follow-up events, each with its line of audit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple

from core import telling
from core.acting import acted, done_to_members
from core.binding import Binding
from core.choices import asked, asked_of
from core.cloakroom import LEFT, Asking, left, too_long
from core.decision import Bind, Decision, DropTimer, Part, Post, Put, SetTimer, SpeakTo, Tag, Task
from core.effects import Effect, Say, TellAdmins
from core.errors import HoldsTooLittle
from core.events import Event, Instructed, MessagePosted, TimerDue
from core.follow_ups import PointsChanged, Returned
from core.membership import roles_of
from core.naming import actor_of, named
from core.outcome import Outcome
from core.parts import tag
from core.pausing import PAUSED, held_back, lasts
from core.people import ADMIN, ANONYMOUS_ADMIN, MODERATOR, NOBODY, Account, Actor
from core.ports import AuditRow, OutboxRow, Seat, TaskRow, TimerRow
from core.quick import filled, maker, renewed
from core.routing import platforms
from core.state import POINTS, WARNING, Entry
from core.wheel import Wheel
from core.workflow import Group
from core.working import Working

_points_changed: Final = maker(PointsChanged)

_LEFT: Final = LEFT.of_group()
_PAUSED: Final = PAUSED.of_group()

Takes = Callable[[OutboxRow], str]
"""The courier that has a new row in hand at once, as `OutboxRow.courier`; empty for none. Asked before the commit."""


class Follow(NamedTuple):
    """A follow-up event, and the id that it bears once it moves anybody."""

    id: str
    event: Event


class Gain(NamedTuple):
    """Points that an account got by what was decided about an event: `PointsChanged`, once it moves anybody."""

    id: str
    event: Event
    account: Account
    amount: int


def nobody(row: OutboxRow) -> str:
    """Everything waits to be fetched."""
    return ""


class Applying:
    """What decisions do to the working state of one batch. `wheel` is where a replay's timers ring from."""

    def __init__(self, working: Working, groups: Mapping[str, Group], outcome: Outcome, takes: Takes = nobody) -> None:
        self.wheel: Wheel | None = None
        self._working = working
        self._groups = groups
        self._outcome = outcome
        self._takes = takes
        self._effects_of: dict[str, int] = {}
        self._steering: dict[str, frozenset[str]] = {}
        self._timers: dict[tuple[str, str, str], TimerRow | None] = {}
        self._root = ""
        self._asked: MessagePosted | None = None
        self._made = 0
        self._rang: datetime | None = None
        self.binding: Binding | None = None
        """What binds and parts accounts; None unless every group is held."""
        self._elsewhere: list[Event] = []

    def begin(self, root: Event) -> bool:
        """What follows comes of this event. False if it is a timer that stands no more."""
        self._root, self._made = root.id, 0
        self._asked = root if type(root) is MessagePosted else None
        if type(root) is TimerDue:
            self._rang = root.due
            return self._spend_timer(root)
        self._rang = None
        return True

    def check(self, event: Event, decision: Decision) -> None:
        """Refuse what cannot be carried out, before any of it is."""
        for follow in decision.follows:
            if follow.group != event.group and not isinstance(follow, Instructed):
                raise ValueError(f"a follow-up event for {follow.group} of an event in {event.group}")
        for timer in decision.timers:
            if not isinstance(timer, SetTimer):
                continue
            if timer.at.tzinfo is None:
                raise ValueError(f"timer {timer.key} is set for {timer.at}, which is in no time zone")
            if self._rang is not None and timer.at <= self._rang:
                raise ValueError(f"timer {timer.key} is set for {timer.at}, no later than the timer that sets it")

    def apply(self, event: Event, workflow: str, decision: Decision) -> list[Follow | Gain]:
        """Carry a decision out; the follow-up events that it makes."""
        working, outcome, group = self._working, self._outcome, event.group
        outcome.decisions += 1
        steered = self.steered(group)
        ordered = type(event) is Instructed
        if steered and not ordered and workflow not in steered:
            paused = working.read(group, _PAUSED)
            if paused is not None and lasts(paused, event.at):
                decision = held_back(decision)
        if decision.workflow:
            ordered, workflow = True, decision.workflow
        if decision.heard:
            outcome.decisions += 1
            by = self._whose(event, None)
            who = by.person if by is not None else NOBODY
            heard = (event.at, group, event.id, workflow, decision.rule, who, "on", (), decision.heard)
            working.writes.audit.append(filled(AuditRow, heard))
        whose = self._whose(event, decision.about)
        about = whose.person if whose is not None else NOBODY
        mode = "shadow" if decision.shadow else "on"
        # A workflow that only notes something for itself (a count towards a limit) has decided nothing yet.
        if decision.because or decision.effects or decision.rule or _more_than_notes(decision):
            told = telling.then(decision)
            line = (event.at, group, event.id, workflow, decision.rule, about, mode, told, decision.because)
            working.writes.audit.append(filled(AuditRow, line))
        if decision.beside is not None:
            outcome.decisions += 1
            other, rule, then, because = decision.beside
            beside = (event.at, group, event.id, other, rule, about, mode, then, because)
            working.writes.audit.append(filled(AuditRow, beside))
        if decision.shadow:
            return []
        gained: dict[Account, int] = {}
        warned = False
        # What the event's own actor is called was written down before anybody decided.
        seat = whose if whose is not None and decision.about is None and whose.own is None else None
        for n, change in enumerate(decision.changes):
            if type(change) is Put:
                self._put(event, change, seat)
            elif type(change) is Post:
                if seat is None or seat.account != change.member:  # a day and its points are of the same member
                    seat = self._seat(event, change.member)
                self._post(event, workflow, change, seat, n)
                if change.kind == POINTS and change.amount:
                    gained[change.member] = gained.get(change.member, 0) + change.amount
                warned = warned or change.kind == WARNING
            elif isinstance(change, Task):
                working.writes.tasks.append(
                    TaskRow(group, change.kind, change.key, event.at, change.expires, change.data)
                )
            elif isinstance(change, (Tag, SpeakTo)):
                self._mark(event, change)
            else:
                assert isinstance(change, (Bind, Part))
                self._elsewhere += self._bound(event, change)
                seat = None
        for timer in decision.timers:
            self._time(event, workflow, timer)
        if decision.effects:
            self._effect(event, workflow, decision.effects)
        follows: list[Follow | Gain] = []
        for account, amount in gained.items():
            follows.append(filled(Gain, (self._new_id(), event, account, amount)))
        for follow in decision.follows:
            if follow.group == group:
                follows.append(filled(Follow, (self._new_id(), follow)))
            elif follow.group in self._groups:
                self._hold_everything()
                self._elsewhere.append(renewed(follow, id=self._new_id()))
        # What an admin ordered is no deed of the assistant's own.
        if steered and not ordered and (warned or (decision.effects and done_to_members(decision.effects))):
            done = acted(event, workflow, decision, actor_of)
            follows += [Follow(self._new_id(), one) for one in done]
        return follows

    def gained(self, gain: Gain) -> PointsChanged:
        """The event that a gain becomes."""
        id_, event, account, amount = gain
        return _points_changed(id=id_, at=event.at, group=event.group, actor=actor_of(event, account), amount=amount)

    def returned(self, event: Event, actor: Actor) -> Follow:
        """What follows from it that somebody who had left wrote in the group."""
        return Follow(self._new_id(), Returned(id=event.id, at=event.at, group=event.group, actor=actor))

    def _effect(self, event: Event, workflow: str, effects: tuple[Effect, ...]) -> None:
        """Put effects on their way."""
        group, asker, asked = self._groups[event.group], self._asker(event.group), self._asked
        there = asked.topic if asked is not None and asked.desk else None
        n = self._effects_of.get(event.id, 0)
        self._effects_of[event.id] = n + len(effects)
        for effect in effects:
            n += 1
            served = platforms(effect, event, group)
            if there and type(effect) is TellAdmins:
                effect = renewed(effect, topic=there)
            if group.numbered:
                effect = self._numbered(event, workflow, effect, served)
            if getattr(effect, "choices", None) and not (group.numbered and set(group.numbered).issuperset(served)):
                asking: Asking = effect  # type: ignore[assignment]  # nothing else has choices
                if too_long(asking, group.fits):
                    effect = self._short(event, asking, n)
            kind, expires = type(effect).__name__, getattr(effect, "expires", None)
            id_ = f"{event.id}/{n}"
            for platform in served:
                own = id_ if len(served) == 1 else f"{id_}@{platform}"
                parts = (own, event.at, event.group, event.id, workflow, kind, effect, expires, platform, "", asker)
                self._send(filled(OutboxRow, parts))
        self._outcome.effects += len(effects)

    def _send(self, row: OutboxRow) -> None:
        if courier := self._takes(row):
            row = row._replace(courier=courier)
            self._outcome.taken.append(row)
        else:
            self._outcome.waiting.append(row)
        self._working.writes.outbox.append(row)

    def _asker(self, group: str) -> Account | None:
        """The member with whose own message all this began; None for staff."""
        asked = self._asked
        if asked is None or asked.desk or asked.actor.admin:
            return None
        seat = self._working.known(group, asked.actor.account)
        if seat is None:
            roles = roles_of(self._groups[group], asked.actor.account, asked.actor)
        else:
            roles = self._working.member(group, seat, asked.actor).roles
        return None if ADMIN in roles or MODERATOR in roles else asked.actor.account

    def _numbered(self, event: Event, workflow: str, effect: Effect, served: Collection[str]) -> Effect:
        """The effect; a question that is asked where there are no buttons is remembered, and gets its numbers."""
        key = asked_of(effect)
        if key is None or not any(platform in self._groups[event.group].numbered for platform in served):
            return effect
        assert isinstance(effect, Say | TellAdmins)
        if key.who is not None:
            seat = self._working.known(event.group, key.who)
            if seat is None:
                return effect
            if isinstance(effect, Say) and not effect.language and seat.language:
                effect = replace(effect, language=self._groups[event.group].spoken(seat.language))
        asking = asked(self._working.read(event.group, key), effect, workflow, event.at)
        self._working.put(event.group, key, asking)
        if all(choice.private for choice in effect.choices) or asking.questions[-1].first == 1:
            return effect
        return replace(effect, first=asking.questions[-1].first)

    def _short(self, event: Event, effect: Asking, n: int) -> Effect:
        """The effect; where a button has no room for what it stands for, it gets a token."""
        fits = self._groups[event.group].fits
        held, choices = left(self._working.read(event.group, _LEFT), effect, fits, event.at, f"{event.id}/{n}")
        self._working.put(event.group, _LEFT, held)
        return renewed(effect, choices=choices)

    def elsewhere(self) -> list[Event]:
        """What was decided for other groups, to be folded as events of their own: each may lead to as much as any."""
        told = self._elsewhere
        if told:
            self._elsewhere = []
        return told

    def _bound(self, event: Event, change: Bind | Part) -> list[Event]:
        binding = self._hold_everything()
        made = binding.bind(event, change) if isinstance(change, Bind) else binding.part(event, change.bond)
        return [renewed(one, id=self._new_id()) for one in made if one.group in self._groups]

    def _hold_everything(self) -> Binding:
        if self.binding is None:
            raise HoldsTooLittle("this takes every group")
        return self.binding

    def steered(self, group: str) -> frozenset[str]:
        """The workflows by which admins steer the group; none where nobody keeps account of what is done."""
        known = self._steering.get(group)
        if known is None:
            runs = self._groups[group].runs
            known = self._steering[group] = frozenset(bound.name for bound in runs if bound.workflow.steers)
        return known

    def _new_id(self) -> str:
        """The id of the next follow-up event, derived from the event that all this began with."""
        self._made += 1
        return f"{self._root}>{self._made}"

    def _post(self, event: Event, workflow: str, post: Post, seat: Seat, n: int) -> None:
        by = self._giver(event, post.by) if post.by is not None else None
        key = post.key or f"{event.id}#{workflow}#{post.rule}#{n}"
        parts = (
            post.kind,
            key,
            event.at,
            seat.person,
            post.amount,
            by.person if by is not None else None,
            event.id,
            post.rule,
            post.reason,
            post.expires,
            post.about,
            NOBODY if post.joint and seat.own is not None else seat.own,
            by.own if by is not None else None,
        )
        self._working.post(event.group, filled(Entry, parts))

    def _giver(self, event: Event, account: Account) -> Seat | None:
        """Who caused a fact; the group itself, through an anonymous admin, is nobody."""
        actor = named(event, account)
        return None if actor is not None and actor.kind is ANONYMOUS_ADMIN else self._seated(event, account, actor)

    def _seat(self, event: Event, account: Account) -> Seat:
        """The seat of somebody of whom something is written down, with the name that the event knows for them."""
        return self._seated(event, account, named(event, account))

    def _seated(self, event: Event, account: Account, actor: Actor | None) -> Seat:
        if actor is None:
            seat = self._working.known(event.group, account)
            if seat is not None and seat.seen is not None and seat.own is None:
                return seat
        return self._working.seat(event.group, actor or Actor(account=account), event.at)

    def _put(self, event: Event, put: Put, seat: Seat | None) -> None:
        key, person = put.key, NOBODY
        who = key.who
        if who is not None:
            if seat is None or seat.account != who:
                seat = self._working.known(event.group, who)
                if seat is None or seat.seen is None:
                    seat = self._seat(event, who)
            person = seat.person
        elif key.what == "house":
            self._hold_everything()
        self._working.put_for(event.group, person, key, put.value)

    def _mark(self, event: Event, change: Tag | SpeakTo) -> None:
        seat = self._seat(event, change.member)
        if isinstance(change, Tag):
            tag(self._working, event.group, seat, change.add, change.remove)
        else:
            self._working.speak(seat, change.language)
            self._working.write_seat(event.group, seat)

    def _time(self, event: Event, workflow: str, timer: SetTimer | DropTimer) -> None:
        place = (event.group, workflow, timer.key)
        row = None
        if isinstance(timer, SetTimer):
            # Never for the past: a history is replayed forwards, and a scheduler would ring at once anyway.
            at, ring = max(timer.at, event.at), blake2b(event.id.encode(errors="replace"), digest_size=6).hexdigest()
            row = TimerRow(event.group, workflow, timer.key, at, timer.member, timer.data, ring)
        self._timers[place] = row
        self._working.writes.timers[place] = row
        if self.wheel is not None:
            self.wheel.set(place, row)

    def _spend_timer(self, event: TimerDue) -> bool:
        """A timer is spent by the event it becomes; one that was moved or dropped meanwhile does not count."""
        place = (event.group, event.workflow, event.key)
        if place in self._timers:
            changed = self._timers[place]
            if changed is None or changed.at != event.due:
                return False
        self._timers[place] = None
        self._working.writes.timers[place] = None
        return True

    def _whose(self, event: Event, account: Account | None) -> Seat | None:
        """Whom a line of audit is about: an account, or else whoever the event is of. None if they were never here."""
        if account is None:
            actor: Actor | None = getattr(event, "actor", None)
            account = actor.account if actor is not None else getattr(event, "member", None)
            if account is None:
                return None
        seat = self._working.known(event.group, account)
        return seat if seat is not None and seat.seen is not None else None


def _more_than_notes(decision: Decision) -> bool:
    return any(type(change) is not Put for change in decision.changes)

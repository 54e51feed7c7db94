"""The members of a rehearsal in their places, as if they had been there: points, warnings, tags, and a tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from config.rehearsals import Act, Played, Rehearsal
from core import state
from core.engine import Engine
from core.follow_ups import PointsChanged
from core.memory import MemoryStore
from core.people import Actor, Member, PersonId
from core.ports import Fact, RecordAt, Seat, Writes
from core.state import POINTS, WARNING, Entry, Key
from core.workflow import Bound, Group
from core.working import Working
from jobs.stage import actor_of, moments
from workflows import facts
from workflows.rule_options import Rules
from workflows.rule_sections import Consequences
from workflows.tier_ladder import NO_TIER
from workflows.tier_options import Tiers
from workflows.tier_standing import TIER, TierStanding

T = TypeVar("T")

START = "start"
"""The rule and event that what members begin with is written down under."""

_WARNING_COUNTS = timedelta(days=30)


def rehearsing(group: Group, test: Rehearsal) -> Group:
    """The group with the test's admins as its staff, and its rules in shadow acting, unless the test says otherwise."""
    staff = {actor_of(name, played).account for name, played in test.members.items() if played and played.admin}
    runs = tuple(_acting(bound) for bound in group.runs) if test.shadow == "acts" else group.runs
    return replace(group, staff=group.staff | staff, runs=runs)


def _acting(bound: Bound[Any]) -> Bound[Any]:
    rules = bound.options
    if not isinstance(rules, Rules):
        return bound
    limits = {name: _on(limit) for name in ("flood", "duplicates", "links") if (limit := getattr(rules, name))}
    changed = {"rules": tuple(_on(rule) for rule in rules.rules), **limits}
    return Bound(bound.workflow, rules.model_copy(update=changed).with_grants(rules.grants))


def _on(rule: Consequences) -> Consequences:
    return rule.model_copy(update={"mode": "on"}) if rule.mode == "shadow" else rule


def seat(store: MemoryStore, group: Group, test: Rehearsal) -> None:
    """Put the members in their places as they are at the start. Who first joins or knocks is outside."""
    start = test.start.astimezone(UTC)
    outside = _outside(test)
    here = {name: played or Played.model_validate({}) for name, played in test.members.items() if name not in outside}
    actors = {name: actor_of(name, played) for name, played in here.items()}
    with store.unit() as unit:
        seats = unit.seats([(group.key, actor) for actor in actors.values()])
        writes = Writes()
        for name, played in here.items():
            _seat_one(writes, group, seats[group.key, actors[name].account], played, start)
        unit.save(writes)
        unit.commit()
    for bound in group.runs:
        if isinstance(bound.options, Tiers):
            _rank(store, group, bound, here, start)


def _seat_one(writes: Writes, group: Group, seat: Seat, played: Played, start: datetime) -> None:
    since = start - played.joined if played.joined is not None else None
    seat.seen, seat.joined, seat.tags = since or start, since, frozenset(played.tags)
    writes.seats.append((group.key, seat))
    given = start - timedelta(days=1)
    if played.points:
        writes.facts.append(_fact(group, seat, POINTS, START, given, played.points))
    for n in range(played.warnings):
        writes.facts.append(_fact(group, seat, WARNING, f"{START}/{n + 1}", given, 1, given + _WARNING_COUNTS))


def _rank(store: MemoryStore, group: Group, tiers: Bound[Any], here: Mapping[str, Played], start: datetime) -> None:
    """Give everybody their tier, or the one that they would be in, without a word; then set the timers of reviews."""
    options = tiers.options
    ladder, settled = options.ladder, list[Actor]()
    with store.unit() as unit:
        view, writes = Glance(Working(unit, {group.key: group}), group), Writes()
        for name, played in here.items():
            actor = actor_of(name, played)
            member = view.get(state.member(actor.account))
            assert member is not None
            known = facts.values(options.names, view, member, start)
            due = ladder.climb(ladder.ranks[played.tier], known, ())
            rank = due if played.tier is None else ladder.ranks[played.tier]
            if rank == NO_TIER:
                continue
            reached = tuple(sorted(rung.id for rung in ladder.rungs[: rank + 1]))
            standing = TierStanding(tier=ladder.id(rank), since=member.joined or start, reached=reached)
            writes.records[RecordAt(group.key, member.person, TIER.name)] = standing
            if due == rank:
                settled.append(actor)
        unit.save(writes)
        unit.commit()
    alone = Engine(store, {group.key: replace(group, runs=(tiers,))})
    alone.process(
        [PointsChanged(id=f"{START}:{a.account}", at=start, group=group.key, actor=a, amount=0) for a in settled]
    )


def _fact(
    group: Group, seat: Seat, kind: str, key: str, at: datetime, amount: int, expires: datetime | None = None
) -> Fact:
    return Fact(
        group.key, Entry(kind, key, at, seat.person, amount, None, START, START, "at the start of the test", expires)
    )


def _outside(test: Rehearsal) -> set[str]:
    firsts: dict[str, Act] = {}
    for moment in moments(test):
        firsts.setdefault(moment.act.from_, moment.act)
    played = test.members
    return {
        name
        for name, act in firsts.items()
        if act.does in ("join", "request") and ((one := played.get(name)) is None or one.joined is None)
    }


class Glance:
    """All state of a group, read and not written."""

    __slots__ = ("_working", "group")

    def __init__(self, working: Working, group: Group) -> None:
        self._working = working
        self.group = group

    def get(self, key: Key[T]) -> T:
        """The value of any key."""
        return self._working.read(self.group.key, key)

    def actor(self) -> Member:
        """Nobody acts while members are looked at."""
        raise LookupError("nobody acts here")

    def person(self) -> PersonId:
        """Nobody acts while members are looked at."""
        raise LookupError("nobody acts here")

    def language(self) -> str:
        """Nobody acts while members are looked at."""
        raise LookupError("nobody acts here")

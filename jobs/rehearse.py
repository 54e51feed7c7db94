"""Running an operator's own tests: members seated, events replayed by the production engine, expectations compared.

Each test has a store in memory and a clock of its own; timers fire on the way. Nothing is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from config.folder import Folder
from config.home import Deployment
from config.places import Place, Spot
from config.problems import Problems
from config.rehearsals import NONE, Rehearsal
from core import state
from core.engine import Engine, Outcome
from core.memory import MemoryStore
from core.workflow import Group
from core.working import Working
from jobs.bystander import Bystander
from jobs.digest.arming import arming
from jobs.expectations import Miss, Performance, Sight, misses
from jobs.seating import Glance, rehearsing, seat
from jobs.stage import Moment, Scribe, actor_of, moments
from workflows import events, facts
from workflows.rule_options import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """How one test went. `events` were played, `timers` rang on the way."""

    name: str
    place: Place
    misses: tuple[Miss, ...]
    events: int
    timers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file of tests: how those went that were asked for."""

    file: str
    community: str
    tests: tuple[Rehearsed, ...]


def rehearsed(deployment: Deployment, only: str | None = None) -> Iterator[Sheet]:
    """Run the tests of a home, file by file; with `only`, those whose name holds these words, case ignored."""
    for file, written in deployment.rehearsals.items():
        wanted = [
            nth for nth, test in enumerate(written.tests) if only is None or only.casefold() in test.name.casefold()
        ]
        if not wanted:
            continue
        community = deployment.communities[f"communities/{written.community}"].community
        _, spot = Folder(deployment.home, Problems()).yaml(file)
        tests = []
        for nth in wanted:
            test = written.tests[nth]
            group = deployment.groups[test.group or next(iter(community.groups))]
            tests.append(_rehearsed(test, group, spot.at_path(("tests", nth))))
        yield Sheet(file=file, community=community.name.in_(community.languages[0]), tests=tuple(tests))


def names(deployment: Deployment) -> Iterator[str]:
    """The names of all tests of a home."""
    for written in deployment.rehearsals.values():
        yield from (test.name for test in written.tests)


def _rehearsed(test: Rehearsal, group: Group, spot: Spot) -> Rehearsed:
    performance = performed(test, rehearsing(group, test))
    outcome = performance.outcome
    return Rehearsed(
        name=test.name,
        place=spot.at,
        misses=tuple(misses(test, performance, spot)),
        events=outcome.new,
        timers=outcome.timers,
    )


def performed(test: Rehearsal, group: Group) -> Performance:
    """Play a test to its end: every event at its time, every timer at its own, a look at members where one is asked.

    What members can sign up for is on the calendar from the start."""
    store, played = MemoryStore(), moments(test)
    start = test.start.astimezone(UTC)
    seat(store, group, test)
    rules = group.options(Rules) or Rules()
    bystander = Bystander(rules, _of_interest(test, played))
    engine = Engine(store, {group.key: bystander.beside(group)})
    scribe = Scribe(group.key, test.members, store)
    outcome, seen = Outcome(), dict[tuple[str, int], Sight]()
    engine.replay([order for order in arming([group], start) if order.workflow == events.NAME])
    stops = _stops(test)
    for moment in played:
        while stops and start + stops[0] < moment.at:
            outcome.add(_waited(engine, start + stops[0]))
            seen |= _looked(test, store, group, stops.pop(0), start)
        outcome.add(engine.replay([scribe.event(moment)]))
    for stop in stops:
        outcome.add(_waited(engine, start + stop))
        seen |= _looked(test, store, group, stop, start)
    end = max([start, *(moment.at for moment in played), *(start + stop for stop in _stops(test))])
    seen |= _looked(test, store, group, None, end)
    return Performance(
        group=group,
        store=store,
        moments=tuple(played),
        rows=tuple(store.audit(group.key)),
        seen=seen,
        checks=bystander.seen,
        outcome=outcome,
    )


def _of_interest(test: Rehearsal, played: list[Moment]) -> dict[str, frozenset[str]]:
    """Which rules are expected to decide about which event."""
    wanted: dict[str, frozenset[str]] = {}
    for expected in test.expect:
        if expected.rule is not None and expected.rule != NONE:
            for moment in played:
                if moment.index == expected.event:
                    wanted[moment.id] = wanted.get(moment.id, frozenset()) | {expected.rule}
    return wanted


def _stops(test: Rehearsal) -> list[timedelta]:
    """The times, since the start, that something is expected at."""
    stops = {expected.at for expected in test.expect if expected.at is not None}
    stops |= {each.at for wanted in test.expect_members.values() for each in wanted if each.at is not None}
    return sorted(stops)


def _waited(engine: Engine, end: datetime) -> Outcome:
    return engine.replay([], until=end)


def _looked(
    test: Rehearsal, store: MemoryStore, group: Group, at: timedelta | None, since: datetime
) -> dict[tuple[str, int], Sight]:
    """What is true now of the members that the test asks about at a time since the start; None is the end."""
    instant = since + at if at is not None else since
    return {
        (name, nth): _sight(store, group, name, frozenset(expected.model_fields_set - {"at"}), instant)
        for name, expectations in test.expect_members.items()
        for nth, expected in enumerate(expectations)
        if expected.at == at
    }


def _sight(store: MemoryStore, group: Group, name: str, fields: frozenset[str], at: datetime) -> Sight:
    account = actor_of(name, None).account
    with store.unit() as unit:
        view = Glance(Working(unit, {group.key: group}), group)
        member = view.get(state.member(account))
        if member is None:
            return Sight(at=at)
        told = facts.values([f"member.{field}" for field in sorted(fields)], view, member, at)
    return Sight(at=at, person=member.person, facts=told)

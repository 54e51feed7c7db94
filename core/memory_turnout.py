"""How a group is doing, counted from a store in memory: the executable meaning of `core.turnout.Turnout`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from core.memory import MemoryStore
from core.parts import ENTRY
from core.people import ActorKind, Member, PersonId
from core.state import Day
from core.turnout import MONTH, REMAINS, RETURNS, STARTS, WEEK, Asked, Cohort, Daily, Days, Habit, Heads, Wrote


class MemoryTurnout:
    """Implements `core.turnout.Turnout`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def since(self, *groups: str) -> date | None:
        """See `Turnout.since`."""
        days = (day for group in groups for _, day in self._store.activity(group))
        return min((day.day for day in days if day.active), default=None)

    def heads(self, asked: Asked) -> tuple[Heads, Heads]:
        """See `Turnout.heads`."""
        people, staff = self._people(asked), self._staff(asked)

        def at_the_end(days: Days) -> Heads:
            here = [person for person, seats in people.items() if _here(seats, days)]
            return Heads(len(here), sum(person in staff for person in here))

        return at_the_end(asked.now), at_the_end(asked.before)

    def habits(self, asked: Asked) -> Sequence[Habit]:
        """See `Turnout.habits`."""
        people, staff, active = self._people(asked), self._staff(asked), self._active(asked)
        now, before = asked.now, asked.before
        counts, firsts = Counter[tuple[object, ...]](), first_joins(self._store, *asked.groups)
        for person, one in people.items():
            days = active.get(person, frozenset())
            told: tuple[int, ...] = (
                person in staff,
                _within(days, now.first, now.last),
                _within(days, before.first, before.last),
            )
            for end in (now.last, before.last):
                week, month = (_within(days, end - timedelta(days=span - 1), end) for span in (WEEK, MONTH))
                told += (week > 0, month)
            if any(told[1:]):
                counts[(*told, _joined(firsts.get(person), asked), _here(one, now), _here(one, before))] += 1
        return [Habit(number, *told) for told, number in counts.items()]  # type: ignore[arg-type]

    def wrote(self, asked: Asked) -> Sequence[Wrote]:
        """See `Turnout.wrote`."""
        people, staff = self._people(asked), self._staff(asked)
        sums: Counter[tuple[PersonId, bool]] = Counter()
        for person, day in self._activity(asked):
            if person in people and asked.before.first <= day.day <= asked.now.last:
                sums[person, day.day < asked.now.first] += day.messages
        counts = Counter((person in staff, before, messages) for (person, before), messages in sums.items() if messages)
        return [Wrote(number, *told) for told, number in counts.items()]

    def daily(self, asked: Asked) -> Sequence[Daily]:
        """See `Turnout.daily`."""
        people, staff = self._people(asked), self._staff(asked)
        active, messages = defaultdict[date, set[PersonId]](set), Counter[date]()
        for person, day in self._activity(asked):
            if day.active and person in people and asked.now.first <= day.day <= asked.now.last:
                active[day.day] |= {person} - staff
                messages[day.day] += day.messages
        return [Daily(day, len(active[day]), messages[day]) for day in sorted(active)]

    def cohorts(self, asked: Asked, days: Sequence[Days]) -> Sequence[Cohort]:
        """See `Turnout.cohorts`."""
        people, staff, active = self._people(asked), self._staff(asked), self._active(asked)
        counted = {person: one for person, one in people.items() if person not in staff}
        return [self._cohort(span, asked, counted, active) for span in days]

    def _cohort(
        self,
        span: Days,
        asked: Asked,
        people: Mapping[PersonId, Sequence[Member]],
        active: Mapping[PersonId, frozenset[date]],
    ) -> Cohort:
        firsts = first_joins(self._store, *asked.groups)
        first = {person: people[person] for person, at in firsts.items() if person in people and _on(span, at)}
        again = sum(
            _on(span, one.joined) and one.joined != firsts.get(person)
            for person, seats in people.items()
            for one in seats
        )

        def active_on(offsets: range) -> int:
            from_, to = (span.first + timedelta(days=n) for n in (offsets[0], offsets[-1]))
            return sum(_within(active.get(person, ()), from_, to) > 0 for person in first)

        gone = sum(all(_left(one, asked.now) for one in seats) for seats in first.values())
        return Cohort(len(first), active_on(STARTS), active_on(RETURNS), active_on(REMAINS), gone, again)

    def _people(self, asked: Asked) -> Mapping[PersonId, Sequence[Member]]:
        """Everybody, as they stand in each group."""
        found: defaultdict[PersonId, list[Member]] = defaultdict(list)
        for group in asked.groups:
            for one in self._store.people(group):
                if one.kind is ActorKind.PERSON:
                    found[one.person].append(one)
        return found

    def _activity(self, asked: Asked) -> Iterator[tuple[PersonId, Day]]:
        for group in asked.groups:
            yield from self._store.activity(group)

    def _staff(self, asked: Asked) -> set[PersonId]:
        found = map(self._store.known, asked.staff)
        return {one.person for one in found if one is not None}

    def _active(self, asked: Asked) -> Mapping[PersonId, frozenset[date]]:
        found: defaultdict[PersonId, set[date]] = defaultdict(set)
        for person, day in self._activity(asked):
            if day.active:
                found[person].add(day.day)
        return {person: frozenset(days) for person, days in found.items()}


def _here(seats: Iterable[Member], days: Days) -> bool:
    return any(one.seen < days.ends and not _left(one, days) for one in seats)


def _left(one: Member, days: Days) -> bool:
    return one.left is not None and one.left < days.ends


def first_joins(store: MemoryStore, *groups: str) -> Mapping[PersonId, datetime]:
    """When people joined a group for the first time, or the first of several, of those of whom that is known."""
    seen: dict[PersonId, datetime] = {}
    firsts: dict[PersonId, datetime] = {}
    for (key, person), (since, *_, first) in store._members.items():
        if key in groups and since is not None:
            seen[person] = min(since, seen.get(person, since))
            if first is not None:
                firsts[person] = min(first, firsts.get(person, first))
    several = len(groups) > 1
    return {person: first for person, first in firsts.items() if not several or first - seen[person] <= ENTRY}


def _joined(first: datetime | None, asked: Asked) -> Literal["now", "before", "other"]:
    return "now" if _on(asked.now, first) else "before" if _on(asked.before, first) else "other"


def _on(days: Days, at: datetime | None) -> bool:
    return at is not None and days.begins <= at < days.ends


def _within(days: Iterable[date], first: date, last: date) -> int:
    return sum(first <= day <= last for day in days)

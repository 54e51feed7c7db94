"""What facts and records add up to in a store in memory: the executable meaning of `core.reckoning.Reckoning`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar, cast

from core.memory import MemoryStore
from core.memory_turnout import first_joins
from core.people import NOBODY, ActorKind, PersonId
from core.ports import RecordAt
from core.reckoning import FULL, OFTEN, SOON, Began, Facts, Gained, Since
from core.state import Slot
from core.turnout import Asked, Days

T = TypeVar("T")


class MemoryReckoning:
    """Implements `core.reckoning.Reckoning`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def facts(self, asked: Asked, kinds: Collection[str]) -> Sequence[Facts]:
        """See `Reckoning.facts`."""
        others = {
            one.person for key in asked.groups for one in self._store.people(key) if one.kind is not ActorKind.PERSON
        }
        counts = Counter(
            (entry.kind, entry.rule, entry.amount, entry.at < asked.now.begins)
            for key in asked.groups
            for entry in self._store.facts(key)
            if entry.kind in kinds and asked.before.begins <= entry.at < asked.now.ends and entry.person not in others
        )
        return [Facts(*told, count) for told, count in counts.items()]

    def checked_in(self, asked: Asked, kinds: Collection[str]) -> tuple[int, int]:
        """See `Reckoning.checked_in`."""
        people = self._people(asked)
        days = [day for person, found in self._checked(asked, kinds).items() if person in people for day in found]
        return _within(days, asked.now.first, asked.now.last), _within(days, asked.before.first, asked.before.last)

    def began(self, asked: Asked, days: Sequence[Days], kinds: Collection[str]) -> Sequence[Began]:
        """See `Reckoning.began`."""
        checked = self._checked(asked, kinds)

        def of(cohort: Iterable[PersonId], first: date) -> Began:
            counts = [
                [_within(checked.get(person, ()), first, first + timedelta(days=n - 1)) for n in (SOON, FULL)]
                for person in cohort
            ]
            return Began(sum(soon > 0 for soon, _ in counts), sum(full >= OFTEN for _, full in counts))

        return [of(self._cohort(asked, day), day.first) for day in days]

    def gained(self, asked: Asked, days: Sequence[Since], kinds: Collection[str]) -> Sequence[Mapping[str, Gained]]:
        """See `Reckoning.gained`."""
        facts = [entry for entry in self._store.facts(asked.group) if entry.kind in kinds]

        def of(day: Since) -> Mapping[str, Gained]:
            cohort = self._cohort(asked, day.day)
            early: defaultdict[str, Counter[PersonId]] = defaultdict(Counter)
            held: defaultdict[str, Counter[PersonId]] = defaultdict(Counter)
            for entry in facts:
                if entry.person in cohort and entry.at < asked.now.ends:
                    held[entry.kind][entry.person] += entry.amount
                    if entry.at < day.until:
                        early[entry.kind][entry.person] += entry.amount
            return {
                kind: _gained([min(amount, held[kind][person]) for person, amount in sums.items()])
                for kind, sums in early.items()
            }

        return [of(day) for day in days]

    def records(self, asked: Asked, days: Sequence[Days], slot: Slot[T]) -> Sequence[Sequence[T]]:
        """See `Reckoning.records`."""
        held = {member.person: value for member, value in self._store.every_record(asked.group, slot)}
        return [
            [held[person] for person in sorted(self._cohort(asked, day)) if held.get(person) is not None]
            for day in days
        ]

    def record(self, group: str, slot: Slot[T]) -> T | None:
        """See `Reckoning.record`."""
        held = self._store._records.get(RecordAt(group, NOBODY, slot.name))
        return cast("T | None", held)

    def _people(self, asked: Asked) -> set[PersonId]:
        """Persons who are not staff."""
        staff = {known.person for known in map(self._store.known, asked.staff) if known is not None}
        everybody = (one for key in asked.groups for one in self._store.people(key))
        people = {one.person for one in everybody if one.kind is ActorKind.PERSON}
        return people - staff

    def _cohort(self, asked: Asked, day: Days) -> set[PersonId]:
        firsts = first_joins(self._store, asked.group)
        return {person for person in self._people(asked) & firsts.keys() if day.begins <= firsts[person] < day.ends}

    def _checked(self, asked: Asked, kinds: Collection[str]) -> Mapping[PersonId, Sequence[date]]:
        """The days to which each person stands as checked in, to any of the kinds."""
        sums: Counter[tuple[PersonId, str, str, date]] = Counter()
        for key in asked.groups:
            for entry in self._store.facts(key):
                if entry.kind in kinds and entry.about is not None:
                    sums[entry.person, key, entry.kind, entry.about] += entry.amount
        found: defaultdict[PersonId, set[date]] = defaultdict(set)
        for (person, *_, day), amount in sums.items():
            if amount > 0:
                found[person].add(day)
        return {person: sorted(days) for person, days in found.items()}


def _gained(amounts: Sequence[int]) -> Gained:
    return Gained(sum(amount > 0 for amount in amounts), sum(amounts))


def _within(days: Iterable[date], first: date, last: date) -> int:
    return sum(first <= day <= last for day in days)

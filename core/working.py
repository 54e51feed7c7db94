"""The state of one batch in memory: what was loaded, with everything decided so far laid over it.

Loaded values always include the batch's own pending writes. Late loads (state that could not be foreseen)
first hand the pending writes to the unit of work, so that the database answers with them.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any, TypeVar, cast

from core.days import COUNTERS, GroupClock, bump
from core.membership import member_at
from core.parts import appear, presences
from core.people import NOBODY, Account, Actor, PersonId, borne
from core.ports import (
    BalanceAt,
    DayAt,
    Fact,
    RecordAt,
    Seat,
    UnitOfWork,
    record_at,
)
from core.quick import filled
from core.seats import Seats
from core.state import Day, Entry, Key, Slot, balance
from core.workflow import Glance, Group, Unmoved

T = TypeVar("T")
AGGREGATES = frozenset(("standings", "regulars", "everyone", "present", "named", "timers"))
"""What is asked of the store each time, and never loaded ahead."""
_ASIDE = frozenset(("house", "kept"))
"""Records that are no member's or group's own."""
_NOT_LOADED = object()
_NO_FACTS: Mapping[datetime | date | None, list[Entry]] = {}
_by_time = attrgetter("at", "key")


@dataclass(slots=True)
class _Missing:
    """What has to be loaded."""

    records: dict[RecordAt, Slot[Any]] = field(default_factory=dict)
    balances: dict[BalanceAt, None] = field(default_factory=dict)
    entries: dict[tuple[BalanceAt, datetime | None], None] = field(default_factory=dict)
    given: dict[tuple[BalanceAt, datetime], None] = field(default_factory=dict)
    days: dict[tuple[str, PersonId, date], None] = field(default_factory=dict)


class Working(Seats):
    """Reads and pending writes of one batch. Not shared between threads; thrown away after the commit."""

    def __init__(self, unit: UnitOfWork, groups: Mapping[str, Group], clock: GroupClock | None = None) -> None:
        super().__init__(unit, groups)
        self.clock = clock or GroupClock()
        self._records: dict[tuple[str, PersonId, str], object | None] = {}
        self._balances: dict[tuple[str, PersonId, str], int] = {}
        self._entries: dict[tuple[str, PersonId, str], dict[datetime | date | None, list[Entry]]] = {}
        self._given: dict[tuple[str, PersonId, str], dict[datetime, list[Entry]]] = {}
        self._days: dict[tuple[str, PersonId], dict[date, list[Day]]] = {}

    # who

    def seat_all(self, wanted: Iterable[tuple[str, Actor]], slots: Sequence[Slot[Any]] = ()) -> bool:
        """Load or make the seats of actors, and their records of some slots, in one query; whether there may be any."""
        missing: dict[tuple[str, Account], Actor] = {}
        seats, records, names = self._seats, self._records, [slot.name for slot in slots]
        some = False
        for group, actor in wanted:
            place = (group, actor.account)
            if place in seats:
                some = True
            else:
                missing.setdefault(place, actor)
        if missing:
            found = self.unit.seats([(place[0], actor) for place, actor in missing.items()], slots)
            bearers: dict[tuple[str, str] | None, Account] = {}
            for (group, _), seat in found.items():
                self._take(group, seat)
                if seat.seen is None and seat.username is not None:
                    bearers[borne(seat.account, seat.username)] = seat.account
                held = seat.records
                some = some or held is not None
                for name in names:
                    if held is None:
                        records.setdefault((group, seat.person, name), None)
                    elif name in held:
                        records.setdefault((group, seat.person, name), held[name])
            if bearers:
                self._bear(bearers)
        return some

    def meets(self, group: str, account: Account, glance: Glance[Any]) -> bool:
        """Whether a member has one of the records that a glance is for."""
        seat, over = self._seats.get((group, account)), glance.over
        for slot in glance.slots:
            held = _NOT_LOADED if seat is None else self._records.get((group, seat.person, slot.name), _NOT_LOADED)
            if held is _NOT_LOADED:
                held = self.read(group, slot.of(account))
            if held is not None and (over is None or not over(held)):
                return True
        return False

    def stand(self, group: str, account: Account, unmoved: Unmoved[Any]) -> tuple[Any, int]:
        """The record of somebody, and the sum of their facts, by which a workflow is moved; 0 where no facts count."""
        slot, kind = unmoved.slot, unmoved.kind
        seat = self._seats.get((group, account))
        if seat is not None:
            record = self._records.get((group, seat.person, slot.name), _NOT_LOADED)
            amount = self._balances.get((group, seat.person, kind)) if kind else 0
            if record is not _NOT_LOADED and amount is not None:
                return record, amount
        return self.read(group, slot.of(account)), self.read(group, balance(kind, account)) if kind else 0

    def seat(self, group: str, actor: Actor, at: datetime | None) -> Seat:
        """The actor's seat, made if new, its shown name kept current. It is marked as seen in the group at an instant;
        with None it was not: who gives an order may be elsewhere."""
        seat = self._seats.get((group, actor.account))
        if seat is None:
            self.flush()
            seat = self.unit.seats([(group, actor)])[group, actor.account]
            self._bear({borne(actor.account, seat.username): actor.account})
            self._take(group, seat)
            self._absent.discard((group, actor.account))
        if at is not None and (seat.seen is None or seat.own is not None):
            appear(self, group, seat, at)
        if (actor.name and actor.name != seat.name) or (
            (actor.username or None) != seat.username and actor.username is not None
        ):
            self.rename(group, seat, actor)
        return seat

    def forget(self) -> None:
        """See `Seats.forget`."""
        super().forget()
        for one in (self._records, self._balances, self._entries, self._given, self._days):
            one.clear()

    # reading

    def load(self, wanted: Sequence[tuple[str, tuple[Key[Any], ...]]]) -> None:
        """Bring in what is not there yet, with one query per kind of state; of what is wanted together about several
        accounts, all but the first may take one more to be found."""
        missing = _Missing()
        self._find_all({(group, keys[0][1]) for group, keys in wanted if keys})
        strange = self._note_missing(wanted, missing)
        if strange:
            self._find_all({(group, key[1]) for group, keys in strange for key in keys})
            self._note_missing(strange, missing)
        if missing.records:
            records = self.unit.records(list(missing.records.items()))
            self._records.update(dict.fromkeys(missing.records))  # not before one that cannot be read has failed
            self._records.update(records)  # type: ignore[arg-type]
        if missing.balances or missing.entries or missing.given or missing.days:
            self.flush()
            self._load_sums(missing)

    def _find_all(self, places: set[tuple[str, Account | None]]) -> None:
        """Look for accounts in groups, as far as nobody did so far."""
        strangers: dict[str, list[Account]] = {}
        for group, account in places.difference(self._seats, self._absent):
            if account is not None:
                strangers.setdefault(group, []).append(account)
        for group, accounts in strangers.items():
            self._find(group, sorted(accounts))

    def _load_sums(self, missing: _Missing) -> None:
        """What is made of many rows, among them those that were pending."""
        if missing.balances:
            balances = self.unit.balances(list(missing.balances))
            self._balances.update(dict.fromkeys(missing.balances, 0))
            self._balances.update(balances)  # type: ignore[arg-type]
        if missing.entries:
            entries = self.unit.entries(list(missing.entries))
            for place, since in missing.entries:
                self._entries.setdefault(place, {})[since] = entries.get((place, since), [])
        if missing.given:
            given = self.unit.given(list(missing.given))
            for place, first in missing.given:
                self._given.setdefault(place, {})[first] = given.get((place, first), [])
        if missing.days:
            days = self.unit.days(list(missing.days))
            for group, person, day in missing.days:
                self._days.setdefault((group, person), {})[day] = days.get((group, person, day), [])

    def _note_missing(
        self, wanted: Iterable[tuple[str, tuple[Key[Any], ...]]], missing: _Missing
    ) -> list[tuple[str, tuple[Key[Any], ...]]]:
        """Note what is not there yet. What speaks of accounts that nobody has looked for so far is handed back."""
        strange: list[tuple[str, tuple[Key[Any], ...]]] = []
        seats, records, balances = self._seats, self._records, self._balances
        lacking = missing.records
        for one in wanted:
            group, keys = one
            about: Account | None = None
            person: PersonId | None = NOBODY
            for key in keys:
                what, who, name, since, slot, _ = key
                if who is not about:  # most keys are about whom the one before was about
                    about, person = who, NOBODY
                    if who is not None:
                        seat = seats.get((group, who))
                        if seat is None and (group, who) not in self._absent:
                            strange.append(one)
                            break
                        person = seat.person if seat is not None else None
                if person is None:
                    continue
                place = (group, person, name)  # equals the RecordAt or BalanceAt of the same parts
                if what == "record":
                    if place not in records and place not in lacking and slot is not None:
                        lacking[filled(RecordAt, place)] = slot
                elif what == "balance":
                    if place not in balances:
                        missing.balances[filled(BalanceAt, place)] = None
                elif what == "entries":
                    if since not in self._entries.get(place, _NO_FACTS):
                        missing.entries[filled(BalanceAt, place), cast("datetime | None", since)] = None
                elif what == "given":
                    if since not in self._given.get(place, ()):
                        missing.given[filled(BalanceAt, place), cast(datetime, since)] = None
                elif what == "days":
                    if since not in self._days.get((group, person), ()):
                        missing.days[group, person, cast(date, since)] = None
                elif slot is not None and what in _ASIDE and (aside := record_at(group, person, key)) not in records:
                    lacking[aside] = slot
        return strange

    def holds(self, group: str, key: Key[Any]) -> bool:
        """Whether a key can be answered without asking the unit of work."""
        if key.what in AGGREGATES:
            return False
        if key.who is not None:
            seat = self._seats.get((group, key.who))
            if seat is None:
                return (group, key.who) in self._absent
            person = seat.person
        else:
            person = NOBODY
        match key.what:
            case "record" | "house" | "kept":
                return record_at(group, person, key) in self._records
            case "balance":
                return BalanceAt(group, person, key.name) in self._balances
            case "entries":
                return key.since in self._entries.get(BalanceAt(group, person, key.name), ())
            case "given":
                return key.since in self._given.get(BalanceAt(group, person, key.name), ())
            case "days":
                return key.since in self._days.get((group, person), ())
            case _:
                return True

    def read(self, group: str, key: Key[T]) -> T:
        """The value of a key as of now. Loads it if that was not done before."""
        what, who, name, since, _, _ = key
        value: Any = _NOT_LOADED
        # A plain tuple equals the RecordAt or BalanceAt of the same parts, and is made in a third of the time.
        if who is None:
            if what == "record":
                value = self._records.get((group, NOBODY, name), _NOT_LOADED)
        elif (seat := self._seats.get((group, who))) is not None:
            if what == "record":
                value = self._records.get((group, seat.person, name), _NOT_LOADED)
            elif what == "member":
                value = self.member(group, seat) if seat.seen is not None else None
            elif what == "balance":
                value = self._balances.get((group, seat.person, name), _NOT_LOADED)
            elif what == "entries":
                facts = self._entries.get((group, seat.person, name), _NO_FACTS).get(since)
                value = tuple(facts) if facts is not None else _NOT_LOADED
            elif what == "bonds":
                value = self.bonds(seat)
        if value is not _NOT_LOADED:
            found: T = value
            return found
        if not self.holds(group, key):
            self.load(((group, (key,)),))
        read: T = self._value(group, key)
        return read

    def _value(self, group: str, key: Key[Any]) -> Any:
        what = key.what
        if what in AGGREGATES:
            return self._aggregate(group, key)
        seat = self._seats.get((group, key.who)) if key.who is not None else None
        if what == "member":
            return self.member(group, seat) if seat is not None and seat.seen is not None else None
        if what == "bonds":
            return self.bonds(seat) if seat is not None else ()
        if what == "presences":
            return presences(self, group, seat) if seat is not None else {}
        if key.who is not None and seat is None:
            return {"record": None, "balance": 0}.get(what, ())
        person = seat.person if seat is not None else NOBODY
        match what:
            case "record" | "house" | "kept":
                return self._records[record_at(group, person, key)]
            case "balance":
                return self._balances[BalanceAt(group, person, key.name)]
            case "entries":
                return tuple(self._entries[BalanceAt(group, person, key.name)][cast("datetime | None", key.since)])
            case "given":
                return tuple(self._given[BalanceAt(group, person, key.name)][cast(datetime, key.since)])
            case "days":
                return tuple(self._days[group, person][cast(date, key.since)])
            case _:
                raise AssertionError(what)

    # writing

    def put(self, group: str, key: Key[Any], value: object | None) -> None:
        person = NOBODY
        if key.who is not None:
            seat = self.known(group, key.who)
            if seat is None:
                raise LookupError(f"a record for {key.who}, whom nobody has seen")
            person = seat.person
        self.put_for(group, person, key, value)

    def put_for(self, group: str, person: PersonId, key: Key[Any], value: object | None) -> None:
        """As `put`, where it is known already whose record it is."""
        place = filled(RecordAt, (group, person, key.name)) if key.what == "record" else record_at(group, person, key)
        self._records[place] = value
        self.writes.records[place] = value

    def post(self, group: str, entry: Entry) -> None:
        place = (group, entry.person, entry.kind)
        self.writes.facts.append(filled(Fact, (group, entry)))
        if place in self._balances:
            self._balances[place] += entry.amount
        if self._entries:
            for since, held in self._entries.get(place, {}).items():
                if since is None or entry.at >= since:
                    insort(held, entry, key=_by_time)
        if entry.by is not None and self._given:
            for since, held in self._given.get((group, entry.by, entry.kind), {}).items():
                if entry.at >= since:
                    insort(held, entry, key=_by_time)

    def count(self, group: str, seat: Seat, day: date, counter: int) -> None:
        """Add one to a counter of a day (the position in `Day` after the date)."""
        if seat.own is not None:
            self.writes.shares.setdefault(DayAt(group, seat.own, day), [0] * COUNTERS)[counter] += 1
        place = filled(DayAt, (group, seat.person, day))
        counters = self.writes.days.get(place)
        if counters is None:
            counters = self.writes.days[place] = [0] * COUNTERS
        counters[counter] += 1
        if self._days:
            for since, held in self._days.get((group, seat.person), {}).items():
                if day >= since:
                    bump(held, day, counter)

    # loading

    def _aggregate(self, group: str, key: Key[Any]) -> object:
        """State over many rows is asked of the store each time, after the pending writes went there."""
        self.flush()
        if key.what == "standings":
            return tuple(self.unit.standings(group, key.name, key.limit, cast("datetime | None", key.since)))
        if key.what == "regulars":
            return tuple(self.unit.regulars(group, key.limit, cast(date, key.since)))
        if key.what == "named":
            seat = self.unit.find_named(group, [key.name]).get(key.name)
            if seat is None or seat.seen is None:
                return None
            return self.member(group, self._seats.get((group, seat.account)) or self._take(group, seat))
        if key.what == "timers":
            return frozenset(self.unit.timers(group, key.name))
        own = self.groups[group]
        if key.what == "present":
            return tuple(member_at(own, seat, None, self.bonds(seat)) for seat in self.unit.present(group))
        assert key.slot is not None
        rows = self.unit.everyone(group, key.slot)
        return tuple((member_at(own, seat, None, self.bonds(seat)), value) for seat, value in rows)

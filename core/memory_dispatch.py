"""The outbox of a store in memory, as couriers use it: the executable meaning of `core.delivery.Dispatch`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from threading import RLock

from core.addressees import addressee
from core.delivery import Addressee, Parcel, Parking, Said, Settled, State, Waiting
from core.effects import Effect, TellAdmins
from core.people import Account
from core.ports import OutboxRow, Store
from core.routing import urgency


def utc_now() -> datetime:
    """The instant, by this machine."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Way:
    """How far an outbox row has come."""

    number: int
    state: State = State.WAITING
    attempts: int = 0
    unsure: int = 0
    courier: str | None = None
    not_before: datetime | None = None
    message: str | None = None
    outcome: str | None = None
    sent: datetime | None = None


class MemoryDispatch:
    """Implements `Dispatch`. Leases run by `clock`."""

    def __init__(self, store: Store, turn: RLock, rows: dict[str, OutboxRow], clock: Callable[[], datetime]) -> None:
        """`rows` are the store's own, in the order in which they came, read and added to in its `turn` only."""
        self._store = store
        self._turn = turn
        self._sent = rows
        self._clock = clock
        self._ways: dict[str, Way] = {}
        self._open: dict[tuple[str, str], dict[str, OutboxRow]] = defaultdict(dict)
        self._leases: dict[str, tuple[str, datetime]] = {}
        self._told: set[str] = set()

    def way(self, id_: str) -> Way:
        """What is written down about a row."""
        with self._turn:
            self._learn()
            return self._ways[id_]

    def goes(self, id_: str) -> bool:
        """Whether a row is still on its way."""
        return not self.way(id_).state.final

    def rewritten(self, was: str, row: OutboxRow, hidden: Callable[[str], str], dropped: str = "") -> None:
        """A row of the store is another from now on; `dropped` is why it is not performed any more."""
        with self._turn:
            self._learn()
            way = self._ways[row.id] = self._ways.pop(was)
            way.outcome, way.message = hidden(way.outcome) if way.outcome is not None else None, None
            going = self._open[row.platform, row.group]
            if going.pop(was, None) is not None and not dropped:
                going[row.id] = row
            if dropped and not way.state.final:
                way.state, way.outcome = State.DROPPED, dropped

    def take_lease(self, name: str, holder: str, span: timedelta) -> bool:
        """See `Dispatch.take_lease`."""
        with self._turn:
            other, until = self._leases.get(name, (holder, self._clock()))
            if other != holder and until > self._clock():
                return False
            self._leases[name] = (holder, self._clock() + span)
            return True

    def drop_lease(self, name: str, holder: str) -> None:
        """See `Dispatch.drop_lease`."""
        with self._turn:
            if self._leases.get(name, ("", None))[0] == holder:
                del self._leases[name]

    def waiting(
        self,
        platform: str,
        groups: Collection[str],
        now: datetime,
        *,
        per_group: int,
        most: int,
        besides: Collection[str] = (),
    ) -> Sequence[Parcel]:
        """See `Dispatch.waiting`."""
        with self._turn:
            self._learn()
            ranked = []
            for group in groups:
                due = [row for row in self._rows(platform, group) if self._is_due(self._ways[row.id], now)]
                due.sort(key=lambda row: (urgency(row.effect), self._ways[row.id].number))
                ranked += [
                    ((urgency(row.effect), place, self._ways[row.id].number), row)
                    for place, row in enumerate(due[:per_group])
                    if row.id not in besides
                ]
            ranked.sort(key=lambda pair: pair[0])
            return [self._parcel(row) for _, row in ranked[:most]]

    def pending(self, platform: str, groups: Collection[str]) -> Mapping[str, int]:
        """See `Dispatch.pending`."""
        with self._turn:
            self._learn()
            counts = {
                group: sum(self._ways[row.id].state != State.PARKED for row in self._rows(platform, group))
                for group in groups
            }
            return {group: count for group, count in counts.items() if count}

    def parked(self, platform: str, groups: Collection[str]) -> Mapping[str, Parking]:
        """See `Dispatch.parked`."""
        with self._turn:
            self._learn()
            found: dict[str, Parking] = {}
            for group in groups:
                ways = [self._ways[row.id] for row in self._rows(platform, group)]
                parked = [way for way in ways if way.state == State.PARKED]
                if parked:
                    again = [way.not_before for way in parked if way.not_before is not None]
                    found[group] = Parking(max(way.outcome or "" for way in parked), max(again, default=None))
            return found

    def told(self, prefix: str) -> Collection[str]:
        """See `Dispatch.told`."""
        with self._turn:
            return [name for name in self._told if name.startswith(prefix)]

    def said(self, platform: str, since: datetime) -> Sequence[Said]:
        """See `Dispatch.said`."""
        with self._turn:
            self._learn()
            rows = [(row, self._ways[row.id]) for row in self._sent.values() if row.platform == platform]
            said = [
                (way.sent, Said(row.group, row.effect, way.sent, 1 + way.unsure, row.asker))
                for row, way in rows
                if way.sent is not None and way.sent >= since and way.state is not State.SENDING
            ]
            begun = [
                Said(row.group, row.effect, None, 1 + way.unsure, row.asker)
                for row, way in rows
                if way.state is State.SENDING
            ]
        return [one for _, one in sorted(said, key=lambda pair: pair[0])] + begun

    def put_off(self, platform: str, outcome: str, now: datetime) -> Sequence[Waiting]:
        """See `Dispatch.put_off`."""
        with self._turn:
            self._learn()
            rows = [(row, self._ways[row.id]) for row in self._sent.values() if row.platform == platform]
            return [
                Waiting(row.group, row.effect, way.outcome, way.not_before)
                for row, way in rows
                if way.state is State.WAITING and way.not_before is not None and way.not_before > now
                if way.outcome is not None and way.outcome.startswith(outcome)
            ]

    def forget(self, names: Collection[str]) -> None:
        """See `Dispatch.forget`."""
        with self._turn:
            self._told.difference_update(names)

    def addressee(self, group: str, account: Account, at: datetime) -> Addressee | None:
        """See `Dispatch.addressee`."""
        with self._store.unit() as unit:
            return addressee(unit, group, account, at)

    def begin(self, ids: Sequence[str], holder: str) -> Collection[str]:
        """See `Dispatch.begin`."""
        return self.turn((), ids, holder)

    def settle(self, settled: Sequence[Settled], holder: str) -> int:
        """See `Dispatch.settle`."""
        with self._turn:
            self._learn()
            return sum(self._settle(one, holder) for one in settled)

    def turn(self, settled: Sequence[Settled], ids: Sequence[str], holder: str) -> Collection[str]:
        """See `Dispatch.turn`."""
        with self._turn:
            self._learn()
            for one in settled:
                self._settle(one, holder)
            return {id_ for id_ in ids if self._begin(id_, holder)} if self._lives(holder) else ()

    def park(self, platform: str, group: str, why: str, again: datetime | None = None) -> int:
        """See `Dispatch.park`."""
        with self._turn:
            self._learn()
            parked = [
                self._ways[row.id]
                for row in self._rows(platform, group)
                if self._ways[row.id].state == State.WAITING and not isinstance(row.effect, TellAdmins)
            ]
            for way in parked:
                way.state, way.outcome, way.not_before = State.PARKED, why, again
            return len(parked)

    def unpark(self, platform: str, group: str) -> int:
        """See `Dispatch.unpark`."""
        with self._turn:
            self._learn()
            ways = [self._ways[row.id] for row in self._rows(platform, group)]
            held = [way for way in ways if way.state == State.PARKED or way.not_before is not None]
            for way in held:
                way.state, way.not_before = State.WAITING, None
            return len(held)

    def _learn(self) -> None:
        """Take in the rows that were committed since: the store keeps them in the order in which they came."""
        for id_ in reversed(list(takewhile(lambda id_: id_ not in self._ways, reversed(self._sent)))):
            row = self._sent[id_]
            state = State.SENDING if row.courier else State.WAITING
            self._ways[id_] = Way(len(self._ways), state, int(bool(row.courier)), courier=row.courier or None)
            self._open[row.platform, row.group][id_] = row

    def _rows(self, platform: str, group: str) -> Iterable[OutboxRow]:
        return self._open.get((platform, group), {}).values()

    def _lives(self, holder: str | None) -> bool:
        now = self._clock()
        return any(other == holder and until > now for other, until in self._leases.values())

    def _is_due(self, way: Way, now: datetime) -> bool:
        if way.not_before is not None and way.not_before > now:
            return False
        return way.state == State.WAITING or (way.state == State.SENDING and not self._lives(way.courier))

    def _begin(self, id_: str, holder: str) -> bool:
        way = self._ways.get(id_)
        if way is None or way.state not in (State.WAITING, State.SENDING):
            return False
        if way.state == State.SENDING and way.courier != holder:
            if self._lives(way.courier):
                return False
            way.unsure += 1
        way.state, way.courier, way.attempts, way.not_before = State.SENDING, holder, way.attempts + 1, None
        return True

    def _settle(self, one: Settled, holder: str) -> bool:
        way = self._ways.get(one.id)
        if way is None or way.state.final:
            return False
        if way.state == State.SENDING and way.courier != holder and self._lives(way.courier):
            return False
        row = self._sent[one.id]
        way.state, way.outcome, way.not_before = one.state, one.outcome, one.not_before
        way.message = one.message if one.message is not None else way.message
        way.sent = one.sent or way.sent
        way.unsure += one.unsure
        way.attempts -= not one.counts
        if one.state.final:
            del self._open[row.platform, row.group][one.id]
            if way.sent is None:
                self._sent[one.id] = row._replace(asker=None)
        for n, effect in enumerate(one.instead, 1):
            self._put(row, str(n), effect, row.asker)
        if one.line is not None and (not one.once or one.once not in self._told):
            if one.once:
                self._told.add(one.once)
            self._put(row, "line", one.line, None)
        return True

    def _put(self, of: OutboxRow, suffix: str, effect: Effect, asker: Account | None) -> None:
        id_ = f"{of.id}>{suffix}"
        expires = getattr(effect, "expires", None)
        kind = type(effect).__name__
        row = of._replace(id=id_, kind=kind, effect=effect, expires=expires, courier="", asker=asker)
        self._sent.setdefault(id_, row)
        self._learn()

    def _parcel(self, row: OutboxRow) -> Parcel:
        way = self._ways[row.id]
        began = way.state == State.SENDING
        where = (row.id, row.group, row.platform, row.event, row.workflow, row.effect, row.at, row.expires)
        return Parcel(*where, way.attempts, way.unsure, began, asker=row.asker)

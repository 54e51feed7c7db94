"""One turn of a courier: look after the groups, read what waits, choose what goes now, write it all down."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from core.courier_errands import Errands
from core.courier_judging import Trip, begun
from core.courier_lease import Call, Clock, Lease
from core.courier_load import Load
from core.courier_order import Order
from core.courier_outlook import Outlook
from core.courier_standing import PROBE, Standing
from core.delivery import Dispatch, Parcel, Platform, Refusal, Settled, State
from core.effects import Say, TellAdmins
from core.errors import StoreBusy, StoreUnavailable
from core.people import native_of
from core.ports import OutboxRow
from core.routing import urgency

IDLE: Final = 0.5
"""Seconds between looks into the outbox when nobody rings: other processes write it too."""
PER_GROUP: Final = 100
MOST: Final = 1000
"""Parcels at hand: of one group, and read at once."""
FLYING: Final = 64
"""Requests on their way at once."""
CROWDED: Final = 200
"""Parcels at hand from which on the outbox is not looked into all the time: what is new would wait in any case."""
RATHER: Final = 4.0
"""How many times as long as a look took there is none, when it is crowded."""
_COUNT: Final = 10.0
Hear = Callable[[Collection[str]], Awaitable[None]]
"""Learns what other processes were told about groups, before their parcels are judged."""


class Rounds:
    """What a courier does, again and again, while it holds the lease."""

    def __init__(
        self,
        *,
        platform: Platform,
        dispatch: Dispatch,
        groups: Callable[[], Collection[str]],
        idle: float,
        clock: Clock,
        call: Call,
        lease: Lease,
        load: Load,
        standing: Standing,
        errands: Errands,
        outlook: Outlook,
        hear: Hear | None = None,
    ) -> None:
        self._platform = platform
        self._dispatch = dispatch
        self._groups = groups
        self._idle = idle
        self._clock = clock
        self._call = call
        self._lease = lease
        self._load = load
        self._standing = standing
        self._errands = errands
        self._hear = hear
        self._outlook = outlook
        self._order = Order()
        self._full: set[str] = set()
        self._read_at = -math.inf
        self._read_again = -math.inf
        self._counted_at = -math.inf
        self._pacer_at = math.inf
        self._left: datetime | None = None
        """When the last term ended: what was said before is known."""
        self.fresh = True
        """There may be something to read."""
        self.serving = False
        """A term is under way, and all that the store remembers of troubles is known."""
        self.handed: list[Parcel] = []
        """Parcels that came from the engine in memory."""
        self.returned: set[str] = set()
        """Groups that the assistant came back to."""

    @property
    def due(self) -> float:
        """When the next turn has something to do, unless somebody rings before."""
        look = self._read_again
        if not (self._order and self._errands.opened) and not (self.fresh and self._read_again > self._read_at):
            look = max(look, self._read_at + self._idle)
        return min(self._pacer_at, look, self._errands.deadline, self._errands.ripe)

    def free(self, group: str, say: Say) -> str:
        """The lease's holder if a message of a group could go at this moment, and nothing goes before it; else empty.

        Changes nothing, and may be asked in any thread: what it sees may be a moment old.
        """
        busy = self.fresh or self._order or len(self._load) >= FLYING or self._load.held(group)
        chat = self._standing.open(group)
        if not self.serving or busy or chat is None or not self._lease.safe:
            return ""
        chat = chat if say.to is None else native_of(say.to)
        return self._lease.holder if self._load.pacer.open(chat, urgency(say), self._clock.monotonic()) else ""

    def knows_all(self, rows: Sequence[OutboxRow]) -> bool:
        """Whether rows that were just written may be taken as they are, without a look into the outbox.

        Not while something older may wait there, nor where one of them may have to go before another (`Order`), nor
        where other processes were told of groups what has to be read first.
        """
        unread = self.fresh or self._errands.opened or self.returned
        if not self.serving or unread or self._hear is not None:
            return False
        few = len(self._load) + len(self.handed) + len(rows) < CROWDED
        return few and all(type(row.effect) is Say and row.group not in self._full for row in rows)

    async def begin(self) -> None:
        """Start afresh from what the store remembers. Raises StoreBusy, StoreUnavailable, as all that follows."""
        parked = await self._call(self._dispatch.parked, self._platform.name, list(self._groups()))
        told = await self._call(self._dispatch.told, f"lacks:{self._platform.name}:")
        self._standing.restore(parked, told, self._clock.now())
        await self._outlook.remember(self._left)
        await self._outlook.obey()
        self._load.clear()
        self._order.clear()
        self.handed.clear()
        self.fresh = self.serving = True

    def hand_back(self) -> None:
        """Begin nothing more: what came in memory and has not gone waits in the outbox, as if nobody had taken it."""
        self.serving = False
        self._left = self._clock.now()
        resting = [trip for trip in self._load.resting() if trip.parcel.in_hand]
        for parcel in (*self.handed, *(trip.parcel for trip in resting)):
            if parcel.in_hand:
                self._note(Settled(parcel.id, State.WAITING, "not begun"), parcel)
        for trip in resting:
            self._load.drop(trip)
        self.handed.clear()

    async def turn(self) -> None:
        """Everything that there is to do at this moment."""
        self._errands.look_after()
        await self._look_after_groups()
        while True:
            await self._take_in()
            now = self._clock.monotonic()
            due = self.fresh or self._errands.opened or now >= self._read_at + self._idle or self._runs_low()
            if due and now >= self._read_again:
                await self._read()
            going = self._begun(await self._pick())
            if going or self._errands.ripe <= self._clock.monotonic() or (self._order and self._errands.results):
                await self.write(going)
            elif not self.handed:
                return

    async def _take_in(self) -> None:
        """Consider what came in memory."""
        while self.handed:
            parcel = self.handed[0]
            if parcel.id not in self._load.ids:
                await self._consider(parcel)
            elif parcel.in_hand:
                self._load[parcel.id].parcel = parcel
            self.handed.pop(0)  # only now: what the store could not be asked about stays here, and nowhere else

    def _begun(self, going: Sequence[Trip]) -> list[Trip]:
        """Those of which it is to be written first that they have begun; the others begin now."""
        waiting = [trip for trip in going if not trip.parcel.in_hand]
        for trip in going:
            if trip.parcel.in_hand:
                self._begin(trip)
        return waiting

    def _begin(self, trip: Trip) -> None:
        trip.parcel = begun(trip.parcel)
        if self._lease.held:
            self._errands.begin(trip)
        else:  # writing that it begins took so long that somebody else may perform by now
            self._load.pacer.back(trip.id)
            self._errands.note(Settled(trip.id, State.WAITING, "not begun", counts=False), trip.parcel.group)

    async def _look_after_groups(self) -> None:
        platform, now = self._platform.name, self._clock.now()
        for group in self._standing.due(now):
            await self._call(self._dispatch.unpark, platform, group)
            self._standing.release(group, probe=True)
            self.fresh = True
        for group in list(self.returned):
            await self._call(self._dispatch.unpark, platform, group)
            self.returned.discard(group)
            self._standing.release(group, probe=False)
            self.fresh = True
        for group in list(self._errands.to_park):
            why = f"{Refusal.NOT_THERE.value}: the assistant is not in the group"
            await self._call(self._dispatch.park, platform, group, why, now + PROBE)
            self._errands.to_park.discard(group)
        for group in list(self._errands.moved):
            self._errands.moved.discard(group)
            for trip in self._load.waiting(group):
                await self._reconsider(trip)
        if forgotten := set(self._standing.forgotten):
            await self._call(self._dispatch.forget, forgotten)
            self._standing.forgotten -= forgotten

    async def _read(self) -> None:
        self.fresh = self._errands.opened = False
        began = self._clock.monotonic()
        groups = [group for group in self._groups() if self._standing.chat(group) is not None]
        at_hand = {id_: self._load[id_].parcel for id_ in self._load.ids}
        look = partial(self._dispatch.waiting, per_group=PER_GROUP, most=MOST, besides=at_hand)
        try:
            found: Sequence[Parcel] = await self._call(look, self._platform.name, groups, self._clock.now())
        except (StoreBusy, StoreUnavailable):
            self.fresh = True
            raise
        if found and self._hear is not None:
            await self._hear({parcel.group for parcel in found})
        self._read_at = self._clock.monotonic()
        rest = RATHER * (self._read_at - began) if len(self._load) + len(found) >= CROWDED else 0.0
        self._read_again = self._read_at + rest
        for parcel in self._order.kept(found, at_hand.values(), self._read_at):
            await self._consider(parcel)
        self.fresh = self.fresh or len(found) >= MOST
        await self._count({parcel.group for parcel in found})

    def _runs_low(self) -> bool:
        return any(self._load.held(group) < PER_GROUP // 2 for group in self._full)

    async def _count(self, groups: Collection[str]) -> None:
        """Tell the pacer how much more there is for groups whose parcels are not all at hand."""
        self._full = {group for group in self._full | set(groups) if self._load.held(group) >= PER_GROUP // 2}
        now = self._clock.monotonic()
        if self._full and now >= self._counted_at + _COUNT:
            self._counted_at = now
            pending: Mapping[str, int] = await self._call(self._dispatch.pending, self._platform.name, self._full)
            for group in self._full:
                more = pending.get(group, 0) - self._load.held(group)
                self._load.pacer.coming(self._standing.chat(group) or "", max(0, more))

    async def _consider(self, parcel: Parcel, number: int = 0) -> None:
        verdict = await self._outlook.judged(parcel)
        if isinstance(verdict, Settled):
            self._note(verdict, parcel)
        elif verdict is None and parcel.in_hand:
            self._note(Settled(parcel.id, State.WAITING, "not begun"), parcel)
        elif verdict is not None:
            verdict.number = number
            self._load.take(verdict)

    def _note(self, settled: Settled, parcel: Parcel) -> None:
        """Keep what became of a parcel that does not go: an attempt of ours that was written before it counts no more;
        that of a courier that is gone may have been heard until now."""
        if parcel.began and isinstance(parcel.effect, Say | TellAdmins):
            settled = settled._replace(sent=self._clock.now())
        if parcel.in_hand:
            settled = settled._replace(counts=False)
        else:
            settled = settled._replace(counts=True, unsure=settled.unsure or parcel.began)
        self._errands.note(settled, parcel.group)

    async def _reconsider(self, trip: Trip) -> None:
        self._load.drop(trip)
        self._standing.gone(trip)
        try:
            await self._consider(trip.parcel, trip.number)
        except (StoreBusy, StoreUnavailable):
            if trip.parcel.in_hand:  # others are read again
                self.handed.append(trip.parcel)
            raise

    async def _pick(self) -> list[Trip]:
        """What goes now."""
        going: list[Trip] = []
        self._pacer_at = math.inf
        while self._errands.asking + len(going) < FLYING and self._lease.safe:
            now = self._clock.monotonic()
            key = self._load.pacer.next(now)
            if not isinstance(key, str):
                self._pacer_at = now + key
                break
            trip = self._load[key]
            if self._outlook.still_right(trip):
                going.append(trip)
                continue
            try:
                await self._reconsider(trip)
            except (StoreBusy, StoreUnavailable):
                for chosen in going:
                    self._load.pacer.back(chosen.id)
                raise
        return going

    async def write(self, going: Sequence[Trip]) -> None:
        """Settle what came back and begin what goes, in one transaction."""
        if not going and not self._errands.results:
            return
        results, self._errands.results = self._errands.results, []
        ids = [trip.id for trip in going]
        try:
            begun_now: Collection[str] = await self._call(self._dispatch.turn, results, ids, self._lease.holder)
        except (StoreBusy, StoreUnavailable):
            self._errands.results = results + self._errands.results
            for trip in going:
                self._load.pacer.back(trip.id)
            raise
        self._errands.opened |= bool(self._order) and bool(results)  # what waited for one of them may go
        for settled in results:
            if settled.line is not None and settled.once:
                self._standing.told(settled.once)
            self.fresh = self.fresh or settled.line is not None or bool(settled.instead)
        for trip in going:
            if trip.id in begun_now or trip.parcel.in_hand:
                self._begin(trip)
            else:
                self._load.drop(trip)

"""The courier of one bot account: takes what waits in the outbox, has the platform perform it, writes down what became
of it.

Everything it must not forget is in the outbox. It may be killed at any point: what it had begun and not settled comes
back to the next one as an attempt whose outcome nobody knows.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from core.budget import Budget
from core.courier_errands import Errands, Notice, Tell
from core.courier_lease import SPAN, Call, Clock, Lease
from core.courier_load import Load
from core.courier_outlook import Outlook
from core.courier_promises import Promises, waiting
from core.courier_rounds import IDLE, Hear, Rounds
from core.courier_standing import Standing
from core.delivery import Destination, Dispatch, Parcel, Platform
from core.errors import StoreBusy, StoreUnavailable
from core.events import Event
from core.pacing import Limits
from core.ports import OutboxRow
from core.workflow import Group

__all__ = ["Courier", "Notice"]

DRAIN: Final = 8.0
"""Seconds that requests on their way get to end when the courier is stopped."""
_TURN: Final = 1.0
_PATIENCE: Final = 5.0


class Courier:
    """Performs for one bot account while it holds the account's lease; until then it waits.

    `address` tells the chat of a group, `to_admins` the chats of those who steer it. `on_event` hands in what the
    platform told on the way (links that were made, groups that moved); `tell` is the operator's log. `grantable` says
    that admins can grant rights on this platform; `idle` is how many seconds pass between looks when nobody rings.
    `hear`, where several processes share a store, learns what the others were told before parcels are judged.
    `budget` is how much the account may say in a day.
    """

    def __init__(
        self,
        *,
        name: str,
        platform: Platform,
        dispatch: Dispatch,
        address: Callable[[str], str | None],
        groups: Callable[[], Mapping[str, Group]],
        to_admins: Callable[[str], Sequence[Destination]],
        holder: str,
        clock: Clock,
        on_event: Callable[[Event], Awaitable[object]],
        tell: Tell,
        limits: Limits | None = None,
        grantable: bool = True,
        idle: float = IDLE,
        call: Call = asyncio.to_thread,
        span: timedelta = SPAN,
        hear: Hear | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.name = name
        self._clock = clock
        self._tell = tell
        self._lease = Lease(dispatch, f"courier:{name}", holder, clock, call, span)
        self._standing = Standing(platform.name, address)
        load = Load(limits or Limits())
        self._bell = asyncio.Event()
        self._errands = Errands(
            platform, load, self._standing, dispatch, self._lease, clock, call, on_event, tell, self._bell, budget
        )
        outlook = Outlook(
            platform=platform,
            dispatch=dispatch,
            groups=groups,
            to_admins=to_admins,
            grantable=grantable,
            clock=clock,
            call=call,
            pacer=load.pacer,
            standing=self._standing,
            budget=budget,
        )
        self._rounds = Rounds(
            platform=platform,
            dispatch=dispatch,
            groups=groups,
            idle=idle,
            clock=clock,
            call=call,
            lease=self._lease,
            load=load,
            standing=self._standing,
            errands=self._errands,
            outlook=outlook,
            hear=hear,
        )
        self._promises = Promises(self._rounds.free)
        self.serves = asyncio.Event()
        """Set while this courier, and no other, performs for the account."""
        self._running = False
        self._stopping = False
        self._waits = False
        self._troubled = False
        self._ended = asyncio.Event()

    # from outside

    def wake(self) -> None:
        """Something was committed: look now."""
        self._rounds.fresh = True
        self._bell.set()

    def promise(self, row: OutboxRow) -> str:
        """See `core.applying.Takes`. Called in the engine's thread."""
        return self._promises.promise(row)

    def committed(self, rows: Iterable[OutboxRow]) -> None:
        """A batch was committed with these rows, some of them maybe promised by this courier: perform them now."""
        self._hand(self._promises.kept(row for row in rows if row.courier == self._lease.holder))

    def offer(self, rows: Sequence[OutboxRow]) -> None:
        """A batch was committed with these rows, about which nothing was promised: perform them in their turn."""
        if self._rounds.knows_all(rows):
            self._hand([waiting(row) for row in rows])
        else:
            self.wake()

    def doubt(self) -> None:
        """A batch may have been committed or not: look whether what was promised in it is there."""
        self._hand(self._promises.doubtful())

    def _hand(self, parcels: Sequence[Parcel]) -> None:
        if parcels:
            self._rounds.handed += parcels
            self._bell.set()

    def standing_changed(self, group: str, *, present: bool) -> None:
        """The platform told what the assistant may do in a group now, or that it is not there any more."""
        self._standing.changed(group)
        if present:
            self._rounds.returned.add(group)
        else:
            self._standing.park(group, self._clock.now())
        self.wake()

    async def stop(self) -> None:
        """Begin nothing more, have what is on its way end, give the lease back. Returns when that is done."""
        self._stopping = True
        self._errands.hurry()
        self._bell.set()
        if self._running:
            await self._ended.wait()

    async def run(self) -> None:
        """Perform until stopped. Cancelling is like killing: what is on its way stays open, the lease runs out."""
        self._running = True
        try:
            while not self._stopping:
                if await self._take_lease():
                    await self._term()
        finally:
            await self._errands.abandon()
            self._ended.set()

    # terms

    async def _take_lease(self) -> bool:
        try:
            taken = await self._lease.take()
        except (StoreBusy, StoreUnavailable) as error:
            self._complain(error)
        else:
            if taken:
                self._recover()
                return True
            if not self._waits:
                self._waits = True
                self._tell(Notice("waiting", f"another courier serves {self.name}; this one waits until it ends"))
        self._bell.clear()
        await self._pause(_TURN)
        return False

    async def _term(self) -> None:
        keeper = asyncio.create_task(self._lease.keep(self._lost))
        try:
            patience, restored = 0.0, False
            while not self._stopping and self._lease.held:
                self._bell.clear()
                try:
                    if not restored:
                        await self._rounds.begin()
                        restored = True
                        self._waits = False
                        self.serves.set()
                        self._tell(Notice("serving", f"this courier serves {self.name} now"))
                    await self._rounds.turn()
                except (StoreBusy, StoreUnavailable) as error:
                    self._complain(error)
                    patience = min(_PATIENCE, patience * 2 or 0.1)
                    await self._pause(patience)
                else:
                    self._recover()
                    patience = 0.0
                    await self._rest()
            await self._end()
        finally:
            self.serves.clear()
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        await self._give_back()

    def _lost(self) -> None:
        """Another may perform and fetch from now on, whatever the store is being waited for."""
        self.serves.clear()
        self._errands.cut()
        self._bell.set()

    async def _end(self) -> None:
        """Let what is on its way come in, and write down what became of it."""
        until = self._clock.monotonic() + (DRAIN if self._stopping else math.inf)
        self._rounds.hand_back()
        while self._errands or self._errands.results:
            self._bell.clear()
            self._rounds.hand_back()
            self._errands.look_after()
            wait = min(until, self._errands.deadline) - self._clock.monotonic()
            try:
                await self._rounds.write(())
            except (StoreBusy, StoreUnavailable) as error:
                self._complain(error)
                wait = min(wait, _PATIENCE / 10)
            if self._clock.monotonic() >= until:
                return
            if self._errands or self._errands.results:
                await self._pause(min(wait, _TURN))

    async def _give_back(self) -> None:
        try:
            await self._lease.give_back()
        except (StoreBusy, StoreUnavailable) as error:
            self._complain(error)

    # waiting

    async def _rest(self) -> None:
        await self._pause(self._rounds.due - self._clock.monotonic())

    async def _pause(self, seconds: float) -> None:
        """Until the bell rings, or so long."""
        if seconds <= 0 or self._bell.is_set():
            await asyncio.sleep(0)
            return
        alarm = asyncio.ensure_future(self._ring_after(seconds))
        try:
            await self._bell.wait()
        finally:
            alarm.cancel()

    async def _ring_after(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._bell.set()

    def _complain(self, error: Exception) -> None:
        if not self._troubled:
            self._troubled = True
            self._tell(Notice("trouble", f"the outbox cannot be used: {error}"))

    def _recover(self) -> None:
        if self._troubled:
            self._troubled = False
            self._tell(Notice("well", "the outbox can be used again"))

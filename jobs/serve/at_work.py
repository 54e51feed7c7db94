"""A process at work: connections, engine, couriers and clock, begun in order and ended so that nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from enum import Enum, auto
from functools import partial
from typing import Final

from adapters.sql import SqlStore
from adapters.sql.connections import SqlConnections
from adapters.sql.upkeep import SqlUpkeep
from config.home import Deployment
from config.keeping import Keep
from config.problems import Language
from core.courier import Courier
from core.engine import Engine, Outcome
from core.errors import StoreError
from core.events import BotStanding, Event, GroupMoved
from core.ports import OutboxRow
from jobs.digest.arming import arming
from jobs.serve import lines
from jobs.serve.bell import Bell
from jobs.serve.clock import Clock
from jobs.serve.connection import Connection
from jobs.serve.couriers import courier
from jobs.serve.failing import Ailing
from jobs.serve.heap import settle_again
from jobs.serve.hearing import Hearing
from jobs.serve.holders import gone, holder
from jobs.serve.inlet import LANES, MOST, EngineInlet
from jobs.serve.metrics import Metrics
from jobs.serve.patient import Patient
from jobs.serve.refusing import CannotServe
from jobs.serve.roster import Roster, Seat, is_name
from jobs.serve.standings import standings
from jobs.serve.upkeep import Dating, forget_old

log = logging.getLogger("yaji.serve")

ARMED_AGAIN: Final = 6 * 3600.0
"""Seconds after which timers by the clock are set again where one is gone: an operator cancelled it, or it crashed."""
REFRESH: Final = 5.0
"""Seconds between two looks at where groups live: another process may have bound or moved one."""
AGAIN: Final = 5.0
"""Seconds before something that broke off is started again."""
MENUS_AGAIN, LONGEST_PAUSE = 60.0, 3600.0
"""Seconds before menus that could not be set are tried again, and that it grows to."""
DRAIN, FAREWELL = 2.0, 2.5
"""Seconds that stopping leaves for what is being decided, and for what is on its way out."""
AROUND: Final = 2.0
"""Seconds that receiving waits for what platforms say of all groups; what takes longer is heard meanwhile."""
LOOKS: Final = 16
"""How many groups are asked about at once."""
HEALTHY: Final = 3.0
"""Seconds in which the store answers if it is well."""


class Role(Enum):
    """What a task that is kept running is for."""

    SENDS = auto()
    HEARS = auto()
    HEARS_TO_THE_END = auto()
    """What is said goes out over the same connection."""
    BESIDE = auto()


_HEARS: Final = frozenset((Role.HEARS, Role.HEARS_TO_THE_END))


class Serving:
    """A process at work. Lives in the event loop's thread."""

    def __init__(
        self,
        deployment: Deployment,
        store: SqlStore,
        seats: Sequence[Seat],
        clock: Clock,
        language: Language,
        secret: bytes = b"",
    ) -> None:
        self.store = store
        self.clock = clock
        self.language = language
        self.roster = Roster(store, deployment, seats, secret)
        self.connections: dict[str, Connection] = {}
        self.couriers: dict[str, Courier] = {}
        self.metrics = Metrics(store, lambda: self.connections.values(), lambda now: self.hearing.waiting(now))
        self.failed = asyncio.Event()
        """Set when there is nothing left that could be served, or the store must be opened anew."""
        self.inlet = EngineInlet(
            Engine(store, {}),
            store.flush,
            self._committed,
            self.metrics.took,
            self._failed,
            self.failed.set,
            lanes=LANES if store.pool.shared else 1,
        )
        self.hearing = Hearing(
            lambda: self.connections.values(),
            SqlConnections(store.pool),
            lambda account: self.roster.served(account),
            self.inlet,
            clock,
            language,
            lambda name: not store.pool.shared or (name in self.couriers and self.couriers[name].serves.is_set()),
        )
        self.bell = Bell(SqlUpkeep(store.pool), self.inlet, lambda: self.roster.groups, clock, self.hearing.waiting)
        self.dating = Dating()
        self._tasks: dict[asyncio.Task[None], Role] = {}
        self._inlet_runs: asyncio.Task[None] | None = None
        self._closing = False

    def kept(self) -> Keep:
        """How long things are kept, by the configuration in use."""
        return self.roster.deployment.settings.storage.keep

    # starting

    async def begin(self, connections: Sequence[Connection]) -> None:
        """Take the groups in; from here on events are processed and effects performed."""
        self.connections = {each.name: each for each in connections}
        self._inlet_runs = asyncio.create_task(self.inlet.run())
        await self.adopt()
        await self.hearing.remember()
        dispatch, name = self.store.dispatch(gone=gone, told=self.metrics.settled), holder()
        for each in connections:
            self.couriers[each.name] = courier(
                each,
                roster=self.roster,
                dispatch=dispatch,
                inlet=self.inlet,
                clock=self.clock,
                holder=name,
                language=self.language,
                hear=self._hear_of_standings if self.store.pool.shared else None,
                on_back=lambda group: self.keep(f"return to {group}", partial(self.look_at, group)),
            )
            if each.let_in:  # else another process may have the right token, and is not to wait for this one's lease
                self.keep(f"courier of {each.name}", self.couriers[each.name].run, Role.SENDS)
        self._show_menus()
        self.keep("bell", self.bell.run)
        self.keep("hearing", self.hearing.run)
        self.keep("addresses", self._refresh_now_and_then)
        self.keep("arming", self._arm_now_and_then)
        ailing = Ailing(lambda: self.roster.groups, self.metrics.conditions_fail, self.clock, self.language)
        self.keep("failing conditions", ailing.run)
        self.keep("upkeep", lambda: forget_old(SqlUpkeep(self.store.pool), self.clock, self.dating.sure))

    async def adopt(self) -> None:
        """Take over the addresses of the configuration, ask what may be done there, and say how it stands."""
        await self.roster.settle(await self._resolved())
        await self.refresh()
        for each in self.connections.values():
            log.info("%s", each.told(self.roster.served(each.name), self.language))
        await self._look_around()
        await self.arm()

    async def settle(self, account: str) -> None:
        """An account knows its places now: take over their addresses, and say how it stands there."""
        await self.roster.settle(await self._resolved())
        await self.refresh()
        each = self.connections[account]
        log.info("%s", each.told(self.roster.served(account), self.language))
        for group in self.roster.served(account):
            address = self.roster.places(account).address_of(group)
            if address is not None:
                await self._look_at(group, each, address)

    async def _resolved(self) -> Mapping[tuple[str, str], str | None]:
        """What the platforms know the names by that the operator wrote anew."""
        found: dict[tuple[str, str], str | None] = {}
        for (platform, group), written in (await asyncio.to_thread(self.roster.anew)).items():
            each = self.connections.get(self.roster.account_of(group, platform) or "")
            if each is not None and is_name(platform, written):
                found[platform, group] = await each.resolved(group, written)
        return found

    async def _look_around(self) -> None:
        turns, seen = asyncio.Semaphore(LOOKS), asyncio.Event()

        async def look(group: str) -> None:
            async with turns:
                await self.look_at(group)

        async def around() -> None:
            await asyncio.gather(*(look(group) for group in self.roster.groups))
            seen.set()

        self.keep("standings", around)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(seen.wait(), AROUND)

    async def look_at(self, group: str) -> None:
        """Ask what may be done in a group, let the group's workflows hear it, and log it."""
        nowhere = True
        for each in self.connections.values():
            address = self.roster.places(each.name).address_of(group)
            if address is not None:
                nowhere = False
                await self._look_at(group, each, address)
        if nowhere and group not in self.roster.deployment.addresses.values():
            log.warning("%s", lines.of_unbound(group, self.roster.deployment.home, self.language))

    async def _look_at(self, group: str, each: Connection, address: str) -> None:
        at = self.clock.now()
        id_ = f"{each.account}:standing:{group}:{int(at.timestamp() * 1_000_000)}"
        standing = await each.standing(group, address, id_, at)
        if isinstance(standing, GroupMoved):
            await self.inlet.take((standing,))  # then the group is looked at where it is now
            return
        held = self.roster.groups.get(group)
        if held is None:  # it is served no more
            return
        fine = standing is not None and (not lines.lacking(held, standing) or not each.grantable)
        level = logging.INFO if fine else logging.WARNING
        log.log(level, "%s", lines.of_group(held, address, standing, self.language, grantable=each.grantable))
        if standing is not None:
            await self.inlet.take((standing,))

    def keep(self, name: str, run: Callable[[], Awaitable[None]], role: Role = Role.BESIDE) -> None:
        """Have something run until the process stops; if it breaks off by a bug of ours, it is started again."""

        async def kept() -> None:
            while not self._closing:
                try:
                    await run()
                    return
                except CannotServe as refused:
                    log.critical("%s", refused.told.in_(self.language))
                    self._lost(role)
                    return
                except StoreError as error:
                    log.warning("%s: %s", name, error)
                    await self.clock.sleep(AGAIN)
                except Exception:
                    log.exception("%s broke off; it begins again", name)
                    await self.clock.sleep(AGAIN)

        task = asyncio.create_task(kept(), name=name)
        self._tasks[task] = role
        task.add_done_callback(self._tasks.pop)

    def _lost(self, role: Role) -> None:
        """The task that runs now has ended for good."""
        others = [one for task, one in self._tasks.items() if task is not asyncio.current_task()]
        if role in _HEARS and not _HEARS.intersection(others):
            self.failed.set()

    # at work

    async def use(self, deployment: Deployment) -> None:
        """Serve another configuration from now on, all of it at once."""
        settings = self.roster.deployment.settings
        self.roster.use(deployment)
        await self.adopt()
        self._show_menus()
        settle_again()
        log.info("%s", lines.CHANGED.filled(home=deployment.home).in_(self.language))
        if deployment.settings != settings:
            log.warning("%s", lines.RESTART.in_(self.language))

    def _show_menus(self) -> None:
        for each in self.connections.values():
            self.keep(f"menus of {each.name}", partial(self._menus_of, each))

    async def _menus_of(self, each: Connection) -> None:
        """Until the platform shows those of the configuration that is in use by then."""
        pause = MENUS_AGAIN
        while not await each.show_menus(self.roster.groups):
            await self.clock.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def refresh(self) -> None:
        """Read anew where groups live; the engine hears of it before the next event."""
        if await self.roster.refresh():
            self.inlet.use(Engine(self.store, self.roster.groups, self._takes))
            for each in self.couriers.values():
                each.wake()

    async def _refresh_now_and_then(self) -> None:
        patient = Patient("addresses are read again later")
        while True:
            await self.clock.sleep(REFRESH)
            with patient.bearing():
                await self.refresh()

    async def arm(self, *, back: bool = False) -> None:
        """Set what happens by the clock: it is promised even where nobody ever says a word. `back`: see `arming`."""
        orders = arming(self.roster.groups.values(), self.clock.now(), back=back)
        for n in range(0, len(orders), MOST):
            await self.inlet.take(orders[n : n + MOST])

    async def _arm_now_and_then(self) -> None:
        while True:
            await self.clock.sleep(ARMED_AGAIN)
            await self.arm()

    async def _hear_of_standings(self, groups: Collection[str]) -> None:
        """Take over what another process was told: updates of one bot reach any of those that share a database."""
        for (group, platform), standing in (await asyncio.to_thread(standings, self.store, sorted(groups))).items():
            each = self.connections.get(self.roster.account_of(group, platform) or "")
            if each is not None and each.abilities.get(group) != frozenset(standing.abilities):
                each.abilities[group] = frozenset(standing.abilities)  # type: ignore[arg-type]
                self.couriers[each.name].standing_changed(group, present=standing.present)

    def _committed(self, events: Sequence[Event], outcome: Outcome) -> None:
        self.metrics.committed(events, outcome)
        self.dating.heard(events)
        for event in events:
            if isinstance(event, BotStanding):
                self._stands(event)
            elif isinstance(event, GroupMoved):
                group = event.group
                if (home := self.connections.get(self.roster.account_of(group, event.platform) or "")) is not None:
                    home.follow(event)
                self.keep(f"move of {group}", lambda group=group: self._moved(group))  # type: ignore[misc]
        for each in self.couriers.values():
            each.committed(outcome.taken)
        if outcome.waiting:
            self._offer(outcome.waiting)
        if outcome.decisions:
            self.bell.wake()

    def _takes(self, row: OutboxRow) -> str:
        """See `core.applying.Takes`. Called in the engine's thread."""
        courier = self.couriers.get(self.roster.account_of(row.group, row.platform) or "")
        return courier.promise(row) if courier is not None else ""

    def _offer(self, rows: Sequence[OutboxRow]) -> None:
        to_each: dict[str, list[OutboxRow]] = {name: [] for name in self.couriers}
        for row in rows:
            to_each.get(self.roster.account_of(row.group, row.platform) or "", []).append(row)
        for name, offered in to_each.items():
            if offered:
                self.couriers[name].offer(offered)

    def _failed(self) -> None:
        for each in self.couriers.values():
            each.doubt()

    def _stands(self, event: BotStanding) -> None:
        each = self.connections.get(self.roster.account_of(event.group, event.platform) or "")
        if each is not None and not event.refused:
            each.abilities[event.group] = event.abilities  # type: ignore[assignment]
            if each.name in self.couriers:
                self.couriers[each.name].standing_changed(event.group, present=event.present)

    def receive(self, each: Connection) -> None:
        """Take in what people write to an account."""
        role = Role.HEARS if each.one_way else Role.HEARS_TO_THE_END
        self.keep(f"receive {each.name}", partial(each.receive, self.language, self.couriers[each.name].serves), role)

    async def health(self) -> Mapping[str, object]:
        """How it is, for `/healthz`: `ok` means that there is an account whose updates arrive, and they can be stored;
        or that none is let in yet, as while a platform does not answer. An account that is in trouble does not end, by
        whoever restarts what is not well, those that are served."""
        try:
            async with asyncio.timeout(HEALTHY):
                await asyncio.to_thread(self.store.addresses)
            stored = True
        except (StoreError, TimeoutError):
            stored = False
        bots = {
            name: {"groups": len(self.roster.served(name)), "updates": each.how}
            for name, each in self.connections.items()
        }
        well = not self.connections or any(each.well for each in self.connections.values())
        return {"ok": stored and well and not self.failed.is_set(), "store": stored, "bots": bots}

    async def _moved(self, group: str) -> None:
        await self.refresh()
        await self.look_at(group)

    # stopping

    async def end(self) -> None:
        """Take nothing in any more, finish what was taken, give the leases back."""
        if not self._closing:
            await self.hearing.end()
        self._closing = True
        last = {task for task, role in self._tasks.items() if role in (Role.SENDS, Role.HEARS_TO_THE_END)}
        others = self._tasks.keys() - last
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.inlet.stop()
        if self._inlet_runs is not None:
            await asyncio.wait([self._inlet_runs], timeout=DRAIN)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(each.stop() for each in self.couriers.values())), FAREWELL)
        for task in last:
            task.cancel()
        await asyncio.gather(*last, return_exceptions=True)

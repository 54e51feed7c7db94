"""When each account was heard: written down as it goes, so that what nobody can have heard is known after a restart,
and which accounts are behind, to all processes that ring for timers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from adapters.sql.connections import SqlConnections, Stands
from config.problems import Language, Said
from core.delivery import Inlet
from core.errors import StoreBusy, StoreUnavailable
from core.events import Unheard
from jobs.earshot import CATCHING_UP, Earshot, behind_by, speaks
from jobs.serve.clock import Clock
from jobs.serve.connection import Connection
from jobs.serve.patient import Patient

log = logging.getLogger("yaji.serve")

LOOK: Final = 5.0
"""Seconds between two looks: a gap is told to begin so much too early at most."""
SOON: Final = 0.5
"""The same while an account is not heard yet: a process that lives for a moment leaves word of what it heard."""
MOMENT: Final = timedelta(seconds=1)
"""What is shorter has no length on a clock, and nobody is told of it."""
WRITE: Final = timedelta(seconds=30)
"""How often it is written that an account is heard still; changes are written at once."""
_UNHEARD: Final = Said(
    "{name} was not heard from {since} to {until} UTC", "{name}：{since} 到 {until}（UTC）没有收到消息"
)


class Hearing:
    """Looks at connections. `served` are the groups of one, which hear of what they missed. `speaks` says whether this
    process is the one that speaks for an account: of the others it knows what that one wrote down."""

    def __init__(
        self,
        connections: Callable[[], Collection[Connection]],
        kept: SqlConnections,
        served: Callable[[str], Sequence[str]],
        inlet: Inlet,
        clock: Clock,
        language: Language = "en",
        speaks: Callable[[str], bool] = lambda name: True,
    ) -> None:
        self._language = language
        self._speaks = speaks
        self._earshot = Earshot(clock.monotonic)
        self._begun = clock.now()
        self._connections = connections
        self._kept = kept
        self._served = served
        self._inlet = inlet
        self._clock = clock
        self.heard: dict[str, datetime] = {}
        """Until when each account was heard."""
        self._written: dict[str, Stands] = {}
        self._told: Mapping[str, Stands] = {}
        """What is written down about accounts for which another process speaks."""

    async def remember(self) -> None:
        """What was written before this process began, for all that act before they are looked at. Raises StoreBusy,
        StoreUnavailable."""
        self._written = dict(await asyncio.to_thread(self._kept.all))
        self._earshot.remember(self._written)
        self.heard = {name: stands.heard for name, stands in self._written.items() if stands.heard is not None}
        for each in self._connections():
            stands = self._written.get(each.name)
            if each.budget is not None and stands is not None:
                each.budget.first = stands.first
                if stands.held is not None:
                    each.budget.hold(stands.held)

    async def run(self) -> None:
        """Look until cancelled."""
        patient = Patient("when accounts were heard is written later")
        while True:
            with patient.bearing():
                await self.look()
            await self._clock.sleep(LOOK if all(map(self._settled, self._connections())) else SOON)

    def _settled(self, each: Connection) -> bool:
        return each.heard_since is not None and not each.behind and self._speaks(each.name)

    def waiting(self, now: datetime) -> Mapping[str, datetime]:
        """See `Earshot.waiting`."""
        stands = {each.name: self._behind(each, now) for each in self._connections() if each.let_in}
        self._earshot.look({name: speaks for name, speaks in stands.items() if speaks is not None})
        return self._earshot.waiting(lambda: {name: self._served(name) for name in stands}, now)

    def _behind(self, each: Connection, now: datetime) -> bool | None:
        """See `behind_by`."""
        if self._speaks(each.name):
            heard = each.heard_since is not None and not each.behind
            return None if heard else speaks(each.platform.name, each.how)
        told = self._told.get(each.name)
        if told is None or told.at < self._begun:  # it may be the word of a process that is gone
            return False
        return behind_by(each.name, told, now)

    async def end(self) -> None:
        """Write down until when was heard, in time before the store closes."""
        for each in self._connections():
            stands = self._written.get(each.name)
            if each.heard_since is not None and self._speaks(each.name) and stands is not None:
                now = self._clock.now()
                with contextlib.suppress(StoreBusy, StoreUnavailable):
                    stopped = Stands(stands.first, now, "stopped", now, _held(each))
                    await asyncio.to_thread(self._kept.note, each.name, stopped)

    async def look(self) -> None:
        """Once: tell of gaps that ended, and write down how it stands. Raises StoreBusy, StoreUnavailable."""
        if not all(self._speaks(each.name) for each in self._connections()):
            self._told = await asyncio.to_thread(self._kept.all)
        for each in self._connections():
            await self._look_at(each)

    async def _look_at(self, each: Connection) -> None:
        now, since, last = self._clock.now(), each.heard_since, self.heard.get(each.name)
        if last is not None and (since is None or since > last):
            last = self.heard[each.name] = min(last, each.heard_before or last)
        if since is not None:
            if last is not None and since - each.keeps - last >= MOMENT:
                await self._tell(each, last, since - each.keeps)
            self.heard[each.name] = now
        first, heard = now if since is not None else None, self.heard.get(each.name)
        who = each.who if each.who is not None and each.who.name else None  # ids alone tell of no other account
        if self._speaks(each.name) or not each.let_in:
            how = CATCHING_UP if since is not None and each.behind else each.how
            await self._write(each, Stands(first, heard, how, now, _held(each), who))

    async def _tell(self, each: Connection, since: datetime, until: datetime) -> None:
        platform = each.platform.name
        id_ = f"{platform}:unheard:{each.name}:{int(since.timestamp() * 1000)}"
        groups = self._served(each.name)
        told = _UNHEARD.filled(name=each.name, since=f"{since:%Y-%m-%d %H:%M:%S}", until=f"{until:%Y-%m-%d %H:%M:%S}")
        log.warning("%s", told.in_(self._language))
        await self._inlet.take(
            [Unheard(id=f"{id_}:{one}", at=until, group=one, platform=platform, since=since) for one in groups]
        )

    async def _write(self, each: Connection, stands: Stands) -> None:
        before = self._written.get(each.name)
        changed = before is None or (before.how, before.held) != (stands.how, stands.held)
        another = before is not None and stands.who is not None and stands.who != before.who
        if before is None or changed or another or stands.at - before.at >= WRITE:
            self._written[each.name] = await asyncio.to_thread(self._kept.note, each.name, stands)
        if each.budget is not None:
            each.budget.first = self._written[each.name].first


def _held(each: Connection) -> datetime | None:
    """Until when an account does nothing, because its platform complained."""
    return each.budget.held_until if each.budget is not None else None

"""A gateway as Yaji uses it: connected again whatever happens to it, what it tells in order, and the calls it takes.

What a gateway tells while nobody is connected is lost: it keeps nothing. What it told, and could not be asked about
before the connection broke, is asked about on the next one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from adapters.wechat.connection import Connection, ConnectionLost, Timings
from adapters.wechat.endpoint import Endpoint
from adapters.wechat.failures import AnswerLost, CallFailed, NotSent, Refused
from adapters.wechat.library import Puppet, Told
from adapters.wechat.names import Names
from adapters.wechat.payloads import Contact, Happening, Member, Room
from adapters.wechat.reading import Reader
from adapters.wechat.states import (
    Complained,
    Connected,
    Disconnected,
    LoggedIn,
    LoggedOut,
    Ready,
    ScanAsked,
    ScanStatus,
    State,
    StillAway,
    TakenOver,
    Trouble,
)

log = logging.getLogger("yaji.wechat")

BACKLOG: Final = 10_000
"""Events that wait at most. Beyond that the gateway is not read any further until some are taken in."""
_AT_ONCE: Final = 8
_GONE: Final = frozenset((Trouble.ABSENT, Trouble.ENDED))
_SCANS: Final = {
    "1": ScanStatus.CANCELLED,
    "2": ScanStatus.WAITING,
    "3": ScanStatus.SCANNED,
    "4": ScanStatus.CONFIRMED,
    "5": ScanStatus.TIMEOUT,
}
_T = TypeVar("_T")

Handle = Callable[[Happening], Awaitable[None]]


class Gateway:
    """Lives in one event loop. `told` hears of every change in how it stands, at once and in order.

    `serves` says which rooms matter: of others no names are asked. `now` is the time in UTC, `clock` counts seconds,
    `pause` waits, `chance` gives a number from 0 to 1.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        told: Callable[[State], None] = lambda _state: None,
        serves: Callable[[str], bool] = lambda _room: True,
        timings: Timings | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.me: LoggedIn | None = None
        """The account, as long as it is logged in as far as is known; kept while the gateway is away, until it does
        not say at the start of a connection that somebody is logged in."""
        self._endpoint = endpoint
        self._told = told
        self._timings = timings or Timings()
        self._now = now
        self._clock = clock
        self._pause = pause
        self._chance = chance
        self._connection: Connection | None = None
        self._open = asyncio.Event()
        self._dongs = False
        self._greeted = False
        self._heard: datetime | None = None
        self._away: Trouble | None = None
        self._taken_over_at: float | None = None
        self._queue: asyncio.Queue[Told] = asyncio.Queue(BACKLOG)
        self._reading = False
        self.behind = False
        """Whether something is not taken in yet that was told before the connection that stands was opened."""
        self._names = Names()
        self._reader = Reader(self, self._names, serves, now, clock)

    @property
    def connected(self) -> bool:
        """Whether the gateway is heard now."""
        return self._open.is_set()

    @property
    def waiting(self) -> int:
        """How many events were told and are not taken in yet."""
        return self._queue.qsize()

    async def run(self, handle: Handle) -> None:
        """Connect, again and again, and hand on what happens, one after the other, until cancelled.

        Raises CredentialsRefused, and whatever `handle` raises.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._take_in(handle))
                tasks.create_task(self._stay_connected())
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            self._open.clear()
            self._connection = None

    # What is asked of it. All raise CallFailed; NotSent while it is not connected.

    async def rooms(self) -> Sequence[str]:
        """The ids of all rooms of the account."""
        return await self.call(lambda puppet: puppet.rooms())

    async def titles(self, rooms: Collection[str]) -> Mapping[str, str]:
        """What each of these rooms is called now. Those of which the gateway tells nothing are left out."""
        found = zip(rooms, await self._each(rooms, self._title), strict=True)
        return {room: title for room, title in found if title is not None}

    async def _title(self, room: str) -> str | None:
        try:
            return await self.call(lambda puppet: puppet.title(room))
        except NotSent:
            raise
        except CallFailed as failed:
            log.warning("what %s is called is not known: %s", room, failed)
            return None

    async def room(self, id: str) -> Room:
        """A room as it is now. Refused if the account is not in it."""
        return await self.call(lambda puppet: puppet.room(id))

    async def members(self, room: str) -> Sequence[Member]:
        """Who is in a room now, with their names. Somebody whose name is not known is there without one."""
        await self.call(lambda puppet: puppet.forget_members(room))
        self._names.forget(room)
        found = await self.room(room)
        return await self._each(found.members, lambda id: self.member(room, id))

    async def member(self, room: str, id: str) -> Member:
        """Somebody in a room, with names that may be up to an hour old; without any where the gateway tells none."""
        return await self._reader.member(room, id)

    def author(self, message: str) -> str:
        """The contact id of who wrote a message that was read lately; empty where that is not known."""
        return self._reader.author(message)

    async def contact(self, id: str) -> Contact:
        """Somebody whom the account can see, as they are now."""
        return await self.call(lambda puppet: puppet.contact_now(id))

    async def contacts(self) -> Sequence[Contact]:
        """All whom the account knows."""
        return await self._each(await self.call(lambda puppet: puppet.contacts()), self.contact)

    async def call(self, made: Callable[[Puppet], Coroutine[Any, Any, _T]]) -> _T:
        """Make a call on the connection that stands. Raises CallFailed; NotSent if there is none."""
        connection = self._connection
        if connection is None or not self._open.is_set():
            raise NotSent("there is no connection to the gateway")
        try:
            return await made(connection.puppet)
        except AnswerLost:
            connection.doubt()
            raise

    @property
    def doubted(self) -> bool:
        """Whether a call had no answer and the gateway gave no sign of life since."""
        return self._connection is not None and self._connection.doubted

    async def connected_again(self) -> None:
        """Returns once the gateway is heard."""
        await self._open.wait()

    async def _each(self, ids: Collection[str], asked: Callable[[str], Awaitable[_T]]) -> list[_T]:
        """What is known of each, a few asked at a time."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(id: str) -> _T:
            async with places:
                return await asked(id)

        return list(await asyncio.gather(*(one(id) for id in ids)))

    # Coming in

    async def _take_in(self, handle: Handle) -> None:
        self._reading = False  # what was read when this was ended before is read no more
        while True:
            self.behind = self.behind and not self._queue.empty()
            told = await self._queue.get()
            self._reading = True
            happening = await self._reader.read(told)
            if happening is not None:
                await handle(happening)
            self._reading = False

    async def _hear(self, told: Told) -> None:
        """What concerns the account itself is told at once; all else waits for its turn."""
        match told.name:
            case "login":
                await self._logged_in(str(told.says.get("contactId") or ""))
            case "logout":
                self.me = None
                self._told(LoggedOut(at=self._now(), why=str(told.says.get("data") or "")))
            case "scan":
                self._asked_to_scan(told)
            case "ready":
                self._told(Ready(at=self._now()))
            case "error":
                self._told(Complained(at=self._now(), why=_complaint(told.says)[:300]))
            case "message" | "room_join" | "room_leave" | "room_topic" | "room_invite" | "friendship" | "dirty":
                await self._queue.put(told)
            case _:
                pass

    def _asked_to_scan(self, told: Told) -> None:
        """Whoever has to scan is not logged in, also if the logout was told while nobody listened."""
        self._nobody_in("the gateway asks for a scan")
        status = _SCANS.get(str(told.says.get("status")), ScanStatus.UNKNOWN)
        self._told(ScanAsked(at=self._now(), url=str(told.says.get("qrcode") or ""), status=status))

    def _nobody_in(self, why: str) -> None:
        if self.me is not None:
            self.me = None
            self._told(LoggedOut(at=self._now(), why=why))

    async def _logged_in(self, id: str) -> None:
        self._greeted = True
        name = ""
        if self._connection is not None:
            try:
                name = (await self._connection.puppet.contact(id)).name
            except CallFailed as failed:
                log.warning("the account's own name is not known: %s", failed)
        self.me = LoggedIn(at=self._now(), id=id, name=name)
        self._told(self.me)

    # Staying connected

    async def _stay_connected(self) -> None:
        tries = refusals = 0
        while True:
            self._connection = connection = Connection(self._endpoint, self._timings, self._lives, dongs=self._dongs)
            lost = await self._one_connection(connection)
            opened = self._open.is_set()
            self._open.clear()
            self._connection = None
            self._dongs = connection.dongs
            self._tell_lost(lost, opened)
            tries = 0 if opened else tries + 1
            refusals = refusals + 1 if lost.trouble is Trouble.TAKEN else 0
            if refusals >= self._timings.refusals and self._may_take_over():
                await self._take_over()
                refusals = 0
                continue
            longest = self._timings.absent_pause if lost.trouble in _GONE else self._timings.longest_pause
            await self._pause(min(longest, self._timings.pause * 2 ** min(tries, 10)) * (0.5 + self._chance() / 2))

    async def _one_connection(self, connection: Connection) -> ConnectionLost:
        greeting: asyncio.TimerHandle | None = None

        def opened() -> None:
            nonlocal greeting
            self._open.set()
            self._away, self.behind = None, self._reading or not self._queue.empty()
            self._told(Connected(at=self._now(), lost=self._heard))
            greeting = asyncio.get_running_loop().call_later(self._timings.greeting, self._not_greeted)

        self._greeted = False
        try:
            await connection.run(opened, self._hear)
        except ConnectionLost as lost:
            return lost
        finally:
            if greeting is not None:
                greeting.cancel()
        raise AssertionError("a connection ends by being lost")

    def _lives(self) -> None:
        self._heard = self._now()

    def _not_greeted(self) -> None:
        """A gateway says at once who is logged in: the logout may have been told while nobody listened."""
        if not self._greeted:
            self._nobody_in("the gateway does not say that anybody is logged in")

    def _tell_lost(self, lost: ConnectionLost, opened: bool) -> None:
        at = self._now()
        if opened or self._away is None:
            self._told(Disconnected(at=at, trouble=lost.trouble, why=lost.why, heard=self._heard))
        elif lost.trouble is not self._away and not {lost.trouble, self._away} <= _GONE:
            self._told(StillAway(at=at, trouble=lost.trouble, why=lost.why))
        self._away = lost.trouble

    def _may_take_over(self) -> bool:
        """Whoever else listens there is not driven out again and again."""
        return self._taken_over_at is None or self._clock() - self._taken_over_at >= self._timings.takeover_pause

    async def _take_over(self) -> None:
        self._taken_over_at = self._clock()
        puppet = Puppet(self._endpoint, self._timings.deadline)
        try:
            await puppet.free()
            self._told(TakenOver(at=self._now()))
        except (NotSent, AnswerLost, Refused) as failed:
            log.warning("the stream that the gateway holds could not be freed: %s", failed)
        finally:
            puppet.close()


def _complaint(says: Mapping[str, object]) -> str:
    """What a gateway tells of an error: JSON in JSON, in which letters may stand as numbers."""
    why = str(says.get("data") or says.get("gerror") or says.get("text") or says)
    try:
        return json.dumps(json.loads(why), ensure_ascii=False)
    except ValueError:
        return why

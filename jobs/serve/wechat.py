"""One WeChat account behind a gateway, connected: its rooms, what it hears, how it speaks, how it is logged in."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, assert_never

from adapters.sql import SqlStore
from adapters.sql.connections import Who
from adapters.wechat.endpoint import Endpoint, Tls
from adapters.wechat.failures import CallFailed, CredentialsRefused
from adapters.wechat.gateway import Gateway
from adapters.wechat.perform import WeChatPlatform
from adapters.wechat.refusals import pause_after
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
)
from config.problems import Language, Said
from config.wechat import Gateway as Written
from config.wechat import WeChat
from core.budget import Budget
from core.delivery import Ability, Inlet
from core.directory import Directory
from core.events import BotStanding, GroupMoved
from core.pacing import Limits
from core.people import Account
from core.workflow import Group
from jobs.serve import wechat_lines as lines
from jobs.serve.careful import Careful, allowance, unhurried
from jobs.serve.clock import Clock, in_utc
from jobs.serve.desk import Desk
from jobs.serve.qr import in_blocks, page
from jobs.serve.refusing import CannotServe
from jobs.serve.roster import WECHAT, Roster, Seat
from jobs.serve.wechat_inbox import Inbox
from jobs.serve.wechat_register import AGAIN, Forgotten, Register, names_of, nobody
from jobs.serve.wechat_requests import Requests
from jobs.serve.wechat_staff import Staffed

log = logging.getLogger("yaji.wechat")

SOON: Final = 60.0
"""Seconds until the rooms are read again that could not be, or were hard to believe; each time twice as long."""
SETTLES: Final = timedelta(seconds=5)
"""In which WeChat sends on what was written while the account was not in."""
_ON_THE_WAY: Final = frozenset((ScanStatus.SCANNED, ScanStatus.CONFIRMED, ScanStatus.CANCELLED))
"""A code that was used, or is good for nothing any more: nobody needs to see it again."""


class WeChatAccount:
    """Implements `jobs.serve.connection.Connection`."""

    grantable: Final = False
    one_way: Final = False
    let_in: Final = True

    def __init__(
        self,
        seat: Seat,
        endpoint: Endpoint,
        policy: WeChat,
        *,
        variable: str,
        roster: Roster,
        inlet: Inlet,
        store: SqlStore,
        directory: Directory,
        refresh: Callable[[], Awaitable[object]],
        settle: Callable[[], Awaitable[object]],
        clock: Clock,
        language: Language,
        shown_at: str = "",
        chance: Callable[[], float] = random.random,
        limits: Limits | None = None,
        gateway: Callable[..., Gateway] = Gateway,
        forgotten: Forgotten = nobody,
    ) -> None:
        """`settle` takes over addresses once the rooms are known. `shown_at` is where the login code is shown."""
        self.seat = seat
        self.name = seat.name
        self.account = seat.name
        self.abilities: dict[str, frozenset[Ability]] = {}
        self.limits = limits or unhurried(policy.pace, chance)
        self.budget = Budget(allowance(policy))
        self.scan: ScanAsked | None = None
        """The code to be scanned, as long as nobody is logged in."""
        self._roster = roster
        self._settle = settle
        self._clock = clock
        self._language: Language = language
        self._page = shown_at
        self._variable = variable
        self._since: datetime | None = None
        self.heard_before: datetime | None = None
        """See `Connection.heard_before`."""
        self._shown = ""
        self._away = "connecting"
        self._look, self._soon = asyncio.Event(), False
        """Set when the rooms are to be read: somebody logged in, or the account came into a room."""
        self.keeps = timedelta()
        rooms = roster.rooms[self.name]
        rooms.moved = self._look_now
        self.gateway = gateway(
            endpoint,
            told=self._told,
            serves=lambda room: rooms.group_of(room) is not None,
            now=clock.now,
            clock=clock.monotonic,
        )
        self.platform = Careful(WeChatPlatform(self.gateway, self.abilities), self.budget, clock.now)

        def groups() -> Mapping[str, Group]:
            return {key: one for key, one in roster.groups.items() if roster.account_of(key, WECHAT) == self.name}

        def names(group: str) -> frozenset[str]:
            return names_of(group, roster.deployment.addresses, store)

        def admins(group: str) -> frozenset[Account]:
            return roster.deployment.groups[group].staff

        def told(group: str) -> Iterable[str]:
            held = roster.groups.get(group)
            chats = roster.desks(group, WECHAT) if held is not None and WECHAT in held.desks else ()
            return [chat for chat in chats if rooms.group_of(chat) is None]

        staffed = Staffed(inlet, lambda group: self.register.room_of(group))
        desk = Desk(staffed, lambda: roster.groups, lambda actor, group: False)
        self.register = Register(
            self.name, self.gateway, rooms, store, desk, names, admins, told, clock.now, language, forgotten
        )
        self.requests = Requests(self.name, self.limits.apart, self.budget, clock)
        self.inbox = Inbox(
            name=self.name,
            gateway=self.gateway,
            rooms=rooms,
            register=self.register,
            requests=self.requests,
            policy=policy,
            inlet=desk,
            store=store,
            directory=directory,
            groups=groups,
            refresh=refresh,
            look=self._look_now,
            look_soon=self._look_soon,
            now=clock.now,
            pause=clock.sleep,
            language=language,
            wrong={},
            left_alone=set(),
        )

    @property
    def how(self) -> str:
        """See `Connection.how`."""
        return "running" if self.heard_since is not None else self._away

    @property
    def well(self) -> bool:
        """See `Connection.well`. Waiting for somebody to scan is not well."""
        return self.heard_since is not None

    @property
    def who(self) -> Who | None:
        """See `Connection.who`."""
        me = self.gateway.me
        return Who(me.id, me.name) if me is not None else None

    @property
    def heard_since(self) -> datetime | None:
        """See `Connection.heard_since`."""
        return self._since

    @property
    def behind(self) -> bool:
        """See `Connection.behind`. A gateway keeps nothing; but it tells what WeChat sends on to whoever comes in, and
        what it told before it broke off may not be read yet."""
        return self._since is None or self.gateway.behind or self._clock.now() < self._since + SETTLES

    def told(self, groups: Iterable[str], language: Language) -> str:
        """See `Connection.told`."""
        served = ", ".join(groups)
        me = self.gateway.me
        who = (me.name or me.id) if me is not None else lines.NOBODY.in_(language)
        return (
            (lines.SERVES if served else lines.SERVES_NONE).filled(name=self.name, who=who, groups=served).in_(language)
        )

    async def resolved(self, group: str, written: str) -> str | None:
        """See `Connection.resolved`."""
        if self.gateway.me is None:
            return None
        return await self.register.named(written, group, self._roster.deployment.home)

    async def standing(self, group: str, address: str, id_: str, at: datetime) -> BotStanding | None:
        """See `Connection.standing`."""
        return await self.register.standing(group, address, id_, at)

    def follow(self, moved: GroupMoved) -> None:
        """See `Connection.follow`. What is known of a room is read with the lists of members."""

    async def show_menus(self, groups: Mapping[str, Group]) -> bool:
        """See `Connection.show_menus`. WeChat has none."""
        return True

    async def receive(self, language: Language, turn: asyncio.Event) -> None:
        """See `Connection.receive`. A gateway has one stream: whoever opens it takes it from who had it."""
        await turn.wait()
        connected = asyncio.create_task(self.gateway.run(self.inbox.take))
        reading = asyncio.create_task(self._read_rooms())
        try:
            await asyncio.wait({connected})
            await connected
        except CredentialsRefused as refused:
            raise CannotServe(lines.REFUSED.filled(name=self.name, why=refused, variable=self._variable)) from None
        finally:
            self._unheard(None)
            for task in (reading, connected):  # no call may come after the connection's end: it would open another
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            await self.requests.end()

    def code(self) -> str | None:
        """A page with the code that has to be scanned; None while there is none."""
        return page(self.scan.url, self.name) if self.scan is not None and self.scan.url else None

    async def farewell(self) -> None:
        """See `Connection.farewell`. Nothing is left to say."""

    async def _read_rooms(self) -> None:
        """At each login, when the account came into a room, and now and then."""
        wait: float | None = None
        vain = 0
        while True:
            try:
                async with asyncio.timeout(wait):
                    await self._look.wait()
            except TimeoutError:
                pass
            self._look.clear()
            if self.gateway.me is None:
                wait = None
                continue
            if self._soon:
                self._soon, wait, vain = False, SOON, 1
                continue
            clear = False
            try:
                clear = await self.register.read(self._settle)
            except CallFailed as failed:
                log.warning("%s: %s", self.name, failed)
            except Exception:
                log.exception("%s: the rooms could not be gone through", self.name)
            vain = 0 if clear else vain + 1
            wait = min(AGAIN, SOON * 2 ** min(vain - 1, 10)) if vain else AGAIN

    def _look_now(self) -> None:
        self._soon = False
        self._look.set()

    def _look_soon(self) -> None:
        """A list of members was hard to believe: what is read at once would be the same."""
        if not self._look.is_set():
            self._soon = True
            self._look.set()

    def _told(self, state: State) -> None:
        """Every change in how it stands, for the log and for whoever looks."""
        match state:
            case Connected(at=at, lost=lost):
                self._away = "connecting"
                if lost is None:
                    self._log(logging.INFO, lines.CONNECTED)
                else:
                    self._log(logging.WARNING, lines.CONNECTED_AGAIN.filled(lost=in_utc(lost), at=in_utc(at)))
            case Disconnected(trouble=trouble, why=why) | StillAway(trouble=trouble, why=why):
                self._away = trouble.value
                self._unheard(state.heard if isinstance(state, Disconnected) else None)
                self._log(logging.WARNING, lines.DISCONNECTED.filled(trouble=trouble.value, why=why))
            case TakenOver():
                self._log(logging.WARNING, lines.TAKEN_OVER)
            case LoggedIn(at=at, id=id, name=name):
                self.scan, self._shown = None, ""
                self._since = self._since or at
                self._look_now()
                self._log(logging.INFO, lines.LOGGED_IN.filled(who=name or id))
            case LoggedOut(at=at, why=why):
                self._away = "logged out"
                self._unheard(at)
                self._log(logging.WARNING, lines.LOGGED_OUT.filled(why=why or "-"))
            case ScanAsked():
                self._asked_to_scan(state)
            case Ready():
                self._look_now()
            case Complained(at=at, why=why):
                pause = pause_after(why)
                if pause:
                    self.budget.hold(at + pause)
                told = lines.COMPLAINED if pause else lines.FAILED
                self._log(logging.WARNING, told.filled(why=why, seconds=int(pause.total_seconds())))
            case _:
                assert_never(state)

    def _unheard(self, since: datetime | None) -> None:
        """Nothing is heard any more, and nothing was since then."""
        if self._since is not None:
            self.heard_before, self._since = since, None

    def _asked_to_scan(self, asked: ScanAsked) -> None:
        self.scan, self._away = asked, "to be scanned"
        if asked.url in ("", self._shown) or asked.status in _ON_THE_WAY:
            self._log(logging.INFO, lines.SCANNING.filled(status=asked.status.value))
            return
        self._shown = asked.url
        told = lines.SCAN if self._page else lines.SCAN_ALONE
        page = self._page or asked.url
        self._log(logging.WARNING, told.filled(page=page, status=asked.status.value, code=in_blocks(asked.url)))

    def _log(self, level: int, said: Said) -> None:
        log.log(level, "%s: %s", self.name, said.in_(self._language))


def endpoint_of(name: str, written: Written, home: Path, environment: Mapping[str, str]) -> Endpoint:
    """Where a gateway is, with its token. Raises CannotServe where something is missing."""
    token = (written.token.read(environment) or "").strip()
    if not token:
        raise CannotServe(_NO_TOKEN.filled(name=name, variable=written.token.name))
    authorities = None
    if written.tls.ca is not None:
        try:
            authorities = (home / written.tls.ca).read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise CannotServe(_NO_CA.filled(file=home / written.tls.ca, why=error)) from None
    tls = None if written.tls.plain else Tls(authorities=authorities, name=written.tls.name)
    return Endpoint.parse(written.endpoint or "", token, tls)


_NO_TOKEN = Said(
    "The WeChat gateway {name} has no token: set the environment variable {variable}.",
    "微信网关 {name} 没有 token：请设置环境变量 {variable}。",
)
_NO_CA = Said(
    "{file} cannot be read ({why}); write the PEM of the gateway's authority as `tls.ca`.",
    "{file} 读不了（{why}）；请在 `tls.ca` 写网关证书颁发者的 PEM 文件。",
)

"""The machine's clock, guarded: when it leaps, what is shown goes on, until something else says that it was right.

A wall clock can be set wrong by years, by a virtual machine, a dying battery or a hand; what is deleted because of it
comes never back, and reminders that rang for days that were not are lost. So the instant shown is the wall's as long as
that keeps within `STEP` of what the ticks counted since (steps of NTP do). Ticks are monotonic and count a sleep of the
machine, where the system tells (`CLOCK_BOOTTIME`). A wall that departs further is told, and counts again

- at once when it comes back, or when something was dated by a platform within `STEP` of it;
- by itself when it has stood there for an hour for each day that it leapt (twenty minutes after a night, two hours
  after two days, weeks after years), and nothing was dated by the time shown meanwhile;
- at once, as long as nothing was dated by the time shown, in the first `START` of a process: a machine without a
  battery learns the time while it begins.

`sure` says whether anything may be deleted for its age: not while the wall is away; and not after a start with a wall
before the newest instant that the store knows, or more than `FAR` behind it in time, until a platform's date agrees, or
an hour has passed for each day of the difference. Timers ring in that case: a home that was closed for a month works at
once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from config.problems import Language, Said
from jobs.serve.clock import SystemClock, in_utc

log = logging.getLogger("yaji.clock")

STEP: Final = timedelta(minutes=5)
FAR: Final = timedelta(days=2)
START: Final = timedelta(minutes=15)
SHARE: Final = 24
"""What leapt by so much is believed when it has stood for this part of it."""
LOOK: Final = 15.0
"""Seconds between two looks."""


class GuardedClock(SystemClock):
    """`host` is the machine's clock, `newest` the newest instant that the store knew before this process began.

    `leapt` hears, in the thread that looks, that what is shown was moved by more than a step, and by how much; `went`
    that `off` has changed. What is shown may be asked in any thread.
    """

    def __init__(
        self, newest: datetime | None = None, host: SystemClock | None = None, language: Language = "en"
    ) -> None:
        self._host = host if host is not None else SystemClock()
        self._language = language
        self._begun = self._host.monotonic()
        wall = self._host.now()
        self._zero = wall - timedelta(seconds=self._begun)
        self._dated = False
        self._away: tuple[timedelta, float] | None = None
        self._sure_at: float | None = None
        self.leapt: Callable[[timedelta], object] = lambda by: None
        self.went: Callable[[], object] = lambda: None
        self.behind = newest is not None and wall < newest - STEP
        """Whether this process began at an instant before one that is in the store."""
        if newest is not None and (self.behind or wall > newest + FAR):
            self._doubt(abs(wall - newest))
            told = _BEHIND if self.behind else _AHEAD
            self._tell(told.filled(wall=in_utc(wall), newest=in_utc(newest)), logging.WARNING)

    @property
    def sure(self) -> bool:
        """Whether what is shown is certain enough to delete by it."""
        return self._away is None and self._sure_at is None

    @property
    def off(self) -> timedelta | None:
        """How far the wall is from what is shown, if that is more than a step."""
        return self._away[0] if self._away is not None else None

    def now(self) -> datetime:
        """See `Clock.now`."""
        shown, wall = self._shown(), self._host.now()
        return wall if abs(wall - shown) <= STEP else shown

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return self._host.monotonic()

    async def sleep(self, seconds: float) -> None:
        """See `Clock.sleep`."""
        await self._host.sleep(seconds)

    def heard(self, at: datetime) -> None:
        """Something was dated by the clock of a platform. What is old says nothing."""
        shown, wall = self.now(), self._host.now()
        if abs(at - shown) <= STEP:
            self._dated = True
            if self._away is not None:
                self._away = self._away[0], self._host.monotonic()
            self._certain()
        elif abs(at - wall) <= STEP:
            self._follow(wall)
            self._dated = True
            self._certain()

    def look(self) -> None:
        """Compare the wall with the ticks."""
        ticks, shown, wall = self._host.monotonic(), self._shown(), self._host.now()
        by = wall - shown
        if self._sure_at is not None and ticks >= self._sure_at:
            self._certain()
        if abs(by) <= STEP:
            self._zero = wall - timedelta(seconds=ticks)
            if self._away is not None:
                self._tell(_CAME_BACK, logging.INFO)
                self._at_home()
            return
        if self._away is None or abs(by - self._away[0]) > STEP:
            self._away = by, ticks
            self.went()
            if self._dated or ticks - self._begun > START.total_seconds():
                self._tell(_LEAPT.filled(wall=in_utc(wall), shown=in_utc(shown)), logging.WARNING)
        stood = timedelta(seconds=ticks - self._away[1])
        if stood >= abs(by) / SHARE:
            self._follow(wall)
        elif not self._dated and ticks - self._begun <= START.total_seconds():
            self._follow(wall)
            self._doubt(abs(by))

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self._host.sleep(LOOK)
            self.look()

    def _shown(self) -> datetime:
        return self._zero + timedelta(seconds=self._host.monotonic())

    def _follow(self, wall: datetime) -> None:
        by = wall - self._shown()
        self._zero = wall - timedelta(seconds=self._host.monotonic())
        self._dated = False
        self._tell(_FOLLOWED.filled(wall=in_utc(wall)), logging.WARNING)
        self._at_home()
        self.leapt(by)

    def _at_home(self) -> None:
        self._away = None
        self.went()

    def _doubt(self, by: timedelta) -> None:
        self._sure_at = self._host.monotonic() + (by / SHARE).total_seconds()

    def _certain(self) -> None:
        if self._sure_at is not None:
            self._sure_at = None
            self._tell(_CERTAIN.filled(wall=in_utc(self.now())), logging.INFO)

    def _tell(self, said: Said, level: int) -> None:
        log.log(level, "%s", said.in_(self._language))


_LEAPT = Said(
    "this machine's clock leapt to {wall}; the service goes on by {shown}, and nothing is deleted for its age, until "
    "a platform dates something by the new time or it has stood for long enough. If it is wrong, put it right",
    "这台机器的时钟跳到了 {wall}；服务按 {shown} 继续走，到期的东西也先不删，直到平台的消息也是这个时间，"
    "或者它停在那里够久。如果它不对，请把时钟调好",
)
_CAME_BACK = Said(
    "this machine's clock shows again what the service goes by; nothing was lost",
    "这台机器的时钟又和服务用的时间一致了；没有丢东西",
)
_FOLLOWED = Said(
    "the service goes by this machine's clock as it is now: {wall}",
    "服务从现在起按这台机器的时钟走：{wall}",
)
_BEHIND = Said(
    "this machine's clock shows {wall}, which is before the newest instant in the database ({newest}); nothing is "
    "deleted for its age until a platform dates something by it. If it is wrong, put it right",
    "这台机器的时钟是 {wall}，比数据库里最新的时间（{newest}）还早；在平台的消息也是这个时间之前，"
    "到期的东西先不删。如果它不对，请把时钟调好",
)
_AHEAD = Said(
    "this machine's clock shows {wall}, long after the newest instant in the database ({newest}); nothing is deleted "
    "for its age until a platform dates something by it. If it is wrong, put it right",
    "这台机器的时钟是 {wall}，比数据库里最新的时间（{newest}）晚很多；在平台的消息也是这个时间之前，"
    "到期的东西先不删。如果它不对，请把时钟调好",
)
_CERTAIN = Said(
    "it is certain now that it is {wall}; what was kept long enough is deleted again",
    "现在可以确定时间是 {wall}；到期的东西照常删除",
)

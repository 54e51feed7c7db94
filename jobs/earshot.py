"""What is due by the clock waits for what was written before it: in which groups, and how long at most.

An account is behind while something may have been written to it that nobody has heard yet: its platform cannot be
reached, or has not handed over all that it kept, or no process serves it. What rings meanwhile would take people for
silent who are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from adapters.sql.connections import Stands
from jobs.serve.roster import TELEGRAM, seat_named

SHORT: Final = timedelta(minutes=10)
"""How long a group waits where what is said arrives meanwhile: then others are waiting, too."""
LONG: Final = timedelta(hours=2)
"""How long each timer waits where nothing that is said would arrive. A reminder that is so late is not said at all, and
whose time at a door is over has it anew."""
FRESH: Final = timedelta(seconds=60)
"""What was written down about an account is believed for so long: whoever serves it writes twice a minute."""
HEARS: Final = frozenset(("running", "delivered"))
"""How receiving goes, and is written down, while all is heard."""
CATCHING_UP: Final = "catching up"
"""The same while what was written before has yet to come."""
_SPEAKS: Final = frozenset((*HEARS, CATCHING_UP))
_DEAF: Final = frozenset(("undelivered", "elsewhere", "taken", "stuck"))
"""The same while what a Telegram bot says arrives, though what is written does not. On WeChat both go one way."""
NEVER: Final = datetime.min.replace(tzinfo=UTC)


class _Lag(NamedTuple):
    """An account that is behind, or was: `speaks` is None since `at` where it has caught up. `mute` and `spoke` are the
    seconds for which it was behind while what is said did not arrive, and while it did."""

    speaks: bool | None
    at: float
    mute: float = 0.0
    spoke: float = 0.0


class Earshot:
    """What one process knows of it. `ticks` counts seconds, so that no clock that leaps makes a group wait longer.

    Whoever comes and goes is not waited for anew each time: what was waited counts until the account was heard for as
    long again, or for `SHORT`.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._lags: Mapping[str, _Lag] = {}

    def remember(self, told: Mapping[str, Stands]) -> None:
        """What was written down before this process began: whoever was away for long while another account was heard
        has been waited for already."""
        heard = {name: stands.heard for name, stands in told.items() if stands.heard is not None}
        newest, at = max(heard.values(), default=NEVER), self._ticks()
        away = (name for name, until in heard.items() if newest - until >= SHORT)
        self._lags = {name: _Lag(False, at, SHORT.total_seconds()) for name in away}

    def look(self, behind: Mapping[str, bool]) -> None:
        """The accounts that are behind now, each with whether what is said there arrives."""
        at = self._ticks()
        found = {name: _after(self._lags.get(name), behind.get(name), at) for name in {*self._lags, *behind}}
        self._lags = {name: lag for name, lag in found.items() if lag is not None}

    def waiting(self, served: Callable[[], Mapping[str, Collection[str]]], now: datetime) -> Mapping[str, datetime]:
        """The groups that wait, each with the instant up to which their timers ring all the same. `served` are the
        groups of each account: one of several waits for all of them."""
        behind = {name: lag for name, lag in self._lags.items() if lag.speaks is not None}
        if not behind:
            return {}
        accounts: dict[str, list[_Lag | None]] = defaultdict(list)
        for name, groups in served().items():
            lag = behind.get(name)
            for group in groups:
                accounts[group].append(lag)
        found = {group: _until(lags, now) for group, lags in accounts.items()}
        return {group: until for group, until in found.items() if until is not None}


def _after(stood: _Lag | None, speaks: bool | None, at: float) -> _Lag | None:
    """How an account stands now; None if it is heard, and nothing of before counts any more."""
    if stood is None:
        return _Lag(speaks, at) if speaks is not None else None
    passed = at - stood.at
    if stood.speaks is not None:
        mute, spoke = (stood.mute, stood.spoke + passed) if stood.speaks else (stood.mute + passed, stood.spoke)
        return _Lag(speaks, at, mute, spoke)
    if speaks is None:
        return stood if passed < SHORT.total_seconds() else None
    if passed >= SHORT.total_seconds():
        return _Lag(speaks, at)
    return _Lag(speaks, at, max(0.0, stood.mute - passed), max(0.0, stood.spoke - passed))


def _until(accounts: Collection[_Lag | None], now: datetime) -> datetime | None:
    behind = [one for one in accounts if one is not None]
    if not behind:
        return None
    if len(behind) < len(accounts) or any(one.speaks for one in behind):
        waited = min(one.spoke if one.speaks else one.mute for one in behind)
        return NEVER if waited < SHORT.total_seconds() else None
    return NEVER if min(one.mute for one in behind) < LONG.total_seconds() else now - LONG


def speaks(platform: str, how: str) -> bool:
    """Whether what is said by an account arrives, by how its receiving goes."""
    return how in _SPEAKS or (platform == TELEGRAM and how in _DEAF)


def behind_by(name: str, stands: Stands, now: datetime) -> bool | None:
    """Whether what is said by an account arrives while it is behind, by what was written down about it; None if it is
    not behind, or nothing will ever come."""
    if stands.heard is None or stands.how == "refused":
        return None
    if stands.how == "stopped" or stands.at < now - FRESH:
        return False
    return None if stands.how in HEARS else speaks(seat_named(name).platform, stands.how)

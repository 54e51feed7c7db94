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
SPEAKS: Final = frozenset((*HEARS, CATCHING_UP, "undelivered", "elsewhere", "taken", "stuck"))
"""The same while what is said arrives, though what is written may not."""
NEVER: Final = datetime.min.replace(tzinfo=UTC)


class _Behind(NamedTuple):
    speaks: bool
    since: float


class Earshot:
    """What one process knows of it. `ticks` counts seconds, so that no clock that leaps makes a group wait longer."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._behind: Mapping[str, _Behind] = {}

    def look(self, behind: Mapping[str, bool]) -> None:
        """The accounts that are behind now, each with whether what is said there arrives."""
        before, at = self._behind, self._ticks()
        self._behind = {
            name: stood if (stood := before.get(name)) is not None and stood.speaks == speaks else _Behind(speaks, at)
            for name, speaks in behind.items()
        }

    def waiting(self, served: Callable[[], Mapping[str, Collection[str]]], now: datetime) -> Mapping[str, datetime]:
        """The groups that wait, each with the instant up to which its timers ring all the same. `served` are the groups
        of each account: one of several waits for all of them."""
        if not self._behind:
            return {}
        accounts: dict[str, list[_Behind | None]] = defaultdict(list)
        for name, groups in served().items():
            for group in groups:
                accounts[group].append(self._behind.get(name))
        found = {group: self._until(stand, now) for group, stand in accounts.items()}
        return {group: until for group, until in found.items() if until is not None}

    def _until(self, accounts: Collection[_Behind | None], now: datetime) -> datetime | None:
        behind = [one for one in accounts if one is not None]
        if not behind:
            return None
        lasts = timedelta(seconds=self._ticks() - max(one.since for one in behind))
        if len(behind) < len(accounts) or any(one.speaks for one in behind):
            return NEVER if lasts < SHORT else None
        return NEVER if lasts < LONG else now - LONG


def behind_by(stands: Stands, now: datetime) -> bool | None:
    """Whether what is said by an account arrives while it is behind, by what was written down about it; None if it is
    not behind, or nothing will ever come."""
    if stands.heard is None or stands.how == "refused":
        return None
    if stands.how == "stopped" or stands.at < now - FRESH:
        return False
    return None if stands.how in HEARS else stands.how in SPEAKS

"""The directory in memory, beside a `MemoryStore`: the executable meaning of the port."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from core.directory import CODE_BITS, Binding, Written, hashed, spelled, unwritten, written_on
from core.memory import MemoryStore
from core.people import Account

ACTIVE_DAYS = 30
"""How far back it is looked where somebody was active last."""


class MemoryDirectory:
    """Implements `core.directory.Directory`. `draw` gives the numbers of new codes, `written` see `Written`."""

    def __init__(
        self,
        store: MemoryStore,
        draw: Callable[[], int] = lambda: secrets.randbits(CODE_BITS),
        written: Written = unwritten,
    ) -> None:
        self._store = store
        self._written = written
        self._draw = draw
        self._talks = store._talks
        self._strangers = store._strangers
        self._codes: dict[str, tuple[str, datetime]] = {}
        self._used: dict[str, tuple[str, str]] = {}

    def group_meant(self, account: Account, among: Collection[str]) -> str | None:
        """See `Directory.group_meant`."""
        talk = self._talks.get(account)
        person = self._store._accounts[account][0] if account in self._store._accounts else None
        if talk is not None and talk[1] in among:
            _, _, left, *_ = self._store._members.get((talk[1], person), _NOWHERE) if person else _NOWHERE
            if left is None or left < talk[0]:
                return talk[1]
        mine = sorted(group for group in among if self.member(account, group))
        if len(mine) < 2 or person is None:
            return mine[0] if mine else None
        days = [(at.day, at.group) for at in self._store._days if at.person == person and at.group in mine]
        if not days:
            return mine[0]
        last = max(day for day, _ in days)
        return min(group for day, group in days if day == last)

    def group_left(self, account: Account, among: Collection[str]) -> str | None:
        """See `Directory.group_left`."""
        person = self._store._accounts[account][0] if account in self._store._accounts else None
        seats = ((self._store._members.get((group, person), _NOWHERE), group) for group in among) if person else ()
        gone = [(seat[2], group) for seat, group in seats if seat[0] is not None and seat[2] is not None]
        return max(gone)[1] if gone else None

    def member(self, account: Account, group: str) -> bool:
        """See `Directory.member`."""
        if account not in self._store._accounts:
            return False
        seat = self._store._members.get((group, self._store._accounts[account][0]))
        return seat is not None and seat[0] is not None and seat[2] is None

    def remember(self, talks: Sequence[tuple[Account, str]], at: datetime) -> None:
        """See `Directory.remember`."""
        for account, group in talks:
            if account not in self._talks or self._talks[account][0] <= at:
                self._talks[account] = (at, group)

    def first_contact(self, platform: str, address: str, at: datetime) -> bool:
        """See `Directory.first_contact`."""
        new = (platform, address) not in self._strangers
        self._strangers.add((platform, address))
        return new

    def make_code(self, group: str, at: datetime, expires: datetime) -> str:
        """See `Directory.make_code`."""
        code = spelled(self._draw())
        self._codes = {key: held for key, held in self._codes.items() if held[1] > at - timedelta(days=ACTIVE_DAYS)}
        self._codes[hashed(code)] = (group, expires)
        return code

    def spend_code(
        self, code: str, platform: str, address: str, at: datetime, among: Collection[str] | None = None
    ) -> Binding:
        """See `Directory.spend_code`."""
        key = hashed(code)
        if key not in self._codes:
            return Binding("unknown")
        group, expires = self._codes[key]
        if key in self._used:
            again = self._used[key] == (platform, address)
            again = again and self._store.addresses().get((platform, address)) == group
            return Binding("bound", group) if again else Binding("used")
        if expires <= at:
            return Binding("expired")
        if among is not None and group not in among:
            return Binding("elsewhere")
        self._used[key] = (platform, address)
        self._store.set_address(group, platform, address)
        written = self._written(group, platform)
        if written is not None:
            self._store.set_address(group, written_on(platform), written)
        return Binding("bound", group)


_NOWHERE = (None, None, None, None, frozenset[str]())

"""How much an account may say in a day, where accounts that say much get blocked. Pure; days are the last 24 hours.

What was said is read back from the outbox, so that a restart remembers. When little is left, answers go before what
nobody asked for, and that before digests.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from core.effects import Effect, Say
from core.people import Account
from core.routing import urgency

DAY: Final = timedelta(days=1)
SHARES: Final = (1.0, 0.9, 0.75)
"""Of the day's messages, how much each urgency may use: the rest is kept for what is more urgent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What an account may say in 24 hours: in all, in one room, and to how many people in private.

    For `quiet_at_first` after its first login it only answers.
    """

    a_day: int
    a_day_in_a_room: int
    strangers_a_day: int
    quiet_at_first: timedelta = timedelta()


class Sent(NamedTuple):
    """Something that was said: in which group or to whom, when, and how many messages it took."""

    group: str
    to: Account | None
    at: datetime
    posts: int = 1


def sent(group: str, effect: Effect, at: datetime, posts: int) -> Sent:
    """What an effect that was performed counts as."""
    return Sent(group, effect.to if isinstance(effect, Say) else None, at, posts)


class Short(NamedTuple):
    """Why something is not said now, and when to ask again."""

    why: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What was said in the last 24 hours: in all, by group, and to how many people in private."""

    messages: int
    rooms: dict[str, int]
    people: int


class Budget:
    """Counts what one account says. `held_until` is set while the platform complains."""

    def __init__(self, allowance: Allowance, first: datetime | None = None) -> None:
        """`first` is when the account logged in for the first time."""
        self.allowance = allowance
        self.first = first
        self.held_until: datetime | None = None
        self._sent: deque[Sent] = deque()

    def restore(self, sent: Iterable[Sent]) -> None:
        """What the outbox remembers, the oldest first."""
        self._sent = deque(sent)

    def note(self, sent: Sent) -> None:
        """One more was said, or may have been."""
        self._sent.append(sent)

    def hold(self, until: datetime) -> None:
        """The platform complains: say nothing before."""
        self.held_until = until if self.held_until is None else max(until, self.held_until)

    def used(self, now: datetime) -> Used:
        """What counts at an instant."""
        self._forget(now)
        rooms: dict[str, int] = {}
        for one in self._sent:
            if one.to is None:
                rooms[one.group] = rooms.get(one.group, 0) + one.posts
        people = {one.to for one in self._sent if one.to is not None}
        return Used(messages=sum(one.posts for one in self._sent), rooms=rooms, people=len(people))

    def short(self, effect: Effect, group: str, posts: int, now: datetime, *, asked: bool = False) -> Short | None:
        """Why something has to wait; None if it may be said. `asked`: it answers something that somebody did."""
        if posts == 0:
            return None
        if self.held_until is not None and now < self.held_until:
            return Short("the platform complained; a pause", self.held_until)
        urgent = urgency(effect) if not asked or urgency(effect) > 1 else 0
        if urgent and self.first is not None and now < self.first + self.allowance.quiet_at_first:
            return Short("quiet after the first login", self.first + self.allowance.quiet_at_first)
        self._forget(now)
        private = isinstance(effect, Say) and effect.to is not None
        here = [one for one in self._sent if one.to is None and one.group == group] if not private else []
        for sent, most, what in (
            (self._sent, self.allowance.a_day, "the account's day"),
            (here, self.allowance.a_day_in_a_room, "the room's day"),
        ):
            share = int(most * SHARES[urgent])
            if sum(one.posts for one in sent) + posts > share:
                oldest = next(iter(sent), None)
                return Short(f"{what} is used up ({share} of {most})", (oldest.at if oldest else now) + DAY)
        return None

    def crowded(self, to: Account, now: datetime) -> bool:
        """Whether enough people were written to in private, so that somebody else is not."""
        self._forget(now)
        people = {one.to for one in self._sent if one.to is not None}
        return to not in people and len(people) >= self.allowance.strangers_a_day

    def _forget(self, now: datetime) -> None:
        while self._sent and self._sent[0].at <= now - DAY:
            self._sent.popleft()

"""How much an account may say in a day, where accounts that say much get blocked. Pure; days are the last 24 hours.

What was said is read back from the outbox, so that a restart remembers. When little is left, answers go before what
nobody asked for, and that before digests. No member is given all of it: what answers one of them has a share.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from core.effects import Effect, TellAdmins
from core.people import Account
from core.routing import urgency

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
SHARES: Final = (1.0, 0.9, 0.75)
"""Of the day's messages, how much each urgency may use: the rest is kept for what is more urgent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What an account may say in 24 hours: in all, in one room, and to how many people in private.

    For `quiet_at_first` after its first login it only answers. What answers one member's own messages has
    `a_member_an_hour` (None: no limit) and, in a room, `a_members_share` of what others have left of the room's day.
    """

    a_day: int
    a_day_in_a_room: int
    strangers_a_day: int
    quiet_at_first: timedelta = timedelta()
    a_member_an_hour: int | None = None
    a_members_share: float = 1.0


class Sent(NamedTuple):
    """Something that was said: in which group or to whom in private, when, how many messages it took, and whom it
    answered."""

    group: str
    to: Account | None
    at: datetime
    posts: int = 1
    asker: Account | None = None


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

    def pause(self, now: datetime) -> float:
        """For how many seconds nothing is done, because the platform complained."""
        return max(0.0, (self.held_until - now).total_seconds()) if self.held_until is not None else 0.0

    def quiet_until(self, now: datetime) -> datetime | None:
        """Until when the account only answers, after its first login; None if that is over."""
        until = self.first + self.allowance.quiet_at_first if self.first is not None else now
        return until if until > now else None

    def used(self, now: datetime) -> Used:
        """What counts at an instant."""
        self._forget(now)
        rooms: dict[str, int] = {}
        for one in self._sent:
            if one.to is None:
                rooms[one.group] = rooms.get(one.group, 0) + one.posts
        people = {one.to for one in self._sent if one.to is not None}
        return Used(messages=_posts(self._sent), rooms=rooms, people=len(people))

    def short(
        self, effect: Effect, group: str, posts: int, now: datetime, *, asked: bool = False, private: bool = False
    ) -> Short | None:
        """Why something has to wait; None if it may be done. `asked`: it answers something that somebody did;
        `private`: the room has no part in it. What is more than a day may hold goes when nothing else was said in one.
        """
        if self.held_until is not None and now < self.held_until:
            return Short("the platform complained; a pause", self.held_until)
        if posts == 0:
            return None
        urgent = urgency(effect) if not asked or urgency(effect) > 1 else 0
        quiet = self.quiet_until(now)
        if urgent and quiet is not None:
            return Short("quiet after the first login", quiet)
        self._forget(now)
        here = [one for one in self._sent if one.to is None and one.group == group] if not private else []
        for sent, most, what in (
            (self._sent, self.allowance.a_day, "the account's day"),
            (here, self.allowance.a_day_in_a_room, "the room's day"),
        ):
            share = int(most * SHARES[urgent])
            if sent and _posts(sent) + posts > share:
                return Short(f"{what} is used up ({share} of {most})", sent[0].at + DAY)
        return None

    def unfair(
        self, asker: Account, effect: Effect, group: str, posts: int, now: datetime, *, private: bool = False
    ) -> Short | None:
        """Why a member is answered no more for now; None if they are. Somebody's first answer is never too much.

        What admins are told of a member is never held back for that: nobody can ask so much that they hear nothing.
        """
        if isinstance(effect, TellAdmins):
            return None
        self._forget(now)
        theirs = [one for one in self._sent if one.asker == asker]
        lately = [one for one in theirs if one.at > now - HOUR]
        most = self.allowance.a_member_an_hour
        if most is not None and lately and _posts(lately) + posts > most:
            return Short(f"the member's hour is used up ({most})", lately[0].at + HOUR)
        if private:
            return None
        here = [one for one in self._sent if one.to is None and one.group == group]
        spent = [one for one in here if one.asker == asker]
        left = self.allowance.a_day_in_a_room - _posts(here) + _posts(spent)
        fair = int(left * self.allowance.a_members_share)
        if spent and _posts(spent) + posts > fair:
            return Short(f"the member's share of the room's day is used up ({fair} of {left})", spent[0].at + DAY)
        return None

    def crowded(self, to: Account, now: datetime) -> bool:
        """Whether enough people were written to in private, so that somebody else is not."""
        self._forget(now)
        people = {one.to for one in self._sent if one.to is not None}
        return to not in people and len(people) >= self.allowance.strangers_a_day

    def _forget(self, now: datetime) -> None:
        while self._sent and self._sent[0].at <= now - DAY:
            self._sent.popleft()


def _posts(sent: Iterable[Sent]) -> int:
    return sum(one.posts for one in sent)

"""When each parcel may go: the limits of a platform, kept on a clock that the caller reads.

Two heaps. Lanes that have to wait lie in one by the time when they may go; those that may go lie in the other by
urgency, then by how long what is left in them will take. The longest work starts first, so that a big group is not
still being served when all others are done.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Hashable, Iterator
from typing import Final

from core.lane import Lane
from core.limits import UNLIMITED, Apart, Limits

__all__ = ["UNLIMITED", "Apart", "Limits", "Pacer"]

TIDY = 1000
"""From how many lanes on those that rest are forgotten now and then."""
_TICK = 1e-6
"""The shortest wait: clocks in floats may stand still for less."""

_AFTER_YOU: Final = 0.05
"""Seconds for which what has to begin makes way for what is on its way, and that for what is more urgent."""


class Pacer:
    """Plans the requests of one bot account. A step costs O(log n), and a look at the answers that wait in one chat."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lanes: dict[Hashable, Lane] = {}
        self._lane_of: dict[str, tuple[Hashable, int]] = {}
        self._parts: dict[str, int] = {}
        self._acts_held: dict[str, float] = {}
        self._later: list[tuple[float, int, Hashable]] = []
        self._ready: list[tuple[int, float, int, Hashable]] = []
        self._claims: dict[str, tuple[int, float]] = {}
        self._stamps = 0
        self._requests: deque[float] = deque()
        self._held_until = -math.inf
        self._spread = -math.inf
        self._tidy_at = TIDY
        self._each = 0.0 if limits.overall is None else (limits.overall_span + limits.slack) / limits.overall

    def __len__(self) -> int:
        """How many were offered and are not over."""
        return len(self._lane_of)

    def __contains__(self, key: str) -> bool:
        return key in self._lane_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._lane_of)

    def offer(
        self,
        key: str,
        chat: str,
        urgency: int,
        *,
        posts: bool = True,
        group: bool = True,
        lane: Hashable = None,
        parts: int = 1,
        answers: bool = False,
        whose: str = "",
    ) -> None:
        """Something to go. Posts of a chat keep their order within an urgency; so do acts that share a `lane`. What
        `answers` somebody goes before what is as urgent and nobody waits for, of which every fifth goes at the least;
        answers to several, of whom each is told by `whose`, take turns.

        Acts (not `posts`) only count against the overall limit, and overtake. Private chats are no `group`. `parts` is
        how many messages it will take, as far as that is known: it begins when the group has room for all of them.
        """
        name: Hashable = (chat, None) if posts else (chat, key if lane is None else lane)
        found = self._lanes.get(name)
        if found is None:
            found = self._lanes[name] = Lane(chat, posts=posts, group=group)
            if not posts:
                found.free_at = self._acts_held.get(chat, -math.inf)
        if parts > 1:
            self._parts[key] = parts
        found.put(key, urgency, answers=answers, whose=whose)
        self._lane_of[key] = (name, urgency)
        self._file(name, found)

    def rests(self, key: str) -> bool:
        """Whether it was offered and is not on its way."""
        found = self._lane_of.get(key)
        return found is not None and self._lanes[found[0]].flying != key

    def coming(self, chat: str, more: int) -> None:
        """How many more posts of a chat are known and were not offered yet: they count as work left."""
        lane = self._lanes.get((chat, None))
        if lane is not None and lane.coming != more:
            lane.coming = more
            self._file((chat, None), lane)

    def next(self, now: float) -> str | float:
        """The key of what goes now, counted as gone; or how many seconds nothing may go (infinite if nothing waits).

        One of a lane is on its way at a time: tell by `sent`, `back` or `withdraw` what became of it.
        """
        self._wake(now)
        if not self._ready:
            return max(_TICK, max(self._later[0][0], self._held_until) - now) if self._later else math.inf
        urgency, _, _, name = self._ready[0]
        lane = self._lanes[name]
        closed = self._closed_until(now)
        if closed > now:
            return max(_TICK, closed - now)
        if urgency and (until := self._held_back(urgency, now)) > now:
            return max(_TICK, min(until, self._later[0][0] if self._later else math.inf) - now)
        heapq.heappop(self._ready)
        return self._go(lane, now)

    def open(self, chat: str, urgency: int, now: float) -> bool:
        """Whether one more post to a chat would go at once. Changes nothing, and may be asked in any thread."""
        lane, limits = self._lanes.get((chat, None)), self._limits
        if lane is not None:
            if lane.waiting or lane.flying is not None or lane.free_at > now:
                return False
            if limits.per_group is not None and len(lane.times) >= limits.per_group:
                return False
        if self._held_until > now or (limits.apart is not None and limits.apart.until > now):
            return False
        if urgency and self._spread > now:
            return False
        if limits.overall is None:
            return True
        try:
            return self._requests[-limits.overall] + limits.overall_span + limits.slack <= now
        except IndexError:
            return True

    def more(self, chat: str, urgency: int, now: float, *, group: bool = True, in_haste: bool = False) -> float:
        """One message more of something that is on its way: 0 if it goes now, counted as gone; else how many seconds
        it has to wait. Tell by `went` that it was posted.

        What is more urgent overtakes it as it would before its first message. `in_haste` nothing does and it keeps no
        gap: only the overall limit, and the pauses that the platform wants.
        """
        lane = self._post_lane(chat, group=group)
        at = self._hurried(lane, now) if in_haste else self._turn_of(chat, lane, urgency, now)
        if at > now:
            return max(_TICK, at - now)
        lane.free_at = max(lane.free_at, now + self._gap())
        self._gone(lane, now)
        self._file((chat, None), lane)
        return 0.0

    def went(self, chat: str, now: float, posts: int = 1, *, group: bool = True) -> None:
        """Some messages of something that is still on its way were posted, or may have been: as with `sent`."""
        lane = self._post_lane(chat, group=group)
        self._said(lane, now, posts)
        self._file((chat, None), lane)

    def sent(self, key: str, now: float, posts: int = 1) -> None:
        """It was posted, or refused: it counts, from now on. (When exactly it was counted there is not known.)

        `posts` is how many messages it took, beside those of which `went` told. A chat rests as long after several as
        if they had gone one by one.
        """
        name, lane = self._landed(key)
        self._said(lane, now, posts)
        self._settle(name, lane)
        if len(self._lanes) > self._tidy_at:
            self._tidy(now)

    def back(self, key: str, maybe: float | None = None) -> None:
        """It did not happen and is the next to go in its lane. If it may have happened, by `maybe`, it counts."""
        name, _ = self._lane_of[key]
        lane = self._lanes[name]
        if lane.flying == key:
            lane.flying = None
            if lane.times:
                last = lane.times.pop()
                if maybe is not None:
                    lane.times.append(max(last, maybe))
            if maybe is not None and lane.posts:
                lane.free_at = max(lane.free_at, maybe + self._gap())
            lane.put_back(key)
            self._file(name, lane)

    def withdraw(self, key: str) -> None:
        """It does not go any more. If it was about to and no request was made, nothing counts."""
        name, urgency = self._lane_of[key]
        lane = self._lanes[name]
        if lane.flying == key:
            self._landed(key)
            lane.untake()
            if lane.times:
                lane.times.pop()
            if self._requests:
                self._requests.pop()
                self._spread -= self._each
        else:
            lane.drop(key, urgency)
            del self._lane_of[key]
            self._parts.pop(key, None)
        self._settle(name, lane)

    @property
    def memory(self) -> float:
        """Seconds after which no limit counts a request any more."""
        limits = self._limits
        spans = (
            limits.overall_span + limits.slack if limits.overall is not None else 0.0,
            limits.group_span if limits.per_group is not None else 0.0,
            limits.chat_gap or 0.0,
        )
        return max(spans)

    def restore(self, chat: str, at: float, posts: int, *, group: bool) -> None:
        """Somebody else posted it before, with the same account. The oldest first, and before anything is offered."""
        lane = self._post_lane(chat, group=group)
        if group and self._limits.per_group is not None:
            lane.times.extend([at] * posts)
            while len(lane.times) > self._limits.per_group:
                lane.times.popleft()
        lane.free_at = max(lane.free_at, at + self._gap() * posts)
        self._count(at, posts)

    def count(self, now: float, requests: int = 1) -> None:
        """Requests were made beside those planned: they count against the overall limit."""
        self._count(now, requests)

    def hold(self, chat: str, until: float, *, posts: bool = True, group: bool = True) -> None:
        """The platform wants a pause in one chat: of posts, or of acts."""
        if posts:
            lane = self._post_lane(chat, group=group)
            lane.hold(until)
            self._file((chat, None), lane)
            return
        self._acts_held[chat] = max(until, self._acts_held.get(chat, until))
        for name, lane in self._lanes.items():
            if lane.chat == chat and not lane.posts:
                lane.hold(until)
                self._file(name, lane)

    def hold_all(self, until: float) -> None:
        """The platform wants a pause of the whole account."""
        self._held_until = max(self._held_until, until)

    # lanes

    def _gap(self) -> float:
        gap = self._limits.chat_gap or 0.0
        return gap if self._limits.jitter is None else gap + self._limits.jitter()

    def _post_lane(self, chat: str, *, group: bool) -> Lane:
        found = self._lanes.get((chat, None))
        if found is None:
            found = self._lanes[chat, None] = Lane(chat, posts=True, group=group)
        return found

    def _closed_until(self, now: float) -> float:
        """Until when nothing goes, whatever chat it is for."""
        closed, apart = max(self._held_until, self._full_until(now)), self._limits.apart
        return closed if apart is None else max(closed, apart.until)

    def _overtaken(self, urgency: int, now: float) -> bool:
        """Whether something more urgent may go."""
        self._wake(now)
        return bool(self._ready) and self._ready[0][0] < urgency

    def _hurried(self, lane: Lane, now: float) -> float:
        return max(lane.held_until, self._held_until, self._full_until(now))

    def _turn_of(self, chat: str, lane: Lane, urgency: int, now: float) -> float:
        """When something that is on its way goes on. While it only waits for the account, it has a claim."""
        in_chat, of_all = self._free_at(lane, 1), max(self._closed_until(now), self._spread if urgency else now)
        at = max(in_chat, of_all)
        if at <= now and self._overtaken(urgency, now):
            at = of_all = now + _AFTER_YOU
        self._claims.pop(chat, None)
        if urgency and at > now and in_chat <= of_all:
            self._claims[chat] = (urgency, at + _AFTER_YOU)
        return at

    def _held_back(self, urgency: int, now: float) -> float:
        """Until when nothing begins that can wait: the spread, and the claims of what is as urgent and has begun."""
        if not self._claims:
            return self._spread
        self._claims = {chat: claim for chat, claim in self._claims.items() if claim[1] > now}
        claimed = any(theirs <= urgency for theirs, _ in self._claims.values())
        return max(self._spread, now + _AFTER_YOU) if claimed else self._spread

    def _tidy(self, now: float) -> None:
        """Forget lanes that rest, and of which no limit remembers anything."""
        for name, lane in list(self._lanes.items()):
            resting = not lane.waiting and lane.flying is None and lane.free_at <= now
            if resting and (not lane.times or lane.times[-1] + self._limits.group_span <= now):
                del self._lanes[name]
        for chat in [chat for chat, until in self._acts_held.items() if until <= now]:
            del self._acts_held[chat]
        self._tidy_at = max(TIDY, 2 * len(self._lanes))

    def _go(self, lane: Lane, now: float) -> str:
        key = lane.flying = lane.take()
        lane.stamp = 0
        self._gone(lane, now)
        return key

    def _gone(self, lane: Lane, now: float) -> None:
        per_group = self._limits.per_group
        if lane.posts and lane.group and per_group is not None:
            lane.times.append(now)
            while len(lane.times) > per_group:
                lane.times.popleft()
        if self._limits.apart is not None:
            self._limits.apart.rest(now)
        self._count(now, 1)

    def _said(self, lane: Lane, now: float, posts: int) -> None:
        self._count(now, posts - 1)
        if lane.posts:
            if lane.times:
                lane.times[-1] = now
                lane.times.extend([now] * (posts - 1))
            lane.free_at = max(lane.free_at, now + self._gap() * posts)
        if self._limits.apart is not None:
            self._limits.apart.rest(now, posts)

    def _count(self, now: float, requests: int) -> None:
        if self._limits.overall is not None and requests > 0:
            self._requests.extend([now] * requests)
            first = now - (self._limits.burst - 1) * self._each
            self._spread = max(self._spread, first) + self._each * requests

    def _full_until(self, now: float) -> float:
        if self._limits.overall is None:
            return now
        span = self._limits.overall_span + self._limits.slack
        while self._requests and self._requests[0] + span <= now:
            self._requests.popleft()
        beyond = len(self._requests) - self._limits.overall
        return now if beyond < 0 else self._requests[beyond] + span

    def _landed(self, key: str) -> tuple[Hashable, Lane]:
        name, _ = self._lane_of.pop(key)
        self._parts.pop(key, None)
        lane = self._lanes[name]
        if lane.flying == key:
            lane.flying = None
        return name, lane

    def _settle(self, name: Hashable, lane: Lane) -> None:
        if not lane.waiting and lane.flying is None and not lane.posts:
            del self._lanes[name]
        else:
            self._file(name, lane)

    def _file(self, name: Hashable, lane: Lane) -> None:
        """Put a lane into the heap where it belongs now. What lies there of it from before is passed over."""
        if lane.flying is not None or not lane.waiting:
            lane.stamp = 0
            return
        self._stamps += 1
        lane.stamp = self._stamps
        heapq.heappush(self._later, (self._free_at(lane, self._parts.get(lane.head, 1)), lane.stamp, name))

    def _free_at(self, lane: Lane, parts: int) -> float:
        return lane.open_at(parts, self._limits.per_group, self._limits.group_span)

    def _wake(self, now: float) -> None:
        """Move lanes whose time has come, and drop what is out of date from the tops of both heaps."""
        while self._later and (self._later[0][0] <= now or self._stale(self._later[0][1], self._later[0][2])):
            _, stamp, name = heapq.heappop(self._later)
            if not self._stale(stamp, name):
                lane = self._lanes[name]
                heapq.heappush(self._ready, (lane.urgency, -self._left(lane), stamp, name))
        while self._ready and self._stale(self._ready[0][2], self._ready[0][3]):
            heapq.heappop(self._ready)

    def _stale(self, stamp: int, name: Hashable) -> bool:
        lane = self._lanes.get(name)
        return lane is None or lane.stamp != stamp

    def _left(self, lane: Lane) -> float:
        limits = self._limits
        in_group = limits.group_span / limits.per_group if limits.per_group else 0.0
        return lane.left(limits.chat_gap or 0.0, in_group)

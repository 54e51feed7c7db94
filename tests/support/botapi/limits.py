"""Telegram's limits on sending, as published in its FAQ for bots: watched, and enforced if asked."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A send too many. `rule` is "overall", "chat" or "group"."""

    at: float
    bot: int
    chat: int
    rule: str
    count: int


class Limits:
    """Counts what is sent: 30 a second in all, one a second in a chat beyond a small burst, 20 a minute in a group."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.enforce = False
        """Refuse with 429 what would break a limit."""
        self.watch = True
        self.per_second = 30
        self.burst = 3
        """Sends in one chat that may follow each other at once."""
        self.per_group_minute = 20
        self.violations: list[Violation] = []
        self._overall: dict[int, deque[float]] = defaultdict(deque)
        self._minutes: dict[tuple[int, int], deque[float]] = defaultdict(deque)
        self._buckets: dict[tuple[int, int], tuple[float, float]] = {}

    def check(self, bot: int, chat: int) -> int:
        """Counts a send. Returns the seconds to wait if it is to be refused, else 0."""
        if not (self.watch or self.enforce):
            return 0
        at = self.now()
        overall, minute = self._overall[bot], self._minutes[bot, chat]
        while overall and overall[0] <= at - 1:
            overall.popleft()
        while minute and minute[0] <= at - 60:
            minute.popleft()
        # A bucket of `burst` tokens that fills by one a second.
        tokens, before = self._buckets.get((bot, chat), (float(self.burst), at))
        tokens = min(float(self.burst), tokens + max(0.0, at - before))
        broken: list[tuple[str, int, float]] = []
        if len(overall) >= self.per_second:
            broken.append(("overall", len(overall) + 1, overall[0] + 1 - at))
        if tokens < 1 - 1e-6:
            broken.append(("chat", 1, 1 - tokens))
        if chat < 0 and len(minute) >= self.per_group_minute:
            broken.append(("group", len(minute) + 1, minute[0] + 60 - at))
        if broken and self.enforce:
            return max(1, ceil(max(wait for _, _, wait in broken)))
        for rule, count, _ in broken:
            self.violations.append(Violation(at=at, bot=bot, chat=chat, rule=rule, count=count))
        overall.append(at)
        minute.append(at)
        self._buckets[bot, chat] = (max(0.0, tokens - 1), at)
        return 0

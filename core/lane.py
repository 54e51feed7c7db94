"""What goes one after the other, as the pacer keeps it."""

from __future__ import annotations

import math
from collections import Counter, deque
from typing import Final

URGENCIES: Final = 3
IN_A_ROW: Final = 4
"""Answers that go before what nobody waits for, which is as urgent and was there first; then one of that goes."""
AT_ONCE: Final = 3
"""Answers to one member that overtake others, one after the other. Who asks for more waits with everybody."""


class Lane:
    """The posts of a chat, or the acts on one member. One of them is on its way at a time."""

    __slots__ = (
        "answers",
        "chat",
        "coming",
        "flying",
        "free_at",
        "group",
        "held_until",
        "in_a_row",
        "posts",
        "queues",
        "stamp",
        "taken",
        "times",
        "turns",
        "waiting",
        "whose",
    )

    def __init__(self, chat: str, *, posts: bool, group: bool) -> None:
        self.chat = chat
        self.posts = posts
        self.group = group
        self.queues: tuple[deque[str], ...] = tuple(deque() for _ in range(URGENCIES))
        self.answers: tuple[deque[str], ...] = tuple(deque() for _ in range(URGENCIES))
        self.whose: dict[str, str] = {}
        self.turns: Counter[str] = Counter()
        self.in_a_row = 0
        self.taken: tuple[deque[str], int, str] | None = None
        self.flying: str | None = None
        self.free_at = -math.inf
        self.held_until = -math.inf
        self.times: deque[float] = deque()
        self.coming = 0
        self.waiting = 0
        self.stamp = 0

    @property
    def urgency(self) -> int:
        return next(n for n in range(URGENCIES) if self.queues[n] or self.answers[n])

    @property
    def head(self) -> str:
        """The next to go."""
        queue, at = self._next()
        return queue[at]

    def put(self, key: str, urgency: int, *, answers: bool, whose: str = "") -> None:
        """One more that waits; `whose` if it answers somebody who may ask for much."""
        (self.answers if answers else self.queues)[urgency].append(key)
        if whose:
            self.whose[key] = whose
        self.waiting += 1

    def take(self) -> str:
        """The next one goes."""
        queue, at = self._next()
        key = queue[at]
        whose = self.whose.pop(key, "")
        self.taken = queue, self.in_a_row, whose
        if queue is self.queues[self.urgency]:
            self.in_a_row = 0
        elif self.queues[self.urgency]:
            self.in_a_row += 1
        del queue[at]
        self.waiting -= 1
        if not self.waiting:
            self.turns.clear()
        elif whose:
            self.turns[whose] += 1
        return key

    def put_back(self, key: str) -> None:
        """The one that was taken last did not go: it is the next again, of those that are as urgent."""
        queue, whose = self.untake()
        queue.appendleft(key)
        if whose:
            self.whose[key] = whose
        self.waiting += 1

    def untake(self) -> tuple[deque[str], str]:
        """The one that was taken last did not go, and had no turn. From where it came, and whose it is."""
        assert self.taken is not None
        queue, self.in_a_row, whose = self.taken
        self.turns[whose] = max(0, self.turns[whose] - 1)
        return queue, whose

    def drop(self, key: str, urgency: int) -> None:
        """One of those that wait does not go any more."""
        (self.answers if key in self.answers[urgency] else self.queues)[urgency].remove(key)
        self.whose.pop(key, None)
        self.waiting -= 1

    def _next(self) -> tuple[deque[str], int]:
        """Answers first, as somebody waits for them; what is as urgent has its turn after some. Who asks for much takes
        turns with others."""
        answers, queue = self.answers[self.urgency], self.queues[self.urgency]
        if not answers or (queue and self.in_a_row >= IN_A_ROW):
            return queue, 0
        if not self.turns:
            return answers, 0
        return answers, min(range(len(answers)), key=lambda at: (self._beyond(answers[at]), at))

    def _beyond(self, key: str) -> int:
        """How many more than `AT_ONCE` whoever it answers was given, this one included."""
        return max(0, self.turns[self.whose.get(key, "")] + 1 - AT_ONCE)

    def hold(self, until: float) -> None:
        """The platform wants a pause here."""
        self.held_until = max(self.held_until, until)
        self.free_at = max(self.free_at, until)

    def open_at(self, posts: int, most: int | None, span: float) -> float:
        """When it takes so many posts, if a group takes so many at the `most` in a span."""
        if self.group and most is not None:
            spare = most - min(most, posts)
            if len(self.times) > spare:
                return max(self.free_at, self.times[-spare - 1] + span)
        return self.free_at

    def left(self, gap: float, gap_in_group: float) -> float:
        """Seconds that the work left in it takes at the least, with so much between two posts."""
        if not self.posts:
            return math.inf
        each = max(gap, gap_in_group) if self.group else gap
        return (self.waiting + self.coming) * (each or 1.0)

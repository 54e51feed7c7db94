"""What goes one after the other, as the pacer keeps it."""

from __future__ import annotations

import math
from collections import deque
from typing import Final

URGENCIES: Final = 3


class Lane:
    """The posts of a chat, or the acts on one member. One of them is on its way at a time."""

    __slots__ = (
        "chat",
        "coming",
        "flying",
        "free_at",
        "group",
        "held_until",
        "posts",
        "queues",
        "stamp",
        "times",
        "waiting",
    )

    def __init__(self, chat: str, *, posts: bool, group: bool) -> None:
        self.chat = chat
        self.posts = posts
        self.group = group
        self.queues: tuple[deque[str], ...] = tuple(deque() for _ in range(URGENCIES))
        self.flying: str | None = None
        self.free_at = -math.inf
        self.held_until = -math.inf
        self.times: deque[float] = deque()
        self.coming = 0
        self.waiting = 0
        self.stamp = 0

    @property
    def urgency(self) -> int:
        return next(n for n, queue in enumerate(self.queues) if queue)

    @property
    def head(self) -> str:
        """The next to go."""
        return self.queues[self.urgency][0]

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

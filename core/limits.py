"""What a platform takes from one account."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


class Apart:
    """The time between two things that one account does, drawn anew each time: shared by all that act for it."""

    def __init__(self, draw: Callable[[], float]) -> None:
        self._draw = draw
        self.until = -math.inf
        """On a clock that never runs backwards: nothing more is done before."""

    def rest(self, now: float, times: int = 1) -> None:
        """Something was done, or several things as one."""
        self.until = max(self.until, now + self._draw() * times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a platform takes from one account; None is no limit. Spans are seconds.

    `overall` requests in any `overall_span`; between two posts in a chat `chat_gap`; `per_group` posts in any
    `group_span` in a group. `slack` is added to the overall span: requests do not arrive in the order of their going.
    Only `burst` of what can wait goes at once; the rest is spread evenly, so that an answer finds a gap soon. `jitter`
    gives seconds to add to each gap between posts, for accounts that must not look like clockwork; `apart` those that
    lie between two things that the account does, messages and acts alike, whatever chats they are for.
    """

    overall: int | None = 30
    overall_span: float = 1.0
    slack: float = 0.015
    chat_gap: float | None = 1.0
    per_group: int | None = 20
    group_span: float = 60.0
    burst: int = 3
    jitter: Callable[[], float] | None = None
    apart: Apart | None = None


UNLIMITED = Limits(overall=None, chat_gap=None, per_group=None)

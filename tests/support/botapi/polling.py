"""getUpdates: confirming by offset, long polling, one poller at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import islice
from typing import Final

from tests.support.botapi.arguments import Args
from tests.support.botapi.errors import Conflict
from tests.support.botapi.model import Bot
from tests.support.botapi.world import DAY, KINDS, World

MAX_BYTES: Final = 1 << 22
"""An answer holds no more than this, whatever the limit."""
_AROUND: Final = 50
"""What each update is taken to need besides itself."""
OTHER_POLLER: Final = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE: Final = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def remember_allowed(bot: Bot, args: Args) -> None:
    """`allowed_updates`: remembered if omitted, [] is the default set, unknown kinds count for nothing."""
    if not args.text("allowed_updates"):
        return
    given = args.json("allowed_updates", "allowed_updates")
    if isinstance(given, list):
        bot.allowed = KINDS.intersection(given) or None


def confirm(world: World, bot: Bot, offset: int) -> None:
    """Forgets updates below the offset; a negative one keeps only the last of them. Updates older than a day go too."""
    queue = bot.queue
    if offset < 0:
        while len(queue) > -offset:
            queue.popleft()
    elif offset <= bot.next_update + 10:
        # An offset far in the future confirms nothing: Telegram answers from the first one kept.
        while queue and queue[0][0] < offset:
            queue.popleft()
        bot.confirmed = max(bot.confirmed, offset)
    oldest = world.now() - DAY
    while queue and queue[0][2] < oldest:
        queue.popleft()


def first(bot: Bot, limit: int) -> list[bytes]:
    """The first updates of the queue."""
    found = [raw for _, raw, _ in islice(bot.queue, limit)]
    while len(found) > 1 and sum(map(len, found)) + _AROUND * len(found) > MAX_BYTES:
        found.pop()
    return found


@dataclass(slots=True)
class _Waiting:
    wake: asyncio.Event
    replaced: str | None = None


class Polling:
    """The long polls of all bots. Lives in the server's loop."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.conflict_pause = 3.0
        """Seconds that all 409 but the first in that time are held back, as telegram-bot-api does."""
        self.slows_repeats = False
        """Telegram's answer to busy loops: the same offset again within half a second gets one update only."""
        self.closing = False
        self._waiting: dict[int, _Waiting] = {}
        self._repeated: dict[int, tuple[int, float]] = {}
        self._next_conflict = 0.0

    async def get_updates(self, bot: Bot, args: Args) -> list[bytes]:
        """The updates as encoded. Raises Conflict if another poll takes over."""
        offset = args.integer("offset")
        limit = args.integer("limit", 100)
        timeout = float(min(50, max(0, args.integer("timeout"))))
        limit = min(100, max(1, limit))
        loop = asyncio.get_running_loop()
        if self.slows_repeats:
            limit, timeout = self._slowed(bot, offset, limit, timeout, loop.time())
        with self.world.lock:
            remember_allowed(bot, args)
            confirm(self.world, bot, offset)
            found = first(bot, limit)
        if found or not timeout or self.closing:
            return found
        return await self._wait(bot, limit, timeout, loop)

    def _slowed(self, bot: Bot, offset: int, limit: int, timeout: float, now: float) -> tuple[int, float]:
        before, at = self._repeated.get(bot.id, (-1, -10.0))
        self._repeated[bot.id] = (offset, now)
        if offset == before and now < at + 3:
            timeout = max(3.0, timeout)
        return (1 if offset == before and now < at + 0.5 else limit), timeout

    async def _wait(self, bot: Bot, limit: int, timeout: float, loop: asyncio.AbstractEventLoop) -> list[bytes]:
        self.abort(bot, OTHER_POLLER)
        event = asyncio.Event()
        waiting = self._waiting[bot.id] = _Waiting(event)

        def wake() -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

        bot.wake.append(wake)
        ends = loop.time() + timeout
        try:
            while True:
                with self.world.lock:
                    found = first(bot, limit)
                if waiting.replaced is not None:
                    break
                left = ends - loop.time()
                if found or left <= 0 or self.closing:
                    return found
                event.clear()
                if bot.queue:
                    continue
                try:
                    await asyncio.wait_for(event.wait(), left)
                except TimeoutError:
                    continue
        finally:
            bot.wake.remove(wake)
            if self._waiting.get(bot.id) is waiting:
                del self._waiting[bot.id]
        await self._hold_back(loop)
        raise Conflict(waiting.replaced)

    async def _hold_back(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop.time() < self._next_conflict:
            await asyncio.sleep(self.conflict_pause)
        else:
            self._next_conflict = loop.time() + self.conflict_pause

    def abort(self, bot: Bot, why: str) -> None:
        """Ends a bot's waiting poll with 409."""
        before = self._waiting.pop(bot.id, None)
        if before is not None:
            before.replaced = why
            before.wake.set()

    def close(self) -> None:
        """Answers every waiting poll: the server stops."""
        self.closing = True
        for waiting in self._waiting.values():
            waiting.wake.set()

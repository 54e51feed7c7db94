"""Fetches a bot's updates, a batch at a time, and confirms each batch only after it was handled.

Telegram confirms updates by the offset of the next request, and keeps what is not confirmed for a day. It never shows
what lies behind an unconfirmed update, so nothing can be fetched ahead: while a batch is handled no request is open.
"""

from __future__ import annotations

import asyncio
import enum
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import msgspec

from adapters.telegram.calling import Caller, refused
from adapters.telegram.calls import AnswerLost, ApiError, CallFailed, NotSent, result_of
from adapters.telegram.updates import Unreadable, Update, updates_in
from core.errors import StoreBusy, StoreUnavailable

ALLOWED: Final = (
    "message",
    "edited_message",
    "callback_query",
    "chat_join_request",
    "chat_member",
    "my_chat_member",
    "message_reaction",
)
"""The kinds of update that something is made of. Telegram remembers the last list, so it is told with each request."""

MOST: Final = 100
"""How many updates Telegram gives in one answer at most."""
LONG: Final = 25
"""How many seconds Telegram holds a request open while nothing happens."""
SLACK: Final = 10.0
"""Seconds that an answer may take beside those for which Telegram holds the request open."""
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
"""Seconds before the next request after one in vain: about twice as many each time."""
_CONFLICT_PAUSE, _LONGEST_CONFLICT = 10.0, 60.0
"""The same while another process fetches with the token."""
_UPDATE_ID: Final = re.compile(rb'"update_id"\s*:\s*(\d{1,19})')


class Fetching(enum.StrEnum):
    """How fetching goes. Each change is told once."""

    RUNNING = "running"
    TAKEN = "taken"
    """Another process fetches with the same token (409): this one waits until it stops."""
    UNREACHABLE = "unreachable"
    """Telegram cannot be reached, or does not answer as documented."""
    STORE_DOWN = "store_down"
    """Nothing can be committed now; the same updates are tried again."""
    STUCK = "stuck"
    """A batch holds nothing that can be confirmed: an update without a readable number."""


Handle = Callable[[Sequence[Update], Sequence[Unreadable]], Awaitable[None]]


class Poller:
    """The long poll of one bot. `told` hears of every change in how it goes, with the platform's own words.

    `offset` is where to begin; None is the oldest update that is not confirmed. A request asks for `allowed_updates`
    alone, for no more than `limit` of them, and Telegram may hold it open for `long` seconds. `turn` is set while this
    process is the one of its deployment to fetch, and `takes_over` is called when it has become that. What was written
    before, or while nothing could be fetched, is fetched without waiting for more. `pause` waits, `ticks` counts
    seconds, those of a machine that sleeps too, and `chance` gives a number from 0 to 1 for jitter.
    """

    def __init__(
        self,
        calls: Caller,
        *,
        offset: int | None = None,
        allowed_updates: Sequence[str] = ALLOWED,
        limit: int = MOST,
        long: int = LONG,
        turn: asyncio.Event | None = None,
        told: Callable[[Fetching, str], None] = lambda _how, _why: None,
        takes_over: Callable[[], object] = lambda: None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        ticks: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._calls = calls
        self._offset = offset
        self._allowed = tuple(allowed_updates)
        self._limit = limit
        self._long = long
        self._turn = turn
        self._told = told
        self._takes_over = takes_over
        self._behind = True
        self._asked: float | None = None
        """When the request was made that is open."""
        self._pause = pause
        self._ticks = ticks
        self._chance = chance
        self._how: Fetching | None = None
        self._in_vain = 0
        self._conflicts = 0

    @property
    def how(self) -> Fetching | None:
        """How it goes now; None before the first answer, and while it is another process's turn."""
        return self._how

    @property
    def behind(self) -> bool:
        """Whether something may wait that was written before, or while nothing could be fetched: also where a request
        is open for longer than Telegram holds one, as after a sleep of the machine."""
        overdue = self._asked is not None and self._ticks() - self._asked > self._long + SLACK
        return self._behind or overdue

    async def run(self, handle: Handle) -> None:
        """Fetch and handle until cancelled. Raises CredentialsRefused, and whatever `handle` raises that is a bug.

        `handle` gets one batch at a time, in order; while it raises StoreUnavailable or StoreBusy it gets the same
        batch again. Updates that cannot be read are handed on with the others.
        """
        while True:
            await self._our_turn()
            batch = await self._fetched()
            if batch is None:
                continue
            good, bad = batch
            if not good and not bad:
                # Everything before the offset is confirmed now. Without one, the next request also sees updates whose
                # numbers begin anew, as they do after a quiet week.
                self._offset = None
                self._goes_on()
                self._with_all_of(0)
                continue
            await self._handled(handle, good, bad)
            last = _last(good, bad)
            if last is None:
                await self._back_off(Fetching.STUCK, bad[0].why)
            else:
                self._offset = last + 1
                self._goes_on()
                self._with_all_of(len(good) + len(bad))
            asyncio.get_running_loop().call_soon(_let_go, batch)
            del batch, good, bad  # or they would be held here, and taken apart before the next request

    def _with_all_of(self, many: int) -> None:
        """A batch was handled; one that is not full was the last of what had waited."""
        self._behind = self._behind and many >= self._limit

    async def _our_turn(self) -> None:
        """Two that fetch would end each other's requests, and rest for that: whoever lives on might rest too long."""
        if self._turn is not None and not self._turn.is_set():
            self._how = None
            await self._turn.wait()
            # What the other one left is fetched at once, and from where it left it.
            self._offset, self._conflicts, self._behind = None, 0, True
            self._takes_over()

    async def _fetched(self) -> tuple[list[Update], list[Unreadable]] | None:
        """A batch; None after waiting, if there was none to be had."""
        params: dict[str, object] = {
            "offset": self._offset,
            "limit": self._limit,
            "timeout": 0 if self._behind else self._long,
            "allowed_updates": self._allowed,
        }
        try:
            body = await self._asked_for(params)
            good, bad = updates_in(body)
        except ApiError as error:
            await self._refused(error)
        except (NotSent, AnswerLost, msgspec.DecodeError) as error:
            await self._back_off(Fetching.UNREACHABLE, str(error))
        else:
            self._conflicts = max(0, self._conflicts - 1)
            return good, [numbered(one) for one in bad]
        return None

    async def _asked_for(self, params: Mapping[str, object]) -> bytes:
        self._asked = self._ticks()
        try:
            return await self._calls.call("getUpdates", params)
        finally:
            self._behind = self.behind
            self._asked = None

    async def _refused(self, error: ApiError) -> None:
        if (credentials := refused(self._calls.name, error)) is not None:
            raise credentials
        if error.code == 409:
            self._goes(Fetching.TAKEN, error.description)
            # Each request ends the one of the other process, which then waits as well: rarely is better than often.
            longest = min(_LONGEST_CONFLICT, _CONFLICT_PAUSE * 2**self._conflicts)
            self._conflicts = min(self._conflicts + 1, 10)
            await self._pause(longest * (0.5 + self._chance()))
        elif error.retry_after is not None:
            self._goes(Fetching.UNREACHABLE, error.description)
            await self._pause(error.retry_after + self._chance())
        else:
            await self._back_off(Fetching.UNREACHABLE, str(error))

    async def _handled(self, handle: Handle, good: list[Update], bad: list[Unreadable]) -> None:
        while True:
            try:
                await handle(good, bad)
            except (StoreUnavailable, StoreBusy) as error:
                await self._back_off(Fetching.STORE_DOWN, str(error))
            else:
                return

    async def _back_off(self, how: Fetching, why: str) -> None:
        """Wait longer each time in vain: up to 1, 2, 4 ... 30 seconds, never less than half of it."""
        self._goes(how, why)
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(self._in_vain, 10))
        self._in_vain += 1
        await self._pause(longest * (0.5 + self._chance() / 2))

    def _goes_on(self) -> None:
        self._goes(Fetching.RUNNING)
        self._in_vain = 0

    def _goes(self, how: Fetching, why: str = "") -> None:
        self._behind = self._behind or how is not Fetching.RUNNING
        if how is not self._how:
            self._how = how
            self._told(how, why)


def _let_go(_batch: object) -> None:
    """Held until this is called, and by nobody else. Taking a batch apart costs as much as reading it did: that is done
    behind the next request."""


def _last(good: Sequence[Update], bad: Sequence[Unreadable]) -> int | None:
    numbers = [one.update_id for one in good] + [one.update_id for one in bad if one.update_id is not None]
    return max(numbers, default=None)


def numbered(one: Unreadable) -> Unreadable:
    """With the update's number as far as it can be found in what came."""
    if one.update_id is None and (found := _UPDATE_ID.search(one.raw)) is not None:
        return one._replace(update_id=int(found[1]))
    return one


class WebhookInfo(msgspec.Struct, gc=False):
    """What Telegram says about how a bot gets its updates. `allowed_updates` is None for Telegram's default."""

    url: str = ""
    pending_update_count: int = 0
    allowed_updates: list[str] | None = None
    last_error_date: int = 0
    last_error_message: str = ""


async def polling_begun(calls: Caller) -> WebhookInfo:
    """Make polling possible: take a webhook away, keeping the updates that wait. Answers how it was before.

    Raises CallFailed; CredentialsRefused if the token is not accepted.
    """
    try:
        before = result_of(await calls.call("getWebhookInfo"), WebhookInfo)
        if before.url:
            await calls.call("deleteWebhook", {"drop_pending_updates": False})
    except ApiError as error:
        raise refused(calls.name, error) or error from None
    except msgspec.DecodeError as error:
        raise CallFailed("getWebhookInfo", str(error)) from None
    return before

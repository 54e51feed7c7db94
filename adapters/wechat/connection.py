"""One connection to a gateway, from opening to its end, and how its end is noticed.

A gateway that is gone, frozen or cut off is found by HTTP/2's own pings within 20 seconds. One that has gone deaf takes
calls and says nothing: it is asked for a `dong` whenever it was silent for a while, and the answer has to come over the
stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from adapters.wechat.endpoint import Endpoint
from adapters.wechat.failures import AnswerLost, Broken, CallFailed, CredentialsRefused, NotSent, Refused, Untrusted
from adapters.wechat.library import Puppet, Told, called
from adapters.wechat.states import Trouble

REFUSING: Final = frozenset(("UNAUTHENTICATED", "PERMISSION_DENIED"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Seconds. A call ends within `deadline`. After `silence` a sign of life is asked for, to come within `patience`.

    Who is logged in is told within `greeting` from the start. `pause` to `longest_pause` lie between tries;
    `absent_pause` at most while nobody listens there at all. A stream is taken over after `refusals`, and not twice
    within `takeover_pause`.
    """

    deadline: float = 20.0
    silence: float = 25.0
    patience: float = 15.0
    greeting: float = 5.0
    pause: float = 1.0
    longest_pause: float = 60.0
    absent_pause: float = 4.0
    refusals: int = 3
    takeover_pause: float = 600.0


class ConnectionLost(Exception):
    """A connection is over. `trouble` says how."""

    def __init__(self, trouble: Trouble, why: str) -> None:
        super().__init__(why)
        self.trouble = trouble
        self.why = why


class Connection:
    """A connection, alive while `run` runs. `lives` is called at each sign of life of the gateway; `dongs` says whether
    it was ever heard to answer a ding."""

    def __init__(
        self, endpoint: Endpoint, timings: Timings, lives: Callable[[], None] = lambda: None, *, dongs: bool = False
    ) -> None:
        self.puppet = Puppet(endpoint, timings.deadline)
        self.dongs = dongs
        self._endpoint = endpoint
        self._timings = timings
        self._lives = lives
        self._heard = asyncio.Event()
        self._answered = asyncio.Event()
        self._doubted = asyncio.Event()
        self._handing = False
        self._last = 0.0

    @property
    def doubted(self) -> bool:
        """Whether a call had no answer and no sign of life was heard since."""
        return self._doubted.is_set()

    def doubt(self) -> None:
        """A call had no answer: ask for a sign of life at once."""
        self._doubted.set()

    async def run(self, opened: Callable[[], None], told: Callable[[Told], Awaitable[None]]) -> None:
        """Connect, and hand on all that is told, one after the other. `opened` is called once something is heard.

        Ends by raising ConnectionLost, or CredentialsRefused.
        """
        try:
            await self.puppet.begin()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen(opened, told))
                tasks.create_task(self._watch())
        except CallFailed as failed:
            raise self._lost(failed) from None
        except ExceptionGroup as group:
            raise self._first(group) from None
        finally:
            self.puppet.close()

    def _first(self, group: ExceptionGroup[Exception]) -> Exception:
        first = group.exceptions[0]
        return self._lost(first) if isinstance(first, CallFailed) else first

    async def _listen(self, opened: Callable[[], None], told: Callable[[Told], Awaitable[None]]) -> None:
        async def heard() -> None:
            async for one in self.puppet.told():
                self._last = asyncio.get_running_loop().time()
                if not self._heard.is_set():
                    self._heard.set()
                    opened()
                self._lives()
                if one.name == "dong":
                    self.dongs = True
                    self._answered.set()
                    continue
                self._handing = True
                await told(one)
                self._handing = False

        await called(heard())
        raise ConnectionLost(Trouble.ENDED, "the gateway ended the stream of events")

    async def _watch(self) -> None:
        """Ask for signs of life; raises ConnectionLost when none comes."""
        await self._sign(self._heard)  # not all gateways say something by themselves to begin with
        loop = asyncio.get_running_loop()
        while True:
            quiet = self._last + self._timings.silence - loop.time()
            if quiet > 0 and not self._doubted.is_set():
                try:
                    async with asyncio.timeout(quiet):
                        await self._doubted.wait()
                except TimeoutError:
                    pass
            else:
                await self._prove_life()

    async def _prove_life(self) -> None:
        """By a dong; by the call alone, if none is ever said, or would lie behind what is still being taken in."""
        self._answered.clear()
        before = self._last
        try:
            await self._sign(self._answered if self.dongs and not self._handing else self._heard)
        except ConnectionLost as lost:
            if self._last == before and (lost.trouble is Trouble.FROZEN or not self._handing):
                raise
        self._doubted.clear()
        self._last = asyncio.get_running_loop().time()
        self._lives()

    async def _sign(self, of_life: asyncio.Event) -> None:
        """Ring, and wait for this. Raises ConnectionLost."""
        taken = False
        try:
            async with asyncio.timeout(self._timings.patience):
                await self.puppet.ring()
                taken = True
                await of_life.wait()
        except TimeoutError:
            if taken:
                raise ConnectionLost(Trouble.DEAF, "calls are taken, and nothing is said over the stream") from None
            raise ConnectionLost(Trouble.FROZEN, "nothing is answered") from None

    def _lost(self, failed: CallFailed) -> ConnectionLost | CredentialsRefused:
        match failed:
            case Refused(status=status) if status in REFUSING:
                return CredentialsRefused(
                    f"The gateway at {self._endpoint} does not accept the token ({failed.why}): give it the one that "
                    "the gateway was started with"
                )
            case Refused(status="ALREADY_EXISTS"):
                return ConnectionLost(Trouble.TAKEN, failed.why)
            case Refused():
                return ConnectionLost(Trouble.FAILED, str(failed))
            case Untrusted():
                return ConnectionLost(Trouble.UNTRUSTED, str(failed))
            case NotSent():
                return ConnectionLost(Trouble.ABSENT, str(failed))
            case AnswerLost():
                frozen = not isinstance(failed, Broken) or self.puppet.cut_off
                return ConnectionLost(Trouble.FROZEN if frozen else Trouble.ENDED, str(failed))
            case _:
                return ConnectionLost(Trouble.FAILED, str(failed))

"""Parcels on their way: asking the platform, and taking in what it answers."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, Literal, assert_never

from core import courier_answers as answers
from core import courier_news as news
from core.budget import Budget
from core.courier_asking import BROKEN_OFF, Asking
from core.courier_judging import Trip, about
from core.courier_lease import DEADLINE, Call, Clock, Lease
from core.courier_load import Load
from core.courier_standing import Standing
from core.delivery import (
    Addressee,
    Answer,
    Dispatch,
    Done,
    Later,
    Never,
    Platform,
    Refusal,
    Settled,
    State,
    Unsure,
)
from core.effects import Invite, Say, TellAdmins
from core.errors import StoreBusy, StoreUnavailable
from core.events import Event

OUTAGE: Final = 3
"""From how many chats on that cannot be reached one after the other the platform itself is taken to be out of reach."""
GATHER: Final = 0.05
"""Seconds that a result waits for those of others on their way, so that one commit settles many."""
LONGEST_PAUSE: Final = timedelta(seconds=30)
CREDENTIALS_PAUSE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for the operator's log. Never holds what members wrote."""

    kind: Literal["serving", "waiting", "trouble", "well", "parked", "back", "credentials", "dead", "unsure", "bug"]
    text: str
    group: str = ""
    parcel: str = ""


Tell = Callable[[Notice], object]


class Errands:
    """What is on its way through the platform, and the results that wait to be written."""

    def __init__(
        self,
        platform: Platform,
        load: Load,
        standing: Standing,
        dispatch: Dispatch,
        lease: Lease,
        clock: Clock,
        call: Call,
        on_event: Callable[[Event], Awaitable[object]],
        tell: Tell,
        bell: asyncio.Event,
        budget: Budget | None = None,
    ) -> None:
        self._platform = platform
        self._load = load
        self._standing = standing
        self._dispatch = dispatch
        self._lease = lease
        self._clock = clock
        self._call = call
        self._on_event = on_event
        self._tell = tell
        self._bell = bell
        self._budget = budget
        self._tasks: dict[str, tuple[asyncio.Task[None], Trip]] = {}
        self._asking = Asking(platform, load.pacer, lease, clock, budget)
        self._unreached: set[str] = set()
        self._outages = 0
        self._refused = False
        self._noted_at = math.inf
        self.results: list[Settled] = []
        self.to_park: set[str] = set()
        """Groups that turned out to be gone: what waits for them in the outbox is to be parked."""
        self.moved: set[str] = set()
        """Groups whose parcels at hand have to go elsewhere."""
        self.opened = False
        """A group answered again: there is more to read."""

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def asking(self) -> int:
        """How many wait for the platform's answer."""
        return len(self._tasks) - self._asking.resting

    @property
    def ripe(self) -> float:
        """When the results are to be written: at once if nothing else is on its way, else when they have gathered."""
        if not self.results:
            return math.inf
        return self._noted_at + (GATHER if self._tasks else 0.0)

    @property
    def deadline(self) -> float:
        """When the first of them has to end: it has taken too long, or others may have the lease."""
        return min((self._ends(trip) for _, trip in self._tasks.values()), default=math.inf)

    def _ends(self, trip: Trip) -> float:
        return min(trip.deadline, self._lease.until) if trip.deadline < math.inf else math.inf

    def begin(self, trip: Trip) -> None:
        """Ask the platform."""
        trip.said = trip.between = False
        trip.deadline = self._clock.monotonic() + DEADLINE
        task = asyncio.create_task(self._perform(trip))
        task.add_done_callback(lambda _: self._bell.set())
        self._tasks[trip.id] = (task, trip)

    def look_after(self) -> None:
        """End those whose time is over. Raises what went wrong in one of them: a bug, to be seen."""
        for task, _ in self._tasks.values():
            if task.done():
                task.result()
        self.cut()

    def cut(self) -> None:
        """End those whose time is over."""
        now = self._clock.monotonic()
        for task, trip in self._tasks.values():
            if not task.done() and self._ends(trip) <= now:
                trip.deadline = now
                task.cancel()

    def hurry(self) -> None:
        """The courier is about to end: what was begun goes on at once, as far as the platform lets it."""
        self._asking.hurry()

    async def abandon(self) -> None:
        """End all of them; what becomes of them, nobody will know."""
        tasks = [task for task, _ in self._tasks.values()]
        for _, trip in self._tasks.values():
            trip.deadline = math.inf
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()

    def note(self, settled: Settled, group: str) -> None:
        """Keep a result until it is written; the operator hears of what went wrong for good."""
        if not self.results:
            self._noted_at = self._clock.monotonic()
        self.results.append(settled)
        if settled.state in (State.DEAD, State.UNSURE):
            kind: Literal["dead", "unsure"] = "dead" if settled.state is State.DEAD else "unsure"
            self._tell(Notice(kind, settled.outcome, group, settled.id))

    async def _perform(self, trip: Trip) -> None:
        try:
            answer = await self._asking.ask(trip)
        except asyncio.CancelledError:
            if trip.deadline > self._clock.monotonic():
                raise
            answer = BROKEN_OFF if trip.between else Unsure(why="no answer in time")
        except Exception as error:  # a broad catch: a platform that raises has a bug, and others must go on
            self._tell(Notice("bug", f"performing raised {type(error).__name__}", trip.parcel.group, trip.id))
            answer = Unsure(why=f"performing raised {type(error).__name__}")
        trip.deadline = math.inf
        settled = self._broken_off(trip, answer) if trip.between and isinstance(answer, Later) else None
        if settled is None:
            self._asking.over(trip)
            settled = await self._land(trip, answer)
        if trip.said:  # it counts for whoever performs next
            settled = settled._replace(sent=self._clock.now())
        if isinstance(answer, Done | Never) and settled.state is not State.PARKED and self._standing.probed(trip):
            self._tell(Notice("back", "the assistant is back; what was parked goes out", trip.parcel.group))
            self.opened = True
        if settled.state.final and trip.parts > 1:
            for to in trip.to:
                self._platform.forget(trip.effect, to)
        if answers.is_final(settled):
            self._load.drop(trip)
            self._standing.gone(trip)
        else:
            unsure = trip.parcel.unsure + settled.unsure
            trip.parcel = trip.parcel._replace(unsure=unsure, attempts=trip.parcel.attempts - (not settled.counts))
        del self._tasks[trip.id]
        self.note(settled, trip.parcel.group)

    async def _land(self, trip: Trip, answer: Answer) -> Settled:
        pacer, now = self._load.pacer, self._clock.monotonic()
        if not isinstance(answer, Done):
            pacer.count(now, answer.requests - 1)
        match answer:
            case Done():
                pacer.sent(trip.id, now, answer.posts)
                self._reached()
                self._standing.worked(trip)
                if answer.result is not None and isinstance(trip.effect, Invite):
                    await self._hand_in(news.made(trip, trip.effect.member, answer.result, self._clock.now()))
                if answer.message is not None and isinstance(trip.effect, Say) and trip.effect.place:
                    await self._hand_in(news.posted(trip, trip.effect.place, answer.message, self._clock.now()))
                return answers.done(trip, answer)
            case Later():
                return await self._later(trip, answer)
            case Unsure():
                settled = answers.unsure(trip, answer, self._clock.now())
                self._again(trip, settled, maybe=now)
                return settled
            case Never():
                return await self._never(trip, answer)
            case _:
                assert_never(answer)

    async def _later(self, trip: Trip, answer: Later) -> Settled:
        if answer.flood:
            self._reached()
        else:
            self._unreached.add(trip.to[0].chat)
        whole = answer.whole_bot or len(self._unreached) >= OUTAGE
        if whole:
            self._outages += 1
            pause = min(LONGEST_PAUSE, answers.pause(self._outages)) if not answer.whole_bot else answer.after
            answer = replace(answer, after=max(answer.after, pause))
        if answers.gives_up(trip, whole=whole):
            who = await self._who(trip)
            settled = answers.given_up(trip, answer, self._clock.now(), name=who.name if who is not None else "")
        else:
            settled = answers.later(trip, answer, self._clock.now(), whole=whole)
        self._again(trip, settled)
        if whole:
            self._load.pacer.hold_all(self._clock.monotonic() + answer.after.total_seconds())
            if self._budget is not None and answer.flood:
                self._budget.hold(self._clock.now() + answer.after)
        return settled

    def _broken_off(self, trip: Trip, answer: Later) -> Settled:
        """It goes on where it is, once it may."""
        pacer, now = self._load.pacer, self._clock.monotonic()
        pacer.back(trip.id, maybe=now)
        pacer.hold(trip.to[0].chat, now + answer.after.total_seconds(), group=trip.public)
        return answers.broken_off(trip, answer, self._clock.now())

    def _again(self, trip: Trip, settled: Settled, maybe: float | None = None) -> None:
        """Put it back to the front of its lane, or let the lane go on. What may have arrived by `maybe` counts."""
        pacer, now = self._load.pacer, self._clock.monotonic()
        if settled.state is not State.WAITING:
            pacer.sent(trip.id, now)
            return
        pacer.back(trip.id, maybe)
        if settled.not_before is not None and settled.counts:
            wait = (settled.not_before - self._clock.now()).total_seconds()
            pacer.hold(trip.to[0].chat, now + wait, posts=trip.posts, group=trip.public)

    async def _never(self, trip: Trip, answer: Never) -> Settled:
        pacer, now, at = self._load.pacer, self._clock.monotonic(), self._clock.now()
        group = trip.parcel.group
        at_home = trip.at_home and not isinstance(trip.effect, TellAdmins)
        if answer.refusal is Refusal.CREDENTIALS:
            if not self._refused:
                self._refused = True
                self._tell(Notice("credentials", f"the platform does not accept the bot's token: {answer.why}"))
            pacer.back(trip.id)
            pacer.hold_all(now + CREDENTIALS_PAUSE.total_seconds())
            return answers.put_off(trip, answer.why)
        self._reached()
        if answer.refusal is Refusal.MOVED and answer.moved_to is not None:
            return await self._move(trip, answer.moved_to)
        if answer.refusal is Refusal.NOT_THERE and at_home:
            pacer.sent(trip.id, now)
            again, unheard_of = self._standing.park(group, at)
            if unheard_of:
                why = f"the assistant is not in {group}: what is to be said there is parked ({answer.why})"
                self._tell(Notice("parked", why, group))
            self.to_park.add(group)
            self._let_go(group)
            if unheard_of:
                await self._hand_in(news.absent(self._platform.name, group, at))
            return answers.parked(trip, answer, again)
        if answer.refusal is Refusal.NO_RIGHT and answer.needs == "say" and at_home and isinstance(trip.effect, Say):
            pacer.sent(trip.id, now)
            again = self._standing.hush(group, at)
            return answers.parked(trip, answer, again)
        pacer.sent(trip.id, now)
        to = trip.effect.to if isinstance(trip.effect, Say) else None
        # Who is one too many for the account's day was not asked whether they can be written to.
        asked = to is not None and (self._budget is None or not self._budget.crowded(to, at))
        if to is not None and asked and answer.refusal is Refusal.UNREACHABLE:
            await self._hand_in(news.unreached(trip, to, at))
        who = await self._who(trip)
        name, member = (who.name, who.member) if who is not None else ("", False)
        return answers.never(trip, answer, at, name=name, member=member)

    async def _move(self, trip: Trip, new: str) -> Settled:
        """It goes to the new address. That was its group's, or that of the desk where the group's admins are told."""
        old, group = trip.to[0].chat, trip.place.group
        moved = group.desk if old == trip.place.desk else group.key
        self._standing.move(old, new)
        await self._hand_in(news.moved(self._platform.name, moved, self._clock.now(), old, new))
        # Only now, when nothing is waited for any more: what rests may be begun again at any moment.
        self._load.pacer.back(trip.id)
        self.moved.add(trip.parcel.group)
        return Settled(trip.id, State.WAITING, f"the group moved to {new}")

    def _let_go(self, group: str) -> None:
        """Parcels at hand that cannot go any more; they still wait in the outbox."""
        for trip in self._load.waiting(group):
            if trip.at_home and not isinstance(trip.effect, TellAdmins):
                self._load.drop(trip)

    def _reached(self) -> None:
        self._unreached.clear()
        self._outages = 0
        self._refused = False

    async def _who(self, trip: Trip) -> Addressee | None:
        account = about(trip.effect)
        if account is None:
            return None
        found: Addressee | None = await self._patiently(
            self._call, self._dispatch.addressee, trip.parcel.group, account, self._clock.now()
        )
        return found

    async def _hand_in(self, event: Event) -> None:
        await self._patiently(self._on_event, event)

    async def _patiently(self, ask: Callable[..., Awaitable[Any]], *arguments: object) -> Any:
        """Until the store answers."""
        wait = 0.1
        while True:
            try:
                return await ask(*arguments)
            except (StoreBusy, StoreUnavailable):
                await self._clock.sleep(wait)
                wait = min(5.0, wait * 2)

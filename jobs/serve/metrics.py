"""What a process tells Prometheus, in its text format (version 0.0.4): no words, no addresses,
and no names but those that operators gave their accounts."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.sql import SqlStore
from adapters.sql.backlog import Backlog
from adapters.sql.clock import SqlClock
from adapters.sql.tasks import WATCHED, SqlTasks
from adapters.sql.timekeeping import SqlTimekeeping
from core.budget import Budget
from core.delivery import Settled, State
from core.engine import Outcome
from core.errors import StoreError
from core.events import Event, TimerDue
from jobs.serve.connection import Connection
from jobs.serve.own_process import own_process

CONTENT_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
_SHORT: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_LONG: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 3600.0)
COUNTED_EVERY: Final = timedelta(minutes=1)
_UNSENT: Final = "how long the message that waits longest might have been sent, of all processes"
_OFF: Final = "how far this machine's clock is from the time that is gone by, while it is not believed"
_OPEN: Final = (State.WAITING, State.SENDING, State.PARKED)


_BUDGETS: Final[Sequence[tuple[str, str, Callable[[Budget, datetime], float]]]] = (
    (
        "yaji_said",
        "messages of the last 24 hours, of accounts that have a budget",
        lambda budget, now: budget.used(now).messages,
    ),
    (
        "yaji_said_most",
        "messages that such an account may send in 24 hours",
        lambda budget, now: budget.allowance.a_day,
    ),
    (
        "yaji_said_room",
        "messages of the last 24 hours in the room in which such an account said most",
        lambda budget, now: max(budget.used(now).rooms.values(), default=0),
    ),
    (
        "yaji_said_room_most",
        "messages that such an account may send to one room in 24 hours",
        lambda budget, now: budget.allowance.a_day_in_a_room,
    ),
    (
        "yaji_written_to",
        "people to whom such an account wrote in private in the last 24 hours",
        lambda budget, now: budget.used(now).people,
    ),
    (
        "yaji_written_to_most",
        "people to whom such an account may write in 24 hours",
        lambda budget, now: budget.allowance.strangers_a_day,
    ),
    (
        "yaji_paused_seconds",
        "how long such an account still does nothing, because its platform complained",
        lambda budget, now: round(budget.pause(now)),
    ),
    (
        "yaji_quiet_seconds",
        "how long such an account still only answers, after its first login",
        lambda budget, now: round(((budget.quiet_until(now) or now) - now).total_seconds()),
    ),
)
"""What is told of accounts that have a budget."""


class Histogram:
    """Counts by size, in seconds."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def note(self, seconds: float) -> None:
        """One more of this size."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def lines(self, name: str) -> Iterator[str]:
        """Its samples; each bound counts all up to it."""
        below = 0
        for bound, count in zip(self._bounds, self._counts, strict=False):
            below += count
            yield f'{name}_bucket{{le="{bound:g}"}} {below}'
        yield f'{name}_bucket{{le="+Inf"}} {sum(self._counts)}'
        yield f"{name}_sum {self._sum:.6f}"
        yield f"{name}_count {sum(self._counts)}"


class Metrics:
    """Counts what this process does; what waits is read from the store when somebody asks, for all processes.
    `waiting` are the groups whose timers wait here."""

    def __init__(
        self,
        store: SqlStore,
        accounts: Callable[[], Iterable[Connection]] = tuple,
        waiting: Callable[[datetime], Collection[str]] = lambda now: (),
    ) -> None:
        self._accounts = accounts
        self._waiting = waiting
        self._backlog, self._clock, self._tasks = Backlog(store), SqlClock(store), SqlTasks(store)
        self._timekeeping, self._shared = SqlTimekeeping(store.pool), store.pool.shared
        self._lateness, self._batches = Histogram(_LONG), Histogram(_SHORT)
        self._events = self._effects = self._faults = self._buried = 0
        self._settled: Counter[State] = Counter()
        self._home: bool | None = None
        self._failing: Mapping[tuple[str, str], int] = {}
        self._counted_timers: tuple[datetime, int] | None = None

    def committed(self, events: Iterable[Event], outcome: Outcome) -> None:
        """A batch was committed."""
        self._events += outcome.new
        self._effects += outcome.effects
        self._faults += len(outcome.faults)
        self._buried += len(outcome.buried)
        for event in events:
            if isinstance(event, TimerDue):
                self._lateness.note(max(0.0, (event.at - event.due).total_seconds()))

    def took(self, seconds: float) -> None:
        """A batch took so long, commit included."""
        self._batches.note(seconds)

    def settled(self, settled: Iterable[Settled]) -> None:
        """The courier wrote what became of messages."""
        self._settled.update(one.state for one in settled)

    def home_stands(self, used: bool) -> None:
        """Whether the home's files are used as they are now. Not told of where nobody looks at them."""
        self._home = used

    def conditions_fail(self, times: Mapping[tuple[str, str], int]) -> None:
        """How often conditions failed so far, by group and rule."""
        self._failing = times

    async def text(self) -> str:
        """As `read`, from a loop that has other things to do; with how its accounts stand."""
        accounts = "\n".join(self._heard()) + "\n"
        return await asyncio.to_thread(self.read) + accounts

    def read(self) -> str:
        """Everything, as Prometheus reads it."""
        return "\n".join([*self._counted(), *self._stored(), *_of_process()]) + "\n"

    def _heard(self) -> Iterator[str]:
        """How the accounts stand, in the loop's thread, where they live."""
        accounts, now = list(self._accounts()), datetime.now(UTC)
        heard = {f'{{account="{_quoted(each.name)}"}}': int(each.heard_since is not None) for each in accounts}
        yield from _told("yaji_heard", "gauge", "whether what is written to an account arrives", heard)
        waiting = len(self._waiting(now))
        yield from _told("yaji_groups_waiting", "gauge", "groups whose timers wait for an account", {"": waiting})
        careful = [(f'{{account="{_quoted(each.name)}"}}', each.budget) for each in accounts if each.budget is not None]
        for name, told, of in _BUDGETS:
            yield from _told(name, "gauge", told, {label: of(budget, now) for label, budget in careful})

    def _counted(self) -> Iterator[str]:
        yield from _told("yaji_events_total", "counter", "events that were new", {"": self._events})
        yield from _told("yaji_effects_total", "counter", "effects that were decided", {"": self._effects})
        yield from _told("yaji_faults_total", "counter", "decisions in which a workflow crashed", {"": self._faults})
        yield from _told("yaji_set_aside_total", "counter", "events that were set aside", {"": self._buried})
        outcomes = {f'{{state="{state.value}"}}': self._settled[state] for state in State if state not in _OPEN}
        yield from _told("yaji_settled_total", "counter", "messages and acts by what became of them", outcomes)
        failing = {
            f'{{group="{_quoted(group)}",rule="{_quoted(rule)}"}}': times
            for (group, rule), times in self._failing.items()
        }
        if failing:
            told = "conditions that came to an error, which counts as no match"
            yield from _told("yaji_condition_errors_total", "counter", told, failing)
        if self._home is not None:
            told = "whether the home is used as its files are now; 0 while they hold a mistake"
            yield from _told("yaji_home_used", "gauge", told, {"": int(self._home)})
        for name, told, held in (
            ("yaji_lateness_seconds", "how long after it was due a timer was decided here", self._lateness),
            ("yaji_batch_seconds", "how long a batch of events took, with its commit", self._batches),
        ):
            yield from (f"# HELP {name} {told}", f"# TYPE {name} histogram", *held.lines(name))

    def _timers_set(self, now: datetime) -> int:
        """As of a minute ago at most: to count them takes as long as there are many."""
        counted = self._counted_timers
        if counted is None or not timedelta() <= now - counted[0] < COUNTED_EVERY:
            counted = self._counted_timers = (now, self._backlog.timers_set())
        return counted[1]

    def _stored(self) -> list[str]:
        try:
            now = self._clock.now()
            pressing, waiting, tasks = self._backlog.pressing(now), self._backlog.open(), self._tasks.watched()
            timers = self._timers_set(now)
            off = None if self._shared else self._timekeeping.leap() or timedelta()
        except StoreError:
            return list(_told("yaji_store_up", "gauge", "whether the database answers", {"": 0}))
        overdue, unsent = (
            max(0.0, (now - since).total_seconds()) if since is not None else 0.0
            for since in (pressing.first, pressing.unsent)
        )
        depth = {f'{{state="{state.value}"}}': waiting.get(state, 0) for state in _OPEN}
        work = {f'{{state="{state}"}}': tasks.get(state, 0) for state in WATCHED}
        return [
            *_told("yaji_store_up", "gauge", "whether the database answers", {"": 1}),
            *_told("yaji_outbox", "gauge", "messages and acts on their way, of all processes", depth),
            *_told("yaji_outbox_overdue_seconds", "gauge", _UNSENT, {"": f"{unsent:.3f}"}),
            *_told("yaji_tasks", "gauge", "digests and posts that wait, are in hand or were given up", work),
            *_told("yaji_timers", "gauge", "timers that are set", {"": timers}),
            *_told("yaji_timers_due", "gauge", "timers that are due and not decided yet", {"": pressing.due}),
            *(
                _told("yaji_clock_off_seconds", "gauge", _OFF, {"": round(off.total_seconds())})
                if off is not None
                else ()
            ),
            *_told("yaji_timers_overdue_seconds", "gauge", "how long the first of them is due", {"": f"{overdue:.3f}"}),
        ]


def _of_process() -> Iterator[str]:
    for name, told, value in own_process():
        yield from _told(name, "gauge", told, {"": value})


def _quoted(label: str) -> str:
    """What an operator named, as it stands between the quotation marks of a label."""
    return label.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _told(name: str, kind: str, told: str, samples: Mapping[str, object]) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples.items():
        yield f"{name}{labels} {value}"

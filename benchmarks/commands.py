"""What a command costs beside a plain message, and what `/top` costs in a very large group.

    python -m benchmarks.commands                      all groups, and the board (about ten minutes)
    python -m benchmarks.commands --group literati     one group: of `yaji init` literati, reading, support; or bare
    python -m benchmarks.commands --members 100000     with fewer members on the board (1,000,000)

Batches of a hundred messages, a commit for each, on SQLite and on the disk, in a group of five thousand members that
`benchmarks.groups` describes; of the mixed ones, ten messages of a hundred are the command. What a command costs is the
difference between a mixed and a plain batch, divided by ten. The decision with its looks (`reads`, `decide` and all
that follows of it) is measured in the same way on a store in memory to which nothing is written; the decision is the
part of it in which each message is decided and what was decided is carried out, follow-up events and late looks
included, once what the batch declared is there. The plain messages of a batch are of different words, as people's are,
and the same hundred in every batch: what is done about equal ones a processor foresees better than anything that is
asked of it in earnest.

On the disk, in memory, and in memory with the decision timed are three sides, each a process of its own, as a bot is:
in one process two stores would make each other's code slower, and a clock that is read twice for each message would be
counted to the message. A round is one plain and one mixed batch of each side, one close behind another, and plain and
mixed take turns to be first: a host that is fast now and slow then is so to all of them. Every ratio is of one round's
batches, and told is the median of all rounds: to a plain message on the disk, to the decision about one with its looks,
and below the table the decision, and the decision with its looks, to a whole plain message, looks and commit included.
Processor time is counted: waiting for the disk is once for a batch, whatever is in it. Of most plain messages nothing
comes at all, so the decision is also compared with the decision about one that is answered.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from adapters.sql import SqlStore, open_store
from benchmarks.groups import BARE, NAMES, Setting, member, moved_in, setting
from benchmarks.traffic import plain_text
from core.applying import Takes
from core.batch import Batch
from core.engine import Engine
from core.events import Event, MessagePosted
from core.memory import MemoryStore, MemoryUnit
from core.people import PERSON, Account, Actor
from core.ports import Fact, Newcomer, Store, UnitOfWork, Writes
from core.state import POINTS, Entry
from jobs.serve.heap import settle
from workflows import referrals

START = datetime(2026, 3, 1, 23, 10, tzinfo=UTC)
"""A Monday morning in Shanghai, when check-ins count wherever there are some; a message each hundredth of a second."""
RIGHTS = frozenset(("restrict", "delete", "change_info", "invite"))
ADMIN = Actor(account=Account("telegram:1"), name="Ada", admin=True, rights=RIGHTS, vouched=True)
BATCH, MIXED = 100, 10
"""Messages of a batch, and how many of a mixed one are the command: as many as there are between two."""
MOST_BATCHES = 80
ASKED = {
    "/help": "/help", "/rules": "/rules", "/me": "/me", "/language": "/language en", "/invite": "/invite",
    "/warns": "/warns {who}", "/why": "/why {who}", "/note": "/note {who} kind", "/points": "/points {who} +1",
    "/mute": "/mute {who} 30m", "/status": "/status",
}  # fmt: skip
CHECK_IN, ANSWERED = "check-in", "an answer"
"""An answer is the least that is asked of anybody: a plain message in which a question is found, and answered in one
sentence."""
BY_MEMBERS = frozenset(("/help", "/rules", "/me", "/language", "/invite", CHECK_IN, ANSWERED))


def asked_in(there: Setting) -> dict[str, str]:
    """What can be asked of a group, and how it is written."""
    asked = {
        name: text for name, text in ASKED.items() if name != "/invite" or referrals.workflow.name in there.group.bound
    }
    further = {CHECK_IN: there.check_in, ANSWERED: there.question}
    return asked | {name: text for name, text in further.items() if text}


def messages(beginning: int, asked: str, by_members: bool, every: int) -> Iterator[Event]:
    """A batch in which each `every`th message is the command; none if 0."""
    for n in range(beginning, beginning + BATCH):
        who, text = member(n), plain_text(random.Random(n % BATCH))
        if every and n % every == 0:
            who = who if by_members else ADMIN
            text = asked.format(who=member(n * 7).account)
        at = START + timedelta(milliseconds=10 * n)
        yield MessagePosted(id=f"telegram:{n}", at=at, group="g", actor=who, message=str(n), text=text)


class Deciding(MemoryUnit):
    """Answers as the store stands, and writes nothing."""

    def save(self, writes: Writes) -> None:
        """What was decided is let go."""


class Settled(MemoryStore):
    """A store in memory. Once `settled`, of what is processed it keeps only that it was seen."""

    settled = False

    @contextmanager
    def unit(self, *, lasting: bool = True) -> Iterator[MemoryUnit]:
        """One transaction."""
        with super().unit(lasting=lasting) as unit:
            yield Deciding(self) if self.settled else unit


class Watched(Batch):
    """A batch that counts the seconds in which its events are decided."""

    deciding = 0.0

    def _fold(self, root: Event) -> None:
        began = time.perf_counter()
        super()._fold(root)
        self.deciding += time.perf_counter() - began


class Watching(Engine):
    """An engine whose batches are watched."""

    last: Watched

    def _batch(self, unit: UnitOfWork, replaying: bool, takes: Takes) -> Batch:
        self.last = Watched(unit, self._groups, self._listeners, self._clock, replaying=replaying, takes=takes)
        return self.last


def engine_on(store: Store, there: Setting, kind: type[Engine] = Engine) -> Engine:
    """The engine of a group whose members came nine days ago; what rang for them since is done."""
    engine = kind(store, {"g": there.group})
    for batch in moved_in(there, START - timedelta(days=9)):
        engine.replay(batch)
    engine.replay([], until=START)
    return engine


@dataclass(frozen=True)
class Cost:
    """Of a command and of a plain message beside it: medians of all rounds. Times are microseconds."""

    plain: float
    """A plain message on the disk."""
    whole: float
    """The command on the disk, in plain messages."""
    thought: float
    """The decision about a plain message, with its looks."""
    alone: float
    """The same about the command, in those about a plain message."""
    beside: float
    """The same about the command, in whole plain messages."""
    decided: float
    """The decision about the command, in whole plain messages."""


DISK, MEMORY, TIMED = "disk", "memory", "timed"


class Side:
    """A process in which batches are handled and measured, one at a time."""

    def __init__(self, kind: str, group: str, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=beside, args=(kind, group, folder, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def take(self, what: str, first: int, every: int) -> float:
        """Seconds that a batch takes: of processor time, or on the timed side those in which it is decided."""
        self._pipe.send((what, first, every))
        seconds: float = self._pipe.recv()
        return seconds

    def close(self) -> None:
        """Let the process end."""
        self._pipe.close()
        self._process.join()


def beside(kind: str, name: str, folder: Path, pipe: Connection) -> None:
    """What a side does until nobody asks any more."""
    there, aside = setting(name), Settled()
    asked = asked_in(there)
    store: Store = open_store(f"sqlite:///{folder / 'a.sqlite3'}") if kind == DISK else aside
    engine = engine_on(store, there, Watching if kind == TIMED else Engine)
    aside.settled = True
    settle()
    with suppress(EOFError):
        while True:
            what, first, every = pipe.recv()
            seconds = measured(engine, list(messages(first, asked[what], what in BY_MEMBERS, every)))
            pipe.send(engine.last.deciding if isinstance(engine, Watching) else seconds)


def cost(sides: Mapping[str, Side], what: str, first: int, rounds: int) -> Cost:
    """What a command costs: in each round one batch of every kind, so that ratios are of the same moments."""
    found: list[tuple[float, ...]] = []
    for n in range(rounds):
        taken: dict[tuple[str, int], float] = {}
        for kind, side in sides.items():
            for every in (0, MIXED) if n % 2 else (MIXED, 0):
                taken[kind, every] = side.take(what, first, every)
                first += BATCH
        plain, thought, deciding = (taken[kind, 0] / BATCH for kind in sides)
        asked, answered, decided = (
            (taken[kind, MIXED] - taken[kind, 0]) / MIXED + one
            for kind, one in zip(sides, (plain, thought, deciding), strict=True)
        )
        row = plain * 1e6, asked / plain, thought * 1e6, answered / thought, answered / plain, decided / plain
        found.append(row)
    return Cost(*(statistics.median(column) for column in zip(*found, strict=True)))


def measured(engine: Engine, batch: Sequence[Event]) -> float:
    """Seconds of processor time that a batch takes."""
    began = time.process_time()
    outcome = engine.process(batch)
    taken = time.process_time() - began
    assert not outcome.faults, outcome.faults
    assert not outcome.buried, outcome.buried
    return taken


def board(store: SqlStore, many: int) -> float:
    """Seconds that `/top` takes, commit included, in a group where so many members have points."""
    engine = Engine(store, {"g": setting(BARE).group})
    for first in range(0, many, 10_000):
        planted(store, range(first, min(many, first + 10_000)))
    taken = []
    for n in range(15):
        who = Actor(account=Account(f"telegram:{100 + n}"), name=f"M{n}")
        at = START + timedelta(days=1, seconds=n)
        event = MessagePosted(id=f"telegram:t{n}", at=at, group="g", actor=who, message=str(n), text="/top")
        began = time.perf_counter()
        outcome = engine.process([event])
        taken.append(time.perf_counter() - began)
        assert not outcome.faults
    return statistics.median(taken[5:])


def planted(store: SqlStore, numbers: Sequence[int]) -> None:
    """Members with a fact of points each."""
    with store.unit() as unit:
        unit.lock(["g"])
        accounts = [Account(f"telegram:{100 + n}") for n in numbers]
        seats = unit.seats([("g", Newcomer(account, account, PERSON, None, None)) for account in accounts])
        facts = []
        for n, account in zip(numbers, accounts, strict=True):
            seat = seats["g", account]
            seat.seen = seat.joined = START
            entry = Entry(POINTS, f"p{n}", START, seat.person, 1 + n * 7919 % 100_000, None, "e", "r", "planted")
            facts.append(Fact("g", entry))
        unit.save(Writes(seats=[("g", seat) for seat in seats.values()], facts=facts))
        unit.commit()


def table(name: str, rounds: int, folder: Path) -> None:
    """Measure all that can be asked of a group, and print it."""
    print(f"{name:12} {'plain us':>9} {'costs':>7} {'decided us':>11} {'costs':>7}")
    found: dict[str, Cost] = {}
    with ExitStack() as stack:
        sides = {kind: stack.enter_context(closing(Side(kind, name, folder))) for kind in (DISK, MEMORY, TIMED)}
        for n, what in enumerate(asked_in(setting(name))):
            one = found[what] = cost(sides, what, BATCH * 2 * len(sides) * rounds * n, rounds)
            print(f"{what:12} {one.plain:9.1f} {one.whole:6.1f}x {one.thought:11.1f} {one.alone:6.1f}x", flush=True)
    print("decided, in whole plain messages:")
    print(", ".join(f"{what} {one.decided:.1f}x" for what, one in found.items()))
    print("decided, with its looks, in whole plain messages:")
    print(", ".join(f"{what} {one.beside:.1f}x" for what, one in found.items()))
    if ANSWERED in found:
        print("decided, with its looks, in messages that are answered:")
        least = found.pop(ANSWERED).alone
        print(", ".join(f"{what} {one.alone / least:.1f}x" for what, one in found.items()))
    print(flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="what commands cost")
    parser.add_argument("--group", choices=NAMES, action="append", help="in which group; all, if left out")
    parser.add_argument("--members", type=int, default=1_000_000, help="on the board")
    parser.add_argument("--batches", type=int, default=15, help="of each kind, for each command; at most 80")
    parser.add_argument("--no-board", action="store_true")
    asked = parser.parse_args()
    if asked.batches > MOST_BATCHES:
        parser.error(f"--batches: at most {MOST_BATCHES}, or the morning is over in which check-ins count")
    with tempfile.TemporaryDirectory(prefix="yaji-bench-") as folder:
        for name in asked.group or NAMES:
            (aside := Path(folder) / name).mkdir()
            table(name, asked.batches, aside)
        if not asked.no_board:
            seconds = board(open_store(f"sqlite:///{Path(folder) / 'b.sqlite3'}"), asked.members)
            print(f"/top among {asked.members:,} members with points: {seconds * 1e3:.1f} ms")


if __name__ == "__main__":
    main()

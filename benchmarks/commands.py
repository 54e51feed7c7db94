"""What a command costs beside a plain message, and what `/top` costs in a very large group.

    python -m benchmarks.commands                    both tables (about three minutes)
    python -m benchmarks.commands --members 100000   with fewer members on the board (1,000,000)

Batches of a hundred messages, a commit for each, on SQLite and on the disk, in a group that runs what commands are
for; of the mixed ones, ten messages of a hundred are the command. What a command costs is the difference between a
mixed and a plain batch, divided by ten. The decision with its looks (`reads`, `decide` and all that follows of it) is
measured in the same way on a store in memory to which nothing is written; the decision is the part of it in which each
message is decided and what was decided is carried out, follow-up events and late looks included, once what the batch
declared is there. The plain messages of a batch are of
different words, as people's are, and the same hundred in every batch: what is done about equal ones a processor
foresees better than anything that is asked of it in earnest.

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
from zoneinfo import ZoneInfo

from adapters.sql import SqlStore, open_store
from benchmarks.traffic import plain_text
from core.applying import Takes
from core.batch import Batch
from core.engine import Engine
from core.events import Event, MemberJoined, MessagePosted
from core.memory import MemoryStore, MemoryUnit
from core.people import PERSON, Account, Actor
from core.ports import Fact, Newcomer, Store, UnitOfWork, Writes
from core.state import POINTS, Entry
from core.workflow import Bound, Group
from jobs.serve.heap import settle
from workflows import appeals, check_in, faq, members, onboarding, referrals, rules, steering, tiers
from workflows.appeal_options import Appeals
from workflows.check_in_options import CheckIns
from workflows.faq_options import Faq
from workflows.members import Members
from workflows.onboarding_options import Onboarding
from workflows.referral_options import Referrals
from workflows.rule_options import Rules
from workflows.steering_options import Steering
from workflows.texts import Catalog
from workflows.tier_options import Tiers

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
RIGHTS = frozenset(("restrict", "delete", "change_info", "invite"))
ADMIN = Actor(account=Account("telegram:1"), name="Ada", admin=True, rights=RIGHTS, vouched=True)
BATCH, MIXED = 100, 10
"""Messages of a batch, and how many of a mixed one are the command: as many as there are between two."""
ASKED = {
    "/help": "/help", "/rules": "/rules", "/me": "/me", "/language": "/language en", "/invite": "/invite",
    "/warns": "/warns telegram:{n}", "/why": "/why telegram:{n}", "/note": "/note telegram:{n} kind",
    "/points": "/points telegram:{n} +1", "/mute": "/mute telegram:{n} 30m", "/status": "/status",
    "check-in": "打卡", "an answer": "what is the fee?",
}  # fmt: skip
ANSWERED = "an answer"
"""The least that is asked of anybody: a plain message in which a question is found, and answered in one sentence."""
BY_MEMBERS = frozenset(("/help", "/rules", "/me", "/language", "/invite", "check-in", "an answer"))


def community() -> Group:
    """A group that runs whatever commands are for. What does something about each message (hot topics, reactivation)
    would make a plain one dearer, and is left out."""
    climbed = Tiers.model_validate({"tiers": {"new": {"from": 0}, "old": {"from": 1_000_000}}})
    days = CheckIns.model_validate({"morning": {"points": 2}})
    judged = Rules.model_validate(
        {"lists": {"ads": [f"buy number {n}" for n in range(1_000)]},
         "rules": [{"id": "ads", "when": "message", "if": '"ads" in msg.hits', "then": [{"warn": "no ads"}]}]}
    )  # fmt: skip
    answers = Faq.model_validate(
        {f"q{n}": {"ask": [f"question {n}"], "answer": "yes"} for n in range(50)}
        | {"fee": {"ask": ["the fee"], "answer": "none", "cooldown": "0s"}}
    )
    runs = (
        Bound(onboarding.workflow, Onboarding()),
        Bound(check_in.workflow, days),
        Bound(rules.workflow, judged),
        Bound(tiers.workflow, climbed),
        Bound(faq.workflow, answers),
        Bound(referrals.workflow, Referrals()),
        Bound(appeals.workflow, Appeals()),
        Bound(members.workflow, Members(faq=answers, tiers=climbed, check_ins=days, rules=judged)),
        Bound(steering.workflow, Steering()),
    )
    return Group(
        key="g", community="g", zone=ZoneInfo("Asia/Shanghai"), languages=("en", "zh"), runs=runs,
        platforms=("telegram",), texts=Catalog.shipped(),
    )  # fmt: skip


def messages(beginning: int, asked: str, by_members: bool, every: int) -> Iterator[Event]:
    """A batch in which each `every`th message is the command; none if 0."""
    for n in range(beginning, beginning + BATCH):
        who = Actor(account=Account(f"telegram:{1_000 + n % 5_000}"), name=f"Member {n % 5_000}")
        text = plain_text(random.Random(n % BATCH))
        if every and n % every == 0:
            who = who if by_members else ADMIN
            text = asked.format(n=1_000 + n * 7 % 5_000)
        at = START + timedelta(milliseconds=700 * n)
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


def engine_on(store: Store, kind: type[Engine] = Engine) -> Engine:
    """The engine of a group with five thousand members."""
    engine = kind(store, {"g": community()})
    joined = [Actor(account=Account(f"telegram:{1_000 + n}"), name=f"Member {n}") for n in range(5_000)]
    for first in range(0, len(joined), 500):
        engine.process(
            [MemberJoined(id=f"telegram:j{n}", at=START - timedelta(days=9), group="g", actor=joined[n])
             for n in range(first, first + 500)]
        )  # fmt: skip
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

    def __init__(self, kind: str, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=beside, args=(kind, folder, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def take(self, name: str, first: int, every: int) -> float:
        """Seconds that a batch takes: of processor time, or on the timed side those in which it is decided."""
        self._pipe.send((name, first, every))
        seconds: float = self._pipe.recv()
        return seconds

    def close(self) -> None:
        """Let the process end."""
        self._pipe.close()
        self._process.join()


def beside(kind: str, folder: Path, pipe: Connection) -> None:
    """What a side does until nobody asks any more."""
    aside = Settled()
    store: Store = open_store(f"sqlite:///{folder / 'a.sqlite3'}") if kind == DISK else aside
    engine = engine_on(store, Watching if kind == TIMED else Engine)
    aside.settled = True
    settle()
    with suppress(EOFError):
        while True:
            name, first, every = pipe.recv()
            seconds = measured(engine, list(messages(first, ASKED[name], name in BY_MEMBERS, every)))
            pipe.send(engine.last.deciding if isinstance(engine, Watching) else seconds)


def cost(sides: Mapping[str, Side], name: str, rounds: int) -> Cost:
    """What a command costs: in each round one batch of every kind, so that ratios are of the same moments."""
    first = BATCH * 2 * len(sides) * rounds * list(ASKED).index(name)
    found: list[tuple[float, ...]] = []
    for n in range(rounds):
        taken: dict[tuple[str, int], float] = {}
        for kind, side in sides.items():
            for every in (0, MIXED) if n % 2 else (MIXED, 0):
                taken[kind, every] = side.take(name, first, every)
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
    engine = Engine(store, {"g": community()})
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="what commands cost")
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--batches", type=int, default=15, help="of each kind, for each command")
    parser.add_argument("--no-board", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yaji-bench-") as folder:
        print(f"{'command':12} {'plain us':>9} {'costs':>7} {'decided us':>11} {'costs':>7}")
        found: dict[str, Cost] = {}
        with ExitStack() as stack:
            sides = {kind: stack.enter_context(closing(Side(kind, Path(folder)))) for kind in (DISK, MEMORY, TIMED)}
            for name in ASKED:
                one = found[name] = cost(sides, name, asked.batches)
                print(f"{name:12} {one.plain:9.1f} {one.whole:6.1f}x {one.thought:11.1f} {one.alone:6.1f}x", flush=True)
        print("decided, in whole plain messages:")
        print(", ".join(f"{name} {one.decided:.1f}x" for name, one in found.items()))
        print("decided, with its looks, in whole plain messages:")
        print(", ".join(f"{name} {one.beside:.1f}x" for name, one in found.items()))
        print("decided, with its looks, in messages that are answered:")
        least = found.pop(ANSWERED).alone
        print(", ".join(f"{name} {one.alone / least:.1f}x" for name, one in found.items()))
        if not asked.no_board:
            seconds = board(open_store(f"sqlite:///{Path(folder) / 'b.sqlite3'}"), asked.members)
            print(f"/top among {asked.members:,} members with points: {seconds * 1e3:.1f} ms")


if __name__ == "__main__":
    main()

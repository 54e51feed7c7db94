"""A home with all its processes, two of each where two may be, and what strikes them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from adapters.queue.embedded import EmbeddedRedis
from adapters.sql import SqlStore, open_store
from core.errors import StoreBusy, StoreUnavailable
from core.ports import TimerRow
from tests.clock.timers import set_timers
from tests.day import books
from tests.soak.world import Cast, answer, challenge, checkers, due, furnished, gathered
from tests.support.botapi import RemoteServer
from tests.support.patience import PATIENCE, until
from tests.support.postgres import PrivatePostgres

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
ENDING = 10.0
"""Seconds that processes get to end by themselves."""
FAULTY = 0.05
"""The share of sends that meet a fault."""
FAULTS: tuple[tuple[str, dict[str, int]], ...] = (
    ("429", {"retry_after": 1}),
    ("5xx", {}),
    ("drop_before", {}),
    ("drop_after", {}),
)
SLOW = {"chance": 0.4, "seconds": 0.04}
"""Some of the other sends take a moment, so that kills find them on their way."""


class Town:
    """`kills` counts what was struck, `began` the words of messages that were begun and not settled when a courier was
    killed: those may be there twice."""

    def __init__(
        self,
        folder: Path,
        url: str,
        remote: RemoteServer,
        rounds: int,
        seed: int,
        postgres: PrivatePostgres | None,
        redis_url: str | None,
    ) -> None:
        self.home, self.url, self.remote, self.postgres = folder / "home", url, remote, postgres
        self.dice = random.Random(seed)
        self.rounds = rounds
        self.at = datetime.now(UTC).replace(second=0, microsecond=0)
        self.cast: Cast = gathered(remote)
        furnished(self.home, self.cast, rounds + 1, self.at)
        self.store: SqlStore = open_store(url)
        for n, chat in enumerate(self.cast.chats):
            self.store.set_address(f"g{n}", "telegram", str(chat))
        self.running: dict[str, list[int]] = {"scheduler": [], "worker": [], "serve": []}
        self.kills: Counter[str] = Counter()
        self.began: Counter[tuple[str, str]] = Counter()
        self.ended: list[str] = []
        self._log = folder / "processes.log"
        # Appended to by all of them, so that no line is written over another.
        with self._log.open("a") as log:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.processes", self.home],
                env=os.environ
                | {"YAJI_DATABASE_URL": url, "TELEGRAM_API_URL": remote.url, "TELEGRAM_BOT_TOKEN": self.cast.token}
                | ({} if redis_url is None else {"YAJI_REDIS_URL": redis_url}),
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    @property
    def log(self) -> str:
        """What the processes said."""
        return self._log.read_text(errors="replace")

    # processes

    def start(self, what: str) -> None:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(what + "\n")
        self._parent.stdin.flush()
        self.running[what].append(int(self._parent.stdout.readline()))

    @property
    def broken(self) -> list[str]:
        """Processes that ended by themselves, but for those that found no database when they began."""
        return [line for line in self.log.splitlines() if " ended: " in line and "StoreUnavailable" not in line]

    def tend(self) -> None:
        """Start again what ended by itself, as a supervisor does."""
        for what, pids in self.running.items():
            for pid in [pid for pid in pids if not lives(pid)]:
                pids.remove(pid)
                self.ended.append(what)
                self.start(what)

    def close(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._all():
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            end = time.monotonic() + ENDING
            while self._all() and time.monotonic() < end:
                time.sleep(0.02)
        self._parent.communicate()
        self.store.close()

    def _all(self) -> list[int]:
        return [pid for pids in self.running.values() for pid in pids if lives(pid)]

    # what happens

    def happens(self, n: int) -> None:
        """One round: reminders come due in every group, and members check in."""
        rows = [
            TimerRow(f"g{g}", "check_in", f"remind:{challenge(n)}", self.at, None, {}, f"soak{n}")
            for g in range(len(self.cast.chats))
        ]
        self.patiently(lambda: set_timers(self.store, rows))
        for chat, members in zip(self.cast.chats, self.cast.members, strict=True):
            numbers = list(members.values())
            for k in checkers(n):
                self.remote.act(numbers[k], "posts", chat=chat, text=challenge(n))

    def faulty(self, seed: int) -> None:
        """From now on sends meet faults."""
        for k, (kind, settings) in enumerate(FAULTS):
            rule = {"method": "sendMessage", "times": None, "probability": FAULTY / len(FAULTS), "seed": seed + k}
            self.remote.do("faults", kind=kind, settings=settings, rule=rule)
        slow = {"method": "sendMessage", "times": None, "probability": SLOW["chance"], "seed": seed}
        self.remote.do("faults", kind="slow", settings={"seconds": SLOW["seconds"]}, rule=slow)

    def strike(self, what: str) -> None:
        """kill -9, and start again what a supervisor would."""
        self.kills[what] += 1
        match what:
            case "redis":
                own = EmbeddedRedis(self.home / "data" / "redis")
                with suppress(OSError, ValueError):
                    os.kill(int((own.folder / "redis.pid").read_text()), signal.SIGKILL)
            case "database":
                assert self.postgres is not None
                self.postgres.kill()
                self.postgres.restart()
            case "backend":
                pid = self.patiently(lambda: self.dice.choice(self._backends()))
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            case _:
                pids = self.running[what]
                pid = pids.pop(self.dice.randrange(len(pids)))
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                until(lambda: not lives(pid))
                if what == "serve":
                    self.began.update(self.under_way())
                self.start(what)

    def under_way(self) -> list[tuple[str, str]]:
        """The group and words of messages that are begun and not settled."""
        return self.patiently(lambda: [(group, words) for group, words, state in self._outbox() if state == "sending"])

    def _outbox(self) -> list[tuple[str, str, str]]:
        states = dict(books.rows(self.url, "SELECT id, state FROM outbox"))
        groups = [f"g{n}" for n in range(len(self.cast.chats))]
        return [
            (group, books.words(row), states.get(row.id, "")) for group in groups for row in self.store.outbox(group)
        ]

    def _backends(self) -> list[int]:
        found = books.rows(
            self.url,
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
        )
        return [pid for (pid,) in found]

    # waiting

    def sent(self) -> int:
        """How many requests to send were made."""
        return len(self.calls())

    def calls(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.remote.look("calls", method="sendMessage")["calls"]
        return found

    def settle(self) -> None:
        """Until nothing is left to do."""
        until(self.settled, lambda: f"{self.left()}\n{self.log[-4000:]}", self.tend)

    def settled(self) -> bool:
        return not any(self.left().values())

    def left(self) -> dict[str, int]:
        """What is still to be done."""
        queued = self.remote.look("bot", id=self.cast.bot)["queued"]
        at = int(self.at.timestamp() * 1_000_000)
        timers, waiting = self.patiently(
            lambda: (
                books.rows(self.url, f"SELECT count(*) FROM timers WHERE at <= {at}")[0][0],
                books.rows(self.url, "SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending', 'parked')")[0][
                    0
                ],
            )
        )
        return {"updates": queued, "timers": timers, "messages": waiting}

    def patiently(self, ask: Callable[[], T]) -> T:
        """Ask a database that may be away for a moment."""
        from sqlalchemy.exc import DBAPIError

        end = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except (StoreBusy, StoreUnavailable, DBAPIError, IndexError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def town(
    folder: Path,
    url: str,
    rounds: int,
    seed: int,
    postgres: PrivatePostgres | None = None,
    redis_url: str | None = None,
) -> Iterator[Town]:
    """A town at work, after every group has heard a first word."""
    with ExitStack() as stack:
        remote = stack.enter_context(RemoteServer.start("--script", "tests.soak.world:hurried"))
        made = stack.enter_context(closing(Town(folder, url, remote, rounds, seed, postgres, redis_url)))
        couriers = 1 if postgres is None else 2  # a file is served by one process
        for what, count in (("serve", couriers), ("scheduler", 2), ("worker", 2)):
            for _ in range(count):
                made.start(what)
        for chat, members in zip(made.cast.chats, made.cast.members, strict=True):
            made.remote.act(next(iter(members.values())), "posts", chat=chat, text=challenge(rounds))
        first = {
            (chat, answer(next(iter(members)), rounds))
            for chat, members in zip(made.cast.chats, made.cast.members, strict=True)
        }
        until(
            lambda: first <= {(c["chat"], c["params"]["text"]) for c in heard(made.calls())}, lambda: made.log[-4000:]
        )
        made.settle()
        yield made


def heard(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The requests that put a message into a chat."""
    return [{**call, "chat": int(call["params"]["chat_id"])} for call in calls if call["done"]]


def reminders(made: Town) -> set[tuple[int, str]]:
    """What every group has to hear by itself."""
    return {(chat, due(n)) for chat in made.cast.chats for n in range(made.rounds)}


def replies(made: Town) -> set[tuple[int, str]]:
    """What those who checked in have to hear."""
    return {
        (chat, answer(list(members)[k], n))
        for chat, members in zip(made.cast.chats, made.cast.members, strict=True)
        for n in range(made.rounds)
        for k in checkers(n)
    }

"""Two schedulers and two workers at once, killed in the middle: every reminder is decided once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest
import redis

from adapters.queue.embedded import EmbeddedRedis
from adapters.sql import open_store
from adapters.sql.backlog import Backlog
from core.ports import TimerRow
from tests.clock.conftest import needs_redis
from tests.clock.homes import CHALLENGES, last_minute, left, make_home
from tests.clock.timers import set_timers
from tests.support.patience import until

GROUPS = 60
ENDING = 10.0
"""Seconds that processes get to end by themselves."""


class Town:
    """A home with its processes."""

    def __init__(self, home: Path, url: str, stack: ExitStack) -> None:
        self.home = home
        self.at = last_minute()
        self.keys = make_home(home, GROUPS, self.at)
        self.store = stack.enter_context(closing(open_store(url)))
        for n, key in enumerate(self.keys):
            self.store.set_address(key, "telegram", str(-1001000000000 - n))
        self.running: dict[str, list[int]] = {"scheduler": [], "worker": []}
        self._parent = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.clock.processes", home],
                env=os.environ | {"YAJI_DATABASE_URL": url},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(self._end)

    def start(self, what: str) -> None:
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(what + "\n")
        self._parent.stdin.flush()
        self.running[what].append(int(self._parent.stdout.readline()))

    def _end(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._all():
                os.kill(pid, number)
            end = time.monotonic() + ENDING
            while self._all() and time.monotonic() < end:
                time.sleep(0.02)

    def _all(self) -> list[int]:
        return [pid for pids in self.running.values() for pid in pids if lives(pid)]

    def set_all(self, ring: str) -> None:
        """Every reminder once more, as another promise for the same moment."""
        set_timers(
            self.store,
            [
                TimerRow(key, "check_in", f"remind:{name}", self.at, None, {}, ring)
                for key in self.keys
                for name in CHALLENGES
            ],
        )

    def strike(self, what: str, dice: random.Random) -> None:
        """Kill or empty something, and start again what a supervisor would."""
        own = EmbeddedRedis(self.home / "data" / "redis")
        if what == "flush":
            with suppress(redis.RedisError), closing(redis.Redis.from_url(own.url)) as client:
                client.flushall()
        elif what == "redis":
            with suppress(OSError, ValueError, ProcessLookupError):
                os.kill(int((own.folder / "redis.pid").read_text()), signal.SIGKILL)
        else:
            os.kill(self.running[what].pop(dice.randrange(2)), signal.SIGKILL)
            self.start(what)

    def settle(self) -> None:
        until(lambda: not left(self.store, self.keys, self.at), lambda: f"{Backlog(self.store).waiting(3)}")

    def decided(self) -> Counter[tuple[str, str]]:
        return Counter((row.group, row.event) for key in self.keys for row in self.store.outbox(key))


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@needs_redis
@pytest.mark.parametrize(
    ("kind", "victims"),
    [("sqlite", ("redis", "worker", "scheduler", "flush")), ("postgres", ("scheduler", "worker"))],
    ids=["sqlite", "postgres"],
)
def test_each_reminder_is_decided_once_whatever_is_killed(new_url, kind, victims):
    dice = random.Random(7)
    with tempfile.TemporaryDirectory(prefix="yaji-") as folder:
        home = Path(folder) / "home"
        with ExitStack() as stack:
            town = Town(home, new_url(kind), stack)
            for what in ("scheduler", "worker", "scheduler", "worker"):
                town.start(what)
            for n, victim in enumerate(victims):
                town.set_all(f"r{n}")
                moment = time.monotonic() + dice.random() * 0.4
                while time.monotonic() < moment:
                    time.sleep(0.005)
                town.strike(victim, dice)
                town.settle()
            decided = town.decided()
            assert set(decided.values()) == {1}
            assert len(decided) == GROUPS * len(CHALLENGES) * len(victims)
            assert not [letter for key in town.keys for letter in town.store.dead_letters(key)]
        own = EmbeddedRedis(home / "data" / "redis")
        own.ensure()  # the one who would have ended it may have been killed: whoever comes next adopts it
        own.stop()
        with pytest.raises(redis.ConnectionError), closing(redis.Redis.from_url(own.url)) as client:
            client.ping()

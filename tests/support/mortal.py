"""Runs an engine over a history in child processes that are killed (SIGKILL) at random points, again and again.

`python -m tests.support.mortal DATABASE_URL FOLDER KILLS SEED` prints one line per life: the commits it lived to see,
and how it ended. The parent forks, so that a life costs milliseconds; the database is opened only in the children.
"""

from __future__ import annotations

import os
import random
import select
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.exports.formats import open_history
from adapters.exports.history import Reading, Skipped
from adapters.sql import open_store
from cli.init import Template, write
from config.home import load
from core.engine import Engine
from core.events import Event
from core.workflow import Group
from jobs.sample import ZONE, write_sample
from tests.support.patience import PATIENCE

GROUP = "lanting"
LENGTH = 900
BATCH = 9


def story(folder: Path) -> tuple[list[Event], Mapping[str, Group]]:
    """The first part of the sample history, and the shipped community that lives it."""
    write(folder / "home", Template.LITERATI)
    sample = write_sample(folder / "sample")
    events: list[Event] = []
    for event in open_history(sample.history, Reading(group=GROUP, zone=ZONE)).events:
        assert not isinstance(event, Skipped)
        events.append(event)
        if len(events) == LENGTH:
            break
    return events, load(folder / "home").groups


def run_through(url: str, events: Sequence[Event], groups: Mapping[str, Group], told: int | None = None) -> None:
    """Replay all events in small batches, writing one byte to `told` after each commit."""
    store = open_store(url)
    engine = Engine(store, groups)
    for start in range(0, len(events), BATCH):
        engine.replay(events[start : start + BATCH])
        if told is not None:
            os.write(told, b".")
    store.close()


def _life(url: str, events: Sequence[Event], groups: Mapping[str, Group], dice: random.Random) -> tuple[int, bool]:
    """One child, killed after a random number of commits and a random moment more."""
    ear, mouth = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ear)
        try:
            run_through(url, events, groups, mouth)
        finally:
            os._exit(0)
    os.close(mouth)
    patience = dice.randrange(len(events) // BATCH)
    commits, deadline = 0, time.monotonic() + PATIENCE
    while commits < patience and time.monotonic() < deadline:
        if not select.select([ear], [], [], PATIENCE)[0] or not os.read(ear, 1):
            break
        commits += 1
    moment = time.perf_counter() + dice.random() * 0.01
    while time.perf_counter() < moment:
        pass
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(ear)
    return commits, os.WIFSIGNALED(status)


def main(url: str, folder: Path, kills: int, seed: int) -> None:
    """Live until `kills` lives were killed, then let one run to the end."""
    dice = random.Random(seed)
    events, groups = story(folder)
    killed = 0
    for _ in range(kills * 2):
        commits, violent = _life(url, events, groups, dice)
        print(commits, "killed" if violent else "ended", flush=True)
        killed += violent
        if killed == kills:
            break
    run_through(url, events, groups)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

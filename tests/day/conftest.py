"""A day about to begin: the world, the test server over it, and the clock."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from tests.day.cast import Cast
from tests.day.clock import DayClock
from tests.day.oracle import ZONE
from tests.day.script import Day
from tests.day.serving import PACE, Served, home_in
from tests.support.botapi import BotApiServer, World, serving

DAWN = datetime(2026, 3, 2, 7, tzinfo=ZONE)


@dataclass(kw_only=True, repr=False)
class Stage:
    """Where a day is lived. `folder` is the test's own."""

    folder: Path
    home: Path
    cast: Cast
    server: BotApiServer
    clock: DayClock
    clock_file: Path
    begun: list[Served] = field(default_factory=list)

    def served(self, name: str = "serve", *options: str, **environment: str) -> Served:
        """A process that will serve the home."""
        log = self.folder / f"{name}.log"
        made = Served(self.home, self.server.url, self.clock_file, log, *options, **environment)
        self.begun.append(made)
        return made

    def day(self, *, ordered: bool = True) -> Day:
        """The script, at its beginning."""
        return Day(self.cast, self.server, self.clock, ordered=ordered)

    @property
    def url(self) -> str:
        """The home's own database."""
        return f"sqlite:///{self.home / 'data' / 'yaji.sqlite3'}"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    file = tmp_path / "clock"
    clock = DayClock.begin(file, DAWN)
    world = World(now=clock)
    world.press_answerable_for = math.inf  # the clock leaps while a process begins
    cast = Cast.gathered(world)
    server = BotApiServer(world)
    server.limits.now = lambda: time.monotonic() * PACE
    server.polling.conflict_pause = 0.1
    with serving(world, server):
        stage = Stage(folder=tmp_path, home=home_in(tmp_path), cast=cast, server=server, clock=clock, clock_file=file)
        yield stage
        for served in stage.begun:
            served.end()

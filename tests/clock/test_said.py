"""What a scheduler and a worker say when they begin and when they end, in the language of the terminal."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rq import Worker
from rq.exceptions import StopRequested

from adapters.queue.rings import Bell, BellSilent, NobodyListens
from adapters.queue.worker import attend, worker_of
from cli.refusing import sentence
from core.errors import ConfigError, StoreSpoiled, StoreUnavailable
from jobs.clock.premises import LOOK_EVERY, Premises, redis_url
from jobs.clock.running import run_scheduler, until_spoilt
from jobs.clock.scheduler import Scheduler
from tests.clock.conftest import needs_redis
from tests.clock.homes import last_minute, make_home
from tests.support.patience import PATIENCE, until


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_home(tmp_path / "home", 1, last_minute())
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["the scheduler runs for ", "the scheduler has stopped"]),
        ("zh", ["scheduler 开始运行，家是 ", "scheduler 停下了"]),
    ],
)
def test_a_scheduler_says_that_it_runs_and_that_it_stopped(home, language, told, caplog):
    stop = threading.Event()
    stop.set()
    with caplog.at_level(logging.INFO):
        run_scheduler(home, stop, {"YAJI_REDIS_URL": "redis://127.0.0.1:1"}, language=language)
    said = [record.getMessage() for record in caplog.records if record.name == "yaji.clock"]
    assert [line.startswith(begins) for line, begins in zip(said, told, strict=True)] == [True, True]


@needs_redis
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks at signals where Linux tells them")
@pytest.mark.parametrize(
    ("terminal", "told"),
    [
        ("C.UTF-8", ("a worker listens for timers of ", "the worker for timers has stopped")),
        ("zh_CN.UTF-8", ("worker 开始听 timers，家是 ", "听 timers 的 worker 停下了")),
    ],
)
def test_a_worker_says_what_it_listens_for_and_that_it_stopped(home, tmp_path, terminal, told):
    log = tmp_path / "log"
    command = [sys.executable, "-c", "from cli.main import app; app()", "worker", "--home", str(home)]
    here = {name: value for name, value in os.environ.items() if not name.startswith("YAJI_")}
    with log.open("wb") as out, subprocess.Popen(command, env=here | {"LC_ALL": terminal}, stderr=out) as process:
        try:
            until(lambda: told[0] in log.read_text() and hears(process.pid), log.read_text)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
    assert told[1] in log.read_text()


def hears(pid: int) -> bool:
    """Whether a process would not just die of SIGTERM."""
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
    )
    return bool(int(status["SigCgt"], 16) >> (signal.SIGTERM - 1) & 1)


class Silent:
    """A bell that says why it is silent."""

    why: BellSilent | None = None

    def tend(self, queue):
        if self.why is not None:
            raise self.why

    def ring(self, queue, work, *arguments):
        return "ring"


class Closed:
    """A clock whose store is away, as often as told."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop, self.times = stop, 0

    def now(self):
        self.times += 1
        if self.times == 1:
            raise StoreUnavailable("the database does not answer", "数据库没有应答")
        self.stop.set()
        return last_minute()

    def next_ring(self):
        return None


def test_a_scheduler_tells_in_chinese_what_is_away_and_what_is_back():
    told: list[str] = []
    ticks, bell, stop = [0.0], Silent(), threading.Event()
    clock: Any = Closed(stop)
    scheduler = Scheduler(clock, bell, list, told=told.append, ticks=lambda: ticks[0], language="zh")
    scheduler.run(stop)
    for bell.why in (NobodyListens("x", "没有 worker 在听 timers"), None):
        ticks[0] += 2
        scheduler.step()
    assert told == [
        "定时读不出来，会再试：数据库没有应答",
        "数据库恢复了",
        "没有 worker 在听 timers；这期间定时由本进程自己处理",
        "又给 worker 打铃了",
    ]


def test_a_home_that_was_spoiled_is_told_in_chinese_with_the_place(home, caplog):
    ticks = [0.0]
    with closing(Premises(home, {}, lambda: ticks[0], language="zh")) as premises:
        (home / "communities" / "tea.yaml").write_text("community: [")
        for _ in range(2):
            ticks[0] += LOOK_EVERY
            premises.current()
    assert "家改过了，但这样用不了；照旧用原来的：\ncommunities/tea.yaml:1:12: " in caplog.text


def test_where_redis_is_asked_for_and_not_told_it_is_said_in_chinese(home):
    (home / "yaji.yaml").write_text("storage: {redis: '${env:WHERE}'}")
    with closing(Premises(home, {})) as premises, pytest.raises(ConfigError) as refused:
        redis_url(premises.deployment.settings, {})
    assert sentence(refused.value, "zh") == "storage.redis 说地址在环境变量 WHERE 里，它没有设置；请设置"


class Link:
    """A way to a Redis that is refused once, and then ends the worker."""

    def __init__(self) -> None:
        self.asked = 0

    def open(self):
        self.asked += 1
        if self.asked == 1:
            raise OSError("refused")
        os.kill(os.getpid(), signal.SIGTERM)
        raise OSError("refused again")


def test_a_worker_hears_once_why_redis_is_away():
    away: list[str | None] = []
    link: Any = Link()
    attend(link, "timers", {}, away.append)
    assert away == ["refused"]


class Swallowing:
    """A way to Redis in which an exception of somebody else's is lost: what opened it went on."""

    def __init__(self, link: Any, signals: int) -> None:
        self.link, self.signals = link, signals

    def open(self) -> Any:
        for _ in range(self.signals):
            with suppress(StopRequested):
                signal.raise_signal(signal.SIGTERM)
        return self.link.open()


@pytest.mark.parametrize("signals", [1, 2])
def test_a_worker_that_was_told_to_stop_before_it_listens_stops(link, signals):
    heard: list[object] = []
    Bell(link).ring("timers", "note", 1)
    swallowing: Any = Swallowing(link, signals)
    attend(swallowing, "timers", {"note": heard.append})
    assert heard == [], "it took no ring any more"
    assert not Worker.all(connection=link.open()), "it left"


def test_a_worker_whose_store_must_be_opened_anew_ends_after_the_ring_that_told_so(link):
    spoilt: list[StoreSpoiled] = []

    def note(*_: object) -> None:
        raise StoreSpoiled("another file")

    for n in range(2):
        Bell(link).ring("timers", "note", n)
    attend(link, "timers", {"note": partial(until_spoilt, note, spoilt)})
    assert [str(error) for error in spoilt] == ["another file"]


def test_a_worker_whose_word_to_stop_was_lost_stops_at_its_next_sign_of_life(link):
    heard: list[object] = []
    worker = worker_of(link.open(), "timers", {"note": heard.append})
    worker.register_birth()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with suppress(StopRequested):
            worker.request_stop(signal.SIGTERM, None)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    Bell(link).ring("timers", "note", 1)
    with pytest.raises(StopRequested):
        worker.dequeue_job_and_maintain_ttl(1)
    assert heard == []

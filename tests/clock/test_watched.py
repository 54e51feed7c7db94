"""A scheduler and a worker tell how they are, and what they did; and nothing of anybody."""

from __future__ import annotations

import json
import logging
import socket
import threading
import urllib.error
import urllib.request
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest

from adapters.queue.worker import worker_of
from adapters.sql import open_store
from core.errors import ConfigError
from jobs.clock.premises import Premises
from jobs.clock.running import builds, run_scheduler
from jobs.clock.tasks import FIRE, Timers, ringing, works
from jobs.clock.watched import watched
from jobs.serve.journal import logged
from jobs.serve.metrics import Metrics
from jobs.serve.refusing import CannotServe
from tests.clock.answering import worked_off
from tests.clock.conftest import needs_redis
from tests.clock.homes import last_minute, make_home
from tests.clock.links import OwnLink
from tests.clock.timers import set_timers, timer
from tests.support.patience import PATIENCE, until
from tests.support.ports import HeldPort


def asked(address: str, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address}{path}", timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()
    except urllib.error.URLError:
        return 0, ""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_home(tmp_path / "home", 1, last_minute())
    return tmp_path / "home"


def test_a_scheduler_tells_its_health_and_what_it_decided(home: Path):
    port, stop = HeldPort(), threading.Event()
    at = port.address
    told: list[str] = []
    environment = {"YAJI_REDIS_URL": "redis://127.0.0.1:1"}
    with closing(Premises(home, {})) as premises:
        set_timers(premises.store, [timer("g000", "remind:dawn", last_minute())])

        def run() -> None:
            run_scheduler(home, stop, environment, told.append, listen=at)

        running = threading.Thread(target=run)
        running.start()
        try:
            until(lambda: "yaji_lateness_seconds_count 1" in asked(at, "/metrics")[1], lambda: asked(at, "/metrics")[1])
            assert json.loads(asked(at, "/healthz")[1]) == {"ok": True, "role": "scheduler", "store": True}
            text = asked(at, "/metrics")[1]
            assert {"yaji_store_up 1", "yaji_timers_due 0", 'yaji_tasks{state="waiting"} 0'} <= set(text.splitlines())
            assert "g000" not in text
            assert asked(at, "/else") == (404, "")
        finally:
            stop.set()
            running.join(PATIENCE)
    assert asked(at, "/healthz") == (0, "")


def test_a_scheduler_with_nothing_to_do_tells_of_a_home_that_cannot_be_used(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr("jobs.clock.premises.LOOK_EVERY", 0.01)
    port, stop = HeldPort(), threading.Event()
    at, good = port.address, (home / "communities" / "tea.yaml").read_text()

    def run() -> None:
        run_scheduler(home, stop, {"YAJI_REDIS_URL": "redis://127.0.0.1:1"}, listen=at)

    def tells(used: int) -> bool:
        return f"\nyaji_home_used {used}\n" in asked(at, "/metrics")[1]

    running = threading.Thread(target=run)
    with caplog.at_level(logging.INFO):
        running.start()
        try:
            until(lambda: tells(used=1))
            (home / "communities" / "tea.yaml").write_text("community: [")
            until(lambda: tells(used=0))
            assert "the home was changed and cannot be used like this" in caplog.text
            (home / "communities" / "tea.yaml").write_text(good)
            until(lambda: tells(used=1))
        finally:
            stop.set()
            running.join(PATIENCE)


def test_a_worker_says_why_it_builds_no_digest(home: Path, caplog: pytest.LogCaptureFixture):
    build = builds(home, {})
    (home / "communities" / "tea.yaml").write_text("community: [")
    with pytest.raises(ConfigError):
        build()
    assert "nothing is built here: The home cannot be used: 1 problem." in caplog.text
    assert "communities/tea.yaml:1:12" in caplog.text


def test_a_database_that_does_not_answer_is_told(tmp_path: Path):
    port = HeldPort()
    at = port.address
    store = open_store(f"sqlite:///{tmp_path}/books.db")
    with closing(store), watched(at, "worker of timers", store, Metrics(store)):
        store.close()
        for file in tmp_path.glob("books.db*"):
            file.unlink()
        (tmp_path / "books.db").mkdir()
        status, text = asked(at, "/healthz")
        assert (status, json.loads(text)) == (503, {"ok": False, "role": "worker of timers", "store": False})
        assert "yaji_store_up 0" in asked(at, "/metrics")[1]


def test_an_address_that_is_taken_is_refused_and_nothing_is_left(tmp_path: Path):
    with socket.socket() as taken, closing(open_store(f"sqlite:///{tmp_path}/books.db")) as store:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CannotServe), watched(at, "scheduler", store, Metrics(store)):
            pass


@needs_redis
def test_no_token_is_in_the_log_of_a_ring_whatever_it_holds_and_however_it_fails(home: Path):
    canary = "99887766:CanaryCanaryCanaryCanaryCanary-123"
    out = StringIO()
    with (
        logged((), logging.DEBUG, out),
        closing(Premises(home, {"TELEGRAM_BOT_TOKEN": canary})) as premises,
        closing(OwnLink(None, home / "data" / "redis")) as link,
    ):
        set_timers(premises.store, [timer("g000", f"remind:{canary}", last_minute())])
        due = premises.clock.claim_due(premises.clock.now(), 10, timedelta(seconds=10))

        def fail(*_: object) -> None:
            raise ValueError(f"https://api.telegram.org/bot{canary}/sendMessage said no")

        client = link.open()
        for known in ({FIRE: fail}, works(Timers(premises))["timers"]):
            worker = worker_of(client, "timers", known)
            worker.queues[0].enqueue_call(FIRE, args=[ringing(due)], failure_ttl=60)
            worked_off(worker, "DEBUG")
        log = logging.getLogger("yaji.clock")
        log.debug("redis is at redis://:hunter2hunter2@somewhere/0, the bot is %s", canary)
    assert "yaji.clock" in out.getvalue()
    assert canary not in out.getvalue()
    assert "hunter2" not in out.getvalue()

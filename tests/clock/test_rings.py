"""Rings over a real Redis: heard once, refused when they ask for anything else, and harmless to lose."""

from __future__ import annotations

import os
import signal

import pytest
import redis

from adapters.queue.rings import Bell, BellSilent, Link, Ring, failed, queue_of
from adapters.queue.worker import FORKED, worker_of
from tests.clock.answering import worked_off
from tests.clock.conftest import needs_redis

pytestmark = needs_redis


class Heard:
    """What a worker was asked to do."""

    def __init__(self) -> None:
        self.of: list[object] = []

    def note(self, *arguments: object) -> None:
        self.of.append(list(arguments))


def answer(link, works, queue="timers"):
    """Let a worker do all that waits. Whether there was anything."""
    return worked_off(worker_of(link.open(), queue, works))


def test_a_ring_is_heard_once_with_what_it_names(link):
    heard = Heard()
    Bell(link).ring("timers", "note", [["poets", "check_in", "remind:早起", 1]])
    assert answer(link, {"note": heard.note})
    assert not answer(link, {"note": heard.note})
    assert heard.of == [[[["poets", "check_in", "remind:早起", 1]]]]


def test_a_ring_leaves_nothing_behind_in_redis(link):
    Bell(link).ring("timers", "note", 1)
    answer(link, {"note": Heard().note})
    assert not [key for key in link.open().keys("*") if b":job:" in key or b"result" in key]


def test_the_id_of_a_ring_follows_from_what_it_says(link):
    bell = Bell(link)
    assert bell.ring("timers", "note", 1) == bell.ring("timers", "note", 1) != bell.ring("timers", "note", 2)


@pytest.mark.parametrize("queue", ["timers", *sorted(FORKED)])
def test_a_ring_for_any_other_function_is_refused(link, tmp_path, queue):
    trace = tmp_path / "was-here"
    client = link.open()
    queue_of(client, queue).enqueue_call("os.system", args=[f"touch {trace}"], failure_ttl=60)
    assert answer(link, {"note": Heard().note}, queue)
    assert not trace.exists()
    assert [(one.queue, "no work of ours" in one.why) for one in failed(client)] == [(queue, True)]


def planted(client, **fields):
    """A ring for an allowed function, with more in it than we ever write."""
    job = queue_of(client, "timers").enqueue_call("note", args=[1], failure_ttl=60)
    client.hset(job.key, mapping=fields)


@pytest.mark.parametrize("when", ["success", "failure", "stopped"])
@pytest.mark.parametrize("work", ["does", "fails"])
def test_no_callback_that_somebody_planted_is_called(link, tmp_path, when, work):
    def fail(*_):
        raise ValueError("fails")

    planted(link.open(), **{f"{when}_callback_name": "tests.clock.planted.call"})
    heard = Heard()
    answer(link, {"note": heard.note if work == "does" else fail})
    from tests.clock import planted as calls

    assert calls.CALLED == []
    assert heard.of == ([[1]] if work == "does" else [])


def test_a_method_of_something_is_no_function_of_ours():
    ring = Ring.create("note", args=[1], connection=redis.Redis(), serializer="json")
    ring._instance = "text"
    with pytest.raises(Exception, match="no work of ours"):
        ring.perform()


def test_nobody_is_called_by_a_webhook(link):
    planted(link.open(), webhooks='[{"url": "http://127.0.0.1:9/", "job_status": "finished"}]')
    heard = Heard()
    answer(link, {"note": heard.note})
    assert heard.of == [[1]]


def test_the_bell_says_when_no_worker_listens(link):
    bell = Bell(link)
    with pytest.raises(BellSilent, match="no worker listens for timers"):
        bell.tend("timers")
    client = link.open()
    worker = worker_of(client, "timers", {})
    worker.register_birth()
    bell.tend("timers")
    client.flushall()
    with pytest.raises(BellSilent, match="no worker"):
        bell.tend("timers")
    worker.heartbeat()
    bell.tend("timers")


@pytest.mark.parametrize(("workers", "most", "rings"), [(0, 5, 1), (2, 5, 2), (2, 1, 1)])
def test_each_worker_is_woken_for_which_there_is_something(link, workers, most, rings):
    client, bell = link.open(), Bell(link)
    for _ in range(workers):
        worker_of(client, "digests", {}).register_birth()
    bell.wake("digests", "build", most)
    assert (bell.listeners("digests"), bell.lengths()["digests"]) == (workers, rings)


def test_a_server_that_was_killed_is_started_again_by_the_next_ring_and_has_kept_the_last(link):
    bell, heard = Bell(link), Heard()
    bell.ring("timers", "note", 1)
    os.kill(link.embedded.pid, signal.SIGKILL)
    os.waitid(os.P_PID, link.embedded.pid, os.WEXITED | os.WNOWAIT)
    bell.ring("timers", "note", 2)
    answer(link, {"note": heard.note})
    assert heard.of in ([[1], [2]], [[2]])  # what was told within the last second may be lost, and is rung again


def test_a_redis_that_is_not_there_is_silence_and_nothing_worse(tmp_path):
    bell = Bell(Link("redis://127.0.0.1:1", tmp_path))
    for why in ("cannot be used now", "a moment ago"):
        with pytest.raises(BellSilent, match=why):
            bell.ring("timers", "note", 1)

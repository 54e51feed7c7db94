"""A lease whose holder was killed on this machine is free at once; of all others nothing is presumed."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.sql import open_store
from jobs.serve.holders import gone, holder

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the kernel does not show its processes")
SPAN = timedelta(seconds=25)


def of_the_dead() -> str:
    """The name of a process that was killed."""
    ear, mouth = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(mouth, holder().encode())
        signal.pause()
    name = os.read(ear, 1000).decode()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(ear)
    os.close(mouth)
    return name


def test_a_living_process_is_not_gone_and_a_killed_one_is():
    assert not gone(holder())
    assert gone(of_the_dead())
    assert gone(of_the_dead() + "/2026-03-02T08:00:00+00:00/3")


def test_a_process_that_only_has_the_number_of_a_dead_one_is_not_taken_for_it():
    host, place, pid, born, word = holder().split(":")
    assert gone(f"{host}:{place}:{pid}:{int(born) - 1}:{word}")


@pytest.mark.parametrize("part", [0, 1, 2, 3, 4])
def test_of_what_is_not_understood_nothing_is_presumed(part):
    parts = of_the_dead().split(":")
    parts[part] = "" if part != 0 else "else:where"
    if part != 4:  # the last part says nothing about life and death
        assert not gone(":".join(parts))
    assert not gone(f"host:{os.getpid()}:abc")


def test_of_another_machine_nothing_is_presumed():
    host, _, *rest = of_the_dead().split(":")
    assert not gone(":".join((host, "0123456789ab", *rest)))


def test_the_lease_of_a_killed_holder_is_taken_at_once_and_that_of_a_living_one_is_not(tmp_path):
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", durable=False)) as store:
        dispatch, dead = store.dispatch(gone=gone), of_the_dead()
        assert dispatch.take_lease("courier:x", f"{dead}/1", SPAN)
        mine = f"{holder()}/1"
        assert dispatch.take_lease("courier:x", mine, SPAN)
        assert not dispatch.take_lease("courier:x", f"{holder()}/1", SPAN)
        assert not store.dispatch().take_lease("courier:x", f"{dead}/2", SPAN)

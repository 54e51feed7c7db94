"""What a test asks of the world is answered while the server's thread changes it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest

from tests.support.botapi import World


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns at every step."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hurried")
def test_what_was_said_may_be_asked_while_more_is_said() -> None:
    world = World()
    wang = world.person("Wang")
    group = world.supergroup("Readers", owner=wang)

    def speak() -> None:
        for n in range(1_500):
            wang.posts(group, str(n))

    speaking = threading.Thread(target=speak)
    speaking.start()
    counts = [0]
    while speaking.is_alive():
        counts += len(group.said_by(wang)), len(group.alive)
    assert counts == sorted(counts)
    assert len(group.said_by(wang)) == 1_500

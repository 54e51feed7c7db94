"""The same day by webhooks, with two processes on one PostgreSQL; the one that performs is killed on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.day import books
from tests.day.balancer import balanced
from tests.day.conftest import Stage
from tests.day.oracle import astray
from tests.day.parts import PARTS
from tests.day.script import Day
from tests.day.serving import Served
from tests.day.test_day_killed import TWICE_IS_ONCE
from tests.support.patience import PATIENCE, until
from tests.support.ports import HeldPort
from tests.support.postgres import PostgresMissing, private_postgres

HALFWAY = 700
"""Calls after which the first process is killed."""
SECRET = "the-same-in-every-process-of-the-day"


@pytest.fixture
def database() -> Iterator[str]:
    try:
        with private_postgres() as server:
            yield server.new_database()
    except PostgresMissing as missing:
        pytest.skip(f"no PostgreSQL here: {missing}")


def test_two_processes_share_the_day_and_one_of_them_is_killed(stage: Stage, database: str):
    ports = HeldPort(), HeldPort()
    with balanced([port.number for port in ports]) as address:
        both = [
            stage.served(
                f"serve{n}",
                "--webhook",
                YAJI_DATABASE_URL=database,
                YAJI_SECRET=SECRET,
                YAJI_PUBLIC_URL=address,
                YAJI_LISTEN=port.address,
            )
            for n, port in enumerate(ports)
        ]
        day = stage.day(ordered=False)
        first, second = both
        day.alive = first.check
        first.start()
        day.until(lambda: stage.server.calls_of("setWebhook"), "the first process")
        second.start()
        day.alive = second.check
        began: list[str | int] = []
        end = threading.Thread(target=_killed, args=(first, second, day, database, began), daemon=True)
        end.start()
        try:
            day.lives(PARTS)
        finally:
            status = second.stop()
        end.join(PATIENCE)
    assert first.kills == 1
    assert day.missing() == {}
    doubled = [(effect, more) for effect, more in day.beyond() if effect[0] not in TWICE_IS_ONCE]
    assert [(effect, more) for effect, more in doubled if more > began.count(effect[-1])] == []
    assert [effect for effect, _ in day.beyond() if effect not in day.oracle.due] == []
    assert stage.server.off_spec == []
    assert stage.server.violations == []
    assert astray(stage.server.calls) == []
    assert books.differences(database, day.oracle, killed=True) == []
    assert status == 0


def _killed(served: Served, other: Served, day: Day, url: str, began: list[str | int]) -> None:
    """Kill one, and note what it had begun before the other, which may take over at once, can settle any of it."""
    while (calls := len(day.server.calls)) < HALFWAY:
        until(lambda calls=calls: len(day.server.calls) > calls, lambda: "the next call")  # type: ignore[misc]
    with other.frozen():
        served.kill()
        day.was_killed()
        began += books.under_way(url)

"""Everything is killed again and again while sends fail: nothing is lost, and nothing is said three times."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.clock.conftest import needs_redis
from tests.soak.soaking import soak
from tests.support.postgres import PostgresMissing, private_postgres

ON_A_FILE, ON_A_SERVER, SEED = 20, 10, 11


@needs_redis
def test_on_a_file_nothing_is_lost_and_nothing_said_three_times_whatever_is_killed():
    with tempfile.TemporaryDirectory(prefix="yaji-") as folder:
        verdict, town = soak(Path(folder), f"sqlite:///{folder}/store.sqlite3", ON_A_FILE, SEED)
    assert verdict.well, verdict
    assert town.kills.total() == ON_A_FILE


@needs_redis
def test_on_postgresql_nothing_is_lost_and_nothing_said_three_times_whatever_is_killed():
    try:
        with private_postgres(durable=True) as server, tempfile.TemporaryDirectory(prefix="yaji-") as folder:
            verdict, town = soak(Path(folder), server.new_database(), ON_A_SERVER, SEED, server)
    except PostgresMissing as missing:
        pytest.skip(f"no PostgreSQL here: {missing}")
    assert verdict.well, verdict
    assert town.kills.total() == ON_A_SERVER

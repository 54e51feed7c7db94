"""Two schedulers, two workers and two serving processes at once: everything that is due comes once."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.clock.conftest import needs_redis
from tests.soak.oracle import judged
from tests.soak.town import town
from tests.support.postgres import PostgresMissing, private_postgres

ROUNDS = 3


@needs_redis
def test_each_due_occurrence_comes_once():
    try:
        with (
            private_postgres(durable=True) as server,
            tempfile.TemporaryDirectory(prefix="yaji-") as folder,
            town(Path(folder), server.new_database(), ROUNDS, 5, server) as made,
        ):
            assert {what: len(pids) for what, pids in made.running.items()} == {"scheduler": 2, "worker": 2, "serve": 2}
            for n in range(ROUNDS):
                made.happens(n)
            made.settle()
            verdict = judged(made)
    except PostgresMissing as missing:
        pytest.skip(f"no PostgreSQL here: {missing}")
    assert verdict.well, verdict
    assert verdict.copies == Counter({1: verdict.reminders + verdict.replies})
    assert made.ended == []

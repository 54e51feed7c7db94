"""kill -9 at random points: after restart and replay of the same input, the books are those of an undisturbed run."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sql import open_store
from tests.support import mortal
from tests.support.patience import PATIENCE
from workflows.facts import STREAKS
from workflows.mutes import MUTED
from workflows.onboarding_state import PROGRESS
from workflows.tier_standing import TIER

KILLS = int(os.environ.get("YAJI_KILLS", "50"))


def books(url: str) -> dict[str, list[object]]:
    with closing(open_store(url)) as store:
        group = mortal.GROUP
        return {
            "facts": list(store.facts(group)),
            "audit": list(store.audit(group)),
            "outbox": list(store.outbox(group)),
            "activity": list(store.activity(group)),
            "people": list(store.people(group)),
            "timers": list(store.timers(group)),
            "records": [list(store.every_record(group, slot)) for slot in (STREAKS, PROGRESS, TIER, MUTED)],
            "letters": list(store.dead_letters(group)),
        }


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the lives of this test are forks; this platform has none")
@pytest.mark.parametrize("seed", [1])
def test_books_survive_kill_9_at_random_points(tmp_path: Path, seed: int):
    undisturbed, tormented = (f"sqlite:///{tmp_path / name}.sqlite3" for name in ("calm", "killed"))
    events, groups = mortal.story(tmp_path / "story")
    mortal.run_through(undisturbed, events, groups)
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.mortal", tormented, str(tmp_path / "again"), str(KILLS), str(seed)],
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lives = [line.split() for line in done.stdout.splitlines()]
    killed = [int(commits) for commits, how in lives if how == "killed"]
    assert len(killed) >= KILLS, done.stdout
    assert len(set(killed)) > KILLS // 5, "the lives ended at too few different points"
    calm = books(undisturbed)
    assert calm["facts"], "the story earns nothing, so this test would prove nothing"
    assert books(tormented) == calm

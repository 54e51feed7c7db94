"""The same day, while the serving process is killed again and again.

Six kills by default; `YAJI_KILLS=30 pytest tests/day/test_day_killed.py` is the full run.
"""

from __future__ import annotations

import os
from functools import partial

from tests.day import books
from tests.day.conftest import Stage
from tests.day.killer import Killer
from tests.day.oracle import Effect
from tests.day.parts import PARTS

KILLS = int(os.environ.get("YAJI_KILLS", "6"))
TWICE_IS_ONCE = frozenset(
    ("delete", "mute", "unmute", "ban", "remove", "approve", "decline", "react", "edit", "answer")
)
"""Acts that may be repeated: the second time changes nothing."""


def test_kill_9_loses_no_update_and_doubles_nothing_but_sends_that_were_under_way(stage: Stage):
    served, day = stage.served(), stage.day(patience=60)
    day.alive = served.check
    day.unsure = partial(books.unsure, stage.url)
    served.start()
    with Killer(served, stage.server, stage.url, kills=KILLS) as killer:
        day.lives(PARTS)
    assert killer.error is None
    status = served.stop()
    assert served.kills == KILLS
    assert day.missing() == {}
    assert [e for e, _ in day.beyond() if e not in day.oracle.due] == []
    doubled = [(effect, more) for effect, more in day.beyond() if effect[0] not in TWICE_IS_ONCE]
    assert [found for found in doubled if not _was_under_way(found, killer)] == []
    assert stage.server.off_spec == []
    assert stage.server.violations == []
    assert books.differences(stage.url, day.oracle, killed=True) == []
    assert status == 0


def _was_under_way(found: tuple[Effect, int], killer: Killer) -> bool:
    """Whether so many copies more may be: one for each send of these words that was open at a kill."""
    effect, more = found
    said = effect[-1] if effect[0] == "say" else None
    return more <= (killer.began[said] if said is not None else sum(killer.began.values()))

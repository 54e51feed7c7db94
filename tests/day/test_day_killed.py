"""The same day, while the serving process is killed again and again.

Six kills by default; `YAJI_KILLS=30 pytest tests/day/test_day_killed.py` is the full run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from tests.day import books
from tests.day.conftest import Stage
from tests.day.killer import Killer
from tests.day.oracle import ZONE, Effect, astray
from tests.day.parts import PARTS

KILLS = int(os.environ.get("YAJI_KILLS", "6"))
TWICE_IS_ONCE = frozenset(
    ("delete", "mute", "unmute", "ban", "remove", "approve", "decline", "react", "edit", "answer")
)
"""Acts that may be repeated: the second time changes nothing."""
_AT = r"(\d{4}-\d\d-\d\d \d\d:\d\d)"
UNHEARD = re.compile(f"^⚠️ .*?{_AT}.*?{_AT}.*Telegram")
A_MINUTE = timedelta(minutes=1)
"""Notices tell times to the minute."""
KEPT = timedelta(days=1)
"""How long Telegram keeps what nobody fetched: so much later than a notice says the process was there again."""


def test_kill_9_loses_no_update_and_doubles_nothing_but_sends_that_were_under_way(stage: Stage):
    served, day = stage.served(), stage.day()
    day.alive = served.check
    day.unsure = partial(books.unsure, stage.url)
    served.start()
    with Killer(served, day, stage.url, kills=KILLS) as killer:
        day.lives(PARTS)
    assert killer.error is None
    status = served.stop()
    assert served.kills == KILLS
    assert day.missing() == {}
    assert [e for e, _ in day.beyond() if e not in day.oracle.due and not _tells_of_one_of(killer.moments, e)] == []
    doubled = [
        (effect, more)
        for effect, more in day.beyond()
        if effect[0] not in TWICE_IS_ONCE and not _tells_of_one_of(killer.moments, effect)
    ]
    assert [found for found in doubled if not _was_under_way(found, killer)] == []
    assert stage.server.off_spec == []
    assert stage.server.violations == []
    assert astray(stage.server.calls) == []
    assert books.differences(stage.url, day.oracle, killed=True) == []
    assert status == 0


def _was_under_way(found: tuple[Effect, int], killer: Killer) -> bool:
    """Whether so many copies more may be: one for each send of these words, or of this evidence, that was open at a
    kill."""
    effect, more = found
    return more <= killer.began[effect[-1]]


def _tells_of_one_of(kills: Sequence[datetime], effect: Effect) -> bool:
    """Whether admins are told of a time without Telegram in which the process was killed: the day's clock may leap by
    more than Telegram keeps before it is back."""
    between = UNHEARD.search(str(effect[-1])) if effect[0] == "say" else None
    if between is None:
        return False
    since, until = (datetime.fromisoformat(found).replace(tzinfo=ZONE) for found in between.groups())
    return any(since - A_MINUTE <= moment <= until + KEPT + A_MINUTE for moment in kills)

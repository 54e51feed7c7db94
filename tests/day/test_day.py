"""One supergroup's day, served as a user would serve it: everything that is due comes once, and nothing else does."""

from __future__ import annotations

from tests.day import books
from tests.day.conftest import Stage
from tests.day.oracle import astray
from tests.day.parts import PARTS


def test_of_a_whole_day_every_effect_comes_once_and_no_other(stage: Stage):
    served, day = stage.served(), stage.day()
    day.alive = served.check
    served.start()
    try:
        day.lives(PARTS)
    finally:
        status = served.stop()
    assert day.missing() == {}
    assert day.beyond() == []
    assert astray(stage.server.calls) == []
    assert stage.server.off_spec == []
    assert stage.server.violations == []
    assert books.differences(stage.url, day.oracle) == []
    assert status == 0
    log = served.log.read_text("utf-8")
    assert "Traceback" not in log
    assert " error " not in log

"""When nothing was heard stands above the numbers: what was written then is in none of them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from adapters.sql import open_store
from core.people import NOBODY
from core.ports import RecordAt, Writes
from tests.metrics.history import FIRST
from tests.metrics.test_command import home, lines, lives, run
from workflows.gaps import GAPS, Gap, Gaps

__all__ = ["home"]

HOUR = timedelta(hours=1)
NOW, BEFORE = FIRST + timedelta(days=40), FIRST + timedelta(days=10)
"""An instant of the days up to 2 April, and one of those before."""


def deaf(home: Path, *gaps: tuple[datetime, timedelta], cut: datetime | None = None) -> None:
    store = open_store(f"sqlite:///{home / 'data/yaji.sqlite3'}", durable=False)
    kept = Gaps(tuple(Gap("telegram", since, since + length) for since, length in gaps), cut)
    with store.unit() as unit:
        unit.lock(["walks"])
        unit.save(Writes(records={RecordAt("walks", NOBODY, GAPS.name): kept}))
        unit.commit()
    store.close()


def shown(home: Path, *more: str, lang: str = "en") -> str:
    told = run(home, "--group", "walks", "--to", "2026-04-02", *more, lang=lang)
    assert told.exit_code == 0, told.output
    return " ".join(" ".join(lines(told.stdout)).replace("│", " ").split())


def test_it_is_told_of_both_periods(home):
    lives(home, 60)
    assert "Not heard" not in shown(home)
    deaf(home, (BEFORE, 2 * HOUR), (NOW, 30 * HOUR), (NOW + 50 * HOUR, HOUR / 2), (NOW + 60 * HOUR, HOUR / 60))
    assert (
        "Not heard in these days (telegram): 30.5 hours in all, times: 2. What was written then is not counted. "
        "Not heard in the days before (telegram): 2.0 hours in all, times: 1."
    ) in shown(home)
    assert "这些天没收到消息的时间（telegram）：共 30.5 小时，2 段。那时写的没有算进来。" in shown(home, lang="zh")


def test_only_what_lies_in_a_period_is_of_it(home, tmp_path):
    lives(home, 60)
    deaf(home, (datetime(2026, 3, 3, 22, tzinfo=FIRST.tzinfo), 5 * HOUR))
    shown(home, "--json", str(tmp_path / "m.json"))
    (one,) = json.loads((tmp_path / "m.json").read_text())["groups"]
    assert (one["unheard"]["hours"], one["unheard_before"]["hours"]) == (3, 2)
    assert one["unheard"]["platforms"] == ["telegram"]


def test_what_is_kept_no_more_is_not_told_as_nothing(home):
    lives(home, 60)
    deaf(home, cut=NOW)
    assert "Whether more was not heard before 2026-03-14 is not kept any more." in shown(home)
    deaf(home, cut=FIRST - timedelta(days=40))
    assert "is not kept any more" not in shown(home)

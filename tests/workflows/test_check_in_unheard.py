"""A day of which too much was not heard is made up without a card, however many pieces the silence came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.events import Unheard
from core.workflow import Bound
from tests.workflows.check_in_camp import WANG, Camp
from workflows import presence

NO_CARD = "这个月的补卡次数用完啦，下个月再来～"
EIGHT = [(f"06:{minute:02}", 8) for minute in range(0, 60, 10)] + [
    (f"07:{minute:02}", 8) for minute in range(0, 60, 10)
]


def camp(*silences: tuple[str, int], platform: str = "telegram") -> Camp:
    """5 March is missed; its window is from six to eight. There is no make-up without a card."""
    made = Camp(morning={"window": "06:00-08:00", "points": 5, "late": {"keyword": "补卡", "cards": 0}})
    standing = Bound(presence.workflow, presence.Presence())
    made._run(replace(made.group, runs=(*made.group.runs, standing)))
    made.says("2026-03-04 07:00", "打卡")
    for n, (since, minutes) in enumerate(silences):
        began = made.at(f"2026-03-05 {since}")
        until = began + timedelta(minutes=minutes)
        made.tell(Unheard(id=f"u{n}", at=until, group="camp", platform=platform, since=began))
    made.says("2026-03-06 09:00", "补卡 3月5日", WANG)
    return made


@pytest.mark.parametrize(
    "silences",
    [
        pytest.param([("06:30", 10)], id="in one piece"),
        pytest.param(EIGHT, id="in twelve pieces of eight minutes"),
        pytest.param([("06:10", 5), ("07:10", 5)], id="in two pieces of five"),
        pytest.param([("05:00", 70)], id="most of it before the window"),
    ],
)
def test_ten_minutes_that_were_not_heard_are_enough(silences: list[tuple[str, int]]) -> None:
    it = camp(*silences)
    assert it.streak() == 2
    assert "it may not have been heard that day" in it.reasons()


@pytest.mark.parametrize(
    ("silences", "platform"),
    [
        pytest.param([("06:10", 5), ("07:10", 4)], "telegram", id="nine minutes"),
        pytest.param([("06:10", 8), ("06:12", 7)], "telegram", id="told twice, it is one time"),
        pytest.param([("05:51", 10), ("07:52", 10)], "telegram", id="nine of the twenty are in the window"),
        pytest.param(EIGHT, "wechat", id="on the other platform"),
    ],
)
def test_less_is_not(silences: list[tuple[str, int]], platform: str) -> None:
    it = camp(*silences, platform=platform)
    assert (it.streak(), it.last) == (1, NO_CARD)


@pytest.mark.parametrize(
    ("hours", "free"),
    [
        pytest.param({}, "2026-03-04", id="a day that begins at midnight"),
        pytest.param({"day_start": "04:00"}, "2026-03-03", id="the end of the day before"),
        pytest.param({"day_start": "04:00", "window": "22:00-03:00"}, "2026-03-03", id="a window over midnight"),
        pytest.param({"day_start": "04:00", "window": "00:30-03:00"}, "2026-03-03", id="a window after midnight"),
    ],
)
def test_a_silence_in_the_small_hours_is_of_the_day_that_they_belong_to(hours: dict[str, str], free: str) -> None:
    made = Camp(morning={"late": {"within": "3d", "cards": 0}, **hours})
    standing = Bound(presence.workflow, presence.Presence())
    made._run(replace(made.group, runs=(*made.group.runs, standing)))
    began = made.at("2026-03-04 01:00")
    made.tell(Unheard(id="u", at=began + timedelta(hours=2), group="camp", platform="telegram", since=began))
    made.says("2026-03-05 12:00", "补卡 3月3日到4日", WANG)
    assert made.dates() == [free]

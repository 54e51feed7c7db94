"""IRC logs."""

from __future__ import annotations

from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from core.errors import InputRefused
from core.events import MemberJoined, MemberLeft, MemberRenamed, MessagePosted
from tests.exports.reading import read

LOG = """\
[23:58] <ann> hi
=== [Big] Endian [n=root@195.234.105.28]  has joined #room
=== Bob [n=bob@host]  has joined #Room
[23:59] <Bob> ann: hello https://a.example
=== ann nods
=== mode/#room [+o bob]  by ChanServ
[00:01] <ann> a new day
=== ann is now known as Ann_
=== eve was kicked off #room by Ann_ (flood)
=== Bob [n=bob@host]  has left #room ["bye"]
not a line
[99:99] <ann> no clock
"""


def test_joins_leaves_renames_kicks_and_actions(tmp_path):
    name, events, skipped = read(tmp_path / "2006-05-27.raw.txt", LOG)
    assert name == "irc"
    assert [(type(event).__name__, event.actor.account) for event in events] == [  # type: ignore[union-attr]
        ("MessagePosted", "irc:ann"),
        ("MemberJoined", "irc:[big] endian"),
        ("MemberJoined", "irc:bob"),
        ("MessagePosted", "irc:bob"),
        ("MessagePosted", "irc:ann"),
        ("MessagePosted", "irc:ann"),
        ("MemberRenamed", "irc:ann_"),
        ("MemberLeft", "irc:eve"),
        ("MemberLeft", "irc:bob"),
    ]
    renamed, kicked, left = events[6:]
    assert isinstance(renamed, MemberRenamed)
    assert renamed.was == "irc:ann"
    assert isinstance(kicked, MemberLeft)
    assert kicked.by is not None
    assert isinstance(left, MemberLeft)
    assert left.by is None
    assert [s.place for s in skipped] == ["line 11", "line 12"]
    assert isinstance(events[2], MemberJoined)


def test_the_clock_passing_midnight_begins_a_new_day_in_the_log_s_zone(tmp_path):
    _, events, _ = read(tmp_path / "x_20060527.log", LOG, zone=ZoneInfo("Asia/Shanghai"))
    assert events[0].at.isoformat() == "2006-05-27T15:58:00+00:00"
    assert events[5].at.isoformat() == "2006-05-27T16:01:00+00:00"
    assert all(a.at <= b.at for a, b in pairwise(events))


@pytest.mark.parametrize(
    ("zone", "day", "clocks", "instants"),
    [
        pytest.param(
            "Europe/Berlin",
            "2026-10-25",
            ["01:59", "02:50", "02:10", "02:55", "03:05", "23:50", "00:10", "02:20"],
            ["24 23:59", "25 00:50", "25 01:10", "25 01:55", "25 02:05", "25 22:50", "25 23:10", "26 01:20"],
            id="at three",
        ),
        pytest.param(
            "America/Santiago",
            "2026-04-04",
            ["22:30", "23:58", "23:01", "23:59", "00:03"],
            ["05 01:30", "05 02:58", "05 03:01", "05 03:59", "05 04:03"],
            id="at midnight",
        ),
        pytest.param(
            "Europe/Berlin", "2026-10-25", ["03:30", "02:30"], ["25 02:30", "26 01:30"], id="a day later, from after it"
        ),
        pytest.param(
            "Europe/Berlin",
            "2026-10-25",
            ["02:50", "02:10", "02:05"],
            ["25 00:50", "25 01:10", "26 01:05"],
            id="a day later, from within it",
        ),
        pytest.param(
            "Asia/Shanghai", "2026-10-25", ["02:50", "02:10"], ["24 18:50", "25 18:10"], id="no change of clocks"
        ),
    ],
)
def test_the_clock_that_is_put_back_in_autumn_begins_no_new_day(tmp_path, zone, day, clocks, instants):
    log = "".join(f"[{clock}] <ann> hi\n" for clock in clocks)
    _, events, _ = read(tmp_path / f"{day}.txt", log, zone=ZoneInfo(zone))
    assert [f"{event.at:%d %H:%M}" for event in events] == instants


def test_who_is_addressed_is_mentioned(tmp_path):
    _, events, _ = read(tmp_path / "2006-05-27.txt", LOG)
    assert isinstance(events[3], MessagePosted)
    assert [who.account for who in events[3].mentions] == ["irc:ann"]
    assert events[3].links == ("https://a.example",)


def test_a_log_without_a_day_in_its_name_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="put the day into its name"):
        read(tmp_path / "room.log", LOG)

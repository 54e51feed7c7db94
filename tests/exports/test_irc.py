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


def test_who_is_addressed_is_mentioned(tmp_path):
    _, events, _ = read(tmp_path / "2006-05-27.txt", LOG)
    assert isinstance(events[3], MessagePosted)
    assert [who.account for who in events[3].mentions] == ["irc:ann"]
    assert events[3].links == ("https://a.example",)


def test_a_log_without_a_day_in_its_name_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="put the day into its name"):
        read(tmp_path / "room.log", LOG)

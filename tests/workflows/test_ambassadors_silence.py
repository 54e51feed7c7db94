"""An ambassador who falls silent is told to the admins once, and again when they are back."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from core.occurrences import Hours
from tests.commands.group import ADA, ANA, BEN
from tests.workflows.ambassador_circle import Circle

SILENT = (
    "Ana has not taken part for 30 days, last on 2026-03-09 (Helper). A kind word from one of you may help; "
    "I say nothing."
)
BACK = "👋 Ana is back (Helper)."


def test_once_and_again_when_they_are_back():
    circle = Circle()
    circle.joined(ANA)
    circle.says(ANA, "thank you all")
    assert circle.pass_(days=29) == []
    assert circle.pass_(days=60) == [SILENT]
    circle.says(ANA, "hello again")
    assert circle.pass_(days=1) == [BACK]
    assert circle.pass_(days=28) == []
    assert len(circle.pass_(days=30)) == 1


def test_who_takes_part_is_not_silent_whatever_they_do():
    circle = Circle()
    circle.joined(ANA)
    for _ in range(5):
        circle.says(ANA, "good morning")
        assert circle.pass_(days=20) == []


def test_who_never_wrote_since_they_said_yes_is_silent_since_then():
    circle = Circle(discover="member.active_days_30d >= 3", quiet_after="5d")
    circle.says(ADA, f"/ambassador invite {BEN.account}")
    circle.presses(BEN, "ambassador:say:yes:koc")
    circle.told()
    [line] = circle.pass_(days=10)
    assert line.startswith("Ben has not taken part for 5 days, last on 2026-03-02")


@pytest.mark.parametrize("word", ["step down", "/stepdown"])
def test_nobody_is_watched_who_stopped(word: str):
    circle = Circle()
    circle.joined(ANA)
    circle.says(ANA, word)
    circle.told()
    assert circle.pass_(days=60) == []
    assert not [row for row in circle.store.timers("g") if row.key.startswith("quiet:")]


def test_who_is_one_again_by_an_undo_is_watched_again():
    circle = Circle()
    circle.joined(ANA)
    circle.says(ADA, "/ambassador end @ana")
    circle.pass_(days=40)
    circle.says(ADA, "/undo @ana")
    circle.told()
    assert len(circle.pass_(days=40)) == 1


def test_it_is_not_said_in_the_quiet_hours():
    circle = Circle(look="mon 03:00", group={"quiet": Hours(time(22), time(8))})
    circle.says(ADA, f"/ambassador invite {ANA.account}")
    circle.presses(ANA, "ambassador:say:yes:koc")
    circle.told()
    circle.pass_(days=29, hours=21)
    assert circle.told() == []
    assert len(circle.pass_(hours=2)) == 1


def test_those_whom_nobody_watches_are_watched_once_the_process_starts():
    circle = Circle()
    circle.joined(ANA)
    for row in [row for row in circle.store.timers("g") if row.key.startswith("quiet:")]:
        del circle.store._timers[row.group, row.workflow, row.key]
    circle.at += timedelta(hours=1)
    circle.arm()
    circle.at += timedelta(hours=1)
    circle.arm()
    assert len([row for row in circle.store.timers("g") if row.key.startswith("quiet:")]) == 1
    assert len(circle.pass_(days=31)) == 1


def test_nobody_is_where_the_operator_does_not_want_to_know():
    circle = Circle(quiet_after=None)
    circle.joined(ANA)
    assert circle.pass_(days=90) == []


@pytest.mark.parametrize("wrong", ["12h", "400d", "0d"])
def test_whole_days_are_asked_for(wrong: str):
    with pytest.raises(ValueError, match="whole days"):
        Circle(quiet_after=wrong)

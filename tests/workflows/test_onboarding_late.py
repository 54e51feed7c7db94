"""Who came, or answered, while the assistant was away is told of late: their time begins when they can be heard."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.onboarding_scene import WANG, Scene
from tests.workflows.test_onboarding_door import ASKED, DOOR, MUTED, door

ENTRY = {"entry": {"questions": DOOR["questions"], "within": "10m"}}


def rings_late(scene: Scene, minutes: float) -> list[str]:
    """The one timer that stands rings so long after its time, as the scene's clock has it; returns what it sent."""
    (row,) = scene.store.timers("reading")
    before = len(scene.outbox())
    scene.at = row.at + timedelta(minutes=minutes)
    outcome = scene.engine.process([row.due(scene.at)])
    assert not outcome.faults, outcome.faults
    return [type(one.effect).__name__ for one in scene.outbox()[before:]]


def test_who_came_to_the_door_during_an_outage_has_the_whole_time_to_answer() -> None:
    scene = door()
    assert scene.joins(WANG) == [MUTED, ASKED]
    assert rings_late(scene, 50) == ["Mute"]
    assert scene.because() == ("nobody could hear them in time, so their time begins anew",)
    scene.pass_(minutes=9)
    assert scene.presses(WANG, "door:book:1")[0] == "Unmute telegram:小王"


def test_who_does_not_answer_then_is_taken_out_when_that_time_is_over() -> None:
    scene = door()
    scene.joins(WANG)
    rings_late(scene, 50)
    assert scene.pass_(minutes=10) == ["Remove telegram:小王"]


def test_a_bell_that_is_always_late_keeps_nobody_at_the_door_for_ever() -> None:
    scene = door()
    scene.joins(WANG)
    assert [rings_late(scene, 50), rings_late(scene, 50)] == [["Mute"], ["Remove"]]


def test_a_question_that_should_have_been_put_meanwhile_is_put() -> None:
    scene = Scene({"entry": DOOR, "welcome_after": "30s"})
    scene.joins(WANG)
    assert rings_late(scene, 50) == ["Mute", "Say"]
    assert scene.pass_(minutes=9) == []
    assert scene.presses(WANG, "door:book:1")[0] == "Unmute telegram:小王"


def test_a_bell_that_is_some_seconds_late_gives_no_more_time() -> None:
    scene = door()
    scene.joins(WANG)
    assert rings_late(scene, 0.5) == ["Remove"]


def test_who_asked_to_be_let_in_during_an_outage_is_asked_again() -> None:
    scene = Scene(ENTRY)
    scene.knocks(WANG)
    assert rings_late(scene, 50) == ["Say"]
    assert scene.last().expires == scene.at + timedelta(minutes=10)
    assert scene.whispers(WANG, "纸书")[0] == "Approve telegram:小王"


def test_who_does_not_answer_then_is_declined() -> None:
    scene = Scene(ENTRY)
    scene.knocks(WANG)
    rings_late(scene, 50)
    assert scene.pass_(minutes=10)[-1] == "Decline telegram:小王"


def test_of_those_who_ask_to_be_let_in_neither() -> None:
    scene = Scene(ENTRY)
    scene.knocks(WANG)
    assert rings_late(scene, 50) == ["Say"]
    assert "Decline" in rings_late(scene, 50)

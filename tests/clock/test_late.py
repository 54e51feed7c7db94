"""What is done about timers that ring late, because the assistant was away: each kind has its rule."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.outcome import Outcome
from tests.workflows.onboarding_scene import WANG, Scene
from tests.workflows.test_onboarding import HOUSE

REMINDING = HOUSE | {"remind": {"after": "24h", "times": 2}}


def rings_late(scene: Scene, late: timedelta) -> Outcome:
    """The next timer, so long after its time."""
    row = min(scene.store.timers("reading"), key=lambda row: row.at)
    scene.at = row.at + late
    return scene.engine.process([row.due(scene.at)])


def test_a_reminder_within_its_limit_is_still_sent():
    scene = Scene(REMINDING)
    scene.joins(WANG)
    assert rings_late(scene, timedelta(hours=3)).effects == 1
    assert scene.because() == ("step agree is still open; reminder 1 of 2",)


def test_a_reminder_late_by_more_than_its_limit_is_dropped_with_a_reason_and_the_next_is_set():
    scene = Scene(REMINDING)
    scene.joins(WANG)
    assert rings_late(scene, timedelta(hours=3, microseconds=1)).effects == 0
    assert scene.because() == ("it is too late for the reminder",)
    (following,) = scene.store.timers("reading")
    assert following.at == scene.at + timedelta(hours=24)
    assert rings_late(scene, timedelta()).effects == 1
    assert scene.because() == ("step agree is still open; reminder 2 of 2",)


@pytest.mark.parametrize("hours", [0, 5], ids=["on time", "late"])
def test_a_deadline_is_kept_however_late_it_rings(hours):
    scene = Scene(HOUSE | {"remind": {"times": 0}, "give_up_after": "3d", "on_give_up": {"tag": "quiet"}})
    scene.joins(WANG)
    rings_late(scene, timedelta(hours=hours))
    assert "gave up: step agree was not answered in time" in scene.reasons()

"""Messages of those who are through are glanced at and passed over, and so is what may be part of a task; those of
others, and parts of albums, are heard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.events import MessagePosted, ReactionChanged
from core.follow_ups import CheckedIn
from core.workflow import Glance
from tests.workflows.onboarding_scene import START, WANG
from workflows.onboarding import Options, workflow
from workflows.onboarding_knocking import DOOR, Knocking
from workflows.onboarding_state import PROGRESS, Progress

BOOK = {"id": "book", "ask": "我们读什么？", "options": ["纸书", "手机"], "accept": "纸书"}
GUARDED = {"entry": {"at": "door", "questions": [BOOK]}}


def glance(options: dict[str, Any], **more: Any) -> Glance[Any]:
    said = MessagePosted(id="e1", at=START, group="reading", actor=WANG, message="m1", text="大家好", **more)
    found = workflow.reads(said, Options.model_validate(options))
    assert isinstance(found, Glance)
    return found


@pytest.mark.parametrize("options", [{}, GUARDED], ids=["open", "guarded"])
@pytest.mark.parametrize(
    ("stage", "past"), [("steps", False), ("tasks", False), ("gave_up", False), ("done", True), ("skipped", True)]
)
def test_only_who_is_through_is_passed_over(options, stage, past):
    found = glance(options)
    assert PROGRESS in found.slots
    assert found.over is not None
    assert found.over(Progress(account=WANG.account, began=START, stage=stage)) is past


@pytest.mark.parametrize(
    ("stage", "past"), [("asking", False), ("with_admins", False), ("turned_away", False), ("let_in", True)]
)
def test_only_who_was_let_in_is_passed_over(stage, past):
    found = glance(GUARDED)
    assert DOOR in found.slots
    assert found.over is not None
    assert found.over(Knocking(account=WANG.account, since=START, stage=stage)) is past


@pytest.mark.parametrize("options", [{}, GUARDED], ids=["open", "guarded"])
@pytest.mark.parametrize("more", [{"kind": "photo", "album": "a1"}, {"private": True}], ids=["album", "private"])
def test_parts_of_albums_and_private_words_are_heard_of_everybody_with_a_record(options, more):
    assert glance(options, **more).over is None


CHECKED_IN = CheckedIn(
    id="e1", at=START, group="reading", actor=WANG, challenge="morning", day=date(2026, 3, 2), streak=1
)
REACTED = ReactionChanged(id="e1", at=START, group="reading", actor=WANG, message="m1", emoji=("👍",))


@pytest.mark.parametrize("event", [CHECKED_IN, REACTED], ids=["check-in", "reaction"])
@pytest.mark.parametrize("stage", ["steps", "tasks", "gave_up", "done", "skipped"])
def test_what_was_done_is_part_of_no_task_of_those_who_are_through(event, stage):
    tasks = [{"id": "first", "check_in": True, "within": "3d"}, {"id": "like", "react": True, "within": "3d"}]
    found = workflow.reads(event, Options.model_validate({"tasks": tasks}))
    assert isinstance(found, Glance)
    assert found.slots == (PROGRESS,)
    assert found.over is not None
    past = found.over(Progress(account=WANG.account, began=START, stage=stage))
    assert past is (stage in ("done", "skipped"))

"""Messages of those who are through are glanced at and passed over; those of others, and parts of albums, are heard."""

from __future__ import annotations

from typing import Any

import pytest

from core.events import MessagePosted
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

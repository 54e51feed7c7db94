"""A command in the chat of several groups' admins that names no group."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.effects import Say, plain
from core.engine import Engine
from core.events import MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Bound, Group
from workflows.catalog import Catalog
from workflows.unaddressed import Unaddressed, workflow

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
WANG = Actor(account=Account("wechat:wang"), name="wang")


def said(text: str, language: str, *keys: str) -> list[str]:
    store = MemoryStore()
    run = Bound(workflow, Unaddressed(groups=keys))
    desk = Group(key="desk", runs=(run,), desk="desk", languages=(language,), texts=Catalog.shipped())
    event = MessagePosted(id="wechat:1", at=AT, group="desk", actor=WANG, message="1", text=text)
    assert not Engine(store, {"desk": desk}).process([event]).faults
    return [plain(row.effect.words) for row in store.outbox("desk") if isinstance(row.effect, Say)]


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        (
            "/状态",
            "zh",
            "这里管着几个群：#reading、#music。请在指令后面写上是哪个群，例如：/状态 #reading",
        ),
        (
            "/warn @ana too loud",
            "en",
            "Several groups are steered from here: #reading, #music. Please write behind the command which one, as in: "
            "/warn #reading",
        ),
        (
            "／公告 明天休息 #musik",
            "zh",
            "这里管着几个群：#reading、#music。请在指令后面写上是哪个群，例如：／公告 #reading",
        ),
    ],
)
def test_a_command_that_names_no_group_is_asked_back(text: str, language: str, answer: str):
    assert said(text, language, "reading", "music") == [answer]


@pytest.mark.parametrize("text", ["状态不错", "/banana", "大家好", "/ status", ""])
def test_talk_is_left_alone(text: str):
    assert said(text, "zh", "reading", "music") == []


def test_of_many_groups_a_dozen_are_named():
    for language, ending in (("zh", "、#g11……。"), ("en", ", #g11, …. ")):
        [answer] = said("/status", language, *(f"g{n}" for n in range(20)))
        assert (ending in answer, "#g12" in answer) == (True, False)

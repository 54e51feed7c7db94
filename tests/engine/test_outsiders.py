"""Who left a group is heard in private by those workflows that say so, and in the group by all."""

from __future__ import annotations

from typing import Any

import pytest

from core.decision import Decision
from core.effects import Say
from core.engine import Engine
from core.events import MemberJoined, MemberLeft, MessagePosted
from core.memory import MemoryStore
from core.workflow import Bound, Group, Workflow
from tests.engine.test_engine import START, WANG, said


def _answer(event, options, view):
    return Decision(effects=(Say(words=(options["name"],)),))


def talking(name: str, *, outsiders: bool) -> Bound[Any]:
    kinds = frozenset({MessagePosted})
    return Bound(Workflow(name, dict, kinds, lambda e, o: (), _answer, outsiders=outsiders), {"name": name})


@pytest.mark.parametrize(
    ("standing", "told", "answers"),
    [
        ("here", {"private": True}, ["members", "everybody"]),
        ("left", {"private": True}, ["everybody"]),
        ("never seen", {"private": True}, ["members", "everybody"]),
        ("back", {"private": True}, ["members", "everybody"]),
        ("left", {"private": True, "desk": True}, ["members", "everybody"]),
        ("left", {}, ["members", "everybody"]),
    ],
)
def test_who_hears_them(standing, told, answers):
    store = MemoryStore()
    runs = (talking("members", outsiders=False), talking("everybody", outsiders=True))
    engine = Engine(store, {"g": Group(key="g", runs=runs)})
    if standing != "never seen":
        engine.process([MemberJoined(id="j", at=START, group="g", actor=WANG)])
    if standing in ("left", "back"):
        engine.process([MemberLeft(id="l", at=START, group="g", actor=WANG)])
    if standing == "back":
        engine.process([MemberJoined(id="j2", at=START, group="g", actor=WANG)])
    engine.process([said(**told)])
    assert [row.workflow for row in store.outbox("g")] == answers

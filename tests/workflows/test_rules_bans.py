"""Bans hold over a rejoin where the platform itself keeps nobody out, until they are over or lifted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.effects import Ban
from core.events import MemberJoined
from core.workflow import Bound
from tests.commands.group import ADA, ANA, BEN, Steered, button
from tests.workflows.rules_chat import ANA as MEMBER
from tests.workflows.rules_chat import Chat, rule, rules
from workflows import onboarding
from workflows.acts import ACTS, KEPT
from workflows.onboarding_options import Onboarding

HOUR = 3600
LINE = "ana joined while banned: out they go again. To let them in: undo."


def chat(then: Any, *, unbarred: tuple[str, ...] = ("t",), **more: Any) -> Chat:
    made = Chat(rules(rules=[rule(then=[then])]), unbarred=unbarred, **more)
    made.says(MEMBER, "x")
    return made


@pytest.mark.parametrize(
    ("then", "rest"), [("ban", None), ({"ban": "3h"}, timedelta(hours=2))], ids=["for good", "for a while"]
)
def test_who_is_brought_back_while_banned_is_put_out_again_and_the_admins_hear_of_it(then: Any, rest: Any) -> None:
    it = chat(then)
    it.joins(MEMBER, HOUR)
    assert it.effects("Ban")[1:] == [Ban(member=MEMBER.account, span=rest, heard="report")]
    assert it.said("TellAdmins")[-1] == LINE
    assert it.why()[-1] == ("joined again while banned",)


@pytest.mark.parametrize(
    ("then", "unbarred", "joining"),
    [
        pytest.param({"ban": "3h"}, ("t",), {"at": 3 * HOUR}, id="the ban is over"),
        pytest.param("ban", ("t",), {"at": HOUR, "added_by_admin": True}, id="an admin brings them"),
        pytest.param("ban", (), {"at": HOUR}, id="the platform keeps them out itself"),
        pytest.param("ban", ("w",), {"at": HOUR}, id="theirs does, another one of the group does not"),
        pytest.param("remove", ("t",), {"at": HOUR}, id="they were only removed"),
    ],
)
def test_who_may_come_back(then: Any, unbarred: tuple[str, ...], joining: dict[str, Any]) -> None:
    it = chat(then, unbarred=unbarred)
    before = len(it.effects())
    it.joins(MEMBER, **joining)
    it.joins(MEMBER, joining["at"] + HOUR)
    assert it.effects()[before:] == []


def test_nobody_welcomes_who_is_put_out_again() -> None:
    door = Bound(onboarding.workflow, Onboarding.model_validate({"welcome": "Hello!"}))
    greets = rule(id="hello", when="join", then=[{"say": "Hi"}])
    it = Chat(rules(rules=[rule(then=["ban"]), greets]), unbarred=("t",), beside=(door,))
    it.joins(MEMBER)
    assert len(it.said()) == 2
    it.says(MEMBER, "x", 60)
    before = len(it.said())
    it.joins(MEMBER, HOUR)
    assert it.said()[before:] == []


@pytest.mark.parametrize("way", ["/unban", "undo", "undo of the line"])
def test_a_ban_that_an_admin_lifts_holds_no_more(way: str) -> None:
    it = Steered(unbarred=("telegram",))
    it.says(ADA, "/ban @ana")
    made = it.effects()
    if way == "undo of the line":
        made = back(it)
    if way == "/unban":
        it.says(ADA, "/unban @ana")
    else:
        it.presses(ADA, button(made))
    it.told()
    assert not any(isinstance(effect, Ban) for effect in back(it))


def test_a_ban_that_was_carried_out_again_is_the_one_that_was_given() -> None:
    it = Steered(unbarred=("telegram",))
    it.says(ADA, "/ban @ana spam")
    for _ in range(KEPT + 1):
        back(it)
    ((_, acts),) = it.store.every_record("g", ACTS)
    assert [(act.did, act.because) for act in acts.last.values()] == [(("ban",), ("spam",))]


def back(it: Steered) -> list[Any]:
    """Ana is brought back; what came of it."""
    it.at += timedelta(hours=1)
    it.run(MemberJoined(id=it.id(), at=it.at, group="g", actor=ANA, by=BEN))
    return it.effects()

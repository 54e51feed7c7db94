"""Conditions that come to an error are no match, and are told of to whoever asks what fails."""

from __future__ import annotations

from typing import Any

import pytest

from core.workflow import Bound
from tests.workflows.rules_chat import ANA, BEN, Chat, rule, rules
from workflows import tiers
from workflows.failing import failing
from workflows.tier_options import Tiers

NUMBER: dict[str, Any] = rule(id="number", **{"if": "msg.length > 1 && int(msg.text) > 3"})


def test_a_rule_that_fails_is_told_with_how_often_and_why():
    chat = Chat(rules(rules=[NUMBER, rule(id="fine", **{"if": "msg.length > 100"})]))
    for n, text in enumerate(("12", "seven", "eight", "x")):
        chat.says(ANA, text, n)
    assert chat.done() == [("m1", "number", ("delete",))]
    [one] = failing(chat.group)
    assert (one.workflow, one.rule, one.condition, one.times) == ("rules", "number", "int(msg.text) > 3", 2)
    assert "convert" in one.error
    assert "seven" not in one.error
    assert "eight" not in one.error


TWO = ("msg.length == 1 || int(msg.text) > 3", '{"a": 1}[msg.text] > 0')


@pytest.mark.parametrize(
    ("texts", "worst", "why"),
    [(("b", "seven", "eight"), TWO[0], "convert"), (("b", "seven", "c"), TWO[1], "key not found")],
    ids=["the first", "the second"],
)
def test_of_several_conditions_the_one_that_fails_most_is_told(texts: tuple[str, ...], worst: str, why: str):
    chat = Chat(rules(rules=[rule(**{"if": f"({TWO[0]}) && {TWO[1]}"})]))
    for n, text in enumerate(texts):
        chat.says(ANA, text, n)
    chat.run()
    [one] = failing(chat.group)
    assert (one.condition, one.times) == (worst, 3)
    assert why in one.error.lower()


@pytest.mark.parametrize(
    "asked", ['{"a": 1}[msg.text] > 0', "dyn(msg.text)", "dyn([msg.text])", 'msg.length > 0 && {"x": 1}[msg.text] == 1']
)
def test_what_members_wrote_is_in_no_error(asked: str):
    chat = Chat(rules(rules=[rule(**{"if": asked})]))
    chat.says(ANA, 'geheim "sehr" geheim')
    chat.run()
    [one] = failing(chat.group)
    assert one.error
    assert "geheim" not in one.error


def test_a_name_that_the_condition_itself_writes_is_told():
    chat = Chat(rules(rules=[rule(**{"if": 'dyn({"b": msg.text})["foo"] == 1'})]))
    chat.says(ANA, "geheim")
    chat.run()
    [one] = failing(chat.group)
    assert '"foo"' in one.error


def test_what_never_failed_is_not_told():
    chat = Chat(rules(rules=[NUMBER]))
    chat.says(BEN, "12")
    chat.run()
    assert failing(chat.group) == ()


def test_a_tier_that_fails_is_told_by_its_id():
    climbed = Tiers.model_validate(
        {"tiers": {"new": {"from": 0}, "old": {"from": 1, "if": "member.points / member.warnings > 2"}}}
    )
    chat = Chat(rules(rules=[rule(id="gift", then=[{"points": 5}])]), beside=(Bound(tiers.workflow, climbed),))
    chat.says(ANA, "hello")
    chat.run()
    told = [(one.workflow, one.rule, one.condition) for one in failing(chat.group)]
    assert told == [("tiers", "old", "member.points / member.warnings > 2")]


def test_a_review_that_fails_is_told():
    review = {"tiers": {"new": {"from": 0}, "old": {"from": 1}}, "tier_review": {"demote_if": "1 / 0 > member.points"}}
    reviewed = Tiers.model_validate(review)
    chat = Chat(rules(rules=[NUMBER]), beside=(Bound(tiers.workflow, reviewed),))
    assert reviewed.ladder.demote_if is not None
    assert not reviewed.ladder.demote_if.holds({"member": {"points": 1}})
    assert [(one.workflow, one.rule, one.times) for one in failing(chat.group)] == [("tiers", "tier_review", 1)]

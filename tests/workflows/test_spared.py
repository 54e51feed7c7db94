"""Where a workflow says that it spares events of a type, it would have had nothing to decide about them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.events import Event, JoinRequested, MemberLeft, MessageEdited, ReactionChanged
from core.follow_ups import CheckedIn, OnboardingCompleted, PointsChanged, TierChanged, Warned
from core.interest import Listeners
from core.people import Account, Actor, ActorKind
from tests.workflows.test_deaf import groups, shipped

WHOSE: dict[str, Any] = {"id": "e", "at": datetime(2026, 3, 2, 10, tzinfo=UTC), "group": "g"}


def _events(actor: Actor) -> tuple[Event, ...]:
    """One of each type that a workflow spares in some group."""
    return (
        MessageEdited(**WHOSE, actor=actor, message="9", text="打卡 代购 https://a.example"),
        ReactionChanged(**WHOSE, actor=actor, message="9", emoji=("👍",), author=actor),
        MemberLeft(**WHOSE, actor=actor),
        JoinRequested(**WHOSE, actor=actor, words="代购"),
        PointsChanged(**WHOSE, actor=actor, amount=5),
        CheckedIn(**WHOSE, actor=actor, challenge="morning", day=date(2026, 3, 2), streak=3),
        TierChanged(**WHOSE, actor=actor, old=None, new="seed"),
        OnboardingCompleted(**WHOSE, actor=actor),
        Warned(**WHOSE, actor=actor, rule="ads", live=1),
    )


@pytest.mark.parametrize("kind", ActorKind)
def test_nothing_is_missed(kind: ActorKind):
    actor = Actor(account=Account("telegram:7"), name="小王", kind=kind, admin=True)
    spared: set[tuple[str, type]] = set()
    for group in groups():
        listeners = Listeners()
        for event in _events(actor):
            left_out = [
                bound
                for bound in group.runs
                if type(event) in bound.workflow.hears and bound not in listeners.of(group, type(event))
            ]
            for bound in left_out:
                assert bound.workflow.reads(event, bound.options) is None, (bound.name, event)
                spared.add((bound.name, type(event)))
    assert spared >= {("rules", PointsChanged), ("rules", CheckedIn), ("onboarding", CheckedIn)}
    assert {name for name, _ in spared} == {one.name for one in shipped() if one.spares is not None}


def test_every_type_that_is_spared_somewhere_is_put_to_the_test():
    played = {type(event) for event in _events(Actor(account=Account("telegram:7"), name="小王"))}
    spared = {
        kind
        for group in groups()
        for bound in group.runs
        for kind in bound.workflow.hears
        if bound.workflow.spares is not None and bound.workflow.spares(kind, bound.options)
    }
    assert spared <= played

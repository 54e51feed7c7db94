"""What is logged of things that went wrong tells of nobody."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from core.decision import Decision, SetTimer
from core.engine import Engine
from core.events import Event, MessagePosted, TimerDue
from core.memory import MemoryStore
from core.people import Account, Actor
from core.workflow import Bound, Group, View, Workflow
from jobs.mishaps import tell

START = datetime(2026, 3, 2, tzinfo=UTC)
ANA = Account("telegram:7700990011")


def _decide(event: Event, options: dict[str, object], view: View) -> Decision:
    if isinstance(event, TimerDue):
        raise LookupError(f"nothing is known of {event.member}")
    return Decision(timers=(SetTimer(key=f"next:{ANA}", at=START, member=ANA),), because=("asked",))


BROKEN = Workflow("broken", dict[str, object], frozenset((MessagePosted, TimerDue)), lambda event, options: (), _decide)


def test_a_crash_at_the_timer_of_a_member_is_told_without_their_account(caplog: pytest.LogCaptureFixture):
    engine = Engine(MemoryStore(), {"g": Group(key="g", runs=(Bound(BROKEN, {}),))})
    at = START + timedelta(hours=1)
    outcome = engine.replay([MessagePosted(id="telegram:1:1", at=at, group="g", actor=Actor(account=ANA), message="1")])
    outcome.add(
        engine.replay([MessagePosted(id="telegram:1:2", at=at, group="g", actor=Actor(account=ANA), message="2")])
    )
    assert outcome.faults
    assert any(ANA in fault.event for fault in outcome.faults)
    tell(outcome, logging.getLogger("yaji"))
    assert "workflow broken crashed on timer:g:broken:next:somebody:" in caplog.text
    assert "LookupError: nothing is known of somebody" in caplog.text
    assert "7700990011" not in caplog.text

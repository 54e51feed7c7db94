"""Who bears a username is the same one by one and in a batch, for which accounts are loaded, and made, ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.decision import Decision
from core.effects import Say
from core.engine import Engine
from core.events import Event, MemberRenamed, MessagePosted
from core.people import Account, Actor
from core.state import named
from core.workflow import Bound, Group, Workflow

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
ANA = Actor(account=Account("telegram:1"), name="Anna", username="ana")
BOB = Actor(account=Account("telegram:2"), name="Bob", username="ana")
"""A newcomer to whom Ana left her username, or who has it until she takes it back."""


def _reads(event, options):
    return (named("ana"),) if event.text == "who is @ana?" else None


def _tells(event, options, view):
    found = view.get(named("ana"))
    return Decision(effects=(Say(words=(found.account if found is not None else "nobody",)),), because=("asked",))


ASKED = Workflow("asked", dict, frozenset((MessagePosted,)), _reads, _tells)


def said(n: int, who: Actor, text: str = "hello") -> MessagePosted:
    at = START + timedelta(seconds=n)
    return MessagePosted(id=f"telegram:{n}", at=at, group="g", actor=who, message=str(n), text=text)


def asks(n: int) -> MessagePosted:
    return said(n, Actor(account=Account("telegram:9"), name="Cleo"), "who is @ana?")


def moved(n: int, was: Actor, now: Actor) -> MemberRenamed:
    return MemberRenamed(id=f"telegram:{n}", at=START + timedelta(seconds=n), group="g", actor=now, was=was.account)


DAN, DANA = Actor(account=Account("telegram:4"), name="Dan"), Actor(account=Account("telegram:5"), name="Dana")
OTHER = Actor(account=Account("telegram:3"), name="Anna", username="ana")


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        ([said(1, ANA), said(2, BOB), asks(3)], ["telegram:2"]),
        ([said(1, BOB), asks(2), said(3, ANA), asks(4)], ["telegram:2", "telegram:1"]),
        ([said(1, ANA), said(2, BOB), said(3, ANA), asks(4)], ["telegram:1"]),
        ([said(1, ANA), said(2, DAN), moved(3, DAN, DANA), said(4, BOB), said(5, ANA), asks(6)], ["telegram:1"]),
        ([said(1, ANA), moved(2, ANA, OTHER), asks(3)], ["telegram:3"]),
        ([said(1, ANA), moved(2, ANA, OTHER), said(3, ANA), asks(4)], ["telegram:1"]),
    ],
    ids=[
        "left to a newcomer",
        "taken back",
        "taken and taken back",
        "the same behind a move",
        "renamed",
        "renamed and heard of again",
    ],
)
@pytest.mark.parametrize("size", [1, 2, 9])
@pytest.mark.parametrize("known", [False, True])
def test_a_batch_is_as_its_events_one_by_one(store, happens: list[Event], told: list[str], size: int, known: bool):
    engine = Engine(store, {"g": Group(key="g", platforms=("telegram",), runs=(Bound(ASKED, {}),))})
    if known:
        engine.process([said(0, ANA)])
    for n in range(0, len(happens), size):
        engine.process(happens[n : n + size])
    assert [row.effect.words[0] for row in store.outbox("g")] == told

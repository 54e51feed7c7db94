"""Who came and went is what happened, in whatever order it is heard of: several processes hear at once."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from core.events import MemberJoined, MemberLeft
from core.state import Day
from tests.engine.books import START, WANG, engine_with, said

SECOND = timedelta(seconds=1)


def comes(id_: str, at: int) -> MemberJoined:
    return MemberJoined(id=id_, at=START + at * SECOND, group="g", actor=WANG)


def goes(id_: str, at: int) -> MemberLeft:
    return MemberLeft(id=id_, at=START + at * SECOND, group="g", actor=WANG)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_who_is_back_is_not_gone_because_their_leaving_is_told_last(order):
    events = [comes("first", 0), goes("gone", 600), comes("again", 1200)]
    engine, store = engine_with()
    for n in order:
        engine.process([events[n]])
    [member] = store.people("g")
    assert member.left is None


def test_a_join_that_is_told_again_after_they_were_thrown_out_brings_nobody_back():
    """Another assistant removes them at once: Telegram's second word of the join comes after that of the removal."""
    engine, store = engine_with()
    for event in (comes("update", 0), goes("thrown out", 1), comes("message", 0)):
        engine.process([event])
    [member] = store.people("g")
    assert (member.joined, member.left) == (START, START + SECOND)


def test_who_comes_back_within_a_minute_is_back():
    engine, store = engine_with()
    for event in (comes("first", 0), goes("gone", 5), comes("again", 10)):
        engine.process([event])
    [member] = store.people("g")
    assert (member.joined, member.left) == (START + 10 * SECOND, None)


def test_who_writes_after_they_left_is_back_and_an_old_leaving_changes_nothing():
    engine, store = engine_with()
    for event in (comes("first", 60), said(at=START + 120 * SECOND), goes("late", 30)):
        engine.process([event])
    [member] = store.people("g")
    assert member.left is None
    assert [day for _, day in store.activity("g")] == [Day(day=member.joined.date(), messages=1)]

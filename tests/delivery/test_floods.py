"""Pauses that the platform asks for: one chat's is nobody else's, and none is forgotten."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core.budget import Allowance, Budget
from core.delivery import Destination, Later, Never, Refusal, State, Unsure
from core.effects import Mute, TellAdmins
from core.pacing import Limits
from core.people import Account
from tests.delivery.stage import Stage, said
from tests.delivery.virtual_time import START, play

WANG = Account("telegram:10001")


def flood(seconds: float, **more: bool) -> Later:
    return Later(after=timedelta(seconds=seconds), why=f"retry after {seconds:g}", flood=True, **more)


def test_three_chats_that_have_to_wait_hold_nobody_else():
    slow = {"-a", "-b", "-c"}

    def script(effect, to, n):
        return flood(60) if to.chat in slow and asyncio.get_running_loop().time() < 60 else None

    stage = Stage(script, groups=("a", "b", "c", "d"), limits=Limits())

    async def scene():
        running = asyncio.create_task(stage.perform(100))
        for group in ("a", "b", "c"):
            stage.put(said(1), group=group)
            await asyncio.sleep(5)
        stage.put(said(2), group="d")
        await running

    play(scene())
    assert stage.world.times("-d") == [pytest.approx(15, abs=0.6)]
    assert all(len(stage.world.times(chat)) == 2 for chat in slow)


def test_a_chat_that_has_to_wait_is_one_that_was_reached():
    down = Later(after=timedelta(seconds=1), why="no way there")
    answers = {"-a": down, "-b": down, "-c": flood(60), "-d": down}
    stage = Stage(lambda effect, to, n: answers.get(to.chat) if n < 4 else None, groups=("a", "b", "c", "d", "e"))
    for group in ("a", "b", "c", "d"):
        stage.put(said(1), group=group)
    stage.put(said(2), group="e")
    play(stage.perform(1))
    assert len(stage.world.times("-e")) == 1


def test_the_pause_of_a_chat_outlives_a_courier_that_is_killed():
    stage = Stage(lambda effect, to, n: flood(300) if n == 0 else None, groups=("g", "h"), limits=Limits())
    stage.put(said(1))

    async def scene():
        killed = asyncio.create_task(stage.courier("one").run())
        await asyncio.sleep(5)
        killed.cancel()
        stage.put(said(2), said(3))
        stage.put(said(4), group="h")
        await stage.perform(400)

    play(scene())
    assert min(stage.world.times("-g")[1:]) >= 300
    assert stage.world.copies == {"m1": 1, "m2": 1, "m3": 1, "m4": 1}
    assert stage.world.times("-h")[0] < 30


def test_the_pause_of_a_private_chat_is_remembered_for_the_chat_and_not_for_the_group():
    stage = Stage(lambda effect, to, n: flood(300) if n == 0 else None, limits=Limits())
    stage.put(TellAdmins(words=("look",)))
    play(stage.perform(5))
    stage.put(TellAdmins(words=("again",)), said(1))
    play(stage.perform(200))
    assert stage.world.times("77") == [pytest.approx(0, abs=0.1)]
    assert len(stage.world.times("-g")) == 1


def test_the_pause_of_acts_is_remembered_for_acts():
    stage = Stage(lambda effect, to, n: flood(300) if n == 0 else None, limits=Limits())
    stage.put(Mute(member=WANG, span=None))
    play(stage.perform(5))
    stage.put(Mute(member=Account("telegram:2"), span=None), said(1))
    play(stage.perform(200))
    assert sum(isinstance(effect, Mute) for _, effect, _ in stage.world.asked) == 1
    assert stage.world.copies["m1"] == 1


def test_the_pause_of_the_whole_account_is_remembered():
    stage = Stage(lambda effect, to, n: flood(300, whole_bot=True) if n == 0 else None, groups=("g", "h"))
    stage.put(said(1))
    play(stage.perform(5))
    stage.put(said(2), group="h")
    play(stage.perform(200))
    assert stage.world.times("-h") == []


def test_a_wait_that_nobody_asked_for_is_not_remembered_as_a_pause():
    down = Later(after=timedelta(seconds=200), why="no way there")
    stage = Stage(lambda effect, to, n: down if n == 0 else None)
    stage.put(said(1))
    play(stage.perform(5))
    stage.put(said(2))
    play(stage.perform(20))
    assert stage.world.copies["m2"] == 1


def test_an_account_with_a_budget_that_is_told_to_wait_says_nothing_and_can_tell_until_when():
    stage = Stage(lambda effect, to, n: flood(1800, whole_bot=True) if n == 0 else None)
    stage.budget = Budget(Allowance(a_day=99, a_day_in_a_room=99, strangers_a_day=9))
    stage.put(said(1))
    play(stage.perform(5))
    assert stage.budget.held_until is not None
    assert abs(stage.budget.held_until - START - timedelta(minutes=30)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Never(refusal=Refusal.GONE, why="can't be deleted", requests=30), id="never"),
        pytest.param(Later(after=timedelta(seconds=60), why="retry", flood=True, requests=30), id="later"),
        pytest.param(Unsure(why="the answer was lost", requests=30), id="unsure"),
    ],
)
def test_requests_for_an_act_that_was_not_done_count_against_the_account(answer):
    stage = Stage(lambda effect, to, n: answer if n == 0 else None, groups=("g", "h"), limits=Limits(overall=30))

    async def scene():
        running = asyncio.create_task(stage.perform(30))
        stage.put(Mute(member=WANG, span=None))
        await asyncio.sleep(0.5)
        stage.put(said(1), group="h")
        await running

    play(scene())
    (told,) = stage.world.times("-h")
    assert told > 1


def test_lines_to_other_admins_do_not_share_the_pause_of_one():
    stage = Stage(lambda effect, to, n: flood(300) if to.chat == "77" else None, limits=Limits())
    stage.admins = [Destination("g", "77"), Destination("g", "78")]
    [line] = stage.put(TellAdmins(words=("look",)))
    play(stage.perform())
    assert stage.state(line) is State.DONE
    assert stage.world.times("78")[0] < 1

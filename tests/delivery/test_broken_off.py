"""What is ended between two of its messages: nothing was on the wire, so nothing about it is unsure."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from config.wechat import Pace
from core.budget import Allowance, Budget
from core.delivery import Destination, Later, State
from core.effects import Effect, TellAdmins
from core.errors import StoreUnavailable
from core.pacing import Limits
from jobs.serve.careful import unhurried
from tests.delivery.stage import Stage, said
from tests.delivery.virtual_time import START, play

LINE = TellAdmins(words=("look",))
DIGEST = said(1, urgency="bulk")
EFFECTS = pytest.mark.parametrize("effect", [LINE, said(1), DIGEST], ids=["a line", "a text", "a digest"])
FAREWELL = 2.5
"""Seconds that a process that ends leaves for what is on its way."""


def slow(script: Any = None) -> Stage:
    """A stage whose account lets nine seconds pass between two messages, of which each effect takes five."""
    stage = Stage(script, limits=unhurried(Pace(), lambda: 1.0))
    stage.budget = Budget(Allowance(a_day=99, a_day_in_a_room=99, strangers_a_day=9))
    stage.admins = [Destination("g", str(70 + n)) for n in range(5)]
    stage.world.lengths["m1"] = 5
    return stage


async def stopped(stage: Stage, after: float) -> None:
    """A process that is stopped in the middle, and has to be gone soon."""
    courier = stage.courier()
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(after)
    async with asyncio.timeout(FAREWELL):
        await courier.stop()
    await running


class Store:
    """An outbox that is out of reach at times."""

    def __init__(self, dispatch: Any) -> None:
        self._dispatch = dispatch
        self.gone = False

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **more: Any) -> Any:
            if self.gone:
                raise StoreUnavailable("gone")
            return getattr(self._dispatch, name)(*arguments, **more)

        return call


async def without_a_store(stage: Stage, begins: float, lasts: float, *, in_all: float = 120.0) -> None:
    """One process from beginning to end, whose store is gone meanwhile."""
    store = Store(stage.dispatch)
    courier = stage.courier(dispatch=store)
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(begins)
    store.gone = True
    await asyncio.sleep(lasts)
    store.gone = False
    await asyncio.sleep(in_all)
    await courier.stop()
    await running


@EFFECTS
def test_a_stop_lets_the_rest_go_at_once(effect: Effect):
    stage = slow()
    [id_] = stage.put(effect)
    play(stopped(stage, 12))
    assert len(stage.world.posted) == 5
    assert stage.state(id_) is State.DONE
    play(stage.perform(120))
    assert len(stage.world.posted) == 5


def test_a_stop_lets_the_rest_go_without_the_gap_of_a_chat_but_within_what_the_account_may():
    stage = Stage(limits=Limits(overall=4))
    stage.world.lengths["m1"] = 6
    [id_] = stage.put(said(1))
    play(stopped(stage, 0.1))
    assert stage.state(id_) is State.DONE
    assert stage.world.asked[-1][0] < 2.0
    times = stage.world.times("-g")
    assert all(later - earlier >= 1.0 for earlier, later in zip(times, times[4:], strict=False))


@EFFECTS
def test_lost_between_two_messages_the_lease_ends_nothing_and_it_goes_on_where_it_was(effect: Effect):
    stage = slow()
    [id_] = stage.put(effect)
    play(without_a_store(stage, 1, 12))
    assert stage.state(id_) is State.DONE
    assert len(stage.world.posted) == 5
    assert len({chat for _, chat, _ in stage.world.posted}) == (5 if effect is LINE else 1)
    assert not {"unsure", "dead"} & set(stage.kinds())


def test_what_is_broken_off_again_and_again_counts_as_no_attempt():
    stage = slow()
    stage.world.lengths["m1"] = 20
    [id_] = stage.put(DIGEST)

    async def scene() -> None:
        for _ in range(12):
            await without_a_store(stage, 1, 12, in_all=1)
        await stage.perform(300)

    play(scene())
    assert stage.state(id_) is State.DONE
    assert len(stage.world.posted) == 20


def test_a_request_that_is_on_its_way_when_the_lease_ends_is_unsure_as_before():
    stage = slow(lambda effect, to, n: "hangs" if n == 1 else None)
    [id_] = stage.put(DIGEST)
    play(without_a_store(stage, 11, 12))
    assert (stage.state(id_), len(stage.world.posted)) == (State.UNSURE, 1)


def test_in_a_pause_of_the_account_a_stop_lets_nothing_more_go_and_the_rest_waits():
    stage = slow()
    [id_] = stage.put(DIGEST)

    async def scene() -> None:
        stopping = asyncio.create_task(stopped(stage, 12))
        await asyncio.sleep(11)
        assert stage.budget is not None
        stage.budget.hold(START + timedelta(seconds=200))
        await stopping

    play(scene())
    assert (stage.state(id_), len(stage.world.posted)) == (State.WAITING, 2)
    assert stage.outcome(id_) == "told to wait: the rest waits for the end of a pause"
    play(stage.perform(400))
    assert (stage.state(id_), len(stage.world.posted)) == (State.DONE, 5)
    assert stage.world.asked[2][0] >= 200


def test_nor_does_it_write_to_an_admin_whose_chat_the_platform_holds():
    flood = Later(after=timedelta(seconds=200), why="retry after 200", flood=True)
    stage = Stage(lambda effect, to, n: flood if n == 0 else None, limits=Limits())
    stage.admins = [Destination("g", "71")]
    stage.put(TellAdmins(words=("first",)))

    async def scene() -> None:
        stopping = asyncio.create_task(stopped(stage, 6))
        await asyncio.sleep(3)
        stage.admins = [Destination("g", "70"), *stage.admins]
        [id_] = stage.put(LINE)
        await stopping
        assert stage.state(id_) is State.DONE
        assert stage.outcome(id_) == "not told to all: the rest waits for the end of a pause"

    play(scene())
    assert [chat for _, chat, _ in stage.world.posted] == ["70"]


def test_the_platform_forgets_how_much_it_said_of_what_is_given_up():
    stage = slow(lambda effect, to, n: "cut" if n == 2 else None)
    [id_] = stage.put(DIGEST)
    play(stage.perform(120))
    assert stage.state(id_) is State.UNSURE
    assert stage.world.forgotten == ["-g"]


def test_it_forgets_nothing_of_what_goes_on():
    stage = slow(lambda effect, to, n: "cut" if n == 2 else None)
    [id_] = stage.put(said(1))

    async def scene() -> None:
        running = asyncio.create_task(stage.perform(120))
        while len(stage.world.asked) < 4:
            await asyncio.sleep(1)
        assert stage.world.forgotten == []
        await running

    play(scene())
    assert stage.state(id_) is State.DONE

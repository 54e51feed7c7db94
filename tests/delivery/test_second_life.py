"""A courier that follows one that was killed keeps the limits over both lives."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from core.delivery import State
from core.effects import Say
from core.pacing import UNLIMITED, Limits, Pacer
from core.people import Account
from tests.delivery.stage import Stage, said
from tests.delivery.virtual_time import play

LIMITS = Limits()
_NUMBERS = count(1)


class Noticed:
    """An outbox, and a kernel that tells at once when who used it is dead."""

    def __init__(self, dispatch: Any) -> None:
        self._dispatch = dispatch
        self._lease: tuple[str, str] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dispatch, name)

    def take_lease(self, name: str, holder: str, span: Any) -> bool:
        self._lease = (name, holder)
        taken: bool = self._dispatch.take_lease(name, holder, span)
        return taken

    def is_dead(self) -> None:
        assert self._lease is not None
        self._dispatch.drop_lease(*self._lease)


async def lives(stage: Stage, seconds: float) -> None:
    """A courier from its beginning until it is killed."""
    noticed = Noticed(stage.dispatch)
    running = asyncio.create_task(stage.courier(f"process {next(_NUMBERS)}", dispatch=noticed).run())
    await asyncio.sleep(seconds)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    noticed.is_dead()


def spans(times: list[float], most: int) -> list[float]:
    """How long each run of one more than may be takes."""
    return [later - earlier for earlier, later in zip(times, times[most:], strict=False)]


def examine(stage: Stage) -> None:
    for chat in stage.chats.values():
        times = stage.world.times(chat)
        assert min(spans(times, 20), default=60.0) >= 60.0
        assert min(spans(times, 1), default=1.0) >= 1.0
    assert min(spans([at for at, _, _ in stage.world.asked], 30), default=1.0) >= 1.0


@pytest.mark.parametrize("killed", [0.03, 0.06, 0.9, 5.0, 18.52, 19.99, 21.0, 40.3, 59.9, 61.07, 75.0])
def test_killed_amid_a_burst_no_group_hears_more_than_twenty_in_a_minute_over_both_lives(killed):
    stage = Stage(groups=("g", "h"), limits=LIMITS)
    ids = [id_ for group in stage.groups for id_ in stage.put(*(said(n) for n in range(45)), group=group)]

    async def scene() -> None:
        await lives(stage, killed)
        await lives(stage, 300.0)

    play(scene())
    examine(stage)
    assert {stage.state(id_) for id_ in ids} == {State.DONE}
    assert max(stage.world.copies.values()) <= 2 * len(stage.groups)


def test_killed_again_and_again_the_account_never_says_more_than_it_may():
    stage = Stage(groups=[f"g{n}" for n in range(40)], limits=LIMITS, latency=0.2)
    for group in stage.groups:
        stage.put(*(said(n) for n in range(25)), group=group)

    async def scene() -> None:
        for n in range(30):
            await lives(stage, 0.3 + 0.37 * n)

    play(scene())
    examine(stage)
    assert len(stage.world.asked) > 500


def test_what_was_lost_on_the_way_counts_as_often_as_it_may_have_arrived():
    stage = Stage(lambda effect, to, n: "lost" if n < 10 and n % 2 == 0 else None, limits=LIMITS)
    stage.put(*(said(n) for n in range(40)))

    async def scene() -> None:
        await lives(stage, 15.0)
        await lives(stage, 100.0)

    play(scene())
    examine(stage)


def test_a_term_that_follows_ones_own_counts_nothing_twice():
    stage = Stage(limits=LIMITS)
    stage.put(*(said(n) for n in range(30)))

    async def scene() -> None:
        noticed = Noticed(stage.dispatch)
        courier = stage.courier("one", dispatch=noticed)
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(10)
        noticed.is_dead()
        assert stage.dispatch.take_lease("courier:main", "another", timedelta(seconds=2))
        await asyncio.sleep(13)
        assert len(stage.world.asked) == 20
        await courier.stop()
        await running

    play(scene())
    examine(stage)


def test_where_nothing_is_limited_nothing_is_read():
    stage = Stage()
    asked: list[str] = []

    class Watched(Noticed):
        def said(self, *about: object) -> list[object]:
            asked.append("said")
            return []

    async def scene(limits: Limits) -> None:
        stage.limits = limits
        courier = stage.courier("one", dispatch=Watched(stage.dispatch))
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(1)
        await courier.stop()
        await running

    play(scene(UNLIMITED))
    assert asked == []
    play(scene(LIMITS))
    assert asked == ["said"]


def test_the_next_courier_waits_where_the_former_one_had_said_all_it_may():
    pacer = Pacer(LIMITS)
    for n in range(20):
        pacer.restore("-g", 100.0 + n, 1, group=True)
    pacer.restore("1", 119.5, 1, group=False)
    pacer.offer("in the group", "-g", 1)
    pacer.offer("in private", "1", 1, group=False)
    assert pacer.next(119.6) == pytest.approx(0.9)
    assert pacer.next(120.6) == "in private"
    assert pacer.next(130.0) == pytest.approx(30.0)
    assert pacer.next(160.0) == "in the group"


def test_a_private_answer_counts_for_the_person_it_was_for():
    stage = Stage(limits=Limits(chat_gap=5.0))
    li = Account("telegram:li")
    stage.put(Say(words=("m1",), to=li))

    async def scene() -> None:
        await lives(stage, 1.0)
        stage.put(Say(words=("m2",), to=li), said(3))
        await lives(stage, 20.0)

    play(scene())
    [first, second] = stage.world.times("li")
    assert second - first >= 5.0
    assert stage.world.times("-g")[0] < first + 2

"""Couriers that are killed: at every single moment of a small day, at every pair of moments of a smaller one."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest

from adapters.sql import open_store
from core.delivery import Never, Refusal, State
from core.effects import Ban, Delete, Mute, Say, TellAdmins
from core.people import Account
from tests.delivery.stage import Stage, said
from tests.delivery.virtual_time import play
from tests.support.databases import new_sqlite

WANG = Account("telegram:10001")
FINAL = (State.DONE, State.UNSURE, State.DEAD, State.DROPPED)


_NUMBERS = count(1)
LEASE = 9.0
"""Seconds after which the next process finds nobody in its way."""


class Killed(BaseException):
    """The process is gone."""


class Life:
    """Of one process: it ends at its n-th moment. Each call out of the courier has two: before it and after it."""

    def __init__(self, ends: int | None) -> None:
        self.ends = ends
        self.moments = 0
        self.dead = False

    def moment(self) -> None:
        if self.moments == self.ends:
            self.dead = True
        self.moments += 1
        if self.dead:
            raise Killed


class MortalDispatch:
    """The outbox, as seen by a process that may die at any call."""

    def __init__(self, dispatch: Any, life: Life) -> None:
        self._dispatch = dispatch
        self._life = life

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            self._life.moment()
            answer = getattr(self._dispatch, name)(*args, **more)
            self._life.moment()
            return answer

        return call


class MortalWorld:
    """The platform, likewise: what it was asked for it does, whether or not the asker lives to hear of it."""

    name = "telegram"

    def __init__(self, world: Any, life: Life) -> None:
        self._world = world
        self._life = life

    def abilities(self, group: str) -> Any:
        return self._world.abilities(group)

    def parts(self, effect: Any, to: Any) -> int:
        parts: int = self._world.parts(effect, to)
        return parts

    def forget(self, effect: Any, to: Any) -> None:
        self._world.forget(effect, to)

    async def perform(self, effect: Any, to: Any) -> Any:
        self._life.moment()
        answer = await asyncio.shield(asyncio.ensure_future(self._world.perform(effect, to)))
        self._life.moment()
        return answer


async def live(stage: Stage, ends: int | None, seconds: float) -> Life:
    """One process: until it is killed, or so long."""
    life = Life(ends)
    courier = stage.courier(
        f"process {next(_NUMBERS)}", dispatch=MortalDispatch(stage.dispatch, life), world=MortalWorld(stage.world, life)
    )
    running = asyncio.create_task(courier.run())
    await asyncio.wait({running}, timeout=seconds)
    if not life.dead:
        life.dead = True
        life.ends = None
    running.cancel()
    done, _ = await asyncio.wait({running})
    for task in done:
        task.cancelled() or task.exception()
    return life


def a_day(stage: Stage) -> dict[str, list[str]]:
    """Some of everything; answers the ids by kind."""
    closed = Never(refusal=Refusal.UNREACHABLE, why="Forbidden")
    no = Never(refusal=Refusal.NO_RIGHT, why="not enough rights", needs="ban")

    def script(effect: Any, to: Any, n: int) -> Any:
        if to.chat == "10001":
            return closed
        return no if isinstance(effect, Ban) else None

    stage.world.script = script
    return {
        "say": stage.put(said(1), said(2, urgency="now"), TellAdmins(words=("m3",))),
        "bulk": stage.put(said(4, urgency="bulk")),
        "act": stage.put(Delete(messages=("1",)), Mute(member=Account("telegram:2"), span=None)),
        "private": stage.put(Say(words=("m5",), to=WANG)),
        "ban": stage.put(Ban(member=Account("telegram:3"))),
    }


def a_morning(stage: Stage) -> dict[str, list[str]]:
    return {"say": stage.put(said(1), said(2)), "bulk": stage.put(said(4, urgency="bulk")), "act": [], "private": []}


def examine(stage: Stage, ids: dict[str, list[str]], crashes: int) -> None:
    """What must hold whatever happened."""
    every = [id_ for some in ids.values() for id_ in some]
    for id_ in every:
        assert stage.state(id_) in FINAL, id_
        assert stage.outcome(id_)
    assert stage.dispatch.pending("telegram", ["g"]) == {}
    for words, copies in stage.world.copies.items():
        assert copies <= min(2, 1 + crashes), words
    assert stage.world.copies["m4"] <= 1
    assert all(stage.state(id_) is State.DONE for id_ in ids["act"])
    if crashes < 2:
        assert all(stage.state(id_) is State.DONE for id_ in ids["say"])
        assert stage.world.copies["m1"] >= 1


def moments_of(day: Any) -> int:
    stage = Stage(idle=2, grantable=True)

    async def scene() -> Life:
        ids = day(stage)
        life = await live(stage, None, 2)
        examine(stage, ids, 0)
        return life

    return play(scene()).moments


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_killed_at_any_moment_it_loses_nothing_and_says_nothing_three_times(kind, tmp_path):
    moments = moments_of(a_day)
    assert moments > 30
    step = 1 if kind == "memory" else 3
    for n in range(0, moments, step):
        store = None if kind == "memory" else open_store(new_sqlite(tmp_path / f"{n}.db"), durable=False)
        stage = SqlStage(store=store, idle=2) if store is not None else Stage(idle=2)

        async def scene(stage: Stage = stage, n: int = n) -> None:
            ids = a_day(stage)
            await live(stage, n, 5)
            await asyncio.sleep(LEASE)
            await live(stage, None, 20)
            examine(stage, ids, 1)
            [ban] = ids["ban"]
            assert stage.state(ban) is State.DEAD
            lines = [words for words in stage.world.copies if words.startswith("⚠️")]
            assert len(lines) == 1
            assert stage.world.copies["m5"] == 0, "they are not in the group"

        play(scene())
        if store is not None:
            store.close()


def test_killed_twice_at_any_two_moments_there_are_two_copies_at_the_most():
    moments = moments_of(a_morning)
    seen = 0
    for first in range(moments):
        for second in range(moments):
            stage = Stage(idle=10)

            async def scene(stage: Stage = stage, first: int = first, second: int = second) -> None:
                ids = a_morning(stage)
                await live(stage, first, 5)
                await asyncio.sleep(LEASE)
                await live(stage, second, 5)
                await asyncio.sleep(LEASE)
                await live(stage, None, 20)
                examine(stage, ids, 2)

            play(scene())
            seen += 1
    assert seen > 400


class SqlStage(Stage):
    """The same, with the outbox in a file."""

    store: Any

    def _row(self, id_: str) -> Any:
        return self.store.pool.take().ask("SELECT state, outcome FROM outbox WHERE id = ?", (id_,))[0]

    def state(self, id_: str) -> State:
        return State(self._row(id_)[0])

    def outcome(self, id_: str) -> str:
        return self._row(id_)[1] or ""


def test_two_couriers_at_once_that_both_die_and_come_back():
    stage = Stage(idle=2)
    ids = {"say": stage.put(*(said(n) for n in range(1, 30))), "bulk": [], "act": []}

    async def scene() -> None:
        for n in range(1, 8):
            await asyncio.gather(live(stage, 10 * n, 20), live(stage, 7 * n, 20))
        await live(stage, None, 100)

    play(scene())
    for id_ in ids["say"]:
        assert stage.state(id_) in (State.DONE, State.UNSURE)
    assert max(stage.world.copies.values()) <= 2
    assert stage.dispatch.pending("telegram", ["g"]) == {}

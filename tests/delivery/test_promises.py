"""Parcels that are born in a courier's hands: what is promised, and that a courier may die with them at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from adapters.sql import open_store
from core.courier import Courier
from core.delivery import State
from core.effects import Delete, Remove, Say, TellAdmins
from core.errors import StoreBusy
from core.pacing import Limits
from core.people import Account
from core.ports import OutboxRow
from tests.delivery.stage import Stage, said
from tests.delivery.test_crashes import FINAL, LEASE, Life, MortalDispatch, MortalWorld, SqlStage
from tests.delivery.virtual_time import play
from tests.support.databases import new_sqlite


def promised(courier: Courier, *rows: OutboxRow) -> list[OutboxRow]:
    """The rows as the engine commits them."""
    return [row._replace(courier=courier.promise(row)) for row in rows]


def handed(courier: Courier, rows: Sequence[OutboxRow]) -> None:
    """What the engine tells after its commit."""
    courier.committed([row for row in rows if row.courier])
    if waiting := [row for row in rows if not row.courier]:
        courier.offer(waiting)


def answer(stage: Stage, courier: Courier, *effects: Any, group: str = "g") -> list[OutboxRow]:
    rows = promised(courier, *(stage.row(effect, group) for effect in effects))
    stage.commit(rows)
    handed(courier, rows)
    return rows


def scene(stage: Stage, act: Any, courier: Courier | None = None) -> None:
    """A courier at work, and what happens beside it."""

    async def run() -> None:
        working = courier or stage.courier()
        running = asyncio.create_task(working.run())
        await asyncio.sleep(1)
        await act(working)
        await working.stop()
        await running

    play(run())


class Counted:
    """An outbox that remembers what it was asked; the lease is prolonged by itself. `fails` looks fail from now on."""

    def __init__(self, dispatch: Any) -> None:
        self._dispatch = dispatch
        self.asked: list[str] = []
        self.fails = 0

    def __getattr__(self, name: str) -> Any:
        if name != "take_lease":
            self.asked.append(name)
        if name == "waiting" and self.fails:
            return self._fail
        return getattr(self._dispatch, name)

    def _fail(self, *_: Any, **_more: Any) -> None:
        self.fails -= 1
        raise StoreBusy("another process holds it")


def test_an_answer_goes_out_without_a_look_into_the_outbox_or_a_commit_of_its_own():
    stage = Stage(idle=60)
    counted = Counted(stage.dispatch)

    async def act(courier: Courier) -> None:
        counted.asked.clear()
        [row] = answer(stage, courier, said(1))
        assert stage.state(row.id) is State.SENDING
        await asyncio.sleep(0.01)
        assert len(stage.world.asked) == 1
        assert counted.asked == []
        await asyncio.sleep(1)
        assert stage.state(row.id) is State.DONE
        assert counted.asked == ["turn"]
        assert stage.dispatch.way(row.id).attempts == 1

    scene(stage, act, stage.courier(dispatch=counted))


@pytest.mark.parametrize(
    "effect",
    [
        pytest.param(said(1, urgency="bulk"), id="what is not repeated when nobody knows"),
        pytest.param(Delete(messages=("1",)), id="acts"),
        pytest.param(TellAdmins(words=("look",)), id="lines to the admins"),
    ],
)
def test_not_promised_is(effect):
    stage = Stage()

    async def act(courier: Courier) -> None:
        assert courier.promise(stage.row(effect)) == ""

    scene(stage, act)


def test_one_message_of_a_group_is_promised_at_a_time_and_they_keep_their_order():
    stage = Stage(groups=("g", "h"), latency=0.5)

    async def act(courier: Courier) -> None:
        rows = promised(courier, stage.row(said(1)), stage.row(said(2)), stage.row(said(3), "h"))
        assert [bool(row.courier) for row in rows] == [True, False, True]
        stage.commit(rows)
        handed(courier, rows)
        await asyncio.sleep(0.1)
        assert courier.promise(stage.row(said(4))) == "", "the first one is on its way"
        await asyncio.sleep(3)
        assert [words for _, chat, words in stage.world.posted if chat == "-g"] == ["m1", "m2"]
        assert all(stage.state(row.id) is State.DONE for row in rows)

    scene(stage, act)


def offered(stage: Stage, courier: Courier, *effects: Any) -> list[OutboxRow]:
    """Rows about which nothing was promised."""
    rows = [stage.row(effect) for effect in effects]
    stage.commit(rows)
    courier.offer(rows)
    return rows


def test_what_was_not_promised_goes_without_a_look_into_the_outbox_as_well():
    stage = Stage(idle=60)
    counted = Counted(stage.dispatch)

    async def act(courier: Courier) -> None:
        counted.asked.clear()
        rows = offered(stage, courier, said(1), said(2, urgency="bulk"))
        await asyncio.sleep(2)
        assert [words for _, _, words in stage.world.posted] == ["m1", "m2"]
        assert all(stage.state(row.id) is State.DONE for row in rows)
        assert set(counted.asked) == {"turn"}

    scene(stage, act, stage.courier(dispatch=counted))


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(lambda stage, courier: courier.wake(), id="something older may wait"),
        pytest.param(lambda stage, courier: offered(stage, courier, Delete(messages=("1",))), id="an act was written"),
    ],
)
def test_what_is_older_and_waits_in_the_outbox_is_not_overtaken(before):
    stage = Stage(idle=60)

    async def act(courier: Courier) -> None:
        stage.commit([stage.row(said(1))])
        before(stage, courier)
        offered(stage, courier, said(2))
        await asyncio.sleep(2)
        assert [words for _, _, words in stage.world.posted if words in ("m1", "m2")] == ["m1", "m2"]

    scene(stage, act)


def test_a_look_that_failed_is_made_up_for_before_anything_newer_goes():
    stage = Stage(idle=60)
    counted = Counted(stage.dispatch)

    async def act(courier: Courier) -> None:
        counted.fails = 1
        first = [stage.row(said(1)), stage.row(TellAdmins(words=("look",)))]
        stage.commit(first)
        courier.offer(first)
        await asyncio.sleep(0.05)
        assert counted.fails == 0
        offered(stage, courier, said(2))
        await asyncio.sleep(5)
        assert [words for _, _, words in stage.world.posted if words in ("m1", "m2")] == ["m1", "m2"]

    scene(stage, act, stage.courier(dispatch=counted))


def test_who_is_told_in_private_is_told_before_anything_is_done():
    stage = Stage(idle=60, latency=0.5)

    async def act(courier: Courier) -> None:
        ben = Account("telegram:7")
        rows = [stage.row(said(1, to=ben)), stage.row(Remove(member=ben))]
        rows = [row._replace(event="e") for row in rows]
        stage.commit(rows)
        courier.offer(rows)
        await asyncio.sleep(5)
        assert [type(effect) for _, effect, _ in stage.world.asked] == [Say, Remove]

    scene(stage, act)


def test_what_was_offered_twice_is_performed_once():
    stage = Stage(idle=60, latency=0.5)

    async def act(courier: Courier) -> None:
        rows = offered(stage, courier, said(1))
        courier.offer(rows)
        await asyncio.sleep(0.2)
        courier.offer(rows)
        courier.wake()
        await asyncio.sleep(3)
        courier.offer(rows)
        await asyncio.sleep(3)
        assert stage.world.copies == {"m1": 1}

    scene(stage, act)


def test_what_was_offered_to_a_courier_that_does_not_serve_yet_is_found_when_it_does():
    stage = Stage(idle=60)
    waiting = stage.courier("two")

    async def act(courier: Courier) -> None:
        running = asyncio.create_task(waiting.run())
        await asyncio.sleep(1)
        [row] = offered(stage, waiting, said(1))
        await courier.stop()
        await asyncio.sleep(40)
        assert stage.state(row.id) is State.DONE
        await waiting.stop()
        await running

    scene(stage, act)


def test_nothing_is_promised_where_it_could_not_go_at_once():
    stage = Stage(groups=("g", "h"), limits=Limits(overall=2, chat_gap=1.0, burst=1))

    async def act(courier: Courier) -> None:
        answer(stage, courier, said(1, urgency="now"))
        await asyncio.sleep(0.2)
        assert courier.promise(stage.row(said(2, urgency="now"))) == "", "the chat rests"
        assert courier.promise(stage.row(said(3), "h")) == "", "what can wait is spread"
        answer(stage, courier, said(4, urgency="now"), group="h")
        await asyncio.sleep(0.2)
        assert courier.promise(stage.row(said(5, urgency="now", to=Account("telegram:1")), "h")) == "", "all rests"
        await asyncio.sleep(2)
        assert courier.promise(stage.row(said(6))) != ""

    scene(stage, act)


def test_a_courier_without_its_lease_promises_nothing():
    stage = Stage()
    other = stage.courier("two")

    async def act(courier: Courier) -> None:
        running = asyncio.create_task(other.run())
        await asyncio.sleep(1)
        assert other.promise(stage.row(said(1))) == ""
        await other.stop()
        await running

    scene(stage, act)
    assert other.promise(stage.row(said(2))) == ""


def test_nothing_is_promised_to_a_group_that_the_assistant_is_not_in():
    stage = Stage()

    async def act(courier: Courier) -> None:
        courier.standing_changed("g", present=False)
        assert courier.promise(stage.row(said(1))) == ""

    scene(stage, act)


def test_what_was_promised_and_has_not_gone_waits_again_when_the_courier_stops():
    stage = Stage(groups=("g", "h"), limits=Limits(overall=1))
    kept: list[OutboxRow] = []

    async def act(courier: Courier) -> None:
        kept.extend(promised(courier, stage.row(said(1, urgency="now")), stage.row(said(2, urgency="now"), "h")))
        stage.commit(kept)
        handed(courier, kept)
        await asyncio.sleep(0.2)
        assert stage.state(kept[1].id) is State.SENDING, "it is its turn in a moment"

    scene(stage, act)
    assert dict(stage.world.copies) == {"m1": 1}
    way = stage.dispatch.way(kept[1].id)
    assert (way.state, way.attempts, way.unsure) == (State.WAITING, 0, 0)


@pytest.mark.parametrize("written", [True, False])
def test_after_a_commit_of_which_nobody_knows_the_outbox_tells_whether_to_perform(written):
    stage = Stage()

    async def act(courier: Courier) -> None:
        rows = promised(courier, stage.row(said(1)))
        if written:
            stage.commit(rows)
        courier.doubt()
        await asyncio.sleep(2)
        assert stage.world.copies["m1"] == written
        if written:
            assert stage.state(rows[0].id) is State.DONE
        else:  # the batch is tried again, and makes the same row
            again = promised(courier, rows[0]._replace(courier=""))
            stage.commit(again)
            handed(courier, again)
            await asyncio.sleep(2)
            assert stage.world.copies["m1"] == 1

    scene(stage, act)


def test_a_batch_that_is_tried_again_while_the_courier_still_looks_is_performed_once():
    stage = Stage()

    async def act(courier: Courier) -> None:
        row = stage.row(said(1))
        promised(courier, row)
        courier.doubt()
        again = promised(courier, row)
        stage.commit(again)
        handed(courier, again)
        await asyncio.sleep(2)
        assert stage.world.copies["m1"] == 1
        assert stage.state(row.id) is State.DONE

    scene(stage, act)


# killed


async def live(stage: Stage, number: str, ends: int | None, answers: Sequence[OutboxRow], seconds: float) -> Life:
    """One process, an engine and a courier: until it is killed, or so long. The answers are decided after a second."""
    life = Life(ends)
    courier = stage.courier(number, dispatch=MortalDispatch(stage.dispatch, life), world=MortalWorld(stage.world, life))

    async def engine() -> None:
        await asyncio.sleep(1)
        rows = promised(courier, *answers)
        life.moment()
        stage.commit(rows)
        life.moment()
        handed(courier, rows)
        await asyncio.sleep(seconds)

    tasks = {asyncio.create_task(courier.run()), asyncio.create_task(engine())}
    await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    if not life.dead:
        life.dead, life.ends = True, None
    for task in tasks:
        task.cancel()
    done, _ = await asyncio.wait(tasks)
    for task in done:
        task.cancelled() or task.exception()
    return life


def decided(stage: Stage) -> list[OutboxRow]:
    """What a batch led to: two answers that are promised, one that is not, a digest and an act."""
    bulk, act = said(4, urgency="bulk"), Delete(messages=("1",))
    return [stage.row(said(1)), stage.row(said(2)), stage.row(said(3), "h"), stage.row(bulk), stage.row(act)]


def examine(stage: Stage, rows: Sequence[OutboxRow], crashes: int) -> None:
    for row in rows:
        assert stage.state(row.id) in FINAL, row.id
    assert stage.dispatch.pending("telegram", ["g", "h"]) == {}
    for words, copies in stage.world.copies.items():
        assert copies <= min(2, 1 + crashes), words
    assert stage.world.copies["m4"] <= 1
    if crashes < 2:
        assert all(stage.state(row.id) is State.DONE for row in rows if not isinstance(row.effect, Say))
        assert all(stage.world.copies[f"m{n}"] >= 1 for n in (1, 2, 3))


def moments() -> int:
    stage = Stage(groups=("g", "h"), idle=2)
    return play(live(stage, "only", None, decided(stage), 6)).moments


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_killed_at_any_moment_an_answer_is_not_lost_and_not_given_three_times(kind, tmp_path):
    last = moments()
    assert last > 20
    told = 0
    for n in range(0, last, 1 if kind == "memory" else 3):
        store = None if kind == "memory" else open_store(new_sqlite(tmp_path / f"{n}.db"), durable=False)
        made = Stage(groups=("g", "h"), idle=2) if store is None else SqlStage(groups=("g", "h"), store=store, idle=2)

        async def run(stage: Stage = made, n: int = n) -> bool:
            rows = decided(stage)
            await live(stage, "one", n, rows, 5)
            await asyncio.sleep(LEASE)
            committed = stage.dispatch.pending("telegram", ["g", "h"]) or stage.world.asked
            await live(stage, "two", None, (), 20)
            if committed:
                examine(stage, rows, 1)
            return bool(committed)

        told += play(run())
        if store is not None:
            store.close()
    assert told > 5


def test_killed_twice_there_are_two_copies_of_an_answer_at_the_most():
    last, twice = moments(), 0
    for first in range(0, last, 2):
        for second in range(1, last, 3):
            made = Stage(groups=("g", "h"), idle=10)

            async def run(stage: Stage = made, first: int = first, second: int = second) -> int:
                rows = decided(stage)
                await live(stage, "one", first, rows, 5)
                await asyncio.sleep(LEASE)
                if not (stage.dispatch.pending("telegram", ["g", "h"]) or stage.world.asked):
                    return 0
                await live(stage, "two", second, (), 5)
                await asyncio.sleep(LEASE)
                await live(stage, "three", None, (), 20)
                examine(stage, rows, 2)
                return sum(copies == 2 for copies in stage.world.copies.values())

            twice += play(run())
    assert twice > 0

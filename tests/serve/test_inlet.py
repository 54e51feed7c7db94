"""Events of many connections become batches of one engine, and whoever handed them in hears when they are committed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.sql import open_store
from core.decision import Decision, Post, Put
from core.effects import Say
from core.engine import Engine, Outcome
from core.errors import StoreBusy, StoreSpoiled, StoreUnavailable
from core.events import Event, MessagePosted
from core.memory import MemoryStore
from core.people import Account, Actor
from core.state import POINTS, Slot, balance
from core.workflow import Bound, Group, Workflow
from jobs.serve.inlet import MOST, WAITING, EngineInlet
from tests.support.patience import PATIENCE, eventually

AT = datetime(2026, 3, 2, tzinfo=UTC)
SAID = Slot("tests.said", int)
AHEAD = 16


def posted(n: int, group: str = "g") -> MessagePosted:
    return MessagePosted(id=f"{group}:{n}", at=AT, group=group, actor=Actor(account=Account("t:1")), message=str(n))


class Slow:
    """An engine that commits when it is let to, and remembers its batches and threads."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.threads: set[int] = set()
        self.go = threading.Event()
        self.fails: list[Exception] = []
        self.unflushed: list[str] = []
        self.lasting: list[str] = []
        self.flushes = threading.Semaphore(1_000)
        self.disk: list[Exception] = []
        self.flushed = 0

    def process(self, batch: Sequence[Event], *, lasting: bool) -> Outcome:
        assert self.go.wait(PATIENCE)
        self.threads.add(threading.get_ident())
        if self.fails:
            raise self.fails.pop()
        self.batches.append([event.id for event in batch])
        (self.lasting if lasting else self.unflushed).extend(self.batches[-1])
        return Outcome(new=len(batch))

    def flush(self) -> None:
        """What was committed before lasts from now on."""
        self.flushed += 1
        count = len(self.unflushed)
        assert self.flushes.acquire(timeout=PATIENCE)
        if self.disk:
            raise self.disk.pop()
        self.lasting += self.unflushed[:count]
        del self.unflushed[:count]


def inlet_over(engine: Slow, **more: Any) -> EngineInlet:
    return EngineInlet(engine, engine.flush, **more)  # type: ignore[arg-type]


async def handed_in(inlet: EngineInlet, count: int) -> None:
    """So many events wait or are on their way."""
    await eventually(lambda: inlet._waiting + inlet._on_their_way == count)


async def heard_of(inlet: EngineInlet, engine: Slow, n: int) -> bool:
    """Hand one event in, and tell whether it lasts by the time that its owner hears of it."""
    await inlet.take([posted(n)])
    return f"g:{n}" in engine.lasting


async def test_what_arrives_during_a_commit_is_one_batch_in_order_of_arrival():
    engine = Slow()
    inlet = inlet_over(engine)
    running = asyncio.create_task(inlet.run())
    first = asyncio.create_task(inlet.take([posted(0)]))
    await eventually(lambda: inlet._on_their_way == 1)
    others = [asyncio.create_task(inlet.take([posted(n)])) for n in range(1, 6)]
    await handed_in(inlet, 6)
    assert not first.done()
    engine.go.set()
    await asyncio.gather(first, *others)
    assert [event for batch in engine.batches for event in batch] == [f"g:{n}" for n in range(6)]
    assert len(engine.batches) == 2
    assert len(engine.threads) == 1
    inlet.stop()
    await running


async def test_a_batch_is_bounded_and_connections_take_turns():
    engine = Slow()
    inlet = inlet_over(engine)
    running = asyncio.create_task(inlet.run())
    flood = [asyncio.create_task(inlet.take([posted(k * 100 + n, "flood") for n in range(100)])) for k in range(5)]
    await handed_in(inlet, 500)
    command = asyncio.create_task(inlet.take([posted(1, "calm")]))
    await handed_in(inlet, 501)
    engine.go.set()
    await asyncio.gather(*flood, command)
    assert max(len(batch) for batch in engine.batches) < 2 * MOST
    assert sum(len(batch) for batch in engine.batches) == 501
    inlet.stop()
    await running


async def test_whoever_comes_when_all_places_are_taken_waits():
    engine = Slow()
    inlet = inlet_over(engine)
    running = asyncio.create_task(inlet.run())
    takers = [asyncio.create_task(inlet.take([posted(n) for _ in range(MOST)])) for n in range(WAITING + 20)]
    await eventually(inlet._requests.full)
    assert not any(taker.done() for taker in takers)
    engine.go.set()
    await asyncio.gather(*takers)
    assert [event for batch in engine.batches for event in batch] == [
        f"g:{n}" for n in range(WAITING + 20) for _ in range(MOST)
    ]
    inlet.stop()
    await running


@pytest.mark.parametrize("error", [StoreUnavailable("gone"), StoreBusy("busy"), RuntimeError("a bug")])
async def test_whatever_keeps_a_batch_from_being_committed_its_owners_keep_it(error: Exception):
    engine = Slow()
    engine.go.set()
    engine.fails = [error]
    inlet = inlet_over(engine)
    running = asyncio.create_task(inlet.run())
    with pytest.raises(StoreUnavailable):
        await inlet.take([posted(1)])
    await inlet.take([posted(1)])
    assert engine.batches == [["g:1"]]
    inlet.stop()
    await running


async def test_stopping_finishes_what_waits_and_takes_no_more():
    engine = Slow()
    inlet = inlet_over(engine)
    running = asyncio.create_task(inlet.run())
    takers = [asyncio.create_task(inlet.take([posted(n)])) for n in range(3)]
    await handed_in(inlet, 3)
    inlet.stop()
    with pytest.raises(StoreUnavailable):
        await inlet.take([posted(9)])
    engine.go.set()
    await asyncio.gather(*takers)
    await running
    assert sum(len(batch) for batch in engine.batches) == 3


def test_a_commit_that_outlasts_the_event_loop_troubles_nobody(monkeypatch: pytest.MonkeyPatch):
    troubles: list[object] = []
    monkeypatch.setattr(threading, "excepthook", troubles.append)
    engine, before = Slow(), set(threading.enumerate())

    async def scene() -> None:
        inlet = inlet_over(engine)
        working = [asyncio.create_task(inlet.run()), asyncio.create_task(inlet.take([posted(1)]))]
        await eventually(lambda: inlet._on_their_way == 1)
        for task in working:
            task.cancel()
        await asyncio.wait(working)

    asyncio.run(scene())
    lanes = set(threading.enumerate()) - before
    assert lanes
    engine.go.set()
    for lane in lanes:
        lane.join(PATIENCE)
    assert engine.batches == [["g:1"]]
    assert troubles == []


async def test_another_engine_is_used_from_the_next_batch_on():
    old, new = Slow(), Slow()
    old.go.set()
    new.go.set()
    inlet = inlet_over(old)
    running = asyncio.create_task(inlet.run())
    await inlet.take([posted(1)])
    inlet.use(new)  # type: ignore[arg-type]
    await inlet.take([posted(2)])
    assert (old.batches, new.batches) == ([["g:1"]], [["g:2"]])
    inlet.stop()
    await running


async def test_those_who_want_to_know_hear_of_each_commit():
    engine, heard = Slow(), []
    engine.go.set()
    inlet = inlet_over(engine, committed=lambda events, outcome: heard.append((len(events), outcome.new)))
    running = asyncio.create_task(inlet.run())
    await inlet.take([posted(1), posted(2)])
    assert heard == [(2, 2)]
    inlet.stop()
    await running


async def test_what_is_alone_lasts_without_another_thread():
    engine = Slow()
    engine.go.set()
    engine.flushes = threading.Semaphore(0)
    inlet = inlet_over(engine)
    running = asyncio.create_task(inlet.run())
    assert await heard_of(inlet, engine, 1)
    inlet.stop()
    await running


async def test_in_a_flood_the_engine_decides_while_the_disk_works_and_owners_hear_when_it_is_done():
    engine = Slow()
    engine.go.set()
    engine.flushes = threading.Semaphore(0)
    inlet = inlet_over(engine, most=1, ahead=AHEAD)
    running = asyncio.create_task(inlet.run())
    owners = [asyncio.create_task(heard_of(inlet, engine, n)) for n in range(AHEAD)]
    await eventually(lambda: len(engine.batches) >= AHEAD - 1)
    assert not any(owner.done() for owner in owners)
    for _ in range(AHEAD):
        engine.flushes.release()
    assert all(await asyncio.gather(*owners))
    inlet.stop()
    await running


async def test_in_a_flood_one_flush_serves_many_batches():
    engine = Slow()
    engine.flushes = threading.Semaphore(0)
    inlet = inlet_over(engine, most=1, ahead=AHEAD)
    running = asyncio.create_task(inlet.run())
    owners = [asyncio.create_task(heard_of(inlet, engine, n)) for n in range(AHEAD)]
    await handed_in(inlet, AHEAD)
    engine.go.set()
    await eventually(lambda: len(engine.batches) == AHEAD)
    engine.flushes.release(AHEAD)
    assert all(await asyncio.gather(*owners))
    assert len(engine.batches) == AHEAD
    assert 1 <= engine.flushed <= 4
    inlet.stop()
    await running


async def test_however_slow_the_disk_is_only_so_many_batches_are_ahead_of_it():
    engine = Slow()
    engine.go.set()
    engine.flushes = threading.Semaphore(0)
    inlet = inlet_over(engine, most=1, ahead=AHEAD)
    running = asyncio.create_task(inlet.run())
    owners = [asyncio.create_task(heard_of(inlet, engine, n)) for n in range(3 * AHEAD)]
    await eventually(lambda: len(engine.batches) >= AHEAD)
    for _ in range(100):
        await asyncio.sleep(0.001)
    assert len(engine.batches) == AHEAD
    engine.flushes.release(3 * AHEAD)
    assert all(await asyncio.gather(*owners))
    inlet.stop()
    await running


async def test_what_the_disk_may_not_have_kept_is_given_back_to_its_owners():
    engine, spoiled = Slow(), asyncio.Event()
    inlet = inlet_over(engine, most=1, spoiled=spoiled.set)
    running = asyncio.create_task(inlet.run())
    engine.disk = [StoreSpoiled("the disk")]
    owners = [asyncio.create_task(inlet.take([posted(n)])) for n in range(2)]
    await asyncio.sleep(0)
    engine.go.set()
    told = await asyncio.gather(*owners, return_exceptions=True)
    assert isinstance(told[0], StoreUnavailable)
    assert spoiled.is_set()
    await asyncio.gather(*(inlet.take([posted(n)]) for n in range(2)))
    assert {"g:0", "g:1"} <= set(engine.lasting)
    inlet.stop()
    await running


def in_steps(steps: threading.Semaphore) -> Slow:
    """An engine whose flushes wait, and that decides a batch for each step."""
    engine = Slow()
    engine.flushes = threading.Semaphore(0)
    process = engine.process

    def stepping(batch: Sequence[Event], *, lasting: bool) -> Outcome:
        assert steps.acquire(timeout=PATIENCE)
        return process(batch, lasting=lasting)

    engine.process = stepping  # type: ignore[method-assign]
    return engine


async def test_what_was_committed_when_a_store_went_is_not_believed_because_the_next_one_answers():
    steps = threading.Semaphore(3)
    engine = in_steps(steps)
    inlet = inlet_over(engine, most=1, ahead=AHEAD)
    running = asyncio.create_task(inlet.run())
    owners = [asyncio.create_task(inlet.take([posted(n)])) for n in range(AHEAD)]
    await handed_in(inlet, AHEAD)
    engine.go.set()
    await eventually(lambda: engine.flushed == 1)
    steps.release(AHEAD)
    await eventually(lambda: len(engine.batches) == AHEAD)
    ahead = set(engine.unflushed)
    assert len(ahead) > 3
    engine.disk = [StoreUnavailable("a server that is gone")]
    engine.flushes.release(AHEAD)
    told = await asyncio.gather(*owners, return_exceptions=True)
    assert {f"g:{n}" for n, one in enumerate(told) if isinstance(one, StoreUnavailable)} == ahead
    steps.release(AHEAD)
    await asyncio.gather(*(inlet.take([posted(n)]) for n in range(AHEAD)))
    inlet.stop()
    await running


async def test_a_store_that_was_gone_once_in_a_flood_is_believed_again_before_the_flood_is_over():
    steps = threading.Semaphore(3)
    engine = in_steps(steps)
    inlet = inlet_over(engine, most=1, ahead=AHEAD)
    running = asyncio.create_task(inlet.run())
    flood = asyncio.gather(*(inlet.take([posted(n)]) for n in range(8 * AHEAD)), return_exceptions=True)
    engine.disk = [StoreUnavailable("a server that is gone")]
    engine.go.set()

    async def begun(flush: int) -> None:
        await eventually(lambda: flood.done() or engine.flushed >= flush)

    await begun(1)
    steps.release(8 * AHEAD)
    for flush in range(1, 8 * AHEAD):
        await begun(flush)
        await eventually(lambda: inlet._on_their_way == AHEAD or not inlet._waiting)
        engine.flushes.release()
        if not inlet._waiting:
            break
    engine.flushes.release(8 * AHEAD)
    told = await flood
    lost = [n for n, one in enumerate(told) if isinstance(one, StoreUnavailable)]
    assert lost
    assert max(lost) < 3 * AHEAD
    inlet.stop()
    await running


async def test_in_a_flood_each_group_stays_in_its_lane_and_keeps_its_order():
    engine = Slow()
    inlet = inlet_over(engine, most=20, lanes=2)
    running = asyncio.create_task(inlet.run())
    groups = [f"g{n}" for n in range(10)]
    owners = [asyncio.create_task(inlet.take([posted(n, group) for group in groups])) for n in range(20)]
    await handed_in(inlet, 200)
    engine.go.set()
    await asyncio.gather(*owners)
    assert len(engine.threads) == 2
    for group in groups:
        told = [id_ for batch in engine.batches for id_ in batch if id_.startswith(f"{group}:")]
        assert told == [f"{group}:{n}" for n in range(20)]
    inlet.stop()
    await running


async def test_if_one_lane_fails_everybody_keeps_their_events_and_nothing_waits_for_ever():
    engine = Slow()
    inlet = inlet_over(engine, most=5, lanes=2)
    running = asyncio.create_task(inlet.run())
    events = [posted(n, f"g{n}") for n in range(10)]
    first = [asyncio.create_task(inlet.take(events)) for _ in range(3)]
    await handed_in(inlet, 30)
    engine.fails = [StoreBusy("a deadlock")]
    engine.go.set()
    told = await asyncio.gather(*first, return_exceptions=True)
    assert [type(one) for one in told].count(StoreUnavailable) == 1
    await inlet.take(events)
    inlet.stop()
    await running


def _reads(event: Any, options: object) -> tuple[Any, ...]:
    return (SAID.of(event.actor.account), SAID.of_group(), balance(POINTS, event.actor.account))


def _decide(event: Any, options: object, view: Any) -> Decision:
    me = event.actor.account
    mine, all_ = view.get(SAID.of(me)) or 0, view.get(SAID.of_group()) or 0
    points = Post(kind=POINTS, member=me, amount=1 + mine % 3, rule="r", reason="said", by=None, about=AT.date())
    return Decision(
        changes=(Put(SAID.of(me), mine + 1), Put(SAID.of_group(), all_ + 1), points),
        effects=(Say(words=(f"{mine} {all_} {view.get(balance(POINTS, me))}",)),),
        because=("said",),
    )


async def test_lanes_on_postgres_make_the_books_that_one_event_after_another_makes(new_url):
    groups = {
        f"g{n}": Group(key=f"g{n}", runs=(Bound(Workflow("w", dict, frozenset({MessagePosted}), _reads, _decide), {}),))
        for n in range(12)
    }
    events = [
        replace(posted(n, f"g{n * 7 % 12}"), actor=Actor(account=Account(f"t:{n * n % 23}"), name=f"m{n * n % 23}"))
        for n in range(1_500)
    ]
    one_by_one = MemoryStore()
    Engine(one_by_one, groups).process(events)
    store = open_store(new_url("postgres"), durable=False)
    inlet = EngineInlet(Engine(store, groups), store.flush, most=50, lanes=3)
    running = asyncio.create_task(inlet.run())
    await asyncio.gather(*(inlet.take(events[n : n + 50]) for n in range(0, len(events), 50)))
    inlet.stop()
    await running
    for group in groups:
        assert [row.effect for row in store.outbox(group)] == [row.effect for row in one_by_one.outbox(group)]
        assert sorted(_sums(store, group)) == sorted(_sums(one_by_one, group))
    store.close()


def _sums(store: Any, group: str) -> list[tuple[Any, ...]]:
    people = {member.person: member.account for member in store.people(group)}
    return [(people[entry.person], entry.key, entry.amount) for entry in store.facts(group)]

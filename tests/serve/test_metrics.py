"""What Prometheus is told: where it was asked for, with the right numbers, and nothing of anybody."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from adapters.sql import open_store
from adapters.sql.rows import micros
from adapters.sql.timekeeping import SqlTimekeeping
from config.home import load
from core.delivery import Settled, State
from core.effects import React
from core.events import TimerDue
from core.outcome import Outcome
from core.ports import OutboxRow, TimerRow, Writes
from jobs.serve.listening import listening
from jobs.serve.metrics import Histogram, Metrics
from jobs.serve.own_process import own_process
from jobs.serve.refusing import CannotServe
from jobs.serve.serving import serving
from tests.clock.timers import set_timers
from tests.serve.scene import scene
from tests.support.patience import PATIENCE, eventually
from tests.support.ports import HeldPort

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
SAMPLE = re.compile(r"[a-z_]+(\{[a-z]+=\"[a-zA-Z0-9_.+]+\"\})? [0-9.e+-]+")


def test_a_histogram_counts_up_to_each_bound():
    held = Histogram((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 7.0):
        held.note(seconds)
    assert list(held.lines("x")) == [
        'x_bucket{le="0.1"} 2', 'x_bucket{le="1"} 3', 'x_bucket{le="+Inf"} 4', "x_sum 7.650000", "x_count 4",
    ]  # fmt: skip


async def test_what_was_done_and_what_waits_is_told(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", durable=False)) as store:
        metrics = Metrics(store, waiting=lambda now: {"g": now, "h": now})
        due = TimerDue(id="t", at=AT + timedelta(seconds=3), group="g", workflow="w", key="k", due=AT, member=None)
        metrics.committed([due], Outcome(new=1, effects=2))
        metrics.settled([Settled("a", State.DONE, ""), Settled("b", State.WAITING, ""), Settled("c", State.DEAD, "")])
        set_timers(store, [TimerRow("g", "w", "k", datetime.now(UTC) - timedelta(hours=1), None, {}, "r")])
        text = await metrics.text()
    lines = text.splitlines()
    assert 'yaji_lateness_seconds_bucket{le="2.5"} 0' in lines
    assert 'yaji_lateness_seconds_bucket{le="5"} 1' in lines
    assert {'yaji_settled_total{state="done"} 1', 'yaji_settled_total{state="dead"} 1'} < set(lines)
    assert {"yaji_events_total 1", "yaji_effects_total 2", "yaji_timers 1", "yaji_timers_due 1"} < set(lines)
    assert "yaji_groups_waiting 2" in lines
    overdue = next(line for line in lines if line.startswith("yaji_timers_overdue_seconds "))
    assert 3600 <= float(overdue.split()[1]) < 3700
    assert [line for line in lines if not line.startswith("# ") and not SAMPLE.fullmatch(line)] == []


async def test_timers_are_counted_once_a_minute_and_those_that_are_due_each_time(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", durable=False)) as store:
        at = datetime.now(UTC)
        store.pool.clock = lambda: at
        metrics = Metrics(store)
        for n, due in enumerate((at - timedelta(hours=1), at + timedelta(hours=1))):
            set_timers(store, [TimerRow("g", "w", f"k{n}", due, None, {}, "r")])
            assert {"yaji_timers 1", "yaji_timers_due 1"} < set((await metrics.text()).splitlines())
        at += timedelta(hours=2)
        assert {"yaji_timers 2", "yaji_timers_due 2"} < set((await metrics.text()).splitlines())


async def test_a_clock_that_is_not_believed_is_told_until_it_is(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", durable=False)) as store:
        metrics, kept = Metrics(store), SqlTimekeeping(store.pool)
        for by, told in ((timedelta(days=-1), -86400), (None, 0)):
            kept.note_leap(by, AT)
            assert f"yaji_clock_off_seconds {told}" in (await metrics.text()).splitlines()


def waiting(id_: str, at: datetime) -> OutboxRow:
    return OutboxRow(id_, at, "g", "e", "w", "React", React(message="m1", emoji="👍"), None, "telegram")


async def test_how_long_a_message_waits_that_might_be_sent_is_told(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", durable=False)) as store:
        now = datetime.now(UTC)
        store.pool.clock = lambda: now
        metrics = Metrics(store)
        assert "yaji_outbox_overdue_seconds 0.000" in await metrics.text()
        with store.unit() as unit:
            unit.save(
                Writes(outbox=[waiting("held", now - timedelta(hours=9)), waiting("late", now - timedelta(hours=1))])
            )
            unit.commit()
        with store.pool.writing() as session:
            session.ask("UPDATE outbox SET not_before = ? WHERE id = 'held'", (micros(now + timedelta(hours=1)),))
            session.commit()
        assert "yaji_outbox_overdue_seconds 3600.000" in await metrics.text()


async def test_the_process_tells_since_when_it_lives_and_what_it_holds(tmp_path: Path):
    with closing(open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", durable=False)) as store:
        text = await Metrics(store).text()
    told = dict(line.split() for line in text.splitlines() if line.startswith("process_"))
    assert abs(float(told["process_start_time_seconds"]) - datetime.now(UTC).timestamp()) < 24 * 60 * 60
    assert float(told["process_resident_memory_bytes"]) > 1 << 20
    assert 0 < float(told["process_open_fds"]) <= float(told["process_max_fds"])
    assert list(own_process(tmp_path)) == [], "elsewhere nothing is told"


async def test_they_are_told_where_it_was_asked_for(tmp_path: Path):
    with scene(tmp_path) as here:
        port = HeldPort()
        async with serving(load(here.home), environment=here.environment, listen=port.address) as at_work:
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            await eventually(lambda: not at_work.store.outbox("reading") or bool(at_work.couriers))
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
                assert (await client.get(f"http://{port.address}/healthz")).json()["ok"] is True
                answer = await client.get(f"http://{port.address}/metrics")
                assert (await client.get(f"http://{port.address}/else")).status_code == 404
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "yaji_store_up 1" in answer.text
        assert re.search(r"^yaji_batch_seconds_count [1-9]", answer.text, re.MULTILINE)
        for word in ("Li", "打卡", "reading", str(here.group.id), here.bot.token):
            assert word not in answer.text


async def test_where_webhooks_are_used_and_nobody_asked_there_are_none(tmp_path: Path):
    with scene(tmp_path) as here:
        port = HeldPort()
        here.environment |= {"YAJI_PUBLIC_URL": f"http://{port.address}", "YAJI_LISTEN": port.address}
        async with (
            serving(load(here.home), environment=here.environment, webhook=True),
            httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client,
        ):
            assert (await client.get(f"http://{port.address}/healthz")).status_code == 200
            assert (await client.get(f"http://{port.address}/metrics")).status_code == 404


@pytest.mark.parametrize("written", ["nonsense", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:99999"])
def test_an_address_that_is_none_is_refused_with_a_sentence(written: str):
    with pytest.raises(CannotServe):
        listening(written)

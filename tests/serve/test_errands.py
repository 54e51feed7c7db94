"""Digests of `yaji serve`: built by its worker, once, whoever is killed; and nobody is left over."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.queue.embedded import server_program
from adapters.sql import open_store
from adapters.sql.tasks import Claimed, SqlTasks
from core.ports import Writes
from jobs.serve.holders import holder
from tests.serve.process import GRACE, Life
from tests.serve.scene import MORNING, Scene, scene
from tests.support.patience import PATIENCE, eventually

DAY = timedelta(days=1)


def write_digest(here: Scene) -> None:
    """A digest for every day, at a time that was a few minutes ago, in a zone where it is afternoon."""
    now = datetime.now(UTC)
    ahead = (15 - now.hour + 12) % 24 - 12
    zone = f"Etc/GMT{-ahead:+d}"  # there a minus means east
    clock = (now - timedelta(minutes=3)).astimezone(ZoneInfo(zone))
    digest = f'{{at: "{clock:%H:%M}", sections: [check_in_board], to: reading, chart: check_ins_by_day}}'
    here.write(f"{MORNING}digests:\n  daily: {digest}\n")
    file = here.home / "communities" / "a.yaml"
    file.write_text(file.read_text().replace("Asia/Shanghai", zone))


def file_of(here: Scene) -> Path:
    return here.home / "data" / "yaji.sqlite3"


def armed(here: Scene) -> bool:
    """Whether the digest's timer was set, though nobody has said a word."""
    with closing(sqlite3.connect(file_of(here))) as books:
        return bool(books.execute("SELECT 1 FROM timers WHERE workflow = 'digests'").fetchall())


async def make_due(here: Scene) -> None:
    """Li has checked in before the digest's time, which has come: its timer was set a day too late."""
    here.li.posts(here.group, "打卡")
    await here.hears("Li")
    with closing(sqlite3.connect(file_of(here), timeout=PATIENCE)) as books, books:
        books.execute("UPDATE ledger SET at = at - ?", (timedelta(minutes=10) // timedelta(microseconds=1),))
        books.execute("UPDATE timers SET at = at - ? WHERE workflow = 'digests'", (DAY // timedelta(microseconds=1),))
    here.wang.posts(here.group, "早")  # what is committed wakes the bell


def digests(here: Scene) -> list[object]:
    return [message for message in here.group.said_by(here.bot) if "photo" in message.content]


def worker_of(life: Life) -> int | None:
    """The worker process, as the kernel knows it."""
    pid = life.process.pid
    for child in Path(f"/proc/{pid}/task/{pid}").parent.glob("*/children"):
        with suppress(OSError):  # a thread or a child that ends meanwhile
            for number in child.read_text().split():
                if b"jobs.clock.child" in Path(f"/proc/{number}/cmdline").read_bytes():
                    return int(number)
    return None


def name_of(pid: int) -> str:
    """As which a process claims."""
    host, place, _, _, word = holder().split(":")
    born = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return f"{host}:{place}:{pid}:{born}:{word}"


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


async def test_without_workers_the_serving_process_tells_a_digest_once(tmp_path: Path):
    with scene(tmp_path) as here:
        write_digest(here)
        async with here.served():
            assert armed(here)
            await make_due(here)
            await eventually(lambda: bool(digests(here)))
        async with here.served():
            here.wang.posts(here.group, "打卡")
            await here.hears("Wang")
        assert len(digests(here)) == 1


@pytest.mark.skipif(server_program() is None, reason="there is no redis-server for this platform")
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells who the children are")
async def test_a_digest_is_told_once_though_its_worker_is_killed_and_nobody_is_left_over(tmp_path: Path):
    with scene(tmp_path) as here:
        write_digest(here)
        log = tmp_path / "log.txt"
        with Life(here, log) as life:
            await eventually(lambda: "a worker listens" in log.read_text(), log.read_text)
            first = worker_of(life)
            assert first is not None
            os.kill(first, signal.SIGSTOP)
            await make_due(here)
            store = open_store(f"sqlite:///{file_of(here)}")
            tasks = SqlTasks(store, name_of(first))
            claimed: list[Claimed] = []

            def taken() -> bool:
                claimed.extend(tasks.claim("digest", tasks.now(), timedelta(hours=1)))
                return bool(claimed)

            await eventually(taken, log.read_text)  # the worker has it in hand, for all that is known
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: bool(digests(here)), log.read_text)
            assert not tasks.finish(claimed[0], "too late", Writes())
            store.close()
            await eventually(lambda: worker_of(life) not in (None, first), log.read_text)
            second = worker_of(life)
            assert second is not None
            life.kill()
            await eventually(lambda: not runs(second), log.read_text)
        lived = log.read_text().count("a worker listens")
        with Life(here, log) as life:
            await eventually(lambda: log.read_text().count("a worker listens") > lived, log.read_text)
            third, server = worker_of(life), int((here.home / "data" / "redis" / "redis.pid").read_text())
            status, took = life.stop()
        assert (status, took < GRACE) == (0, True), log.read_text()
        assert third is not None
        assert not runs(third)
        assert not runs(server)
        assert len(digests(here)) == 1

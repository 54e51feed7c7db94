"""The command itself: killed and begun again it loses nothing, stopped it ends soon, and its token stays unseen."""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from adapters.sql import open_store
from adapters.telegram.calls import BotCalls
from adapters.telegram.delivery import LOOK
from adapters.telegram.polling import ALLOWED
from config.home import load
from jobs.serve.clock import SystemClock
from jobs.serve.serving import OTHERS_WRITE, serving
from jobs.serve.telegram_entry import polling
from tests.day import books
from tests.serve.process import GRACE, Life
from tests.serve.scene import MORNING, scene
from tests.support.patience import PATIENCE, eventually
from tests.support.ports import HeldPort

KILLS, GROUPS, MEMBERS = 2, 4, 12


async def test_killed_again_and_again_it_loses_nothing_counts_nothing_twice_and_shows_no_token(
    tmp_path: Path,
):
    dice = random.Random(7)
    with scene(tmp_path) as here:
        groups = [here.new_group(f"G{n}", admin=True) for n in range(GROUPS)]
        here.write(MORNING, groups=", ".join(f"g{n}: {{telegram: {group.id}}}" for n, group in enumerate(groups)))
        members = [here.world.person(f"P{n:02}", language="en") for n in range(MEMBERS)]
        for n, member in enumerate(members):
            here.world.joined(groups[n % GROUPS], member)

        def said() -> list[str]:
            return [text for group in groups for text in here.said(group)]

        url = f"sqlite:///{here.home / 'data' / 'yaji.sqlite3'}"

        def given_up() -> list[str]:
            """What was under way at two kills is on record, and not sent a third time."""
            unsure = {id_ for (id_,) in books.rows(url, "SELECT id FROM outbox WHERE state = 'unsure'")}
            with closing(open_store(url)) as store:
                return [books.words(row) for n in range(GROUPS) for row in store.outbox(f"g{n}") if row.id in unsure]

        def missing() -> list[str]:
            everything = " ".join(said())
            lost = [member.first_name for member in members if member.first_name not in everything]
            left = " ".join(given_up()) if lost else ""
            return [name for name in lost if name not in left]

        log = tmp_path / "log.txt"
        for life in range(KILLS + 1):
            polls = len(here.server.calls_of("getUpdates"))
            with Life(here, log, "--verbose") as process:
                await eventually(lambda polls=polls: len(here.server.calls_of("getUpdates")) > polls)  # type: ignore[misc]
                batch = range(life * MEMBERS // (KILLS + 1), (life + 1) * MEMBERS // (KILLS + 1))
                answered = len(said()) + dice.randrange(len(batch))
                for n in batch:
                    members[n].posts(groups[n % GROUPS], "打卡")
                await eventually(lambda n=answered: len(said()) >= n)  # type: ignore[misc]
                if life == KILLS:
                    await eventually(lambda: not missing(), lambda: f"{missing()}\n{log.read_text()}")
                    status, took = process.stop()
                    assert (status, took < GRACE) == (0, True), log.read_text()
        counted: Counter[str] = Counter()
        with closing(open_store(url)) as store:
            for key in (f"g{n}" for n in range(GROUPS)):
                names = {member.person: member.name for member in store.people(key)}
                counted.update(names[entry.person] for entry in store.facts(key) if entry.kind == "points")
        assert len(given_up()) <= GROUPS, "one at most is under way in a chat"
        assert counted == {member.first_name: 1 for member in members}
        copies = Counter(said())
        assert max(copies.values()) <= 2
        assert sum(n - 1 for n in copies.values()) <= KILLS * GROUPS
        assert "serves g0, g1, g2, g3" in log.read_text()
        secret = here.bot.token.partition(":")[2].encode()
        for file in (log, *(path for path in here.home.rglob("*") if path.is_file())):
            assert secret not in file.read_bytes(), file


async def test_a_database_that_is_exchanged_while_it_is_served_takes_nothing_in_until_it_is_opened_anew(tmp_path: Path):
    with scene(tmp_path) as here:
        log, file = tmp_path / "log.txt", here.home / "data" / "yaji.sqlite3"
        with Life(here, log):
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            backup = tmp_path / "backup.sqlite3"
            with closing(sqlite3.connect(file)) as kept, closing(sqlite3.connect(backup)) as copy:
                kept.backup(copy)
        with Life(here, log) as process:
            await eventually(lambda: log.read_text().count("updates are being fetched") == 2, log.read_text)
            backup.replace(file)
            here.wang.posts(here.group, "打卡")
            await eventually(lambda: process.process.poll() is not None, log.read_text)
            assert process.stop()[0] == 2
            assert log.read_text().splitlines()[-1].startswith(f"{file} was taken away, or another file was put")
        assert not [text for text in here.said() if "Wang" in text]
        for one in file.parent.glob("*.sqlite3-*"):
            one.unlink()
        with Life(here, log) as process:
            await here.hears("Wang")
            assert process.stop()[0] == 0, log.read_text()
        with closing(open_store(f"sqlite:///{file}")) as store:
            assert len([one for one in store.facts("reading") if one.kind == "points"]) == 2


async def test_updates_are_delivered_where_webhooks_are_used(tmp_path: Path):
    with scene(tmp_path) as here:
        port = HeldPort()
        at = port.address
        here.environment |= {"YAJI_PUBLIC_URL": f"http://{at}", "YAJI_LISTEN": at}
        with Life(here, tmp_path / "log.txt", "--webhook") as process:
            await eventually(lambda: bool(here.server.calls_of("setWebhook")), (tmp_path / "log.txt").read_text)
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
                assert client.get(f"http://{at}/healthz").json()["ok"] is True
                assert client.post(f"http://{at}/telegram/main", content=b"{}").status_code == 401
            assert not here.server.calls_of("getUpdates")
            assert process.stop()[0] == 0, (tmp_path / "log.txt").read_text()
            assert "yaji.serve: stopped\n" in (tmp_path / "log.txt").read_text()


class Looking(SystemClock):
    """Looks whether updates are delivered when a test wants it, and not by the minute."""

    def __init__(self) -> None:
        self.looks: asyncio.Queue[None] = asyncio.Queue()

    async def sleep(self, seconds: float) -> None:
        await (self.looks.get() if seconds == LOOK else super().sleep(seconds))


async def test_who_polls_with_the_same_token_takes_the_webhook_away_and_both_say_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    with scene(tmp_path) as here:
        at = HeldPort().address
        here.environment |= {"YAJI_PUBLIC_URL": f"http://{at}", "YAJI_LISTEN": at}
        clock, deployment = Looking(), load(here.home)
        async with serving(deployment, environment=here.environment, webhook=True, clock=clock) as at_work:
            (bot,) = at_work.connections.values()
            hook = here.server.calls_of("setWebhook")[-1].params
            assert (bot.how, bot.well, bot.heard_since is not None) == ("delivered", True, True)
            stray = BotCalls(here.bot.token, api_url=here.server.url)
            await stray.open()
            try:
                await polling(stray, clock, "en")
                assert f"updates were delivered to {at.partition(':')[0]}; from now on they are fetched" in caplog.text
                clock.looks.put_nowait(None)
                await eventually(lambda: bot.how == "elsewhere")
                assert (bot.well, bot.heard_since, (await at_work.health())["ok"]) == (False, None, False)
                assert "updates are not delivered here any more" in caplog.text
                await stray.call("setWebhook", {**hook, "allowed_updates": ALLOWED})
            finally:
                await stray.close()
            (watching,) = [task for task in asyncio.all_tasks() if task.get_name() == "receive main"]
            watching.cancel()
            at_work.receive(bot)  # as after a fault
            before = clock.now()
            clock.looks.put_nowait(None)
            await eventually(lambda: bot.how == "delivered")
            assert bot.heard_since is not None
            assert bot.heard_since >= before


class Impatient(SystemClock):
    """Counts how often somebody waits for what another process may write."""

    def __init__(self) -> None:
        self.waits = 0

    async def sleep(self, seconds: float) -> None:
        self.waits += seconds == OTHERS_WRITE
        await super().sleep(seconds)


async def test_where_updates_are_fetched_nobody_waits_for_another_process_to_say_whose_a_chat_is(
    tmp_path: Path, new_url: Callable[[str], str]
):
    with scene(tmp_path) as here:
        here.environment["YAJI_DATABASE_URL"] = new_url("postgres")
        stranger, clock = here.new_group("Stranger", admin=True), Impatient()
        async with serving(load(here.home), environment=here.environment, clock=clock):
            here.li.posts(stranger, "hello")
            here.li.posts(here.group, "打卡")
            await here.hears("I do not serve this group yet", stranger)
            await here.hears("Li")
        assert clock.waits == 0


async def test_of_two_that_share_a_database_one_fetches_and_the_other_one_as_soon_as_it_is_killed(
    tmp_path: Path, new_url: Callable[[str], str]
):
    with scene(tmp_path) as here:
        here.environment["YAJI_DATABASE_URL"] = new_url("postgres")
        here.write(MORNING)
        first, second = tmp_path / "first.txt", tmp_path / "second.txt"
        with Life(here, first) as one:
            here.li.posts(here.group, "打卡")
            await here.hears("Li")
            with Life(here, second) as other:
                await eventually(lambda: "another process says" in second.read_text(), second.read_text)
                here.wang.posts(here.group, "打卡")
                await here.hears("Wang")
                one.kill()
                polls = here.server.calls_of("getUpdates")
                assert [call.code for call in polls if call.code == 409] == []
                zhao = here.world.person("Zhao", language="en")
                zhao.joins(here.group)
                zhao.posts(here.group, "打卡")
                await here.hears("Zhao")
                assert [call.code for call in here.server.calls_of("getUpdates") if call.code == 409] == []
                status, _ = other.stop()
                assert status == 0
        assert here.said().count(here.said()[-1]) == 1

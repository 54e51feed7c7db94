"""A changed home is used whole or not at all, and its operator hears what is wrong with it, once."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.effects import Delete
from core.ports import OutboxRow, Writes
from jobs.serve.clock import SystemClock
from jobs.serve.reload import Watch, fingerprint
from tests.serve.scene import MORNING, scene
from tests.support.botapi.faults import Fault
from tests.support.patience import eventually


async def test_a_good_change_is_used_without_a_restart(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, "yaji")
    with scene(tmp_path) as here:
        async with here.served():
            here.li.posts(here.group, "打卡")
            await here.hears("+5")
            here.write(MORNING.replace("points: 5", "points: 7"))
            await eventually(lambda: "is used as it is now" in caplog.text)
            chen = here.world.person("Chen", language="en")
            here.world.joined(here.group, chen)
            chen.posts(here.group, "打卡")
            await here.hears("+7")


async def test_what_is_changed_while_the_process_starts_is_used_as_well(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "yaji")
    with scene(tmp_path) as here:
        here.server.faults.add(Fault("frozen"), method="getMe")

        async def change() -> None:
            await eventually(lambda: here.server.calls_of("getMe"))
            here.write(MORNING.replace("points: 5", "points: 7"))
            here.server.thaw()

        changing = asyncio.create_task(change())
        async with here.served():
            await changing
            await eventually(lambda: "is used as it is now" in caplog.text)
            here.li.posts(here.group, "打卡")
            await here.hears("+7")


async def test_a_group_that_is_given_another_chat_leaves_the_old_one_with_all_its_messages(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "yaji")
    with scene(tmp_path) as here:
        old, new = here.group, here.new_group("Reading anew", admin=True)
        innocent = here.wang.posts(new, "good morning")
        async with here.served() as at_work:
            here.li.posts(old, "打卡")
            await here.hears("+5")
            here.write(MORNING, f"reading: {{telegram: {new.id}}}")
            await eventually(lambda: "is used as it is now" in caplog.text)
            here.li.posts(old, "/help")
            await here.hears("I do not serve this group yet", old)
            here.wang.removes(here.bot, old)
            before = Delete(messages=(str(innocent.id),))
            with at_work.store.unit() as unit:
                row = OutboxRow(
                    "before", datetime.now(UTC), "reading", "x", "rules", "Delete", before, None, "telegram"
                )
                unit.lock(["reading"])
                unit.save(Writes(outbox=[row]))
                unit.commit()
            asked = here.wang.posts(new, "打卡")
            await here.hears("+5", new)
            (answer,) = [said for said in new.said_by(here.bot) if "+5" in (said.text or "")]
            assert answer.reply_to is asked
            await eventually(lambda: outcome(at_work, "before") is not None)
            assert outcome(at_work, "before") == f"gone: {old.id}/{innocent.id} is a message of another chat"
            assert not innocent.deleted


def outcome(at_work, id_):
    with at_work.store.pool.lent() as session:
        ((told,),) = session.ask("SELECT outcome FROM outbox WHERE id = ?", (id_,))
    return told


async def test_a_bad_change_leaves_everything_as_it_was_and_is_told_with_its_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "yaji")
    with scene(tmp_path) as here:
        async with here.served() as at_work:
            here.write(MORNING.replace("points: 5", "points: lots"))
            await eventually(lambda: "goes on unchanged" in caplog.text)
            assert "\nyaji_home_used 0\n" in await at_work.metrics.text()
            assert "communities/a.yaml:9:" in caplog.text
            here.li.posts(here.group, "打卡")
            await here.hears("+5")
            here.write(MORNING.replace("points: 5", "points: 9"))
            await eventually(lambda: "is used as it is now" in caplog.text)
            here.wang.posts(here.group, "打卡")
            await here.hears("+9")
            assert "\nyaji_home_used 1\n" in await at_work.metrics.text()
        assert caplog.text.count("goes on unchanged") == 1


async def test_a_watch_that_begins_anew_does_not_call_a_bad_home_good(tmp_path: Path):
    (tmp_path / "communities").mkdir()
    (tmp_path / "communities" / "a.yaml").write_text("community: [", encoding="utf-8")
    told: list[bool] = []

    async def changed(deployment: object) -> None:
        raise AssertionError("nothing good was written")

    watch = Watch(tmp_path, (), changed, SystemClock(), "en", told.append)
    await watch.look()
    running = asyncio.create_task(watch.run())
    await eventually(lambda: len(told) == 2)
    running.cancel()
    assert told == [False, False]


def test_what_we_keep_in_the_home_is_no_change_of_it(tmp_path: Path):
    with scene(tmp_path) as here:
        before = fingerprint(here.home)
        (here.home / "data").mkdir()
        (here.home / "data" / "yaji.sqlite3").write_text("x")
        (here.home / "communities" / ".a.yaml.swp").write_text("x")
        assert fingerprint(here.home) == before
        (here.home / "texts").mkdir()
        (here.home / "texts" / "zh.yaml").write_text("x")
        assert fingerprint(here.home) != before

"""A changed home is used whole or not at all, and its operator hears what is wrong with it, once."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from jobs.serve.reload import fingerprint
from tests.serve.scene import MORNING, scene
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


async def test_a_bad_change_leaves_everything_as_it_was_and_is_told_with_its_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "yaji")
    with scene(tmp_path) as here:
        async with here.served():
            here.write(MORNING.replace("points: 5", "points: lots"))
            await eventually(lambda: "goes on unchanged" in caplog.text)
            assert "communities/a.yaml:9:" in caplog.text
            here.li.posts(here.group, "打卡")
            await here.hears("+5")
            here.write(MORNING.replace("points: 5", "points: 9"))
            await eventually(lambda: "is used as it is now" in caplog.text)
            here.wang.posts(here.group, "打卡")
            await here.hears("+9")
        assert caplog.text.count("goes on unchanged") == 1


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

"""The leaderboard, through Telegram: its admins win no prizes, whether or not the operator listed them."""

from __future__ import annotations

from pathlib import Path

from tests.serve.scene import scene
from tests.support.botapi.model import ALL_RIGHTS


async def test_admins_of_the_group_whom_nobody_listed_stand_on_the_board_without_a_place(tmp_path: Path):
    with scene(tmp_path) as here:
        ada = here.world.person("Ada", language="en")
        here.world.joined(here.group, ada, status="administrator", rights=ALL_RIGHTS)
        async with here.served():
            for one in (ada, here.li):
                one.posts(here.group, "打卡")
            await here.hears("Li")
            here.li.posts(here.group, "积分榜")
            await here.hears("1. Li · 5")
            assert "– Ada · 5 (admin, no place)" in here.said()[-1]

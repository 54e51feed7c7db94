"""Where groups live, read again and again: the groups are made anew only where something changed."""

from __future__ import annotations

from pathlib import Path

from config.home import load
from core.memory import MemoryStore
from jobs.serve.roster import Roster, Seat

HOME = """\
version: 1
community:
  name: 晨读
  timezone: Asia/Shanghai
  groups: {reading: {telegram: -100}, writing: {telegram: -200}}
"""


def home(folder: Path, text: str = HOME) -> Path:
    (folder / "communities").mkdir(exist_ok=True)
    (folder / "communities" / "a.yaml").write_text(text, encoding="utf-8")
    return folder


async def test_groups_stay_the_same_until_one_lives_on_another_platform_or_the_configuration_changes(tmp_path: Path):
    store = MemoryStore()
    roster = Roster(store, load(home(tmp_path)), [Seat("telegram", "main"), Seat("wechat", "main")], b"secret")
    store.set_address("reading", "telegram", "-100")
    assert await roster.refresh()
    first = roster.groups
    assert {key: group.platforms for key, group in first.items()} == {"reading": ("telegram",), "writing": ()}

    assert not await roster.refresh()
    store.set_address("reading", "telegram", "-101")
    assert not await roster.refresh()
    assert roster.groups is first
    assert roster.chats["main"].chat_of("reading") == -101

    store.set_address("reading", "wechat", "R:1")
    assert await roster.refresh()
    assert roster.groups["reading"].platforms == ("telegram", "wechat")

    roster.use(load(home(tmp_path, HOME.replace("晨读", "夜读").replace("writing", "painting"))))
    assert await roster.refresh()
    assert roster.groups.keys() == {"reading", "painting"}

"""Where groups live, read again and again: the groups are made anew only where something changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from config.home import load
from core.events import GroupMoved
from core.memory import MemoryStore
from core.ports import Writes
from jobs.serve.roster import Roster, Seat

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

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


async def test_a_process_that_did_not_hear_of_a_move_knows_the_old_chat_for_as_long_as_the_group_lives_there(
    tmp_path: Path,
):
    store, seats = MemoryStore(), [Seat("telegram", "main"), Seat("telegram", "second")]
    bots = "{main: {token: '${env:A}'}, second: {token: '${env:B}'}}"
    (tmp_path / "yaji.yaml").write_text(f"version: 1\nplatforms: {{telegram: {{bots: {bots}}}}}\n", encoding="utf-8")
    deployment = load(home(tmp_path, HOME.replace("telegram: -200", "telegram: -200, bot: second")))
    there, begun_later = (Roster(store, deployment, seats, b"secret") for _ in range(2))
    store.set_address("reading", "telegram", "-100")
    store.set_address("writing", "telegram", "-200")
    await there.refresh()
    for old, new in (("-100", "-1001"), ("-1001", "-1002")):
        with store.unit() as unit:
            move = GroupMoved(id=new, at=NOON, group="reading", platform="telegram", old=old, new=new)
            unit.save(Writes(moves=[move]))
            unit.commit()
    for roster in (there, begun_later):
        await roster.refresh()
        known = [roster.chats["main"].group_of(chat) for chat in (-100, -1001, -1002)]
        assert known == ["reading", "reading", "reading"]
        assert roster.chats["main"].chat_of("reading") == -1002
        assert [roster.chats["second"].served_by_others(chat) for chat in (-100, -1002, -200)] == [True, True, False]

    store.set_address("reading", "telegram", "-300")
    for roster in (there, begun_later):
        await roster.refresh()
        assert [roster.chats["main"].group_of(chat) for chat in (-100, -1001, -1002)] == [None, None, None]

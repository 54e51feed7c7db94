"""Which room is a group's, and who is in it, where a gateway lists too little, too early, or somebody else's room."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.home import load
from core.decision import Bind, Decision
from core.engine import Engine
from core.events import Event, MessagePosted
from core.forgetting import recogniser
from core.people import PERSON, Account, Actor
from core.workflow import Bound, View, Workflow
from jobs.doctor import diagnosis
from jobs.privacy.forgetting import Forgetter
from jobs.privacy.remembering import Remembered
from jobs.serve.at_work import Serving
from jobs.serve.secret import deployment_secret
from jobs.serve.standings import standings
from tests.serve.scene import ONBOARDING
from tests.serve.wechat_scene import CHECK_INS, TOPIC, Room
from tests.support.patience import eventually
from tests.support.wechat.world import ME, ROOM_LEAVE

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")

OTHER = "夜读打卡营 1 群"
TWO = f"reading: {{wechat: {TOPIC}}}, evening: {{wechat: {OTHER}}}"


def address(at_work: Serving, group: str = "reading") -> str | None:
    return at_work.roster.rooms["wechat:main"].address_of(group)


def members(at_work: Serving, group: str = "reading") -> set[str]:
    """Who is in the room as far as is known."""
    people = at_work.store.people(group)
    return {one.name for one in people if one.left is None and one.kind is PERSON}


def is_there(at_work: Serving, group: str = "reading") -> bool | None:
    """Whether the account is in the room, by its last word; None while nothing is known."""
    found = standings(at_work.store, [group]).get((group, "wechat"))
    return found.present if found is not None else None


async def read(at_work: Serving, room: Room | None = None) -> None:
    """Wait until the rooms were read, once; `room` says that all is known there now, so that they are read again."""
    each: Any = at_work.connections["wechat:main"]
    before = each.register.readings
    if room is not None:
        room.world.readies()
        await eventually(lambda: each.register.readings > before, lambda: "another reading")
    else:
        await eventually(lambda: each.register.readings > 0, lambda: "a reading")


@pytest.fixture(autouse=True)
def _no_reading_by_itself(monkeypatch):
    """Rooms are read when a test says so, and two readings are a while apart: nothing hangs on how long that takes."""
    monkeypatch.setattr("jobs.serve.wechat.SOON", 1800.0)
    monkeypatch.setattr("core.rosters.SURE", timedelta())


# Whose room it is


@pytest.mark.parametrize("there", [True, False], ids=["an admin is in it", "only strangers are in it"])
async def test_a_room_of_our_name_is_taken_only_with_an_admin_of_ours_in_it(tmp_path: Path, caplog, there: bool):
    caplog.set_level(logging.WARNING)
    room = Room(tmp_path)
    people = {"li": "", "zhao": ""} | ({"wang": ""} if there else {})
    room.world.room("r1@chatroom", TOPIC, people, owner="li")
    async with room.served(ready=False) as at_work:
        await read(at_work)
        room.world.posts("li", "打卡", "r1@chatroom")
        assert address(at_work) == ("r1@chatroom" if there else None)
        found = await diagnosis(load(room.home), at_work.store, datetime.now(UTC))
    assert found.roomless == ({} if there else {"reading": TOPIC})
    assert ("no admin of reading on WeChat is in it" in caplog.text) is not there


async def test_the_account_itself_vouches_for_no_room(tmp_path: Path, caplog):
    caplog.set_level(logging.WARNING)
    room = Room(tmp_path)
    file = room.home / "communities" / "a.yaml"
    file.write_text(file.read_text("utf-8").replace("wechat:wang", f"wechat:{ME}"), "utf-8")
    room.world.room("r1@chatroom", TOPIC, {"li": "", "zhao": ""}, owner="li")
    async with room.served(ready=False) as at_work:
        await read(at_work)
        assert address(at_work) is None
    assert "is the account itself" in caplog.text
    assert "no contact of the account" not in caplog.text


# Who was forgotten


def forget(at_work: Serving, room: Room, native: str) -> None:
    recognise = recogniser(deployment_secret(room.home, room.environment))
    forgetter = Forgetter(recognise, remembered=Remembered(room.home, room.environment))
    with at_work.store.unit() as unit:
        assert forgetter.forget(unit, Account(f"wechat:{native}"), datetime.now(UTC)) is not None
        unit.commit()


async def test_who_was_forgotten_and_is_still_in_the_room_is_nobody_until_they_write(tmp_path: Path):
    room = Room(tmp_path, CHECK_INS + ONBOARDING)
    async with room.served() as at_work:
        await read(at_work)
        forget(at_work, room, "li")
        room.world.contact("new", "小新")
        room.world.rooms["r1@chatroom"].members["new"] = ""
        await read(at_work, room)
        await room.hears("小新")
        assert members(at_work) == {"王老师", "小赵", "小新"}
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        assert members(at_work) == {"王老师", "小赵", "小新", "小李"}
    assert not [text for text in room.said() if "欢迎 @小李" in text]


async def test_who_was_forgotten_left_and_came_again_is_welcomed_as_somebody_new(tmp_path: Path):
    room = Room(tmp_path, CHECK_INS + ONBOARDING)
    here = room.world.rooms["r1@chatroom"]
    async with room.served() as at_work:
        await read(at_work)
        forget(at_work, room, "li")
        await read(at_work, room)
        del here.members["li"]
        await read(at_work, room)
        here.members["li"] = ""
        await read(at_work, room)
        await room.hears("欢迎 @小李")


# What cannot be read


async def test_a_room_of_which_the_gateway_knows_nothing_stops_no_other(tmp_path: Path):
    room = Room(tmp_path)
    room.world.stale.append("gone@chatroom")
    async with room.served() as at_work:
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        assert address(at_work) == "r1@chatroom"


async def test_a_served_room_that_cannot_be_asked_about_stays_as_it_was_and_the_others_are_read(tmp_path: Path):
    room = Room(tmp_path, CHECK_INS, TWO)
    room.world.room("r2@chatroom", OTHER, {"wang": "", "li": ""}, owner="wang")
    async with room.served() as at_work:
        await read(at_work)
        assert members(at_work, "evening") == {"王老师", "小李"}
        del room.world.rooms["r1@chatroom"]
        room.world.stale.append("r1@chatroom")
        room.world.rooms["r2@chatroom"].members["zhao"] = ""
        await read(at_work, room)
        assert members(at_work, "evening") == {"王老师", "小李", "小赵"}
        assert members(at_work) == {"王老师", "小李", "小赵"}
        assert is_there(at_work)


async def test_rooms_that_are_nobodys_are_not_asked_about_while_no_room_is_sought(tmp_path: Path):
    room = Room(tmp_path)
    for n in range(20):
        room.world.room(f"x{n}@chatroom", f"别的群 {n}", {"li": ""})
    async with room.served() as at_work:
        await read(at_work)
        before = len(room.gateway.asked)
        await read(at_work, room)
        asked = room.gateway.asked[before:]
        assert asked.count("RoomPayload") == asked.count("RoomMemberList") == 2


# What is listed too early, or too short


async def test_a_list_without_most_of_the_members_is_believed_the_second_time(tmp_path: Path):
    room = Room(tmp_path, ONBOARDING)
    here = room.world.rooms["r1@chatroom"]
    for n in range(5):
        room.world.contact(f"m{n}", f"成员 {n}")
        here.members[f"m{n}"] = ""
    async with room.served() as at_work:
        await read(at_work)
        everybody, all_listed = members(at_work), dict(here.members)
        assert len(everybody) == 8
        here.members = {ME: "", "wang": "", "li": ""}
        await read(at_work, room)
        assert members(at_work) == everybody
        here.members = all_listed
        await read(at_work, room)
        here.members = {ME: "", "wang": "", "li": ""}
        await read(at_work, room)
        assert members(at_work) == everybody
        await read(at_work, room)
        assert members(at_work) == {"王老师", "小李"}
    assert room.said() == []


async def test_who_is_missing_alone_left_when_the_gateway_says_that_somebody_did(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("core.rosters.SURE", timedelta(minutes=20))
    room = Room(tmp_path, ONBOARDING)
    here = room.world.rooms["r1@chatroom"]
    somebody = {"removeeIdList": [], "roomId": here.id, "timestamp": 1_764_000_100}
    async with room.served() as at_work:
        await read(at_work)
        del here.members["zhao"]
        room.world.tell(ROOM_LEAVE, somebody)
        await eventually(lambda: members(at_work) == {"王老师", "小李"}, lambda: str(members(at_work)))


async def test_who_is_missing_in_one_list_never_left_and_is_welcomed_by_none(tmp_path: Path):
    room = Room(tmp_path, CHECK_INS + ONBOARDING)
    here = room.world.rooms["r1@chatroom"]
    async with room.served() as at_work:
        await read(at_work)
        everybody = members(at_work)
        for _ in range(3):
            del here.members["zhao"]
            await read(at_work, room)
            assert members(at_work) == everybody
            here.members["zhao"] = ""
            await read(at_work, room)
            assert members(at_work) == everybody
    assert room.said() == []


async def test_who_left_by_the_lists_alone_and_is_listed_again_is_there_and_is_not_welcomed(tmp_path: Path):
    room = Room(tmp_path, CHECK_INS + ONBOARDING)
    here = room.world.rooms["r1@chatroom"]
    async with room.served() as at_work:
        await read(at_work)
        del here.members["zhao"]
        await read(at_work, room)
        await read(at_work, room)
        assert members(at_work) == {"王老师", "小李"}
        here.members["zhao"] = ""
        await read(at_work, room)
        assert members(at_work) == {"王老师", "小李", "小赵"}
    assert room.said() == []


async def test_who_was_banned_and_left_by_the_lists_alone_is_told_of_when_listed_again(tmp_path: Path):
    """An admin put them out, somebody brought them back, and no gateway said so."""
    room = Room(tmp_path)
    room.world.contacts["wang"].friend = True
    here = room.world.rooms["r1@chatroom"]
    async with room.served() as at_work:
        await read(at_work)
        room.world.posts("wang", "/ban @小赵\u2005广告", "r1@chatroom", mentions=["zhao"])
        await room.hears("📝 已记下：小赵")
        del here.members["zhao"]
        await read(at_work, room)
        await read(at_work, room)
        assert members(at_work) == {"王老师", "小李"}
        here.members["zhao"] = ""
        await read(at_work, room)
        await read(at_work, room)
        await room.hears("小赵 又进群了", "wang")


async def test_a_list_from_before_a_leave_brings_nobody_back(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("core.rosters.SURE", timedelta(minutes=20))
    room = Room(tmp_path, CHECK_INS + ONBOARDING)
    here = room.world.rooms["r1@chatroom"]
    async with room.served() as at_work:
        await read(at_work)
        room.world.dated(int(datetime.now(UTC).timestamp()))
        room.world.leaves("r1@chatroom", "zhao")
        await eventually(lambda: members(at_work) == {"王老师", "小李"})
        here.members["zhao"] = ""
        await read(at_work, room)
        await read(at_work, room)
        assert members(at_work) == {"王老师", "小李"}
    assert room.said() == []


async def test_where_a_room_is_confirmed_its_members_are_asked_about_before_they_write_there(tmp_path: Path):
    """Whoever has written under a new id is known by it, and nobody is asked whether they are who they were."""
    room = Room(tmp_path)
    for id in ("wang", "li", "zhao"):
        room.world.contacts[id].friend = True
    async with room.served() as at_work:
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        room.world.logs_out()
        del room.world.rooms["r1@chatroom"]
        room.world.contact("new_li", "小李")
        room.world.room("n1@chatroom", TOPIC, {"wang": "", "new_li": "", "zhao": ""}, owner="wang")
        room.world.logs_in()
        await room.hears("❓", "wang")
        room.world.posts("wang", "1")
        await room.hears("新来的 小李 和 小李 同名", "wang")
        assert address(at_work) == "n1@chatroom"


def binds(event: Event, options: dict[str, Any], view: View) -> Decision:
    return Decision(changes=(Bind(one=Account("telegram:5"), other=Account("wechat:li")),))


async def test_who_has_another_account_elsewhere_is_no_newcomer_at_the_next_reading(tmp_path: Path, caplog):
    """And is gone when they are gone."""
    caplog.set_level(logging.INFO)
    room = Room(tmp_path, CHECK_INS + ONBOARDING)
    async with room.served() as at_work:
        await read(at_work)
        binding = Bound(Workflow("binding", dict, frozenset({MessagePosted}), lambda event, options: (), binds), {})
        group = replace(at_work.roster.groups["reading"], runs=(binding,))
        li = Actor(account=Account("telegram:5"), name="小李电报")
        at = datetime(2025, 11, 24, 17, tzinfo=UTC)
        written = MessagePosted(id="telegram:1:1", at=at, group="reading", actor=li, message="1", text="早")
        assert not Engine(at_work.store, {"reading": group}).process([written]).faults
        await read(at_work, room)
        assert "joined 1" not in caplog.text
        assert room.said() == []
        here = room.world.rooms["r1@chatroom"].members
        left = here.pop("li")
        await read(at_work, room)
        assert "left 1" not in caplog.text
        await read(at_work, room)
        assert caplog.text.count("joined 0, left 1") == 1
        await read(at_work, room)
        assert caplog.text.count("left 1") == 1, "who is gone does not leave again"
        here["li"] = left
        await read(at_work, room)
        assert "joined 1" not in caplog.text, "who never went does not come"
        del here["li"]
        await read(at_work, room)
        await read(at_work, room)
        assert caplog.text.count("joined 0, left 1") == 2, "and may go"


def replaces(event: Event, options: dict[str, Any], view: View) -> Decision:
    return Decision(changes=(Bind(one=Account("wechat:before"), other=Account("wechat:li"), gone=True),))


async def test_an_account_that_another_one_took_the_place_of_does_not_leave_at_a_reading(tmp_path: Path, caplog):
    caplog.set_level(logging.INFO)
    room = Room(tmp_path, CHECK_INS)
    async with room.served() as at_work:
        await read(at_work)
        replacing = Bound(
            Workflow("replacing", dict, frozenset({MessagePosted}), lambda event, options: (), replaces), {}
        )
        group = replace(at_work.roster.groups["reading"], runs=(replacing,))
        before = Actor(account=Account("wechat:before"), name="小李从前")
        at = datetime(2025, 11, 24, 17, tzinfo=UTC)
        written = MessagePosted(id="wechat:1:1", at=at, group="reading", actor=before, message="1", text="早")
        assert not Engine(at_work.store, {"reading": group}).process([written]).faults
        await read(at_work, room)
        assert "left 1" not in caplog.text


async def test_a_list_without_the_account_itself_is_believed_by_nobody_at_first(tmp_path: Path):
    room = Room(tmp_path)
    here = room.world.rooms["r1@chatroom"]
    async with room.served() as at_work:
        await read(at_work)
        here.members = {"wang": "", "li": ""}
        await read(at_work, room)
        assert (members(at_work), is_there(at_work)) == ({"王老师", "小李", "小赵"}, True)
        await read(at_work, room)
        assert (members(at_work), is_there(at_work)) == ({"王老师", "小李", "小赵"}, False)


async def test_an_account_that_lists_no_room_yet_is_still_in_those_that_it_was_in(tmp_path: Path, caplog):
    caplog.set_level(logging.WARNING)
    room = Room(tmp_path)
    async with room.served():
        pass
    rooms = dict(room.world.rooms)
    room.world.rooms.clear()
    async with room.served(ready=False) as at_work:
        await eventually(lambda: "lists no room at all" in caplog.text)
        assert is_there(at_work)
        room.world.rooms.update(rooms)
        await read(at_work, room)
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        assert is_there(at_work)

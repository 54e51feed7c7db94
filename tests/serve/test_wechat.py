"""A WeChat room, served by `yaji serve`'s own composition through a gateway."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.sql import open_store
from adapters.sql.connections import SqlConnections
from core.people import PERSON, Account
from jobs.serve.at_work import Serving
from jobs.serve.standings import standings
from jobs.serve.storing import directory_of
from tests.serve.scene import ONBOARDING
from tests.serve.wechat_scene import CHECK_INS, TOPIC, Room
from tests.support.patience import eventually
from tests.support.wechat.world import ME, MESSAGE, TEXT, Message
from workflows.gaps import GAPS

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 13), reason="Wechaty needs telnetlib")

RULES = """\
lists: {ads: [加群领红包]}
rules:
  - {id: ads, when: message, words: [ads], then: [delete, {propose: remove}]}
"""


def members(at_work: Serving) -> dict[str, str]:
    """Who is in the room as far as is known: name by account."""
    people = at_work.store.people("reading")
    return {one.account: one.name for one in people if one.left is None and one.kind is PERSON}


async def test_a_room_written_by_its_topic_is_served_and_answered(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served() as at_work:
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        assert at_work.roster.groups["reading"].platforms == ("wechat",)
        assert [entry.amount for entry in at_work.store.facts("reading") if entry.kind == "points"] == [5]
        assert members(at_work) == {"wechat:wang": "王老师", "wechat:li": "小李", "wechat:zhao": "小赵"}


async def test_a_newcomer_answers_onboarding_by_number_and_plain_numbers_are_talk(tmp_path: Path):
    room = Room(tmp_path, ONBOARDING)
    async with room.served():
        room.world.contact("new", "新人")
        room.world.enters("r1@chatroom", ["new"], by="wang")
        await room.hears("1. 英语")
        room.world.posts("li", "1", "r1@chatroom")
        room.world.posts("new", "2", "r1@chatroom")
        await room.hears("都好了")
        assert sum("都好了" in text for text in room.said()) == 1


@pytest.mark.parametrize("sent", ["/bind {}", "/Bind {}", "／bind {}", "@雅集\u2005/bind {}", "@雅集 /bind {}"])
async def test_a_room_is_bound_by_a_code_that_its_owner_sends(tmp_path: Path, sent: str):
    room = Room(tmp_path, CHECK_INS, "reading: {}")
    async with room.served(ready=False) as at_work:
        now = datetime.now(UTC)
        code = directory_of(at_work.store).make_code("reading", now, now + timedelta(hours=1))
        await eventually(lambda: at_work.connections["wechat:main"].heard_since is not None)
        room.world.posts("li", f"/bind {code}", "r1@chatroom")
        room.world.posts("wang", sent.format(code), "r1@chatroom")
        await room.hears("这个群现在是 reading")
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")


async def test_of_a_room_that_is_called_nearly_so_the_operator_reads_how(tmp_path: Path, caplog):
    caplog.set_level(logging.WARNING)
    room = Room(tmp_path, groups="reading: {wechat: 晨读打卡营3群}")
    async with room.served(ready=False) as at_work:
        await eventually(lambda: f"did you mean `{TOPIC}`?" in caplog.text)
        assert at_work.roster.rooms["wechat:main"].groups == set()


async def test_of_two_rooms_of_one_name_neither_is_served_until_the_operator_says_which(tmp_path: Path, caplog):
    caplog.set_level(logging.WARNING)
    room = Room(tmp_path)
    room.world.room("fake@chatroom", TOPIC, {"li": ""}, owner="li")
    async with room.served(ready=False) as at_work:
        await eventually(lambda: "2 rooms are called" in caplog.text)
        assert at_work.roster.rooms["wechat:main"].groups == set()
        room.world.posts("li", "打卡", "fake@chatroom")
        room.world.posts("li", "打卡", "r1@chatroom")
    assert room.said() == room.said("fake@chatroom") == []


async def test_the_room_that_a_code_bound_stays_also_when_only_a_strangers_has_its_name(tmp_path: Path):
    room = Room(tmp_path)
    room.world.room("fake@chatroom", TOPIC, {"li": "", "wang": ""}, owner="li")
    async with room.served(ready=False) as at_work:
        now = datetime.now(UTC)
        code = directory_of(at_work.store).make_code("reading", now, now + timedelta(hours=1))
        await eventually(lambda: at_work.connections["wechat:main"].heard_since is not None)
        room.world.posts("wang", f"/bind {code}", "r1@chatroom")
        await room.hears("这个群现在是 reading")
    room.world.retitles("r1@chatroom", "换了名字", by="wang")
    async with room.served() as at_work:
        await eventually(lambda: read(at_work) == 1)
        assert at_work.roster.rooms["wechat:main"].address_of("reading") == "r1@chatroom"


def read(at_work: Serving) -> int:
    """How often the rooms were read."""
    each: Any = at_work.connections["wechat:main"]
    return int(each.register.readings)


async def test_a_room_that_takes_our_name_later_is_not_served(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served():
        room.world.room("fake@chatroom", TOPIC, {"li": ""}, owner="li")
        room.world.posts("li", "打卡", "fake@chatroom")
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
    async with room.served() as at_work:
        assert at_work.roster.rooms["wechat:main"].address_of("reading") == "r1@chatroom"
    assert room.said("fake@chatroom") == []


async def test_who_came_and_left_unseen_is_found_at_the_next_login_and_marked(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("core.rosters.SURE", timedelta())
    room = Room(tmp_path)
    async with room.served():
        pass
    room.world.contact("new", "新人")
    room.world.rooms["r1@chatroom"].members["new"] = ""
    del room.world.rooms["r1@chatroom"].members["zhao"]
    room.world.contacts["li"].name = "李四"
    async with room.served() as at_work:
        wanted = {"wechat:wang": "王老师", "wechat:li": "李四", "wechat:new": "新人"}
        await eventually(lambda: "wechat:new" in members(at_work), lambda: str(members(at_work)))
        room.world.readies()
        await eventually(lambda: members(at_work) == wanted, lambda: str(members(at_work)))
        joined = {one.account: one.joined for one in at_work.store.people("reading")}
        assert joined[Account("wechat:new")] is not None
        assert joined[Account("wechat:wang")] is None


async def test_with_all_ids_changed_nobody_is_silently_new_and_nobody_is_silently_merged(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served() as at_work:
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")
        people = len(list(at_work.store.people("reading")))
    said = len(room.said())
    for old in ("wang", "li", "zhao"):
        room.world.contact(f"{old}2", room.world.contacts.pop(old).name)
    del room.world.rooms["r1@chatroom"]
    room.world.room("r2@chatroom", TOPIC, {"wang2": "", "li2": "", "zhao2": ""}, owner="wang2")
    async with room.served() as at_work:
        asked = lambda: [row for row in at_work.store.audit("reading") if row.workflow == "identity"]  # noqa: E731
        await eventually(lambda: bool(asked()))
        assert len(list(at_work.store.people("reading"))) == people
        assert at_work.roster.rooms["wechat:main"].address_of("reading") == "r1@chatroom"
        assert room.said("r2@chatroom") == []
        room.world.posts("li2", "打卡", "r2@chatroom")
        assert len(list(at_work.store.people("reading"))) == people
    assert len(room.said()) == said


@pytest.mark.parametrize("renamed", [False, True], ids=["bound by a code", "and renamed later"])
async def test_a_room_that_nobody_wrote_by_name_is_known_by_what_it_was_called_last(tmp_path: Path, renamed: bool):
    room = Room(tmp_path, CHECK_INS, "reading: {}")
    wanted = "夜读营" if renamed else TOPIC
    async with room.served(ready=False) as at_work:
        now = datetime.now(UTC)
        code = directory_of(at_work.store).make_code("reading", now, now + timedelta(hours=1))
        await eventually(lambda: at_work.connections["wechat:main"].heard_since is not None)
        room.world.posts("wang", f"/bind {code}", "r1@chatroom")
        await eventually(lambda: called(at_work) == TOPIC, lambda: called(at_work))
    if renamed:
        room.world.rooms["r1@chatroom"].topic = wanted
        async with room.served() as at_work:
            await eventually(lambda: called(at_work) == wanted, lambda: called(at_work))
    del room.world.rooms["r1@chatroom"]
    room.world.room("r2@chatroom", wanted, {"wang": "", "li": "", "zhao": ""}, owner="wang")
    room.world.room("other@chatroom", "别的群", {"wang": ""}, owner="wang")
    async with room.served(ready=False) as at_work:
        asked = lambda: [row for row in at_work.store.audit("reading") if row.workflow == "identity"]  # noqa: E731
        await eventually(lambda: bool(asked()))
        assert [row.because[0] for row in asked()] == ["a chat at r2@chatroom has the name of the group's"]
        assert called(at_work) == wanted, "not forgotten with the room"


def called(at_work: Serving) -> str:
    """What the room of the group was called last."""
    found = standings(at_work.store, ["reading"]).get(("reading", "wechat"))
    return found.title if found is not None else ""


async def test_members_whose_ids_changed_in_the_same_room_are_asked_about_and_not_welcomed(tmp_path: Path):
    room = Room(tmp_path, ONBOARDING)
    async with room.served() as at_work:
        people = set(members(at_work))
    for old in ("wang", "li", "zhao"):
        room.world.contact(f"{old}2", room.world.contacts.pop(old).name)
    held = room.world.rooms["r1@chatroom"]
    held.owner = "wang2"
    for old in ("wang", "li", "zhao"):
        held.members[f"{old}2"] = held.members.pop(old)
    async with room.served() as at_work:
        inbox = lambda: {row.event for row in at_work.store.audit("reading")}  # noqa: E731
        each: Any = at_work.connections["wechat:main"]
        await eventually(lambda: each.register.readings == 1)
        assert set(members(at_work)) >= people
        assert all(one.joined is None for one in at_work.store.people("reading"))
        assert not any(":joined:" in event or ":left:" in event for event in inbox())
    assert room.said() == []


async def test_an_admin_answers_a_proposal_by_number_in_private(tmp_path: Path):
    room = Room(tmp_path, RULES)
    room.world.contacts["wang"].friend = True
    room.world.rooms["r1@chatroom"].owner = "wxid_yaji"
    async with room.served():
        room.world.posts("li", "加群领红包", "r1@chatroom")
        await eventually(lambda: any("1. " in text for text in room.said("wang")), lambda: str(room.world.sent))
        room.world.posts("li", "1", "r1@chatroom")
        room.world.posts("wang", "1")
        await eventually(lambda: room.world.removed == [("r1@chatroom", "li")], lambda: str(room.world.sent))


async def test_who_asks_and_asks_is_answered_so_often_and_the_others_go_on_also_after_a_restart(tmp_path: Path):
    room = Room(tmp_path)
    room.world.contacts["wang"].friend = True
    policy = ", a_member_an_hour: 2"
    async with room.served(policy=policy):
        for _ in range(5):
            room.world.posts("li", "/points", "r1@chatroom")
        room.world.posts("zhao", "打卡", "r1@chatroom")
        await room.hears("✅ 小赵")
        await room.hears("🔕 reading 群：小李 触发的回复太多", "wang")
        assert any("打卡、警告照记，只是没有说给 TA 听" in text for text in room.said("wang"))
    async with room.served(policy=policy) as at_work:
        await eventually(lambda: at_work.connections["wechat:main"].heard_since is not None)
        room.world.posts("li", "打卡", "r1@chatroom")
        room.world.posts("wang", "打卡", "r1@chatroom")
        await room.hears("✅ 王老师")
    assert [text.split()[0] for text in room.said()] == ["@小李", "@小李", "✅", "✅"]
    assert len(room.said("wang")) == 1


async def test_a_question_is_answered_by_who_quotes_it_or_mentions_who_asked(tmp_path: Path):
    room = Room(tmp_path, "questions: {after: 30m, award: 'off'}\n")
    async with room.served():
        for who, text in (("li", "请问押金什么时候退？"), ("zhao", "请问怎么导出笔记？"), ("zhao", "请问有讲义吗？")):
            room.world.posts(who, text, "r1@chatroom")
        room.world.posts("zhao", "「小李：请问押金什么时候退？」\n- - - - - - - - - - - - - - -\n下周一", "r1@chatroom")
        room.world.posts("li", "@小赵\u2005有的，在群文件里", "r1@chatroom", mentions=["zhao"])
        room.world.posts("wang", "/待答", "r1@chatroom")
        await room.hears("🙋 还没有人回答的问题：1 个\n· 小赵，")


async def test_what_a_gateway_tells_of_more_than_a_day_ago_is_left_alone(tmp_path: Path, caplog):
    room = Room(tmp_path)
    now = int(time.time())
    async with room.served():
        for hours, who in ((25, "li"), (25, "wang"), (25 + 48, "li"), (23, "zhao")):
            id = f"{who} {hours}"
            sent = Message(id=id, kind=TEXT, talker=who, room="r1@chatroom", text="打卡", at=now - hours * 3600)
            room.world.messages[id] = sent
            room.world.tell(MESSAGE, {"messageId": id})
        await room.hears("✅ 小赵")
    assert [text for text in room.said() if "小李" in text or "王老师" in text] == []
    assert caplog.text.count("the clock of this machine is wrong") == 2, "once for each day"


async def test_a_command_is_answered_also_while_the_gateway_does_not_say_who_may_what(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served():
        room.world.refuses("RoomPayload", "timeout")
        room.world.posts("zhao", "/mute", "r1@chatroom")
        await eventually(lambda: len(room.said()) == 1, lambda: str(room.said()))
        room.world.posts("wang", "/mute", "r1@chatroom")
        await eventually(lambda: len(room.said()) == 2, lambda: str(room.said()))


def minutes_pass(room: Room) -> None:
    """As if nobody had served for a while."""
    with closing(open_store(f"sqlite:///{room.home / 'data' / 'yaji.sqlite3'}")) as store:
        kept = SqlConnections(store.pool)
        stood = kept.all()["wechat:main"]
        assert stood.heard is not None
        kept.note("wechat:main", stood._replace(heard=stood.heard - timedelta(minutes=3)))


async def test_what_was_not_heard_is_written_down_and_told(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served() as at_work:
        await eventually(lambda: bool(SqlConnections(at_work.store.pool).all()))
    minutes_pass(room)
    async with room.served() as at_work:
        gaps = lambda: list(at_work.store.every_record("reading", GAPS))  # noqa: E731
        held = lambda: at_work.store.audit("reading")  # noqa: E731
        await eventually(
            lambda: any("nothing was heard on wechat" in because for row in held() for because in row.because)
        )
        assert gaps() == []  # it is the group's, not a member's


async def test_what_was_not_heard_and_that_the_account_is_out_is_logged_in_the_operators_language(
    tmp_path: Path, caplog
):
    room = Room(tmp_path)
    async with room.served(language="zh"):
        pass
    minutes_pass(room)
    async with room.served(language="zh"):
        await eventually(lambda: "（UTC）没有收到消息" in caplog.text, lambda: caplog.text)
        room.world.refuses("MessageSendText", "room not found")
        room.world.posts("li", "打卡", "r1@chatroom")
        await eventually(lambda: "助手不在群里；要说的话先存着" in caplog.text, lambda: caplog.text)
    assert "was not heard" not in caplog.text


async def test_invitations_of_admins_and_requests_of_members_are_accepted_and_no_others(tmp_path: Path):
    room = Room(tmp_path)
    room.world.contact("stranger", "路人")
    async with room.served():
        room.world.invites("i1", "别的群", by="stranger")
        room.world.befriends("f1", "stranger", "hi")
        room.world.invites("i2", "新群", by="wang")
        room.world.befriends("f2", "li", "我是小李")
        await eventually(lambda: len(room.world.accepted) == 2)
        assert room.world.accepted == ["i2", "f2"]


async def test_an_admin_who_is_in_no_room_yet_becomes_a_contact_and_can_invite(tmp_path: Path, caplog):
    caplog.set_level(logging.INFO)
    room = Room(tmp_path)
    room.world.contact("stranger", "路人")
    room.world.rooms.clear()
    async with room.served(ready=False) as at_work:
        await eventually(lambda: at_work.connections["wechat:main"].heard_since is not None)
        room.world.befriends("f1", "stranger", "hi")
        room.world.befriends("f2", "wang", "我是王老师")
        await eventually(lambda: room.world.accepted == ["f2"])
    assert "neither a member nor an admin" in caplog.text


async def test_a_room_that_the_account_comes_into_is_served_at_once(tmp_path: Path):
    room = Room(tmp_path)
    here = room.world.rooms.pop("r1@chatroom")
    async with room.served(ready=False) as at_work:
        await eventually(lambda: at_work.connections["wechat:main"].heard_since is not None)
        room.world.rooms["r1@chatroom"] = here
        room.world.enters("r1@chatroom", [ME], by="wang")
        await eventually(lambda: bool(at_work.roster.rooms["wechat:main"].groups), lambda: "a room")
        room.world.posts("li", "打卡", "r1@chatroom")
        await room.hears("✅ 小李")


async def test_a_code_to_scan_is_shown_and_gone_after_the_login(tmp_path: Path, caplog):
    caplog.set_level(logging.WARNING)
    room = Room(tmp_path)
    room.world.me = None
    async with room.served(ready=False) as at_work:
        each: Any = at_work.connections["wechat:main"]
        await eventually(lambda: each.gateway.connected, lambda: each.how)
        room.world.asks_to_scan("http://weixin.qq.com/x/abc")
        await eventually(lambda: "▀" in caplog.text)
        assert "http://weixin.qq.com/x/abc" in caplog.text
        assert not each.well
        room.world.logs_in()
        await eventually(lambda: each.well and each.scan is None)


async def test_each_new_code_is_shown_whatever_is_said_with_it_and_none_twice(tmp_path: Path, caplog):
    caplog.set_level(logging.INFO)
    room = Room(tmp_path)
    room.world.me = None
    async with room.served(ready=False) as at_work:
        each: Any = at_work.connections["wechat:main"]
        await eventually(lambda: each.gateway.connected, lambda: each.how)
        for url, status in (("a", 5), ("a", 2), ("b", 0), ("b", 3), ("c", 1), ("d" * 3000, 2), ("e", 2)):
            room.world.asks_to_scan(f"http://weixin.qq.com/x/{url}", status)
        await eventually(lambda: "x/e" in caplog.text)
        shown = [
            row.getMessage() for row in caplog.records if row.levelno == logging.WARNING and "/x/" in row.getMessage()
        ]
        codes = [message.partition("/x/")[2].split()[0][0] for message in shown]
        assert codes == ["a", "b", "d", "e"]
        assert ["▀" in message for message in shown] == [True, True, False, True]


async def test_an_account_of_which_no_login_is_told_is_not_heard(tmp_path: Path):
    room = Room(tmp_path)
    async with room.served() as at_work:
        each: Any = at_work.connections["wechat:main"]
        await eventually(lambda: each.how == "running")
        await room.gateway.stop()
        await eventually(lambda: not each.well)
        room.world.me = None
        await room.gateway.start()
        await eventually(lambda: each.how == "logged out", lambda: str(each.how))
        assert (each.heard_since, each.well) == (None, False)


@pytest.mark.parametrize(
    ("language", "told"), [("en", "this process says what is to be said"), ("zh", "现在由这个进程来说")]
)
async def test_the_log_says_in_the_operators_language_who_speaks(tmp_path: Path, caplog, language, told: str):
    caplog.set_level(logging.INFO)
    room = Room(tmp_path)
    async with room.served(language=language):
        await eventually(lambda: told in caplog.text, lambda: caplog.text)

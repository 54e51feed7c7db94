"""ChatLab and chatlog, which third-party readers of WeChat write."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from core.errors import InputRefused
from core.events import MemberJoined, MemberLeft, MessageDeleted, MessagePosted
from tests.exports.reading import read

HEADER = {"chatlab": {"version": "0.0.2", "exportedAt": 1703001600}, "meta": {"name": "群", "platform": "wechat"}}
MEMBERS: list[dict[str, object]] = [
    {"platformId": "wxid_a", "accountName": "张三", "roles": [{"id": "owner"}]},
    {"platformId": "wxid_b", "accountName": "李四"},
]


def message(
    second: int, kind: int, content: str, sender: str = "system", name: str = "", **more: str
) -> dict[str, object]:
    at = 1703001600 + second
    return {"sender": sender, "accountName": name, "timestamp": at, "type": kind, "content": content, **more}


MESSAGES = [
    message(0, 0, "@李四 早", "wxid_a", "张三", platformMessageId="m1"),
    message(10, 25, "早！", "wxid_b", "李四", platformMessageId="m2", replyToMessageId="m1"),
    message(20, 80, '"张三"邀请"王五、赵六"加入了群聊'),
    message(30, 80, '你将"李四"移出了群聊'),
    message(40, 81, "", "wxid_b", "李四", platformMessageId="m9", replyToMessageId="m2"),
]


def document() -> str:
    return json.dumps({**HEADER, "members": MEMBERS, "messages": MESSAGES}, ensure_ascii=False)


def lines() -> str:
    rows = [{"_type": "header", **HEADER}, *({"_type": "member", **m} for m in MEMBERS)]
    rows += [{"_type": "message", **m} for m in MESSAGES]
    return "# a note\n" + "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n"


@pytest.mark.parametrize("content", [document(), lines()], ids=["JSON", "JSONL"])
def test_chatlab_says_the_same_in_both_forms(tmp_path, content):
    name, events, skipped = read(tmp_path / "c", content)
    assert (name, skipped) == ("chatlab", [])
    first, second, *joins, left, gone = events
    assert isinstance(first, MessagePosted)
    assert (first.id, first.actor.account, first.actor.admin) == ("export:chatlab:m1", "wechat:wxid_a", True)
    assert [who.account for who in first.mentions] == ["wechat:wxid_b"]
    assert isinstance(second, MessagePosted)
    assert second.reply_to is not None
    assert second.reply_to.author == first.actor or second.reply_to.author.account == "wechat:wxid_a"  # type: ignore[union-attr]
    assert [(type(j), j.actor.account) for j in joins] == [  # type: ignore[union-attr]
        (MemberJoined, "wechat:name:王五"),
        (MemberJoined, "wechat:name:赵六"),
    ]
    assert isinstance(left, MemberLeft)
    assert left.actor.account == "wechat:wxid_b"
    assert isinstance(gone, MessageDeleted)
    assert gone.message == "m2"


def test_a_broken_chatlab_line_is_skipped(tmp_path):
    in_milliseconds = '{"_type":"message","sender":"x","timestamp":1772352000000,"type":0}\n'
    broken = lines() + '{"_type":"message","sender":"x"\n' + '{"_type":"message","sender":"x","type":0}\n'
    _, events, skipped = read(tmp_path / "c", broken + in_milliseconds)
    assert len(events) == 6
    assert [s.place for s in skipped] == ["line 10", "line 11", "line 12"]
    assert "1990 to 2100" in skipped[-1].why


CSV = (
    "Time,SenderName,Sender,TalkerName,Talker,Content\n"
    "2026-03-01 08:00:00,张三,wxid_a,读书群,1@chatroom,早上好\n"
    '2026-03-01 08:01:00,李四,wxid_b,读书群,1@chatroom,"多行\n文字, 带逗号"\n'
    '2026-03-01 08:02:00,,系统消息,读书群,1@chatroom,"""张三""邀请""王五""加入了群聊"\n'
    "2026-03-01 08:03:00,李四,wxid_b,读书群,1@chatroom,[语音]\n"
)


def test_chatlog_csv_is_read_on_the_phone_s_clock(tmp_path):
    name, events, skipped = read(tmp_path / "c.csv", CSV, zone=ZoneInfo("Asia/Shanghai"))
    assert (name, skipped) == ("chatlog", [])
    assert events[0].at.isoformat() == "2026-03-01T00:00:00+00:00"
    assert isinstance(events[1], MessagePosted)
    assert events[1].text == "多行\n文字, 带逗号"
    assert isinstance(events[2], MemberJoined)
    assert isinstance(events[3], MessagePosted)
    assert events[3].kind == "voice"


def test_a_quote_that_is_never_closed_costs_one_row_of_csv(tmp_path):
    broken = CSV.replace(",早上好", ',"早上好')
    _, events, skipped = read(tmp_path / "c.csv", broken)
    assert [s.place for s in skipped] == ["line 2"]
    assert len(events) == 3


def test_chatlog_json_has_ids_kinds_and_quotes(tmp_path):
    room = {"talker": "1@chatroom", "talkerName": "群", "isChatRoom": True, "isSelf": False}
    quoted = {"seq": 0, "sender": "wxid_a", "senderName": "张三", "type": 1, "content": "早"}
    first = {"seq": 1772323200001, "time": "2026-03-01T08:00:00+08:00", "sender": "wxid_a", "senderName": "张三"}
    second = {"seq": 1772323260001, "time": "2026-03-01T08:01:00+08:00", "sender": "wxid_b", "senderName": "李四"}
    rows = [
        {**first, **room, "type": 1, "subType": 0, "content": "早"},
        {**second, **room, "type": 49, "subType": 57, "content": "同早", "contents": {"refer": quoted}},
        {"seq": 3, "time": "gestern", "talker": "1@chatroom", "sender": "x"},
    ]
    name, events, skipped = read(tmp_path / "c.json", json.dumps(rows))
    assert name == "chatlog"
    assert [event.id for event in events] == ["export:chatlog:1772323200001", "export:chatlog:1772323260001"]
    assert isinstance(events[1], MessagePosted)
    assert events[1].reply_to is not None
    assert events[1].reply_to.author is not None
    assert events[1].reply_to.author.account == "wechat:wxid_a"
    assert [s.place for s in skipped] == ["[2]"]


def test_a_csv_of_several_chats_asks_which(tmp_path):
    two = CSV + "2026-03-01 09:00:00,张三,wxid_a,茶群,2@chatroom,喝茶\n"
    with pytest.raises(InputRefused, match="2 chats; choose one with --chat"):
        read(tmp_path / "c.csv", two)
    _, events, _ = read(tmp_path / "c.csv", two, chat="茶群")
    assert [event.text for event in events if isinstance(event, MessagePosted)] == ["喝茶"]

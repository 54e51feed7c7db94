"""Telegram Desktop's result.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import InputRefused
from core.events import MemberJoined, MemberLeft, MessageEdited, MessagePosted, ReactionChanged
from core.people import ActorKind
from tests.exports.reading import read


def message(id_: int, text: Any = "hi", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "message",
        "date": "2026-03-01T16:00:00",
        "date_unixtime": str(1_772_352_000 + id_),
        "from": "小王",
        "from_id": "user77",
        "text": text,
        "text_entities": [{"type": "plain", "text": text}],
        **more,
    }


def service(id_: int, action: str, **more: Any) -> dict[str, Any]:
    told = {"type": "service", "actor": "小王", "actor_id": "user77", "action": action, "text_entities": []}
    return message(id_, "", **{**told, **more})


def chat(*messages: Any, **more: Any) -> str:
    whole = {"name": "晨读", "type": "private_supergroup", "id": 1234, "messages": list(messages), **more}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def test_a_message_is_read_with_its_own_id_and_the_unix_time(tmp_path):
    name, events, skipped = read(tmp_path / "any.txt", chat(message(5, "早上好")))
    assert (name, skipped) == ("telegram", [])
    assert isinstance(events[0], MessagePosted)
    assert events[0].id == "export:telegram:5"
    assert events[0].at == datetime.fromtimestamp(1_772_352_005, UTC)
    assert (events[0].actor.account, events[0].actor.name, events[0].text) == ("telegram:77", "小王", "早上好")


def test_text_comes_from_the_entities_with_hidden_links_and_named_mentions(tmp_path):
    entities = [
        {"type": "plain", "text": "see "},
        {"type": "text_link", "text": "this", "href": "https://a.example"},
        {"type": "mention_name", "text": "老李", "user_id": 88},
        {"type": "mention", "text": "@Nora"},
    ]
    _, [event], _ = read(tmp_path / "r.json", chat(message(1, text_entities=entities)))
    assert isinstance(event, MessagePosted)
    assert event.text == "see this老李@Nora"
    assert event.links == ("https://a.example",)
    assert [who.account for who in event.mentions] == ["telegram:88", "telegram:@nora"]


def test_an_old_export_without_entities_or_unix_time_is_read_on_the_given_clock(tmp_path):
    old = message(1, text=["a ", {"type": "bold", "text": "b"}])
    del old["text_entities"], old["date_unixtime"]
    _, [event], _ = read(tmp_path / "r.json", chat(old))
    assert isinstance(event, MessagePosted)
    assert (event.text, event.at.isoformat()) == ("a b", "2026-03-01T16:00:00+00:00")


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ({"media_type": "sticker", "file": "s.webp"}, "sticker"),
        ({"media_type": "voice_message", "file": "v.ogg"}, "voice"),
        ({"photo": "p.jpg"}, "photo"),
        ({"poll": {"question": "?"}}, "poll"),
        ({"file": "a.pdf"}, "file"),
        ({}, "text"),
    ],
)
def test_the_kind_of_a_message(tmp_path, field, kind):
    _, [event], _ = read(tmp_path / "r.json", chat(message(1, **field)))
    assert isinstance(event, MessagePosted)
    assert event.kind == kind


def test_a_reply_knows_its_author_and_reactions_and_edits_happen_later(tmp_path):
    asked = message(
        1,
        edited="2026-03-01T16:05:00",
        edited_unixtime="1772352300",
        reactions=[
            {"type": "emoji", "count": 1, "emoji": "👍", "recent": [
                {"from": "老李", "from_id": "user88", "date": "2026-03-01T16:10:00"}]}
        ],
    )  # fmt: skip
    answer = message(2, from_id="user88", **{"from": "老李"}, reply_to_message_id=1)
    _, events, _ = read(tmp_path / "r.json", chat(asked, answer))
    assert [type(event) for event in events] == [MessagePosted, MessagePosted, MessageEdited, ReactionChanged]
    reply = events[1]
    assert isinstance(reply, MessagePosted)
    assert reply.reply_to is not None
    assert reply.reply_to.author is not None
    assert reply.reply_to.author.account == "telegram:77"
    reaction = events[3]
    assert isinstance(reaction, ReactionChanged)
    # 16:00:00 on the exporter's wall is 1772352001, so its 16:10:00 is ten minutes later.
    assert (reaction.emoji, reaction.at.timestamp()) == (("👍",), 1_772_352_601)
    assert [event.id for event in events[2:]] == ["export:telegram:1:edited", "export:telegram:1:reaction:0.0"]


def test_joins_and_leaves_are_told_by_names_that_are_resolved_where_they_are_clear(tmp_path):
    _, events, skipped = read(
        tmp_path / "r.json",
        chat(
            service(1, "join_group_by_link", inviter="老李"),
            service(2, "invite_members", members=["老李", "生人", None]),
            service(3, "remove_members", members=["小王"]),
            service(4, "remove_members", members=["老李"]),
            service(5, "migrate_to_supergroup"),
            service(6, "pin_message"),
            message(7, **{"from": "老李"}, from_id="user88"),
        ),
    )
    joins = [event for event in events if isinstance(event, MemberJoined)]
    assert [(e.actor.account, e.by.account if e.by else None) for e in joins] == [
        ("telegram:77", "telegram:88"),
        ("telegram:88", "telegram:77"),
        ("telegram:name:生人", "telegram:77"),
    ]
    leaves = [event for event in events if isinstance(event, MemberLeft)]
    assert [(e.actor.account, e.by.account if e.by else None) for e in leaves] == [
        ("telegram:77", None),
        ("telegram:88", "telegram:77"),
    ]
    assert [s.place for s in skipped] == ["messages[1] (id 2)"]
    assert len({event.id for event in events}) == len(events)


def test_a_name_that_two_people_have_is_nobody_s(tmp_path):
    one, two = message(1, from_id="user1"), message(2, from_id="user2")
    _, events, _ = read(
        tmp_path / "r.json", chat(one, two, service(3, "remove_members", actor="管理", members=["小王"]))
    )
    assert isinstance(events[2], MemberLeft)
    assert events[2].actor.account == "telegram:name:小王"


def test_channels_and_anonymous_admins_are_no_persons(tmp_path):
    _, events, _ = read(tmp_path / "r.json", chat(message(1, from_id="channel9"), message(2, from_id="channel1234")))
    kinds = [event.actor.kind for event in events if isinstance(event, MessagePosted)]
    assert kinds == [ActorKind.CHANNEL, ActorKind.ANONYMOUS_ADMIN]


def test_a_broken_message_is_skipped_with_its_place_and_the_rest_is_read(tmp_path):
    whole = chat(message(1), "BROKEN", message(3), {"id": 4, "type": "message"}, message(5, reply_to_message_id="x"))
    _, events, skipped = read(tmp_path / "r.json", whole.replace('"BROKEN"', '{"id": 2, "text": oops, "a": [1, {}]}'))
    assert [event.id for event in events] == ["export:telegram:1", "export:telegram:3"]
    assert [(s.place, s.why.split(" ")[0]) for s in skipped] == [
        ("messages[1]", "no"),
        ("messages[3] (id 4)", "it"),
        ("messages[4] (id 5)", "Expected"),
    ]


def test_a_file_that_was_cut_off_gives_what_is_in_it(tmp_path):
    whole = chat(*(message(n) for n in range(1, 6)))
    _, events, skipped = read(tmp_path / "r.json", whole[: whole.index('"id": 4') + 30])
    assert len(events) == 3
    assert skipped[0].place == "the end of the file"


def account(*chats: dict[str, Any]) -> str:
    return json.dumps({"about": "x", "personal_information": {}, "chats": {"about": "y", "list": list(chats)}})


def one_chat(id_: int, name: str, kind: str, *messages: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "id": id_, "messages": list(messages)}


def test_of_a_whole_account_the_only_group_is_read(tmp_path):
    whole = account(one_chat(1, "Mum", "personal_chat", message(1)), one_chat(2, "G", "private_group", message(2)))
    _, events, _ = read(tmp_path / "r.json", whole)
    assert [event.id for event in events] == ["export:telegram:2"]


def test_of_a_whole_account_with_several_groups_one_must_be_chosen(tmp_path):
    whole = account(one_chat(1, "A", "private_group", message(1)), one_chat(2, "B", "public_supergroup", message(2)))
    with pytest.raises(InputRefused, match=r"2 groups; choose one with --chat: A \(id 1\), B \(id 2\)"):
        read(tmp_path / "r.json", whole)
    for chosen in ("b", "2"):
        _, events, _ = read(tmp_path / "r.json", whole, chat=chosen)
        assert [event.id for event in events] == ["export:telegram:2"]
    with pytest.raises(InputRefused, match="no chat 'C'; it holds A, B"):
        read(tmp_path / "r.json", whole, chat="C")


def test_a_message_of_the_year_one_is_skipped_and_so_is_one_edited_then(tmp_path):
    strange = [
        message(1, date_unixtime="-62135596800"),
        message(2, date_unixtime="253402300799"),
        message(3, edited_unixtime="253402300799"),
    ]
    _, events, skipped = read(tmp_path / "r.json", chat(*strange, message(4)))
    assert [event.id for event in events] == ["export:telegram:4"]
    assert [(one.place, one.why) for one in skipped] == [
        (f"messages[{n}] (id {n + 1})", "it has no date that can be read") for n in range(3)
    ]

"""Decoding: one bad update never takes others with it, and unused kinds are kept as they came."""

from __future__ import annotations

import json

import msgspec
import pytest

from adapters.telegram.actors import BotIdentity
from adapters.telegram.translate import events
from adapters.telegram.updates import update_in, updates_in
from tests.telegram.payloads import message, update


def body(*updates) -> bytes:
    return json.dumps({"ok": True, "result": updates}).encode()


def test_a_bad_update_is_set_aside_and_the_others_are_read():
    good, bad = updates_in(
        body(
            {"update_id": 1, "message": message()},
            {"update_id": 2, "message": {"message_id": "seven"}},
            {"nothing": "known"},
            {"update_id": 3, "message": message()},
        )
    )
    assert [one.update_id for one in good] == [1, 3]
    assert [(one.update_id, json.loads(one.raw)) for one in bad] == [
        (2, {"update_id": 2, "message": {"message_id": "seven"}}),
        (None, {"nothing": "known"}),
    ]
    assert bad[0].why == "Expected `int`, got `str` - at `$.message.message_id`"


def test_half_a_surrogate_pair_spoils_nothing():
    whole = body({"update_id": 1, "message": message(text="@@")}, {"update_id": 2, "message": message()})
    good, bad = updates_in(whole.replace(b'"@@"', b'"a\\ud83d"'))
    assert [one.message and one.message.text for one in good] == ["a?", "早上好"]
    assert bad == []
    assert (
        update_in(b'{"update_id":9,"message":{"chat":{"id":1},"date":1,"message_id":1,"text":"\\ud83d"}}').update_id
        == 9
    )


@pytest.mark.parametrize("broken", [b"", b"{", b'{"ok":true,"result":[{"update_id":1}', b"[]"])
def test_a_body_that_is_no_answer_raises(broken):
    with pytest.raises(msgspec.DecodeError):
        updates_in(broken)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"message": message()}, "message"),
        ({"channel_post": message()}, "channel_post"),
        ({"message_reaction_count": {"chat": {"id": 1}}}, "message_reaction_count"),
        ({"invented_next_year": {}}, "unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_update_says_its_kind(fields, kind):
    assert update(**fields).kind == kind


def test_unused_kinds_are_kept_as_they_came_and_give_no_event():
    post = update(channel_post={"message_id": 5, "text": "频道"})
    assert json.loads(bytes(post.channel_post)) == {"message_id": 5, "text": "频道"}
    assert events(post, BotIdentity(id=42), lambda chat: "reading") == ()


def test_a_webhook_body_is_one_update():
    assert update_in(b'{"update_id":9}').update_id == 9

"""Everything that happens in a group, told by whole payloads; and names and texts with anything in them."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any, Literal

import pytest

from adapters.telegram.actors import BotIdentity
from adapters.telegram.translate import events
from adapters.telegram.updates import update_in, updates_in
from core.events import Event, MemberJoined, MessagePosted
from core.people import Account
from tests.support.botapi import spec
from tests.telegram.payloads import NOON, WANG, changed, mark, message, update
from tests.telegram.samples import AT, SAMPLES, G, posted, service


class Sealed:
    """Opens `sealed` for 小王 in the group."""

    def opened(self, data: str, user: int, group: str) -> str | None:
        return "agree" if (data, user, group) == ("sealed", 10001, "reading") else None

    def verdict(self, data: str, user: int, group: str) -> Literal["ours", "not_yours", "forged"]:
        return "ours" if self.opened(data, user, group) else "forged"


BOT = BotIdentity(id=42, username="yaji_bot", admins={G: frozenset((10002, 42))}, seal=Sealed())


def group_of(chat: int) -> str | None:
    return {G: "reading", 10001: "reading"}.get(chat)


def field(event: Event, name: str) -> Any:
    """A field of an event, with actors as accounts."""
    value = getattr(event, name, None)
    match name:
        case "account":
            return event.actor.account  # type: ignore[union-attr]
        case "actor_kind":
            return event.actor.kind  # type: ignore[union-attr]
        case "admin" | "name":
            return getattr(event.actor, name)  # type: ignore[union-attr]
        case "by":
            return value and value.account
        case "reply_to":
            return value and f"{value.message} by {value.author and value.author.account}"
        case "mentions":
            return tuple(actor.account for actor in value or ())
        case _:
            return value


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_tells(name):
    sample = SAMPLES[name]
    bot = BOT if sample.bot_is_admin else replace(BOT, admins={G: frozenset((10002,))})
    told = events(update(**sample.update), bot, group_of, AT)
    assert [type(event) for event in told] == [kind for kind, _ in sample.events]
    for event, (_, fields) in zip(told, sample.events, strict=True):
        assert {name: field(event, name) for name in fields} == fields
        assert event.group == "reading"
    assert len({event.id for event in told}) == len(told)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_happens_in_a_chat_that_is_no_group_of_ours_tells_nothing(name):
    assert events(update(**SAMPLES[name].update), BOT, lambda _chat: None, AT) == ()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_shaped_as_documented(name):
    if not os.environ.get("YAJI_REAL_DATA"):
        pytest.skip("the Bot API's specification is not here (YAJI_REAL_DATA)")
    assert spec.off_update({"update_id": 7, **SAMPLES[name].update}) == []


def test_joins_by_message_count_where_standings_were_not_asked_for_yet():
    since = replace(BOT, told_since=NOON + 1)
    assert [type(event) for event in events(update(**service(new_chat_members=[WANG])), since, group_of)] == [
        MemberJoined
    ]
    assert events(update(**service(new_chat_members=[WANG])), replace(BOT, told_since=NOON), group_of) == ()


ANYTHING = [
    pytest.param("‮gnaW‬", id="right to left"),
    pytest.param("小\u200b王\u200d\ufeff", id="zero width"),
    pytest.param("👨‍👩‍👧‍👦" * 512, id="four thousand emoji"),
    pytest.param("a\0b", id="NUL"),
    pytest.param("Z̷̡͉̼͍͂̐a̶͛", id="zalgo"),
    pytest.param("<b>&amp;${member.name}`*_", id="markup"),
    pytest.param("\U000e0041\U000e007f", id="tags"),
    pytest.param("", id="nothing"),
    pytest.param(" \n\t", id="white space"),
]


@pytest.mark.parametrize("name", ANYTHING)
def test_a_name_may_hold_anything(name):
    user = {**WANG, "first_name": name, "last_name": name}
    (spoke,) = events(update(message=message(**{"from": user})), BOT, group_of)
    assert isinstance(spoke, MessagePosted)
    assert spoke.actor.name == (f"{name} {name}" if name else "")
    (joined,) = events(update(chat_member=changed(user, "left", "member")), BOT, group_of)
    assert isinstance(joined, MemberJoined)
    assert joined.actor.account == Account("telegram:10001")


@pytest.mark.parametrize("text", ANYTHING)
def test_a_text_may_hold_anything(text):
    marks = [mark("url", 0, len(text.encode("utf-16-le")) // 2)]
    (spoke,) = events(update(message=message(text=text, entities=marks)), BOT, group_of)
    assert isinstance(spoke, MessagePosted)
    assert spoke.text == text
    assert spoke.links == ((text,))


@pytest.mark.parametrize("broken", [rb"\ud83d", rb"\udc00x", rb"\udc00\ud83d"], ids=["high", "low", "turned round"])
def test_half_a_surrogate_pair_in_a_name_spoils_nothing(broken):
    whole = json.dumps({"update_id": 7, "message": message(**{"from": {**WANG, "first_name": "@@"}})}).encode()
    (spoke,) = events(update_in(whole.replace(b"@@", broken)), BOT, group_of)
    assert isinstance(spoke, MessagePosted)
    spoke.actor.name.encode()


def test_bytes_that_are_no_text_spoil_nothing():
    whole = json.dumps({"ok": True, "result": [{"update_id": 7, **posted(text="@@")}, {"update_id": 8}]}).encode()
    good, bad = updates_in(whole.replace(b"@@", b"a\xff\xfe"))
    assert ([one.update_id for one in good], bad) == ([7, 8], [])
    assert good[0].message is not None
    assert good[0].message.text == "a\ufffd\ufffd"


def test_a_thousand_mentions_are_a_thousand_mentions():
    text = "@abcde " * 1000
    marks = [mark("mention", 7 * n, 6) for n in range(1000)]
    (spoke,) = events(update(message=message(text=text, entities=marks)), BOT, group_of)
    assert isinstance(spoke, MessagePosted)
    assert len(spoke.mentions) == 1000


def test_a_sample_of_each_kind_that_is_asked_for_is_here():
    from adapters.telegram.polling import ALLOWED

    assert set(ALLOWED) <= {kind for sample in SAMPLES.values() for kind in sample.update}
    assert {kind for sample in SAMPLES.values() if sample.events for kind in sample.update} == set(ALLOWED)

"""A line to the admins is answered at the desk: the button under it says which group and member it is about."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from adapters.telegram import translate
from adapters.telegram.actors import BotIdentity
from adapters.telegram.seal import Seal
from adapters.telegram.updates import Update
from core.events import MessagePosted
from core.lines import addressed

SEAL = Seal(b"k" * 32)
LINE = addressed("undo:0123456789:telegram:20001", "reading")


def answered(callback_data: str, from_id: int = 1) -> MessagePosted:
    bot = BotIdentity(id=1, username="yaji_bot", seal=SEAL, groups=lambda: ("reading", "desk"))
    chat = {"id": -1003, "type": "supergroup", "title": "desk"}
    line: dict[str, Any] = {
        "message_id": 5,
        "date": 1,
        "chat": chat,
        "from": {"id": from_id, "is_bot": True, "first_name": "Yaji"},
        "text": "⚖️",
        "reply_markup": {"inline_keyboard": [[{"text": "Undo", "callback_data": callback_data}]]},
    }
    ada = {"id": 10002, "is_bot": False, "first_name": "Ada"}
    message = {"message_id": 6, "date": 2, "chat": chat, "from": ada, "text": "/undo", "reply_to_message": line}
    update = msgspec.convert({"update_id": 1, "message": message}, Update)
    (event,) = translate.events(update, bot, lambda _chat: "desk")
    assert isinstance(event, MessagePosted)
    return event


def test_the_button_of_a_line_about_a_group_is_read_at_the_desk():
    event = answered(SEAL.sealed(LINE, None, "reading"))
    assert event.reply_to is not None
    assert event.reply_to.data == LINE


@pytest.mark.parametrize(
    ("data", "from_id"),
    [
        (SEAL.sealed(LINE, None, "elsewhere"), 1),
        (Seal(b"o" * 32).sealed(LINE, None, "reading"), 1),
        (SEAL.sealed(LINE, 77, "reading"), 1),
        (SEAL.sealed(LINE, None, "reading"), 2),
        ("undo:0123456789:telegram:20001", 1),
    ],
    ids=["of no group here", "of another key", "for somebody else", "under another bot's message", "not sealed"],
)
def test_what_was_not_sealed_for_this_is_not_read(data, from_id):
    event = answered(data, from_id)
    assert event.reply_to is not None
    assert event.reply_to.data == ""

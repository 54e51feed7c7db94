"""Calls and answers are held against the specification, if it is there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.botapi.conftest import Stage
from tests.support.botapi import spec

pytestmark = pytest.mark.skipif(spec.whole() is None, reason="$YAJI_REAL_DATA/telegram-bot-api/spec.json is not there")

OFF: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown": ("sendMessage", {"chat_id": 1, "text": "x", "colour": "red"}, "sendMessage: unknown parameter colour"),
    "missing": ("sendMessage", {"chat_id": 1}, "sendMessage: text is missing"),
    "of another type": (
        "deleteMessage",
        {"chat_id": 1, "message_id": "x"},
        "deleteMessage.message_id: 'x' is no Integer",
    ),
    "inside": (
        "sendMessage",
        {"chat_id": 1, "text": "x", "reply_parameters": '{"message": 1}'},
        "sendMessage.reply_parameters: ReplyParameters has no message",
    ),
}


@pytest.mark.parametrize(("method", "params", "problem"), OFF.values(), ids=OFF)
def test_calls_off_the_specification(method: str, params: dict[str, Any], problem: str) -> None:
    assert problem in spec.off_call(method, params)


def test_forms_are_read_as_they_are_meant() -> None:
    params = {"chat_id": "-100", "user_id": "7", "permissions": '{"can_send_messages": false}', "until_date": "0"}
    assert spec.off_call("restrictChatMember", params) == []


def test_updates_off_the_specification() -> None:
    update = {"update_id": 1, "message": {"message_id": 1, "date": 2, "chat": {"id": 3, "type": "group"}, "txt": "x"}}
    assert spec.off_update(update) == ["update.message: Message has no txt"]


def test_a_server_collects_problems(stage: Stage) -> None:
    stage.ask("getChat", chat_id=stage.group.id, colour="red")
    assert stage.server.off_spec == ["getChat: unknown parameter colour"]
    stage.server.off_spec.clear()


def test_a_failure_of_the_server_itself_shows(stage: Stage) -> None:
    stage.ask("deleteMessages", chat_id=stage.group.id, message_ids=["x"])
    assert any("the test server failed" in problem for problem in stage.server.off_spec)
    stage.server.off_spec.clear()

"""How the test server says no, in Telegram's words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.botapi.conftest import Stage
from tests.support.botapi import ALL_RIGHTS, NO_PERMISSIONS, World
from tests.support.botapi.model import Chat

KEYS = {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}
NONE: dict[str, bool] = {}


def _send(stage: Stage, **more: Any) -> str:
    return stage.refusal("sendMessage", **{"chat_id": stage.group.id, "text": "x", **more})


def _without_rights(stage: Stage, *rights: str) -> None:
    stage.world.joined(stage.group, stage.bot, status="administrator", rights=rights)


SENDING: dict[str, tuple[dict[str, Any], str]] = {
    "no text": ({"text": ""}, "Bad Request: message text is empty"),
    "only space": ({"text": " \n "}, "Bad Request: text must be non-empty"),
    "only tags": ({"text": "<b> </b>", "parse_mode": "HTML"}, "Bad Request: text must be non-empty"),
    "4097 units": ({"text": "😀" * 2048 + "x"}, "Bad Request: message is too long"),
    "open tag": (
        {"text": "<b>x", "parse_mode": "HTML"},
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    "long callback data": ({"reply_markup": KEYS}, "Bad Request: BUTTON_DATA_INVALID"),
    "no such reply": (
        {"reply_parameters": {"message_id": 999}},
        "Bad Request: message to be replied not found",
    ),
    "no such chat": ({"chat_id": -100777}, "Bad Request: chat not found"),
    "no chat": ({"chat_id": ""}, "Bad Request: chat_id is empty"),
    "no such name": ({"chat_id": "@nobody"}, "Bad Request: chat not found"),
}


@pytest.mark.parametrize(("params", "text"), SENDING.values(), ids=SENDING)
def test_a_message_that_cannot_be_sent(stage: Stage, params: dict[str, Any], text: str) -> None:
    assert _send(stage, **params) == text
    assert stage.group.messages == {}


def test_a_keyboard_that_is_no_json(stage: Stage) -> None:
    assert _send(stage, reply_markup="{") == "Bad Request: can't parse reply keyboard markup JSON object"
    if stage.server.spec_checked:
        assert stage.server.off_spec == ["sendMessage.reply_markup: '{' is no InlineKeyboardMarkup"]
    stage.server.off_spec.clear()


def test_4096_units_after_parsing_are_not_too_long(stage: Stage) -> None:
    text = "<b>" + "😀" * 2048 + "</b>"
    stage.result("sendMessage", chat_id=stage.group.id, text=text, parse_mode="HTML")
    assert stage.group.said_by(stage.bot)[0].entities == [{"offset": 0, "length": 4096, "type": "bold"}]


def test_a_topic_that_is_not_there(stage: Stage) -> None:
    stage.group.is_forum = True
    assert _send(stage, message_thread_id=5) == "Bad Request: message thread not found"


def test_a_reply_may_do_without_its_message(stage: Stage) -> None:
    reply = {"message_id": 999, "allow_sending_without_reply": True}
    stage.result("sendMessage", chat_id=stage.group.id, text="x", reply_parameters=reply)


def _kicked(stage: Stage) -> None:
    stage.owner.bans(stage.bot, stage.group)


def _removed(stage: Stage) -> None:
    stage.owner.demotes(stage.bot, stage.group)
    stage.owner.unbans(stage.bot, stage.group)


def _muted(stage: Stage) -> None:
    stage.owner.demotes(stage.bot, stage.group)
    stage.owner.permits(stage.group, **NO_PERMISSIONS)


def _deleted(stage: Stage) -> None:
    stage.owner.deletes_chat(stage.group)


LOST: dict[str, tuple[Callable[[Stage], None], str]] = {
    "kicked": (_kicked, "Forbidden: bot was kicked from the supergroup chat"),
    "removed": (_removed, "Forbidden: bot is not a member of the supergroup chat"),
    "muted": (_muted, "Bad Request: not enough rights to send text messages to the chat"),
    "deleted": (_deleted, "Forbidden: bot was kicked from the supergroup chat"),
}


@pytest.mark.parametrize(("lose", "text"), LOST.values(), ids=LOST)
def test_a_group_that_is_lost(stage: Stage, lose: Callable[[Stage], None], text: str) -> None:
    lose(stage)
    assert _send(stage) == text


def test_private_chats(stage: Stage) -> None:
    known, stranger = stage.li, stage.world.person("Stranger")
    other = stage.world.bot("other_bot")
    stage.bot.met |= {known.id, other.id}
    assert _send(stage, chat_id=stranger.id) == "Bad Request: chat not found"
    assert _send(stage, chat_id=known.id) == "Forbidden: bot can't initiate conversation with a user"
    assert _send(stage, chat_id=other.id) == "Forbidden: bot can't send messages to bots"
    known.starts(stage.bot)
    stage.result("sendMessage", chat_id=known.id, text="hi")
    known.blocks(stage.bot)
    assert _send(stage, chat_id=known.id) == "Forbidden: bot was blocked by the user"
    known.unblocks(stage.bot)
    known.deletes_account()
    assert _send(stage, chat_id=known.id) == "Forbidden: user is deactivated"


def test_a_join_request_opens_the_private_chat_for_five_minutes(stage: Stage) -> None:
    asking = stage.world.person("Asking")
    asking.asks_to_join(stage.group)
    stage.clock.passes(299)
    stage.result("sendMessage", chat_id=asking.id, text="为什么想加入？")
    stage.clock.passes(2)
    assert _send(stage, chat_id=asking.id) == "Forbidden: bot can't initiate conversation with a user"


MODERATION = ("restrictChatMember", "banChatMember", "unbanChatMember")


@pytest.mark.parametrize("method", MODERATION)
def test_whom_a_bot_may_not_touch(stage: Stage, method: str) -> None:
    admin = stage.world.person("Admin")
    stage.world.joined(stage.group, admin, status="administrator")

    def refusal(user: int) -> str:
        more = {"permissions": NONE} if method == "restrictChatMember" else {}
        return stage.refusal(method, chat_id=stage.group.id, user_id=user, **more)

    assert refusal(admin.id) == "Bad Request: user is an administrator of the chat"
    assert refusal(stage.owner.id) == "Bad Request: can't remove chat owner"
    assert refusal(stage.bot.id) == "Bad Request: can't restrict self"
    assert refusal(987654321) == "Bad Request: PARTICIPANT_ID_INVALID"
    assert refusal(0) == "Bad Request: invalid user_id specified"
    _without_rights(stage, "can_delete_messages")
    assert refusal(stage.li.id) == "Bad Request: not enough rights to restrict/unrestrict chat member"
    assert stage.group.standing(stage.li).status == "member"


RIGHTS: dict[str, tuple[str, dict[str, Any], str]] = {
    "approve": ("approveChatJoinRequest", {}, "not enough rights to manage chat join requests"),
    "link": ("createChatInviteLink", {}, "not enough rights to manage chat invite link"),
    "permissions": ("setChatPermissions", {"permissions": NONE}, "not enough rights to change chat permissions"),
    "pin": ("pinChatMessage", {}, "not enough rights to manage pinned messages in the chat"),
    "delete": ("deleteMessage", {}, "message can't be deleted"),
    "delete many": ("deleteMessages", {}, "message can't be deleted"),
    "title": ("setChatTitle", {"title": "x"}, "not enough rights to change chat title"),
    "ban a channel": ("banChatSenderChat", {}, "not enough rights to restrict/unrestrict chat member"),
}


@pytest.mark.parametrize(("method", "params", "text"), RIGHTS.values(), ids=RIGHTS)
def test_a_right_that_is_missing(stage: Stage, method: str, params: dict[str, Any], text: str) -> None:
    _without_rights(stage)
    said = stage.li.posts(stage.group, "x")
    params = {**params, "chat_id": stage.group.id}
    match method:
        case "deleteMessages":
            params["message_ids"] = [said.id]
        case "deleteMessage" | "pinChatMessage":
            params["message_id"] = said.id
        case "approveChatJoinRequest":
            params["user_id"] = stage.li.id
        case "banChatSenderChat":
            params["sender_chat_id"] = stage.world.channel("Spam", owner=stage.owner).id
    assert stage.refusal(method, **params) == f"Bad Request: {text}"


def test_messages_that_are_gone_old_or_not_ones_own(stage: Stage) -> None:
    _without_rights(stage, "can_pin_messages")
    own = stage.result("sendMessage", chat_id=stage.group.id, text="x")["message_id"]
    his = stage.li.posts(stage.group, "y").id
    here = {"chat_id": stage.group.id}
    edit = {**here, "text": "z"}
    assert stage.refusal("editMessageText", message_id=his, **edit) == "Bad Request: message can't be edited"
    assert stage.refusal("editMessageText", message_id=999, **edit) == "Bad Request: message to edit not found"
    same = stage.refusal("editMessageText", message_id=own, chat_id=stage.group.id, text="x")
    assert same.startswith("Bad Request: message is not modified: specified new message content")
    assert stage.refusal("deleteMessage", message_id=999, **here) == "Bad Request: message to delete not found"
    assert stage.refusal("pinChatMessage", message_id=999, **here) == "Bad Request: message to pin not found"
    stage.clock.passes(48 * 3600)
    everyone = "Bad Request: message can't be deleted for everyone"
    assert stage.refusal("deleteMessage", message_id=own, **here) == everyone
    _without_rights(stage, "can_delete_messages")
    stage.result("deleteMessage", message_id=own, **here)
    assert stage.refusal("deleteMessage", message_id=own, **here) == "Bad Request: message to delete not found"


def test_join_requests_that_are_not_there(stage: Stage) -> None:
    asking = stage.world.person("Asking")
    asking.asks_to_join(stage.group)
    ask = {"chat_id": stage.group.id, "user_id": asking.id}
    stage.result("approveChatJoinRequest", **ask)
    assert stage.refusal("approveChatJoinRequest", **ask) == "Bad Request: USER_ALREADY_PARTICIPANT"
    asking.leaves(stage.group)
    assert stage.refusal("declineChatJoinRequest", **ask) == "Bad Request: HIDE_REQUESTER_MISSING"


def test_a_press_is_answered_once_and_in_time(stage: Stage) -> None:
    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "1"}]]}
    sent = stage.result("sendMessage", chat_id=stage.group.id, text="?", reply_markup=keys)
    message = stage.group.messages[sent["message_id"]]
    query = stage.li.presses(message, "1")
    stage.result("answerCallbackQuery", callback_query_id=query)
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert stage.refusal("answerCallbackQuery", callback_query_id=query) == late
    query = stage.li.presses(message, "a")
    stage.clock.passes(stage.world.press_answerable_for + 1)
    assert stage.refusal("answerCallbackQuery", callback_query_id=query) == late


def test_strangers_have_no_standing_and_those_who_left_have(stage: Stage) -> None:
    stage.li.leaves(stage.group)
    who = {"chat_id": stage.group.id, "user_id": stage.li.id}
    assert stage.result("getChatMember", **who)["status"] == "left"
    who["user_id"] = stage.world.person("Stranger").id
    assert stage.refusal("getChatMember", **who) == "Bad Request: PARTICIPANT_ID_INVALID"


def test_unban_removes_a_member_unless_told_otherwise(stage: Stage) -> None:
    who = {"chat_id": stage.group.id, "user_id": stage.li.id}
    stage.result("unbanChatMember", **who, only_if_banned=True)
    assert stage.group.standing(stage.li).status == "member"
    stage.result("unbanChatMember", **who)
    assert stage.group.standing(stage.li).status == "left"


@pytest.mark.parametrize(("seconds", "kept"), [(29, 0), (31, 31), (366 * 86400, 366 * 86400), (367 * 86400, 0)])
def test_short_and_very_long_mutes_are_for_ever(stage: Stage, seconds: int, kept: int) -> None:
    until = int(stage.clock()) + seconds
    who = {"chat_id": stage.group.id, "user_id": stage.li.id, "permissions": NONE, "until_date": until}
    stage.result("restrictChatMember", **who)
    assert stage.group.standing(stage.li).until == (int(stage.clock()) + kept if kept else 0)
    stage.clock.passes(seconds + 1)
    assert stage.group.standing(stage.li).status == ("member" if kept else "restricted")


def test_basic_groups_know_no_mutes(stage: Stage) -> None:
    group = stage.world.group("老群", owner=stage.owner)
    stage.world.joined(group, stage.li)
    stage.world.joined(group, stage.bot, status="administrator", rights=ALL_RIGHTS)
    who = {"chat_id": group.id, "user_id": stage.li.id}
    only = "Bad Request: method is available only for supergroups"
    assert stage.refusal("restrictChatMember", **who, permissions=NONE) == only
    stage.result("banChatMember", **who)
    assert group.standing(stage.li).status == "left"


def _unknown(stage: Stage, path: str) -> tuple[int, str]:
    answer = stage.client.get(stage.server.url + path)
    return answer.status_code, answer.json()["description"]


def test_unknown_methods_and_tokens(stage: Stage) -> None:
    assert _unknown(stage, f"/bot{stage.bot.token}/sendTelepathy") == (404, "Not Found: method not found")
    assert _unknown(stage, "/bot1:AAA/getMe") == (401, "Unauthorized")
    assert _unknown(stage, "/") == (404, "Not Found")


def test_a_chat_is_found_by_its_public_name(stage: Stage) -> None:
    chat: Chat = stage.world.supergroup("公开", owner=stage.owner, username="Open_Group")
    stage.world.joined(chat, stage.bot)
    stage.result("sendMessage", chat_id="@open_group", text="x")
    assert [m.text for m in chat.alive] == ["x"]


def test_a_world_without_a_server_is_only_data() -> None:
    world = World()
    assert world.person("A").id != world.person("B").id

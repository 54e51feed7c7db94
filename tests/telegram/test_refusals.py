"""What Telegram's refusals mean: each known text, and what stands in for those that are not known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.telegram.calls import AnswerLost, ApiError, NotSent
from adapters.telegram.refusals import ability_for, answer_to, wait
from core.delivery import Done, Later, Never, Refusal, Unsure
from core.effects import (
    Approve,
    Ban,
    Decline,
    Delete,
    Edit,
    Invite,
    Mute,
    Pin,
    React,
    Remove,
    Say,
    TellAdmins,
    Unban,
    Unmute,
)
from core.people import Account

LI = Account("telegram:10001")
SAY = Say(words=("hi",))
EDIT = Edit(message="5", words=("hi",))
DELETE = Delete(messages=("5",))
REACT = React(message="5", emoji="👍")
PIN = Pin(message="5")
MUTE = Mute(member=LI, span=None)
UNMUTE = Unmute(member=LI)
REMOVE = Remove(member=LI)
BAN = Ban(member=LI)
UNBAN = Unban(member=LI)
APPROVE = Approve(member=LI)
DECLINE = Decline(member=LI)
INVITE = Invite(member=LI, name="li")
BAD, FORBIDDEN = "Bad Request: ", "Forbidden: "
GROUP, PRIVATE = False, True
R = Refusal


def told(code, description, effect, private=GROUP, **more):
    return answer_to(ApiError("anyMethod", code, description, **more), effect, private=private)


NO_RIGHT = [
    (SAY, "not enough rights to send text messages to the chat", "say"),
    (SAY, "not enough rights to send photos to the chat", "picture"),
    (SAY, "have no rights to send a message", "say"),
    (SAY, "CHAT_WRITE_FORBIDDEN", "say"),
    (SAY, "CHAT_RESTRICTED", "say"),
    (SAY, "need administrator rights in the channel chat", "say"),
    (DELETE, "message can't be deleted", "delete"),
    (DELETE, "MESSAGE_DELETE_FORBIDDEN", "delete"),
    (MUTE, "not enough rights to restrict/unrestrict chat member", "mute"),
    (UNMUTE, "CHAT_ADMIN_REQUIRED", "mute"),
    (REMOVE, "not enough rights to restrict/unrestrict chat member", "remove"),
    (BAN, "CHAT_ADMIN_REQUIRED", "ban"),
    (UNBAN, "not enough rights to restrict/unrestrict chat member", "ban"),
    (PIN, "not enough rights to manage pinned messages in the chat", "pin"),
    (APPROVE, "not enough rights to manage chat join requests", "approve"),
    (DECLINE, "CHAT_ADMIN_REQUIRED", "approve"),
    (INVITE, "not enough rights to manage chat invite link", "invite"),
]


@pytest.mark.parametrize(
    ("effect", "text", "right"), NO_RIGHT, ids=[f"{type(e).__name__}: {t}" for e, t, _ in NO_RIGHT]
)
def test_a_missing_right_is_named(effect, text, right) -> None:
    assert told(400, BAD + text, effect) == Never(refusal=R.NO_RIGHT, why=BAD + text, needs=right)


NEVER = [
    # the group
    (403, FORBIDDEN + "bot was kicked from the supergroup chat", SAY, GROUP, R.NOT_THERE),
    (403, FORBIDDEN + "bot was kicked from the group chat", MUTE, GROUP, R.NOT_THERE),
    (403, FORBIDDEN + "bot is not a member of the supergroup chat", SAY, GROUP, R.NOT_THERE),
    (403, FORBIDDEN + "the group chat was deleted", SAY, GROUP, R.NOT_THERE),
    (400, BAD + "chat not found", SAY, GROUP, R.NOT_THERE),
    (400, BAD + "CHANNEL_PRIVATE", SAY, GROUP, R.NOT_THERE),
    (403, FORBIDDEN + "something new", SAY, GROUP, R.NOT_THERE),
    # private chats
    (403, FORBIDDEN + "bot can't initiate conversation with a user", SAY, PRIVATE, R.UNREACHABLE),
    (403, FORBIDDEN + "bot was blocked by the user", SAY, PRIVATE, R.UNREACHABLE),
    (403, FORBIDDEN + "user is deactivated", SAY, PRIVATE, R.UNREACHABLE),
    (403, FORBIDDEN + "bot can't send messages to bots", SAY, PRIVATE, R.UNREACHABLE),
    (400, BAD + "chat not found", SAY, PRIVATE, R.UNREACHABLE),
    (400, BAD + "PEER_ID_INVALID", SAY, PRIVATE, R.UNREACHABLE),
    (403, FORBIDDEN + "something new", SAY, PRIVATE, R.UNREACHABLE),
    # messages
    (400, BAD + "message to edit not found", EDIT, GROUP, R.GONE),
    (400, BAD + "message can't be edited", EDIT, GROUP, R.GONE),
    (400, BAD + "MESSAGE_ID_INVALID", EDIT, GROUP, R.GONE),
    (400, BAD + "message to react not found", REACT, GROUP, R.GONE),
    (400, BAD + "REACTION_INVALID", REACT, GROUP, R.UNABLE),
    (400, BAD + "message to pin not found", PIN, GROUP, R.GONE),
    (400, BAD + "message thread not found", SAY, GROUP, R.SHUT),
    (400, BAD + "TOPIC_CLOSED", SAY, GROUP, R.SHUT),
    (400, BAD + "message to be replied not found", SAY, GROUP, R.GONE),
    (400, BAD + "query is too old and response timeout expired or query ID is invalid", None, GROUP, R.GONE),
    # members
    (400, BAD + "user is an administrator of the chat", MUTE, GROUP, R.IMMUNE),
    (400, BAD + "can't remove chat owner", BAN, GROUP, R.IMMUNE),
    (400, BAD + "can't restrict self", BAN, GROUP, R.IMMUNE),
    (400, BAD + "PARTICIPANT_ID_INVALID", MUTE, GROUP, R.GONE),
    (400, BAD + "user not found", BAN, GROUP, R.GONE),
    (400, BAD + "method is available only for supergroups", MUTE, GROUP, R.UNABLE),
    (400, BAD + "method is available for supergroup and channel chats only", UNBAN, GROUP, R.UNABLE),
    (400, BAD + "HIDE_REQUESTER_MISSING", APPROVE, GROUP, R.GONE),
    (400, BAD + "USER_ALREADY_PARTICIPANT", DECLINE, GROUP, R.GONE),
    (403, FORBIDDEN + "user is deactivated", APPROVE, GROUP, R.GONE),
    (400, BAD + "USER_CHANNELS_TOO_MUCH", APPROVE, GROUP, R.GONE),
    # our own mistakes, and what nobody wrote down
    (400, BAD + "can't parse entities: Unsupported start tag", SAY, GROUP, R.MALFORMED),
    (400, BAD + "message is too long", SAY, GROUP, R.MALFORMED),
    (400, BAD + "BUTTON_DATA_INVALID", SAY, GROUP, R.MALFORMED),
    (400, BAD + "SOMETHING_NEW", SAY, GROUP, R.MALFORMED),
    (413, "Request Entity Too Large", SAY, GROUP, R.MALFORMED),
    # the token
    (401, "Unauthorized", SAY, GROUP, R.CREDENTIALS),
    (401, "Unauthorized: invalid token specified", SAY, GROUP, R.CREDENTIALS),
    (404, "Not Found", SAY, GROUP, R.CREDENTIALS),
    (421, "Misdirected Request: unallowed token specified", SAY, GROUP, R.CREDENTIALS),
    (404, "Not Found: method not found", SAY, GROUP, R.UNABLE),
]


@pytest.mark.parametrize(
    ("code", "text", "effect", "private", "refusal"),
    NEVER,
    ids=[f"{type(e).__name__}, {'private' if p else 'group'}: {c} {t}" for c, t, e, p, _ in NEVER],
)
def test_never(code, text, effect, private, refusal) -> None:
    assert told(code, text, effect, private) == Never(refusal=refusal, why=text)


DONE = [
    (EDIT, "message is not modified: specified new message content and reply markup are exactly the same as …"),
    (DELETE, "message to delete not found"),
    (DELETE, "MESSAGE_ID_INVALID"),
    (PIN, "CHAT_NOT_MODIFIED"),
    (APPROVE, "USER_ALREADY_PARTICIPANT"),
    (DECLINE, "HIDE_REQUESTER_MISSING"),
    (REMOVE, "USER_NOT_PARTICIPANT"),
    (REMOVE, "member not found"),
]


@pytest.mark.parametrize(("effect", "text"), DONE, ids=[f"{type(e).__name__}: {t}" for e, t in DONE])
def test_the_second_time_is_done(effect, text) -> None:
    assert told(400, BAD + text, effect) == Done(note=BAD + text)


def test_what_cannot_be_deleted_although_we_may_delete_is_gone_for_us() -> None:
    failed = ApiError("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    assert answer_to(failed, DELETE, able=frozenset({"say", "delete"})) == Never(refusal=R.GONE, why=failed.description)
    assert answer_to(failed, DELETE, able=frozenset({"say"})) == Never(
        refusal=R.NO_RIGHT, why=failed.description, needs="delete"
    )


def test_a_group_that_moved_tells_where_to() -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    assert told(400, text, SAY, migrate_to=-1001234) == Never(refusal=R.MOVED, why=text, moved_to="-1001234")


@pytest.mark.parametrize(
    ("code", "text", "more", "seconds"),
    [
        pytest.param(429, "Too Many Requests: retry after 7", {"retry_after": 7.0}, 7, id="as long as Telegram says"),
        pytest.param(429, "Too Many Requests", {}, 5, id="a while if it does not say"),
        pytest.param(400, "Bad Request: SLOWMODE_WAIT_12", {}, 12, id="slow mode"),
        pytest.param(400, "Bad Request: FLOOD_WAIT_30", {}, 30, id="a flood told by a server's code"),
    ],
)
def test_too_fast_is_later_in_this_chat(code, text, more, seconds) -> None:
    assert told(code, text, SAY, **more) == Later(after=timedelta(seconds=seconds), why=text, flood=True)


def test_too_fast_in_several_chats_at_once_is_later_for_the_bot() -> None:
    failed = ApiError("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)
    assert answer_to(failed, SAY, flooded=True) == Later(
        after=timedelta(seconds=3), why=failed.description, whole_bot=True, flood=True
    )


@pytest.mark.parametrize(
    "failed",
    [
        pytest.param(ApiError("m", 500, "Internal Server Error: restart"), id="500, restart"),
        pytest.param(ApiError("m", 502, "Bad Gateway"), id="502 of the gateway"),
        pytest.param(ApiError("m", 504, "Gateway Timeout"), id="504"),
        pytest.param(ApiError("m", 400, "Bad Request: MSG_WAIT_FAILED"), id="a server's failure told as 400"),
        pytest.param(AnswerLost("m", "m: ReadTimeout"), id="no answer"),
    ],
)
def test_nobody_knows(failed) -> None:
    assert isinstance(answer_to(failed, SAY), Unsure)


def test_no_connection_is_later_for_the_bot_and_longer_each_time() -> None:
    failed = NotSent("m", "m: ConnectError")
    answers = [answer_to(failed, SAY, troubles=n) for n in (0, 1, 2, 9, 10_000)]
    assert answers == [
        Later(after=timedelta(seconds=s), why="m: ConnectError", whole_bot=True) for s in (1, 2, 4, 30, 30)
    ]
    assert wait(0) == timedelta(seconds=1)


@pytest.mark.parametrize("code", [302, 403, 404, 407])
def test_a_proxy_that_says_no_is_later(code) -> None:
    failed = ApiError("m", code, "the answer is not the Bot API's", foreign=True)
    assert answer_to(failed, SAY) == Later(after=timedelta(seconds=30), why=failed.description, whole_bot=True)


def test_a_proxy_that_finds_it_too_large_is_never() -> None:
    failed = ApiError("m", 413, "the answer is not the Bot API's", foreign=True)
    assert answer_to(failed, SAY) == Never(refusal=R.MALFORMED, why=failed.description)


def test_each_effect_has_its_right() -> None:
    line = TellAdmins(words=("x",))
    everything = (SAY, line, EDIT, DELETE, REACT, PIN, MUTE, UNMUTE, REMOVE, BAN, UNBAN, APPROVE, DECLINE, INVITE)
    assert [ability_for(effect) for effect in everything] == [
        "say", "say", "edit", "delete", "react", "pin", "mute", "mute", "remove", "ban", "ban", "approve", "approve",
        "invite",
    ]  # fmt: skip

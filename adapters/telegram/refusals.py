"""What a failed call of the Bot API means: every code and text that Telegram is known to answer, as an `Answer`.

The texts are those of telegram-bot-api 10.0 (Client.cpp) and of tdlib behind it; codes in capitals come from Telegram's
servers and pass through unchanged. Telegram promises neither, so what is not known falls back on the number.

5xx counts as unsure. Telegram's own description of 500 is an error "while a request was being processed", "Internal
Server Error: restart" is told to requests that were under way, and a 502 of its gateway does not say how far the
request got; so a message may have been posted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from adapters.telegram.calls import AnswerLost, ApiError, CallFailed, NotSent
from core.delivery import Ability, Answer, Done, Later, Never, Refusal, Unsure
from core.effects import (
    Approve,
    Ban,
    Decline,
    Delete,
    Edit,
    Effect,
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

_PREFIX: Final = re.compile(r"^(?:bad request|forbidden|unauthorized|internal server error): ", re.IGNORECASE)
_WAIT: Final = re.compile(r"(?:flood|slowmode)(?:_premium)?_wait_(\d+)")
_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 30.0
_FOREIGN_WAIT: Final = timedelta(seconds=30)
_DEFAULT_FLOOD: Final = 5.0

# What a row says: a refusal, or done because repeating it changes nothing, or unsure.
_DONE: Final = "done"
_UNSURE: Final = "unsure"
_Meaning = Refusal | str


@dataclass(frozen=True, slots=True)
class _Known:
    """The texts that begin with `begins` (small letters) mean this; in a private chat, and for some effects, else."""

    begins: str
    means: _Meaning
    needs: Ability | None = None
    private: _Meaning | None = None
    but: Mapping[type[Effect], _Meaning] | None = None


_OUT: Final[Mapping[type[Effect], _Meaning]] = {Remove: _DONE}
"""Somebody who is not there need not be removed."""

_KNOWN: Final = (
    # rights
    _Known("not enough rights to send text messages", Refusal.NO_RIGHT, "say"),
    _Known("not enough rights to send photos", Refusal.NO_RIGHT, "picture"),
    _Known("not enough rights to send", Refusal.NO_RIGHT, "say"),
    _Known("not enough rights", Refusal.NO_RIGHT),
    _Known("need administrator rights", Refusal.NO_RIGHT),
    _Known("need delete messages administrator right", Refusal.NO_RIGHT, "delete"),
    _Known("need to be inviter of a user to kick", Refusal.NO_RIGHT),
    _Known("chat_admin_required", Refusal.NO_RIGHT),
    _Known("chat_admin_invite_required", Refusal.NO_RIGHT, "invite"),
    _Known("right_forbidden", Refusal.NO_RIGHT),
    _Known("have no write access to the chat", Refusal.NO_RIGHT, "say", private=Refusal.UNREACHABLE),
    _Known("have no rights to send a message", Refusal.NO_RIGHT, "say", private=Refusal.UNREACHABLE),
    _Known("chat_write_forbidden", Refusal.NO_RIGHT, "say", private=Refusal.UNREACHABLE),
    _Known("chat_send_plain_forbidden", Refusal.NO_RIGHT, "say"),
    _Known("chat_send_photos_forbidden", Refusal.NO_RIGHT, "picture"),
    _Known("chat_send_media_forbidden", Refusal.NO_RIGHT, "picture"),
    _Known("chat_restricted", Refusal.NO_RIGHT, "say"),
    _Known("chat_guest_send_forbidden", Refusal.NO_RIGHT, "say"),
    _Known("user_banned_in_channel", Refusal.NO_RIGHT, "say"),
    _Known("message_delete_forbidden", Refusal.NO_RIGHT, "delete"),
    # the group
    _Known("bot was kicked from", Refusal.NOT_THERE),
    _Known("bot is not a member of", Refusal.NOT_THERE),
    _Known("the group chat was deleted", Refusal.NOT_THERE),
    _Known("chat not found", Refusal.NOT_THERE, private=Refusal.UNREACHABLE),
    _Known("private chat not found", Refusal.UNREACHABLE),
    _Known("chat is deactivated", Refusal.NOT_THERE),
    _Known("chat is not accessible", Refusal.NOT_THERE, private=Refusal.UNREACHABLE),
    _Known("have no access to the chat", Refusal.NOT_THERE, private=Refusal.UNREACHABLE),
    _Known("can't access the chat", Refusal.NOT_THERE, private=Refusal.UNREACHABLE),
    _Known("not in the chat", Refusal.NOT_THERE),
    _Known("channel_private", Refusal.NOT_THERE),
    _Known("channel_invalid", Refusal.NOT_THERE),
    _Known("chat_forbidden", Refusal.NOT_THERE),
    _Known("chat_id_invalid", Refusal.NOT_THERE),
    _Known("peer_id_invalid", Refusal.NOT_THERE, private=Refusal.UNREACHABLE),
    # private chats
    _Known("bot was blocked by the user", Refusal.UNREACHABLE),
    _Known("bot can't initiate conversation with a user", Refusal.UNREACHABLE),
    _Known("bot can't send messages to", Refusal.UNREACHABLE),
    _Known("user is deactivated", Refusal.GONE, private=Refusal.UNREACHABLE, but={Say: Refusal.UNREACHABLE}),
    _Known("input_user_deactivated", Refusal.GONE, private=Refusal.UNREACHABLE),
    _Known("user_is_blocked", Refusal.UNREACHABLE),
    _Known("user_is_bot", Refusal.UNREACHABLE),
    _Known("privacy_premium_required", Refusal.UNREACHABLE),
    _Known("allow_payment_required", Refusal.UNREACHABLE),
    # messages
    _Known("message is not modified", _DONE),
    _Known("message to delete not found", _DONE),
    _Known("message to edit not found", Refusal.GONE),
    _Known("message to react not found", Refusal.GONE),
    _Known("message to pin not found", Refusal.GONE),
    _Known("message to be replied not found", Refusal.GONE),
    _Known("message not found", Refusal.GONE, but={Delete: _DONE}),
    _Known("message_id_invalid", Refusal.GONE, but={Delete: _DONE}),
    _Known("message can't be edited", Refusal.GONE),
    _Known("message can't be pinned", Refusal.GONE),
    _Known("service messages can't be pinned", Refusal.GONE),
    _Known("message thread not found", Refusal.SHUT),
    _Known("topic_closed", Refusal.SHUT),
    _Known("topic_deleted", Refusal.SHUT),
    _Known("topic_id_invalid", Refusal.SHUT),
    _Known("query is too old", Refusal.GONE),
    _Known("chat_not_modified", _DONE),
    _Known("reaction_invalid", Refusal.UNABLE),
    _Known("reaction_empty", Refusal.UNABLE),
    _Known("reactions_too_many", Refusal.UNABLE),
    # members
    _Known("user is an administrator of the chat", Refusal.IMMUNE),
    _Known("user_admin_invalid", Refusal.IMMUNE),
    _Known("can't remove chat owner", Refusal.IMMUNE),
    _Known("can't demote chat creator", Refusal.IMMUNE),
    _Known("user_creator", Refusal.IMMUNE),
    _Known("can't restrict self", Refusal.IMMUNE),
    _Known("only the creator of a basic group can kick", Refusal.IMMUNE),
    _Known("user_not_participant", Refusal.GONE, but=_OUT),
    _Known("participant_id_invalid", Refusal.GONE, but=_OUT),
    _Known("member not found", Refusal.GONE, but=_OUT),
    _Known("user not found", Refusal.GONE, but=_OUT),
    _Known("user_id_invalid", Refusal.GONE, but=_OUT),
    _Known("invalid user_id specified", Refusal.GONE, but=_OUT),
    _Known("method is available only for supergroups", Refusal.UNABLE),
    _Known("method is available for supergroup and channel", Refusal.UNABLE),
    _Known("can't restrict users in basic group", Refusal.UNABLE),
    _Known("can't ban chats in basic groups", Refusal.UNABLE),
    _Known("chats can't be members of basic groups", Refusal.UNABLE),
    _Known("can't ban members in private chats", Refusal.UNABLE),
    # asking to be let in: the second time nothing is left to do
    _Known("user_already_participant", _DONE, but={Decline: Refusal.GONE}),
    _Known("hide_requester_missing", Refusal.GONE, but={Decline: _DONE}),
    _Known("the chat can't have join requests", Refusal.GONE),
    _Known("user_channels_too_much", Refusal.GONE),
    _Known("channels_too_much", Refusal.GONE),
    _Known("users_too_much", Refusal.UNABLE),
    _Known("invites_too_much", Refusal.UNABLE),
    # the rest
    _Known("method not found", Refusal.UNABLE),
    _Known("not found: method not found", Refusal.UNABLE),
    _Known("frozen_method_invalid", Refusal.CREDENTIALS),
    _Known("logged out", Refusal.CREDENTIALS),
    _Known("timeout", _UNSURE),
    _Known("msg_wait_failed", _UNSURE),
    _Known("rpc_call_fail", _UNSURE),
    _Known("request aborted", _UNSURE),
)


def ability_for(effect: Effect) -> Ability:
    """What the assistant has to be allowed for an effect."""
    match effect:
        case Say() | TellAdmins():
            return "say"
        case Edit():
            return "edit"
        case Delete():
            return "delete"
        case React():
            return "react"
        case Pin():
            return "pin"
        case Mute() | Unmute():
            return "mute"
        case Remove():
            return "remove"
        case Ban() | Unban():
            return "ban"
        case Approve() | Decline():
            return "approve"
        case Invite():
            return "invite"
        case _:
            assert_never(effect)


def answer_to(
    failed: CallFailed,
    effect: Effect | None,
    *,
    private: bool = False,
    able: frozenset[Ability] | None = None,
    troubles: int = 0,
    flooded: bool = False,
) -> Answer:
    """What a failed call means for the effect that it was made for.

    `effect` is None for a call that belongs to none. `private` says that the chat is a person's, `able` what the
    assistant may do there as far as known. Waits grow with `troubles`, the calls in a row that had no answer before;
    `flooded` says that several chats are told to wait at once.
    """
    match failed:
        case NotSent():
            return Later(after=wait(troubles), why=str(failed), whole_bot=True)
        case AnswerLost():
            return Unsure(why=str(failed))
        case ApiError(foreign=True):
            return _foreign(failed)
        case ApiError():
            return _judged(failed, effect, private, able, flooded)
        case _:
            return Unsure(why=str(failed))


def wait(troubles: int) -> timedelta:
    """How long to wait after so many calls without an answer: one second, then twice as long each time, to thirty."""
    return timedelta(seconds=min(_LONGEST_WAIT, _FIRST_WAIT * 2.0 ** min(troubles, 10)))


def _foreign(failed: ApiError) -> Answer:
    """A proxy or a wrong address said no, not the Bot API."""
    if failed.code == 413:
        return Never(refusal=Refusal.MALFORMED, why=failed.description)
    return Later(after=_FOREIGN_WAIT, why=failed.description, whole_bot=True)


def _judged(
    failed: ApiError, effect: Effect | None, private: bool, able: frozenset[Ability] | None, flooded: bool
) -> Answer:
    why = failed.description
    text = _PREFIX.sub("", why).lower()
    if failed.migrate_to is not None:
        return Never(refusal=Refusal.MOVED, why=why, moved_to=str(failed.migrate_to))
    told = _WAIT.search(text)
    if failed.code == 429 or failed.retry_after is not None or told:
        seconds = failed.retry_after or (float(told[1]) if told else _DEFAULT_FLOOD)
        return Later(after=timedelta(seconds=seconds), why=why, whole_bot=flooded, flood=True)
    if failed.code >= 500:
        return Unsure(why=f"{failed.code} {why}")
    if text.startswith(("message can't be deleted", "message can't be deleted for everyone")):
        # The same words for a missing right and for what is too old or cannot be deleted by anybody.
        if able is not None and "delete" in able:
            return Never(refusal=Refusal.GONE, why=why)
        return Never(refusal=Refusal.NO_RIGHT, why=why, needs="delete")
    for known in _KNOWN:
        if text.startswith(known.begins):
            return _meant(known, why, effect, private)
    if failed.code in (401, 404, 421):
        return Never(refusal=Refusal.CREDENTIALS, why=why)
    if failed.code == 403:
        return Never(refusal=Refusal.UNREACHABLE if private else Refusal.NOT_THERE, why=why)
    if failed.code == 409:
        return Later(after=wait(2), why=why)
    return Never(refusal=Refusal.MALFORMED, why=why)


def _meant(known: _Known, why: str, effect: Effect | None, private: bool) -> Answer:
    means = known.means
    if known.but is not None and effect is not None:
        means = known.but.get(type(effect), means)
    if private and known.private is not None:
        means = known.private
    if means == _DONE:
        return Done(note=why)
    if means == _UNSURE:
        return Unsure(why=why)
    refusal = Refusal(means)
    needs = None
    if refusal is Refusal.NO_RIGHT:
        needs = known.needs or (ability_for(effect) if effect is not None else None)
    return Never(refusal=refusal, why=why, needs=needs)

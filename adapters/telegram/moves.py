"""Basic groups of ours that became supergroups and nobody told: asked about where an unknown supergroup turns up."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

from adapters.telegram.addresses import Addresses, is_supergroup
from adapters.telegram.admins import PATIENCE
from adapters.telegram.calling import Caller
from adapters.telegram.calls import AnswerLost, ApiError, CallFailed
from adapters.telegram.updates import Chat
from core.events import GroupMoved

_AT_ONCE: Final = 8
_ADMINS: Final = "getChatAdministrators"
"""The question that Telegram answers with the move; getChatMember it goes on to answer about the old chat."""


async def moved_here(calls: Caller, addresses: Addresses, chat: Chat, id: str, at: datetime) -> GroupMoved | None:
    """The move of a group of ours into this chat, as the event `id`; None if there was none. Raises CallFailed where
    Telegram does not say within PATIENCE."""
    if chat.type != "supergroup":
        return None
    turns, ends = asyncio.Semaphore(_AT_ONCE), asyncio.get_running_loop().time() + PATIENCE

    async def now_at(old: int) -> int | CallFailed | None:
        try:
            async with asyncio.timeout_at(ends), turns:
                await calls.call(_ADMINS, {"chat_id": old})
        except TimeoutError:
            return AnswerLost(_ADMINS, "no answer in time")
        except CallFailed as failed:
            return failed.migrate_to if isinstance(failed, ApiError) and failed.final else failed
        return None

    basic = [old for old in addresses.chats if not is_supergroup(old)]
    answers = await asyncio.gather(*(now_at(old) for old in basic))
    for old, new in zip(basic, answers, strict=True):
        group = addresses.group_of(old)
        if new == chat.id and group is not None:
            return GroupMoved(id=id, at=at, group=group, platform="telegram", old=str(old), new=str(new))
    for answer in answers:
        if isinstance(answer, CallFailed):
            raise answer
    return None

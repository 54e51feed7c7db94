"""Basic groups of ours that became supergroups and nobody told: asked about where an unknown supergroup turns up."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Final

from adapters.telegram.addresses import Addresses, is_supergroup
from adapters.telegram.admins import PATIENCE
from adapters.telegram.calling import Caller
from adapters.telegram.calls import ApiError, CallFailed
from adapters.telegram.updates import Chat
from core.events import GroupMoved

_AT_ONCE: Final = 8


async def moved_here(calls: Caller, addresses: Addresses, chat: Chat, id: str, at: datetime) -> GroupMoved | None:
    """The move of a group of ours into this chat, as the event `id`; None if Telegram tells of none."""
    if chat.type != "supergroup":
        return None
    turns = asyncio.Semaphore(_AT_ONCE)

    async def now_at(old: int) -> int | None:
        async with turns:
            try:
                await calls.call("getChatAdministrators", {"chat_id": old})
            except CallFailed as failed:
                return failed.migrate_to if isinstance(failed, ApiError) else None
            return None

    basic = [old for old in addresses.chats if not is_supergroup(old)]
    try:
        answers = await asyncio.wait_for(asyncio.gather(*(now_at(old) for old in basic)), PATIENCE)
    except TimeoutError:
        return None
    for old, new in zip(basic, answers, strict=True):
        group = addresses.group_of(old)
        if new == chat.id and group is not None:
            return GroupMoved(id=id, at=at, group=group, platform="telegram", old=str(old), new=str(new))
    return None

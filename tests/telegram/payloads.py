"""Updates as Telegram sends them, made up: people, chats and texts exist nowhere."""

from __future__ import annotations

import json
from typing import Any

from adapters.telegram.updates import Update, update_in

GROUP = {"id": -1001234567890, "title": "晨读打卡营", "type": "supergroup"}
WANG = {"id": 10001, "is_bot": False, "first_name": "小王", "username": "Xiao_Wang", "language_code": "zh-hans"}
LI = {"id": 10002, "is_bot": False, "first_name": "Old", "last_name": "Li"}
OTHER_BOT = {"id": 555, "is_bot": True, "first_name": "Quiz", "username": "quiz_bot"}
OURS = {"id": 42, "is_bot": True, "first_name": "Yaji", "username": "yaji_bot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
NOON = 1772424000  # 2026-03-02T04:00:00Z


def update(**fields: Any) -> Update:
    """An update decoded from its bytes."""
    return update_in(json.dumps({"update_id": 7, **fields}).encode())


def message(**fields: Any) -> dict[str, Any]:
    """A text message of 小王 in the group, with changes; a value of None takes a field out."""
    whole = {"message_id": 77, "from": WANG, "chat": GROUP, "date": NOON, "text": "早上好", **fields}
    return {name: value for name, value in whole.items() if value is not None}


def photo(**fields: Any) -> dict[str, Any]:
    """A picture of 小王."""
    sizes = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 60}]
    return message(**{"text": None, "photo": sizes, **fields})


def mark(kind: str, offset: int, length: int, **fields: Any) -> dict[str, Any]:
    """An entity."""
    return {"type": kind, "offset": offset, "length": length, **fields}


def standing(user: dict[str, Any], status: str, **fields: Any) -> dict[str, Any]:
    """A ChatMember."""
    return {"user": user, "status": status, **fields}


def changed(
    user: dict[str, Any], old: str, new: str, by: dict[str, Any] | None = None, **fields: Any
) -> dict[str, Any]:
    """A ChatMemberUpdated."""
    return {
        "chat": GROUP,
        "from": by or user,
        "date": NOON,
        "old_chat_member": standing(user, old),
        "new_chat_member": standing(user, new),
        **fields,
    }
